"""`data/course.yaml`: what another course would change."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from coursehub.names import identity, titles
from coursehub.names.identity import Claim, Vocabulary
from coursehub.records.finding import Severity
from coursehub.text import located
from coursehub.text.addresses import is_web_address
from coursehub.text.expressions import expression
from coursehub.text.located import Fields, Node, Scalar, Trouble
from coursehub.text.wording import plural, with_or

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

PATH = "data/course.yaml"


class Semester(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A semester, with deadlines (in the course's time zone) where claims are still made."""

    id: str
    claims_open: str | None = None
    post_due: str | None = None
    comments_due: str | None = None


class Requirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
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


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of tools, with those that the assignment names as examples.

    `about` says in a sentence what it is, `words` are those by which readers search for it.
    """

    id: str
    title: str
    about: str = ""
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Fact(StrEnum):
    """A fact about a student's work that the hub knows, so that points need no person."""

    CLAIM_IN_TIME = "claim-in-time"
    CLAIM_UNIQUE = "claim-unique"
    DIFFERENCES_GIVEN = "differences-given"
    PUBLISHED = "published"
    PUBLIC = "public"
    COMMENTS = "comments"


class RubricItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points for one thing; with `option` only in posts of that option, with `bonus` beyond the full score.

    `awarded_for`: the facts that bring the points; without any, a person gives them.
    """

    id: str
    points: int
    title: str
    option: str | None = None
    bonus: bool = False
    awarded_for: tuple[Fact, ...] = ()


class Extension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Later deadlines of one student."""

    post_due: str | None = None
    comments_due: str | None = None


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes that content rules hold posts to; on how many posts to comment, and which comment is marked as short."""

    body_words: int = 300
    image_kilobytes: int = 1000
    image_megapixels: int = 50
    comments: int = 2
    comment_words: int = 10


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The course's facts. Semesters are in their order.

    `first_address`: the site's address when its feeds were first read, of which their entries' ids are made.
    `worth_reading`: posts that the front page recommends, each by its file's path here or its address elsewhere.
    """

    name: str
    staff: tuple[str, ...]
    time_zone: str
    open_semester: str
    semesters: tuple[Semester, ...]
    options: tuple[Option, ...]
    topics: tuple[Topic, ...] = ()
    first_address: str = ""
    worth_reading: tuple[str, ...] = ()
    rubric: tuple[RubricItem, ...] = ()
    full_score: int | None = None
    extensions: dict[str, dict[str, Extension]] = {}
    severities: dict[str, Severity] = {}
    limits: Limits = Limits()

    @cached_property
    def order(self) -> dict[str, int]:
        """Semester → its position: "last semester" is the position before."""
        return {semester.id: index for index, semester in enumerate(self.semesters)}

    @cached_property
    def option_by_id(self) -> dict[str, Option]:
        """Option id → option."""
        return {option.id: option for option in self.options}

    def names_of(self, option: str | None) -> NameKind:
        """How names of an option are read; of none or an unknown one, as all options read them, or else as tools'."""
        known = [self.option_by_id[option]] if option in self.option_by_id else self.options
        kinds = {each.names for each in known}
        return kinds.pop() if len(kinds) == 1 else NameKind.TOOL

    def claim(self, names: str | tuple[str, ...], option: str | None, vocabulary: Vocabulary) -> Claim:
        """The claim that names make in a post of an option."""
        return READERS[self.names_of(option)](names, vocabulary)

    def word(self, option: str | None) -> str:
        """The word for what posts of an option claim; of none or an unknown one, as its names are read."""
        if known := self.option_by_id.get(option or ""):
            return known.claims
        return next((each.claims for each in self.options if each.names is self.names_of(option)), "tool")

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

    @cached_property
    def topic_by_id(self) -> dict[str, Topic]:
        """Topic id → topic."""
        return {topic.id: topic for topic in self.topics}

    def semester_before(self, semester: str) -> str | None:
        """The semester listed before, or None for the first."""
        position = self.order[semester]
        return self.semesters[position - 1].id if position else None

    def due(self, semester: str) -> dt.datetime | None:
        """When posts of a semester are due, or None where the course does not say."""
        return self._deadline(semester, "post_due")

    def comments_due(self, semester: str) -> dt.datetime | None:
        """When comments of a semester are due, or None where the course does not say."""
        return self._deadline(semester, "comments_due")

    def _deadline(self, semester: str, name: str) -> dt.datetime | None:
        position = self.order.get(semester)
        written = getattr(self.semesters[position], name) if position is not None else None
        return self.moment(written) if written else None

    def extension(self, semester: str, login: str) -> Extension:
        """A student's later deadlines in a semester, if there are any."""
        return self._extensions.get((semester, login.lower()), Extension())

    @cached_property
    def _extensions(self) -> dict[tuple[str, str], Extension]:
        return {
            (semester, login.lower()): extension
            for semester, by_login in self.extensions.items()
            for login, extension in by_login.items()
        }

    def full_marks(self, option: str | None) -> int:
        """The points that a post of an option can have, but for the bonus."""
        return sum(item.points for item in self.rubric if item.option in (None, option) and not item.bonus)

    def is_staff(self, login: str) -> bool:
        """Whether a login is staff; GitHub's logins do not distinguish case."""
        return login.lower() in self._staff

    @cached_property
    def _staff(self) -> frozenset[str]:
        return frozenset(login.lower() for login in self.staff)

    @cached_property
    def zone(self) -> "ZoneInfo":
        """The course's time zone."""
        from zoneinfo import ZoneInfo  # noqa: PLC0415  (slow to load, and not needed to judge a post)

        return ZoneInfo(self.time_zone)

    def moment(self, written: str) -> dt.datetime:
        """A deadline as an instant: `written` is `2026-12-04 23:59` in the course's time zone. Raises `ValueError`.

        A time that clocks show twice when they are set back, or never when they are set forward, is the later instant
        that it can mean.
        """
        local = _deadline(written).replace(tzinfo=self.zone)
        try:
            return max(local, local.replace(fold=1), key=lambda moment: moment.astimezone(dt.UTC))
        except OverflowError as error:
            raise ValueError(f"“{written}” is beyond the calendar") from error


_LATE = dt.timedelta(days=183)
_YEAR = expression(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.ASCII)


@lru_cache(maxsize=256)
def season(semester: Semester) -> tuple[dt.date, dt.date]:
    """The first and the last day that a post of a semester can have; any day where that is not known."""
    opens, due, named = _day(semester.claims_open), _day(semester.post_due), _YEAR.search(semester.id)
    year = opens.year if opens else int(named[0]) if named else None
    first = dt.date(year, 1, 1) if year else dt.date.min
    last = dt.date(year + 1, 12, 31) if year and year < dt.MAXYEAR else dt.date.max
    return first, min(due, dt.date.max - _LATE) + _LATE if due else last


def _day(written: str | None) -> dt.date | None:
    return _deadline(written).date() if written else None


_DEADLINE = expression(r"\d{4}-\d\d-\d\d (?:[01]\d|2[0-3]):\d\d", re.ASCII)


def _deadline(written: str) -> dt.datetime:
    if _DEADLINE.fullmatch(written):
        return dt.datetime.fromisoformat(written)
    return dt.datetime.strptime(written, "%Y-%m-%d %H:%M")  # which takes 2026-1-5 9:00, too, and is slow to load


def instant(written: str) -> dt.datetime:
    """A moment with its offset, such as 2026-12-05T09:00Z; without one it could be any. Raises `ValueError`."""
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"“{written}” is not a moment with its offset, such as 2026-12-05T09:00Z")
    return moment


def read(text: str) -> tuple[Course | None, tuple[Trouble, ...]]:
    """The course that the text of `data/course.yaml` describes, and what is wrong with it."""
    document = located.parse(text)
    if document.troubles:
        return None, document.troubles
    course = located.convert(_with_off_as_a_word(document.root), Course)
    if isinstance(course, Trouble):
        return None, (course,)
    troubles = tuple(_contradictions(course, document.root))
    return (None if troubles else course), troubles


def _with_off_as_a_word(root: Node | None) -> Node | None:
    """The tree `root`, but `off` under `severities` is the word, which YAML takes for false."""
    severities = root.value("severities") if isinstance(root, Fields) else None
    if not isinstance(root, Fields) or not isinstance(severities, Fields):
        return root
    words = {
        name: (key, replace(node, yaml_type="str") if isinstance(node, Scalar) and node.yaml_type == "bool" else node)
        for name, (key, node) in severities.nodes.items()
    }
    key = root.nodes["severities"][0]
    return replace(root, nodes={**root.nodes, "severities": (key, replace(severities, nodes=words))})


def _contradictions(course: Course, root: located.Node | None) -> list[Trouble]:
    """The troubles that no field alone shows: names that are missing or given twice, moments and sums."""
    troubles: list[Trouble] = []

    def report(path: str, what: str) -> None:
        at = located.at(root, path)
        troubles.append(Trouble("wrong-data", at.line, at.column, what))

    if course.open_semester not in course.order:
        report("$.open_semester", f"open_semester: “{course.open_semester}” is not one of the semesters")
    first = course.first_address
    if first and not (is_web_address(first) and first.endswith("/")):
        report(
            "$.first_address", f"first_address: “{first}” is no address with a slash at its end: https://example.org/"
        )
    try:
        _ = course.zone
    except (KeyError, ValueError, OSError):
        report("$.time_zone", f"time_zone: “{course.time_zone}” is not a time zone such as America/New_York")
        return troubles
    for name in ("semesters", "options", "topics"):
        ids = [entry.id for entry in getattr(course, name)]
        for index, entry_id in enumerate(ids):
            if entry_id in ids[:index]:
                report(f"$.{name}[{index}].id", f"{name}: “{entry_id}” is given twice")
    for index, semester in enumerate(course.semesters):
        for name in ("claims_open", "post_due", "comments_due"):
            written = getattr(semester, name)
            try:
                if written is not None:
                    course.moment(written)
            except ValueError:
                report(f"$.semesters[{index}].{name}", f"{name}: “{written}” is not a moment such as 2026-12-04 23:59")
    seen: dict[str, set[str | None]] = {}
    for index, item in enumerate(course.rubric):
        if item.option is not None and item.option not in course.option_by_id:
            report(f"$.rubric[{index}].option", f"rubric: “{item.option}” is not one of the options")
        if item.points < 0:
            report(f"$.rubric[{index}].points", f"rubric: “{item.id}” takes {plural(-item.points, 'point')} away")
        options = seen.setdefault(item.id, set())
        if {item.option, None} & options or (options and item.option is None):
            report(f"$.rubric[{index}].id", f"rubric: “{item.id}” is given twice")
        options.add(item.option)
    if course.full_score is not None:
        for option in course.options:
            marks = course.full_marks(option.id)
            if marks != course.full_score:
                report(
                    "$.full_score", f"full_score: the points of “{option.id}” come to {marks}, not {course.full_score}"
                )
    for where, what in _wrong_extensions(course):
        report(where, what)
    return troubles


def _wrong_extensions(course: Course) -> Iterator[tuple[str, str]]:
    for semester, by_login in course.extensions.items():
        if semester not in course.order:
            yield f"$.extensions.{semester}", f"extensions: “{semester}” is not one of the semesters"
            continue
        logins: set[str] = set()
        for login, extension in by_login.items():
            where = f"$.extensions.{semester}.{login}"
            if login.lower() in logins:
                yield where, f"extensions: “{login}” is given twice"
            logins.add(login.lower())
            for name in Extension.__struct_fields__:
                if problem := wrong_extension(course, semester, name, getattr(extension, name)):
                    yield f"{where}.{name}", f"{name}: {problem}"


def wrong_extension(course: Course, semester: str, name: str, written: str | None) -> str | None:
    """The problem of a later deadline as a message has it, or None; `name` is the deadline it replaces."""
    if written is None:
        return None
    try:
        moment = course.moment(written)
        usual = {"post_due": course.due, "comments_due": course.comments_due}[name](semester)
    except ValueError:
        return f"“{written}” is not a moment such as 2026-12-04 23:59"
    if usual is None:
        return f"{semester} has no such deadline that could be later"
    is_later = moment.astimezone(dt.UTC) >= usual.astimezone(dt.UTC)
    return None if is_later else f"“{written}” is earlier than everybody's"
