"""Notebooks of Jupyter → Markdown: texts as they are, code in fences, outputs as text or pictures."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from coursehub.converting.code import fenced
from coursehub.converting.front_matter import Source, UnreadableError, split, whole_letters
from coursehub.text.wording import plural

_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_FASTPAGES = re.compile(
    r"\A\s*#[ \t]+(?P<title>[^\n]*)\n(?:\s*>(?P<summary>[^\n]*)\n)?"
    r"(?P<fields>(?:\s*[-*][ \t]+[\w-]+:[^\n]*(?:\n|\Z))+)\s*\Z"
)
_FIELD = re.compile(r"^\s*[-*][ \t]+([\w-]+):[ \t]*\"?(.*?)\"?[ \t]*$", re.MULTILINE)
_OPTIONS = re.compile(
    r"\A(?:[ \t]*#(?:\|[^\n]*|[ \t]?(?:(?:hide(?:[_-]\w+)?|collapse(?:-\w+)?|export)[ \t]*|default_exp\b[^\n]*))"
    r"(?:\n|\Z))+"
)
_HIDDEN = re.compile(
    r"\A\s*#(?:\|[ \t]*(?:include:[ \t]*false|echo:[ \t]*false)|[ \t]?hide(?:_input|_cell)?[ \t]*(?:\n|\Z))",
    re.MULTILINE,
)
_NOTHING_SHOWN = re.compile(r"\A\s*#(?:\|[ \t]*include:[ \t]*false|[ \t]?hide(?:_cell)?[ \t]*(?:\n|\Z))")
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOST_LINES = 40  # of one output


class Notebook(NamedTuple):
    """A notebook as a post, and the pictures in it: name → bytes."""

    source: Source
    pictures: Mapping[str, bytes]


# The parts of a notebook's JSON that are read, as the versions 3 and 4 of its format have them.

Lines = str | list[str]


class _Output(msgspec.Struct):
    output_type: str = ""
    name: str = "stdout"
    stream: str = "stdout"  # the name in version 3
    text: Lines = ""
    data: dict[str, Any] | None = None  # in version 3 the output has these itself
    png: Lines = ""
    jpeg: Lines = ""
    latex: Lines = ""
    ename: str = "Error"
    evalue: str = ""


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: Lines = ""
    input: Lines = ""  # the source in version 3
    level: int = 1  # of a heading in version 3
    outputs: list[_Output] | None = None
    attachments: dict[str, dict[str, Lines]] | None = None


class _Language(msgspec.Struct):
    name: str = ""
    language: str = ""


class _Metadata(msgspec.Struct):
    language_info: _Language | None = None
    kernelspec: _Language | None = None


class _Worksheet(msgspec.Struct):
    cells: list[_Cell]


class _Document(msgspec.Struct):
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []
    metadata: _Metadata | None = None


def read(text: str) -> Notebook:
    """The post in a notebook's JSON. Raises `UnreadableError`."""
    try:
        document = msgspec.convert(json.loads(whole_letters(text)), _Document)
    except (ValueError, RecursionError) as error:
        line, what = getattr(error, "lineno", 1), f"this is no notebook: {error}"
        raise UnreadableError(line, what, "Save it again in Jupyter, and try again.") from error
    cells = document.cells or [cell for sheet in document.worksheets for cell in sheet.cells]
    if not cells:
        raise UnreadableError(1, "this notebook has no cells", "Save it again in Jupyter, and try again.")
    language = _language(document.metadata or _Metadata())
    fields: Mapping[str, Any] = {}
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell in cells:
        written = _text(cell.source or cell.input)
        if not parts and not fields and cell.cell_type in ("raw", "markdown"):
            fields, written = _front(written)
        if cell.cell_type == "code":
            parts += _code(cell, written, language, pictures)
        elif cell.cell_type == "markdown" and written.strip():
            parts.append(_attached(cell, written.strip("\n"), pictures))
        elif cell.cell_type == "heading":
            parts.append(f"{'#' * max(1, min(cell.level, 6))} {written.strip()}")
    return Notebook(Source(fields, "\n\n".join(parts) + "\n" if parts else ""), pictures)


def _language(metadata: _Metadata) -> str:
    info, kernel = (each or _Language() for each in (metadata.language_info, metadata.kernelspec))
    name = (info.name or kernel.language or "python").lower()
    return {"ipython": "python"}.get(name, name) if re.fullmatch(r"[\w+#-]+", name) else ""


def _text(lines: Lines) -> str:
    return "".join(lines).replace("\r\n", "\n")


def _front(written: str) -> tuple[Mapping[str, Any], str]:
    """The fields in the first cell, as Quarto or fastpages have them, and its text without them."""
    if match := _FASTPAGES.match(written):
        fields: dict[str, Any] = dict(_FIELD.findall(match["fields"]))
        if "categories" in fields:
            fields["categories"] = [each.strip() for each in fields["categories"].strip("[]").split(",")]
        fields["title"] = _unquoted(match["title"])
        summary = _unquoted(match["summary"] or "")
        return {**fields, "description": summary} if summary else fields, ""
    source = split(f"{written}\n")
    return source.fields, source.text if source.fields else written


def _unquoted(line: str) -> str:
    """The words of a line, which may have quotation marks around them."""
    return line.strip().removeprefix('"').removeprefix("'").removesuffix('"').removesuffix("'")


def _code(cell: _Cell, written: str, language: str, pictures: dict[str, bytes]) -> Iterator[str]:
    if _NOTHING_SHOWN.match(written):
        return
    shown = _OPTIONS.sub("", written).strip("\n")
    magic = re.match(r"%%(bash|sh|html|javascript|js|sql|R)\b", shown)
    if shown.strip() and not _HIDDEN.match(written):
        yield fenced(shown, magic[1] if magic else language)
    for output in cell.outputs or ():
        yield from _output(output, pictures)


def _output(output: _Output, pictures: dict[str, bytes]) -> Iterator[str]:
    if output.output_type == "stream":
        if "stderr" not in (output.name, output.stream):
            yield from _printed(_text(output.text))
    elif output.output_type in ("error", "pyerr"):
        yield from _printed(f"{output.ename}: {output.evalue}")
    else:
        yield from _shown(_data(output), pictures)


def _data(output: _Output) -> Mapping[str, str]:
    """The forms in which an output can be shown: kind → text."""
    forms: Mapping[str, Any] = output.data or {
        "image/png": output.png, "image/jpeg": output.jpeg, "text/latex": output.latex, "text/plain": output.text
    }  # fmt: skip
    return {kind: _text(form) for kind, form in forms.items() if isinstance(form, str | list)}


def _shown(data: Mapping[str, str], pictures: dict[str, bytes]) -> Iterator[str]:
    """The richest form of an output that a post can have."""
    for kind, suffix in _PICTURES.items():
        if content := _decoded(data.get(kind, "")):
            name = f"output-{len(pictures) + 1}.{suffix}"
            pictures[name] = content
            yield f"![]({name})"
            return
    if markdown := data.get("text/markdown"):
        yield markdown.strip("\n")
    elif latex := data.get("text/latex"):
        yield f"$$\n{latex.strip().strip('$').strip()}\n$$"
    else:
        yield from _printed(data.get("text/plain", ""))


def _printed(text: str) -> Iterator[str]:
    """The text that a cell printed; of more lines, as many as readers follow, and how many there are."""
    lines = [line.rsplit("\r", 1)[-1].rstrip() for line in _TERMINAL.sub("", text).rstrip().split("\n")]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = [f"… ({plural(len(lines) - _MOST_LINES, 'more line')})"]
    if any(lines):
        yield fenced(_CONTROLS.sub("", "\n".join(lines)), "text")


def _attached(cell: _Cell, written: str, pictures: dict[str, bytes]) -> str:
    """The text with addresses of pictures in place of those that a cell has attached."""
    for name, forms in (cell.attachments or {}).items():
        kind = next((each for each in _PICTURES if each in forms), "")
        if content := _decoded(_text(forms.get(kind, ""))):
            file = f"attached-{len(pictures) + 1}.{_PICTURES[kind]}"
            pictures[file] = content
            for address in (name, name.replace(" ", "%20")):
                written = written.replace(f"attachment:{address}", file)
    return written


def _decoded(written: str) -> bytes:
    try:
        return base64.b64decode(written)
    except ValueError:
        return b""


def data_pictures(text: str, addresses: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
    """The pictures that are written into a text: address, suffix and bytes of each."""
    for address in addresses:
        head, comma, data = address.partition(",")
        kind = head.removeprefix("data:").partition(";")[0]
        if comma and head.endswith(";base64") and kind in _PICTURES and (content := _decoded(data)):
            yield address, _PICTURES[kind], content
