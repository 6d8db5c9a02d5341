"""A text in another engine's Markdown → GitHub's. Code stays as it is."""

from collections.abc import Mapping
from typing import NamedTuple

from coursehub.converting import addresses, headings, raw_html, signs
from coursehub.converting.blocks import with_alerts, with_fences
from coursehub.converting.tags import Sources
from coursehub.converting.tags import converted as without_tags


class Text(NamedTuple):
    """A converted text, and the title that it began with, or the one that was known.

    `left_out`: tag → how many such elements the text has no more.
    """

    title: str
    text: str
    left_out: Mapping[str, int] = {}


def converted(
    text: str, title: str, sources: Sources, references: Mapping[str, str], *, is_kramdown: bool = False
) -> Text:
    """The text as a post here has it, without its title. `references`: key → what a bibliography says of it."""
    text = signs.with_languages(with_fences(text))
    text = signs.with_dollars(text, is_kramdown=is_kramdown)
    text = without_tags(signs.without_imports(text), sources)
    text = with_alerts(text)
    text, left_out = raw_html.without_looks(text)
    text = raw_html.converted(text, references)
    text = signs.without_attributes(signs.with_anchors(text))
    text = addresses.with_blanks(text)
    text, title = headings.without_title(text, title)
    return Text(title, headings.below_title(text), left_out)
