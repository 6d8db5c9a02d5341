"""The navigation of a course whose `mkdocs.yml` has none."""

from collections.abc import Sequence
from typing import Any

from coursehub.records.course import Course
from coursehub.site.page import Claimed, claimed_in

_TOP = ("index.md", "posts/index.md", "catalog.md", "tools/index.md", "claims/index.md", "statistics.md")
_STUDENTS = (
    "assignment.md", "free.md", "claim.md", "publish.md", "markdown.md", "needs-comment.md", "rubric.md", "rules.md",
)  # fmt: skip
_STAFF = ("progress.md", "grading.md", "comments.md", "numbers.md")


def of_course(course: Course, pages: Sequence[str]) -> list[Any]:
    """The navigation, as `mkdocs.yml` would have it; the course's own further pages are among those for students."""
    titles = _titles(claimed_in(course.ever))
    known = {*_TOP, *_STUDENTS, *_STAFF}
    own = [page for page in pages if "/" not in page and page not in known]
    there = set(pages)

    def items(names: Sequence[str]) -> list[Any]:
        return [{titles[name]: name} if name in titles else name for name in names if name in there]

    return [*items(_TOP), {"For students": items([*_STUDENTS, *own])}, {"For staff": items(_STAFF)}]


def _titles(claimed: Claimed) -> dict[str, str]:
    """Page → its title in the navigation, where that is not the page's own."""
    return {
        "index.md": "Home",
        "posts/index.md": "Posts",
        "catalog.md": "Catalog",
        "tools/index.md": claimed.many.capitalize(),
        "claims/index.md": "Claims",
        "statistics.md": "Statistics",
        "numbers.md": "Earlier posts, judged again",
    }
