"""Everything that the site shows of the repository's records, in one place."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from coursehub.site import catalog, feeds, social_cards
from coursehub.site.pages import catalog_page, claim_pages, statistics_page
from coursehub.comments import counts
from coursehub.comments.record import Discussions
from coursehub.site.pages.home_page import home_page
from coursehub.site.pages.list_pages import list_pages
from coursehub.site.page import Asset, Keep, Page, anew
from coursehub.site.pages.post_page import post_page
from coursehub.records.hub import Hub
from coursehub.site.api import robots
from coursehub.site.pages.rules_page import rules_page
from coursehub.site.subjects import pictures, shown_posts
from coursehub.site.pages.subject_pages import subject_pages
from coursehub.site.subjects import Subjects


class Site(NamedTuple):
    """Pages to render, files to write, paths of pictures to copy as they are, and pictures that were drawn."""

    pages: Iterable[Page]
    assets: Iterable[Asset]
    pictures: Iterable[str]
    cards: Iterable[social_cards.Picture]


def made(
    hub: Hub, *, broken: frozenset[str], since: Mapping[str, str], repository: str, address: str = "",
    with_drafts: bool = False, dead: frozenset[str] = frozenset(), comments: Discussions | None = None,
    cards: Path | None = None, keep: Keep = anew,
) -> Site:  # fmt: skip
    """The site of a hub.

    Posts at the paths in `broken` are left out. `since`: path → when it came to main; `repository`: its address on
    GitHub; `address`: the site's own, with a slash at its end, as far as it is known. `with_drafts` shows drafts as if
    they were published, for their authors. Earlier posts at the addresses in `dead` are marked, and lead to a copy. Of
    `comments` the site has the numbers and where they are; without, it says nothing of them.
    Without `address` there are no feeds and no cards; `cards` is the folder that keeps those once drawn, and without it
    there are none. `keep` gives texts that were made before.
    """
    if dead:
        hub = msgspec.structs.replace(hub, dead=dead)
    if comments:
        hub = msgspec.structs.replace(hub, counts=counts.counted(comments, hub.posts))
    shown = shown_posts(hub, broken, with_drafts=with_drafts)
    sound = [post for post in hub.posts if post.path not in broken]
    subjects = Subjects(hub, tuple(shown))
    entries = catalog.entries(hub, shown)
    published = [post for post in shown if post.is_published]
    with_cards = published if cards and address else []
    entry_by_path = {entry.path: entry for entry in entries}
    told = [entry_by_path[post.path] for post in published]
    found = feeds.feeds(hub.course, told, subjects.topic_path) if address else []
    claims = claim_pages.claims(hub, since)
    made_pages = [
        home_page(subjects),
        *list_pages(subjects, sound, keep),
        *subject_pages(subjects, keep),
        *(post_page(subjects, post, address) for post in shown),
        rules_page(),
        catalog_page.page(hub, entries),
        statistics_page.page(subjects, entries),
        *claim_pages.claim_pages(hub, claims, frozenset(subjects.by_path), keep),
    ]
    return Site(
        pages=social_cards.linked(feeds.linked(made_pages, found), with_cards),
        assets=[
            *claim_pages.claim_assets(hub, claims, repository, broken),
            *catalog_page.assets(hub, entries),
            *feeds.assets(hub.course, found, address, keep),
            robots(address),
        ],
        pictures=pictures(hub, shown),
        cards=social_cards.pictures(hub, with_cards, cards) if cards else (),
    )
