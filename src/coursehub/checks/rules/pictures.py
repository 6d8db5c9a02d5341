"""Pictures: what a post shows, and whether it is there."""

import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple

from coursehub.checks.rule import Cause, Offence, post_rule
from coursehub.checks.similar_files import address_of, similar_picture, similar_target
from coursehub.markdown.parts import Target
from coursehub.names.file_names import rough, same
from coursehub.pictures.picture import Picture
from coursehub.records import text_edits
from coursehub.records.finding import NO_FIX, Fix, Place, Rename, Severity, safe, unsafe
from coursehub.records.hub import Hub
from coursehub.records.paths import PICTURE_SUFFIXES
from coursehub.records.post import Post
from coursehub.text.addresses import leads_here, scheme
from coursehub.text.wording import brief, with_and


def _pictures(post: Post) -> Iterator[Target]:
    if post.will_be_public:
        yield from post.contents.pictures


def _files(post: Post) -> Iterator[Target]:
    """The pictures, and their files for other screens."""
    if post.will_be_public:
        yield from (*post.contents.pictures, *post.contents.sources)


class _PictureFile(NamedTuple):
    """A file of a post, and its first use in the text, if there is one."""

    path: str
    picture: Picture
    target: Target | None = None

    @property
    def name(self) -> str:
        """The address in the text, or else the path."""
        return brief(self.target.address) if self.target else self.path

    def place(self, post: Post) -> Place:
        """Where the text uses it; of one that it has nowhere, the file itself."""
        return post.body_place(self.target.at) if self.target else Place(self.path)


def _picture_files(post: Post, hub: Hub) -> Iterator[_PictureFile]:
    """The files that the post shows or links to, and the others in its folder."""
    named: dict[str, Target] = {}
    files, links = post.files_here if post.will_be_public else (), post.links_here if post.is_hosted_here else ()
    for target in (*files, *links):
        named.setdefault(hub.files.target(post, target.address), target)
    for path, target in named.items():
        if picture := hub.files.picture(path):
            yield _PictureFile(path, picture, target)
    for path in hub.files.pictures_in.get(post.picture_folder, ()):
        if path not in named and (picture := hub.files.picture(path)):
            yield _PictureFile(path, picture)


@post_rule(needs_front_matter=False)
def picture_without_alternative(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture has no text alternative.

    People who cannot see it, and everybody while it loads, get nothing.

    Bad:
        ![](inkscape/map.png)

    Good:
        ![A map of our town, with the rivers in blue](inkscape/map.png)

    Known problems:
        Nobody looks whether the text says what the picture shows.

    References:
        https://www.w3.org/WAI/tutorials/images/

    """
    for picture in _pictures(post):
        if not picture.text.strip():
            help = "Say in a few words what the picture shows: ![what it shows](address)."
            message = f"the picture “{brief(picture.address)}” has no text alternative"
            yield Offence(post.body_place(picture.at), message, help, cause=Cause("no text"))


@post_rule(needs_front_matter=False)
def missing_picture(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture is not where the post says.

    Readers would see a broken picture.

    Bad:
        ![A map of our town](map.png)

    Good:
        ![A map of our town](inkscape/map.png)

    Fix:
        Writes the address of the picture whose name differs in capitals, blanks, slashes, its folder or its ending
        alone. Unsafe: that of the picture whose name is most like it; moves a picture into the post's folder.
    """
    for picture in post.files_here if post.will_be_public else ():
        path = hub.files.target(post, picture.address)
        if path not in hub.pictures or not path.startswith(post.picture_folder):
            message = f"the picture “{brief(picture.address)}” is not in {post.picture_folder}"
            is_one_of_all = path not in hub.strays and not hub.files.pictures_in.get(post.picture_folder)
            name = PurePosixPath(picture.address).name or picture.address
            cause = Cause("none is there", name) if is_one_of_all else None
            help, fix = partial(_where_it_is, post, hub, path), partial(_to_where_it_is, post, hub, path, picture)
            yield Offence(post.body_place(picture.at), message, help, fix, cause)


def _to_where_it_is(post: Post, hub: Hub, path: str, picture: Target) -> Fix:
    if near := similar_picture(post, hub, path):
        address = address_of(post, near)
        edits = text_edits.with_address(post, picture, address)
        is_sure = PurePosixPath(rough(near)).stem == PurePosixPath(rough(path)).stem
        return (safe if is_sure else unsafe)(f"Writes {address}.", edits)
    elsewhere = path if path in hub.strays else similar_target(hub, path)
    to = f"{post.picture_folder}{PurePosixPath(elsewhere).name}"
    if elsewhere not in hub.strays or PurePosixPath(elsewhere).suffix.lower() not in PICTURE_SUFFIXES:
        return NO_FIX  # a picture of another post, perhaps
    edits = text_edits.with_address(post, picture, address_of(post, to))
    return unsafe(f"Moves {elsewhere} to {to}.", edits, (Rename(elsewhere, to),) if edits else ())


def _where_it_is(post: Post, hub: Hub, path: str) -> str:
    if near := similar_picture(post, hub, path):
        case = ": capitals count" if near != path and same(near) == same(path) else ""
        return f"{near} is there{case}. If it is meant, write ({address_of(post, near)})."
    elsewhere = path if path in hub.strays else similar_target(hub, path)
    if PurePosixPath(elsewhere).suffix.lower() in PICTURE_SUFFIXES:
        address = address_of(post, f"{post.picture_folder}{PurePosixPath(elsewhere).name}")
        return f"Put {elsewhere} into {post.picture_folder} and write ({address})."
    return f"Put the file into {post.picture_folder} and write ({post.stem}/NAME.png)."


@post_rule(needs_front_matter=False)
def picture_elsewhere(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture is loaded from another site, or written into the text as data.

    Another site learns who reads the post, and the picture is gone when that site is. Data in the text, as Google Docs
    exports it, are shown by neither GitHub nor this site.

    Bad:
        ![A map of our town](https://i.example.com/map.png)

    Good:
        ![A map of our town](inkscape/map.png)
    """
    for picture in _files(post):
        if scheme(picture.address) == "data":
            message = f"the picture “{brief(picture.address, 30)}” is written into the text, and is not shown"
            help = f"Save it as a file in {post.picture_folder} and write ![what it shows]({post.stem}/NAME.png)."
            yield Offence(post.body_place(picture.at), message, help, cause=Cause("data"))
        elif not leads_here(picture.address):
            message = f"the picture “{brief(picture.address)}” is loaded from elsewhere"
            help = f"Save it into {post.picture_folder} if you may, and name its source in the text."
            yield Offence(post.body_place(picture.at), message, help, cause=Cause("elsewhere"))


@post_rule(needs_front_matter=False)
def picture_too_large(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture's file is too large for a page.

    On a phone it costs the reader seconds and money.

    Bad:
        inkscape/map.png of 6 MB

    Good:
        inkscape/map.png of 120 kB

    Options:
        limits.image_kilobytes: the most that one picture may have
        limits.image_megapixels: the most pixels that one picture may have, in millions
    """
    limits = hub.course.at(post.semester).limits
    most = limits.image_kilobytes * 1000
    for picture in _files(post):
        path = hub.files.target(post, picture.address)
        size, file = hub.pictures.get(path, 0), hub.files.picture(path) or _NO_PICTURE
        if size > most:
            kilobytes = -(-size // 1000)
            message = f"“{brief(picture.address)}” has {kilobytes:,} kB, and a picture may have {most // 1000:,} kB"
            yield Offence(post.body_place(picture.at), message, _smaller(file.frames))
        elif too_many := _too_many_pixels(file, limits.image_megapixels):
            help = _smaller(file.frames) if file.frames > 1 else "Scale it down to at most 1600 pixels width."
            yield Offence(post.body_place(picture.at), f"“{brief(picture.address)}” has {too_many}", help)


_NO_PICTURE = Picture()
_FRAMES = 10  # full pictures that the frames of an animation may be together: a browser shows them one by one


def _too_many_pixels(file: Picture, megapixels: int) -> str:
    pixels = file.width * file.height
    if pixels > megapixels * 1_000_000:
        size = f"{file.width:,} × {file.height:,} pixels"
        return f"{size}, and a picture may have {megapixels:,} million: a browser needs four bytes for each"
    if pixels * file.frames > _FRAMES * megapixels * 1_000_000:
        size = f"{file.frames:,} frames of {file.width:,} × {file.height:,} pixels"
        return f"{size}, and an animation may have {_FRAMES * megapixels:,} million in all"
    return ""


def _smaller(frames: int) -> str:
    if frames > 1:
        what_it_is = f"It is an animation of {frames:,} frames"
        return f"{what_it_is}: make it smaller or shorter, save it as WebP, or link to a video."
    return "Scale it down to at most 1600 pixels width, or save it as WebP or JPEG."


@post_rule(needs_front_matter=False)
def picture_unreadable(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture's file is not the picture that its name says.

    Browsers, GitHub and other programs go by the name or give up: readers would see a broken picture. A file is
    another thing when it was only renamed, when a web page was saved in place of the picture on it, when Git LFS holds
    the real one, or when a download or copy ended too early.

    Bad:
        inkscape/map.jpg, a HEIC photo of a phone with a new name

    Good:
        inkscape/map.jpg, exported as JPEG

    Known problems:
        No pixel is looked at: a file whose parts are all there, and whose pixels are garbage, passes.

    References:
        https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-git-large-file-storage

    """
    for file in _picture_files(post, hub):
        if file.picture.wrong:
            yield Offence(file.place(post), f"“{file.name}” {file.picture.wrong}", file.picture.help)


@post_rule(Severity.WARNING, needs_front_matter=False)
def picture_tells_more(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture's file says more than the picture shows: where it was taken, when, by what, or somebody's notes.

    Phones write the place into each photo, and a photo of your desk reveals where you live. The site publishes pictures
    without such data; but the repository is public too, and it has the file as you made it.

    Bad:
        inkscape/whiteboard.jpg as the phone saved it, with the place

    Good:
        inkscape/whiteboard.jpg after `coursehub strip`, or a screenshot of the photo

    Known problems:
        What the picture itself shows nobody looks at. What once was pushed stays in git's history.

    References:
        https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository

    """
    for file in _picture_files(post, hub):
        if file.picture.secrets:
            message = f"“{file.name}” reveals more than it shows: {with_and(file.picture.secrets)}"
            help = (
                "The site leaves that out, but the repository is public too. Take it out with "
                f"`coursehub strip {shlex.quote(file.path)}`, or put a screenshot of the picture there. "
                "What was pushed before stays in git's history: ask staff if that matters."
            )
            yield Offence(file.place(post), message, help)
