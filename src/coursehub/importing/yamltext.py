"""Adding to the text of `data/prior_posts.yaml` without changing a character of it.

Comments, order, quoting, line ends and every edit by hand stay: YAML that is read and written anew keeps the
values, and loses how people arranged them.
"""

import re
from collections.abc import Sequence

import msgspec
import yaml

from coursehub.importing.listing import CannotImportError
from coursehub.records import prior_posts
from coursehub.records.finding import Place
from coursehub.records.prior_posts import PriorPost
from coursehub.text import libyaml

HEADER = """\
# Posts of earlier semesters, mostly hosted elsewhere: new claims are held against them.
# `coursehub import` adds to this file and changes nothing that is written here: correct it freely.
# inferred: the semester was worked out, not stated. listed_in: the lists that name the post. tools: []: none is known.
# spelled: its titles in other lists. archived: a copy's address. headline: its own title; "" shows that of the list.

"""

_ALWAYS = ("url", "tools")  # fields that are written even if they are empty

_EMPTY_LIST = re.compile(r"^\[\s*\][ \t]*$", re.MULTILINE)  # how a course without earlier posts writes the file
_LINE_END = re.compile(r"\r?\n|\Z")


def extended(text: str, olds: Sequence[PriorPost], posts: Sequence[PriorPost]) -> tuple[str, list[int]]:
    """The text with what the posts have more than the old ones, and each post's line in it.

    The result is read again: a text that cannot be added to in this way (a list in brackets, an end mark) is
    refused, rather than spoilt.
    """
    bare = text.removeprefix("\ufeff")
    if not olds:
        bare = _EMPTY_LIST.sub("", bare)
    root = yaml.compose(bare, Loader=libyaml.Loader)  # the same as it reads with
    newline = "\r\n" if "\r\n" in bare else "\n"
    pieces = [*_additions(bare, root, olds, posts), (len(bare), _new_entries(bare, root, posts[len(olds) :]))]
    starts = [0, *(offset for offset, _ in pieces)]
    new = "".join(
        bare[start:stop] + addition.replace("\n", newline)
        for start, (stop, addition) in zip(starts, pieces, strict=False)
    )
    read, troubles = prior_posts.read(new)
    if troubles or [_without_line(post) for post in read] != [_without_line(post) for post in posts]:
        help = "Write it as a plain list of “- title: …”, one field a line, and import again: nothing was written."
        raise CannotImportError(Place(prior_posts.PATH), "cannot-add", "the file cannot be added to as it is", help)
    return ("\ufeff" if text.startswith("\ufeff") else "") + new, [post.line for post in read]


def _without_line(post: PriorPost) -> PriorPost:
    return msgspec.structs.replace(post, line=0)


def _additions(
    text: str, root: yaml.Node | None, olds: Sequence[PriorPost], posts: Sequence[PriorPost]
) -> list[tuple[int, str]]:
    """The texts to put in, as (offset, text), for each old post that has more `spelled` or `listed_in` now."""
    nodes = root.value if isinstance(root, yaml.SequenceNode) else []
    additions: list[tuple[int, str]] = []
    for node, old, new in zip(nodes, olds, posts, strict=False):
        for field in ("listed_in", "spelled"):
            values = getattr(new, field)[len(getattr(old, field)) :]
            if values:
                additions.append(_addition(text, node, field, values))
    return sorted(additions, key=lambda piece: piece[0])


def _addition(text: str, entry: yaml.MappingNode, field: str, values: Sequence[str]) -> tuple[int, str]:
    """Where and what to put in, so that a list field of an entry has the values too."""
    listed = next((value for key, value in entry.value if key.value == field), None)
    flow = ", ".join(map(_scalar, values))
    if listed is None and entry.flow_style:
        return _end(text, _last(entry)), f", {field}: [{flow}]"
    if listed is None:
        return _line_end(text, entry), f"\n{' ' * entry.start_mark.column}{field}: [{flow}]"
    if not listed.value:
        return listed.start_mark.index + 1, flow
    if listed.flow_style:
        return _end(text, _last(listed)), f", {flow}"
    bullet = f"\n{' ' * listed.start_mark.column}- "
    return _line_end(text, listed), "".join(bullet + _scalar(value) for value in values)


def _end(text: str, node: yaml.Node) -> int:
    """Where a value ends; a block's own end mark lies behind the comments and empty lines that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style:
        node = _last(node)
    end: int = node.end_mark.index
    while text[end - 1].isspace():
        end -= 1
    return end


def _last(node: yaml.CollectionNode) -> yaml.Node:
    last = node.value[-1]
    value: yaml.Node = last[1] if isinstance(last, tuple) else last
    return value


def _line_end(text: str, node: yaml.Node) -> int:
    """The end of the line on which a value ends, behind its comment."""
    end = _LINE_END.search(text, _end(text, node))
    return end.start() if end else len(text)


def _scalar(value: str) -> str:
    return _dumped([value])[1:-2]


def _dumped(value: object) -> str:
    """YAML as this project writes it: fields in their order, lists of values in brackets, no line folded."""
    dumped: str = yaml.safe_dump(
        value, sort_keys=False, default_flow_style=None, allow_unicode=True, width=float("inf")
    )
    return dumped


def _new_entries(text: str, root: yaml.Node | None, posts: Sequence[PriorPost]) -> str:
    """New entries for the end of the text, indented like those it has."""
    if not posts:
        return ""
    has_entries = isinstance(root, yaml.SequenceNode) and bool(root.value)
    indent = " " * root.start_mark.column if root and has_entries else ""
    before = HEADER if not text else "" if text.endswith("\n") else "\n"
    return before + _indented(indent + "".join(map(_entry, posts)), indent)


def _entry(post: PriorPost) -> str:
    """One entry; fields at their default are left out, but for those whose absence is said."""
    fields: dict[str, object] = {
        "title": post.title,
        "tools": list(post.tools),
        "option": post.option,
        "semester": post.semester,
        "inferred": post.inferred,
        "url": post.url,
        "listed_in": list(post.listed_in),
        "spelled": list(post.spelled),
    }
    written = {name: value for name, value in fields.items() if value or name in _ALWAYS}
    return _indented("- " + _dumped(written), "  ")


def _indented(text: str, indent: str) -> str:
    """The text, with the indent before each line but the first."""
    return text.rstrip("\n").replace("\n", f"\n{indent}") + "\n"
