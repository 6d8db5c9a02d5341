"""Numbers with their nouns, lists in a sentence, and the known name that is nearest to a wrong one."""

import difflib
from collections.abc import Iterable, Sequence


def plural(number: int, one: str, several: str = "") -> str:
    """A number and its noun: “1 post”, “2,000 posts”; `several` where the plural has more than an s."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def with_and(names: Sequence[str]) -> str:
    """Names as a sentence lists them: “a”, “a and b”, “a, b and c”."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def nearest(word: str, known: Iterable[str]) -> str:
    """“Did you mean …?” with the known word that is most like `word`, or else the list of all."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"Did you mean “{by_lower[close[0]]}”?"
    return f"Known are: {', '.join(by_lower.values())}." if by_lower else "The course defines none."


def brief(text: str, most: int = 80) -> str:
    """The text on one line, or the beginning of one that is longer than so many characters."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
