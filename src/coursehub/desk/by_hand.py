"""Steps by hand: what a person does where no suggestion can stand, in words of the browser."""

from collections.abc import Iterator, Sequence

from coursehub.desk.suggestions import Rewrite, fence
from coursehub.github.markdown import Markdown, span

MOST, LONGEST = 5, 400  # rewrites, and characters of a line, of which a comment says what they become
_WITH_GIT = Markdown("No suggestion can show this. In a copy on your machine, `coursehub check --fix` does it.")
_TOO_MUCH = Markdown("This is too much for a comment. In a copy on your machine, `coursehub check --fix` does it.")


def steps(rewrites: Sequence[Rewrite]) -> Iterator[Markdown]:
    """What to write in which line, each an item of a list; without any rewrite, that it is not to be seen."""
    if not rewrites:
        yield _WITH_GIT
    elif len(rewrites) > MOST or any(sum(map(len, each.after)) > LONGEST for each in rewrites):
        yield _TOO_MUCH
    else:
        yield from map(_step, rewrites)


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
