"""Records → pages of the site, as (path, front matter, Markdown). What renders them is no matter here.

Lists come as HTML inside the Markdown, made by Jinja templates that escape everything they are given; a post's
own Markdown is passed on as it is, for the renderer to convert and to clean.
"""

import datetime as dt
import html
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import jinja2
import msgspec

from coursehub import checks, discussion, markup
from coursehub.course import Course
from coursehub.earlier import Where, host, where
from coursehub.finding import Severity
from coursehub.hub import Hub, Precedent
from coursehub.post import FOLDER, Post
from coursehub.registry import PriorPost

POSTS = f"{FOLDER}/index.md"
PRIOR_POSTS = "prior-posts.md"
NEEDS_COMMENT = "needs-comment.md"
BOARD = "claims/index.md"
RULES = "rules.md"
HOW_TO = "claim.md"
WORDS_A_MINUTE = 220  # silent reading of non-fiction: Brysbaert 2019, doi:10.1016/j.jml.2019.104047 (238 at most)


class Page(msgspec.Struct, frozen=True):
    """A page: where it goes, what its template needs, its text. `source` is the file to edit, if there is one."""

    path: str
    meta: dict[str, Any]
    markdown: str
    source: str | None = None


class Asset(msgspec.Struct, frozen=True):
    """A file of the site that is no page."""

    path: str
    content: bytes


class Card(msgspec.Struct, frozen=True):
    """A published post as lists show it."""

    title: str
    path: str
    authors: tuple[str, ...]
    tools: str
    option: str
    semester: str
    date: str
    day: str
    summary: str
    format: str
    minutes: int
    host: str
    comments: str


def shown_posts(hub: Hub, broken: frozenset[str], *, with_drafts: bool = False) -> list[Post]:
    """The posts that get a page, the newest first: published ones, and drafts for who writes them."""
    statuses = ("published", "draft") if with_drafts else ("published",)
    return newest_first(
        [post for post in hub.posts if post.status in statuses and not post.private and post.path not in broken]
    )


def post_pages(hub: Hub, broken: frozenset[str], shown: list[Post]) -> Iterator[Page]:
    """Home, lists, semesters, rules, and a page for each post in `shown`; broken posts are in none of them."""
    posts = [post for post in hub.posts if post.path not in broken]
    yield _home(hub, posts, shown)
    yield _all_posts(hub, shown)
    yield _needs_comment(hub, shown)
    for semester in _semesters(hub, posts):
        yield _semester(hub, semester, posts, shown)
    paths = frozenset(post.path for post in shown)
    for post in shown:
        yield _post(hub, post, paths)
    yield _prior_posts(hub)
    yield _rules()


def pictures(hub: Hub, shown: Iterable[Post]) -> Iterator[str]:
    """Paths of the pictures that these posts use; the site has them at the same paths."""
    for post in shown:
        if post.is_hosted_here:
            paths = {post.local_path(picture.address) for picture in post.markup.pictures}
            yield from sorted(paths & hub.pictures.keys())


def newest_first(posts: Sequence[Post]) -> list[Post]:
    """Posts by date, the newest first; of one day, by path."""
    return sorted(sorted(posts, key=lambda post: post.path), key=lambda post: str(post.date), reverse=True)


def url(path: str) -> str:
    """The address of a page, from the site's root: `posts/F2026/dvc.md` → `posts/F2026/dvc/`."""
    return path.removesuffix("index.md") if path.endswith("index.md") else f"{path.removesuffix('.md')}/"


def link(source: str, target: str) -> str:
    """How the page at `source` links to the one at `target`, wherever the site is published."""
    return posixpath.relpath(url(target) or ".", url(source) or ".") + "/"


def root_of(source: str) -> str:
    """How the page at `source` links to the site's root, with a slash behind it."""
    return link(source, "index.md")


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("coursehub"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def list_page(path: str, template: str, title: str, description: str, /, **values: Any) -> Page:  # noqa: ANN401
    """A page made of records. Search leaves it out, for what it lists has pages of its own."""
    text = _templates().get_template(template)
    markdown = text.render(values, title=title, link=lambda target: link(path, target), author=author_url)
    meta = {"title": title, "description": description, "hide": ["navigation", "toc"], "search": {"exclude": True}}
    return Page(path, meta, markdown)


def searchable(page: Page, *hide: str) -> Page:
    """The same page as one to read: found by search, with its table of contents beside it."""
    meta = {key: page.meta[key] for key in ("title", "description")}
    return msgspec.structs.replace(page, meta={**meta, "hide": list(hide)})


def author_url(login: str) -> str:
    """An author's profile."""
    return f"https://github.com/{login}"


def _home(hub: Hub, posts: list[Post], published: list[Post]) -> Page:
    page = list_page(
        "index.md", "home.md", hub.course.name,
        f"Posts of students of {hub.course.name} on the tools they tried, and who writes about which tool.",
        course=hub.course, posts_shown=[_card(hub, post) for post in published[:6]], posts=len(published),
        priors=len(hub.priors), tools=len({code for each in hub.all_precedents for code in each.claim.codes}),
        semesters=len({each.semester for each in hub.all_precedents}), deadlines=deadlines_of(hub.course),
        posts_path=POSTS, prior_path=PRIOR_POSTS, how_path=HOW_TO,
        board_path=BOARD, needs_path=NEEDS_COMMENT,
    )  # fmt: skip
    return msgspec.structs.replace(page, meta={**page.meta, "template": "home.html", "nav": "Home"})


def deadlines_of(course: Course) -> list[tuple[str, dt.datetime]]:
    """The open semester's deadlines, each with what it is for, as far as the course has them."""
    semester = course.semesters[course.order[course.open_semester]]
    deadlines = {
        "Claims open": semester.claims_open,
        "Posts are due": semester.post_due,
        "Comments are due": semester.comments_due,
    }
    return [(what, course.moment(written)) for what, written in deadlines.items() if written]


def _day(date: dt.date | None) -> str:
    return f"{date.day} {date:%B %Y}" if date else ""


def _all_posts(hub: Hub, published: list[Post]) -> Page:
    groups = [
        (semester.id, [_card(hub, post) for post in published if post.semester == semester.id])
        for semester in reversed(hub.course.semesters)
    ]
    return list_page(
        POSTS, "posts.md", "Posts", "All posts published here, the newest first.",
        groups=[group for group in groups if group[1]], semester_path=_semester_path, prior_path=PRIOR_POSTS,
        how_path=HOW_TO, needs_path=NEEDS_COMMENT,
    )  # fmt: skip


def _needs_comment(hub: Hub, shown: list[Post]) -> Page:
    """The open semester's posts by fewest comments of others than their authors, then the oldest first."""
    posts = [post for post in shown if post.is_published and post.semester == hub.course.open_semester]
    by_others = {post.path: hub.counts.of(post).by_others if hub.counts else 0 for post in posts}
    posts.sort(key=lambda post: (by_others[post.path], str(post.date), post.path))
    return list_page(
        NEEDS_COMMENT, "needs-comment.md", "Posts that need a comment",
        f"Posts of {hub.course.open_semester} with the fewest comments first.",
        rows=[(_card(hub, post), in_words(by_others[post.path])) for post in posts],
        read=hub.counts.read.astimezone(hub.course.zone) if hub.counts else None,
        semester=hub.course.open_semester, posts_path=POSTS, course=hub.course,
    )  # fmt: skip


def _semester_path(semester: str) -> str:
    return f"{FOLDER}/{semester}/index.md"


def _semesters(hub: Hub, posts: list[Post]) -> list[str]:
    """The semesters of which there is something to read."""
    written = {post.semester for post in posts if post.is_live} | {prior.semester for prior in hub.priors}
    return [semester.id for semester in hub.course.semesters if semester.id in written]


def _semester(hub: Hub, semester: str, posts: list[Post], published: list[Post]) -> Page:
    shown = {post.path for post in published}
    claims = [post for post in posts if post.semester == semester and post.is_live and post.path not in shown]
    return list_page(
        _semester_path(semester), "semester.md", f"Semester {semester}",
        f"Posts of {hub.course.name} in {semester}, here and elsewhere.",
        semester=semester, cards_=[_card(hub, post) for post in published if post.semester == semester],
        claims=[(_card(hub, post), _state(post)) for post in claims],
        priors=_prior_rows(hub, [prior for prior in hub.priors if prior.semester == semester]),
        prior_path=PRIOR_POSTS, posts_path=POSTS,
    )  # fmt: skip


def _state(post: Post) -> str:
    return "posted inside the course" if post.is_published else post.status


def _card(hub: Hub, post: Post) -> Card:
    return Card(
        post.title, post.path, post.authors, hub.claims[post.path].name, _option_title(hub, post.option), post.semester,
        str(post.date or ""), _day(post.date), post.summary, post.format, _minutes(post), host(post.external_url),
        in_words(hub.counts.of(post).comments) if hub.counts else "",
    )  # fmt: skip


def in_words(comments: int) -> str:
    """How many comments a post has: no comments yet, 1 comment, 3 comments. No line breaks within that."""
    words = f"{comments} comment{'' if comments == 1 else 's'}" if comments else "no comments yet"
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _option_title(hub: Hub, option: str) -> str:
    found = hub.course.option_by_id.get(option)
    return found.title if found else option


def _minutes(post: Post) -> int:
    """Minutes that reading takes, at least one; none where the text is elsewhere."""
    return max(1, round(post.markup.words / WORDS_A_MINUTE)) if post.is_hosted_here else 0


def _post(hub: Hub, post: Post, paths: frozenset[str]) -> Page:
    option = hub.course.option_by_id.get(post.option)
    claim = hub.claims[post.path]
    view = {
        **msgspec.structs.asdict(_card(hub, post)),
        "authors": [{"login": login, "url": author_url(login)} for login in post.authors],
        "tools": [
            {"name": identity.name, "url": address if host(address) else ""}
            for identity, address in zip(claim.identities, _tool_urls(hub, post), strict=True)
        ],
        "claims": option.claims if option else "tool",
        "topics": [hub.course.topic_by_id[topic].title for topic in post.topics if topic in hub.course.topic_by_id],
        "semester_page": url(_semester_path(post.semester)) if post.semester in hub.course.order else "",
        "covers": [
            {"title": requirement.title, "heading": post.covers[requirement.id]}
            for requirement in (option.requirements if option else ())
            if requirement.id in post.covers
        ],
        "external_url": post.external_url if host(post.external_url) else "",
        "evidence": [{"url": address, "host": host(address)} for address in post.evidence if host(address)],
        "differences": post.differences,
        "earlier": [_earlier(hub, precedent, paths) for precedent in hub.earlier(post)],
        "term": discussion.term(post.path),
        "discussion": hub.counts.of(post).url if hub.counts else "",
    }
    meta = {"title": post.title, "description": post.summary, "hide": ["navigation"], "template": "post.html"}
    text = post.body if post.is_hosted_here else f"<p>{html.escape(post.summary)}</p>"  # for search alone
    return Page(post.path, {**meta, "post": view}, text, source=post.path)


def find_headings(covers: Iterable[Mapping[str, str]], headings: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Each of a post's `covers` with the id of its heading, empty where there is none.

    `headings` are the rendered page's: a heading's words, with HTML's entities, and its id.
    """
    ids: dict[str, str] = {}
    for words, anchor in headings:
        ids.setdefault(markup.heading_name(html.unescape(words)), anchor)
    for each in covers:
        yield {**each, "id": ids.get(markup.heading_name(each["heading"]), "")}


def _tool_urls(hub: Hub, post: Post) -> list[str]:
    """The address of each tool, in the order of the claim's identities; empty where it was not told."""
    by_code = {
        code: address for name, address in zip(post.tool, post.tool_url, strict=False) for code in hub.claim(name).codes
    }
    return [by_code.get(identity.code, "") for identity in hub.claims[post.path].identities]


def _earlier(hub: Hub, precedent: Precedent, paths: frozenset[str]) -> dict[str, str]:
    """An earlier post, linked where it is elsewhere or among `paths`, the posts that have a page here."""
    found = where(precedent, hub.dead)
    if not found.host and precedent.path in paths:
        found = Where(url(precedent.path), "")
    return {"title": precedent.title, "semester": precedent.semester, **found._asdict()}


def _prior_rows(hub: Hub, priors: Sequence[PriorPost]) -> list[dict[str, Any]]:
    return [
        {
            "title": prior.title,
            "tools": hub.claim(prior.tools).name,
            "option": _option_title(hub, prior.option),
            "where": where(prior, hub.dead),
            "archived": prior.archived if host(prior.archived or "") else None,
        }
        for prior in sorted(priors, key=lambda prior: prior.title.casefold())
    ]


def _prior_posts(hub: Hub) -> Page:
    groups = [
        (semester.id, _prior_rows(hub, [prior for prior in hub.priors if prior.semester == semester.id]))
        for semester in reversed(hub.course.semesters)
    ]
    page = list_page(
        PRIOR_POSTS, "prior-posts.md", "Earlier posts",
        f"{len(hub.priors)} posts that students of {hub.course.name} wrote in earlier semesters.",
        groups=[group for group in groups if group[1]], count=len(hub.priors),
        without_link=sum(prior.url is None for prior in hub.priors),
    )  # fmt: skip
    return searchable(page, "navigation")


_GROUPS = {
    "source": "The file and its front matter",
    "fields": "Fields",
    "claims": "Claims",
    "content": "Content",
    "data": "Data files",
    "change": "Pull requests",
}


def _rules() -> Page:
    groups = [
        (title, [rule for rule in checks.RULES if rule.group == group]) for group, title in _GROUPS.items()
    ]  # fmt: skip
    page = list_page(
        RULES, "rules.md", "Rules", "Everything that the check looks at, with a bad and a good example of each.",
        groups=groups, blocks=Severity.ERROR,
    )  # fmt: skip
    return searchable(page)
