"""Numbers with their nouns, lists in a sentence, and the known name that is nearest to a wrong one."""

from collections.abc import Iterable, Sequence
from itertools import islice

_MOST_COMPARED = 200  # characters of a word
_MOST_LISTED = 50


def plural(number: int, one: str, several: str = "") -> str:
    """A number and its noun: “1 post”, “2,000 posts”; `several` where the plural has more than an s."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def with_and(names: Sequence[str]) -> str:
    """Names as a sentence lists them: “a”, “a and b”, “a, b and c”."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def nearest(word: str, known: Iterable[str]) -> str:
    """“Did you mean …?” with the known word that is most like `word`, or else the list of all."""
    by_lower = {name.lower(): name for name in known}
    if close := most_like(word.lower(), by_lower, 0.6):
        return f"Did you mean “{by_lower[close]}”?"
    names = [brief(name) for name in islice(by_lower.values(), _MOST_LISTED)]
    more = f" and {len(by_lower) - len(names):,} more" if len(by_lower) > len(names) else ""
    return f"Known are: {', '.join(names)}{more}." if by_lower else "The course defines none."


def most_like(word: str, known: Iterable[str], least: float) -> str:
    """The known word that has most letters in common with `word`, in their order; empty where none has this share.

    Of a word as long as a text, the beginning is compared.
    """
    from rapidfuzz import process  # noqa: PLC0415  (slow to load, and seldom needed)
    from rapidfuzz.distance import Indel  # noqa: PLC0415

    beginnings = {each[:_MOST_COMPARED]: each for each in known}
    match = process.extractOne(
        word[:_MOST_COMPARED], beginnings.keys(), scorer=Indel.normalized_similarity, score_cutoff=least
    )
    return beginnings[match[0]] if match else ""


def brief(text: str, most: int = 80) -> str:
    """The text on one line, or the beginning of one that is longer than so many characters."""
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
