"""`data/prior_posts.yaml`: the posts of earlier semesters, mostly hosted elsewhere."""

import msgspec

from coursehub.text import located
from coursehub.text.located import Items, Trouble

PATH = "data/prior_posts.yaml"


class PriorPost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of the list. `inferred` says that `semester` was worked out rather than stated.

    `tools` is empty where only the title is known, and that is a sentence: the post claims nothing, and is found by the
    tools that its title speaks of. `headline` is the title that the post itself has, empty where `title` is to be shown
    for it; without it, the address may carry one. `spelled` are other titles under which a list named the same post;
    `archived` is a copy's address.
    """

    title: str
    tools: tuple[str, ...]
    option: str
    semester: str
    url: str | None = None
    inferred: bool = False
    listed_in: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()
    archived: str | None = None
    headline: str | None = None
    line: int = 0


def read(text: str) -> tuple[tuple[PriorPost, ...], tuple[Trouble, ...]]:
    """The prior posts in the file's order, each with its line, and what is wrong with the others."""
    document = located.parse(text)
    if document.troubles or document.root is None:
        return (), document.troubles
    if not isinstance(document.root, Items):
        what = "must be a list of posts, each beginning with “- title:”"
        return (), (Trouble("wrong-data", document.root.line, document.root.column, what),)
    posts, troubles = [], []
    for node in document.root.nodes:
        entry = located.convert(node, PriorPost)
        if isinstance(entry, Trouble):
            troubles.append(entry)
        else:
            posts.append(msgspec.structs.replace(entry, line=node.line))
    return tuple(posts), tuple(troubles)
