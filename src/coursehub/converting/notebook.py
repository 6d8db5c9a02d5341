"""Notebooks of Jupyter → Markdown: texts as they are, code in fences, outputs as text or pictures."""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from coursehub.converting.code import fenced
from coursehub.converting.front_matter import Source, UnreadableError, split
from coursehub.text.wording import plural

_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_FASTPAGES = re.compile(
    r"\A\s*#[ \t]+[\"']?(?P<title>[^\n]*?)[\"']?[ \t]*\n"
    r"(?:\s*>[ \t]*[\"']?(?P<summary>[^\n]*?)[\"']?[ \t]*\n)?"
    r"(?P<fields>(?:\s*[-*][ \t]+[\w-]+:[^\n]*(?:\n|\Z))+)\s*\Z"
)
_FIELD = re.compile(r"^\s*[-*][ \t]+([\w-]+):[ \t]*\"?(.*?)\"?[ \t]*$", re.MULTILINE)
_OPTIONS = re.compile(
    r"\A(?:[ \t]*#(?:\|[^\n]*|[ \t]?(?:hide(?:[_-]\w+)?|collapse(?:-\w+)?|export|default_exp\b[^\n]*))[ \t]*(?:\n|\Z))+"
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


def read(text: str) -> Notebook:
    """The post in a notebook's JSON. Raises `UnreadableError`."""
    try:
        document = json.loads(text)
        cells = document["cells"] if "cells" in document else document["worksheets"][0]["cells"]
        language = _language(document)
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableError(
            line, f"this is no notebook: {error}", "Save it again in Jupyter, and try again."
        ) from error
    fields: dict[str, Any] = {}
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell in cells if isinstance(cells, list) else ():
        kind, written = (
            (cell.get("cell_type"), _text(cell.get("source", cell.get("input"))))
            if isinstance(cell, dict)
            else ("", "")
        )
        if not parts and not fields and kind in ("raw", "markdown"):
            fields, written = _front(written)
        if kind == "code":
            parts += _code(cell, written, language, pictures)
        elif kind == "markdown" and written.strip():
            parts.append(_attached(cell, written.strip("\n"), pictures))
        elif kind == "heading":
            parts.append(f"{'#' * min(int(cell.get('level', 1)), 6)} {written.strip()}")
    return Notebook(Source(fields, "\n\n".join(parts) + "\n" if parts else ""), pictures)


def _language(document: Mapping[str, Any]) -> str:
    metadata = document.get("metadata", {})
    names = (metadata.get("language_info", {}).get("name"), metadata.get("kernelspec", {}).get("language"))
    name = next((each for each in names if isinstance(each, str)), "python")
    return {"ipython": "python"}.get(name.lower(), name.lower()) if re.fullmatch(r"[\w+#-]+", name) else ""


def _text(value: object) -> str:
    text = "".join(map(str, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
    return text.replace("\r\n", "\n")


def _front(written: str) -> tuple[dict[str, Any], str]:
    """The fields in the first cell, as Quarto or fastpages have them, and its text without them."""
    if match := _FASTPAGES.match(written):
        fields: dict[str, Any] = dict(_FIELD.findall(match["fields"]))
        if "categories" in fields:
            fields["categories"] = [each.strip() for each in fields["categories"].strip("[]").split(",")]
        fields["title"] = match["title"]
        return {**fields, "description": match["summary"]} if match["summary"] else fields, ""
    source = split(f"{written}\n")
    return dict(source.fields), source.text if source.fields else written


def _code(cell: Mapping[str, Any], written: str, language: str, pictures: dict[str, bytes]) -> Iterator[str]:
    if _NOTHING_SHOWN.match(written):
        return
    shown = _OPTIONS.sub("", written).strip("\n")
    magic = re.match(r"%%(bash|sh|html|javascript|js|sql|R)\b", shown)
    if shown.strip() and not _HIDDEN.match(written):
        yield fenced(shown, magic[1] if magic else language)
    for output in cell.get("outputs") or ():
        if isinstance(output, dict):
            yield from _output(output, pictures)


def _output(output: Mapping[str, Any], pictures: dict[str, bytes]) -> Iterator[str]:
    data = output.get("data", output)
    if output.get("output_type") == "stream":
        if output.get("name", output.get("stream")) != "stderr":
            yield from _printed(_text(output.get("text")))
    elif output.get("output_type") in ("error", "pyerr"):
        yield from _printed(f"{output.get('ename', 'Error')}: {output.get('evalue', '')}")
    elif isinstance(data, dict):
        for kind, suffix in _PICTURES.items():
            content = _decoded(data.get(kind, data.get(suffix.replace("jpg", "jpeg"))))
            if content:
                name = f"output-{len(pictures) + 1}.{suffix}"
                pictures[name] = content
                yield f"![]({name})"
                return
        if markdown := _text(data.get("text/markdown")):
            yield markdown.strip("\n")
        elif latex := _text(data.get("text/latex", data.get("latex"))):
            yield f"$$\n{latex.strip().strip('$').strip()}\n$$"
        else:
            yield from _printed(_text(data.get("text/plain", data.get("text"))))


def _printed(text: str) -> Iterator[str]:
    """The text that a cell printed; of more lines, as many as readers follow, and how many there are."""
    lines = [line.rsplit("\r", 1)[-1].rstrip() for line in _TERMINAL.sub("", text).rstrip().split("\n")]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = [f"… ({plural(len(lines) - _MOST_LINES, 'more line')})"]
    if any(lines):
        yield fenced(_CONTROLS.sub("", "\n".join(lines)), "text")


def _attached(cell: Mapping[str, Any], written: str, pictures: dict[str, bytes]) -> str:
    """The text with addresses of pictures in place of those that a cell has attached."""
    attachments = cell.get("attachments")
    for name, data in attachments.items() if isinstance(attachments, dict) else ():
        kind = next((each for each in _PICTURES if isinstance(data, dict) and each in data), "")
        content = _decoded(data.get(kind)) if kind else b""
        if content:
            file = f"attached-{len(pictures) + 1}.{_PICTURES[kind]}"
            pictures[file] = content
            written = written.replace(f"attachment:{name}", file).replace(
                f"attachment:{name.replace(' ', '%20')}", file
            )
    return written


def _decoded(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=False) if value else b""
    except (binascii.Error, ValueError):
        return b""


def data_pictures(text: str, addresses: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
    """The pictures that are written into a text: address, suffix and bytes of each."""
    for address in addresses:
        head, comma, data = address.partition(",")
        kind = head.removeprefix("data:").partition(";")[0]
        if comma and head.endswith(";base64") and kind in _PICTURES and (content := _decoded(data)):
            yield address, _PICTURES[kind], content
