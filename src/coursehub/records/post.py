"""A post: a Markdown file with front matter → a frozen record whose every field knows its place."""

import datetime as dt
import hashlib
import re
from functools import cached_property
from pathlib import Path

import msgspec

from coursehub.markdown import contents
from coursehub.markdown.contents import Contents
from coursehub.markdown.parts import Target
from coursehub.markdown.places import START, Spot
from coursehub.records import fields
from coursehub.records.fields import FIELDS, STATUSES, Wrong
from coursehub.records.finding import Place
from coursehub.records.paths import local_path
from coursehub.system import files
from coursehub.text import located
from coursehub.text.addresses import leads_here
from coursehub.text.expressions import expression
from coursehub.text.lines import line_and_column
from coursehub.text.located import Fields, Items, Node, Scalar, Trouble

MAX_BYTES = 1_000_000


class Post(msgspec.Struct, frozen=True, dict=True, array_like=True):
    """A post as its file has it. Fields that are absent or wrong are empty; `front` and `wrong` tell which.

    `digest` is that of the file's bytes, as far as they were read. `known_contents` is what `contents` gives, where it
    was read beforehand. `known_body` is what `body` gives, or None where it stays in `file` until somebody asks for it.
    `body_start` is the number of characters before the body. `front_text` is what stands between the lines `---`, from
    the line `front_line` on, which is 0 where there is none. `unknown` are the names that it gives and that are of no
    field; `aliases` are the paths that the file had before, the oldest first.
    """

    path: str
    front_text: str = ""
    front_line: int = 0
    unknown: tuple[str, ...] = ()
    known_body: str | None = ""
    file: str = ""
    body_start: int = 0
    body_line: int = 1
    troubles: tuple[Trouble, ...] = ()
    wrong: dict[str, list[Wrong]] = {}
    title: str = ""
    authors: tuple[str, ...] = ()
    option: str = ""
    tool: tuple[str, ...] = ()
    tool_url: tuple[str, ...] = ()
    semester: str = ""
    status: str = ""
    date: dt.date | None = None
    summary: str = ""
    topics: tuple[str, ...] = ()
    format: str = ""
    external_url: str = ""
    archived: str = ""
    private: bool = False
    covers: dict[str, str] = {}
    evidence: tuple[str, ...] = ()
    differences: str = ""
    distinct_from: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    bio: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    digest: bytes = b""
    known_contents: Contents | None = None

    @property
    def folder(self) -> str:
        """The name of the file's folder, which is that of its semester where the file is in its place."""
        return self.path.rpartition("/")[0].rpartition("/")[2]

    @cached_property
    def stem(self) -> str:
        """The file's name without `.md`; its pictures lie in a folder of this name beside it."""
        name = self.path.rpartition("/")[2]
        return name.rpartition(".")[0] or name

    @property
    def first_path(self) -> str:
        """The first path that the file had: comments and feeds know the post by it, wherever the post moves."""
        return self.aliases[0] if self.aliases else self.path

    @cached_property
    def picture_folder(self) -> str:
        """Where the post's pictures lie."""
        return self.path.removesuffix(".md") + "/"

    @cached_property
    def front(self) -> Fields | None:
        """The front matter, each value at its place; None where it could not be read, and then `troubles` says why."""
        return _front(located.parse(self.front_text, self.front_line))[0] if self.front_line else None

    @property
    def is_readable(self) -> bool:
        """Whether there is a `front`."""
        return self.front is not None if self.troubles else self.front_line > 0

    @cached_property
    def body(self) -> str:
        """The text below the front matter. Raises `OSError`, too, where its file is no longer what was read."""
        return self._read_body() if self.known_body is None else self.known_body

    def _read_body(self) -> str:
        content = Path(self.file).read_bytes()
        if digest(content) != self.digest:
            raise files.changed(self.path)
        return _body(content, self.body_start)

    @cached_property
    def contents(self) -> Contents:
        """All that the text has: headings, pictures, links, HTML tags, words."""
        return self.known_contents or contents.read(self.body)

    @cached_property
    def files_here(self) -> tuple[Target, ...]:
        """The pictures in the text, and their files for other screens, that are not on another site."""
        return tuple(each for each in (*self.contents.pictures, *self.contents.sources) if leads_here(each.address))

    @cached_property
    def links_here(self) -> tuple[Target, ...]:
        """The links in the text that lead to no other site."""
        return tuple(link for link in self.contents.links if leads_here(link.address))

    @cached_property
    def anchors(self) -> dict[str, None]:
        """The ids that a link to a part of this post can end with: those of its headings, and of its raw HTML."""
        tags = self.contents.tags
        own = (tag.attributes[name] for tag in tags for name in ("id", "name") if name in tag.attributes)
        return dict.fromkeys((*contents.anchors(self.contents), *own))

    @cached_property
    def logins(self) -> frozenset[str]:
        """The authors' logins in small letters, by which GitHub compares them."""
        return frozenset(author.lower() for author in self.authors)

    @property
    def cited(self) -> tuple[str, ...]:
        """The authors' names as they are cited, in the order of `authors`: the login where no other is given."""
        return tuple(self.name_by_login.get(login.lower(), login) for login in self.authors)

    @cached_property
    def name_by_login(self) -> dict[str, str]:
        """Login in small letters → the name of that author, of those that the post gives; a private one gives none."""
        return {} if self.private else _by_login(self.authors, self.names)

    @property
    def bio_by_login(self) -> dict[str, str]:
        """Login in small letters → the line about that author, of those that the post gives."""
        return _by_login(self.authors, self.bio)

    @property
    def is_live(self) -> bool:
        """Whether the post holds its claim: everything but a withdrawn one does."""
        return self.status != "withdrawn"

    def is_late(self, due: dt.datetime | None, now: dt.datetime | None) -> bool:
        """Whether the post is still unwritten after it was due; both are instants, or not known."""
        return self.status in ("claimed", "draft") and due is not None and now is not None and now > due

    @property
    def is_published(self) -> bool:
        """Whether the post says that it is finished."""
        return self.status == "published"

    @property
    def is_public(self) -> bool:
        """Whether readers see the post: finished, here or below a link to where it is, and not private."""
        return self.is_published and not self.private

    @cached_property
    def passes_for_public(self) -> bool:
        """Whether readers see the post, or would if its text, which says no status that there is, were finished.

        So all that is wrong with such a text is said at once, and not only when it has a status.
        """
        return self.is_public or (self.status not in STATUSES and not self.private and bool(self.body.strip()))

    @property
    def will_be_public(self) -> bool:
        """Whether readers see the text, or will once the draft is finished."""
        return self.passes_for_public or (self.status == "draft" and not self.private)

    @property
    def is_hosted_here(self) -> bool:
        """Whether this repository has the text, rather than a link or nothing at all."""
        return not self.external_url and not self.private

    @cached_property
    def trouble_rules(self) -> frozenset[str]:
        """The rules that report its troubles."""
        return frozenset(trouble.rule for trouble in self.troubles)

    def place(self, field: str, index: int | None = None) -> Place:
        """Where a field's value stands (of a list, the value at `index`); the file's start where there is none."""
        return self.at(self.node(field, index))

    def node(self, field: str, index: int | None = None) -> Node | None:
        """A field's value as it is written (of a list, the value at `index`)."""
        node = self.front.value(field) if self.front else None
        return self._values[field][index] if isinstance(node, Items) and index is not None else node

    @cached_property
    def _values(self) -> dict[str, list[Node]]:
        """Field that has a list → the nodes of its values; empty ones are no values."""
        lists = {name: node for name, (_, node) in (self.front.nodes if self.front else {}).items()}
        return {
            name: [item for item in node.nodes if fields.is_text(item)]
            for name, node in lists.items()
            if isinstance(node, Items)
        }

    def local_path(self, address: str) -> str:
        """The path in the repository that a relative address in the text means."""
        return local_path(self.path, address)

    def at(self, node: Node | None) -> Place:
        """A node's place in this file."""
        return Place(self.path, node.line, node.column) if node else Place(self.path)

    def body_place(self, at: Spot = START) -> Place:
        """The place of a spot in the body."""
        return Place(self.path, self.body_line + at.line - 1, at.column)


def _by_login(authors: tuple[str, ...], values: tuple[str, ...]) -> dict[str, str]:
    """Login in small letters → its value; none where their numbers differ, and nobody can tell whose is whose."""
    pairs = zip(authors, values, strict=True) if len(authors) == len(values) else ()
    return {login.lower(): value for login, value in pairs}


_CR = "windows-line-endings"
_LONE_CR = expression(r"\r(?!\n)")
# A line of the two between which the front matter stands, with the blank lines behind it, as python-frontmatter has it.
_FENCE = expression(r"^-{3,}\s*$", re.MULTILINE)


def read(path: str, content: bytes) -> Post:
    """The post that a file holds; never raises for what the file holds."""
    if len(content) > MAX_BYTES:
        return unread(path, "file-too-large", f"{len(content):,}")
    text, troubles = _decode(content)
    if text is None:
        return Post(path, troubles=tuple(troubles))
    opening = _FENCE.match(text)
    if opening is None:
        offset = text.find("\n---")
        line, column = line_and_column(text, offset + 1) if not text[: max(offset, 0)].strip() else (1, 1)
        what = text.lstrip().partition("\n")[0][:60]
        troubles.append(Trouble("missing-front-matter", line, column, what))
        return Post(path, known_body=text.rstrip(), troubles=tuple(troubles))
    closing = _FENCE.search(text, opening.end())
    if closing is None:
        troubles.append(Trouble("unclosed-front-matter", 1, 1, ""))
        return Post(path, troubles=tuple(troubles))
    front_text, first_line = text[opening.end() : closing.start()], text.count("\n", 0, opening.end()) + 1
    document = located.parse(front_text, first_line)
    front, more = _front(document)
    troubles += more
    troubles += _tabs(text[: closing.start()])
    body, text = text[closing.end() :].strip(), text.rstrip()
    start = len(text) - len(body)
    body_line = text.count("\n", 0, start) + 1
    if body:  # with its first line's indentation, which makes code of it
        start = text.rfind("\n", 0, start) + 1
    values, wrong = fields.values(front)
    each = Post(
        path, front_text, first_line, tuple(name for name in front.nodes if name not in FIELDS) if front else (),
        text[start:], body_start=start, body_line=body_line, troubles=tuple(troubles), wrong=wrong, **values,
        digest=digest(content),
    )  # fmt: skip
    vars(each)["front"] = front  # so that it is not parsed again
    return each


def without_text(each: Post) -> Post:
    """The post without what its file's bytes give again at no cost, and without what its Markdown holds."""
    return msgspec.structs.replace(each, known_body=None, file="", known_contents=None)


def with_text(each: Post, content: bytes, its_contents: Contents | None) -> Post:
    """The post that `read` gives of these bytes, from the one that `without_text` made of it, with its contents."""
    body, known = _body(content, each.body_start), its_contents or each.known_contents
    is_whole = body == each.known_body and known is each.known_contents
    return each if is_whole else msgspec.structs.replace(each, known_body=body, known_contents=known)


def text_in(each: Post, file: str, its_contents: Contents | None) -> Post:
    """The post, whose text stays in this file until somebody asks for it, with its contents."""
    return msgspec.structs.replace(each, known_body=None, file=file, known_contents=its_contents)


def _body(content: bytes, start: int) -> str:
    """The body of a post that begins behind so many characters of its file."""
    text, _ = _decode(content)
    return (text or "")[start:].rstrip()


def digest(content: bytes) -> bytes:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(content).digest()


def with_contents(each: Post) -> Post:
    """The post, with what its Markdown holds read beforehand."""
    return each if each.known_contents else msgspec.structs.replace(each, known_contents=each.contents)


def is_about_crlf(trouble: Trouble) -> bool:
    """Whether the trouble is that lines of a file end with CRLF, and none with CR alone, which git changes nowhere."""
    return trouble.rule == _CR and trouble.what == "\r\n"


def unread(path: str, rule: str, what: str) -> Post:
    """A post of which nothing was read, and the rule that says why."""
    return Post(path, troubles=(Trouble(rule, 1, 1, what),))


def _decode(content: bytes) -> tuple[str | None, list[Trouble]]:
    troubles = []
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column = line_and_column(before, len(before))
        return None, [Trouble("not-utf-8", line, column, f"0x{content[error.start]:02X}")]
    if text.startswith("\ufeff"):
        troubles.append(Trouble("byte-order-mark", 1, 1, ""))
        text = text.removeprefix("\ufeff")
    if "\r" in text:
        line, column = line_and_column(text, text.index("\r"))
        troubles.append(Trouble(_CR, line, column, "\r" if _LONE_CR.search(text) else "\r\n"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, troubles


def _front(document: located.Document) -> tuple[Fields | None, list[Trouble]]:
    troubles = list(document.troubles)
    if isinstance(document.root, Items | Scalar):
        root, what = document.root, f"{fields.shape(document.root)}, not “name: value” lines"
        troubles.append(Trouble("malformed-yaml", root.line, root.column, what))
    elif document.root is None and not troubles:
        return Fields({}, 1, 1), troubles
    return (document.root if isinstance(document.root, Fields) else None), troubles


def _tabs(front: str) -> list[Trouble]:
    if "\t" not in front:
        return []
    return [Trouble("tab-in-front-matter", *line_and_column(front, front.index("\t")), "")]
