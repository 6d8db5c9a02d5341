"""The page for staff: who waits for review, who has no post yet, and who has commented on too few posts."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import msgspec

from coursehub.claims import board
from coursehub.claims.board import Row
from coursehub.claims.pending import Asked, in_words
from coursehub.comments.record import Discussions
from coursehub.grading import progress
from coursehub.grading.progress import Person
from coursehub.records.course import Course
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.site.page import BOARD, NEEDS_COMMENT, PROGRESS, Page, claimed_in, deadlines_of, link, list_page
from coursehub.site.subjects import Subjects
from coursehub.text.visible import visible

_STAFF, _DESK = "staff", "the desk"
_WAITS = {"success": _STAFF, "failure": "its author"}  # by the state of the desk's status
_ORDERS = {"": "By login", "since": "Oldest first", "-since": "Newest first"}


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


def progress_page(subjects: Subjects, rows: Sequence[Row], discussions: Discussions | None, repository: str) -> Page:
    """The page for staff. `rows` are the open semester's claims, `repository` is its address on GitHub."""
    hub, course, repository = subjects.hub, subjects.hub.course, repository.rstrip("/")
    semester, most = course.open_semester, course.now.limits.comments
    people = progress.people(hub, semester, subjects.asked.values(), discussions)
    since = {row.path: row.since or "" for row in rows}
    without_post = [_person(subjects, each, since, repository) for each in people if not each.has_published]
    few = [each for each in people if each.commented_on is not None and len(each.commented_on) < most]
    with_few = [_person(subjects, each, since, repository) for each in few]
    waiting = list(_waiting(subjects))
    page = list_page(
        PROGRESS, "progress.html", f"Still to do in {semester}",
        f"Who is waiting for review in {semester}, who has no post yet, and who still owes comments.",
        people=len(people), waiting=waiting, without_post=without_post, with_few=with_few,
        for_staff=sum(each.waits_for == _STAFF for each in waiting), most=most,
        selects=_selects(course, waiting, without_post, with_few), orders=_ORDERS, slug=_slug,
        now=hub.now, pulls_read=subjects.pending and subjects.pending.read,
        comments_read=discussions and discussions.read, in_words=in_words,
        pulls=f"{repository}/pull" if repository else "", by_commenter=_by_commenter(discussions),
        course=course, claimed=claimed_in(course.now), deadlines=deadlines_of(course),
        board_path=BOARD, needs_path=NEEDS_COMMENT,
    )  # fmt: skip
    return msgspec.structs.replace(page, meta=msgspec.structs.replace(page.meta, is_unlisted=True, nav="Still to do"))


def _selects(
    course: Course, waiting: Sequence[_Waiting], without_post: Sequence[_Person], with_few: Sequence[_Person]
) -> Iterator[tuple[str, str, str, list[tuple[str, str, int]]]]:
    """The filters: of each its name, its label, the words for all, and its values with words and numbers."""
    waits = Counter(each.waits_for for each in waiting)
    yield "waits", "Waits for", "Anybody", [(_slug(word), word, waits[word]) for word in sorted(waits)]
    statuses = Counter(each.status for each in without_post)
    yield "status", "Post", "Any status", [(_slug(word), word, statuses[word]) for word in sorted(statuses)]
    comments = Counter(len(each.commented_on) for each in with_few)
    yield "comments", "Comments", "Any number", [(str(each), str(each), comments[each]) for each in sorted(comments)]
    by_row = [each.options for each in waiting] + [each.options for each in (*without_post, *with_few)]
    options = Counter(chain.from_iterable(by_row))
    titles = {option.id: option.title for option in course.now.options if option.id in options}
    yield "option", "Option", "Any option", [(option, title, options[option]) for option, title in titles.items()]


def _slug(words: str) -> str:
    return words.replace(" ", "-")


def _waiting(subjects: Subjects) -> Iterator[_Waiting]:
    """The open pull requests of students, as far as they are about posts; those that the desk has not seen may be."""
    asked: dict[int, list[Asked]] = defaultdict(list)
    for each in subjects.asked.values():
        asked[each.pull].append(each)
    for pull in subjects.pending.pulls if subjects.pending else ():
        if subjects.hub.course.is_staff(pull.login) or (pull.state and not pull.paths):
            continue
        names, options = _claims(subjects.hub, pull.paths, asked[pull.pull])
        waits_for = "its author, as a draft" if pull.is_draft else _WAITS.get(pull.state, _DESK)
        yield _Waiting(pull.login, pull.pull, " and ".join(names), options, pull.since.isoformat(), waits_for)


def _claims(hub: Hub, paths: Sequence[str], asked: Sequence[Asked]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the claims at these paths, and their options: on main, or else asked for, or else by the path."""
    asked_by_path = {each.path: each for each in asked}
    names, options = dict[str, None](), dict[str, None]()
    for path in paths:
        if post := hub.post_by_path.get(path):
            names[hub.claims[path].name] = options[post.option] = None
        elif each := asked_by_path.get(path):
            names[visible(hub.names.claim(each.tools, each.option).name)] = options[each.option] = None
        else:
            names[visible(PurePosixPath(path).stem)] = None
    return tuple(names), tuple(options)


def _person(subjects: Subjects, person: Person, since: dict[str, str], repository: str) -> _Person:
    hub = subjects.hub
    states = [board.in_words(hub, post) for post in person.posts]
    options = dict.fromkeys([*(post.option for post in person.posts), *(each.option for each in person.asked)])
    moments = [since.get(post.path, "") for post in person.posts] + [each.since.isoformat() for each in person.asked]
    return _Person(
        person.login,
        tuple(_named(subjects, post, repository) for post in person.posts)
        or tuple((visible(hub.names.claim(each.tools, each.option).name), "") for each in person.asked),
        states[0] if states else "asked for",
        tuple(options),
        min(moments, default=""),
        tuple(each.pull for each in person.asked),
        tuple(_named(subjects, post, repository) for post in person.commented_on or ()),
    )


def _named(subjects: Subjects, post: Post, repository: str) -> tuple[str, str]:
    """A post by its claim, and the address of its page, or else of its file; empty where it has neither."""
    file = f"{repository}/blob/main/{quote(post.path)}" if repository and not post.private else ""
    address = link(PROGRESS, post.path) if post.path in subjects.by_path else file
    return subjects.hub.claims[post.path].name, address


def _by_commenter(discussions: Discussions | None) -> str:
    """The beginning of the address of a search on GitHub for the comments of a login; empty where there are none."""
    if discussions is None or not discussions.discussions:
        return ""
    all_of_them = discussions.discussions[0].url.rpartition("/")[0]
    words = {"giscus": "discussions_q=", "utterances": f"q={quote_plus('is:issue ')}"}[discussions.provider]
    return f"{all_of_them}?{words}{quote_plus('commenter:')}"
