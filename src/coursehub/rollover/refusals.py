"""A new semester as it can be, or a sentence on why it cannot, with what to do."""

import datetime as dt
from itertools import pairwise

import msgspec

from coursehub.names import file_names
from coursehub.records.course import PATH, Course, Semester
from coursehub.records.paths import FOLDER, is_former_path
from coursehub.text.visible import visible
from coursehub.text.wording import with_and

_FLAGS = {"claims_open": "--claims-open", "post_due": "--post-due", "comments_due": "--comments-due"}


class CannotRollOverError(Exception):
    """The term cannot be ended so; the message says why in a sentence, and what to do."""


def require_new(course: Course, new: str) -> None:
    """Raise `CannotRollOverError` unless the id is that of a new semester, and can be a folder's name."""
    shown, now = visible(new), course.open_semester
    if new == now:
        raise CannotRollOverError(f"{shown} is open already, so there is nothing to do")
    for known, index in course.order.items():
        if file_names.same(known) != file_names.same(new):
            continue
        if index <= course.order[now]:
            raise CannotRollOverError(f"{PATH} lists {known} already, and {now} is open: take the id of a new semester")
        raise CannotRollOverError(
            f"{PATH} lists {known} already: take its entry out of “semesters”, commit that, and run this again"
        )
    if file_names.refusals(new) or not is_former_path(f"{FOLDER}/{new}/key.md"):
        raise CannotRollOverError(
            f"“{shown}” cannot be the name of a folder: take letters, digits and hyphens, as in {now}"
        )


def in_order(course: Course, semester: Semester) -> Semester:
    """The semester with its dates as `2026-12-04 23:59`.

    Raises `CannotRollOverError` unless claims open first, then posts are due, then comments, and all that after posts
    of the open semester were due. A date that the open semester has is asked for; others may be left out.
    """
    closing = course.semesters[course.order[course.open_semester]]
    moments = {name: _moment(course, name, value) for name in _FLAGS if (value := getattr(semester, name)) is not None}
    missing = [flag for name, flag in _FLAGS.items() if getattr(closing, name) is not None and name not in moments]
    if missing:
        raise CannotRollOverError(
            f"{closing.id} has dates that {visible(semester.id)} needs, too: give {with_and(missing)}"
        )
    written = {name: f"{moment:%Y-%m-%d %H:%M}" for name, moment in moments.items()}
    for first, second in pairwise(moments):
        if moments[second].timestamp() <= moments[first].timestamp():
            raise CannotRollOverError(
                f"{_FLAGS[second]} {written[second]} is not after {_FLAGS[first]} {written[first]}: claims open first, "
                "then posts are due, then comments"
            )
    end = closing.post_due or closing.claims_open
    first = next(iter(moments), "")
    if first and end and moments[first].timestamp() <= course.moment(end).timestamp():
        raise CannotRollOverError(
            f"{_FLAGS[first]} {written[first]} is not after {end}, when {closing.id} is still running: give a later "
            f"date, or correct that of {closing.id} in {PATH}"
        )
    return msgspec.structs.replace(semester, **written)


def _moment(course: Course, name: str, written: str) -> dt.datetime:
    try:
        return course.moment(written)
    except ValueError as error:
        raise CannotRollOverError(
            f"{_FLAGS[name]}: “{visible(written)}” is not a moment such as 2026-12-04 23:59"
        ) from error
