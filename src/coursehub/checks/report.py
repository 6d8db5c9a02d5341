"""Findings → text for people, annotations for GitHub, JSON for programs. Nothing is printed here."""

from collections import Counter
from collections.abc import Callable, Iterable

import click
import msgspec

from coursehub.records.finding import NO_FIX, Finding, Severity
from coursehub.text.formats import indented_json
from coursehub.text.visible import visible, width
from coursehub.text.wording import plural, with_and

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "cyan"}


class Report(msgspec.Struct, frozen=True):
    """The JSON that `--format json` prints. `clean` is whether nothing blocks; `version` is that of this shape."""

    findings: list[Finding]
    clean: bool
    judged: int
    version: int = 2


FORMATS = ("text", "github", "json")
Source = Callable[[str, int], str | None]  # (path, line) → that line of the file, or None


def written(output: str, findings: list[Finding], judged: int, source: Source, *, colour: bool) -> str:
    """The findings in one of `FORMATS`; only the first has colours, and lines of the file."""
    if output == "github":
        return as_github(findings)
    return as_json(findings, judged) if output == "json" else as_text(findings, judged, source, colour=colour)


def as_text(findings: Iterable[Finding], judged: int, source: Source, *, colour: bool) -> str:
    """For people: place, severity, rule, message, the line itself, what to do; a summary at the end."""
    findings = list(findings)
    return f"{in_words(findings, source, colour=colour)}{_summary(findings, judged, _style(colour))}\n"


def in_words(findings: Iterable[Finding], source: Source, *, colour: bool) -> str:
    """Each finding as a person reads it, with an empty line behind it."""
    return "".join(f"{_block(finding, source, _style(colour))}\n" for finding in findings)


def _style(colour: bool) -> Callable[..., str]:
    return click.style if colour else _plain


def _plain(text: str, **_: object) -> str:
    return text


def _block(finding: Finding, source: Source, style: Callable[..., str]) -> str:
    place = style(f"{visible(finding.path)}:{finding.line}:{finding.column}", bold=True)
    severity = style(finding.severity.value, fg=_COLOURS.get(finding.severity), bold=True)
    lines = [f"{place}: {severity}[{finding.rule}] {visible(finding.message)}"]
    shown = source(finding.path, finding.line)
    if shown and finding.column <= len(shown) + 1:
        start = max(0, finding.column - 60)
        excerpt = visible(shown[start : start + 100])
        number = str(finding.line)
        lines.append(f"  {style(number + ' |', dim=True)} {excerpt}")
        before = width(visible(shown[start : finding.column - 1]))
        lines.append(f"  {' ' * len(number)} {style('|', dim=True)} {' ' * before}^")
    help, *to_paste = finding.help.split("\n")
    lines += [f"  {style('help:', fg='green')} {visible(help)}", *(f"    {visible(line)}" for line in to_paste)]
    if finding.fix:
        how = "--fix" if finding.fix.is_safe else "--unsafe-fixes"
        lines.append(f"  {style('fix:', fg='green')} {visible(finding.fix.message)} ({how})")
    return "\n".join(lines) + "\n"


def _summary(findings: list[Finding], judged: int, style: Callable[..., str]) -> str:
    posts = plural(judged, "post")
    if not findings:
        return style(f"{posts} checked: nothing to fix.", fg="green")
    counts: Counter[Severity] = Counter()
    for finding in findings:
        counts[finding.severity] += finding.count
    parts = [plural(counts[severity], severity.value) for severity in Severity if counts[severity]]
    safe = sum(finding.fix.is_safe for finding in findings if finding.fix)
    unsafe = sum(bool(finding.fix) for finding in findings) - safe
    repairs = [f"--fix answers {safe}"] * bool(safe) + [f"--unsafe-fixes answers {safe + unsafe}"] * bool(unsafe)
    return f"{posts} checked: {', '.join(parts)}.{f' {with_and(repairs)}.' if repairs else ''}"


def as_github(findings: Iterable[Finding]) -> str:
    """Workflow commands that GitHub shows at the line: first what blocks, since it shows ten of each severity.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    return "".join(
        f"::{finding.severity.value} file={_property(finding.path)},line={finding.line},col={finding.column},"
        f"title={_property(finding.rule)}::{_data(finding.message)}%0A{_data(finding.help)}\n"
        for finding in by_severity(findings)
    )


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with the gravest first, those of each severity by place."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: (order.index(finding.severity), finding))


def _data(text: str) -> str:
    return "%0A".join(visible(line).replace("%", "%25") for line in text.split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_json(findings: Iterable[Finding], judged: int) -> str:
    """The `Report`, indented."""
    findings = [_encodable(finding) for finding in findings]
    report = Report(findings, not any(finding.blocks for finding in findings), judged)
    return indented_json(report).decode()


def _encodable(finding: Finding) -> Finding:
    """The finding, with the bytes of a file name that is not UTF-8 written out."""
    texts = {name: getattr(finding, name) for name in ("path", "message", "help")}
    written = {name: text.encode("utf-8", "backslashreplace").decode() for name, text in texts.items()}
    if written == texts:
        return finding
    edits = tuple(msgspec.structs.replace(edit, path=written["path"]) for edit in finding.fix.edits)
    fix = msgspec.structs.replace(finding.fix, edits=edits, renames=())  # JSON cannot name such a file
    return msgspec.structs.replace(finding, **written, fix=fix or NO_FIX)
