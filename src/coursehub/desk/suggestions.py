"""Fixes as GitHub's suggestions: which lines of a pull request become what, and what is left to do by hand.

One commit can take all suggestions of a review, so no two of them share a line; and each is offered once, so it carries
tokens by which the desk knows it again, wherever its lines have moved.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import msgspec

from coursehub.checks import fixes
from coursehub.desk.commits import Diff
from coursehub.desk.pulls import Pull
from coursehub.desk.queue import IN_ANOTHERS_NAME, TAKEN
from coursehub.desk.verdict import Judged
from coursehub.github.markdown import LONGEST_FENCE, code, escape
from coursehub.records.edits import applied
from coursehub.records.finding import Edit, Finding
from coursehub.records.post import Post
from coursehub.text.visible import visible

MOST = 40  # suggestions in one review; what is left comes with the next commit
ROUNDS = 3  # in which the fixes of what comes to light are taken into suggestions
LONGEST = 20_000  # characters of the lines of one suggestion


class Rewrite(NamedTuple):
    """Lines `first` to `last` of a file, as they are and as they should be."""

    first: int
    last: int
    before: tuple[str, ...]
    after: tuple[str, ...]


class Suggestion(NamedTuple):
    """A rewrite that a click commits, the findings that it answers, and a token of each."""

    path: str
    rewrite: Rewrite
    findings: tuple[Finding, ...]
    tokens: tuple[str, ...]


class Plan(NamedTuple):
    """All that is known of the fixes of one commit.

    `tokens`: finding → the token of its suggestion, for each finding with a fix, offered or not. `fresh`: the
    suggestions that were not offered before. `by_hand`: finding → its rewrites, where no suggestion can make them;
    empty where GitHub cannot show what they change.
    """

    tokens: Mapping[Finding, str]
    fresh: tuple[Suggestion, ...]
    by_hand: Mapping[Finding, tuple[Rewrite, ...]]


NO_PLAN = Plan({}, (), {})


def key_of(token: str) -> str:
    """The part of a token that names the finding, whatever became of its line."""
    return token.partition("-")[0]


def own_posts(judged: Judged, pull: Pull) -> list[Post]:
    """The posts that the pull request's author may be helped with: their own, whose claim is nobody else's."""
    refused = {claim.path for claim in judged.verdict.claims if claim.why in (TAKEN, IN_ANOTHERS_NAME)}
    return [post for post in judged.posts if post.path not in refused and _is_own(judged, pull, post.path)]


def fixable(findings: Iterable[Finding], posts: Iterable[Post]) -> list[Finding]:
    """The findings in these posts that have one right answer; one that somebody has to fill in is no suggestion."""
    paths = {post.path for post in posts}
    return [each for each in findings if each.fix and each.fix.is_safe and each.path in paths]


def _is_edit(finding: Finding) -> bool:
    """Whether all that a finding's fix does is to edit the finding's own file."""
    fix = finding.fix
    return not fix.renames and not fix.line_ends and all(edit.path == finding.path for edit in fix.edits)


def _is_own(judged: Judged, pull: Pull, path: str) -> bool:
    """Whether a post is the author's: by main, and if it is new, by its own words, or for want of such."""
    owner = judged.main.post_by_path.get(path) or judged.hub.post_by_path[path]
    is_named = any(login.lower() in owner.logins for login in pull.logins)
    return is_named or (path not in judged.main.post_by_path and not owner.authors)


def plan(findings: Iterable[Finding], diffs: Mapping[str, Diff], offered: Collection[str]) -> Plan:
    """The plan for these findings, all of which have a fix; `offered` are the keys of those that had a suggestion.

    Raises `ValueError` where an edit is in no place of its file.
    """
    tokens: dict[Finding, str] = {}
    fresh: list[Suggestion] = []
    by_hand: dict[Finding, tuple[Rewrite, ...]] = {}
    for path, group in groupby(sorted(findings), key=attrgetter("path")):
        lines, is_plain = _lines(diffs[path].content)
        own = list(group)
        edits = {finding: [edit for edit in finding.fix.edits if edit.path == path] for finding in own}
        rewrites = {finding: tuple(_rewrites(lines, edits[finding])) if lines else () for finding in own}
        tokens |= _tokens(lines, own, rewrites)
        new: list[Finding] = []
        for finding in own:
            can_show = bool(rewrites[finding]) and all(map(_is_visible, rewrites[finding]))
            is_new = can_show and is_plain and _is_edit(finding) and key_of(tokens[finding]) not in offered
            if is_new and _is_in(rewrites[finding], lines, diffs[path]):
                new.append(finding)
            else:
                by_hand[finding] = rewrites[finding] if can_show else ()
        fresh += _suggestions(path, lines, new, diffs[path], tokens)
    return Plan(tokens, tuple(fresh[:MOST]), by_hand)


def _suggestions(
    path: str, lines: Sequence[str], findings: Sequence[Finding], diff: Diff, tokens: Mapping[Finding, str]
) -> Iterator[Suggestion]:
    chosen = fixes.compatible(findings, attrgetter("fix"))
    finding_of = {edit: finding for finding in chosen for edit in finding.fix.edits}
    for edits in _clusters(finding_of):
        rewrite = _rewrite(lines, edits)
        shown = rewrite and _shown(rewrite, lines, diff.hunks)
        if shown and _is_visible(shown):
            answered = tuple(dict.fromkeys(finding_of[edit] for edit in edits))
            yield Suggestion(path, shown, answered, tuple(tokens[finding] for finding in answered))


def settled(
    suggestions: Iterable[Suggestion], diffs: Mapping[str, Diff], judge: Callable[[str, bytes], Iterable[Finding]]
) -> tuple[Suggestion, ...]:
    """The suggestions, with the fixes in their lines of what shows only once they are committed.

    A field that gets its right name may turn out to have a wrong value. `judge` has the findings in a post, were these
    its bytes.
    """
    each_post = groupby(suggestions, key=attrgetter("path"))
    return tuple(each for path, own in each_post for each in _settled(path, list(own), diffs[path], judge))


def _settled(
    path: str, own: list[Suggestion], diff: Diff, judge: Callable[[str, bytes], Iterable[Finding]]
) -> list[Suggestion]:
    lines, _ = _lines(diff.content)
    for _ in range(ROUNDS):
        text, places = _committed(lines, own)
        later = [each for each in judge(path, "\n".join(text).encode()) if each.fix.is_safe and _is_edit(each)]
        chosen = fixes.compatible(later, attrgetter("fix"))
        before, own = own, [_again(each, text, place, chosen) for each, place in zip(own, places, strict=True)]
        if own == before:
            break
    return own


def _committed(lines: Sequence[str], own: Iterable[Suggestion]) -> tuple[list[str], list[range]]:
    """The lines of a file after all suggestions, and where in it those of each are, counted from 1."""
    text: list[str] = []
    places = []
    at = 0
    for each in own:
        text += lines[at : each.rewrite.first - 1]
        places.append(range(len(text) + 1, len(text) + 1 + len(each.rewrite.after)))
        text += each.rewrite.after
        at = each.rewrite.last
    return [*text, *lines[at:]], places


def _again(each: Suggestion, text: Sequence[str], place: range, findings: Iterable[Finding]) -> Suggestion:
    """The suggestion after the fixes of those findings all of whose edits are in its lines."""
    inside = [finding.fix.edits for finding in findings if all(_lies_in(edit, place) for edit in finding.fix.edits)]
    edits = [_moved(edit, 1 - place.start) for fix in inside for edit in fix]
    if not edits:
        return each
    after = applied("\n".join(text[place.start - 1 : place.stop - 1]).encode(), edits).decode().split("\n")
    rewrite = each.rewrite._replace(after=tuple(after))
    return each._replace(rewrite=rewrite) if _is_visible(rewrite) and rewrite.after != rewrite.before else each


def _lies_in(edit: Edit, place: range) -> bool:
    return edit.line in place and edit.end_line in place


def _lines(content: bytes) -> tuple[list[str], bool]:
    """The lines of a file as GitHub counts them, none of what is no text, and whether its bytes hold no more than that.

    What GitHub makes of a byte order mark or of line ends when it commits a suggestion, it does not say.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return [], False
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return ([], False) if "\r" in plain or "\0" in plain else (plain.split("\n"), plain == text)


def _tokens(
    lines: Sequence[str], findings: Iterable[Finding], rewrites: Mapping[Finding, Sequence[Rewrite]]
) -> dict[Finding, str]:
    """Finding → its token: a key that it keeps when its lines move, and a digest of the lines that it would replace."""
    seen: Counter[str] = Counter()
    tokens = {}
    for finding in findings:
        edits = [(_between(lines, edit), edit.text) for edit in finding.fix.edits]
        name = repr((finding.path, finding.rule, _LINE.sub("", finding.message), edits))
        seen[name] += 1
        before = [rewrite.before for rewrite in rewrites[finding]]
        tokens[finding] = f"{_digest(f'{seen[name]} {name}', 6)}-{_digest(repr(before), 3)}"
    return tokens


_LINE = re.compile(r"(?<=\bline )\d+")  # of another place, which moves, too


def _digest(text: str, size: int) -> str:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=size).hexdigest()


def _between(lines: Sequence[str], edit: Edit) -> str:
    """The text that an edit replaces."""
    *others, last = lines[edit.line - 1 : edit.end_line] or [""]
    return "\n".join([*others, last[: edit.end_column - 1]])[edit.column - 1 :]


def _clusters(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """The edits, together where they share a line."""
    cluster: list[Edit] = []
    end = 0
    for edit in sorted(edits, key=attrgetter("line", "column")):
        if cluster and edit.line > end:
            yield cluster
            cluster = []
        cluster.append(edit)
        end = max(end, edit.end_line)
    if cluster:
        yield cluster


def _rewrites(lines: Sequence[str], edits: Iterable[Edit]) -> Iterator[Rewrite]:
    return (rewrite for cluster in _clusters(edits) if (rewrite := _rewrite(lines, cluster)))


def _rewrite(lines: Sequence[str], edits: Sequence[Edit]) -> Rewrite | None:
    """The lines that change, or one beside which others are new; None where nothing changes."""
    count = len(lines) - (not lines[-1])  # behind the last line there is none, though an edit may begin there
    first = min(count, *(edit.line for edit in edits))
    before = list(lines[first - 1 : max(edit.end_line for edit in edits)])
    moved = [_moved(edit, 1 - first) for edit in edits]
    after = applied("\n".join(before).encode(), moved).decode().split("\n")
    if first - 1 + len(before) > count:
        before.pop()
        if not after[-1]:
            after.pop()
    if not before or before == after:
        return None
    while len(before) > 1 and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    while len(before) > 1 and after and before[0] == after[0]:
        first += 1
        del before[0], after[0]
    return Rewrite(first, first + len(before) - 1, tuple(before), tuple(after))


def _moved(edit: Edit, by: int) -> Edit:
    return msgspec.structs.replace(edit, line=edit.line + by, end_line=edit.end_line + by)


def _is_in(rewrites: Iterable[Rewrite], lines: Sequence[str], diff: Diff) -> bool:
    return all(_shown(rewrite, lines, diff.hunks) for rewrite in rewrites)


def _shown(rewrite: Rewrite, lines: Sequence[str], hunks: Sequence[range]) -> Rewrite | None:
    """The rewrite, where GitHub shows its lines; new lines may hang on the line above them as well."""
    first, last, before, after = rewrite
    if any(first in hunk and last in hunk for hunk in hunks):
        return rewrite
    if first > 1 and len(before) == 1 and after and after[-1] == before[0]:
        above = lines[first - 2]
        if any(first - 1 in hunk for hunk in hunks):
            return Rewrite(first - 1, first - 1, (above,), (above, *after[:-1]))
    return None


def _is_visible(rewrite: Rewrite) -> bool:
    """Whether a suggestion shows all that the rewrite does, and nothing of it does more than be shown."""
    texts = [text.replace("\t", " ") for text in (*rewrite.before, *rewrite.after)]
    return (
        all(visible(text) == text for text in texts)
        and sum(map(len, texts)) <= LONGEST
        and len(fence(rewrite.after)) <= LONGEST_FENCE
    )


def fence(lines: Iterable[str]) -> str:
    """The line of backticks around these lines, which none of them can end."""
    return "`" * max(3, 1 + max((len(run) for line in lines for run in re.findall("`+", line)), default=0))


_MARK = re.compile(r"\A<!-- coursehub:suggestion (?P<tokens>[0-9a-f -]+) -->$", re.MULTILINE)


def body(suggestion: Suggestion) -> str:
    """The comment of a review that offers a suggestion."""
    whys = (
        f"{escape(each.message[:1].upper() + each.message[1:])} ({code(each.rule)}). {escape(each.fix.message)}"
        for each in suggestion.findings
    )
    ticks = fence(suggestion.rewrite.after)
    return "\n".join(
        [
            f"<!-- coursehub:suggestion {' '.join(suggestion.tokens)} -->",
            "\n\n".join(whys),
            "",
            f"{ticks}suggestion",
            *suggestion.rewrite.after,
            ticks,
        ]
    )


def tokens_in(body: str) -> tuple[str, ...]:
    """The tokens of a comment that offers a suggestion; none of any other."""
    mark = _MARK.search(body)
    return tuple(mark["tokens"].split()) if mark else ()
