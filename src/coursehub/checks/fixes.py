"""Findings that can be fixed → the repository as it is after their fixes. Nothing is written here."""

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple, TypeVar

from coursehub.checks.draft import Draft, with_fixes
from coursehub.checks.scope import post_of
from coursehub.records.finding import Edit, Finding, Fix

Judge = Callable[[Draft], Sequence[Finding]]
Wanted = Callable[[Draft, Finding], bool]
Fixed = TypeVar("Fixed")

_ROUNDS = 40  # a fix may lead to another one: of lines that YAML cannot read, the next one shows after the first
_SEARCHES = 12  # for fixes that bring errors; where there still is one after these, all fixes in its post are refused


class Refusal(NamedTuple):
    """A finding whose fix was not applied, and the error that it would have brought; None where it does not help."""

    finding: Finding
    error: Finding | None


class Repair(NamedTuple):
    """The repository as a draft after its fixes, (path, rule) of those that are in it, and those that are not."""

    draft: Draft
    fixed: tuple[tuple[str, str], ...] = ()
    refused: tuple[Refusal, ...] = ()


def repair(start: Draft, judge: Judge, wanted: Wanted) -> Repair:
    """The repository after the wanted findings' fixes, and after those of the findings to which these lead.

    A fix is not applied where it would bring an error that was not there. What could not be read before could not be
    judged either: errors that come to light once it can be read are not new. Raises `OSError` and `ValueError` as
    `with_fixes` does.
    """
    case = _Case(start, judge(start), judge, wanted)
    refused: dict[str, Refusal] = {}
    searches = 0
    while True:
        done = _closure(case, refused.keys())
        errors = _new_errors(case, done)
        if done.useless:
            refused |= {key: Refusal(each, None) for key, each in done.useless.items()}
        elif errors and searches < _SEARCHES:
            searches += 1
            refused |= {_key(start, each.finding): each for each in _culprits(case, done, errors, refused.keys())}
        elif errors:
            roots = _by_post(done.roots)
            suspects = [(each, error) for error in errors for each in roots.get(_post(done, error), done.roots)]
            refused |= {_key(start, each): Refusal(each, error) for each, error in suspects}
        else:
            fixed = dict.fromkeys((each.path, each.rule) for each in done.applied)
            return Repair(done.draft, tuple(fixed), tuple(refused.values()))


class _Case(NamedTuple):
    """The repository as it is, its findings, and which of their fixes are wanted."""

    start: Draft
    findings: Sequence[Finding]
    judge: Judge
    wanted: Wanted


class _Closure(NamedTuple):
    """The end of all rounds: the draft, its findings, all whose fixes were applied, and those of the first round.

    `useless`: by their keys, findings that are there as before their fix.
    """

    draft: Draft
    findings: Sequence[Finding]
    applied: list[Finding]
    roots: list[Finding]
    useless: dict[str, Finding]


def _closure(case: _Case, refused: Collection[str]) -> _Closure:
    draft, findings = case.start, case.findings
    applied, roots, useless = list[Finding](), list[Finding](), dict[str, Finding]()
    for _ in range(_ROUNDS):
        wanted = (each for each in findings if _key(draft, each) not in refused and case.wanted(draft, each))
        chosen = compatible(wanted, attrgetter("fix"))
        if not chosen or useless:
            break
        unread = _unread(draft)  # what hides behind one error may be another in the same words
        by_key = {_key(draft, each): each for each in chosen if each.path not in unread}
        before = Counter(_key(draft, each) for each in findings)
        draft = with_fixes(draft, ((each.path, each.fix) for each in chosen))
        findings = case.judge(draft)
        after = Counter(_key(draft, each) for each in findings)
        useless = {key: each for key, each in by_key.items() if after[key] >= before[key]}
        roots = roots or chosen
        applied += chosen
    return _Closure(draft, findings, applied, roots, useless)


def _by_post(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Post → the findings in it."""
    by_post: dict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        by_post[post_of(each.path)].append(each)
    return by_post


def _culprits(case: _Case, done: _Closure, errors: Sequence[Finding], refused: Collection[str]) -> list[Refusal]:
    """Of each post with a new error, the finding whose fix brings it: the first with which it is there; else the last.

    All these posts are searched at once; where none of them has fixes of its own, those of all posts are.
    """
    error_of, roots = {_post(done, error): error for error in reversed(errors)}, _by_post(done.roots)
    suspects = {post: roots[post] for post in error_of if post in roots} or {"": done.roots}
    keys = {post: [_key(case.start, each) for each in findings] for post, findings in suspects.items()}
    first, last = dict.fromkeys(keys, 0), {post: len(its) - 1 for post, its in keys.items()}
    while halves := {post: (first[post] + last[post]) // 2 for post in suspects if first[post] < last[post]}:
        tried = _closure(case, {*refused, *(key for post, half in halves.items() for key in keys[post][half + 1 :])})
        bad = {_post(tried, error) for error in _new_errors(case, tried)}
        for post, half in halves.items():
            if post in bad or (bad and not post):
                last[post] = half
            else:
                first[post] = half + 1
    return [Refusal(each[first[post]], error_of.get(post, errors[0])) for post, each in suspects.items()]


def _post(done: _Closure, error: Finding) -> str:
    """The post of an error, where it was before any fix."""
    return post_of(done.draft.origin(error.path))


def compatible(items: Iterable[Fixed], fix_of: Callable[[Fixed], Fix]) -> list[Fixed]:
    """The items whose fixes can be applied together: of two that touch the same place, the first one."""
    chosen: list[Fixed] = []
    edits: dict[str, list[Edit]] = {}  # path → by their places
    moved: set[str] = set()
    for item in items:
        fix = fix_of(item)
        paths = {path for each in fix.renames for path in (each.path, each.to)}
        if not fix or paths & moved or any(_touches(edit, edits.get(edit.path, ())) for edit in fix.edits):
            continue
        for edit in fix.edits:
            insort(edits.setdefault(edit.path, []), edit, key=_PLACE)
        moved |= paths
        chosen.append(item)
    return chosen


_PLACE = attrgetter("line", "column")


def _touches(edit: Edit, chosen: Sequence[Edit]) -> bool:
    """Whether an edit has a place in common with one of the others: with its neighbour before or behind it.

    Two that meet have none, unless one of them is an insertion: then their order would be in doubt.
    """
    at = bisect_right(chosen, _PLACE(edit), key=_PLACE)
    around = (*chosen[max(at - 1, 0) : at], edit, *chosen[at : at + 1])
    return any(
        _PLACE(second) < _END(first) or (_PLACE(second) == _END(first) and (_is_empty(first) or _is_empty(second)))
        for first, second in pairwise(around)
    )


_END = attrgetter("end_line", "end_column")


def _is_empty(edit: Edit) -> bool:
    return bool(_PLACE(edit) == _END(edit))


def _key(draft: Draft, finding: Finding) -> str:
    """A name for a finding in a file, whatever the file is called now and wherever in it the finding is."""
    return "\0".join((draft.origin(finding.path), finding.rule, finding.message))


def _unread(draft: Draft) -> set[str]:
    """The posts whose front matter cannot be read: one error of YAML hides all others."""
    return {each.path for each in draft.hub.posts if not each.is_readable}


def _errors(draft: Draft, findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    """(path in the folder, rule) → how many errors there are."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in findings:
        if each.blocks:
            counts[draft.origin(each.path), each.rule] += each.count
    return counts


def _new_errors(case: _Case, done: _Closure) -> list[Finding]:
    """The first error, in each file, of each rule that has more of them there than it had."""
    known, now = _errors(case.start, case.findings), _errors(done.draft, done.findings)
    unread = _unread(case.start)
    first: dict[tuple[str, str], Finding] = {}
    for each in done.findings:
        key = done.draft.origin(each.path), each.rule
        if each.blocks and now[key] > known[key] and key[0] not in unread:
            first.setdefault(key, each)
    return [*first.values()]
