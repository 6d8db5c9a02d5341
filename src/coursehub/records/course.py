"""`data/course.yaml`: what another course would change."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from coursehub.records import times
from coursehub.records.assignment import Assignment, Limits, Option, Options, RubricItem, SomeLimits, Timed
from coursehub.records.finding import Severity
from coursehub.text import located
from coursehub.text.addresses import is_web_address
from coursehub.text.expressions import expression
from coursehub.text.located import Fields, Node, Scalar, Trouble
from coursehub.text.wording import plural, with_and

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

PATH = "data/course.yaml"


class Semester(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A semester, with deadlines (in the course's time zone) where claims are still made."""

    id: str
    claims_open: str | None = None
    post_due: str | None = None
    comments_due: str | None = None


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of tools, with those that the assignment names as examples.

    `about` says in a sentence what it is, `words` are those by which readers search for it.
    """

    id: str
    title: str
    about: str = ""
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Extension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Later deadlines of one student."""

    post_due: str | None = None
    comments_due: str | None = None


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
    limits: SomeLimits | tuple[SomeLimits, ...] = ()

    @cached_property
    def order(self) -> dict[str, int]:
        """Semester → its position: "last semester" is the position before."""
        return {semester.id: index for index, semester in enumerate(self.semesters)}

    @property
    def now(self) -> Assignment:
        """The assignment of the open semester."""
        return self.at(self.open_semester)

    def at(self, semester: str) -> Assignment:
        """The assignment of a semester; of one that the course does not have, that of the open semester."""
        known = semester if semester in self.order else self.open_semester
        if known not in self._assignments:
            self._assignments[known] = self._assignment_in(self.order.get(known, 0))
        return self._assignments[known]

    @cached_property
    def _assignments(self) -> dict[str, Assignment]:
        """Semester → its assignment, of those that were asked for."""
        return {}

    def _assignment_in(self, position: int) -> Assignment:
        def holds(each: Timed) -> bool:
            return position in times.positions(each, self.order)

        options = tuple(
            replace(each, requirements=tuple(filter(holds, each.requirements))) for each in filter(holds, self.options)
        )
        ids = {None, *(each.id for each in options)}
        rubric = tuple(item for item in filter(holds, self.rubric) if item.option in ids)
        limits = {name: value for each in filter(holds, self.some_limits) for name, value in each.values.items()}
        return Assignment(options, rubric, Limits(**limits))

    def other_times(self, option: str, semester: str) -> str:
        """The times of an option that a semester does not have, in words: “since F2026”; else empty."""
        its = [] if option in self.at(semester).option_by_id else self._entries(option)
        return with_and([times.in_words(each) for each in its])

    def times_of_requirement(self, option: str, requirement: str) -> str:
        """The times of a requirement of an option, in words; empty where the option never has it."""
        its = [(each, its) for its in self._entries(option) for each in its.requirements if each.id == requirement]
        return with_and([times.in_words(each if each.since or each.until else option) for each, option in its])

    def _entries(self, option: str) -> list[Option]:
        return [each for each in self.options if each.id == option]

    @property
    def some_limits(self) -> tuple[SomeLimits, ...]:
        """The limits that the course sets itself, in one entry or several."""
        return (self.limits,) if isinstance(self.limits, SomeLimits) else self.limits

    @cached_property
    def ever(self) -> Options:
        """The options that there are in any semester; of several with one id, the one that holds last."""
        by_end = sorted(self.options, key=lambda option: times.positions(option, self.order).stop)
        by_id = {option.id: option for option in by_end}
        return Options(tuple(by_id[id] for id in dict.fromkeys(option.id for option in self.options)))

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
    for name in ("semesters", "topics"):
        seen: set[str] = set()
        for index, entry in enumerate(getattr(course, name)):
            if entry.id in seen:
                report(f"$.{name}[{index}].id", f"{name}: “{entry.id}” is given twice")
            seen.add(entry.id)
    for index, semester in enumerate(course.semesters):
        for name in ("claims_open", "post_due", "comments_due"):
            written = getattr(semester, name)
            try:
                if written is not None:
                    course.moment(written)
            except ValueError:
                report(f"$.semesters[{index}].{name}", f"{name}: “{written}” is not a moment such as 2026-12-04 23:59")
    for index, item in enumerate(course.rubric):
        if item.points < 0:
            report(f"$.rubric[{index}].points", f"rubric: “{item.id}” takes {plural(-item.points, 'point')} away")
    for where, what in _wrong_assignment(course):
        report(f"$.{where}", what)
    for where, what in _wrong_extensions(course):
        report(where, what)
    return troubles


def _wrong_assignment(course: Course) -> Iterator[tuple[str, str]]:
    """The contradictions in what the course asks; where one is in the times, no more is known than these."""
    order = course.order
    parts = [*times.parts(course.options, course.rubric, course.limits)]
    wrong = [*times.wrong_times(parts, order)]
    if wrong or course.open_semester not in order or len(order) < len(course.semesters):
        yield from wrong
        return
    twice = [*times.given_twice(parts, order)]
    yield from twice
    yield from times.without_semester(course.options, course.rubric, order)
    for index, item in enumerate(course.rubric):
        if item.option is not None and item.option not in course.ever.option_by_id:
            yield f"rubric[{index}].option", f"rubric: “{item.option}” is not one of the options"
    for index, option in enumerate(course.options):
        if option.names is not course.ever.option_by_id[option.id].names:
            what = f"options: “{option.id}” has other “names” in another semester: give one of the two its own id"
            yield f"options[{index}].names", what
    if course.options and not course.now.options:
        yield (
            "options",
            f"options: none of them holds in {course.open_semester}, which is open: add one, or let one hold longer",
        )
    if course.full_score is not None and not twice:
        is_timed = any(part.each.since or part.each.until for part in parts)
        semesters = [*order]
        for its in times.wrong_sums(course.options, course.rubric, course.full_score, order):
            points = f"{its.points}{f' in {semesters[its.position]}' if is_timed else ''}"
            yield "full_score", f"full_score: the points of “{its.option}” come to {points}, not {course.full_score}"


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
