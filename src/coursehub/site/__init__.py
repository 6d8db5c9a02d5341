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
from coursehub.site import social_cards
from coursehub.site.cards import WORDS_A_MINUTE, minutes
from coursehub.site.page import Asset, Lists, Page
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
    lists = inputs.keep("lists").one(mark, lambda: _lists(subjects, inputs), Lists)
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
        from coursehub.site.pages.post_page import post_page  # noqa: PLC0415  (slow to load, and only new posts need it)

        return msgspec.structs.replace(post_page(subjects, shown[number], inputs.address, pictures), markdown="")

    made_of = [(mark, post.path, post.digest) for post in shown]
    make = partial(in_order, without_text, result=Page, processes=inputs.processes)
    for post, page in zip(shown, inputs.keep("posts").all(made_of, make, Page), strict=True):
        yield msgspec.structs.replace(page, markdown=post.body)


def _lists(subjects: Subjects, inputs: SiteInputs) -> Lists:
    from coursehub.site.lists import lists  # noqa: PLC0415  (slow to load; most changes are of a text)

    return lists(subjects, inputs)
