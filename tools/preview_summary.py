"""Say in Markdown which file of a preview to open for each post that this branch changes, for a job's summary.

    preview_summary.py PREVIEW --base REF [--artifact ADDRESS]

Anybody names files, so names are shown as code, and nothing in them ends that.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from coursehub.checks import scope
from coursehub.github.markdown import span
from coursehub.records.post import is_post
from coursehub.system import git


def as_code(text: str) -> str:
    """The text as it is, in a code span; what cannot be seen is a question mark."""
    visible = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return span(visible)


def summary(preview: Path, changed: list[str], artifact: str) -> Iterator[str]:
    """The lines; `changed` are paths of posts."""
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
    """Print the summary, of posts that are there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preview", type=Path)
    parser.add_argument("--base", required=True)
    parser.add_argument("--artifact", default="")
    given = parser.parse_args()
    try:
        touched = scope.concerned(git.changed(Path(), given.base))
    except git.GitError as error:
        parser.error(str(error))
    posts = sorted(path for path in touched if is_post(path) and Path(path).is_file())
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print("\n".join(summary(given.preview, posts, given.artifact)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
