"""Findings in a post → an editor's diagnostics, and their fixes as its actions."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from coursehub.checks.fixes import compatible
from coursehub.editor.places import Lines
from coursehub.editor.protocol import ERROR, INFORMATION, WARNING, Range, WorkspaceEditing
from coursehub.records.finding import Edit, Finding, Fix, Rename, Severity
from coursehub.text.wording import plural

QUICK_FIX, FIX_ALL = "quickfix", "source.fixAll.coursehub"
_SEVERITIES = {Severity.ERROR: ERROR, Severity.WARNING: WARNING, Severity.NOTICE: INFORMATION}

Json = dict[str, Any]


class Files(Protocol):
    """The repository's files as the editor knows them, by their paths."""

    def uri(self, path: str) -> str:
        """The address of a file, which need not be there."""

    def version(self, path: str) -> int | None:
        """The version of a file's text, if it is open."""

    def lines(self, path: str) -> Lines:
        """The lines of a file. Raises `OSError`."""


class Marked(NamedTuple):
    """A finding, and the diagnostic that the editor has of it."""

    finding: Finding
    range: Range
    diagnostic: Json


def marked(path: str, lines: Lines, findings: Iterable[Finding]) -> list[Marked]:
    """The findings as diagnostics of the post at `path`; those in its pictures are at its first line."""
    return [_marked(each, path, lines) for each in findings]


def _marked(finding: Finding, path: str, lines: Lines) -> Marked:
    is_here = finding.path == path
    place = lines.rest(finding.line, finding.column) if is_here else lines.rest(1, 1)
    message = finding.message if is_here else f"{finding.path}: {finding.message}"
    diagnostic = {
        "range": place,
        "severity": _SEVERITIES[finding.severity],
        "code": finding.rule,
        "source": "coursehub",
        "message": f"{message}\n{finding.help}".rstrip(),
    }
    return Marked(finding, place, diagnostic)


def actions(
    marks: Sequence[Marked], at: Range, only: Sequence[str] | None, files: Files, editing: WorkspaceEditing
) -> list[Json]:
    """The fixes of the findings in the lines of a part of the text; also all safe ones in one, where there are several.

    `only`: the kinds that are asked for; None for all.
    """
    here = [each for each in marks if each.range.start.line <= at.end.line and at.start.line <= each.range.end.line]
    quick = (_quick_fix(each, files, editing) for each in here) if _is_wanted(QUICK_FIX, only) else ()
    every = [_fix_all(marks, files, editing, fewest=1 if only else 2)] if _is_wanted(FIX_ALL, only) else ()
    return [action for action in (*quick, *every) if action]


def _is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    return only is None or any(kind == each or kind.startswith(f"{each}.") or not each for each in only)


def _quick_fix(mark: Marked, files: Files, editing: WorkspaceEditing) -> Json | None:
    fix = mark.finding.fix
    edit = _workspace_edit([fix], files, editing)
    if edit is None:
        return None
    title = fix.message if fix.is_safe else f"{fix.message} (look at it: this is only likely)"
    return {
        "title": title, "kind": QUICK_FIX, "diagnostics": [mark.diagnostic], "isPreferred": fix.is_safe, "edit": edit,
    }  # fmt: skip


def _fix_all(marks: Iterable[Marked], files: Files, editing: WorkspaceEditing, *, fewest: int) -> Json | None:
    """All safe fixes that do not touch each other, if they are so many; not those that move files."""
    safe = (each.finding.fix for each in marks if each.finding.fix.is_safe and not each.finding.fix.renames)
    fixes = compatible((fix for fix in safe if not fix.line_ends), lambda fix: fix)
    edit = _workspace_edit(fixes, files, editing) if len(fixes) >= fewest else None
    return edit and {"title": f"Fix all: {plural(len(fixes), 'safe fix', 'safe fixes')}", "kind": FIX_ALL, "edit": edit}


def _workspace_edit(fixes: Sequence[Fix], files: Files, editing: WorkspaceEditing) -> Json | None:
    """The edits and renames of these fixes, or None where there are none, or the editor cannot make them.

    An editor has line ends of its own, which no edit of its text changes.
    """
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=attrgetter("path", "line", "column"))
    renames = [rename for fix in fixes for rename in fix.renames]
    if not (edits or renames) or any(fix.line_ends for fix in fixes):
        return None
    if renames and not (editing.document_changes and "rename" in editing.resource_operations):
        return None
    try:
        changes = list(_changes(edits, renames, files))
    except OSError:
        return None
    if editing.document_changes:
        return {"documentChanges": changes}
    return {"changes": {each["textDocument"]["uri"]: each["edits"] for each in changes}}


def _changes(edits: Sequence[Edit], renames: Sequence[Rename], files: Files) -> Iterator[Json]:
    for path, of_file in groupby(edits, key=attrgetter("path")):
        lines = files.lines(path)
        texts = [{"range": lines.between(edit), "newText": lines.new_text(edit)} for edit in of_file]
        yield {"textDocument": {"uri": files.uri(path), "version": files.version(path)}, "edits": texts}
    for each in renames:
        yield {"kind": "rename", "oldUri": files.uri(each.path), "newUri": files.uri(each.to)}
