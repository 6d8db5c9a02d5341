"""One file of another engine → one post: its path, its text, its pictures, and what a person has to look at."""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from coursehub.claims.new_claim import path_of
from coursehub.converting import bibliography, front_matter, leftovers, medium, notebook, pictures, text, writing
from coursehub.converting import fields as foreign
from coursehub.converting.fields import Fields
from coursehub.converting.front_matter import UnreadableError
from coursehub.converting.tags import Sources
from coursehub.converting.writing import Claimed
from coursehub.markdown import contents
from coursehub.markdown.engine import refusal
from coursehub.records.course import Course
from coursehub.records.fields import FIELDS
from coursehub.records.finding import Finding, Severity
from coursehub.records.post import MAX_BYTES
from coursehub.text.wording import brief, plural, with_and

ALWAYS = ("title", "authors", "option", "tool", "semester", "status")  # which every post here has
_PAGE = re.compile(r"\s*(?:<!doctype[^<>]*>\s*)?<(?:html|article|section)\b[^<>]*>", re.IGNORECASE)
_NOTION = re.compile(r"(?P<name>.*?)[ -_]?[0-9a-f]{32}", re.DOTALL)


class Foreign(NamedTuple):
    """A post of another engine as its file has it: fields as they are called there and as they are read, its text.

    `pictures` are those that the file has in itself, by their names; `head` is what stands before the text.
    """

    name: str
    raw: Mapping[str, Any]
    fields: Fields
    text: str
    pictures: Mapping[str, bytes]
    head: str = ""

    def is_ours(self, semester: str) -> bool:
        """Whether this is a post of that semester already, which only has to come to its place."""
        return self.raw.get("semester") == semester and all(
            name in FIELDS and (name in self.raw or name not in ALWAYS) for name in (*self.raw, *ALWAYS)
        )


class Surroundings(NamedTuple):
    """The site that a post is in, as far as it asks for it: files by their paths there, other posts, and literature.

    `post` gives the address of another post in the repository, by the path or name that the text has for it.
    """

    read: pictures.Read
    post: Callable[[str], str]
    bibliography: str = ""
    is_kramdown: bool = False


class Converted(NamedTuple):
    """A post of ours: the path of its file, its text, path → bytes of its pictures, and what is left to do in it."""

    path: str
    text: str
    pictures: Mapping[str, bytes]
    findings: tuple[Finding, ...]


def read(name: str, content: bytes, course: Course) -> Foreign:
    """The post in a file of this name. Raises `UnreadableError`."""
    if len(content) > 50 * MAX_BYTES:
        raise UnreadableError(1, f"the file has {len(content):,} bytes, more than any text", "Take data out of it.")
    written = _decoded(content)
    suffix = PurePosixPath(name).suffix.lower()
    its_pictures: Mapping[str, bytes] = {}
    if suffix == ".ipynb":
        source, its_pictures = notebook.read(written)
    elif suffix in (".html", ".htm"):
        source = medium.read(written)
    else:
        source = front_matter.split(written, is_notion=bool(_NOTION.fullmatch(PurePosixPath(name).stem)))
        if _PAGE.match(source.text) and medium.has_post(source.text):  # as converters of Medium's exports leave it
            page = medium.read(source.text)
            source = source._replace(fields={**page.fields, **source.fields}, text=page.text)
    return Foreign(
        name, source.fields, foreign.read(source.fields, PurePosixPath(name).name, course), source.text, its_pictures,
        source.head,
    )  # fmt: skip


def _decoded(content: bytes) -> str:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        written = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(line, "the file is not UTF-8", "Save it as UTF-8, and try again.") from error
    return written.replace("\r\n", "\n").replace("\r", "\n")


def title_of(post: Foreign) -> str:
    """The title that the post has in its fields, in its text, or in the name of its file."""
    if post.fields.title:
        return post.fields.title
    if refusal(post.text) is None and (headings := contents.read(post.text).headings):
        first = headings[0]
        if first.level == 1 and first.title:
            return first.title
    stem = PurePosixPath(post.name).stem
    if stem == "index":
        stem = PurePosixPath(post.name).parent.name
    named = _NOTION.fullmatch(stem)
    plain = re.sub(r"^\d{4}-\d\d-\d\d[-_]", "", named["name"] if named else stem)
    return " ".join(re.split(r"[\s_-]+", plain)).strip().capitalize() or "Untitled"


def convert(post: Foreign, claim: Claimed, key: str, course: Course, around: Surroundings) -> Converted:
    """The post as a file of ours, under this key. Raises `UnreadableError` for a text that is too much for any page."""
    if refused := refusal(post.text):
        line = post.text.count("\n", 0, refused.offset) + 1
        raise UnreadableError(
            line, f"the text has too many {refused.why} to be read", "Take data out of it, and link to it."
        )
    path = path_of(claim.semester.id, key)
    folder = path.removesuffix(".md")
    if post.is_ours(claim.semester.id):
        placed = pictures.placed(post.text, folder, {}, around.read, around.post)
        findings = _in_text(path, placed.text, post.head.count("\n") + 1, placed.faults)
        return Converted(path, post.head + placed.text, placed.files, _ordered(findings))
    references = bibliography.references(around.bibliography)
    sources = Sources({str(name).lower(): value for name, value in post.raw.items()}, around.post)
    new = text.converted(post.text, post.fields.title, sources, references, is_kramdown=around.is_kramdown)
    placed = pictures.placed(new.text, folder, post.pictures, around.read, around.post)
    front = writing.front_matter(claim, new.title or title_of(post), post.fields, course)
    body = placed.text.strip("\n")
    whole = f"{front}\n{body}\n" if body else front
    findings = _in_text(path, body, front.count("\n") + 2, placed.faults)  # behind the front matter and an empty line
    return Converted(path, whole, placed.files, _ordered([*_left_out(path, post.fields, new.left_out), *findings]))


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda each: (each.line, each.column)))


def _left_out(path: str, fields: Fields, elements: Mapping[str, int]) -> Iterator[Finding]:
    """Notices of what has no place here."""
    help = "Nothing is to do."
    if pairs := [f"{name}: {brief(value, 40)}" for name, value in fields.without_place.items()]:
        several = f" and {len(pairs) - _MOST_NAMED:,} more" if len(pairs) > _MOST_NAMED else ""
        which = "field" if len(pairs) == 1 else "fields"
        message = f"left out, for posts here have no such {which}: {with_and(pairs[:_MOST_NAMED])}{several}"
        yield Finding(path, 1, 1, "field-left-out", Severity.NOTICE, message, help)
    for tag, number in elements.items():
        message = f"{plural(number, 'element')} <{tag}> {'was' if number == 1 else 'were'} left out"
        yield Finding(path, 1, 1, f"{tag}-left-out", Severity.NOTICE, message, f"{help} {_DONE_BY_THE_SITE[tag]}")


_MOST_NAMED = 8
_DONE_BY_THE_SITE = {
    "style": "The site sees to the looks.",
    "script": "The site draws formulas, diagrams and code by itself.",
}


def _in_text(path: str, body: str, first_line: int, faults: Mapping[str, tuple[str, str]]) -> list[Finding]:
    findings = [
        Finding(path, first_line + each.line - 1, each.column, "not-converted", Severity.WARNING, each.what, each.help)
        for each in leftovers.find(body)
    ]
    if refusal(body):
        return findings
    read = contents.read(body)
    for target in (*read.pictures, *read.sources, *read.links):
        if fault := faults.get(target.address):
            line, column = first_line + target.at.line - 1, target.at.column
            findings.append(Finding(path, line, column, "address-to-mend", Severity.WARNING, *fault))
    bare = [each for each in read.pictures if not each.text.strip()]
    if bare:
        line, column = first_line + bare[0].at.line - 1, bare[0].at.column
        message = (
            f"{plural(len(bare), 'picture')} from here on {'has' if len(bare) == 1 else 'have'} no text alternative"
        )
        help = "Say in a few words what each shows: ![what it shows](address)."
        findings.append(Finding(path, line, column, "no-alternative", Severity.WARNING, message, help))
    return findings
