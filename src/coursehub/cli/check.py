"""`coursehub check`: judge posts and data."""

import datetime as dt
import os
from pathlib import Path

import click

from coursehub import checks, history
from coursehub.cli.shared import fail, format_option, load, print_findings, root_option
from coursehub.course import instant
from coursehub.finding import Finding


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> dt.datetime | None:
    try:
        return instant(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--base", metavar="REF", help="Judge only what changed since the branch left this revision.")
@click.option(
    "--at", metavar="MOMENT", callback=_moment, help="Judge deadlines as of this moment, such as 2026-12-05T09:00Z."
)
@click.option("--list", "list_rules", is_flag=True, help="Print the rules and stop.")
@format_option
@root_option
def check(
    paths: tuple[Path, ...], base: str | None, at: dt.datetime | None, list_rules: bool, output: str, root: Path
) -> None:
    """Judge posts and data: all of them, the PATHS given, or what a branch changed.

    Every post is held against all others and the prior posts, whichever are judged.
    """
    if list_rules:
        click.echo(_rules())
        return
    try:
        only = _only(root, paths, base)
        hub = load(root, base=base or "HEAD", now=at)
        touched = None if only is None else _touched(only)
        posts = [post for post in hub.posts if touched is None or post.path in touched]
        found = [*checks.judge_data(hub), *checks.judge_posts(hub, posts)]
        findings = sorted(finding for finding in found if touched is None or _concerns(finding, touched))
    except history.GitError as error:
        fail(f"git: {error}")
    except checks.BrokenRuleError as error:
        fail(f"{error}.\nThis is a bug in Course Hub, not in your post. Please report it with this message.")
    print_findings(findings, len(posts), root, output)


def _only(root: Path, paths: tuple[Path, ...], base: str | None) -> frozenset[str] | None:
    """The paths to judge, or None for all of them."""
    if not paths:
        return None if base is None else history.changed(root, base)
    named: set[str] = set()
    top = _absolute(root)
    for path in paths:
        if not path.exists() and not path.is_symlink():
            fail(f"{path}: no such file or folder")
        absolute = _absolute(path)
        if not absolute.is_relative_to(top):
            fail(f"{path} is not in the repository {root}")
        files = absolute.rglob("*") if absolute.is_dir() and not absolute.is_symlink() else ()
        named |= {file.relative_to(top).as_posix() for file in (absolute, *files)}
    return frozenset(named) if base is None else frozenset(named) & history.changed(root, base)


def _absolute(path: Path) -> Path:
    """The path from the top, without `..`; links are not followed."""
    return Path(os.path.normpath(path.absolute()))


def _touched(only: frozenset[str]) -> frozenset[str] | None:
    """The paths, and the posts whose pictures are among them. A changed data file touches everything: None."""
    if any(path.startswith("data/") for path in only):
        return None
    return only | {_post_of(path) for path in only}


def _concerns(finding: Finding, touched: frozenset[str]) -> bool:
    """Whether a finding is in something touched: a picture that lost its post was touched with the post."""
    return finding.path in touched or _post_of(finding.path) in touched


def _post_of(path: str) -> str:
    """The post to which a picture belongs; of what lies in no post's folder, the path itself."""
    return f"{path.rpartition('/')[0]}.md" if path.count("/") > 2 else path


def _rules() -> str:
    width = max(len(rule.name) for rule in checks.RULES)
    return "\n".join(f"{rule.name:{width}}  {rule.severity:7}  {rule.summary}" for rule in checks.RULES)
