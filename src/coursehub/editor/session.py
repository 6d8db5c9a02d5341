"""An editor's session: its open posts, and what was last said of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import SplitResult, unquote

import msgspec

from coursehub import __version__, checks
from coursehub.checks.scope import concerns
from coursehub.editor import protocol
from coursehub.editor.marks import FIX_ALL, QUICK_FIX, Marked, actions, marked
from coursehub.editor.places import Lines
from coursehub.editor.protocol import (
    ActionParams,
    DocumentParams,
    InitializeParams,
    Message,
    TextDocument,
    WorkspaceEditing,
    failure,
    notification,
    result,
)
from coursehub.records import course, repository
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from coursehub.records.paths import is_post, split_address
from coursehub.records.post import Post
from coursehub.records.repository import Data, NoCourseError
from coursehub.system.git import GitError

Params = TypeVar("Params")

_UNREADABLE = (
    NoCourseError,
    GitError,
    OSError,
    ValueError,
    checks.BrokenRuleError,
)  # what keeps a post from being judged


class Document(NamedTuple):
    """An open post: the repository around it, its path there, and its text with the editor's address and version."""

    root: Path
    path: str
    uri: str
    version: int | None
    text: str

    @property
    def content(self) -> bytes:
        """The bytes of the text."""
        return self.text.encode("utf-8", "replace")


class _RefusedError(Exception):
    """A message that cannot be answered: the code of the protocol, and why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class Session:
    """Answers an editor's messages. Open posts are judged, when it is asked for, as they are then.

    Each is held against the folder and the other open posts. What the folder has is read anew each time, but for files
    with the bytes that they had.
    """

    def __init__(self) -> None:
        self.exit_code: int | None = None  # once it is over
        self._state = "new"
        self._editing = WorkspaceEditing()
        self._documents: dict[str, Document] = {}
        self._marks: dict[str, list[Marked]] = {}  # of posts that were judged as they are now
        self._unpublished: dict[str, None] = {}  # addresses of posts, the first changed first
        self._folders: dict[Path, _Folder] = {}
        self._trouble = ""  # what was shown last

    def answer(self, content: bytes) -> Iterator[bytes]:
        """Yield what is to be sent when this message comes, which may be anything."""
        try:
            message = msgspec.json.decode(content, type=Message)
        except msgspec.ValidationError as error:
            yield failure(None, protocol.INVALID_REQUEST, str(error))
            return
        except msgspec.DecodeError as error:
            yield failure(None, protocol.PARSE_ERROR, str(error))
            return
        if not message.method:
            return
        try:
            yield from self._answered(message)
        except _RefusedError as error:
            if message.id is not None:
                yield failure(message.id, error.code, str(error))
        except Exception as error:  # a bug here must not take the editor's other work along
            why = f"{message.method}: {type(error).__name__}: {error}"
            yield failure(message.id, protocol.INTERNAL_ERROR, why) if message.id is not None else _shown(why)

    def _answered(self, message: Message) -> Iterator[bytes]:
        if message.method == "exit":
            self.exit_code = 0 if self._state == "shut down" else 1
            return
        if self._state == "new" and message.method != "initialize":
            raise _RefusedError(protocol.NOT_INITIALIZED, "“initialize” comes first")
        if self._state == "shut down":
            raise _RefusedError(protocol.INVALID_REQUEST, "after “shutdown” comes “exit”")
        if message.id is not None:
            request = _REQUESTS.get(message.method)
            if request is None:
                raise _RefusedError(protocol.METHOD_NOT_FOUND, f"“{message.method}” is not known here")
            yield result(message.id, request(self, message))
        elif notice := _NOTIFICATIONS.get(message.method):
            yield from notice(self, message)

    def publish(self) -> Iterator[bytes]:
        """Yield what is to be marked in the posts that changed, and what keeps them from being judged."""
        for uri in list(self._unpublished):
            document = self._documents[uri]
            try:
                yield _published(document, self._judged(document))
            except _UNREADABLE as error:
                if self._trouble != str(error):
                    self._trouble = str(error)
                    yield _shown(f"{document.path} cannot be checked: {error}")
            self._unpublished.pop(uri)

    def _judged(self, document: Document) -> list[Marked]:
        """The marks of the post as it is now. Raises `_UNREADABLE`."""
        if document.uri not in self._marks:
            findings = self._folder(document.root).findings(document, self._documents.values())
            self._marks[document.uri] = marked(document.path, Lines(document.text), findings)
        return self._marks[document.uri]

    def _changed(self, *uris: str) -> None:
        for uri in uris:
            self._marks.pop(uri, None)
            self._unpublished[uri] = None

    def _folder(self, root: Path) -> "_Folder":
        return self._folders.setdefault(root, _Folder(root))

    # --- requests

    def _initialize(self, message: Message) -> object:
        self._editing = _params(message, InitializeParams).capabilities.workspace.workspace_edit
        self._state = "running"
        return {
            "serverInfo": {"name": "coursehub", "version": __version__},
            "capabilities": {
                "positionEncoding": "utf-16",
                "textDocumentSync": {"openClose": True, "change": protocol.FULL_TEXT, "save": True},
                "codeActionProvider": {"codeActionKinds": [QUICK_FIX, FIX_ALL]},
            },
        }

    def _shut_down(self, _: Message) -> None:
        self._state = "shut down"

    def _actions(self, message: Message) -> object:
        asked = _params(message, ActionParams)
        document = self._documents.get(asked.text_document.uri)
        if document is None:
            return []
        open_by_path = {each.path: each for each in self._documents.values() if each.root == document.root}
        try:
            marks = self._judged(document)
        except _UNREADABLE:  # which is shown once it is published
            return []
        files = _Files(document.root, open_by_path)
        return actions(marks, asked.range, asked.context.only, files, self._editing)

    # --- notifications

    def _open(self, message: Message) -> Iterator[bytes]:
        if document := _document(_params(message, DocumentParams).text_document):
            self._documents[document.uri] = document
            self._changed(document.uri)
        return iter(())

    def _change(self, message: Message) -> Iterator[bytes]:
        params = _params(message, DocumentParams)
        document = self._documents.get(params.text_document.uri)
        texts = [change.text for change in params.content_changes if change.range is None]
        if document and texts:
            version = params.text_document.version
            self._documents[document.uri] = document._replace(text=texts[-1], version=version)
            self._changed(document.uri)
        return iter(())

    def _close(self, message: Message) -> Iterator[bytes]:
        uri = _params(message, DocumentParams).text_document.uri
        self._unpublished.pop(uri, None)
        self._marks.pop(uri, None)
        if document := self._documents.pop(uri, None):
            yield _published(document, [])

    def _judge_all(self, _: Message) -> Iterator[bytes]:
        """A file was saved or changed: what is said of any post may be another thing now."""
        self._changed(*self._documents)
        return iter(())


_REQUESTS: Mapping[str, Callable[[Session, Message], object]] = {
    "initialize": Session._initialize,
    "shutdown": Session._shut_down,
    "textDocument/codeAction": Session._actions,
}
_NOTIFICATIONS: Mapping[str, Callable[[Session, Message], Iterator[bytes]]] = {
    "textDocument/didOpen": Session._open,
    "textDocument/didChange": Session._change,
    "textDocument/didClose": Session._close,
    "textDocument/didSave": Session._judge_all,
    "workspace/didChangeWatchedFiles": Session._judge_all,
}


class _Folder:
    """A repository, and what was last read of it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._data: Data | None = None
        self._posts: tuple[Post, ...] = ()

    def findings(self, document: Document, open_documents: Iterable[Document]) -> list[Finding]:
        """The findings in an open post and its pictures, by place. Raises what reading and judging raise."""
        self._data = repository.read_data(self._root, self._data)
        unsaved = {each.path: each.content for each in open_documents if each.root == self._root}
        hub = repository.load(self._root, data=self._data, known=self._posts, unsaved=unsaved)
        self._posts = hub.posts
        return _findings(hub, document.path)


def _findings(hub: Hub, path: str) -> list[Finding]:
    posts = [each for each in hub.posts if each.path == path]
    findings = [*checks.judge_data(hub), *checks.judge_posts(hub, posts)]
    return sorted(each for each in findings if concerns(each, frozenset({path})))


class _Files(NamedTuple):
    """The files of a repository, of which some are open."""

    root: Path
    open_by_path: Mapping[str, Document]

    def uri(self, path: str) -> str:
        document = self.open_by_path.get(path)
        return document.uri if document else (self.root / path).as_uri()

    def version(self, path: str) -> int | None:
        document = self.open_by_path.get(path)
        return document.version if document else None

    def lines(self, path: str) -> Lines:
        document = self.open_by_path.get(path)
        return Lines(document.text if document else (self.root / path).read_text("utf-8", "replace"))


def _params(message: Message, kind: type[Params]) -> Params:
    try:
        return msgspec.json.decode(message.params, type=kind)
    except msgspec.DecodeError as error:
        raise _RefusedError(protocol.INVALID_PARAMS, f"{message.method}: {error}") from error


def _document(its: TextDocument) -> Document | None:
    """The open post, or None where it is no file, or no post of a course."""
    address = split_address(its.uri)
    if address.scheme != "file":
        return None
    file = Path(_file(address))
    root = next((folder for folder in file.parents if (folder / course.PATH).is_file()), None)
    path = file.relative_to(root).as_posix() if root else ""
    return Document(root, path, its.uri, its.version, its.text) if root and is_post(path) else None


def _file(address: SplitResult) -> str:
    """The file that an address means: on Windows, /c:/hub is on a drive, and what a host shares begins with it."""
    path = unquote(address.path)
    if path[2:3] == ":":
        return path.removeprefix("/")
    return f"//{address.netloc}{path}" if address.netloc not in ("", "localhost") else path


def _published(document: Document, marks: Iterable[Marked]) -> bytes:
    diagnostics = [each.diagnostic for each in marks]
    version = {} if document.version is None else {"version": document.version}
    return notification("textDocument/publishDiagnostics", uri=document.uri, diagnostics=diagnostics, **version)


def _shown(message: str) -> bytes:
    return notification("window/showMessage", type=protocol.WARNING, message=f"coursehub: {message}")
