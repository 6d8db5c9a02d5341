"""The page on how fast the site is built: what `make bench` measured, as charts and tables."""

from collections.abc import Sequence

import msgspec

from coursehub import speed
from coursehub.site import charts
from coursehub.site.page import Page, list_page, searchable
from coursehub.site.statistics import Row, Table
from coursehub.speed import BASE, OURS, OWN, SHARED, Results, Time, rounded
from coursehub.text.wording import with_and

PATH = "speed.md"
LONGEST = 88  # percent of the width: of bars below their names


class Line(msgspec.Struct, frozen=True):
    """A row of a table: its name, and what was measured for each number of posts, if it was."""

    name: str
    times: tuple[Time | None, ...]


class Comparison(msgspec.Struct, frozen=True):
    """The engines in a case: the largest number of posts as a chart, if the plugin was there, and all in a table."""

    case: str
    says: str
    bars: tuple[charts.Bar, ...]
    lines: tuple[Line, ...]


def page(results: Results | None) -> Page:
    """The page of these results, or of none."""
    times = list(speed.times(results)) if results else []
    sizes = sorted({time.posts for time in times})
    cases = {time.case for time in times}
    made = list_page(
        PATH, "speed.md", "How fast it is",
        "How long the site takes to be built, beside other programs that build blogs, and how to measure it yourself.",
        results=results, sizes=sizes, base=BASE, ours=OURS, rounded=rounded,
        comparisons=[_comparison(case, times, sizes) for case in SHARED if case in cases],
        own=[Line(case, _by_size(times, sizes, OURS, case)) for case in OWN if case in cases],
        pages={time.engine: time.pages for time in times if time.posts == sizes[-1] and time.case == speed.COLD},
        rounds=max((len(run.seconds) for run in results.runs), default=0) if results else 0,
    )  # fmt: skip
    return searchable(made, "navigation")


def _comparison(case: str, times: Sequence[Time], sizes: Sequence[int]) -> Comparison:
    of_case = [time for time in times if time.case == case]
    most = sorted((time for time in of_case if time.posts == sizes[-1]), key=lambda time: time.seconds)
    engines = dict.fromkeys(time.engine for time in (*most, *of_case))
    return Comparison(
        case,
        _says(of_case),
        charts.bars(_percent(most), LONGEST),
        tuple(Line(engine, _by_size(of_case, sizes, engine, case)) for engine in engines),
    )


def _percent(times: Sequence[Time]) -> Table:
    """Of the plugin's time, in whole percent, which gives Course Hub a colour of its own."""
    percents = ((time.engine, round(100 * time.ratio)) for time in times if time.ratio)
    rows = (Row(engine, (percent, 0) if engine == OURS else (0, percent)) for engine, percent in percents)
    return Table("Program", (OURS, "Others"), tuple(rows))


def _by_size(times: Sequence[Time], sizes: Sequence[int], engine: str, case: str) -> tuple[Time | None, ...]:
    found = {time.posts: time for time in times if (time.engine, time.case) == (engine, case)}
    return tuple(map(found.get, sizes))


def _says(times: Sequence[Time]) -> str:
    """What Course Hub needs, in words."""
    ours = [_in_words(time) for time in times if time.engine == OURS]
    return f"{OURS} takes {with_and(ours)}." if ours else f"{OURS} was not measured."


def _in_words(time: Time) -> str:
    ratio = f" (ratio {rounded(time.ratio)})" if time.ratio else ""
    return f"{rounded(time.seconds)} s for {time.posts:,} posts{ratio}"
