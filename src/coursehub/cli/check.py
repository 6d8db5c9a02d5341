"""`coursehub check`: judge posts and data."""

import os
from pathlib import Path

import click

from coursehub import checks, history, hub
from coursehub.cli.shared import fail, format_option, load, print_findings, root_option
from coursehub.finding import Finding
from coursehub.hub import Hub


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--base", metavar="REF", help="Judge only what changed since the branch left this revision.")
@click.option("--list", "list_rules", is_flag=True, help="Print the rules and stop.")
@format_option
@root_option
def check(paths: tuple[Path, ...], base: str | None, list_rules: bool, output: str, root: Path) -> None:
    """Judge posts and data: all of them, the PATHS given, or what a branch changed.

    Every post is held against all others and the prior posts, whichever are judged.
    """
    if list_rules:
        click.echo(_rules())
        return
    the_hub = load(root)
    try:
        only = _only(root, paths, base)
        the_hub = hub.with_arrival(the_hub, _arrival(root, the_hub, base))
        posts = [post for post in the_hub.posts if only is None or post.path in only]
        findings = sorted([*_data_findings(the_hub, only), *checks.judge_posts(the_hub, posts)])
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


def _arrival(root: Path, the_hub: Hub, base: str | None) -> dict[str, int]:
    if not the_hub.contested or not history.is_repository(root):
        return {}
    return history.arrival(root, the_hub.contested, base or "HEAD")


def _data_findings(the_hub: Hub, only: frozenset[str] | None) -> list[Finding]:
    found = checks.judge_data(the_hub)
    return [finding for finding in found if only is None or finding.path in only]


def _rules() -> str:
    width = max(len(rule.name) for rule in checks.RULES)
    return "\n".join(f"{rule.name:{width}}  {rule.severity:7}  {rule.summary}" for rule in checks.RULES)
