"""The front matter of generated pages: what MkDocs, its theme and the templates read as `page.meta`.

A `page` is the address of a page here, from the site's root; empty where there is none.
"""

from collections.abc import Callable
from html import escape
from typing import Any, TypeVar

import msgspec


class Search(msgspec.Struct, frozen=True, omit_defaults=True):
    """The search's settings for a page. `lead`: HTML that is found, and not in the page's text.

    `text`: whether that is found, too. `keywords`: words by which readers mean this page before any other. `boost`: how
    much more each of its words counts.
    """

    exclude: bool = False
    lead: str = ""
    text: bool = True
    keywords: tuple[str, ...] = ()
    boost: float = 1


class FeedLinks(msgspec.Struct, frozen=True):
    """The feed that has the same posts as a page: its title, and its files from the site's root."""

    title: str
    rss: str
    json: str


class AuthorLink(msgspec.Struct, frozen=True):
    """An author; `name` is the one to cite, which may be the login."""

    login: str
    name: str
    page: str


class ToolLink(msgspec.Struct, frozen=True):
    """A tool; `url` is its home page."""

    name: str
    url: str
    page: str


class TopicLink(msgspec.Struct, frozen=True):
    """A topic."""

    title: str
    page: str


class Part(msgspec.Struct, frozen=True):
    """A part that the assignment asks for, and the heading under which the post has it; `id` is that heading's."""

    title: str
    heading: str
    id: str = ""


class Player(msgspec.Struct, frozen=True):
    """A video that can be played on the page: who shows it, the host that is asked, and the address to frame."""

    provider: str
    host: str
    embed: str


class Picture(msgspec.Struct, frozen=True):
    """A picture, and its text alternative."""

    url: str
    alt: str


class OtherPost(msgspec.Struct, frozen=True):
    """Another post; `url`, `host` and `dead` are those of `Where`.

    `tools` is empty where the title names them, `authors`, in words, where they are not known. `is_from_address`: the
    title was read from the post's address.
    """

    title: str
    semester: str
    page: str
    url: str
    host: str
    dead: str
    tools: str
    authors: str
    is_from_address: bool


class ReadNext(msgspec.Struct, frozen=True):
    """Posts to read next, and the heading above them."""

    title: str
    posts: tuple[OtherPost, ...]


class PostView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a post, but for its text.

    `day` is the date in words, `claims` the kind of thing that the option claims: tool or application.
    `external_url` and `host` are empty where the text is here, and `minutes` 0 where it is elsewhere. `is_gone`:
    `external_url` is a dead link. `archived` is the address of a copy, `discussion` that of the comments, whose
    number `comments` has in words; `term` is what the widget finds them by. `linked_data` is a
    https://schema.org/BlogPosting.
    """

    title: str
    summary: str
    authors: tuple[AuthorLink, ...]
    option: str
    format: str
    claims: str
    tools: tuple[ToolLink, ...]
    topics: tuple[TopicLink, ...]
    semester: str
    semester_page: str
    date: str
    day: str
    minutes: int
    has_text: bool
    covers: tuple[Part, ...]
    external_url: str
    host: str
    is_gone: bool
    archived: str
    verb: str
    video: Player | None
    picture: Picture | None
    evidence: tuple[str, ...]
    differences: str
    earlier: tuple[OtherPost, ...]
    read_next: tuple[ReadNext, ...]
    needs_comment_page: str
    bibtex: str
    term: str
    comments: str
    discussion: str
    linked_data: dict[str, Any] = {}


class ShownPicture(msgspec.Struct, frozen=True):
    """A picture in a post's text: its size in pixels as it is shown, and the widths of its smaller versions."""

    width: int
    height: int
    smaller: tuple[int, ...] = ()


class Shared(msgspec.Struct, frozen=True):
    """The picture that other sites show beside a link to a page, its address and what it shows. `is_card`: its size is
    that of cards.
    """

    url: str
    alt: str
    is_card: bool


class FrontMatter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page's front matter. `nav` is its title in the navigation, where that is another; `shared` the picture that
    stands for it on other sites.

    `leads_to` is the page that took the place of this one. `is_unlisted`: search engines are asked to pass it over.
    `pictures`: path → those in the text.
    """

    title: str
    description: str
    hide: tuple[str, ...] = ()
    search: Search | None = None
    template: str = "main.html"
    nav: str = ""
    shared: Shared | None = None
    leads_to: str = ""
    is_unlisted: bool = False
    feed: FeedLinks | None = None
    post: PostView | None = None
    pictures: dict[str, ShownPicture] = {}


def for_themes(meta: FrontMatter) -> FrontMatter:
    """The front matter with its title and description escaped: themes and their search take both for HTML."""
    return msgspec.structs.replace(meta, title=escape(meta.title), description=escape(meta.description))


_Linked = TypeVar("_Linked", AuthorLink, ToolLink, TopicLink, OtherPost)


def with_pages(post: PostView, address: Callable[[str], str]) -> PostView:
    """The view with another address for each page here, which `address` gives of the one from the site's root."""

    def relinked(links: tuple[_Linked, ...]) -> tuple[_Linked, ...]:
        return tuple(msgspec.structs.replace(each, page=address(each.page)) for each in links)

    return msgspec.structs.replace(
        post,
        authors=relinked(post.authors),
        tools=relinked(post.tools),
        topics=relinked(post.topics),
        semester_page=address(post.semester_page),
        earlier=relinked(post.earlier),
        needs_comment_page=address(post.needs_comment_page),
        read_next=tuple(msgspec.structs.replace(group, posts=relinked(group.posts)) for group in post.read_next),
    )
