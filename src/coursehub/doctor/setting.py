"""A setting that Course Hub needs, and the words that many of them share."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import msgspec

from coursehub.doctor.checkout import Checkout

T = TypeVar("T")

# In the texts of a setting, {home} is the repository's page, {repository} its owner and name, {owner} its owner alone,
# and {server} the address of GitHub.
SETTINGS_PAGE = "{home}/settings"
EDIT = "gh repo edit {repository}"
POST = "gh api --method POST repos/{repository}"
PUT = "gh api --method PUT repos/{repository}"


class UnseenError(Exception):
    """GitHub does not show this token a setting; the message has the reason."""


class Setting(msgspec.Struct, Generic[T], frozen=True):
    """Something that must be set, why, where to click, and a command that does the same, or an empty one.

    A command that not every problem has is a function, asked as `problem` is. `problem` returns what is set instead, or
    None where all is well. It raises `UnseenError`.
    """

    name: str
    what: str
    why: str
    click: str
    command: str | Callable[[T, Checkout], str]
    problem: Callable[[T, Checkout], str | None]


def unless(is_met: Callable[[T], bool], otherwise: str) -> Callable[[T, Checkout], str | None]:
    """Return a setting's `problem` that needs nothing but GitHub's answer."""
    return lambda answer, checkout: None if is_met(answer) else otherwise


def quoted(words: Iterable[str]) -> str:
    """Return the words in quotation marks, with commas between them."""
    return ", ".join(f"“{word}”" for word in words)
