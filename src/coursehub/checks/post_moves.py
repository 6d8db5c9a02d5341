"""A post that moves, with its pictures and their addresses in its text."""

from pathlib import PurePosixPath

from coursehub.checks.similar_files import address_of
from coursehub.names.file_names import same
from coursehub.records import text_edits
from coursehub.records.finding import NO_FIX, Fix, Rename, safe, unsafe
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.addresses import scheme


def moved_to(post: Post, hub: Hub, path: str) -> Fix:
    """The fix that moves a post to this path: its pictures go with it, and links lead where they led before.

    There is none where another file is there, or where a link cannot be changed. Unsafe where the post is public:
    then its address is known.
    """
    folder = f"{path.removesuffix('.md')}/"
    pictures = [each for each in hub.files.pictures_in.get(post.picture_folder, ()) if post.path.endswith(".md")]
    renames = [Rename(post.path, path), *(Rename(each, f"{folder}{PurePosixPath(each).name}") for each in pictures)]
    leaving, coming = {same(each.path) for each in renames}, {same(each.to) for each in renames}
    if not hub.files.keys.isdisjoint(coming - leaving):
        return NO_FIX
    targets = {each.path: each.to for each in renames}
    there = Post(path)
    edits = []
    for link in (*post.contents.pictures, *post.contents.sources, *post.contents.links):
        address, sign, anchor = link.address.partition("#")
        if not address or scheme(address) or address.startswith("/"):
            continue
        leads = hub.files.target(post, address)
        right = address_of(there, targets.get(leads, leads))
        if there.local_path(address) != targets.get(leads, leads):
            edits.append(text_edits.with_address(post, link, f"{right}{sign}{anchor}"))
    if not all(edits):
        return NO_FIX
    makes = unsafe if post.is_public else safe
    places = tuple(dict.fromkeys(edit for each in edits for edit in each))
    return makes(f"Moves it to {path}{', with its pictures' if pictures else ''}.", places, tuple(renames))
