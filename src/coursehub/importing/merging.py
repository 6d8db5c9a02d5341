"""The plan of an import → the new text of `data/prior_posts.yaml`, and what became of each listed post."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from coursehub.importing import yamltext
from coursehub.importing.listing import CannotImportError, finding
from coursehub.importing.plan import Difference, Meeting, Plan
from coursehub.records import prior_posts
from coursehub.records.course import Course
from coursehub.records.finding import Finding, Place, Severity
from coursehub.records.prior_posts import PriorPost
from coursehub.text.wording import with_and


class Import(msgspec.Struct, frozen=True):
    """The outcome of an import: the file's new text, and what became of the posts listed.

    `listed` counts known posts that a further list names, `unchanged` those of which nothing was new.
    `skipped` are the rows and links that were left out, `notes` what was assumed.
    """

    text: str
    added: tuple[PriorPost, ...]
    listed: int
    unchanged: int
    spelled: tuple[Finding, ...]
    conflicts: tuple[Finding, ...]
    skipped: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    @property
    def findings(self) -> list[Finding]:
        """All that is to be printed, in the order of its places."""
        return sorted((*self.conflicts, *self.skipped, *self.spelled, *self.notes))


def merge(plan: Plan) -> Import:
    """The text with what the lists have more; new posts come behind the others, by semester and title.

    Raises `CannotImportError` where a new post has no semester, or where the text cannot be added to.
    """
    meetings = [meeting for its in plan.meetings for meeting in its]
    _require_semesters(meetings, plan)
    order = _order(plan.shelf.posts, len(plan.olds), plan.shelf.course)
    posts = [plan.shelf.posts[number] for number in order]
    text, lines = yamltext.extended(plan.text, plan.olds, posts)
    places = {number: Place(prior_posts.PATH, lines[index], 3) for index, number in enumerate(order)}
    remarks = plan.remarks
    return Import(
        text,
        added=tuple(posts[len(plan.olds) :]),
        listed=sum(each.news == "listed" for each in meetings),
        unchanged=sum(not each.news and not each.differences for each in meetings),
        spelled=tuple(_spelling(each, plan, places) for each in meetings if each.news == "spelled"),
        conflicts=tuple(_conflict(each, what, plan, places) for each in meetings for what in each.differences),
        skipped=tuple(each for each in remarks if each.severity is Severity.WARNING),
        notes=tuple(each for each in remarks if each.severity is Severity.NOTICE),
    )


def _conflict(meeting: Meeting, difference: Difference, plan: Plan, places: Mapping[int, Place]) -> Finding:
    listed, post = meeting.listed, plan.post(meeting)
    message = (
        f"“{listed.title}” {difference.listed}, but {places[meeting.number]} has the same post"
        f" {difference.here}, as “{post.title}”"
    )
    missing = [f"“{listed.title}” to its `spelled`"] if listed.title not in post.spelled else []
    missing += [f"“{listed.listed_in}” to its `listed_in`"] if listed.listed_in not in post.listed_in else []
    help = (
        "The entry was left as it is. If the list is right, correct the entry; if the link is wrong, correct the"
        f" list; if the entry is right, add {with_and(missing)}, and this is settled."
    )
    return finding(listed.place, difference.rule, message, help, Severity.ERROR)


def _spelling(meeting: Meeting, plan: Plan, places: Mapping[int, Place]) -> Finding:
    listed, post = meeting.listed, plan.post(meeting)
    message = f"“{listed.title}” is the post that {places[meeting.number]} has as “{post.title}”"
    help = "Recorded there under `spelled`; nothing is to be done."
    return finding(listed.place, "title-spelled-otherwise", message, help, Severity.NOTICE)


def _require_semesters(meetings: Iterable[Meeting], plan: Plan) -> None:
    """Refuse new posts of which nothing tells the semester, all at once."""
    undated = [each.listed for each in meetings if each.news == "added" and not plan.post(each).semester]
    if not undated:
        return
    names = ", ".join(f"“{listed.title}”" for listed in undated[:5])
    more = f" and {len(undated) - 5} more" if len(undated) > 5 else ""
    message = f"there is no semester for {names}{more}"
    help = "Give --semester, or --semesters-from a TSV with the columns title, url and written_in."
    raise CannotImportError(undated[0].place, "semester-missing", message, help)


def _order(posts: Sequence[PriorPost], olds: int, course: Course) -> list[int]:
    """The numbers of the posts in the file's order: the old ones as they are, the new ones sorted."""

    def rank(number: int) -> tuple[int, str, str, str]:
        post = posts[number]
        return course.order[post.semester], post.title.casefold(), post.title, post.url or ""

    return [*range(olds), *sorted(range(olds, len(posts)), key=rank)]
