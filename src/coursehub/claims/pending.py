"""Claims that open pull requests ask for and that the claim desk keeps for them: the record of what was read.

Main knows nothing of them, so to whoever looks only there, they are free.
"""

import datetime as dt
from collections.abc import Mapping

import msgspec

from coursehub.claims import new_claim
from coursehub.names import file_names, titles
from coursehub.names.identity import Claim
from coursehub.records.hub import Hub
from coursehub.text.formats import versioned

VERSION = 1
MAX_BYTES = 10_000_000


class Asker(msgspec.Struct, frozen=True):
    """Who asks for a claim: the author of pull request `pull`; `since` is GitHub's moment."""

    login: str
    pull: int
    since: dt.datetime

    @property
    def since_in_words(self) -> str:
        """The moment to the minute; `assets/availability.js` writes it alike."""
        return in_words(self.since)


class Asked(Asker, frozen=True):
    """A claim that a pull request asks for, in its author's own words."""

    tools: tuple[str, ...]
    semester: str
    option: str
    path: str


class OpenPull(msgspec.Struct, frozen=True):
    """An open pull request against main; `since` is when it was opened.

    `paths`: the files of the claims in it, as far as the desk has seen it. `state`: that of the desk's status, which is
    `success` where staff can merge it, and empty where the desk has said nothing yet.
    """

    login: str
    pull: int
    since: dt.datetime
    state: str = ""
    is_draft: bool = False
    paths: tuple[str, ...] = ()


class Pending(msgspec.Struct, frozen=True):
    """All that was read at once, and when by GitHub's clock; `coursehub pending` writes it as JSON.

    `claims` are in the order in which they were asked for, `pulls` in that in which they were opened. `version` is that
    of this shape.
    """

    read: dt.datetime
    claims: tuple[Asked, ...]
    pulls: tuple[OpenPull, ...] = ()
    version: int = VERSION


def in_words(moment: dt.datetime) -> str:
    """A moment to the minute, for people in any time zone."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def can_be_a_claim(claim: Claim, semester: str) -> bool:
    """Whether a file could have this claim: it names a tool, and not at a length that no system takes."""
    return bool(claim.identities) and not file_names.too_long(new_claim.path_of(semester, claim.key))


def asked_by_code(hub: Hub, pending: Pending | None) -> Mapping[str, Asked]:
    """Claim code → what is asked for in the open semester, as far as main has no such claim; the first of each."""
    now = hub.course.open_semester
    by_code: dict[str, Asked] = {}
    for asked in pending.claims if pending else ():
        claim = hub.names.claim(asked.tools, asked.option)
        is_held = any(post.path and post.semester == now for post in hub.precedents.same(claim))
        if asked.semester == now and can_be_a_claim(claim, now) and not is_held:
            by_code.setdefault(claim.code, asked)
    return by_code


def asker_of(hub: Hub, claim: Claim, asked: Mapping[str, Asked]) -> Asked | None:
    """Who asks for a claim, by its code or, of a title, by one that it is akin to; None where nobody does."""
    akin = (each for each in asked.values() if titles.kinship(claim, hub.names.claim(each.tools, each.option)))
    return asked.get(claim.code) or next(akin, None)


def write(pending: Pending) -> bytes:
    """The file's bytes, the same for the same record. `read` is on a line of its own, for who compares two files."""
    return msgspec.json.format(msgspec.json.encode(pending), indent=1) + b"\n"


def read(content: bytes) -> Pending:
    """The record that a file holds. Raises `ValueError`, with what is wrong, where it is no such record."""
    pending = versioned(content, Pending, version=VERSION, most=MAX_BYTES)
    if not all(
        moment.tzinfo
        for moment in (pending.read, *(each.since for each in pending.claims), *(each.since for each in pending.pulls))
    ):
        raise ValueError("it has a moment without its offset")
    return pending
