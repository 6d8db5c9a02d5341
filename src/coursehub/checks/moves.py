"""Posts that moved: which new file is a file that is no longer there.

Git pairs files by their bytes, and the desk has no git: so posts are paired by what they say, wherever they come from.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coursehub.records.post import Post

_LEAST = 0.5  # of their lines, as git asks of a rename
_COMMON = 8  # a line that more new posts have than these is of a template, and pairs none


class _Pair(NamedTuple):
    share: float
    before: str
    after: str


def moved(earlier: Iterable[Post], new: Iterable[Post]) -> dict[str, Post]:
    """Path → the new post that has most of the lines of the post that was there; each is one post's alone."""
    after = {each.path: each for each in new}
    pairs = sorted(_pairs(list(earlier), after), key=lambda pair: (-pair.share, pair.before, pair.after))
    heirs: dict[str, Post] = {}
    used: set[str] = set()
    for pair in pairs:
        if pair.before not in heirs and pair.after not in used:
            heirs[pair.before] = after[pair.after]
            used.add(pair.after)
    return heirs


def _pairs(earlier: list[Post], new: dict[str, Post]) -> Iterator[_Pair]:
    lines_of = {path: _lines(each) for path, each in new.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for path, lines in lines_of.items():
        for line in lines:
            holders[line].append(path)
    common = {line for line, paths in holders.items() if len(paths) > _COMMON}
    sizes = {path: len(lines - common) for path, lines in lines_of.items()}
    by_digest = {each.digest: path for path, each in new.items() if each.digest}
    for before in earlier:
        lines = _lines(before) - common
        shared = Counter(path for line in lines for path in holders.get(line, ()))
        for path, count in shared.items():
            share = count / max(len(lines), sizes[path])
            if share >= _LEAST:
                yield _Pair(share, before.path, path)
        if same := by_digest.get(before.digest):
            yield _Pair(2, before.path, same)


def _lines(post: Post) -> set[str]:
    """The lines of a text, and of a post elsewhere what leads there."""
    lines = {stripped for line in post.body.splitlines() if (stripped := line.strip())}
    fields = {"title": post.title, "summary": post.summary, "external_url": post.external_url}
    return lines | {f"{name}: {value}" for name, value in fields.items() if value}
