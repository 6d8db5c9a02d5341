"""Small repositories written as one text: `=== path` begins a file, `=== findings` what is expected of it.

A header may say how the file is stored, in parentheses: `(latin-1)`, `(bom)`, `(crlf)`, `(bytes N)` for a file
filled up to N bytes, `(N times)` for one whose last line is there so often, `(joined N)` for one whose last line is a
line of so many of it, `(escaped)` for one in which `\\u200b` stands for that character, `(fifo)` for a named pipe,
`(png 40x30)` and the like for a picture, as `pictures` has them; `=== path -> target` is a symbolic link. Of a path, `%20`
is a blank, as in an address.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import needs
from pictures import picture

_HEADER = re.compile(r"^=== (?P<path>[\w.][^\s\"]*)(?: -> (?P<link>\S+)| \((?P<how>[^)]+)\))?$", re.MULTILINE)


class Tree(NamedTuple):
    files: list[tuple[str, str, str]]  # path, text, how it is stored ("" plainly, "-> target" as a link)
    findings: str


def parse(text: str) -> Tree:
    headers = list(_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    files, findings = [], ""
    for header, end in zip(headers, ends, strict=True):
        content = text[header.end() + 1 : end]
        if header["path"] == "findings":
            findings = content.strip()
        else:
            how = f"-> {header['link']}" if header["link"] else header["how"] or ""
            files.append((header["path"], content, how))
    return Tree(files, findings)


def write(tree: Tree, root: Path) -> None:
    for name, text, how in tree.files:
        path = root / os.fsdecode(unquote_to_bytes(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        if how.startswith("-> "):
            needs.link(path, how.removeprefix("-> "))
        elif how == "fifo":
            needs.pipe(path)
        else:
            path.write_bytes(_stored(text, how))


def _stored(text: str, how: str) -> bytes:
    if how == "crlf":
        return text.replace("\n", "\r\n").encode()
    if how == "bom":
        return b"\xef\xbb\xbf" + text.encode()
    if how == "escaped":
        return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text).encode()
    if how.endswith(" times") or how.startswith("joined "):
        before, line = re.fullmatch(r"(.*\n)?([^\n]+\n)", text, re.DOTALL).groups("")
        count = int(re.sub(r"\D", "", how))
        return f"{before}{line * count if how.endswith(' times') else line.strip() * count}".encode()
    if how.startswith("bytes "):
        return text.encode().ljust(int(how.removeprefix("bytes ").replace(",", "")), b".")
    if (painted := picture(how)) is not None:
        return painted
    return text.encode(how or "utf-8")


# A course of three semesters and both options; what follows adds its topics.
COURSE = """=== data/course.yaml
name: Course
staff: [staff]
time_zone: UTC
open_semester: F2026
semesters: [{id: F2025}, {id: S2026}, {id: F2026}]
options:
  - {id: mlops-tool, title: MLOps tool, claims: tool, requirements: []}
  - {id: ml-application, title: ML application, claims: application, requirements: []}
"""
