"""Everything that the site shows of the repository's records, in one place."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from coursehub import claim_pages, counts, pages
from coursehub.discussion import Discussions
from coursehub.hub import Hub
from coursehub.pages import Asset, Page


class Site(NamedTuple):
    """Pages to render, files to write, and paths of pictures to copy as they are."""

    pages: Iterable[Page]
    assets: Iterable[Asset]
    pictures: Iterable[str]


def made(
    hub: Hub, *, broken: frozenset[str], since: Mapping[str, str], repository: str, with_drafts: bool = False,
    dead: frozenset[str] = frozenset(), comments: Discussions | None = None,
) -> Site:  # fmt: skip
    """The site of a hub.

    Posts at the paths in `broken` are left out. `since`: path → when it came to main; `repository`: its address on
    GitHub. `with_drafts` shows drafts as if they were published, for their authors. Earlier posts at the addresses in
    `dead` are marked, and lead to a copy. Of `comments` the site has the numbers and where they are; without, it says
    nothing of them.
    """
    if dead:
        hub = msgspec.structs.replace(hub, dead=dead)
    if comments:
        hub = msgspec.structs.replace(hub, counts=counts.counted(comments, hub.posts))
    shown = pages.shown_posts(hub, broken, with_drafts=with_drafts)
    paths = frozenset(post.path for post in shown)
    return Site(
        pages=[*pages.post_pages(hub, broken, shown), *claim_pages.claim_pages(hub, since, paths)],
        assets=claim_pages.claim_assets(hub, since, repository, broken),
        pictures=pages.pictures(hub, shown),
    )
