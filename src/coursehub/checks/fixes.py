"""Findings that carry edits → files as they are after those. Nothing is written here."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from coursehub.records import front_edits
from coursehub.records.finding import Edit, Finding


def fixed(findings: Iterable[Finding], read: Callable[[str], bytes]) -> Iterator[tuple[str, tuple[str, ...], bytes]]:
    """(path, rules, content) of each file that changes; `read` gives a file's bytes as the findings' places count them.

    A finding's edits are made all or none: one that touches what another edits waits for the next time.
    """
    with_fix = (finding for finding in findings if finding.fix)
    edits_and_rules = ((edit.path, finding) for finding in with_fix for edit in finding.fix[:1])
    for path, group in groupby(sorted(edits_and_rules), key=lambda each: each[0]):
        chosen: list[Edit] = []
        rules: dict[str, None] = {}
        for _, finding in group:
            if not any(_touch(one, other) for one in finding.fix for other in chosen):
                chosen += finding.fix
                rules[finding.rule] = None
        before = read(path)
        after = front_edits.applied(before, sorted(chosen, key=attrgetter("line", "column")))
        if after != before:
            yield path, tuple(rules), after


def _touch(one: Edit, other: Edit) -> bool:
    first, second = sorted((one, other))
    return (second.line, second.column) <= (first.end_line, first.end_column)
