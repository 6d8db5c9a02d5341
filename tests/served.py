"""Builds of a site in one process, as `mkdocs serve` makes them; run by `test_once_builds`.

    served.py FOLDER

For each line that it reads, it builds the site of the folder that it runs in, and writes one line, `DONE` and its exit code.
"""

import logging
import os
import sys

import mkdocs.__main__
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, BuildError


def main(folder: str) -> None:
    """Build as often as a line says so."""
    state = mkdocs.__main__.State()  # which prints messages for as long as it lives, in colour
    state.stream.setFormatter(logging.Formatter("%(levelname)-8s-  %(message)s"))
    config = load_config(site_dir=folder)
    os.environ.setdefault("COURSEHUB_DRAFTS", "")  # as a build has it, which the site is compared with
    config.plugins.on_startup(command="serve", dirty=False)
    for _ in sys.stdin:
        code = 0
        try:
            build(load_config(site_dir=folder))
        except (BuildError, Abort) as error:
            print(error, file=sys.stderr)
            code = 1
        print(f"DONE {code}", file=sys.stderr, flush=True)
    del state


if __name__ == "__main__":
    main(sys.argv[1])
