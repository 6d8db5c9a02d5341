"""Follow every link within a built site, as a reader's browser would: over HTTP, from the home page on.

    check_links.py SITE

Exit 0 if all lead somewhere, 1 if one does not. Links to other hosts are dead_links.py's matter.
"""

import argparse
import os
import sys
from pathlib import Path

from crawl import linkchecker, served

from coursehub.system import actions_log


def main() -> int:
    """Serve the site on this machine, and let linkchecker go through it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    site = parser.parse_args().site
    if not (site / "index.html").is_file():
        parser.error(f"{site} has no index.html; build the site first: make site")
    with served(site) as home:
        ran = linkchecker("--no-robots", "--threads=4", home, a_second=1000)
    print(ran.stdout, end="")
    print(ran.stderr, end="", file=sys.stderr)
    return ran.returncode


if __name__ == "__main__":
    actions_log.guard(os.environ)
    sys.exit(main())
