"""Moves: posts whose file was elsewhere before."""

from collections.abc import Iterator

from coursehub.checks.rule import Offence, post_rule
from coursehub.records import front_edits
from coursehub.records.finding import Place, Severity, safe
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.located import Items, Node


def _aliases(post: Post) -> Iterator[tuple[str, int, Place]]:
    """The former paths, each with its index and its place; those that are none, another rule reports."""
    if not post.aliases:
        return
    value, aliases = post.node("aliases"), frozenset(post.aliases)
    nodes: tuple[Node | None, ...] = value.nodes if isinstance(value, Items) else (value,)
    for index, node in enumerate(nodes):
        text = getattr(node, "text", "").strip()
        if text in aliases:
            yield text, index, post.at(node)


@post_rule()
def alias_taken(post: Post, hub: Hub) -> Iterator[Offence]:
    """A former path is a post's path now, or another post gives it, too.

    An address leads to one post. Comments and feed readers know a post by its first path: two with the same one would
    share their comments.

    Bad:
        aliases: posts/F2026/zotero.md (while that file is there)

    Good:
        aliases: posts/F2026/inkscape-app.md (which is there no longer)

    Fix:
        Takes out the file's own path.
    """
    for path, (index, place) in {path: (index, place) for path, index, place in _aliases(post)}.items():
        other = hub.post_by_path.get(path)
        if path == post.path:
            edits = front_edits.without_value(post, "aliases", index)
            fix = safe("Takes it out.", edits)
            yield Offence(place, f"“{path}” is where this file is now", "Leave out the file's own path.", fix)
        elif other:
            help = "Leave it out, unless that file should go: only paths that no file has lead elsewhere."
            yield Offence(place, f"“{path}” is the path of another post", help)
        for another in hub.by_former_path.get(path, ())[:2]:
            if another.path != post.path:
                help = "Keep it in the post that was there, and take it out of the other."
                yield Offence(place, f"“{path}” is given by {another.path}, too", help)
    for another in hub.by_former_path.get(post.path, ()):
        if another.path != post.path:
            message = f"{another.path} was at {post.path} before, and is known by it to readers and comments"
            help = f"Ask the staff: either {another.path} goes without this alias, or this post gets another name."
            yield Offence(Place(post.path), message, help)


@post_rule(Severity.WARNING)
def alias_given_twice(post: Post, hub: Hub) -> Iterator[Offence]:
    """A former path is given twice.

    Once is enough; the second may have been meant for another one.

    Bad:
        aliases: [posts/F2026/inkscape-app.md, posts/F2026/inkscape-app.md]

    Good:
        aliases: [posts/S2026/inkscape.md, posts/F2026/inkscape-app.md]

    Fix:
        Takes the second one out.
    """
    seen: set[str] = set()
    for path, index, place in _aliases(post):
        if path in seen:
            fix = safe("Takes out the second one.", front_edits.without_value(post, "aliases", index))
            yield Offence(place, f"“{path}” is given twice", "Take one of the two out.", fix)
        seen.add(path)
