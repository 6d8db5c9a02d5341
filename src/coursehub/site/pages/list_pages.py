"""Lists of posts: all of them, those of a semester, those that wait for a comment."""

from collections.abc import Callable, Iterator
from functools import partial

from coursehub.claims import board
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.site.cards import card, in_words, prior_row
from coursehub.site.page import (
    BOARD,
    CATALOG,
    COMMENTS_DUE,
    HOW_TO,
    NEEDS_COMMENT,
    POSTS,
    TOOLS,
    Page,
    claimed_in,
    deadlines_of,
    found_by,
    kept_page,
    list_page,
    searchable,
    semester_path,
)
from coursehub.site.subjects import Subjects
from coursehub.system.keeping import Keep


def list_pages(subjects: Subjects, posts: list[Post], keep: Keep) -> Iterator[Callable[[], Page]]:
    """Functions that make the lists; `posts` are all that are not broken, claims among them."""
    yield partial(_all_posts, subjects, keep)
    yield partial(_needs_comment, subjects)
    semesters = _semesters(subjects.hub, posts)
    for index, semester in enumerate(semesters):
        beside = [("Earlier", each) for each in semesters[max(index - 1, 0) : index]]
        beside += [("Later", each) for each in semesters[index + 1 : index + 2]]
        yield partial(_semester, subjects, posts, semester, beside, keep)


def _all_posts(subjects: Subjects, keep: Keep) -> Page:
    semesters = [semester.id for semester in reversed(subjects.hub.course.semesters)]
    groups = [(each, [card(subjects, post) for post in subjects.shown if post.semester == each]) for each in semesters]
    values = {
        "groups": [(semester, semester_path(semester), cards) for semester, cards in groups if cards],
        "has_priors": bool(subjects.hub.priors),
        "catalog_path": CATALOG,
        "how_path": HOW_TO,
        "needs_path": NEEDS_COMMENT,
        "tools_path": TOOLS,
        "claimed": claimed_in(subjects.hub.course.ever),
    }
    about = "All posts published here, newest first."
    return found_by(kept_page(keep, values, POSTS, "posts.html", "Posts", about, lambda: values), "post", "blog")


def _needs_comment(subjects: Subjects) -> Page:
    """The open semester's posts by fewest comments of others than their authors, then the oldest first."""
    hub = subjects.hub
    posts = [post for post in subjects.shown if post.is_published and post.semester == hub.course.open_semester]
    by_others = {post.path: subjects.counts.of(post).by_others if subjects.counts else 0 for post in posts}
    posts.sort(key=lambda post: (by_others[post.path], str(post.date), post.path))
    page = list_page(
        NEEDS_COMMENT, "needs-comment.html", "Posts that need a comment",
        f"Posts from {hub.course.open_semester}, those with the fewest comments first.",
        rows=[(card(subjects, post), in_words(by_others[post.path])) for post in posts],
        read=subjects.counts.read.astimezone(hub.course.zone) if subjects.counts else None,
        semester=hub.course.open_semester, posts_path=POSTS if subjects.shown else "", how_path=HOW_TO,
        course=hub.course, claimed=claimed_in(hub.course.now),
        deadlines=[each for each in deadlines_of(hub.course) if each.before == COMMENTS_DUE],
    )  # fmt: skip
    return found_by(page, "comment")


def _semesters(hub: Hub, posts: list[Post]) -> list[str]:
    """The semesters of which there is something to read, and the open one, whose feed can be waited for."""
    written = {post.semester for post in posts if hub.counts(post)} | {prior.semester for prior in hub.priors}
    written.add(hub.course.open_semester)
    return [semester.id for semester in hub.course.semesters if semester.id in written]


def _semester(subjects: Subjects, posts: list[Post], semester: str, beside: list[tuple[str, str]], keep: Keep) -> Page:
    """The page of a semester. `beside` are the ones before and after it, each with what it is called."""
    hub = subjects.hub
    claims = [
        post for post in posts if post.semester == semester and hub.counts(post) and post.path not in subjects.by_path
    ]
    priors = sorted(
        (prior for prior in hub.priors if prior.semester == semester), key=lambda prior: prior.title.casefold()
    )
    values = {
        "semester": semester,
        "is_open": semester == hub.course.open_semester,
        "cards_": [card(subjects, post) for post in subjects.shown if post.semester == semester],
        "claims": [(card(subjects, post), board.in_words(hub, post)) for post in claims],
        "priors": [prior_row(subjects, prior) for prior in priors],
        "neighbours": [(label, each, semester_path(each)) for label, each in beside],
        "catalog_path": CATALOG,
        "posts_path": POSTS,
        "board_path": BOARD,
        "needs_path": NEEDS_COMMENT,
        "how_path": HOW_TO,
        "claimed": claimed_in(hub.course.at(semester)),
    }
    path, title = semester_path(semester), f"Semester {semester}"
    about = f"Posts from {hub.course.name} in {semester}, here and elsewhere."
    page = found_by(kept_page(keep, values, path, "semester.html", title, about, lambda: values), semester)
    return searchable(page, "navigation", "toc") if priors else page  # posts elsewhere have no page of their own
