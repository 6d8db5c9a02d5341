"""The grade sheet: points where the hub knows what they are given for, and nothing where a person must judge."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from coursehub.grading.participation import Entry, Ledger, in_words, is_open, lateness, written
from coursehub.records.assignment import Assignment, Fact, RubricItem
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.formats import Cell
from coursehub.text.wording import plural


class Known(NamedTuple):
    """A fact as the hub knows it: that it holds (True), that it does not (False), or not enough (None); and why."""

    holds: bool | None
    why: str


class Mark(msgspec.Struct, frozen=True):
    """A student's points for a rubric item, or None where a person must judge."""

    item: RubricItem
    points: int | None
    why: str


class Sheet(msgspec.Struct, frozen=True):
    """All marks of a student, in the rubric's order."""

    entry: Entry
    marks: tuple[Mark, ...]


class Case(NamedTuple):
    """The input that a fact is decided from. `since`: path → when the claim came to main."""

    hub: Hub
    asked: Assignment
    entry: Entry
    since: Mapping[str, str]
    now: dt.datetime

    @property
    def post(self) -> Post | None:
        """The student's one post; None where there are none or several."""
        return self.entry.posts[0] if len(self.entry.posts) == 1 else None

    @property
    def no_post(self) -> Known:
        """The answer where there is not one post."""
        if not self.entry.posts:
            due = self.entry.deadlines.post_due
            is_over = due is not None and lateness(self.now, due) is not None
            return Known(False, "holds no claim") if is_over else Known(None, "holds no claim yet")
        return Known(None, f"holds {len(self.entry.posts)} claims: {', '.join(post.path for post in self.entry.posts)}")


def sheets(hub: Hub, ledger: Ledger, since: Mapping[str, str]) -> tuple[Sheet, ...]:
    """The marks of all students, as of the moment when the comments were read."""
    asked = hub.course.at(ledger.semester)
    return tuple(_sheet(Case(hub, asked, entry, since, ledger.read)) for entry in ledger.entries)


def _sheet(case: Case) -> Sheet:
    return Sheet(case.entry, tuple(_mark(case, item) for item in case.asked.rubric))


def _mark(case: Case, item: RubricItem) -> Mark:
    options = {post.option for post in case.entry.posts}
    if item.option is not None and item.option not in options:
        return Mark(item, None, "another option" if options else "no post, so no option")
    known = [_FACTS[fact](case) for fact in item.awarded_for]
    why = "; ".join(each.why for each in known)
    if not known:
        return Mark(item, None, "")
    if any(each.holds is False for each in known):
        return Mark(item, 0, why)
    return Mark(item, item.points if all(each.holds for each in known) else None, why)


def _claim_in_time(case: Case) -> Known:
    if case.post is None:
        return case.no_post
    since = case.since.get(case.post.path)
    if since is None:
        return Known(None, "since when it is claimed is not known: it is not committed")
    moment = dt.datetime.fromisoformat(since)
    due = case.entry.deadlines.post_due
    shown = f"claimed {written(moment, case.hub.course)}"
    if due is None:
        return Known(None, f"{shown}; the course has no deadline for posts")
    late = lateness(moment, due)
    return Known(None, f"{shown}, {in_words(late)} after posts were due") if late else Known(True, shown)


def _claim_unique(case: Case) -> Known:
    if case.post is None:
        return case.no_post
    hub, post = case.hub, case.post
    if not hub.claims[post.path].identities:
        return Known(None, "claims no tool")
    rivals = hub.rivals(post)
    if rivals:
        return Known(None, f"also claimed in {', '.join(rival.path for rival in rivals)}")
    blocking = [each for each in hub.earlier(post) if hub.blocks(each, post.semester, post.option)]
    if blocking:
        return Known(None, f"was discussed last semester: {blocking[0].url or blocking[0].path or blocking[0].title}")
    return Known(True, "nobody else's")


def _differences_given(case: Case) -> Known:
    if case.post is None:
        return case.no_post
    earlier = case.hub.earlier(case.post)
    if not earlier:
        return Known(True, "no earlier post has it")
    number = plural(len(earlier), "earlier post")
    if not case.post.differences:
        return Known(None, f"{number}, and no differences given")
    return Known(True, f"differences to {number} given")


def _published(case: Case) -> Known:
    if case.post is None:
        return case.no_post
    return Known(True, "published") if case.post.is_published else Known(None, f"the post is “{case.post.status}”")


def _public(case: Case) -> Known:
    if case.post is None:
        return case.no_post
    if case.post.private:
        return Known(False, "posted inside the course")
    if not case.post.is_published:
        return _published(case)
    return Known(True, f"public, at {case.post.external_url}" if case.post.external_url else "public, on this site")


def _comments(case: Case) -> Known:
    entry, wanted = case.entry, case.asked.limits.comments
    sure, counted = len(entry.beyond_doubt), len(entry.counted)
    if sure >= wanted:
        return Known(
            True, f"commented in time on {plural(sure, 'post')}; whether it engages with them, see the participation"
        )
    yet = ", and there is still time" if is_open(entry, case.now) else ""
    flagged = [flags for each in entry.flagged_comments if (flags := each.flags_in_words())]
    if not entry.flagged_comments and not yet:
        return Known(False, "no comment")
    look = f"; flagged: {'; '.join(flagged)}" if flagged else ""
    return Known(None, f"commented in time on {plural(counted, 'post')} of {wanted}{yet}{look}")


_FACTS: dict[Fact, Callable[[Case], Known]] = {
    Fact.CLAIM_IN_TIME: _claim_in_time,
    Fact.CLAIM_UNIQUE: _claim_unique,
    Fact.DIFFERENCES_GIVEN: _differences_given,
    Fact.PUBLISHED: _published,
    Fact.PUBLIC: _public,
    Fact.COMMENTS: _comments,
}


# Tables


class Format(StrEnum):
    """For whom the table is: people, or the programs that take it in."""

    CSV = "csv"
    CANVAS = "canvas"
    GRADESCOPE = "gradescope"


def lacking(sheets: Sequence[Sheet], form: Format) -> Iterator[tuple[int, str]]:
    """Lines of the roster that a program could not tell to whom they belong, and what is missing there."""
    for sheet in sheets:
        student = sheet.entry.student
        if form is Format.CANVAS and not (student.id.isascii() and student.id.isdigit()):
            yield student.line, "the id is not the number by which Canvas knows the student, its column “ID”"
        if form is Format.GRADESCOPE and not student.email:
            yield student.line, "the email is empty, by which Gradescope knows the student"


def rows(sheets: Sequence[Sheet], rubric: Sequence[RubricItem], form: Format) -> Iterator[list[Cell]]:
    """The table: a line of names, then a row a student, in it points and reason for each item of the rubric."""
    columns = [cell for item in rubric for cell in (heading(item), f"{heading(item)}: why")]
    if form is Format.CANVAS:
        yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *columns]
        # Canvas passes over what its own export calls read only, and takes no points as extra credit.
        possible = [cell for item in rubric for cell in (0 if item.bonus else item.points, "(read only)")]
        yield ["    Points Possible", "", "", "", "", *possible]
    elif form is Format.GRADESCOPE:
        yield ["Name", "Email", "SID", "Section", *columns]
    else:
        yield ["login", "name", "id", "post", "option", *columns, "points so far", "points to be given by people"]
    for sheet in sheets:
        yield [
            *_head(sheet, form),
            *(cell for mark in sheet.marks for cell in (mark.points, mark.why)),
            *_sums(sheet, form),
        ]


def heading(item: RubricItem) -> str:
    """A column's name: items of two options may have the same id."""
    return f"{item.option}: {item.id}" if item.option else item.id


def _head(sheet: Sheet, form: Format) -> list[Cell]:
    student = sheet.entry.student
    if form is Format.CANVAS:
        return [student.name, student.id, student.sis_user_id, student.sis_login_id, student.section]
    if form is Format.GRADESCOPE:
        return [student.name, student.email, student.id, student.section]
    posts = sheet.entry.posts
    return [student.login, student.name, student.id, "; ".join(post.path for post in posts),
            "; ".join(dict.fromkeys(post.option for post in posts))]  # fmt: skip


def _sums(sheet: Sheet, form: Format) -> list[Cell]:
    if form is not Format.CSV:
        return []
    options = {post.option for post in sheet.entry.posts}
    open_items = [mark.item for mark in sheet.marks if mark.points is None and mark.item.option in (None, *options)]
    return [sum(mark.points or 0 for mark in sheet.marks), sum(item.points for item in open_items)]
