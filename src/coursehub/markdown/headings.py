"""Headings' ids: the anchors that links to a part of a page end with."""

import re
import unicodedata
from collections.abc import Iterable

from coursehub.text.expressions import expression

# Letters in a circle or square, which are symbols but alphabetic: https://www.unicode.org/reports/tr18/#word
_ALPHABETIC_SYMBOLS = expression("[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]")
# Scripts find these parts of the page by their ids, and could mistake another for it.
FOREIGN_ID = expression(r"__|hub-|giscus", re.IGNORECASE)


def page_ids(headings: Iterable[str]) -> list[str]:
    """The ids that these headings have on a page: GitHub's, but for those that scripts of the page look for."""
    return [f"user-content-{id}" if not id or FOREIGN_ID.match(id) else id for id in github_ids(headings)]


def github_ids(headings: Iterable[str]) -> list[str]:
    """The ids that GitHub gives these headings of one page, of each the text before emoji are put in.

    As https://github.com/Flet/github-slugger has it, which was compared with GitHub.
    """
    numbers: dict[str, int] = {}
    ids = []
    for heading in headings:
        slug = unique = _slug(heading)
        while unique in numbers:
            numbers[slug] += 1
            unique = f"{slug}-{numbers[slug]}"
        numbers[unique] = 0
        ids.append(unique)
    return ids


def _slug(heading: str) -> str:
    return "".join(filter(_stays, heading.lower())).replace(" ", "-")


def _stays(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in " -_"
    category = unicodedata.category(char)
    return category[0] in "LM" or category in ("Nd", "Nl", "Pc") or bool(_ALPHABETIC_SYMBOLS.match(char))


def former_ids(headings: Iterable[str]) -> list[str]:
    """The ids that these headings had until posts were converted as GitHub does it: those of Python-Markdown.

    https://python-markdown.github.io/extensions/toc/
    """
    ids: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for heading in headings:
        ascii_only = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
        slug = unique = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_only).strip().lower())
        while not unique or unique in ids:
            numbers[slug] = numbers.get(slug, 0) + 1
            unique = f"{slug}_{numbers[slug]}"
        ids[unique] = None
    return [*ids]
