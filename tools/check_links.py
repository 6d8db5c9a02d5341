"""Follow every link within a built site, as a reader's browser would: over HTTP, from the home page on.

    check_links.py SITE

Exit 0 if all lead somewhere, 1 if one does not. Links to other hosts are another job's matter.
"""

import argparse
import functools
import http.server
import subprocess
import sys
import threading
from pathlib import Path


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class QuietServer(http.server.ThreadingHTTPServer):
    """Does not mind that linkchecker hangs up once it knows enough."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


def main() -> int:
    """Serve the site on a free port of this machine, and let linkchecker go through it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    site = parser.parse_args().site
    if not (site / "index.html").is_file():
        parser.error(f"{site} has no index.html; build the site first: make site")
    handler = functools.partial(QuietHandler, directory=str(site))
    with QuietServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{server.server_port}/"
        linkchecker = Path(sys.executable).with_name("linkchecker")
        return subprocess.run([linkchecker, "--no-status", "--no-robots", "--threads=4", home], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
