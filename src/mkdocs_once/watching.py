"""Edits as the operating system reports them, at once. MkDocs by itself looks at all files twice a second.

Under WSL, which reports none of Windows' own files, watchfiles looks for them, too; so it does anywhere if the
environment has `WATCHFILES_FORCE_POLLING=1`. Where it cannot start, MkDocs looks as it would without this.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import watchfiles
from watchdog.events import FileModifiedEvent, FileSystemEventHandler

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer
    from watchdog.observers.api import BaseObserver, ObservedWatch

_TOGETHER = 10  # milliseconds without a change, after which those before are reported
_WAIT = 200  # milliseconds after which it is seen whether to stop
_ERRORS = (OSError, RuntimeError)  # of watchfiles
log = logging.getLogger("mkdocs.plugins.once")


class Observer:
    """All that a server of MkDocs asks of an observer; `polling` is the one that it has, of watchdog."""

    def __init__(self, polling: "BaseObserver") -> None:
        self._polling = polling
        self._handlers: dict[Path, FileSystemEventHandler] = {}
        self._stopped = Event()
        self._threads: list[Thread] = []

    def schedule(self, handler: FileSystemEventHandler, path: str, *, recursive: bool) -> "ObservedWatch":
        """Have the handler called for changes of a file, or in a folder."""
        self._handlers[Path(path)] = handler
        return self._polling.schedule(handler, path, recursive=recursive)

    def unschedule(self, watch: "ObservedWatch") -> None:
        """Have no handler called for that any more."""
        self._handlers.pop(Path(watch.path), None)
        self._polling.unschedule(watch)

    def start(self) -> None:
        """Report changes from now on."""
        folders = [path for path in self._handlers if path.is_dir()]
        # A file that an editor replaces is another one then, so it is the folder around it that is watched.
        files = {str(path.parent.resolve() / path.name) for path in self._handlers if path.is_file()}
        around = sorted({Path(path).parent for path in files})
        try:
            streams = [self._changes(folders, lambda _: True, recursive=True)] if folders else []
            streams += [self._changes(around, files.__contains__, recursive=False)] if files else []
        except _ERRORS as error:
            self._poll(error)
            return
        self._threads = [Thread(target=self._report, args=[stream], daemon=True) for stream in streams]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Report no more."""
        self._stopped.set()
        self._polling.stop()

    def join(self) -> None:
        """Wait until it has stopped."""
        for thread in [*self._threads, *([self._polling] if self._polling.is_alive() else ())]:
            thread.join()

    def _changes(self, paths: Sequence[Path], counts: Callable[[str], bool], *, recursive: bool) -> Iterator[Any]:
        """The changes below these folders, of paths that count. Raises if they cannot be watched."""
        changes = watchfiles.watch(
            *paths, watch_filter=lambda _, path: counts(path), step=_TOGETHER, rust_timeout=_WAIT,
            yield_on_timeout=True, stop_event=self._stopped, raise_interrupt=False, recursive=recursive,
        )  # fmt: skip
        return chain([next(changes)], changes)  # the first, of which there may be none, is asked for to begin

    def _report(self, changes: Iterator[Any]) -> None:
        handler = next(iter(self._handlers.values()))  # all ask for a new build
        try:
            for each in filter(None, changes):
                handler.dispatch(FileModifiedEvent(min(path for _, path in each)))
        except _ERRORS as error:
            self._poll(error)

    def _poll(self, error: Exception) -> None:
        log.info("The operating system reports no changes of files (%s): they are looked for.", error)
        if not self._polling.is_alive():
            self._polling.start()


def watch(server: "LiveReloadServer", paths: Sequence[str]) -> None:
    """Have the server hear of changes by an `Observer`: of these paths as far as it watches them, and of later ones."""
    watched = []
    for path in paths:
        with suppress(KeyError):  # which is raised for a path that is not watched
            server.unwatch(path)
            watched.append(path)
    server.observer = Observer(server.observer)  # type: ignore[assignment]
    for path in watched:
        server.watch(path)
