"""Let linkchecker follow links: a built site's over HTTP, as a browser would, and addresses elsewhere."""

import functools
import http.server
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LINKCHECKER = Path(sys.executable).with_name("linkchecker")


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
def scratch() -> Iterator[Path]:
    """A temporary folder that linkchecker can read even if root starts it, and it then runs as nobody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def linkchecker(*arguments: str, a_second: int) -> subprocess.CompletedProcess[str]:
    """Run linkchecker in English, with at most `a_second` requests to a host per second.

    That setting has no option on the command line.
    """
    with scratch() as folder:
        settings = folder / "linkcheckerrc"
        settings.write_text(f"[checking]\nmaxrequestspersecond={a_second}\n")
        return subprocess.run(
            [LINKCHECKER, f"--config={settings}", "--no-status", *arguments],
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
        )
