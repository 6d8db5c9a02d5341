"""The page for staff: who waits for review, who has no post yet, and who has commented on too few posts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import msgspec

from coursehub.claims import board
from coursehub.claims.board import Row
from coursehub.claims.pending import OpenPull, in_words
from coursehub.comments.record import Discussions
from coursehub.grading import progress
from coursehub.grading.progress import Person
from coursehub.records.post import Post
from coursehub.site.page import BOARD, NEEDS_COMMENT, PROGRESS, Page, deadlines_of, link, list_page
from coursehub.site.subjects import Subjects
from coursehub.text.visible import visible

_WAITS = {"success": "staff", "failure": "its author"}  # for whom, by the state of the desk's status; else for the desk
_ORDERS = (("", "By login"), ("since", "Longest first"), ("-since", "Newest first"))


class _Waiting(NamedTuple):
    """An open pull request: by whom, of which claims, since when, and for whom it waits."""

    login: str
    pull: int
    tools: str
    options: tuple[str, ...]
    since: str
    waits_for: str


class _Person(NamedTuple):
    """A person's row. `posts` and `commented_on`: name and address of each; `asked`: the pull requests."""

    login: str
    posts: tuple[tuple[str, str], ...]
    status: str
    options: tuple[str, ...]
    since: str
    asked: tuple[int, ...]
    commented_on: tuple[tuple[str, str], ...]


def progress_page(
    subjects: Subjects, rows: Sequence[Row], discussions: Discussions | None, repository: str
) -> Page:
    """The page for staff, of what everybody can see. `rows` are the open semester's claims, `repository` its address."""
    hub, course, repository = subjects.hub, subjects.hub.course, repository.rstrip("/")
    people = progress.people(hub, course.open_semester, subjects.asked.values(), discussions)
    since = {row.path: row.since or "" for row in rows}
    without_post = [_person(subjects, each, since, repository) for each in people if not each.has_published]
    few = [each for each in people if each.commented_on is not None and len(each.commented_on) < course.limits.comments]
    with_few = [_person(subjects, each, since, repository) for each in few]
    waiting = list(_waiting(subjects))
    options = Counter(option for each in (*waiting, *without_post, *with_few) for option in each.options)
    waits = Counter(each.waits_for for each in waiting)
    statuses = Counter(each.status for each in without_post)
    comments = Counter(len(each.commented_on) for each in with_few)
    selects = (
        ("waits", "Waits for", "Anybody", [(_slug(word), word, number) for word, number in sorted(waits.items())]),
        ("status", "Post", "Any status", [(_slug(word), word, number) for word, number in sorted(statuses.items())]),
        ("comments", "Comments", "Any number", [(str(each), str(each), comments[each]) for each in sorted(comments)]),
        ("option", "Option", "Any option",
         [(each.id, each.title, options[each.id]) for each in course.options if each.id in options]),
    )  # fmt: skip
    page = list_page(
        PROGRESS, "progress.md", f"Still to do in {course.open_semester}",
        f"Who waits for review in {course.open_semester}, who has no post yet, and whose comments are missing.",
        people=len(people), waiting=waiting, without_post=without_post, with_few=with_few, selects=selects,
        orders=_ORDERS, slug=_slug, most=course.limits.comments, course=course, deadlines=deadlines_of(course),
        now=hub.now, pulls_read=subjects.pending and subjects.pending.read, comments_read=discussions and discussions.read,
        pulls=f"{repository}/pull" if repository else "", by_commenter=_by_commenter(discussions),
        in_words=in_words, board_path=BOARD, needs_path=NEEDS_COMMENT,
    )  # fmt: skip
    return msgspec.structs.replace(page, meta=msgspec.structs.replace(page.meta, is_unlisted=True, nav="Still to do"))


def _slug(words: str) -> str:
    return words.replace(" ", "-")


def _waiting(subjects: Subjects) -> Iterator[_Waiting]:
    """The open pull requests of students, as far as they are about posts; those that the desk has not seen may be."""
    for each in subjects.pending.pulls if subjects.pending else ():
        if subjects.hub.course.is_staff(each.login) or (each.state and not each.paths):
            continue
        names, options = _claims(subjects, each)
        waits_for = "its author, as a draft" if each.is_draft else _WAITS.get(each.state, "the desk")
        yield _Waiting(each.login, each.pull, " and ".join(names), options, each.since.isoformat(), waits_for)


def _claims(subjects: Subjects, pull: OpenPull) -> tuple[list[str], tuple[str, ...]]:
    """What a pull request is about, by name, and the options of that."""
    hub = subjects.hub
    names, options = dict[str, None](), dict[str, None]()
    for each in subjects.asked.values():
        if each.pull == pull.pull:
            names[visible(hub.claim(each.tools, each.option).name)] = options[each.option] = None
    for path in pull.paths:
        if post := hub.post_by_path.get(path):
            names[hub.claims[path].name] = options[post.option] = None
    return list(names), tuple(options)


def _person(subjects: Subjects, person: Person, since: dict[str, str], repository: str) -> _Person:
    hub = subjects.hub
    states = [board.in_words(hub, post) for post in person.posts]
    options = dict.fromkeys([*(post.option for post in person.posts), *(each.option for each in person.asked)])
    moments = [since.get(post.path, "") for post in person.posts] + [each.since.isoformat() for each in person.asked]
    return _Person(
        person.login,
        tuple(_named(subjects, post, repository) for post in person.posts)
        or tuple((visible(hub.claim(each.tools, each.option).name), "") for each in person.asked),
        states[0] if states else "asked for",
        tuple(options),
        min(moments, default=""),
        tuple(each.pull for each in person.asked),
        tuple(_named(subjects, post, repository) for post in person.commented_on or ()),
    )


def _named(subjects: Subjects, post: Post, repository: str) -> tuple[str, str]:
    """A post by its claim, and the address of its page, or else of its file; empty where it has neither."""
    file = f"{repository}/blob/main/{quote(post.path)}" if repository else ""
    address = link(PROGRESS, post.path) if post.path in subjects.by_path else file
    return subjects.hub.claims[post.path].name, address


def _by_commenter(discussions: Discussions | None) -> str:
    """The beginning of the address of a search on GitHub for the comments of a login; empty where there are none."""
    if discussions is None or not discussions.discussions:
        return ""
    all_of_them = discussions.discussions[0].url.rpartition("/")[0]
    words = {"giscus": "discussions_q=", "utterances": f"q={quote_plus('is:issue ')}"}[discussions.provider]
    return f"{all_of_them}?{words}{quote_plus('commenter:')}"
