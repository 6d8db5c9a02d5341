"""Literature in BibTeX → what a footnote says of each entry."""

import re

_ENTRY = re.compile(r"^[ \t]*@\w+\s*\{\s*(?P<key>[^\s,{}]+)\s*,(?P<fields>[^@]*(?:@(?!\w+\s*\{)[^@]*)*)", re.MULTILINE)
_FIELD = re.compile(r"\b(\w++)\s*=\s*(\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\"[^\"]*\"|\w+)")


def references(bibliography: str) -> dict[str, str]:
    """The entries of a BibTeX file by their keys: authors, title, year and address in a line."""
    by_key: dict[str, str] = {}
    for entry in _ENTRY.finditer(bibliography):
        fields = {name.lower(): _untexed(value) for name, value in _FIELD.findall(entry["fields"])}
        authors = [_name(each) for each in re.split(r"\s+and\s+", fields.get("author", "")) if each]
        who = f"{authors[0]} et al." if len(authors) > 3 else ", ".join(authors)
        where = fields.get("url") or (f"https://doi.org/{fields['doi']}" if fields.get("doi") else "")
        parts = [who, fields.get("title", ""), fields.get("year", ""), where]
        by_key[entry["key"]] = ". ".join(part for part in parts if part)
    return by_key


def _untexed(value: str) -> str:
    return " ".join(re.sub(r"[{}\"]|\\[a-zA-Z]+\s?|\\.", "", value).split())


def _name(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma else name.strip()
