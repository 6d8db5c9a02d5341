"""Lists of posts: all of them, those of a semester, those that wait for a comment."""

from collections.abc import Iterator

from coursehub.cards import author_links, card, in_words, prior_row
from coursehub.hub import Hub
from coursehub.pages import (
    BOARD,
    CATALOG,
    HOW_TO,
    NEEDS_COMMENT,
    POSTS,
    TOOLS,
    Page,
    author_url,
    list_page,
    searchable,
    semester_path,
)
from coursehub.post import Post
from coursehub.subjects import Subjects


def list_pages(subjects: Subjects, posts: list[Post]) -> Iterator[Page]:
    """The lists; `posts` are all that are not broken, claims among them."""
    yield _all_posts(subjects)
    yield _needs_comment(subjects)
    semesters = _semesters(subjects.hub, posts)
    for index, semester in enumerate(semesters):
        yield _semester(subjects, posts, semester, semesters[max(index - 1, 0) : index], semesters[index + 1 :][:1])


def _all_posts(subjects: Subjects) -> Page:
    hub = subjects.hub
    groups = [
        (semester.id, [card(hub, post) for post in subjects.shown if post.semester == semester.id])
        for semester in reversed(hub.course.semesters)
    ]
    return list_page(
        POSTS, "posts.md", "Posts", "All posts published here, the newest first.",
        groups=[group for group in groups if group[1]], semester_path=semester_path, catalog_path=CATALOG,
        how_path=HOW_TO, needs_path=NEEDS_COMMENT, tools_path=TOOLS, author=author_links(subjects, POSTS),
    )  # fmt: skip


def _needs_comment(subjects: Subjects) -> Page:
    """The open semester's posts by fewest comments of others than their authors, then the oldest first."""
    hub = subjects.hub
    posts = [post for post in subjects.shown if post.is_published and post.semester == hub.course.open_semester]
    by_others = {post.path: hub.counts.of(post).by_others if hub.counts else 0 for post in posts}
    posts.sort(key=lambda post: (by_others[post.path], str(post.date), post.path))
    return list_page(
        NEEDS_COMMENT, "needs-comment.md", "Posts that need a comment",
        f"Posts of {hub.course.open_semester} with the fewest comments first.",
        rows=[(card(hub, post), in_words(by_others[post.path])) for post in posts],
        read=hub.counts.read.astimezone(hub.course.zone) if hub.counts else None,
        semester=hub.course.open_semester, posts_path=POSTS, course=hub.course,
    )  # fmt: skip


def _semesters(hub: Hub, posts: list[Post]) -> list[str]:
    """The semesters of which there is something to read."""
    written = {post.semester for post in posts if post.is_live} | {prior.semester for prior in hub.priors}
    return [semester.id for semester in hub.course.semesters if semester.id in written]


def _semester(subjects: Subjects, posts: list[Post], semester: str, before: list[str], after: list[str]) -> Page:
    hub, path = subjects.hub, semester_path(semester)
    claims = [
        post for post in posts if post.semester == semester and post.is_live and post.path not in subjects.by_path
    ]
    priors = [prior_row(hub, prior) for prior in hub.priors if prior.semester == semester]
    of_authors = author_links(subjects, path)
    page = list_page(
        path, "semester.md", f"Semester {semester}", f"Posts of {hub.course.name} in {semester}, here and elsewhere.",
        semester=semester, is_open=semester == hub.course.open_semester,
        cards_=[card(hub, post) for post in subjects.shown if post.semester == semester],
        claims=[(card(hub, post), _state(post)) for post in claims],
        priors=sorted(priors, key=lambda row: row.title.casefold()),
        neighbours=[("Earlier", each) for each in before] + [("Later", each) for each in after],
        semester_path=semester_path, catalog_path=CATALOG, posts_path=POSTS, board_path=BOARD,
        needs_path=NEEDS_COMMENT, author=of_authors, claimant=lambda login: of_authors(login) or author_url(login),
    )  # fmt: skip
    return searchable(page, "navigation", "toc") if priors else page  # posts elsewhere have no page of their own


def _state(post: Post) -> str:
    return "posted inside the course" if post.is_published else post.status
