"""All that the site shows beside the posts themselves: lists, subjects, claims, numbers, manuals, feeds, and files."""

from collections.abc import Callable
from functools import partial

from coursehub.site import SiteInputs, catalog, feeds, front_matter_schema, social_cards
from coursehub.site.api import robots
from coursehub.site.page import Lists, Page, load_templates
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


def lists(subjects: Subjects, inputs: SiteInputs) -> Lists:
    """The pages and files that are made of all posts, and of none alone."""
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
    return Lists(
        tuple(feeds.linked(before, site_feeds)),
        tuple(feeds.linked(behind, site_feeds)),
        tuple(assets),
        social_cards.newest(subjects),
    )
