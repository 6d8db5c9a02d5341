"""Pictures: what a post shows, and whether it is there."""

from collections.abc import Iterator

from coursehub.checks.rule import Offence, post_rule
from coursehub.markdown.parts import Target
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.addresses import scheme
from coursehub.text.wording import brief


def _pictures(post: Post) -> Iterator[Target]:
    if post.status in ("draft", "published") and not post.private:
        yield from post.contents.pictures


def _files(post: Post) -> Iterator[Target]:
    """The pictures, and their files for other screens."""
    if post.status in ("draft", "published") and not post.private:
        yield from (*post.contents.pictures, *post.contents.sources)


def _is_elsewhere(address: str) -> bool:
    return bool(scheme(address)) or address.startswith("//")


@post_rule()
def picture_without_alternative(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture has no text alternative.

    People who cannot see it, and everybody while it loads, get nothing.

    Bad:
        ![](evidently/drift.png)

    Good:
        ![Drift of the rating distribution over four weeks](evidently/drift.png)

    Known problems:
        Nobody looks whether the text says what the picture shows.

    References:
        https://www.w3.org/WAI/tutorials/images/

    """
    for picture in _pictures(post):
        if not picture.text.strip():
            help = "Say in a few words what the picture shows: ![what it shows](address)."
            message = f"the picture “{brief(picture.address)}” has no text alternative"
            yield Offence(post.body_place(picture.at), message, help)


@post_rule()
def missing_picture(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture is not where the post says.

    Readers would see a broken picture.

    Bad:
        ![Drift over four weeks](drift.png)

    Good:
        ![Drift over four weeks](evidently/drift.png)
    """
    for picture in _files(post):
        if _is_elsewhere(picture.address):
            continue
        path = post.local_path(picture.address)
        if path not in hub.pictures or not path.startswith(post.picture_folder):
            message = f"the picture “{brief(picture.address)}” is not in {post.picture_folder}"
            help = f"Put the file into {post.picture_folder} and write ({post.stem}/NAME.png)."
            yield Offence(post.body_place(picture.at), message, help)


@post_rule()
def picture_elsewhere(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture is loaded from another site, or written into the text as data.

    Another site learns who reads the post, and the picture is gone when that site is. Data in the text, as Google Docs
    exports it, are shown by neither GitHub nor this site.

    Bad:
        ![Drift over four weeks](https://i.example.com/drift.png)

    Good:
        ![Drift over four weeks](evidently/drift.png)
    """
    for picture in _files(post):
        if scheme(picture.address) == "data":
            message = f"the picture “{brief(picture.address, 30)}” is written into the text, and is not shown"
            help = f"Save it as a file in {post.picture_folder} and write ![what it shows]({post.stem}/NAME.png)."
            yield Offence(post.body_place(picture.at), message, help)
        elif _is_elsewhere(picture.address):
            message = f"the picture “{brief(picture.address)}” is loaded from elsewhere"
            help = f"Save it into {post.picture_folder} if you may, and name its source in the text."
            yield Offence(post.body_place(picture.at), message, help)


@post_rule()
def picture_too_large(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture's file is too large for a page.

    On a phone it costs the reader seconds and money.

    Bad:
        evidently/drift.png of 6 MB

    Good:
        evidently/drift.png of 120 kB

    Options:
        limits.image_kilobytes: the most that one picture may have
    """
    most = hub.course.limits.image_kilobytes * 1000
    for picture in _files(post):
        size = hub.pictures.get(post.local_path(picture.address), 0)
        if size > most:
            kilobytes = -(-size // 1000)
            message = f"“{brief(picture.address)}” has {kilobytes:,} kB, and a picture may have {most // 1000:,} kB"
            help = "Scale it down to at most 1600 pixels width, or save it as WebP or JPEG."
            yield Offence(post.body_place(picture.at), message, help)
