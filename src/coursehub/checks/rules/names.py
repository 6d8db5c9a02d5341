"""Names of files: what another system refuses, hides or takes for another."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache, partial

from coursehub.checks.rule import Offence, hub_rule, post_rule
from coursehub.checks.scope import post_of
from coursehub.checks.similar_files import address_of
from coursehub.names import file_names
from coursehub.records import text_edits
from coursehub.records.finding import NO_FIX, Fix, Place, Rename, Severity, safe, unsafe
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER, is_post
from coursehub.records.post import Post
from coursehub.text.wording import brief, with_and

_FROM = len(FOLDER) + 1  # where what the author named begins


@hub_rule()
def name_refused(hub: Hub) -> Iterator[Offence]:
    r"""A file has a name that Windows, or another system, refuses.

    People who work there cannot get the repository at all any more, and a preview with such a file cannot be packed.
    These are the signs < > : " \ | ? *, what cannot be seen, a dot or a blank at the end, names of devices such as
    `con`, `aux` and `com1`, names that are not in UTF-8, and paths of more than 200 characters.

    Bad:
        posts/F2026/inkscape/Screenshot 10:15:00.png

    Good:
        posts/F2026/inkscape/Screenshot 10-15-00.png

    Fix:
        Unsafe: renames a picture, in the text of its post, too.

    References:
        https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
        https://github.com/actions/toolkit/issues/429

    """
    whys: dict[str, list[str]] = {}
    used: dict[str, int] = {}
    for path in hub.files.paths:
        if file_names.is_plain_path(path):
            continue
        folder, _, name = path.rpartition("/")
        if folder not in whys:
            whys[folder] = [why for part in folder[_FROM:].split("/") for why in _refusals(part)]
        reasons = [*whys[folder], *_refusals(name)]
        if len(path) > file_names.MOST_CHARACTERS:
            reasons.append(file_names.too_long(path))
        if reasons:
            used = used or _used(hub)
            better = _better(path, hub, used)
            fix = partial(_renamed, path, better, hub)
            yield Offence(Place(path), with_and(reasons), _rename(path, better), fix)


def _renamed(path: str, better: str, hub: Hub) -> Fix:
    """The fix that gives a picture another name, in the text of its post, too."""
    post = hub.post_by_path.get(post_of(path))
    is_free = better not in hub.pictures and better not in hub.strays and better != path
    if path not in hub.pictures or post is None or not is_free or not better.startswith(post.picture_folder):
        return NO_FIX
    used = [each for each in (*post.files_here, *post.links_here) if hub.files.target(post, each.address) == path]
    edits = [text_edits.with_address(post, each, address_of(post, better)) for each in used]
    if not all(edits):
        return NO_FIX
    places = tuple(dict.fromkeys(edit for each in edits for edit in each))
    return unsafe(f"Renames it to {better}, in the text, too.", places, (Rename(path, better),))


def _used(hub: Hub) -> dict[str, int]:
    return dict.fromkeys(hub.files.keys, 1)


@lru_cache(maxsize=1024)  # folders and pictures have the same names again and again
def _refusals(name: str) -> tuple[str, ...]:
    return tuple(f"the name “{name}” {why}" for why in file_names.refusals(name))


def _better(path: str, hub: Hub, used: dict[str, int]) -> str:
    """The path that the file should have: a post's is its semester and its claim key, and its pictures go with it."""
    if its_own := _own_path(path, hub):
        return its_own
    folder, _, name = path.rpartition("/")
    if its_own := _own_path(f"{folder}.md", hub):
        return file_names.usable_path(its_own.removesuffix(".md"), name, used)
    parts = [file_names.usable(part) for part in folder[_FROM:].split("/") if part]
    return file_names.usable_path("/".join((FOLDER, *parts)), name, used)


def _own_path(path: str, hub: Hub) -> str:
    post = hub.post_by_path.get(path)
    return hub.own_path(post) if post else ""


def _rename(path: str, better: str) -> str:
    if len(better) > file_names.MOST_CHARACTERS or (is_post(path) and better == path):
        return "Give the tool a shorter name in “tool”: the post's file and its folder are named by it."
    if is_post(path):
        return f"Rename it to {better}."
    return f"Rename it to {better}, and write that name in the text, too."


@hub_rule()
def hidden_file(hub: Hub) -> Iterator[Offence]:
    """A file is hidden, or is one that a system keeps for itself.

    A name that begins with a dot is not shown in most folders, and is left out of the site. Files such as `.DS_Store`,
    `._map.png` and `Thumbs.db` are made by macOS and Windows, and are of no use to anybody else.

    Bad:
        posts/F2026/inkscape/.map.png

    Good:
        posts/F2026/inkscape/map.png

    Fix:
        Unsafe: renames a picture, in the text of its post, too.

    References:
        https://www.mkdocs.org/user-guide/configuration/#exclude_docs

    """
    used: dict[str, int] = {}
    for path in hub.files.paths:
        if not file_names.is_hidden(path[_FROM:]):
            continue
        if any(map(file_names.is_of_system, path[_FROM:].split("/"))):
            message = "this is a file that macOS or Windows made for itself"
            yield Offence(Place(path), message, "Delete it from the repository; what it belongs to stays as it is.")
        else:
            used = used or _used(hub)
            better = _better(path, hub, used)
            message = "a name that begins with a dot is hidden, and the site leaves it out"
            yield Offence(Place(path), message, _rename(path, better), partial(_renamed, path, better, hub))


@hub_rule()
def names_alike(hub: Hub) -> Iterator[Offence]:
    """Two files beside each other have names that differ only in capitals, or in how accents are written.

    On Windows and macOS the two are one file. People who work there only have one of them, and change the other
    with it.

    Bad:
        posts/F2026/inkscape/map.png and posts/F2026/inkscape/Map.png

    Good:
        posts/F2026/inkscape/map.png and posts/F2026/inkscape/map-2.png
    """
    paths = hub.files.paths
    starts = set(paths)
    for path in paths:
        while (path := path.rpartition("/")[0]) != FOLDER and path not in starts:
            starts.add(path)
    if len(starts) == len(set(map(file_names.same, starts))):
        return
    used, spellings = _used(hub), defaultdict[str, set[str]](set)
    for start in starts:
        spellings[file_names.same(start)].add(start)
    for path in paths:
        for start in _prefixes(path):
            others = sorted(spellings[file_names.same(start)] - {start})
            if others and (start == path or not _is_right(start, hub)):
                what = "files" if start == path else "folders"
                names = " and ".join(map(file_names.in_ascii, (start, others[0])))
                message = f"on Windows and macOS, the {what} {names} are one"
                yield Offence(Place(path), message, _apart(path, start, others[0], hub, used))


def _is_right(folder: str, hub: Hub) -> bool:
    """Whether a folder is a semester's or a post's: then it is the other one that is named wrongly."""
    return folder[_FROM:] in hub.course.order or f"{folder}.md" in hub.post_by_path


def _prefixes(path: str) -> Iterator[str]:
    """The folders that the path leads through, below `posts/`, and the path."""
    parts = path.split("/")
    yield from ("/".join(parts[:count]) for count in range(2, len(parts) + 1))


def _apart(path: str, start: str, other: str, hub: Hub, used: dict[str, int]) -> str:
    if start != path:
        return f"Move it to {other}{path.removeprefix(start)}."
    if is_post(path):
        own = _own_path(path, hub)
        return f"Keep the one that is named by its semester and tool{own and f', {own}'}, and delete the other."
    folder, _, name = path.rpartition("/")
    better = file_names.usable_path(folder, name, used)
    return f"Rename one of them, such as to {better}, and write that name in the text, too; or delete it."


@post_rule(Severity.NOTICE)
def inexact_address(post: Post, hub: Hub) -> Iterator[Offence]:
    """An address is not exactly the name of the file that it means.

    A name can look the same and be another: macOS puts a narrow blank before AM and PM in the names of screenshots, and
    writes é as two signs. The site finds the file, and GitHub, which looks for exactly that name, does not.

    Bad:
        ![The alert](inkscape/Screenshot%2010.15%20AM.png) where the file has a narrow blank before AM

    Good:
        ![The alert](inkscape/alert.png) with the file renamed

    Fix:
        Writes the file's name exactly.

    References:
        https://unicode.org/reports/tr15/

    """
    if not post.will_be_public:
        return
    for target in (*post.files_here, *post.links_here):
        path = hub.files.target(post, target.address)
        if path != post.local_path(target.address):
            message = f"“{brief(target.address)}” means {file_names.in_ascii(path)}, whose name only looks the same"
            help = f"GitHub does not find it: write ({address_of(post, path)}), or give the file a plainer name."
            edits = text_edits.with_address(post, target, address_of(post, path))
            yield Offence(post.body_place(target.at), message, help, safe("Writes the file's name exactly.", edits))
