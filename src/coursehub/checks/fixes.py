"""Findings that carry edits → files as they are after those. Nothing is written here."""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
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
        chosen: list[Edit] = []  # by their places
        rules: dict[str, None] = {}
        for _, finding in group:
            if not any(_touches(edit, chosen) for edit in finding.fix):
                for edit in finding.fix:
                    insort(chosen, edit, key=_PLACE)
                rules[finding.rule] = None
        before = read(path)
        after = front_edits.applied(before, chosen)
        if after != before:
            yield path, tuple(rules), after


_PLACE = attrgetter("line", "column")


def _touches(edit: Edit, chosen: Sequence[Edit]) -> bool:
    """Whether an edit has a place in common with one of the others: with its neighbour before or behind it."""
    at = bisect_right(chosen, _PLACE(edit), key=_PLACE)
    return any(
        (second.line, second.column) <= (first.end_line, first.end_column)
        for first, second in pairwise((*chosen[max(at - 1, 0) : at], edit, *chosen[at : at + 1]))
    )
