"""`coursehub check`: judge posts and data."""

import datetime as dt
import os
from pathlib import Path

import click

from coursehub import checks
from coursehub.checks import fixes
from coursehub.checks.rule import Rule
from coursehub.checks.scope import Change, concerned, concerns
from coursehub.cli.shared import (
    fail,
    format_option,
    load,
    print_findings,
    root_option,
    say_if_shallow,
    summary_option,
)
from coursehub.records.course import instant
from coursehub.records.finding import Finding
from coursehub.records.post import is_post, read
from coursehub.system import files, git
from coursehub.text.visible import visible
from forkpool import processes


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> dt.datetime | None:
    try:
        return instant(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--base", metavar="REF", help="Judge only what changed since the branch left this revision.")
@click.option(
    "--merge-of", "merged", metavar="SHA",
    help="HEAD merges this commit, a pull request's newest: judge only what changed since the other side of the merge.",
)  # fmt: skip
@click.option("--actor", metavar="LOGIN", help="Judge also whose the changed posts are: this is the change's author.")
@click.option(
    "--at", metavar="MOMENT", callback=_moment, help="Judge deadlines as of this moment, such as 2026-12-05T09:00Z."
)
@click.option("--fix", is_flag=True, help="First make the edits that answer findings safely, and say what is left.")
@click.option("--list", "list_rules", is_flag=True, help="Print the rules and stop.")
@format_option
@summary_option
@root_option
def check(
    paths: tuple[Path, ...],
    base: str | None,
    merged: str | None,
    actor: str | None,
    at: dt.datetime | None,
    fix: bool,
    list_rules: bool,
    output: str,
    summary: Path | None,
    root: Path,
) -> None:
    """Judge posts and data: all of them, the PATHS given, or what a branch changed.

    Every post is held against all others and the prior posts, whichever are judged.
    """
    if list_rules:
        click.echo(_rules())
        return
    if base is not None and merged is not None:
        raise click.UsageError("--base and --merge-of exclude each other: both say what the change is held against.")
    if actor is not None and base is None and merged is None:
        raise click.UsageError("--actor needs --base REF: whose the posts were before the change is read from there.")
    say_if_shallow(root)
    try:
        if merged is not None:
            base = git.base_of_merge(root, merged)
        findings, judged = _judged(root, paths, base, actor, at, all_fixes=fix)
        if fix:
            _fix(root, findings)
            findings, judged = _judged(root, paths, base, actor, at)
    except git.GitError as error:
        fail(f"git: {error}")
    except checks.BrokenRuleError as error:
        fail(f"{error}.\nThis is a bug in Course Hub, not in your post. Please report it with this message.")
    print_findings(findings, judged, root, output, summary)


def _judged(
    root: Path, paths: tuple[Path, ...], base: str | None, actor: str | None, at: dt.datetime | None,
    *, all_fixes: bool = False,
) -> tuple[list[Finding], int]:  # fmt: skip
    """Return the findings, by place, and how many posts were judged. Raises `GitError` and `BrokenRuleError`."""
    selection = _selection(root, paths, base)
    scope = None if selection is None else _scope(selection)
    hub = load(root, base=base or "HEAD", now=at, with_contents=scope is None)
    posts = [post for post in hub.posts if scope is None or post.path in scope]
    findings = [
        *checks.judge_data(hub, all_fixes=all_fixes),
        *checks.judge_posts(hub, posts, processes(), all_fixes=all_fixes),
    ]
    if base is not None:
        findings += checks.judge_change(hub, _change(root, actor or "", base), all_fixes=all_fixes)
    return sorted(finding for finding in findings if scope is None or concerns(finding, scope)), len(posts)


def _fix(root: Path, findings: list[Finding]) -> None:
    """Make the edits of the findings in their files, each of them whole or not at all, and say which."""
    try:
        for path, rules, content in fixes.fixed(findings, lambda path: (root / path).read_bytes()):
            file = root / path
            files.write(file, content, mode=file.stat().st_mode & 0o777)
            click.echo(f"{visible(path)}: fixed ({', '.join(rules)})", err=True)
    except OSError as error:
        fail(f"{visible(str(error.filename))} can not be edited: {error.strerror}")
    except ValueError as error:
        fail(f"a file changed while it was checked ({error}); run this again.")


def _selection(root: Path, paths: tuple[Path, ...], base: str | None) -> frozenset[str] | None:
    """Return the paths to judge, or None for all of them."""
    if not paths:
        return None if base is None else git.changed(root, base)
    selection: set[str] = set()
    top = _absolute(root)
    for path in paths:
        if not path.exists() and not path.is_symlink():
            fail(f"{path}: no such file or folder")
        absolute = _absolute(path)
        if not absolute.is_relative_to(top):
            fail(f"{path} is not in the repository {root}")
        files = absolute.rglob("*") if absolute.is_dir() and not absolute.is_symlink() else ()
        selection |= {file.relative_to(top).as_posix() for file in (absolute, *files)}
    return frozenset(selection) if base is None else frozenset(selection) & git.changed(root, base)


def _absolute(path: Path) -> Path:
    """Return the path from the top, without `..`; links are not followed."""
    return Path(os.path.normpath(path.absolute()))


def _scope(selection: frozenset[str]) -> frozenset[str] | None:
    """Return the paths and the posts whose pictures are among them, or None where a data file is: it concerns all."""
    if any(path.startswith("data/") for path in selection):
        return None
    return concerned(selection)


def _change(root: Path, actor: str, base: str) -> Change:
    """Return the whole change since `base`, with the posts as `base` has them."""
    paths = git.changed(root, base)
    stored = {path: git.content(root, base, path) for path in concerned(paths) if is_post(path)}
    before = {path: read(path, content) for path, content in stored.items() if content is not None}
    return Change(actor, paths, before)


def _rules() -> str:
    width = max(len(rule.name) for rule in checks.RULES)
    return "\n".join(f"{rule.name:{width}}  {rule.severity:7}  {rule.summary}{_options(rule)}" for rule in checks.RULES)


def _options(rule: Rule) -> str:
    """The settings that change a rule, behind its summary; empty where there are none."""
    return f" Options: {', '.join(setting for setting, _ in rule.options)}." if rule.options else ""
