"""Steps by hand: what a person does where no suggestion can stand, in words of the browser."""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from coursehub.desk.suggestions import Rewrite, fence
from coursehub.github.markdown import Markdown, code, span
from coursehub.records.finding import Fix, Rename
from coursehub.records.paths import is_post

MOST, LONGEST = 5, 400  # rewrites, and characters of a line, of which a comment says what they become
_WITH_GIT = Markdown("GitHub cannot show a suggestion for this. On your own machine, `coursehub check --fix` does it.")
_TOO_MUCH = Markdown("This is too long for a comment. On your own machine, `coursehub check --fix` does it.")


def steps(fix: Fix, rewrites: Sequence[Rewrite]) -> Iterator[Markdown]:
    """The steps of a fix, each an item of a list; `rewrites` are its lines, or none where they cannot be shown."""
    yield from _moves(fix.renames)
    if not rewrites:
        if fix.edits or fix.line_ends:
            yield _WITH_GIT
    elif len(rewrites) > MOST or any(sum(map(len, each.after)) > LONGEST for each in rewrites):
        yield _TOO_MUCH
    else:
        yield from map(_step, rewrites)


def _moves(renames: Iterable[Rename]) -> Iterator[Markdown]:
    """In the browser a text is renamed where it is edited; a picture can only be uploaded again."""
    for path, group in groupby(renames, key=lambda each: each.path if is_post(each.path) else ""):
        moves = list(group)
        folder, _, _ = moves[0].path.rpartition("/")
        to, _, _ = moves[0].to.rpartition("/")
        if path:
            name = posixpath.relpath(moves[0].to, folder)
            yield Markdown(
                f"Open {code(path)} to edit it and, in the box above the text, change its name to {code(name)}."
            )
        else:
            names = ", ".join(code(each.path.rpartition("/")[2]) for each in moves)
            how = "choose “Add file” and “Upload files”"
            yield Markdown(f"In the folder {code(to)}, {how} for {names}; then delete what is in {code(folder)}.")


def _step(rewrite: Rewrite) -> Markdown:
    first, last, before, after = rewrite
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    if not after:
        return Markdown(f"Delete {lines}.")
    if len(before) == 1 and len(after) > 1 and after[-1] == before[0]:
        return _shown(f"Above {lines}, write", after[:-1])
    if len(before) == 1 and len(after) > 1 and after[0] == before[0]:
        return _shown(f"Below {lines}, write", after[1:])
    return _shown(f"Instead of {lines}, write", after)


def _shown(words: str, lines: Sequence[str]) -> Markdown:
    if len(lines) == 1 and lines[0].strip():
        return Markdown(f"{words} {span(lines[0])}")
    ticks = fence(lines)
    return Markdown("\n".join([f"{words}:", *(f"    {line}" for line in ("", ticks, *lines, ticks))]))
