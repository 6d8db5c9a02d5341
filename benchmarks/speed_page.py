"""`docs/speed.md`, the page on how fast the site is built: the results as charts and tables.

`make bench` writes it. After a change of the page's own text, in `benchmarks/speed.md`, `speed_page.py` does so too.
"""

from collections.abc import Sequence
from pathlib import Path

import jinja2
import msgspec
import results
from results import BASE, OURS, OWN, SHARED, Results, Time, rounded

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
    """The engines in a case: the largest number of posts as a chart, if the plugin was there, and all in a table."""

    case: str
    sentence: str
    bars: tuple[charts.Bar, ...]
    lines: tuple[Line, ...]


def text(measured: Results) -> str:
    """The page's Markdown with its front matter."""
    times = list(results.times(measured))
    sizes = sorted({time.posts for time in times})
    cases = {time.case for time in times}
    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(HERE), templates().loader or jinja2.DictLoader({})])
    template = templates().overlay(loader=loader).get_template("speed.md")
    page: str = template.render(
        results=measured, sizes=sizes, base=BASE, ours=OURS, rounded=rounded,
        comparisons=[_comparison(case, times, sizes) for case in SHARED if case in cases],
        own=[Line(case, _by_size(times, sizes, OURS, case)) for case in OWN if case in cases],
        pages={time.engine: time.pages for time in times if time.posts == sizes[-1] and time.case == results.COLD},
        rounds=max(len(run.seconds) for run in measured.runs),
    )  # fmt: skip
    return f"{page}\n"


def _comparison(case: str, times: Sequence[Time], sizes: Sequence[int]) -> Comparison:
    of_case = [time for time in times if time.case == case]
    largest = sorted((time for time in of_case if time.posts == sizes[-1]), key=lambda time: time.seconds)
    engines = dict.fromkeys(time.engine for time in (*largest, *of_case))
    return Comparison(
        case,
        _sentence(of_case),
        charts.bars(_percent(largest), LONGEST),
        tuple(Line(engine, _by_size(of_case, sizes, engine, case)) for engine in engines),
    )


def _percent(times: Sequence[Time]) -> Table:
    """Of the plugin's time, in whole percent, which gives Course Hub a colour of its own."""
    percents = ((time.engine, round(100 * time.ratio)) for time in times if time.ratio)
    rows = (Row(engine, (percent, 0) if engine == OURS else (0, percent)) for engine, percent in percents)
    return Table("Program", (OURS, "Others"), tuple(rows))


def _by_size(times: Sequence[Time], sizes: Sequence[int], engine: str, case: str) -> tuple[Time | None, ...]:
    by_posts = {time.posts: time for time in times if (time.engine, time.case) == (engine, case)}
    return tuple(map(by_posts.get, sizes))


def _sentence(times: Sequence[Time]) -> str:
    """How long Course Hub takes, in words."""
    ours = [_in_words(time) for time in times if time.engine == OURS]
    return f"{OURS} takes {with_and(ours)}." if ours else f"{OURS} was not measured."


def _in_words(time: Time) -> str:
    ratio = f" (ratio {rounded(time.ratio)})" if time.ratio else ""
    return f"{rounded(time.seconds)} s for {plural(time.posts, 'post')}{ratio}"


if __name__ == "__main__":
    files.write(FILE, text(results.read((HERE / results.NAME).read_bytes())).encode())
