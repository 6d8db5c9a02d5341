"""The end of a term: the new semester is added and opened, what was never published withdrawn, pages follow."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from coursehub.checks.draft import Draft, with_fixes
from coursehub.records import course_edits, front_edits
from coursehub.records.course import PATH, Semester
from coursehub.records.finding import Edits, safe
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.rollover import pages
from coursehub.rollover.mentions import Mention, mentions
from coursehub.rollover.refusals import CannotRollOverError, in_order, require_new

__all__ = ["CannotRollOverError", "Plan", "planned"]


class Plan(NamedTuple):
    """The repository as a draft in which the new semester is open; the posts that were withdrawn, and the pages.

    `by_hand`: words in the pages that name the old semester as only people can change it.
    """

    draft: Draft
    withdrawn: tuple[Post, ...]
    pages: tuple[str, ...]
    by_hand: tuple[Mention, ...]


def planned(hub: Hub, semester: Semester, course_file: bytes, docs: Mapping[str, bytes]) -> Plan:
    """Return the end of the open semester and the beginning of a new one. Nothing is written.

    `course_file` has the bytes of `data/course.yaml`, `docs` those of the course's pages by their paths. Raises
    `CannotRollOverError` where that cannot be, and `OSError` where a post is no longer what was read.
    """
    require_new(hub.course, semester.id)
    semester = in_order(hub.course, semester)
    closing = hub.course.semesters[hub.course.order[hub.course.open_semester]]
    try:
        after, course = course_edits.with_open_semester(course_file, semester)
    except course_edits.CannotEditError as error:
        raise CannotRollOverError(str(error)) from error
    withdrawn = leftovers(hub)
    draft = with_fixes(Draft(hub), [(post.path, safe("Withdraws it.", _withdrawal(post))) for post in withdrawn])
    changed = pages.following(docs, hub.post_by_path, closing, semester)
    files, before = {PATH: after, **changed}, {PATH: course_file, **{path: docs[path] for path in changed}}
    draft = Draft(
        msgspec.structs.replace(draft.hub, course=course), {**draft.contents, **files}, {**draft.originals, **before}
    )
    following = {path: content for path, content in {**docs, **changed}.items() if not pages.stays(content)}
    return Plan(draft, withdrawn, tuple(changed), tuple(mentions(following, hub.course, closing)))


def leftovers(hub: Hub) -> tuple[Post, ...]:
    """The claims and drafts that are over with the open semester, and those of semesters before it."""
    order = hub.course.order
    now = order[hub.course.open_semester]
    return tuple(
        post for post in hub.posts
        if post.status in ("claimed", "draft") and order.get(post.semester, now + 1) <= now
    )  # fmt: skip


def _withdrawal(post: Post) -> Edits:
    """The edits that withdraw a post, with the reason below its status."""
    reason = f"Withdrawn when {post.semester} ended: it was not published."
    edits = (
        *front_edits.with_text(post, post.front and post.front.value("status"), "withdrawn"),
        *front_edits.with_comment_below(post, "status", reason),
    )
    if len(edits) != 2:
        raise CannotRollOverError(
            f"{post.path} is written so that only a person can withdraw it: set “status: withdrawn” there, commit that"
        )
    return edits
