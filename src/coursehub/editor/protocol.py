"""The messages of the Language Server Protocol, as far as they are needed here.

https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/

Not by pygls: it takes six times as long to load as all of this and a check, and brings four packages for these few
messages.
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgspec

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32700, -32600, -32601, -32602, -32603
NOT_INITIALIZED = -32002
ERROR, WARNING, INFORMATION = 1, 2, 3  # severities of diagnostics, and kinds of messages that are shown
FULL_TEXT = 1  # of the ways in which an editor says what changed

_LONGEST_HEADER = 1000  # bytes
_MOST_BYTES = 64_000_000  # of a message; of a post, a sixtieth is judged


class Shape(msgspec.Struct, frozen=True, rename="camel"):
    """An object of the protocol. Fields that are not needed here are passed over."""


class Position(Shape, frozen=True, order=True):
    """A place: the line, from 0, and how many units of UTF-16 are before it there."""

    line: int
    character: int


class Range(Shape, frozen=True):
    """A part of a text, between two places."""

    start: Position
    end: Position


class Message(Shape, frozen=True):
    """A request, which has an id, a notification, which has none, or an answer, which has no method."""

    method: str = ""
    id: int | str | None = None
    params: msgspec.Raw = msgspec.Raw(b"{}")


class TextDocument(Shape, frozen=True):
    """A document; `text` is there when it is opened, `version` then and when it changes."""

    uri: str
    version: int | None = None
    text: str = ""


class Change(Shape, frozen=True):
    """The new text of a document; of a part of it, where that has a range."""

    text: str
    range: Range | None = None


class DocumentParams(Shape, frozen=True):
    """A document that was opened, changed, saved or closed."""

    text_document: TextDocument
    content_changes: tuple[Change, ...] = ()


class ActionContext(Shape, frozen=True):
    """The kinds of actions that the editor asks for; None for all."""

    only: tuple[str, ...] | None = None


class ActionParams(Shape, frozen=True):
    """A part of a document for which the editor asks what can be done."""

    text_document: TextDocument
    range: Range
    context: ActionContext = ActionContext()


class WorkspaceEditing(Shape, frozen=True):
    """Whether the editor takes edits with versions, and which operations on files."""

    document_changes: bool = False
    resource_operations: tuple[str, ...] = ()


class Workspace(Shape, frozen=True):
    """Edits of several files that the editor can make."""

    workspace_edit: WorkspaceEditing = WorkspaceEditing()


class Capabilities(Shape, frozen=True):
    """Features that the editor has."""

    workspace: Workspace = Workspace()


class InitializeParams(Shape, frozen=True):
    """How the editor presents itself."""

    capabilities: Capabilities = Capabilities()


def messages(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the content of each message until the stream ends; empty where a head does not say how long it is."""
    while line := stream.readline(_LONGEST_HEADER):
        length = None
        while line.strip():
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value.strip()[:10])
            line = stream.readline(_LONGEST_HEADER)
        if length is None:
            yield b""
        elif length > _MOST_BYTES:
            return
        else:
            yield stream.read(length)


def written(content: Mapping[str, Any]) -> bytes:
    """A message as it is sent."""
    body = msgspec.json.encode({"jsonrpc": "2.0", **content})
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def notification(method: str, **params: Any) -> bytes:  # noqa: ANN401  (whatever JSON holds)
    """A message that needs no answer."""
    return written({"method": method, "params": params})


def result(number: int | str | None, content: object) -> bytes:
    """The answer to the request of this id."""
    return written({"id": number, "result": content})


def failure(number: int | str | None, code: int, message: str) -> bytes:
    """The answer to a request that cannot be answered, or to what is no message."""
    return written({"id": number, "error": {"code": code, "message": message}})
