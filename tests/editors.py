"""An editor as a client of `coursehub server`: messages through pipes, as any editor sends them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

from repositories import ENVIRONMENT

from coursehub.editor.serving import serve

EDITING = {"workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename"]}}}


def framed(message: object) -> bytes:
    body = json.dumps(message).encode()
    return f"Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def editor(root: Path, capabilities: object = EDITING) -> Iterator["Editor"]:
    """An editor with the server in a thread, at the other ends of two pipes."""
    with ExitStack() as files:
        (theirs, ours), (our_end, their_end) = os.pipe(), os.pipe()
        reading, writing, far_reading, far_writing = (
            files.enter_context(os.fdopen(number, mode))
            for number, mode in ((our_end, "rb"), (ours, "wb"), (theirs, "rb"), (their_end, "wb"))
        )
        server = Thread(target=serve, args=(far_reading, far_writing))
        server.start()
        try:
            yield Editor(root, reading, writing, capabilities)
        finally:
            writing.close()
            server.join()


@contextmanager
def process(root: Path) -> Iterator[tuple["Editor", "subprocess.Popen[bytes]"]]:
    """An editor with the server as it starts it, and the server."""
    program = "from coursehub.cli import main; main(['server'])"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=root, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin and server.stdout
        yield Editor(root, server.stdout, server.stdin), server


class Editor:
    """A client of the server, with the notifications so far."""

    def __init__(self, root: Path, reading: BinaryIO, writing: BinaryIO, capabilities: object = EDITING) -> None:
        self.root = root
        self.notifications: list[dict[str, Any]] = []
        self._reading, self._writing, self._number = reading, writing, 0
        self.request("initialize", processId=None, rootUri=root.as_uri(), capabilities=capabilities)
        self.notify("initialized")

    def send(self, content: bytes) -> None:
        self._writing.write(content)
        self._writing.flush()

    def leave(self) -> None:
        """Say nothing any more."""
        self._writing.close()

    def receive(self) -> dict[str, Any]:
        """The next message of the server."""
        head = self._reading.readline()
        assert head.startswith(b"Content-Length: "), head
        assert self._reading.readline() == b"\r\n"
        message: dict[str, Any] = json.loads(self._reading.read(int(head.split()[1])))
        assert message["jsonrpc"] == "2.0"
        return message

    def notify(self, method: str, **params: object) -> None:
        self.send(framed({"jsonrpc": "2.0", "method": method, "params": params}))

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        """The answer to a request; what comes before it is in `notifications`."""
        self._number += 1
        self.send(framed({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}))
        while (message := self.receive()).get("id") != self._number:
            self.notifications.append(message)
        return message

    def request(self, method: str, **params: object) -> Any:
        return self.ask(method, **params)["result"]

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def open(self, path: str, text: str, version: int = 1) -> list[dict[str, Any]]:
        document = {"uri": self.uri(path), "languageId": "markdown", "version": version, "text": text}
        self.notify("textDocument/didOpen", textDocument=document)
        return self.marks(path, version)

    def change(self, path: str, text: str, version: int) -> list[dict[str, Any]]:
        document = {"uri": self.uri(path), "version": version}
        self.notify("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])
        return self.marks(path, version)

    def save(self, path: str) -> None:
        self.notify("textDocument/didSave", textDocument={"uri": self.uri(path)})

    def marks(self, path: str, version: int | None = None) -> list[dict[str, Any]]:
        """The diagnostics that come next for a post, of this version of its text."""
        while True:
            message = self.receive()
            self.notifications.append(message)
            params = message["params"]
            if params.get("uri") == self.uri(path) and version in (None, params.get("version")):
                diagnostics: list[dict[str, Any]] = params["diagnostics"]
                return diagnostics

    def actions(self, path: str, line: int, **context: object) -> list[dict[str, Any]]:
        """The actions that are offered in a line, counted from 0."""
        place = {"line": line, "character": 0}
        at = {"start": place, "end": place}
        asked: list[dict[str, Any]] = self.request(
            "textDocument/codeAction", textDocument={"uri": self.uri(path)}, range=at,
            context={"diagnostics": [], **context},
        )  # fmt: skip
        return asked


def edited(text: str, edits: list[dict[str, Any]]) -> str:
    """The text after edits, as an editor makes them: by lines, and units of UTF-16."""
    lines = [line.encode("utf-16-le") for line in text.splitlines(keepends=True)] + [b""]

    def offset(place: dict[str, int]) -> int:
        return sum(map(len, lines[: place["line"]])) + 2 * place["character"]

    content = text.encode("utf-16-le")
    for edit in sorted(edits, key=lambda each: offset(each["range"]["start"]), reverse=True):
        start, end = (offset(edit["range"][side]) for side in ("start", "end"))
        content = content[:start] + edit["newText"].encode("utf-16-le") + content[end:]
    return content.decode("utf-16-le")
