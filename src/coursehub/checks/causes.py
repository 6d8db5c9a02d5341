"""Offences of one cause → one that stands for all of them, and says where the others are."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from coursehub.checks.fixes import compatible
from coursehub.checks.rule import Offence
from coursehub.records.finding import NO_FIX, Fix
from coursehub.text.wording import brief, with_and

_MOST_LISTED = 6


def by_cause(offences: Iterable[Offence]) -> Iterator[Offence]:
    """The offences; of those in a file that have one cause, the first, which says where the others are."""
    alike: dict[tuple[str, Hashable], list[Offence]] = {}
    for offence in offences:
        if offence.cause is None:
            yield offence
        else:
            alike.setdefault((offence.place.path, offence.cause.key), []).append(offence)
    for group in alike.values():
        yield group[0] if len(group) == 1 else _one_for(group)


def _one_for(group: Sequence[Offence]) -> Offence:
    first, *others = group
    message = f"{first.message.rstrip('.')}; {len(others):,} more like it{_listed(others)}"
    return first._replace(message=message, fix=partial(_all_fixes, group))


def _all_fixes(group: Sequence[Offence]) -> Fix:
    """The safe fixes of the group in one, or else the unsafe ones, but for those that touch what another does."""
    fixes = [offence.find_fix() for offence in group]
    chosen = compatible([fix for fix in fixes if fix.is_safe] or fixes, lambda fix: fix)
    if len(chosen) < 2:
        return chosen[0] if chosen else NO_FIX
    return replace(
        chosen[0],
        message=f"{chosen[0].message} And {len(chosen) - 1:,} more like it.",
        edits=tuple(edit for fix in chosen for edit in fix.edits),
        renames=tuple(rename for fix in chosen for rename in fix.renames),
    )


def _listed(others: Sequence[Offence]) -> str:
    """By their names, “: b.png (line 4)”, or else by their lines, “ in lines 4 and 6”; each once, of many the first."""
    line_by_name: dict[str, int] = {}
    for offence in others:
        line_by_name.setdefault(offence.cause.name if offence.cause else "", offence.place.line)
    if "" in line_by_name:
        lines = dict.fromkeys(str(offence.place.line) for offence in others)
        return f" in {'line' if len(lines) == 1 else 'lines'} {_cut([*lines])}"
    return f": {_cut([f'“{brief(name, 40)}” (line {line})' for name, line in line_by_name.items()])}"


def _cut(names: Sequence[str]) -> str:
    return with_and(names) if len(names) <= _MOST_LISTED else f"{', '.join(names[:_MOST_LISTED])}, …"
