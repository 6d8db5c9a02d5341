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
    """Serves files without a line for each."""

    def end_headers(self) -> None:
        """Tell linkchecker that it need not spare this host."""
        self.send_header("LinkChecker", "welcome")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    """Does not mind that linkchecker hangs up once it knows enough."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


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
    """A folder for a while, which linkchecker can read even where root starts it and it becomes nobody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def linkchecker(*arguments: str, a_second: int, capture: bool) -> subprocess.CompletedProcess[str]:
    """Run linkchecker, which asks a host at most `a_second` times a second and says everything in English.

    Of its settings this one has no option on the command line.
    """
    with scratch() as folder:
        settings = folder / "linkcheckerrc"
        settings.write_text(f"[checking]\nmaxrequestspersecond={a_second}\n")
        return subprocess.run(
            [LINKCHECKER, f"--config={settings}", "--no-status", *arguments],
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"},
            stdout=subprocess.PIPE if capture else None,
            stderr=subprocess.PIPE if capture else None,
            encoding="utf-8",
            errors="replace",
        )
