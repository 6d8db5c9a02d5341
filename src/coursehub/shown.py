"""Which posts have a page, in which order, and which pictures they show."""

from collections.abc import Iterable, Iterator, Sequence

from coursehub.records.hub import Hub
from coursehub.records.post import Post


def shown_posts(hub: Hub, broken: frozenset[str], *, with_drafts: bool = False) -> list[Post]:
    """The posts that get a page, the newest first: published ones, and drafts for who writes them."""
    statuses = ("published", "draft") if with_drafts else ("published",)
    return newest_first(
        [post for post in hub.posts if post.status in statuses and not post.private and post.path not in broken]
    )


def newest_first(posts: Sequence[Post]) -> list[Post]:
    """Posts by date, the newest first; of one day, by path."""
    return sorted(sorted(posts, key=lambda post: post.path), key=lambda post: str(post.date), reverse=True)


def pictures(hub: Hub, shown: Iterable[Post]) -> Iterator[str]:
    """Paths of the pictures that these posts use; the site has them at the same paths."""
    for post in shown:
        paths = {post.local_path(picture.address) for picture in post.markup.pictures}
        yield from sorted(paths & hub.pictures.keys())
