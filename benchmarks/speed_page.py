"""`docs/speed.md`, the page on how fast the site is built: the results as charts and tables.

`make bench` writes it. After a change of the page's own text, in `benchmarks/speed.md`, `speed_page.py` does so too.
"""

from collections.abc import Sequence
from pathlib import Path

import jinja2
import msgspec
import results
from results import BASE, COLD, FULL_BASE, OURS, OWN, SHARED, Results, Time, rounded

from coursehub.site import charts
from coursehub.site.page import templates
from coursehub.site.statistics import Row, Table
from coursehub.system import files
from coursehub.text.wording import plural, with_and

HERE = Path(__file__).parent
FILE = HERE.parent / "docs/speed.md"
LONGEST = 88  # percent of the width: of bars below their names


class Line(msgspec.Struct, frozen=True):
    """A row of a table: its name, and the times for each number of posts, None where it was not measured."""

    name: str
    times: tuple[Time | None, ...]


class Comparison(msgspec.Struct, frozen=True):
    """The engines in a case: as a chart those with the most posts of which the plugin has its time, and all in a table.

    `posts` is how many these are; 0 where there is no chart.
    """

    case: str
    sentence: str
    posts: int
    bars: tuple[charts.Bar, ...]
    lines: tuple[Line, ...]


class Growth(msgspec.Struct, frozen=True):
    """Milliseconds of a first build for each post: a row for each engine measured with several numbers of posts.

    `sentences`: the row's id → its numbers in words.
    """

    table: Table
    panels: tuple[tuple[charts.Column, ...], ...]
    sentences: dict[str, str]


def text(measured: Results) -> str:
    """The page's Markdown with its front matter."""
    times = list(results.times(measured))
    sizes = sorted({time.posts for time in times})
    cases = {time.case for time in times}
    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(HERE), templates().loader or jinja2.DictLoader({})])
    template = templates().overlay(loader=loader).get_template("speed.md")
    page: str = template.render(
        results=measured, sizes=sizes, base=BASE, full_base=FULL_BASE, ours=OURS, rounded=rounded, with_and=with_and,
        comparisons=[_comparison(case, times, sizes) for case in SHARED if case in cases],
        growth=_growth(times, sizes),
        own=[Line(case, _by_size(times, sizes, OURS, case)) for case in OWN if case in cases],
        sites=[Line(engine, _by_size(times, sizes, engine, COLD)) for engine in _engines(times)],
        versions=_versions(measured),
        rounds=sorted({len(run.seconds) for part in measured.parts for run in part.runs}),
    )  # fmt: skip
    return f"{page}\n"


def _comparison(case: str, times: Sequence[Time], sizes: Sequence[int]) -> Comparison:
    of_case = [time for time in times if time.case == case]
    posts = max((time.posts for time in of_case if time.ratio), default=0)
    shown = sorted((time for time in of_case if time.posts == posts), key=lambda time: time.seconds)
    return Comparison(
        case,
        _sentence(of_case),
        posts,
        charts.bars(_percent(shown), LONGEST),
        tuple(Line(engine, _by_size(of_case, sizes, engine, case)) for engine in _engines([*shown, *of_case])),
    )


def _engines(times: Sequence[Time]) -> list[str]:
    """Their engines, in this order."""
    return list(dict.fromkeys(time.engine for time in times))


def _percent(times: Sequence[Time]) -> Table:
    """Of the plugin's time, in whole percent, which gives Course Hub a colour of its own."""
    percents = ((time.engine, round(100 * time.ratio)) for time in times if time.ratio)
    rows = (Row(engine, (percent, 0) if engine == OURS else (0, percent)) for engine, percent in percents)
    return Table("Program", (OURS, "Others"), tuple(rows))


def _growth(times: Sequence[Time], sizes: Sequence[int]) -> Growth:
    first_builds = [time for time in times if time.case == COLD]
    by_engine = {engine: _by_size(first_builds, sizes, engine, COLD) for engine in _engines(first_builds)}
    several = {engine: of for engine, of in by_engine.items() if sum(time is not None for time in of) > 1}
    rows = tuple(Row(engine, tuple(map(_milliseconds, of)), engine) for engine, of in several.items())
    table = Table("Program", tuple(f"{size:,}" for size in sizes), rows)
    sentences = {engine: _growth_in_words([time for time in of if time]) for engine, of in several.items()}
    return Growth(table, charts.panels(table), sentences)


def _growth_in_words(times: Sequence[Time]) -> str:
    first, *others = times
    start = f"{plural(_milliseconds(first), 'millisecond')} with {plural(first.posts, 'post')}"
    return f"{with_and([start, *(f'{_milliseconds(time)} with {time.posts:,}' for time in others)])}."


def _milliseconds(time: Time | None) -> int:
    """Of a post; 0 where it was not measured."""
    return max(1, round(1000 * time.seconds / time.posts)) if time else 0


def _by_size(times: Sequence[Time], sizes: Sequence[int], engine: str, case: str) -> tuple[Time | None, ...]:
    by_posts = {time.posts: time for time in times if (time.engine, time.case) == (engine, case)}
    return tuple(map(by_posts.get, sizes))


def _versions(measured: Results) -> dict[str, list[str]]:
    """The versions of each engine: several, if it was renewed between two parts."""
    names = dict.fromkeys(engine.name for engine in measured.engines)
    return {name: [engine.version for engine in measured.engines if engine.name == name] for name in names}


def _sentence(times: Sequence[Time]) -> str:
    """How long Course Hub takes, in words."""
    ours = [_in_words(time) for time in times if time.engine == OURS]
    return f"{OURS} takes {with_and(ours)}." if ours else f"{OURS} was not measured."


def _in_words(time: Time) -> str:
    ratio = f" (ratio {rounded(time.ratio)})" if time.ratio else ""
    return f"{rounded(time.seconds)} s for {plural(time.posts, 'post')}{ratio}"


if __name__ == "__main__":
    files.write(FILE, text(results.read((HERE / results.NAME).read_bytes())).encode())
