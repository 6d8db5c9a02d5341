"""`data/course.yaml`: what another course would change."""

import datetime as dt
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from coursehub import located
from coursehub.finding import Severity
from coursehub.located import Fields, Node, Scalar, Trouble

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


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the kinds of post that the assignment offers; `claims` is the word for what is claimed.

    `may_repeat_last_semester`: whether `differences` are enough where the semester before had the same claim.
    """

    id: str
    title: str
    claims: str
    requirements: tuple[Requirement, ...]
    may_repeat_last_semester: bool = False


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of tools, with those that the assignment names as examples."""

    id: str
    title: str
    examples: tuple[str, ...] = ()


class RubricItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points for one thing; with `option` only in posts of that option, with `bonus` beyond the full score."""

    id: str
    points: int
    title: str
    option: str | None = None
    bonus: bool = False


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes that content rules hold posts to."""

    body_words: int = 300
    image_kilobytes: int = 1000


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The course's facts. Semesters are in their order."""

    name: str
    staff: tuple[str, ...]
    time_zone: str
    open_semester: str
    semesters: tuple[Semester, ...]
    options: tuple[Option, ...]
    topics: tuple[Topic, ...] = ()
    rubric: tuple[RubricItem, ...] = ()
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
        position = self.order.get(semester)
        written = self.semesters[position].post_due if position is not None else None
        return self.moment(written) if written else None

    def is_staff(self, login: str) -> bool:
        """Whether a login is staff; GitHub's logins do not distinguish case."""
        return login.lower() in self._staff

    @cached_property
    def _staff(self) -> frozenset[str]:
        return frozenset(login.lower() for login in self.staff)

    def moment(self, written: str) -> dt.datetime:
        """A deadline as an instant: `written` is `2026-12-04 23:59` in the course's time zone."""
        return dt.datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(self.time_zone))


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
    """The same, but `off` under `severities` is the word, which YAML takes for false."""
    severities = root.value("severities") if isinstance(root, Fields) else None
    if not isinstance(root, Fields) or not isinstance(severities, Fields):
        return root
    words = {
        name: (key, node._replace(yaml_type="str") if isinstance(node, Scalar) and node.yaml_type == "bool" else node)
        for name, (key, node) in severities.nodes.items()
    }
    key = root.nodes["severities"][0]
    return root._replace(nodes={**root.nodes, "severities": (key, severities._replace(nodes=words))})


def _contradictions(course: Course, root: located.Node | None) -> list[Trouble]:
    """What each field alone does not show."""
    troubles: list[Trouble] = []

    def report(path: str, what: str) -> None:
        at = located.at(root, path)
        troubles.append(Trouble("wrong-data", at.line, at.column, what))

    if course.open_semester not in course.order:
        report("$.open_semester", f"open_semester: “{course.open_semester}” is not one of the semesters")
    try:
        ZoneInfo(course.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
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
    for index, item in enumerate(course.rubric):
        if item.option is not None and item.option not in course.option_by_id:
            report(f"$.rubric[{index}].option", f"rubric: “{item.option}” is not one of the options")
    return troubles
