"""Numbers with their nouns, lists in a sentence, and the known name that is nearest to a wrong one."""

import re
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


def with_or(names: Sequence[str]) -> str:
    """Names of which one is meant: “a”, “a or b”, “a, b or c”."""
    return " or ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def several(noun: str) -> str:
    """A noun in the plural: “papers”, “libraries”, “classes”."""
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else f"{noun}s"


def with_article(noun: str) -> str:
    """A noun with its indefinite article: “a paper”, “an application”."""
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"


def nearest(word: str, known: Iterable[str]) -> str:
    """“Did you mean …?” with the known word that is most like `word`, or else the list of all."""
    known = list(known)
    if close := slip_of(word, known):
        return f"Did you mean “{close}”?"
    names = [brief(name) for name in islice(known, _MOST_LISTED)]
    more = f" and {len(known) - len(names):,} more" if len(known) > len(names) else ""
    return f"Known are: {', '.join(names)}{more}." if known else "The course defines none."


def slip_of(word: str, known: Iterable[str]) -> str:
    """The known word of which `word` is plausibly a slip, a part, or the long form; empty where it is none.

    A slip is a letter that is missing, too many, another one or in its neighbour's place: one of them in a word of up
    to five letters, two in one of up to nine, three in a longer one. “Fall 2026” is the long form of “F2026”.
    """
    from rapidfuzz import process  # noqa: PLC0415  (slow to load, and seldom needed)
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    by_lower = {name.lower()[:_MOST_COMPARED]: name for name in known}
    lower = word.lower()[:_MOST_COMPARED]
    short = "".join(part if part.isdecimal() else part[0] for part in re.findall(r"[^\W\d_]+|\d+", lower))
    if short in by_lower and short != lower:
        return by_lower[short]
    slips = 1 + (len(lower) > 5) + (len(lower) > 9)
    match = process.extractOne(lower, by_lower.keys(), scorer=OSA.distance, score_cutoff=slips)
    if match and len(lower) > 2:
        return by_lower[match[0]]
    wholes = [name for name in by_lower if len(lower) > 3 and lower in re.split(r"\W+", name)]
    return by_lower[wholes[0]] if len(wholes) == 1 else ""


def sure_slip_of(word: str, known: Iterable[str]) -> str:
    """As `slip_of`; empty, too, where another known word is as near: “2026” may be “S2026” and “F2026”."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415  (slow to load, and seldom needed)

    known = list(known)
    near = slip_of(word, known)
    other = slip_of(word, (each for each in known if each != near)) if near else ""
    first, second = (OSA.distance(word.lower()[:_MOST_COMPARED], each.lower()) for each in (near, other))
    return near if not other or first < second else ""


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
