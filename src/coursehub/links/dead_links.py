"""The record of dead links: how answers change it, and where a dead link's page can still be read.

A link is dead only when its host said so (404, 410) or is unknown, on two different days in a row. A site that
refuses robots, is slow or is down says nothing about its pages: it could not be asked.
"""

import datetime as dt
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec

from coursehub.text.formats import versioned

NAME = "dead_links.json"
VERSION = 1
DAYS = 2  # on so many days in a row a link has to fail before it counts as dead
MAX_BYTES = 2_000_000
WAYBACK = "https://web.archive.org/web"


class Kind(StrEnum):
    """The kind of an answer to a link."""

    GOOD = "leads somewhere"
    FAILED = "failed"
    UNASKED = "could not be asked"


class Answer(NamedTuple):
    """The answer to a link; `what` is 404, 410 or “no such host”, or why it could not be asked."""

    kind: Kind
    what: str = ""


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link that failed when it was last asked: since when, until when, how, and on how many days in a row."""

    first: dt.date
    last: dt.date
    what: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    times: Annotated[int, msgspec.Meta(ge=1)]

    @property
    def is_dead(self) -> bool:
        """Whether it failed often enough."""
        return self.times >= DAYS


Record = Mapping[str, Failure]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    links: dict[str, Failure]


def after(record: Record, answers: Mapping[str, Answer], today: dt.date) -> dict[str, Failure]:
    """The record after a run of that day; what nobody links to any more is forgotten."""
    links = {}
    for url, answer in answers.items():
        before = record.get(url)
        if answer.kind is Kind.FAILED:
            links[url] = _failed(before, answer.what, today)
        elif answer.kind is Kind.UNASKED and before:
            links[url] = before
    return links


def _failed(before: Failure | None, what: str, today: dt.date) -> Failure:
    if before is None:
        return Failure(today, today, what, 1)
    is_later = today > before.last
    return Failure(before.first, today if is_later else before.last, what, before.times + is_later)


def dead(record: Record) -> frozenset[str]:
    """The links that are dead."""
    return frozenset(url for url, failure in record.items() if failure.is_dead)


def write(record: Record) -> bytes:
    """The file's bytes, one link after the other by address, the same for the same record."""
    content = msgspec.json.encode(_File(VERSION, {url: record[url] for url in sorted(record)}))
    return msgspec.json.format(content, indent=1) + b"\n"


def read(content: bytes) -> dict[str, Failure]:
    """The record that a file holds. Raises `ValueError`, with what is wrong, where it is no such record."""
    file = versioned(content, _File, version=VERSION, most=MAX_BYTES)
    for url, failure in file.links.items():
        if not url.startswith(("http://", "https://")):
            raise ValueError("it has a link that is no web address")
        if failure.times > (failure.last - failure.first).days + 1:
            raise ValueError("it has a link that failed on more days than there were")
    return file.links


def wayback(url: str, semester: str) -> str:
    """Where the Wayback Machine leads to its copy that is nearest to the semester's year."""
    year = re.search(r"\d{4}", semester)
    return f"{WAYBACK}/{year[0]}/{url}" if year else f"{WAYBACK}/{url}"
