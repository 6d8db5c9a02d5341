"""All that the site shows beside the posts themselves: lists, subjects, claims, numbers, manuals, feeds, and files."""

from collections.abc import Callable, Iterable
from itertools import chain

import msgspec

from coursehub.site import SiteInputs, catalog, feeds, front_matter_schema, social_cards
from coursehub.site.api import robots
from coursehub.site.page import Asset, Lists, Page, load_templates
from coursehub.site.pages import catalog_page, claim_pages, statistics_page
from coursehub.site.pages.free_page import free_page
from coursehub.site.pages.home_page import home_page
from coursehub.site.pages.list_pages import list_pages
from coursehub.site.pages.manual_pages import manual_pages, manual_url
from coursehub.site.pages.markdown_page import markdown_page
from coursehub.site.pages.moved_pages import moved_pages
from coursehub.site.pages.progress_page import progress_page
from coursehub.site.pages.rules_page import rules_page
from coursehub.site.pages.subject_pages import subject_pages
from coursehub.site.subjects import Subjects


class _Part(msgspec.Struct, frozen=True):
    """Pages that are made at once, or files that are no pages."""

    pages: list[Page] = []
    files: list[Asset] = []


def lists(subjects: Subjects, inputs: SiteInputs) -> Lists:
    """The pages and files that are made of all posts, and of none alone."""
    hub, keep = subjects.hub, inputs.keep("pages")
    entries = catalog.entries(subjects)
    entry_by_path = {entry.path: entry for entry in entries}
    published_entries = [entry_by_path[post.path] for post in subjects.shown if post.is_published]
    site_feeds = feeds.feeds(hub.course, published_entries, subjects.topic_path) if inputs.address else []
    claims = claim_pages.claims(hub, inputs.since)
    assets: list[Callable[[], Iterable[Asset]]] = [
        lambda: claim_pages.claim_assets(subjects, claims, inputs.repository, inputs.published, inputs.broken),
        lambda: catalog_page.assets(hub, entries),
        lambda: feeds.assets(hub.course, site_feeds, inputs.address, keep),
        lambda: [front_matter_schema.asset(hub.course), robots(inputs.address)],
    ]
    behind: list[Callable[[], Iterable[Page]]] = [
        lambda: moved_pages(subjects),
        lambda: [rules_page(), markdown_page()],
        lambda: [catalog_page.page(hub, entries, commands_url=manual_url("commands.md", inputs.own_pages))],
        lambda: [statistics_page.page(subjects, entries)],
        lambda: claim_pages.claim_pages(subjects, claims, inputs.repository, keep),
        lambda: [progress_page(subjects, claims, inputs.comments, inputs.repository)],
        lambda: manual_pages(
            hub.course,
            hub.names.vocabulary,
            inputs.own_pages,
            inputs.published,
            inputs.checks,
            has_task=inputs.has_task,
        ),
    ]
    before: list[Callable[[], Page]] = [
        lambda: home_page(subjects),
        *list_pages(subjects, [post for post in hub.posts if post.path not in inputs.broken], keep),
        lambda: free_page(subjects),
        *subject_pages(subjects, keep),
    ]
    load_templates()
    # Those that take long come first, so that no process waits for another at the end.
    makers = [*map(_files_of, assets), *map(_pages_of, behind), *map(_page_of, before)]
    parts = keep.in_order(lambda make: make(), makers, _Part, inputs.processes)
    pages = [each.pages for each in parts[len(assets) :]]
    return Lists(
        tuple(feeds.linked(chain.from_iterable(pages[len(behind) :]), site_feeds)),
        tuple(feeds.linked(chain.from_iterable(pages[: len(behind)]), site_feeds)),
        tuple(chain.from_iterable(each.files for each in parts)),
        social_cards.newest(subjects),
    )


def _files_of(make: Callable[[], Iterable[Asset]]) -> Callable[[], _Part]:
    return lambda: _Part(files=[*make()])


def _pages_of(make: Callable[[], Iterable[Page]]) -> Callable[[], _Part]:
    return lambda: _Part([*make()])


def _page_of(make: Callable[[], Page]) -> Callable[[], _Part]:
    return lambda: _Part([make()])
