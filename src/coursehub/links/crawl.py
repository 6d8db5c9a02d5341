"""Links as linkchecker follows them: a built site's over HTTP, as a browser would, and addresses elsewhere."""

import functools
import html
import http.server
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from coursehub.links.linkchecker import Row, UnfinishedError, rows, somebody_answered
from coursehub.text.wording import plural

PROGRAM = "linkchecker"
MISSING = f"links are followed by {PROGRAM}, which is not installed: pip install {PROGRAM}, or all of requirements.txt"


class MissingError(Exception):
    """linkchecker is not installed; the message says what to do."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files without logging each."""

    def end_headers(self) -> None:
        """Add the header that lets linkchecker send more requests a second.

        https://linkchecker.github.io/linkchecker/man/linkcheckerrc.html, maxrequestspersecond
        """
        self.send_header("LinkChecker", "welcome")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


class _Server(http.server.ThreadingHTTPServer):
    """Ignores that linkchecker closes connections early."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a site's home page, on a free port of this machine."""
    handler = functools.partial(_Handler, directory=str(site))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@contextmanager
def _scratch() -> Iterator[Path]:
    """A temporary folder that linkchecker can read even if root starts it, and it then runs as nobody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def within(site: Path) -> list[Row]:
    """A row for each link of a site's pages, from the home page on; what leads to other sites is not asked for.

    Addresses within the site begin with a slash, and no others do; what is no address is as the page has it. Raises
    `MissingError` and `UnfinishedError`.
    """
    with served(site) as home:
        # Files are served whatever is asked of them, so a page with a question has the links that it has without.
        asked_something = f"--no-follow-url=^{re.escape(home)}.*[?]"
        all_rows = _run("--no-robots", "--threads=4", "--verbose", asked_something, home, a_second=1000)
    if not any(row.url == home and row.is_valid for row in all_rows):
        raise UnfinishedError("the site's home page could not be read")
    return [
        row._replace(url=_from_top(row.parent, row.url, home), parent=_from_top("", row.parent, home))
        for row in all_rows
    ]


def _from_top(page: str, address: str, home: str) -> str:
    try:
        whole = urldefrag(urljoin(page, address)).url
    except ValueError:  # such as half an IPv6 address
        return f"http:{address}" if address.startswith("//") else address
    return f"/{whole.removeprefix(home)}" if whole.startswith(home) else whole


def elsewhere(urls: Iterable[str], agent: str, timeout: int, a_second: int) -> dict[str, Row]:
    """A row for every address. Raises `MissingError` and `UnfinishedError`.

    They are in a file, so that linkchecker sends no page as referrer, and skips what is no address. Of two that it
    takes for the same it requests one, so the missing ones are requested again. It sends a host `a_second` requests a
    second at most, and waits up to six times as long; `timeout` is in seconds.
    """
    rows_by_url: dict[str, Row] = {}
    missing = list(urls)
    with _scratch() as folder:
        while missing:
            listed = folder / "list.html"
            listed.write_text("".join(f'<p><a href="{html.escape(url)}">link</a>\n' for url in missing), "utf-8")
            answers = {
                row.url: row for row in _run(
                    "--check-extern", "--recursion-level=1", "--threads=8", "--verbose", f"--timeout={timeout}",
                    f"--user-agent={agent}", listed.as_uri(), a_second=a_second,
                )
            }  # fmt: skip
            known = {url: answers[url] for url in missing if url in answers}
            if not known:
                raise UnfinishedError(
                    f"{PROGRAM} says nothing of {plural(len(missing), 'link')}, {missing[0]!r} the first"
                )
            rows_by_url |= known
            missing = [url for url in missing if url not in known]
    if rows_by_url and not somebody_answered(rows_by_url.values()):
        raise UnfinishedError("no other site answered at all, so this machine is offline")
    return rows_by_url


@cache
def is_unknown(host: str) -> bool:
    """Whether DNS has no such host; false if DNS is out of reach."""
    try:
        socket.getaddrinfo(host, 443)
    except socket.gaierror as error:
        return error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None))
    except UnicodeError:
        pass
    return False


def _run(*arguments: str, a_second: int) -> list[Row]:
    """The rows of a complete run of linkchecker.

    It exits with 1 if a link is broken, and also if it crashes; interrupted, it ends its output as if it was complete.
    """
    ran = _linkchecker("--output=csv/utf-8", "--no-warnings", *arguments, a_second=a_second)
    try:
        if ran.returncode in (0, 1) and " interrupt; " not in ran.stderr:
            return rows(ran.stdout)
    except UnfinishedError:
        pass
    last = ran.stderr.strip().rpartition("\n")[2]
    raise UnfinishedError(f"{PROGRAM} broke off with exit code {ran.returncode} ({last or 'it says nothing'})")


def _linkchecker(*arguments: str, a_second: int) -> subprocess.CompletedProcess[str]:
    """Run linkchecker in English, with at most `a_second` requests to a host per second.

    That setting has no option on the command line.
    """
    programs = (Path(sys.executable).with_name(name) for name in (PROGRAM, f"{PROGRAM}.exe"))
    program = next(filter(Path.is_file, programs), None)
    if program is None:
        raise MissingError(MISSING)
    with _scratch() as folder:
        settings = folder / "linkcheckerrc"
        settings.write_text(f"[checking]\nmaxrequestspersecond={a_second}\n", "utf-8")
        return subprocess.run(
            [program, f"--config={settings}", "--no-status", *arguments],
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
