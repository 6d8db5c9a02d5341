"""The desk's record of a pull request: which claims it had when. It is kept in the desk's own comment, hidden."""

import datetime as dt
import re
from collections.abc import Callable, Iterable

import msgspec

from coursehub.records.post import Post

VERSION = 1
KEPT = 20  # sightings: of more changes of mind than these, the oldest are forgotten
LONGEST = 30_000  # characters of the hidden record, for the same; a comment takes 65,536 in all
LAST = 2**53  # in place of a run's number: after all that came in the same second
LONGEST_CLAIM = 4_000  # characters of one claim's record; no honest one comes near


class RecordError(Exception):
    """The desk's record cannot be read; the message says why."""


class Claimed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A claim, in its author's own words: they are read anew each time, since what a name means may change."""

    path: str
    tool: tuple[str, ...]
    semester: str
    authors: tuple[str, ...]
    option: str = ""
    tool_url: tuple[str, ...] = ()
    distinct_from: tuple[str, ...] = ()

    @property
    def post(self) -> Post:
        """The claim as a post without text."""
        return Post(**msgspec.structs.asdict(self), status="claimed")


def claimed(post: Post) -> Claimed | None:
    """A post's claim, or None where it has none or is too long to be one."""
    claim = Claimed(**{name: getattr(post, name) for name in Claimed.__struct_fields__})
    is_one = post.is_live and post.tool and post.authors and len(msgspec.json.encode(claim)) <= LONGEST_CLAIM
    return claim if is_one else None


class Sighting(msgspec.Struct, frozen=True, order=True):
    """The claims that a pull request had, and those on main that it gave up, when GitHub received its commit `head`.

    `moment` is GitHub's; `run` orders what GitHub received within one second. Where no run is known, `moment` is the
    latest that it can have been.
    """

    moment: dt.datetime
    run: int
    head: str
    claims: tuple[Claimed, ...] = ()
    drops: tuple[str, ...] = ()

    @property
    def is_provisional(self) -> bool:
        """Whether it may turn out to have been earlier."""
        return self.run == LAST


class Status(msgspec.Struct, frozen=True):
    """The desk's mark on a commit: success lets it pass, failure and pending do not."""

    state: str
    description: str


class Offers(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that the desk suggested in a pull request, each by a key or token of `suggestions`.

    `keys`: of all findings that ever had a suggestion, none of which gets a second one. `waiting`: the tokens of those
    that nobody has answered, as far as was seen. `is_owed`: whether something is still to be suggested or taken back.
    """

    keys: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    is_owed: bool = False


NO_OFFERS = Offers()
MOST_OFFERS = 200  # keys that are remembered; whoever had so many gets no more


class Record(msgspec.Struct, frozen=True):
    """All that the desk remembers of a pull request. `answers`, `conflicts` and `status`: what it told last.

    `account` is the number of its author's account, and `logins` are those that this account has had, as far as is
    known. `is_author_known`: whether its merged pull requests were asked for more of them.
    """

    sightings: tuple[Sighting, ...] = ()
    answers: tuple[str, ...] = ()
    conflicts: bool = False
    status: Status | None = None
    account: int = 0
    logins: tuple[str, ...] = ()
    is_author_known: bool = False
    offers: Offers = NO_OFFERS
    version: int = VERSION

    @property
    def head(self) -> str:
        """The newest commit that was seen."""
        return self.sightings[-1].head if self.sightings else ""

    def moments(self, is_same: Callable[[Claimed], bool]) -> list[tuple[dt.datetime, int]]:
        """When the pull request got a claim of its newest commit, and each later commit that still had it."""
        moments: list[tuple[dt.datetime, int]] = []
        for each in reversed(self.sightings):
            if not any(is_same(claim) for claim in each.claims):
                break
            moments.append((each.moment, each.run))
        return moments[::-1]


def since(record: Record, moment: dt.datetime) -> Record:
    """The record without what was seen before a moment."""
    sightings = tuple(each for each in record.sightings if each.moment >= moment)
    return msgspec.structs.replace(record, sightings=sightings)


def with_sightings(record: Record, sightings: Iterable[Sighting]) -> Record:
    """The record with more sightings, in whatever order they come, without those that add nothing."""
    merged = sorted({(each.moment, each.run, each.head): each for each in (*record.sightings, *sightings)}.values())
    with_news = [
        each
        for index, each in enumerate(merged)
        if index in (0, len(merged) - 1)
        or not merged[index - 1].claims == each.claims == merged[index + 1].claims
    ]  # fmt: skip
    newest = msgspec.structs.replace(record, sightings=tuple(with_news[-KEPT:]))
    while len(hidden(newest)) > LONGEST and len(newest.sightings) > 1:
        newest = msgspec.structs.replace(newest, sightings=newest.sightings[1:])
    while len(hidden(newest)) > LONGEST:  # staff alone may claim for so many
        [only] = newest.sightings
        fewer = msgspec.structs.replace(only, claims=only.claims[:-1], drops=only.drops[: len(only.claims)])
        newest = msgspec.structs.replace(newest, sightings=(fewer,))
    return newest


_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "-<>&@#"}  # within JSON's strings, where alone they stand
# In a line of its own: a file's name in a line of text may hold what looks like it.
_BLOCK = re.compile(r"^<!-- coursehub:record (?P<json>.*) -->\s*$", re.MULTILINE)


def hidden(record: Record) -> str:
    """The record as a part of a comment that nobody sees; nothing in it can end the part."""
    text = msgspec.json.encode(record).decode().translate(_ESCAPES)
    return f"<!-- coursehub:record {text} -->"


def from_comment(body: str) -> Record:
    """The record in a comment of the desk. Raises `RecordError` where there is none that this version can read."""
    block = _BLOCK.search(body)
    if block is None:
        raise RecordError("it holds no record")
    try:
        version = msgspec.json.decode(block["json"], type=_Version).version
        if version != VERSION:
            raise RecordError(f"its record is of version {version}, and this desk reads version {VERSION}")
        return msgspec.json.decode(block["json"], type=Record)
    except msgspec.DecodeError as error:
        raise RecordError(f"its record is damaged: {error}") from error


class _Version(msgspec.Struct):
    version: int
