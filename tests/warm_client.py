"""Who calls a warm program (see `warm`). It imports little: a workflow's command begins with it."""

import marshal
import os
import socket
import sys
from collections.abc import Iterable, Mapping


def call(
    server: str, arguments: Iterable[str], folder: str, variables: Mapping[str, str], files: tuple[int, int, int]
) -> int:
    """Have the program run and return its exit code; `files` are its standard input, output and error."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(server)
        socket.send_fds(connection, [b"."], files)
        connection.sendall(marshal.dumps(([*arguments], folder, {**variables})))
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(1)
        return answer[0] if answer else -1


def main(server: str) -> None:
    sys.exit(call(server, sys.argv[1:], os.getcwd(), os.environ, (0, 1, 2)))  # noqa: PTH109 - pathlib takes longer
