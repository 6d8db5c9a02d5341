"""Times: in which semesters the parts of an assignment hold, and where these times contradict each other."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from msgspec import UNSET

from coursehub.records.assignment import Option, RubricItem, SomeLimits, Timed

Order = Mapping[str, int]
Trouble = tuple[str, str]  # the path of a value in `data/course.yaml`, and what is wrong there


def positions(each: Timed, order: Order) -> range:
    """The positions of the semesters in which something holds."""
    first = order[each.since] if each.since else 0
    return range(first, order[each.until] + 1 if each.until else max(len(order), 1))


def in_words(each: Timed) -> str:
    """The times of something: “since F2026”, “until S2026”, “from S2025 to S2026”, “in F2026”, “always”."""
    if each.since and each.until:
        return f"in {each.since}" if each.since == each.until else f"from {each.since} to {each.until}"
    if each.since or each.until:
        return f"since {each.since}" if each.since else f"until {each.until}"
    return "always"


class Part(NamedTuple):
    """A part of the assignment, at the `path` of a mapping, and the `key` in it that has its name.

    Two parts of one `kind` and name are one thing at two times, unless they belong to two options.
    """

    path: str
    key: str
    kind: str
    name: str
    each: Timed
    option: str | None = None


def parts(
    options: Iterable[Option], rubric: Iterable[RubricItem], limits: SomeLimits | Sequence[SomeLimits]
) -> Iterator[Part]:
    """All parts, in the file's order; of limits each entry, and each limit in it."""
    for number, option in enumerate(options):
        yield Part(f"options[{number}]", "id", "options", option.id, option)
        kind = f"options[{number}].requirements"
        for index, each in enumerate(option.requirements):
            yield Part(f"{kind}[{index}]", "id", kind, each.id, each)
    for index, item in enumerate(rubric):
        yield Part(f"rubric[{index}]", "id", "rubric", item.id, item, item.option)
    for path, some in _entries(limits):
        yield Part(path, "", path, "", some)
        for name in some.values:
            yield Part(path, name, "limits", name, some)


def _entries(limits: SomeLimits | Sequence[SomeLimits]) -> list[tuple[str, SomeLimits]]:
    if isinstance(limits, SomeLimits):
        return [("limits", limits)]
    return [(f"limits[{index}]", some) for index, some in enumerate(limits)]


def wrong_times(parts: Iterable[Part], order: Order) -> Iterator[Trouble]:
    """A `since` or `until` that is not one of the semesters, or an end before the beginning."""
    for path, each in {part.path: part.each for part in parts}.items():
        written = {"since": each.since, "until": each.until}
        unknown = {name: value for name, value in written.items() if value is not UNSET and value not in order}
        for name, value in unknown.items():
            yield f"{path}.{name}", f"{name}: “{value}” is not one of the semesters"
        if not unknown and not positions(each, order):
            yield (
                f"{path}.until",
                f"until: “{each.until}” comes before “{each.since}”, since when it would hold: exchange the two",
            )


def given_twice(parts: Iterable[Part], order: Order) -> Iterator[Trouble]:
    """Parts that are given again for a semester that has them already."""
    by_name: dict[tuple[str, str], list[Part]] = defaultdict(list)
    for part in parts:
        by_name[part.kind, part.name].append(part)
    semesters, nothing = [*order], (0, Timed())
    for (kind, name), those in by_name.items():
        last: dict[str | None, tuple[int, Timed]] = {}  # of each option, where it ends
        last_of_all = nothing
        for part in sorted(those, key=lambda part: positions(part.each, order).start):
            its, end = positions(part.each, order), last_of_all
            if part.option is not None:
                end = max(last.get(part.option, nothing), last.get(None, nothing), key=_end)
            if its.start < end[0]:
                is_timed = any((part.each.since, part.each.until, end[1].since, end[1].until))
                when = f" in {semesters[its.start]}: let one end (until) before the other begins (since)"
                yield f"{part.path}.{part.key}", f"{kind}: “{name}” is given twice{when if is_timed else ''}"
            last[part.option] = max(last.get(part.option, nothing), (its.stop, part.each), key=_end)
            last_of_all = max(last_of_all, (its.stop, part.each), key=_end)


def _end(pair: tuple[int, Timed]) -> int:
    return pair[0]


def without_semester(options: Iterable[Option], rubric: Iterable[RubricItem], order: Order) -> Iterator[Trouble]:
    """Requirements and rubric items that no semester has, as their option has none of their semesters."""
    by_id: dict[str, list[Option]] = defaultdict(list)
    for number, option in enumerate(options):
        by_id[option.id].append(option)
        its = _Stretches([option], order)
        for index, each in enumerate(option.requirements):
            if not its.meet(positions(each, order)):
                what = f"“{each.id}” holds {in_words(each)}, and its option “{option.id}” {in_words(option)}"
                yield (
                    f"options[{number}].requirements[{index}].id",
                    f"requirements: {what}: no semester has both, so change one",
                )
    stretches = {option: _Stretches(those, order) for option, those in by_id.items()}
    for index, item in enumerate(rubric):
        if item.option in stretches and not stretches[item.option].meet(positions(item, order)):
            option = by_id[item.option][0]
            what = f"“{item.id}” counts {in_words(item)}, and its option “{option.id}” holds {in_words(option)}"
            yield f"rubric[{index}].id", f"rubric: {what}: no semester has both, so change one"


class _Stretches:
    """The semesters in which one of several entries holds."""

    def __init__(self, entries: Iterable[Timed], order: Order) -> None:
        its = sorted((positions(each, order) for each in entries), key=lambda each: each.start)
        self._starts = [each.start for each in its]
        self._ends = [*accumulate((each.stop for each in its), max)]

    def meet(self, other: range) -> bool:
        """Whether one of them is among these."""
        begun = bisect_left(self._starts, other.stop)
        return begun > 0 and self._ends[begun - 1] > other.start


class Sum(NamedTuple):
    """The points that a post of an option can have in a semester, but for the bonus."""

    option: str
    position: int
    points: int


def wrong_sums(options: Iterable[Option], rubric: Iterable[RubricItem], full: int, order: Order) -> Iterator[Sum]:
    """Of each option whose points do not come to the full score, the first sum that does not."""
    changes: dict[str | None, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for item in rubric:
        for turn, change in zip(_turns(item, order), (item.points, -item.points), strict=True):
            changes[item.option][turn] += 0 if item.bonus else change
    common = [*accumulate(changes[None][position] for position in range(max(len(order), 1)))]
    next_change = [*range(1, len(common) + 1)]
    for position in reversed(range(len(common) - 1)):
        if common[position] == common[position + 1]:
            next_change[position] = next_change[position + 1]
    own = {option: sorted(turns) for option, turns in changes.items()}
    sums = {option: [0, *accumulate(changes[option][turn] for turn in turns)] for option, turns in own.items()}
    wrong: dict[str, Sum] = {}
    for option in options:
        begins, ends = _turns(option, order)
        turns = own.get(option.id, [])
        first, last = bisect_right(turns, begins), bisect_left(turns, ends)
        stretches = zip([begins, *turns[first:last]], [*turns[first:last], ends], strict=True)
        for number, (start, stop) in enumerate(stretches, first):
            points = sums[option.id][number] if turns else 0
            at = start if common[start] + points != full else next_change[start]
            if at < stop:
                wrong.setdefault(option.id, Sum(option.id, at, common[at] + points))
    yield from wrong.values()


def _turns(each: Timed, order: Order) -> tuple[int, int]:
    its = positions(each, order)
    return its.start, its.stop
