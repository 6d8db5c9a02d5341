"""The parts of a post's Markdown that rules and pages ask for, each with its place."""

import msgspec

from coursehub.markdown.engine import with_emoji
from coursehub.markdown.places import Spot


def on_a_line(text: str) -> str:
    """The text with a single blank for all white space."""
    return " ".join(text.split())


class Heading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A heading; `text` is what the page has, but with emoji's short names, as GitHub makes ids of it."""

    level: int
    text: str
    at: Spot

    @property
    def title(self) -> str:
        """The heading as one reads it."""
        return with_emoji(on_a_line(self.text))


class Target(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a picture or a link leads; `text` is what stands for it: a picture's alternative, a link's words."""

    text: str
    address: str
    at: Spot


class Tag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An opening HTML tag. Each is a `piece` of its own, or part of the table or `<div>` around it."""

    name: str
    attributes: dict[str, str]
    at: Spot
    piece: int


class Formula(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A formula in LaTeX, which is in a line or on its own."""

    latex: str
    is_display: bool
    at: Spot


class Foreign(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A sign of another kind of Markdown, which GitHub shows as it was typed, or leaves out."""

    kind: str
    text: str
    at: Spot
