"""A text in another engine's Markdown → GitHub's. Code stays as it is."""

from collections.abc import Mapping
from typing import NamedTuple

from coursehub.converting import addresses, headings, raw_html, signs
from coursehub.converting.blocks import with_alerts, with_fences
from coursehub.converting.tags import Sources
from coursehub.converting.tags import converted as without_tags


class Text(NamedTuple):
    """A converted text, and the title that it began with, or the one that was known; how many styles it lost."""

    title: str
    text: str
    styles: int = 0


def converted(
    text: str, title: str, sources: Sources, references: Mapping[str, str], *, is_kramdown: bool = False
) -> Text:
    """The text as a post here has it, without its title. `references`: key → what a bibliography says of it."""
    text = signs.with_languages(with_fences(text))
    text = signs.with_dollars(text, is_kramdown=is_kramdown)
    text = without_tags(text, sources)
    text = with_alerts(text)
    text, styles = raw_html.without_styles(text)
    text = raw_html.converted(text, references)
    text = signs.without_attributes(signs.with_anchors(text))
    text = addresses.with_blanks(text)
    text, title = headings.without_title(text, title)
    return Text(title, headings.below_title(text), styles)
