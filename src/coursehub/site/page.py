"""A page of the site: its path, its front matter, its Markdown. What renders it is no matter here.

Lists come as HTML inside the Markdown, made by Jinja templates that escape everything they are given; a post's
own Markdown is passed on as it is, for the renderer to convert and to clean.
"""

import datetime as dt
import html
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import quote

import jinja2
import msgspec

from coursehub.names.file_names import is_device
from coursehub.names.identity import fold
from coursehub.names.titles import PREFIX
from coursehub.records.assignment import Options
from coursehub.records.course import Course
from coursehub.records.paths import FOLDER
from coursehub.site.front_matter import FrontMatter, Search
from coursehub.system.keeping import ANEW, Keep
from coursehub.text.permalink import permalink
from coursehub.text.wording import plural, several, with_and, with_article, with_or

HOME = "index.md"
POSTS = f"{FOLDER}/index.md"
CATALOG = "catalog.md"
TOOLS = "tools/index.md"
NEEDS_COMMENT = "needs-comment.md"
BOARD = "claims/index.md"
FREE = "free.md"
RULES = "rules.md"
MARKDOWN = "markdown.md"
HOW_TO = "claim.md"
PROGRESS = "progress.md"
COMMENTS_DUE = "Comments are due"
RARELY_MEANT = 0.2  # how much a page's words count in the search, of one that has many and is seldom looked for
_SLUG = re.compile(rf"(?:{PREFIX})?[^\W_](?:-*[^\W_])*")
_LONGEST = 100  # bytes; file systems take 255


class Page(msgspec.Struct, frozen=True):
    """A page: where it goes, its front matter, its text.

    `source` is the file to edit, if there is one. The text is Markdown, or HTML already, which need not be converted.
    `instead`: path that the text gives → the path of the file that it means.
    """

    path: str
    meta: FrontMatter
    markdown: str
    source: str | None = None
    is_html: bool = False
    instead: Mapping[str, str] = {}


class Asset(msgspec.Struct, frozen=True):
    """A file of the site that is no page."""

    path: str
    content: bytes


class Lists(msgspec.Struct, frozen=True):
    """All but posts' own pages: the pages before those and behind, and the files that are no pages.

    `newest`: the page of a tool or an author → the path of its newest post.
    """

    before: tuple[Page, ...]
    behind: tuple[Page, ...]
    assets: tuple[Asset, ...]
    newest: dict[str, str]


def file_name(name: str) -> str:
    """The name of the file, without `.md`, for what bears this name.

    A tool's slug and a title's are their own. Other names have a mark that no slug has: capitals, signs, more bytes
    than a file system takes, a device's name on Windows, and `index`, which is the folder's own page.
    """
    is_slug = _SLUG.fullmatch(name) and name == name.casefold() and len(name.encode()) <= _LONGEST
    if is_slug and name != "index" and not is_device(name):
        return name
    readable = re.sub(r"[^a-z0-9]+", "-", "-".join(fold(name)))[:40].strip("-")
    return f"{readable}_{sha256(name.encode()).hexdigest()[:12]}"


def link(source: str, target: str) -> str:
    """How the page at `source` links to the one at `target`, wherever the site is published."""
    here, there = permalink(source).split("/")[:-1], permalink(target).split("/")[:-1]
    shared = next((i for i, (one, other) in enumerate(zip(here, there, strict=False)) if one != other), None)
    shared = min(len(here), len(there)) if shared is None else shared
    return "/".join([".."] * (len(here) - shared) + there[shared:] or ["."]) + "/"


def link_to_file(source: str, target: str) -> str:
    """The relative address by which the Markdown of the page at `source` names the file at `target`."""
    return quote(posixpath.relpath(target, posixpath.dirname(source)))


def root_of(source: str) -> str:
    """How the page at `source` links to the site's root, with a slash behind it."""
    return link(source, HOME)


@cache
def templates() -> jinja2.Environment:
    """The templates of pages. What is set there, like a cache of compiled ones, holds for all."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("coursehub.site"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals |= {"plural": plural, "several": several, "with_article": with_article}
    return environment


def load_templates() -> None:
    """Load all templates, which processes then have that are forked from this one."""
    for name in templates().list_templates():
        templates().get_template(name)


def list_page(path: str, template: str, title: str, description: str, /, **values: Any) -> Page:  # noqa: ANN401
    """A page made of records, by a template of Markdown (`.md`) or of HTML (`.html`).

    Search finds its title and its description alone, for what it lists has pages of its own.
    """
    return kept_page(ANEW, None, path, template, title, description, lambda: values)


def kept_page(
    keep: Keep, made_of: object, path: str, template: str, title: str, description: str,
    values: Callable[[], Mapping[str, Any]],
) -> Page:  # fmt: skip
    """A `list_page` whose text is made anew only where `made_of`, which is plain data, has changed."""

    def text() -> str:
        here = {"author": author_url, "title": title, "link": lambda target: link(path, target)}
        return templates().get_template(template).render(here, **values())

    listed = Search(lead=_paragraph(description), text=False)
    meta = FrontMatter(title, description, hide=("navigation", "toc"), search=listed)
    return Page(path, meta, keep.one((path, template, title, made_of), text, str), is_html=template.endswith(".html"))


def searchable(page: Page, *hide: str) -> Page:
    """Return the page as one to read: search finds its text, and its table of contents is beside it."""
    return msgspec.structs.replace(page, meta=msgspec.structs.replace(page.meta, hide=hide, search=None))


def found_by(page: Page, *keywords: str, boost: float = 1, lead: str = "") -> Page:
    """Return the page with words by which readers mean it, how much its words count, and a text that search shows."""
    search = page.meta.search or Search()
    search = msgspec.structs.replace(
        search, keywords=keywords, boost=boost, lead=search.lead + (_paragraph(lead) if lead else "")
    )
    return msgspec.structs.replace(page, meta=msgspec.structs.replace(page.meta, search=search))


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text, quote=False)}</p>"


def author_url(login: str) -> str:
    """An author's profile."""
    return f"https://github.com/{login}"


def semester_path(semester: str) -> str:
    """The page of a semester."""
    return f"{FOLDER}/{semester}/index.md"


class Claimed(NamedTuple):
    """The words for what is claimed: “tool or paper”, “a tool or a paper”, “tools and papers”."""

    one: str
    a: str
    many: str


def claimed_in(options: Options) -> Claimed:
    """The words for what the posts of these options claim."""
    words = options.claimed
    return Claimed(with_or(words), with_or([*map(with_article, words)]), with_and([*map(several, words)]))


class Deadline(NamedTuple):
    """A moment that a course waits for, with the words for it before and after it has passed."""

    before: str
    after: str
    moment: dt.datetime


def deadlines_of(course: Course) -> list[Deadline]:
    """The open semester's deadlines, as far as the course has them, the earliest first."""
    semester = course.semesters[course.order[course.open_semester]]
    written = (
        ("Claims open", "Claims opened", semester.claims_open),
        ("Posts are due", "Posts were due", semester.post_due),
        (COMMENTS_DUE, "Comments were due", semester.comments_due),
    )
    deadlines = [Deadline(before, after, course.moment(when)) for before, after, when in written if when]
    return sorted(deadlines, key=lambda deadline: deadline.moment.astimezone(dt.UTC))
