"""Everything that the site shows of the repository's records, in one place."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from coursehub.claims.pending import Pending
from coursehub.comments import counts
from coursehub.comments.record import Discussions
from coursehub.records.hub import Hub
from coursehub.site import catalog, feeds, front_matter_schema, social_cards
from coursehub.site.api import robots
from coursehub.site.page import Asset, Keep, Page, anew
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
from coursehub.workflows import Checks


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
    - `keep`: gives texts of the last build
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
    keep: Keep = anew
    processes: int = 1
    own_pages: frozenset[str] = frozenset()
    has_task: bool = False
    checks: Checks = Checks()


def build(hub: Hub, inputs: SiteInputs) -> Site:
    """The site of a hub."""
    broken, address, keep = inputs.broken, inputs.address, inputs.keep
    shown = shown_posts(hub, broken, with_drafts=inputs.with_drafts)
    sound = [post for post in hub.posts if post.path not in broken]
    comment_counts = counts.counted(inputs.comments, hub.posts) if inputs.comments else None
    pictures = publish(hub, shown, inputs.pictures, inputs.processes) if inputs.pictures else dict[str, Published]()
    small = thumbnails(hub, shown, pictures, inputs.pictures, inputs.processes) if inputs.pictures else {}
    on_cards = {path: picture.path for path, picture in small.items()}
    subjects = Subjects(hub, tuple(shown), inputs.dead, comment_counts, inputs.pending, on_cards)
    entries = catalog.entries(subjects)
    published = [post for post in shown if post.is_published]
    entry_by_path = {entry.path: entry for entry in entries}
    published_entries = [entry_by_path[post.path] for post in published]
    site_feeds = feeds.feeds(hub.course, published_entries, subjects.topic_path) if address else []
    claims = claim_pages.claims(hub, inputs.since)
    pages = [
        home_page(subjects),
        *list_pages(subjects, sound, keep),
        free_page(subjects),
        *subject_pages(subjects, keep),
        *(post_page(subjects, post, address, pictures) for post in shown),
        *moved_pages(subjects),
        rules_page(),
        markdown_page(),
        catalog_page.page(hub, entries, commands_url=manual_url("commands.md", inputs.own_pages)),
        statistics_page.page(subjects, entries),
        *claim_pages.claim_pages(subjects, claims, inputs.repository, keep),
        progress_page(subjects, claims, inputs.comments, inputs.repository),
        *manual_pages(
            hub.course,
            hub.vocabulary,
            inputs.own_pages,
            inputs.published,
            inputs.checks,
            has_task=inputs.has_task,
        ),
    ]
    faces = social_cards.faces(subjects, published, pages) if inputs.cards and address else {}
    with_feeds = feeds.linked(pages, site_feeds)
    return Site(
        pages=social_cards.linked(with_feeds, faces, subjects, address) if address else with_feeds,
        assets=[
            *claim_pages.claim_assets(subjects, claims, inputs.repository, inputs.published, broken),
            *catalog_page.assets(hub, entries),
            *feeds.assets(hub.course, site_feeds, address, keep),
            front_matter_schema.asset(hub.course),
            robots(address),
        ],
        pictures=[*(file for each in pictures.values() for file in each.files), *dict.fromkeys(small.values())],
        cards=social_cards.pictures(faces, inputs.cards) if inputs.cards else (),
    )
