"""Citations → titles: what LaTeX, a list of references or a search engine puts around a title is left out.

`assets/titles.js` has the same patterns, so they are of ASCII alone.
"""

import re

from coursehub.names.identity import fold
from coursehub.text.expressions import expression

_YEAR = r"(?:1[89]|20)[0-9]{2}[a-z]?"
_NAME = r"[A-Z][^\s,;:()\"“”]*"
_ET_AL = rf"et al\.?,?\s*\(?(?:{_YEAR})?\)?\.?"

_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
}  # fmt: skip
_LETTER = expression(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![A-Za-z])\s*", re.ASCII)
_TAG = expression(r"</?[a-z]{1,6}>", re.ASCII | re.IGNORECASE)
_LATEX = (  # in this order
    (expression(r"\\(?:[a-zA-Z]+\s*(?=\{)|[\"'`^~=.]\s*|[uvHcdbkrt](?![A-Za-z])\s*)", re.ASCII), ""),  # accents, fonts
    (expression(r"``|''", re.ASCII), '"'),
    (expression(r"~", re.ASCII), " "),
    (expression(r"[{}$\\]", re.ASCII), ""),
)

_QUOTED = expression(r"([^\"“”]*)[\"“]([^\"“”]+)[\"”]([^\"“”]*)", re.ASCII)
_DATED = expression(rf"\b{_YEAR}\b|\bet al\b", re.ASCII)
_BRACKETS = expression(r"\s*[(\[]([^()\[\]]*)[)\]]", re.ASCII)
_NOISE = expression(
    rf"|{_YEAR}|(?:.*[^\w])?(?:et al|{_YEAR}|['’][0-9]{{2}})(?:[^\w].*)?"
    r"|pdf|html|preprint|online|draft|slides|paper|technical report|(?:extended|full) (?:abstract|version)",
    re.ASCII | re.IGNORECASE,
)
_EDITION = expression(r"\b(?:ed|edn|edition|part|vol|volume)\b", re.ASCII | re.IGNORECASE)
_YEAR_BEHIND = expression(rf",?\s*{_YEAR}$", re.ASCII)
# What a reference has before a title, and behind it.
_BEFORE = (
    expression(rf"^(?=[^()]*(?:\b[A-Z]\.|\bet al|&|,))[^()]+\({_YEAR}\)\.\s+(?=\S)", re.ASCII),  # Codd, E. (1970). A …
    expression(rf"^{_NAME}(?:,? (?:and|&) {_NAME})? et al\.?,?\s*(?:\(?{_YEAR}\)?)?\s*[:.,–—-]?\s*(?=\S)", re.ASCII),
)
_BEHIND = (
    expression(r"[.,]\s+(?:In:?\s+)?(?:Proceedings|Proc\.)\s.*$", re.ASCII),
    expression(r"[.,]\s+(?:arXiv|CoRR)\b.*$", re.ASCII),
    expression(r"[.,]\s+In:?\s+[A-Z]{3,}\b.*$", re.ASCII),
    expression(rf"(?:\s*[,;.–—-]\s+|\s+by\s+)(?:(?:{_NAME}|and|&) ){{1,6}}{_ET_AL}$", re.ASCII),
    expression(rf"\s+{_NAME} {_ET_AL}$", re.ASCII),
    expression(rf"\s+by\s+{_NAME}(?:(?:,? (?:and|&) |,? ){_NAME}){{0,6}},?\s+\(?{_YEAR}\)?\.?$", re.ASCII),
    expression(rf"[,.;]\s+(?:[A-Z][a-z]+,?\s+)?\(?{_YEAR}\)?\.?$", re.ASCII),
)
_EDGES = " *_.,;:–—-"


def without_markup(text: str) -> str:
    r"""The text without LaTeX and the tags of HTML: `{B}igtable`, `\'e`, `\emph{…}`, `<i>`; most texts as they are."""
    text = _TAG.sub("", text)
    if not any(sign in text for sign in ("\\", "{", "``")):
        return text
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    for pattern, instead in _LATEX:
        text = pattern.sub(instead, text)
    return text


def title_in(text: str) -> str:
    """The title in a reference to it, without authors, year, venue and quotes; a mere title as it is.

    An edition, a part or a volume belongs to the title, in brackets or not. Where no word would be left, all is.
    """
    title = _bare(text)
    return title if fold(title) else text


def _bare(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    if quoted and (_DATED.search(f"{quoted[1]} {quoted[3]}") or not fold(f"{quoted[1]} {quoted[3]}")):
        text = quoted[2]
    for pattern in _BEFORE:
        text = pattern.sub("", text)
    text = _BRACKETS.sub(_bracketed, text).strip(_EDGES)
    for pattern in _BEHIND:
        shorter = pattern.sub("", text)
        if fold(shorter):
            text = shorter
    return text.strip(_EDGES)


def _bracketed(match: re.Match[str]) -> str:
    inside = match[1].strip()
    if _EDITION.search(inside):
        return f", {_YEAR_BEHIND.sub('', inside)}"
    return "" if _NOISE.fullmatch(inside) else match[0]
