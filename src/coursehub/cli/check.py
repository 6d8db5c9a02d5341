"""`coursehub check`: judge posts and data."""

import datetime as dt
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from coursehub import checks
from coursehub.checks import fixes
from coursehub.checks.draft import Draft
from coursehub.checks.fixes import Repair
from coursehub.checks.rule import Rule
from coursehub.checks.scope import Change, concerned, concerns
from coursehub.cli import standard_input
from coursehub.cli.repairs import print_diff, say, write
from coursehub.cli.shared import (
    absolute,
    fail,
    format_option,
    inside,
    load,
    print_findings,
    root_option,
    say_if_shallow,
    summary_option,
)
from coursehub.records import listing
from coursehub.records.course import instant
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from coursehub.records.listing import Listing
from coursehub.records.paths import is_post
from coursehub.records.post import read
from coursehub.system import git
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
@click.option("--fix", "is_fix", is_flag=True, help="First fix what has one right answer, and say what is left.")
@click.option(
    "--unsafe-fixes", "is_unsafe", is_flag=True, help="As --fix, also where the answer is only likely: look at it."
)
@click.option("--diff", "is_diff", is_flag=True, help="Print as a diff what the fixes would change, and write nothing.")
@click.option("--list", "list_rules", is_flag=True, help="Print the rules and stop.")
@click.option(
    "--stdin-filename", "name", metavar="PATH", type=click.Path(path_type=Path),
    help="With - as the only PATH: judge the text on standard input as if it were this post. Nothing is written.",
)  # fmt: skip
@format_option
@summary_option
@root_option
def check(
    paths: tuple[Path, ...],
    base: str | None,
    merged: str | None,
    actor: str | None,
    at: dt.datetime | None,
    is_fix: bool,
    is_unsafe: bool,
    is_diff: bool,
    list_rules: bool,
    name: Path | None,
    output: str,
    summary: Path | None,
    root: Path,
) -> None:
    """Judge posts and data: all of them, the PATHS given, or what a branch changed; with - as PATH, standard input.

    Every post is held against all others and the prior posts, whichever are judged.
    """
    if list_rules:
        click.echo(_rules())
        return
    if base is not None and merged is not None:
        raise click.UsageError("--base and --merge-of exclude each other: both say what the change is held against.")
    if actor is not None and base is None and merged is None:
        raise click.UsageError("--actor needs --base REF: whose the posts were before the change is read from there.")
    unsaved = standard_input.unsaved(paths, name, root)
    if unsaved and (base is not None or merged is not None or output == "github"):
        raise click.UsageError(
            "- goes with neither --base nor --merge-of nor --format github: these are about commits."
        )
    is_repair = is_fix or is_unsafe
    is_filter = is_repair and bool(unsaved)
    try:
        if merged is not None:
            base = git.base_of_merge(root, merged)
        looking = git.look_for_changes(root, base) if base is not None else frozenset[str]
        files = None if is_repair or is_diff else listing.read_with_marks(root)
        changes = looking()
        request = _Request(
            root, base, actor or "", at, unsaved, changes, _selection(root, paths, base, unsaved, changes), files
        )
        if is_repair or is_diff:
            done = _repaired(request, is_unsafe=is_unsafe)
            if is_diff:
                print_diff(done)
            if unsaved:
                request = request._replace(unsaved={path: done.draft.content(path) for path in unsaved})
            else:
                write(done.draft, root)
                request = request.after(done.draft)
            say(done)
        findings, judged = _judged(request)
    except git.GitError as error:
        fail(f"git: {error}")
    except checks.BrokenRuleError as error:
        fail(f"{error}.\n{_BUG}")
    if is_filter:
        sys.stdout.buffer.write(b"".join(request.unsaved.values()))
        sys.stdout.flush()
    print_findings(findings, judged, root, output, summary, request.unsaved, to_stderr=is_filter)


_BUG = "This is a bug in Course Hub, not in your post. Please report it with this message."


class _Request(NamedTuple):
    """The repository, what it is held against, and what of it is judged: the paths of `selection`, or None for all.

    `unsaved`: path → the bytes that an editor has of a post, and the folder not. `changes`: paths that differ since
    `base`. `files`: what lies in the folder, or None where it may change yet.
    """

    root: Path
    base: str | None
    actor: str
    at: dt.datetime | None
    unsaved: Mapping[str, bytes]
    changes: frozenset[str]
    selection: frozenset[str] | None
    files: Listing | None

    @property
    def scope(self) -> frozenset[str] | None:
        """The paths and the posts whose pictures are among them, or None where a data file is: it concerns all."""
        if self.selection is None or any(path.startswith("data/") for path in self.selection):
            return None
        return concerned(self.selection)

    def hub(self, *, with_contents: bool, with_texts: bool = True) -> Hub:
        """Read the repository; without texts as `repository.load` says."""
        base = self.base or "HEAD"
        return load(
            self.root, base=base, now=self.at, with_contents=with_contents, with_texts=with_texts, files=self.files,
            unsaved=self.unsaved,
        )  # fmt: skip

    def change(self, base: str, more: frozenset[str] = frozenset()) -> Change:
        """Return the whole change since `base`, with the posts as it has them; `more` are paths that change, too."""
        paths = self.changes | more
        stored = {path: git.content(self.root, base, path) for path in concerned(paths) if is_post(path)}
        before = {path: read(path, content) for path, content in stored.items() if content is not None}
        return Change(self.actor, paths, before)

    def after(self, draft: Draft) -> "_Request":
        """Return the request once the draft is written, of whose files some may have moved."""
        now = self._replace(changes=git.changed(self.root, self.base)) if self.base is not None else self
        return now if self.selection is None else now._replace(selection=self.selection | draft.paths)


def _judged(request: _Request) -> tuple[list[Finding], int]:
    """Return the findings, by place, and how many posts were judged. Raises `GitError` and `BrokenRuleError`."""
    scope = request.scope
    hub = request.hub(with_contents=scope is None, with_texts=False)
    if hub.contested:
        say_if_shallow(request.root)
    posts = [post for post in hub.posts if scope is None or post.path in scope]
    findings = [*checks.judge_data(hub), *checks.judge_posts(hub, posts, processes())]
    if request.base is not None:
        findings += checks.judge_change(hub, request.change(request.base))
    return sorted(finding for finding in findings if scope is None or concerns(finding, scope)), len(posts)


def _repaired(request: _Request, *, is_unsafe: bool) -> Repair:
    """Return what fixes make of the files that `_judged` judges: all posts are held against what they bring.

    Of what is `unsaved`, only the text changes: neither is it moved, nor another file. Raises `GitError` and
    `BrokenRuleError`.
    """
    scope, unsaved, base = request.scope, request.unsaved, request.base
    start = Draft(request.hub(with_contents=True), originals=unsaved)

    def judge(draft: Draft) -> list[Finding]:
        findings = [
            *checks.judge_data(draft.hub, all_fixes=True),
            *checks.judge_posts(draft.hub, draft.hub.posts, processes(), all_fixes=True),
        ]
        if base is not None:
            findings += checks.judge_change(draft.hub, request.change(base, draft.paths), all_fixes=True)
        return sorted(findings)

    def is_wanted(draft: Draft, finding: Finding) -> bool:
        if unsaved and not unsaved.keys() >= finding.fix.paths:
            return False
        before = msgspec.structs.replace(finding, path=draft.origin(finding.path))
        return (is_unsafe or finding.fix.is_safe) and (scope is None or concerns(before, scope))

    try:
        return fixes.repair(start, judge, is_wanted)
    except ValueError as error:
        fail(f"a fix has no place in its file ({visible(str(error))}).\n{_BUG}")


def _selection(
    root: Path, paths: tuple[Path, ...], base: str | None, unsaved: Mapping[str, bytes], changes: frozenset[str]
) -> frozenset[str] | None:
    """Return the paths to judge, or None for all of them."""
    if unsaved:
        return frozenset(unsaved)
    if not paths:
        return None if base is None else changes
    selection: set[str] = set()
    top = absolute(root)
    for path in paths:
        if not path.exists() and not path.is_symlink():
            fail(f"{path}: no such file or folder")
        here = top / inside(path, root)
        files = here.rglob("*") if here.is_dir() and not here.is_symlink() else ()
        selection |= {file.relative_to(top).as_posix() for file in (here, *files)}
    return frozenset(selection) if base is None else frozenset(selection) & changes


def _rules() -> str:
    width = max(len(rule.name) for rule in checks.RULES)
    return "\n".join(
        f"{rule.name:{width}}  {rule.severity:7}  {rule.summary}{_has_fix(rule)}{_options(rule)}"
        for rule in checks.RULES
    )


def _has_fix(rule: Rule) -> str:
    """Whether the rule has a fix, behind its summary; empty where it has none."""
    return f" Fix: {rule.fix}" if rule.fix else ""


def _options(rule: Rule) -> str:
    """The settings that change a rule, behind its summary; empty where there are none."""
    return f" Options: {', '.join(setting for setting, _ in rule.options)}." if rule.options else ""
