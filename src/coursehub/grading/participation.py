"""Who commented on whose posts, and when: what can be told without judging whether a comment engages."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import msgspec

from coursehub.comments import record
from coursehub.comments.record import Comment, Discussions
from coursehub.grading.roster import Student
from coursehub.markdown.words import count_words
from coursehub.records.course import Course, Extension
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER
from coursehub.records.post import Post
from coursehub.text.formats import Cell
from coursehub.text.wording import plural


class Flag(StrEnum):
    """Something special about a comment. Those in `NOT_COUNTED` keep it from counting; the others are only shown."""

    OWN_POST = "on the own post"
    STAFF_POST = "on a post of the staff"
    OTHER_SEMESTER = "on a post of another semester"
    WITHDRAWN_POST = "on a withdrawn post"
    NO_POST = "on no post that is here"
    LATE = "late"
    DELETED = "deleted"
    HIDDEN = "hidden"
    SHORT = "short"
    EDITED_LATE = "edited after the window"
    EARLY = "before posts were due"
    REPLY = "a reply"


ELSEWHERE = frozenset({Flag.OWN_POST, Flag.STAFF_POST, Flag.OTHER_SEMESTER, Flag.WITHDRAWN_POST, Flag.NO_POST})
NOT_COUNTED = ELSEWHERE | {Flag.LATE, Flag.DELETED, Flag.HIDDEN}
DOUBTFUL = frozenset({Flag.SHORT, Flag.EDITED_LATE})


class Deadlines(NamedTuple):
    """When somebody's post and comments are due, as instants; None where the course does not say."""

    post_due: dt.datetime | None
    comments_due: dt.datetime | None


class FlaggedComment(msgspec.Struct, frozen=True):
    """A comment that somebody made, on the post of a term. `words` are those of its text."""

    term: str
    comment: Comment
    words: int
    flags: tuple[Flag, ...] = ()
    late_by: dt.timedelta | None = None

    @property
    def counts(self) -> bool:
        """Whether it is a comment in time on another student's post."""
        return NOT_COUNTED.isdisjoint(self.flags)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is on no post of another student."""
        return not ELSEWHERE.isdisjoint(self.flags)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look before it counts."""
        return not DOUBTFUL.isdisjoint(self.flags)

    def flags_in_words(self) -> str:
        """The flags, with how late and how short."""
        more = {
            Flag.LATE: f" by {in_words(self.late_by)}" if self.late_by else "",
            Flag.SHORT: f" ({plural(self.words, 'word')})",
        }
        return ", ".join(flag + more.get(flag, "") for flag in self.flags)


class Entry(msgspec.Struct, frozen=True, dict=True):
    """A student's row: the posts that they hold, their deadlines, and all their comments, the earliest first."""

    student: Student
    posts: tuple[Post, ...]
    deadlines: Deadlines
    flagged_comments: tuple[FlaggedComment, ...]

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The posts of others that they commented on in time."""
        return tuple(dict.fromkeys(each.term for each in self.flagged_comments if each.counts))

    @cached_property
    def beyond_doubt(self) -> tuple[str, ...]:
        """Of these, the posts with a comment that bears no flag that a person should judge."""
        return tuple(dict.fromkeys(each.term for each in self.flagged_comments if each.counts and not each.is_doubtful))


class Ledger(msgspec.Struct, frozen=True):
    """All rows, in the roster's order, and the comments that belong to none of them.

    `nameless`: term → comments by deleted accounts; `strangers`: login → comments by people who are neither on the
    roster nor staff; `bots`: how many comments bots made.
    """

    semester: str
    read: dt.datetime
    entries: tuple[Entry, ...]
    nameless: dict[str, int]
    strangers: dict[str, int]
    bots: int


def ledger(hub: Hub, semester: str, discussions: Discussions, roster: Sequence[Student]) -> Ledger:
    """Return what every student did, as of the moment when the comments were read."""
    by_author: dict[str, list[tuple[str, Comment]]] = defaultdict(list)
    nameless: Counter[str] = Counter()
    strangers: Counter[str] = Counter()
    bots = 0
    known = {student.login.lower() for student in roster}
    for term, comment in _comments(discussions):
        if comment.is_bot:
            bots += 1
        elif comment.author is None:
            nameless[term] += 1
        elif comment.author.lower() in known:
            by_author[comment.author.lower()].append((term, comment))
        elif not hub.course.is_staff(comment.author):
            strangers[comment.author.lower()] += 1
    posts = by_term(hub)
    entries = tuple(_entry(hub, posts, semester, student, by_author[student.login.lower()]) for student in roster)
    return Ledger(
        semester, discussions.read, entries, dict(sorted(nameless.items())), dict(sorted(strangers.items())), bots
    )


def of_author(hub: Hub, semester: str, discussions: Discussions, login: str) -> tuple[FlaggedComment, ...]:
    """Return the flagged comments of one author, without a roster."""
    own = [
        (term, comment)
        for term, comment in _comments(discussions)
        if not comment.is_bot and comment.author and comment.author.lower() == login.lower()
    ]
    return flagged_comments(hub, semester, login, deadlines(hub.course, semester, login), own)


def _comments(discussions: Discussions) -> Iterator[tuple[str, Comment]]:
    for each in discussions.discussions:
        for comment in each.comments:
            yield each.term, comment


def by_term(hub: Hub) -> dict[str, Post]:
    """The name by which the widget finds the comments on a post → the post."""
    return {record.term(post): post for post in hub.posts}


def _entry(
    hub: Hub, by_term: Mapping[str, Post], semester: str, student: Student, own: Sequence[tuple[str, Comment]]
) -> Entry:
    due = deadlines(hub.course, semester, student.login, student.extension)
    posts = tuple(hub.live_by_author.get((semester, student.login.lower()), ()))
    return Entry(student, posts, due, _flagged_comments(hub.course, by_term, semester, student.login, due, own))


def deadlines(course: Course, semester: str, login: str, own: Extension | None = None) -> Deadlines:
    """A student's deadlines: the roster's word goes before the course's, and that before everybody's."""
    own, granted = own or Extension(), course.extension(semester, login)
    post_due, comments_due = own.post_due or granted.post_due, own.comments_due or granted.comments_due
    return Deadlines(
        course.moment(post_due) if post_due else course.due(semester),
        course.moment(comments_due) if comments_due else course.comments_due(semester),
    )


def flagged_comments(
    hub: Hub, semester: str, login: str, due: Deadlines, comments: Sequence[tuple[str, Comment]]
) -> tuple[FlaggedComment, ...]:
    """Somebody's comments with their flags, the earliest first."""
    return _flagged_comments(hub.course, by_term(hub), semester, login, due, comments)


def _flagged_comments(
    course: Course, by_term: Mapping[str, Post], semester: str, login: str, due: Deadlines,
    comments: Sequence[tuple[str, Comment]],
) -> tuple[FlaggedComment, ...]:  # fmt: skip
    usual, least = course.due(semester), course.at(semester).limits.comment_words
    flagged = []
    for term, comment in sorted(comments, key=lambda each: (each[1].created, each[1].url)):
        count = count_words(comment.text)
        late = lateness(comment.created, due.comments_due)
        place = _place(course, semester, login, term, by_term.get(term))
        time_and_text = _flags(due, usual, comment, count, least)
        flags = (*([place] if place else []), *time_and_text)
        flagged.append(FlaggedComment(term, comment, count, flags, late))
    return tuple(flagged)


def lateness(moment: dt.datetime, due: dt.datetime | None) -> dt.timedelta | None:
    """How long after the deadline, or None where it is in time. The second of the deadline is in time.

    Counted in UTC: of two moments in one zone Python subtracts what clocks show, an hour off when they are set.
    """
    if due is None:
        return None
    beyond = moment.astimezone(dt.UTC) - due.astimezone(dt.UTC)
    return beyond if beyond > dt.timedelta() else None


def _flags(due: Deadlines, usual: dt.datetime | None, comment: Comment, count: int, least: int) -> Iterator[Flag]:
    if lateness(comment.created, due.comments_due):
        yield Flag.LATE
    if comment.is_deleted:
        yield Flag.DELETED
    if comment.is_hidden:
        yield Flag.HIDDEN
    if not comment.is_deleted and count < least:
        yield Flag.SHORT
    if comment.edited and lateness(comment.edited, due.comments_due):
        yield Flag.EDITED_LATE
    if usual and not lateness(comment.created, usual):
        yield Flag.EARLY
    if comment.reply_to:
        yield Flag.REPLY


def _place(course: Course, semester: str, login: str, term: str, post: Post | None) -> Flag | None:
    """Return the flag that keeps a comment there from being one on another student's post of the semester."""
    if post is None:
        is_other = term.startswith(f"{FOLDER}/") and not term.startswith(f"{FOLDER}/{semester}/")
        return Flag.OTHER_SEMESTER if is_other else Flag.NO_POST
    if login.lower() in {author.lower() for author in post.authors}:
        return Flag.OWN_POST
    if post.semester != semester:
        return Flag.OTHER_SEMESTER
    if not post.is_live:
        return Flag.WITHDRAWN_POST
    if post.authors and all(course.is_staff(author) for author in post.authors):
        return Flag.STAFF_POST
    return None


def in_words(span: dt.timedelta) -> str:
    """A span to the second: 1 d 3 h 5 s."""
    minutes, seconds = divmod(-(-span // dt.timedelta(seconds=1)), 60)  # what is begun of a second is a second
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def written(moment: dt.datetime, course: Course) -> str:
    """A moment as the course's clocks show it, with its offset."""
    local = moment.astimezone(course.zone)
    return local.isoformat(sep=" ", timespec="seconds")


def rows(ledger: Ledger, course: Course) -> Iterator[list[Cell]]:
    """The table: a line of names, then a row a student; each comment has the same five cells."""
    most = max((len(entry.flagged_comments) for entry in ledger.entries), default=0)
    comments = [
        f"comment {number}{what}" for number in range(1, most + 1) for what in ("", " on", " at", " flags", " text")
    ]
    yield ["login", "name", "id", "post", "status", "comments due", "posts commented on in time", "flags", *comments]
    for entry in ledger.entries:
        due = entry.deadlines.comments_due
        cells: list[Cell] = [
            entry.student.login, entry.student.name, entry.student.id,
            "; ".join(post.path for post in entry.posts), "; ".join(post.status for post in entry.posts),
            written(due, course) if due else "", len(entry.counted), _summary(entry),
        ]  # fmt: skip
        for each in entry.flagged_comments:
            moment = written(each.comment.created, course)
            cells += [each.comment.url, each.term, moment, each.flags_in_words(), " ".join(each.comment.text.split())]
        yield cells + [""] * (len(comments) - 5 * len(entry.flagged_comments))


def _summary(entry: Entry) -> str:
    """Each flag with how many of the student's comments have it; what is missing altogether first."""
    flags = Counter(flag for each in entry.flagged_comments for flag in each.flags)
    missing = [] if entry.posts else ["no post"]
    missing += [f"{len(entry.posts)} posts"] if len(entry.posts) > 1 else []
    missing += [] if entry.flagged_comments else ["no comment"]
    return ", ".join([*missing, *(f"{flags[flag]} {flag}" for flag in Flag if flags[flag])])


def remarks(ledger: Ledger, course: Course) -> Iterator[str]:
    """Yield a sentence for what belongs to no student: deleted accounts, strangers, bots, time that is left."""
    for term, number in ledger.nameless.items():
        yield f"{plural(number, 'comment')} by deleted accounts on {term}: whose, GitHub does not say any more."
    if ledger.strangers:
        who = ", ".join(f"{login} ({number})" for login, number in ledger.strangers.items())
        yield f"{plural(sum(ledger.strangers.values()), 'comment')} by people who are not on the roster: {who}."
    if ledger.bots:
        yield f"{plural(ledger.bots, 'comment')} by bots, passed over."
    yet = [entry for entry in ledger.entries if is_open(entry, ledger.read)]
    if yet:
        yield (
            f"The comments were read {written(ledger.read, course)}, and "
            f"{len(yet)} of {plural(len(ledger.entries), 'student')} can still comment in time."
        )


def is_open(entry: Entry, now: dt.datetime) -> bool:
    """Whether the student can still comment in time."""
    due = entry.deadlines.comments_due
    return due is not None and lateness(now, due) is None
