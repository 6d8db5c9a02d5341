"""List in Markdown which file of a preview to open for each post that this branch changes, for a job's summary.

    preview_summary.py PREVIEW (--base REF | --merge-of SHA) [--artifact ADDRESS]

Strangers name files, so names are shown in code spans that nothing in them can end.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from coursehub.checks import scope
from coursehub.github.markdown import span
from coursehub.records.post import is_post
from coursehub.system import actions_log, git


def as_code(text: str) -> str:
    """The text in a code span, with a replacement character for each that cannot be seen."""
    visible = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return span(visible)


def summary(preview: Path, changed: list[str], artifact: str) -> Iterator[str]:
    """The lines of the summary; `changed` are paths of posts."""
    where = f"[preview]({artifact})" if artifact else "preview"
    yield f"## Preview\n\nDownload {where}, unpack it, and open by double click:\n"
    for path in changed:
        page = str(PurePosixPath(path).with_suffix(".html"))
        if (preview / page).is_file():
            yield f"- {as_code(page)}"
        else:
            yield f"- nothing for {as_code(path)}: it is claimed, withdrawn or private, or has an error that blocks"
    yield f"- {as_code('index.html')} for all the rest"


def main() -> int:
    """Print the summary of the changed posts that still exist."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preview", type=Path)
    against = parser.add_mutually_exclusive_group(required=True)
    against.add_argument("--base", help="what the branch left")
    against.add_argument("--merge-of", help="HEAD merges this commit: only what is new to the other side counts")
    parser.add_argument("--artifact", default="")
    options = parser.parse_args()
    try:
        base = options.base or git.base_of_merge(Path(), options.merge_of)
        changed = scope.concerned(git.changed(Path(), base))
    except git.GitError as error:
        parser.error(str(error))
    posts = sorted(path for path in changed if is_post(path) and Path(path).is_file())
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print("\n".join(summary(options.preview, posts, options.artifact)))
    return 0


if __name__ == "__main__":
    actions_log.guard(os.environ)
    sys.exit(main())
