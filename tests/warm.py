"""Programs that begin with their modules loaded, which takes Python longer than most of what tests have them do.

For each program, a process of its own loads them once for each of pytest's, and forks for each call. There the program runs
from its first line, with the arguments, variables, folder and files of its caller, and what it has in memory ends with it.
Tests of how a command starts call the command.
"""

import atexit
import functools
import importlib
import marshal
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import warm_client

CLIENT = Path(__file__).with_name("warm_client.py")
# Whoever sets one of these otherwise wants Python itself to begin otherwise.
AT_START = ("PYTHON", "LC_", "LANG")


def can_run(variables: Mapping[str, str]) -> bool:
    """Whether a program with these variables begins as it does with this process's own; on Windows nothing forks."""
    return hasattr(os, "fork") and _at_start(variables) == _at_start(os.environ)


def _at_start(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in variables.items() if name.startswith(AT_START)}


def run(program: str, arguments: Sequence[str], folder: Path, variables: Mapping[str, str]) -> tuple[int, str]:
    """Run a program and return its exit code and what it prints, on both streams."""
    with tempfile.TemporaryFile() as output, Path(os.devnull).open() as nothing:
        files = (nothing.fileno(), output.fileno(), output.fileno())
        code = warm_client.call(_server(program), arguments, str(folder), variables, files)
        output.seek(0)
        return code, output.read().decode()


@functools.cache
def environment() -> Path:
    """A folder like this one's virtual environment, but for `bin/coursehub`, which is warm."""
    if not hasattr(os, "fork"):
        return Path(sys.prefix)
    folder = Path(_folder().name, "environment")
    (folder / "bin").mkdir(parents=True)
    for each in (*Path(sys.prefix).iterdir(), *Path(sys.prefix, "bin").iterdir()):
        if each.name not in ("bin", "coursehub"):
            (folder / each.relative_to(sys.prefix)).symlink_to(each)
    command = folder / "bin/coursehub"
    command.write_text(f"#!{sys.executable} -IS\n{CLIENT.read_text()}\nmain({_server('coursehub')!r})\n")
    command.chmod(0o755)
    return folder


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="warm-")


@functools.cache
def _server(program: str) -> str:
    """The address of the process that has a program's modules."""
    address = f"{_folder().name}/{program}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        command = [sys.executable, __file__, program, str(listener.fileno())]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[listener.fileno()])
    atexit.register(process.communicate)  # it ends where its standard input does
    return address


# In the process that has the modules


def _names(program: str) -> Iterator[str]:
    """The modules that a program may need: its own, and those of others that it loads late."""
    for package in OWN[program]:
        yield package
        path = importlib.import_module(package).__path__
        yield from (each.name for each in pkgutil.walk_packages(path, f"{package}."))
    yield from LATE[program]


OWN = {"coursehub": ("coursehub",), "mkdocs": ("coursehub", "mkdocs_coursehub", "mkdocs_once")}
LATE = {
    "coursehub": ("httpx2",),
    "mkdocs": (
        "mkdocs.__main__", "mkdocs.commands.build", "material.extensions.emoji", "material.plugins.offline.plugin", "material.plugins.search.plugin",
        "markdown.extensions.admonition", "markdown.extensions.attr_list", "markdown.extensions.footnotes", "markdown.extensions.tables",
        "pymdownx.details", "pymdownx.quotes", "pymdownx.saneheaders", "pymdownx.superfences", "pymdownx.tasklist",
        "pygments.lexers.python", "pygments.lexers.shell", "pygments.styles.default", "PIL.ImageOps",
    ),
}  # fmt: skip


def _start_coursehub() -> None:
    importlib.import_module("coursehub.cli").main()


def _start_mkdocs() -> None:
    sys.path.insert(0, str(Path.cwd()))  # as for `python -m`
    del sys.modules["mkdocs.__main__"]
    runpy.run_module("mkdocs", run_name="__main__", alter_sys=True)


START: dict[str, Callable[[], None]] = {"coursehub": _start_coursehub, "mkdocs": _start_mkdocs}


def _serve(program: str, listener: socket.socket) -> None:
    for name in _names(program):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that no fork has to be waited for
    while listener in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _answer(program, connection)
        connection.close()


def _answer(program: str, connection: socket.socket) -> None:
    """Run the program as the caller asks, and end with it."""
    _, files, _, _ = socket.recv_fds(connection, 1, 3)
    with connection.makefile("rb") as stream:
        arguments, folder, variables = marshal.loads(stream.read())
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    sys.argv[:] = [program, *arguments]
    code = _code(START[program])
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    connection.send(bytes([code & 255]))
    os._exit(code)


def _code(start: Callable[[], None]) -> int:
    """The exit code that Python would end with."""
    try:
        start()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    del sys.path[0]  # where the tests are, of which no program knows
    _serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
