"""The front matter of a post as another engine writes it → its fields, and the text below it."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from coursehub.text import located


class UnreadableError(Exception):
    """A post cannot be read: the line, and what is wrong there."""

    def __init__(self, line: int, what: str, help: str) -> None:
        super().__init__(what)
        self.line, self.what, self.help = line, what, help


class Source(NamedTuple):
    """A post of another engine: its fields by their names there, its text, and what stands before that."""

    fields: Mapping[str, Any]
    text: str
    head: str = ""


_YAML = re.compile(
    r"\A\s*---[ \t]*\n(?P<front>(?>(?:(?!---[ \t]*$|\.\.\.[ \t]*$).*\n)*))(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE
)
_TOML = re.compile(r"\A\s*\+\+\+[ \t]*\n(?P<front>(?>(?:(?!\+\+\+[ \t]*$).*\n)*))\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE)
_HALF_LETTERS = re.compile(r"\\\\|\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?P<half>\\u[dD][89a-fA-F]\w\w)", re.ASCII)
_JSON = re.compile(r"\A\s*\{\s*\"")
_HEADER = re.compile(r"\A(?>(?:[A-Za-z][\w -]{0,30}:.*\n(?:[ \t]+\S.*\n)*)+)(?:[ \t]*\n|\Z)")
_HEADER_LINE = re.compile(r"^([A-Za-z][\w -]{0,30}):[ \t]*(.*(?:\n[ \t]+\S.*)*)$", re.MULTILINE)
_YAML_SIGNS = tuple("[]{}\"'&*!|>%@`#-")  # with which a value of YAML begins that is more than a text
_HEADING = re.compile(r"\A\s*#[ \t]+(?P<title>.*?)[ \t#]*(?:\n|\Z)")
_NAMED_PICTURE = re.compile(r"!\[(?P<text>[^\[\]\n]*)\]\((?P<address>[^\s()]+)\)")
_PROPERTIES = re.compile(r"\A\s*\n(?P<front>(?:[A-Z][^\n:*`\[]{0,40}: .*\n)+)(?:[ \t]*\n|\Z)")


def split(text: str, *, is_notion: bool = False) -> Source:
    """The fields of a Markdown file, and its text. Raises `UnreadableError`.

    Fields are YAML between lines of ---, TOML between lines of +++, JSON, or the lines “Title: …” that Pelican has,
    between lines of --- or not; of a page that Notion exports, the lines below its heading.
    """
    if match := _YAML.match(text):
        first = text.count("\n", 0, match.start("front")) + 1
        return Source(_yaml(match["front"], first), text[match.end() :], match[0])
    if match := _TOML.match(text):
        return Source(_toml(match["front"], text.count("\n", 0, match.start("front"))), text[match.end() :])
    if _JSON.match(text):
        return _json(text)
    if re.match(r"\s*(?:---|\+\+\+)[ \t]*\n", text):
        raise UnreadableError(1, "the front matter opens here and no such line closes it", "Close it, and try again.")
    if is_notion:
        return _notion(_NAMED_PICTURE.sub(_without_file_name, text))
    header = _HEADER.match(text)
    fields = _header_fields(header[0]) if header else {}
    return Source(fields, text[header.end() :]) if header and "title" in fields else Source({}, text)


def _header_fields(lines: str) -> dict[str, str]:
    """The fields in lines as Pelican has them, where a value may hold anything: a colon, too."""
    return {name.lower(): " ".join(value.split()) for name, value in _HEADER_LINE.findall(lines)}


def _plain_lines(front: str) -> dict[str, str]:
    """The fields of front matter that is no YAML for its colons alone, as in “Title:Zeno: a look”; else none."""
    fields = _header_fields(front) if _HEADER.fullmatch(front) else {}
    is_plain = "title" in fields and not any(value.startswith(_YAML_SIGNS) for value in fields.values())
    return fields if is_plain else {}


def _yaml(front: str, first_line: int) -> dict[str, Any]:
    document = located.parse(front.replace("\t", "  "), first_line)
    fields = located.plain(document.root)
    has_title = isinstance(fields, dict) and any(str(name).lower() == "title" for name in fields)
    if not has_title and (lines := _plain_lines(front)):
        return lines
    if isinstance(fields, dict):
        return fields
    if not front.strip():
        return {}
    trouble = next(iter(document.troubles), None)
    line, what = (trouble.line, trouble.sentence) if trouble else (first_line, "is no list of “name: value” lines")
    raise UnreadableError(line, f"the front matter cannot be read: {what}", "Fix that line, and try again.")


def _toml(front: str, lines_before: int) -> dict[str, Any]:
    try:
        return tomllib.loads(front)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"line (\d+)", str(error))
        line = lines_before + (int(place[1]) if place else 1)
        what = f"the front matter is not TOML: {error}"
        raise UnreadableError(line, what, "Fix that line, and try again.") from error


def whole_letters(text: str) -> str:
    r"""JSON without half letters, such as a lone `\ud83d`, which no file can have; each becomes U+FFFD."""
    return _HALF_LETTERS.sub(lambda match: "\\ufffd" if match["half"] else match[0], text)


def _json(text: str) -> Source:
    start = len(text) - len(text.lstrip())
    try:
        fields, end = json.JSONDecoder().raw_decode(whole_letters(text), start)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableError(line, f"the front matter is not JSON: {error}", "Fix it, and try again.") from error
    return Source(fields, text[end:].removeprefix("\n"))


def _without_file_name(match: re.Match[str]) -> str:
    """A picture without an alternative, where Notion put the file's name for one."""
    return f"![]({match['address']})" if unquote(match["address"]).endswith(f"/{match['text']}") else match[0]


def _notion(text: str) -> Source:
    heading = _HEADING.match(text)
    if not heading:
        return Source({}, text)
    rest = text[heading.end() :]
    properties = _PROPERTIES.match(rest)
    if not properties:
        return Source({"title": heading["title"]}, rest)
    pairs = (line.partition(": ") for line in properties["front"].splitlines())
    fields = {name.lower(): value.strip() for name, _, value in pairs}
    return Source({**fields, "title": heading["title"]}, rest[properties.end() :])
