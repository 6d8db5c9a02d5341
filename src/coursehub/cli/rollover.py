"""`coursehub rollover`: a term ends, and the next semester opens."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from coursehub import checks
from coursehub.checks import report
from coursehub.cli.repairs import print_draft, write
from coursehub.cli.shared import FINDINGS, fail, indented, load, root_option
from coursehub.records.course import PATH, Semester
from coursehub.records.finding import Finding
from coursehub.rollover import CannotRollOverError, Plan, planned
from coursehub.system import git
from coursehub.text.visible import visible
from coursehub.text.wording import plural
from forkpool import processes

_NOTHING = "Nothing was written."
_MOST = 5  # paths that a sentence names
_MOST_MENTIONS = 20  # that are listed


@click.command()
@click.argument("semester")
@click.option(
    "--claims-open", metavar="MOMENT", help="When claims open, such as 2027-01-11 00:00, in the course's zone."
)
@click.option("--post-due", metavar="MOMENT", help="When posts are due.")
@click.option("--comments-due", metavar="MOMENT", help="When comments are due.")
@click.option("--dry-run", is_flag=True, help="Show as a diff what would change, and write nothing.")
@root_option
def rollover(
    semester: str, claims_open: str | None, post_due: str | None, comments_due: str | None, dry_run: bool, root: Path
) -> None:
    """End the open semester and open SEMESTER, such as F2027, in one commit that passes the check.

    The semester is added to data/course.yaml and opened; claims and drafts that were never published are withdrawn;
    pages in docs/ that name the semester follow. All of it, or nothing: then it says why, and what to do.
    """
    hub = load(root, with_contents=True)
    _require_clean(root)
    try:
        new = Semester(semester, claims_open, post_due, comments_due)
        plan = planned(hub, new, (root / PATH).read_bytes(), _pages(root))
    except CannotRollOverError as error:
        _refuse(str(error))
    findings = sorted(
        [*checks.judge_data(plan.draft.hub), *checks.judge_posts(plan.draft.hub, plan.draft.hub.posts, processes())]
    )
    if any(finding.blocks for finding in findings):
        _stop(findings)
    if dry_run:
        print_draft(plan.draft)
        click.echo(f"{_summary(plan)}{_NOTHING} This is a dry run.", err=True)
        return
    name = _committed(plan, root, hub.course.open_semester, semester)
    click.echo(
        f"{_summary(plan)}Committed as {name}; look at it with “git show”. Then let staff review it: "
        f"git push origin HEAD:refs/heads/open-{semester}, and open a pull request."
    )


def _require_clean(root: Path) -> None:
    """Stop unless the folder is the top of a repository in which everything is committed."""
    if not git.is_repository(root):
        _refuse(f"{visible(str(root))} is not the top of a git repository with a commit, so nothing can be committed")
    if paths := git.uncommitted(root):
        named = ", ".join(visible(path) for path in paths[:_MOST]) + (" …" if len(paths) > _MOST else "")
        _refuse(f"{plural(len(paths), 'file')} not committed: {named}. Commit or stash that, and run this again")


def _pages(root: Path) -> dict[str, bytes]:
    """Return path → bytes of the course's pages that git keeps."""
    paths = [path for path in git.tracked(root) if path.startswith("docs/") and path.endswith(".md")]
    return {path: (root / path).read_bytes() for path in paths if not (root / path).is_symlink()}


def _committed(plan: Plan, root: Path, closing: str, opening: str) -> str:
    """Write and commit the draft, or leave everything as it was; return the commit's name."""
    withdrawn = "".join(f"\n- {post.path}" for post in plan.withdrawn)
    why = f"\n\nWithdrawn, since they were never published:\n{withdrawn}" if withdrawn else ""
    names: list[str] = []

    def commit() -> None:
        paths = sorted(plan.draft.contents)
        names.append(git.commit_files(root, paths, f"End {closing}, open {opening}{why}"))

    try:
        write(plan.draft, root, commit)
    except git.GitError as error:
        fail(f"git does not commit it, for this reason. {_NOTHING}{indented(error)}")
    return names[0]


def _summary(plan: Plan) -> str:
    """Return a line for each file that changes, and what becomes of it."""
    course = plan.draft.hub.course
    rows = [(PATH, f"{course.open_semester} added and opened")]
    rows += [(post.path, f"withdrawn, was “{post.status}” ({', '.join(post.authors)})") for post in plan.withdrawn]
    rows += [(path, f"names {course.open_semester} now") for path in plan.pages]
    rows += [(f"{each.path}:{each.line}", f"“{each.words}” stays") for each in plan.by_hand[:_MOST_MENTIONS]]
    lines = [f"{visible(path)}: {visible(what)}\n" for path, what in rows]
    if plan.by_hand:
        more = len(plan.by_hand) - _MOST_MENTIONS
        lines.append(
            f"{f'And {more} more. ' if more > 0 else ''}Change by hand what stays, if the new semester is meant.\n"
        )
    return "".join(lines)


def _stop(findings: Sequence[Finding]) -> NoReturn:
    """Print the errors that the commit would have, and stop with exit code 1."""
    errors = [finding for finding in findings if finding.blocks]
    click.echo(report.in_words(errors, lambda _path, _line: None, colour=False), nl=False, err=True)
    count = plural(len(errors), "error")
    why = f"the check would fail then, for {count}: correct them, commit that, and run this again. {_NOTHING}"
    click.echo(f"coursehub: {why}", err=True)
    sys.exit(FINDINGS)


def _refuse(why: str) -> NoReturn:
    fail(f"{why}. {_NOTHING}")
