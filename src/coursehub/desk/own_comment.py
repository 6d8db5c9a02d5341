"""The desk's own comment on a pull request, among all others."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from coursehub.github.shapes import Author

MARKER = "<!-- coursehub:desk -->"


class Written(Protocol):
    """A comment, and who wrote it."""

    @property
    def body(self) -> str: ...
    @property
    def author(self) -> Author | None: ...


C = TypeVar("C", bound=Written)


def own_comment(comments: Iterable[C], bot: str) -> C | None:
    """The first comment that begins with the desk's mark and that the bot wrote; others may only look like it."""
    for each in comments:
        if each.author and each.author.name == bot and each.body.startswith(MARKER):
            return each
    return None
