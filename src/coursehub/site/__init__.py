"""Everything that the site shows of the repository's records, in one place."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from coursehub.claims.pending import Pending
from coursehub.comments import counts
from coursehub.comments.record import Discussions
from coursehub.records import outline
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.site import catalog, feeds, front_matter_schema, social_cards
from coursehub.site.api import robots
from coursehub.site.cards import WORDS_A_MINUTE, minutes
from coursehub.site.page import Asset, Page, load_templates
from coursehub.site.pages import catalog_page, claim_pages, statistics_page
from coursehub.site.pages.free_page import free_page
from coursehub.site.pages.home_page import home_page
from coursehub.site.pages.list_pages import list_pages
from coursehub.site.pages.manual_pages import manual_pages, manual_url
from coursehub.site.pages.markdown_page import markdown_page
from coursehub.site.pages.moved_pages import moved_pages
from coursehub.site.pages.post_page import post_page
from coursehub.site.pages.progress_page import progress_page
from coursehub.site.pages.rules_page import rules_page
from coursehub.site.pages.subject_pages import subject_pages
from coursehub.site.pictures import PictureFile, Published, publish
from coursehub.site.subjects import Subjects, shown_posts
from coursehub.site.thumbnails import thumbnails
from coursehub.system.keeping import Keep, nothing_kept
from coursehub.workflows import Checks
from forkpool import in_order


class Site(NamedTuple):
    """Pages to render, files to write, files of pictures to copy, and pictures that were drawn."""

    pages: Iterable[Page]
    assets: Iterable[Asset]
    pictures: Iterable[PictureFile]
    cards: Iterable[social_cards.Picture]


class SiteInputs(msgspec.Struct, frozen=True, kw_only=True):
    """All that a site is built from beside the repository's records.

    - `broken`: paths of posts that are left out
    - `since`: path → when the post came to main
    - `repository`: address of the repository on GitHub
    - `address`: the site's own, with a slash at its end; empty in a preview, which has no feeds and no cards
    - `published`: the address of the published site, of which a preview knows, too
    - `with_drafts`: show drafts as if they were published, for their authors
    - `dead`: links that are dead; earlier posts there are marked, and lead to a copy
    - `comments`: those that are counted and linked; None: the site has nothing about comments
    - `pending`: claims that open pull requests ask for; None: only main is known, and the site says so
    - `cards`: the folder of cards drawn before; None: no cards
    - `pictures`: the folder of pictures made before; None: no pictures
    - `keep`: gives a `Keep` of this name
    - `processes`: how many may work at once
    - `own_pages`: paths of pages that the course has itself, in `docs/`
    - `has_task`: whether Visual Studio Code has a task that checks a post
    - `checks`: what a pull request must pass, by the names that GitHub shows
    """

    broken: frozenset[str] = frozenset()
    since: Mapping[str, str] = {}
    repository: str = ""
    address: str = ""
    published: str = ""
    with_drafts: bool = False
    dead: frozenset[str] = frozenset()
    comments: Discussions | None = None
    pending: Pending | None = None
    cards: Path | None = None
    pictures: Path | None = None
    keep: Callable[[str], Keep] = nothing_kept
    processes: int = 1
    own_pages: frozenset[str] = frozenset()
    has_task: bool = False
    checks: Checks = Checks()


# The inputs that are content: all but folders and the like.
_SHOWN = sorted({*SiteInputs.__struct_fields__} - {"cards", "pictures", "keep", "processes"})


class _Lists(msgspec.Struct, frozen=True):
    """All but posts' own pages: the pages before those and behind, and the files that are no pages.

    `newest`: the page of a tool or an author → the path of its newest post.
    """

    before: tuple[Page, ...]
    behind: tuple[Page, ...]
    assets: tuple[Asset, ...]
    newest: dict[str, str]


def build(hub: Hub, inputs: SiteInputs) -> Site:
    """The site of a hub."""
    shown = shown_posts(hub, inputs.broken, with_drafts=inputs.with_drafts)
    cache, keep = inputs.pictures, inputs.keep("pictures")
    pictures = publish(hub, shown, cache, keep, inputs.processes) if cache else dict[str, Published]()
    small = thumbnails(hub, shown, pictures, cache, inputs.processes) if cache else {}
    without_texts = outline.without_texts(hub, lambda post: minutes(post) * WORDS_A_MINUTE)
    subjects = _subjects(without_texts, inputs, {path: picture.path for path, picture in small.items()})
    sizes = {path: picture.shown for path, picture in pictures.items()}
    mark = outline.mark(subjects.hub, subjects.thumbnails, sizes, *(getattr(inputs, name) for name in _SHOWN))
    lists = inputs.keep("lists").one(mark, lambda: _lists(subjects, inputs), _Lists)
    pages = [*lists.before, *_posts(subjects, shown, inputs, pictures, mark), *lists.behind]
    published = [post for post in subjects.shown if post.is_published]
    faces = social_cards.faces(subjects, published, pages) if inputs.cards and inputs.address else {}
    return Site(
        pages=social_cards.linked(pages, faces, lists.newest, inputs.address) if inputs.address else pages,
        assets=lists.assets,
        pictures=[*(file for each in pictures.values() for file in each.files), *dict.fromkeys(small.values())],
        cards=social_cards.pictures(faces, inputs.cards) if inputs.cards else (),
    )


def _subjects(hub: Hub, inputs: SiteInputs, thumbnails: Mapping[str, str]) -> Subjects:
    shown = tuple(shown_posts(hub, inputs.broken, with_drafts=inputs.with_drafts))
    comment_counts = counts.counted(inputs.comments, hub.posts) if inputs.comments else None
    return Subjects(hub, shown, inputs.dead, comment_counts, inputs.pending, thumbnails)


def _posts(
    subjects: Subjects, shown: Sequence[Post], inputs: SiteInputs, pictures: Mapping[str, Published], mark: bytes
) -> Iterator[Page]:
    """The pages of posts, each made of its file and the site's outline, of which this is the mark."""

    def without_text(number: int) -> Page:
        return msgspec.structs.replace(post_page(subjects, shown[number], inputs.address, pictures), markdown="")

    made_of = [(mark, post.path, post.digest) for post in shown]
    make = partial(in_order, without_text, result=Page, processes=inputs.processes)
    for post, page in zip(shown, inputs.keep("posts").all(made_of, make, Page), strict=True):
        yield msgspec.structs.replace(page, markdown=post.body)


def _lists(subjects: Subjects, inputs: SiteInputs) -> _Lists:
    hub, keep = subjects.hub, inputs.keep("pages")
    entries = catalog.entries(subjects)
    entry_by_path = {entry.path: entry for entry in entries}
    published_entries = [entry_by_path[post.path] for post in subjects.shown if post.is_published]
    site_feeds = feeds.feeds(hub.course, published_entries, subjects.topic_path) if inputs.address else []
    claims = claim_pages.claims(hub, inputs.since)
    behind = [
        *moved_pages(subjects),
        rules_page(),
        markdown_page(),
        catalog_page.page(hub, entries, commands_url=manual_url("commands.md", inputs.own_pages)),
        statistics_page.page(subjects, entries),
        *claim_pages.claim_pages(subjects, claims, inputs.repository, keep),
        progress_page(subjects, claims, inputs.comments, inputs.repository),
        *manual_pages(
            hub.course,
            hub.names.vocabulary,
            inputs.own_pages,
            inputs.published,
            inputs.checks,
            has_task=inputs.has_task,
        ),
    ]
    assets = [
        *claim_pages.claim_assets(subjects, claims, inputs.repository, inputs.published, inputs.broken),
        *catalog_page.assets(hub, entries),
        *feeds.assets(hub.course, site_feeds, inputs.address, keep),
        front_matter_schema.asset(hub.course),
        robots(inputs.address),
    ]
    makers: list[Callable[[], Page]] = [
        partial(home_page, subjects),
        *list_pages(subjects, [post for post in hub.posts if post.path not in inputs.broken], keep),
        partial(free_page, subjects),
        *subject_pages(subjects, keep),
    ]
    load_templates()
    before = keep.in_order(lambda make: make(), makers, Page, inputs.processes)
    return _Lists(
        tuple(feeds.linked(before, site_feeds)),
        tuple(feeds.linked(behind, site_feeds)),
        tuple(assets),
        social_cards.newest(subjects),
    )
