"""The assignment: the options, the rubric and the limits that hold in a semester."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property

import msgspec
from msgspec import UNSET, UnsetType

from coursehub.names import identity, titles
from coursehub.names.identity import Claim, Vocabulary
from coursehub.text.wording import with_or


class Timed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something that holds from the semester `since` to the semester `until`, both included.

    Without the one it held from the first semester on, without the other it still does.
    """

    since: str | UnsetType = UNSET
    until: str | UnsetType = UNSET


class Requirement(Timed, frozen=True, forbid_unknown_fields=True):
    """Something that a post of an option must cover."""

    id: str
    title: str


class NameKind(StrEnum):
    """The kind of name that the posts of an option claim: a tool's, or the title of a paper, a book or a dataset."""

    TOOL = "tool"
    TITLE = "title"


Reader = Callable[[str | tuple[str, ...], Vocabulary], Claim]
READERS: Mapping[NameKind, Reader] = {NameKind.TOOL: identity.claim, NameKind.TITLE: titles.claim}


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post that pages for students show as an example; `headings` are those of its sections, a requirement each.

    `picture` describes a picture in it, and `combination` are names of which a claim may have several. What is empty is
    made of the option.
    """

    tool: str
    tool_url: str = ""
    title: str = ""
    summary: str = ""
    topics: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    evidence: str = ""
    picture: str = ""
    combination: tuple[str, ...] = ()


class Option(Timed, frozen=True, forbid_unknown_fields=True):
    """One of the kinds of post that the assignment offers; `claims` is the word for what is claimed.

    `names`: how it is read, as a tool's name or as a title.
    `may_repeat_last_semester`: whether `differences` are enough where the semester before had the same claim.
    `example`: a post of this kind, which pages for students show.
    """

    id: str
    title: str
    claims: str
    requirements: tuple[Requirement, ...]
    names: NameKind = NameKind.TOOL
    may_repeat_last_semester: bool = False
    example: Example | None = None


class Fact(StrEnum):
    """A fact about a student's work that the hub knows, so that points need no person."""

    CLAIM_IN_TIME = "claim-in-time"
    CLAIM_UNIQUE = "claim-unique"
    DIFFERENCES_GIVEN = "differences-given"
    PUBLISHED = "published"
    PUBLIC = "public"
    COMMENTS = "comments"


class RubricItem(Timed, frozen=True, forbid_unknown_fields=True):
    """Points for one thing; with `option` only in posts of that option, with `bonus` beyond the full score.

    `awarded_for`: the facts that bring the points; without any, a person gives them.
    """

    id: str
    points: int
    title: str
    option: str | None = None
    bonus: bool = False
    awarded_for: tuple[Fact, ...] = ()


class Limits(msgspec.Struct, frozen=True):
    """Sizes that content rules hold posts to; on how many posts to comment, and which comment is marked as short."""

    body_words: int = 300
    image_kilobytes: int = 1000
    image_megapixels: int = 50
    comments: int = 2
    comment_words: int = 10


class SomeLimits(Timed, frozen=True, forbid_unknown_fields=True):
    """Those of the `Limits` that a course sets itself, for some semesters or for all."""

    body_words: int | UnsetType = UNSET
    image_kilobytes: int | UnsetType = UNSET
    image_megapixels: int | UnsetType = UNSET
    comments: int | UnsetType = UNSET
    comment_words: int | UnsetType = UNSET

    @property
    def values(self) -> dict[str, int]:
        """The limits that are set, by name."""
        written = ((name, getattr(self, name)) for name in Limits.__struct_fields__)
        return {name: value for name, value in written if value is not UNSET}


class Options(msgspec.Struct, frozen=True, dict=True):
    """Options, each once, and the words for what their posts claim."""

    options: tuple[Option, ...]

    @cached_property
    def option_by_id(self) -> dict[str, Option]:
        """Option id → option."""
        return {option.id: option for option in self.options}

    def names_of(self, option: str | None) -> NameKind:
        """How names of an option are read; of none or an unknown one, as all options read them, or else as tools'."""
        known = self.option_by_id.get(option or "")
        return known.names if known else self._usual_names

    @cached_property
    def _usual_names(self) -> NameKind:
        kinds = {each.names for each in self.options}
        return kinds.pop() if len(kinds) == 1 else NameKind.TOOL

    def claim(self, names: str | tuple[str, ...], option: str | None, vocabulary: Vocabulary) -> Claim:
        """The claim that names make in a post of an option."""
        return READERS[self.names_of(option)](names, vocabulary)

    def word(self, option: str | None) -> str:
        """The word for what posts of an option claim; of none or an unknown one, as its names are read."""
        if known := self.option_by_id.get(option or ""):
            return known.claims
        return next((each.claims for each in self.options if each.names is self._usual_names), "tool")

    @cached_property
    def question(self) -> str:
        """The question of the box on the site; all that goes by a name has one word: “Is your tool still available?”"""
        named = [option.claims for option in self.options if option.names is NameKind.TOOL][:1]
        titled = [option.claims for option in self.options if option.names is NameKind.TITLE]
        return f"Is your {with_or([*dict.fromkeys([*named, *titled])])} still available?"

    @cached_property
    def combination(self) -> tuple[str, ...]:
        """Names of a combination, as an example for pages."""
        given = (option.example.combination for option in self.options if option.example)
        return next(filter(None, given), ("One", "Another"))

    @cached_property
    def claimed(self) -> tuple[str, ...]:
        """The words for what is claimed, each once, in the order of the options."""
        return tuple(dict.fromkeys(option.claims for option in self.options)) or ("tool",)


class Assignment(Options, frozen=True, dict=True):
    """All that the course asks of the posts of one semester: nothing in it holds only in others."""

    rubric: tuple[RubricItem, ...]
    limits: Limits

    def full_marks(self, option: str | None) -> int:
        """The points that a post of an option can have, but for the bonus."""
        return sum(item.points for item in self.rubric if item.option in (None, option) and not item.bonus)
