"""Tables of numbers → where the bars of a chart are. `templates/charts.html` draws them as SVG inside the page.

Bars are in percent of the width and text is in the page's own size, so that a chart is as legible on a phone as on a
desk; colours come from `assets/statistics.css`, in both schemes. No library was found that does so and passes the
rest: vl-convert takes 0.8 s for a first chart, 80 ms for each more, 146 MB of memory and 84 MB of disk; pygal 10 ms
a chart, but it puts styles and today's date inline, and both scale text with the picture. The whole page here
takes 25 ms for 2,400 posts.
"""

from collections.abc import Iterator

import msgspec

from coursehub.site.statistics import Row, Table

COLOURS = 6  # that there are; a seventh series has the first again


class Segment(msgspec.Struct, frozen=True):
    """A part of a bar: where it begins and how long it is, in percent of the width, and the number of its colour."""

    start: float
    length: float
    series: int


class Bar(msgspec.Struct, frozen=True):
    """A row as a bar, which ends at `end` percent; `parts` are the numbers that make up the total, if several."""

    name: str
    total: int
    parts: str
    end: float
    segments: tuple[Segment, ...]


class Column(msgspec.Struct, frozen=True):
    """A number as an upright bar: middle, left edge (`start`) and width in percent, height in parts of the highest."""

    value: int
    middle: float
    start: float
    width: float
    height: float


def legend(table: Table) -> tuple[tuple[str, int], ...]:
    """The name and the number of each colour; none where there is a single one."""
    named = tuple((name, series % COLOURS) for series, name in enumerate(table.columns))
    return named if len(named) > 1 else ()


def bars(table: Table, longest: float) -> tuple[Bar, ...]:
    """A bar for each row, made of a part for each column; the longest takes that many percent of the width."""
    scale = longest / (max((row.total for row in table.rows), default=0) or 1)
    return tuple(_bar(row, scale) for row in table.rows)


def _bar(row: Row, scale: float) -> Bar:
    parts = [str(value) for value in row.values if value]
    return Bar(row.name, row.total, " + ".join(parts) if len(parts) > 1 else "", _percent(row.total * scale),
               tuple(_segments(row, scale)))  # fmt: skip


def _segments(row: Row, scale: float) -> Iterator[Segment]:
    start = 0
    for series, value in enumerate(row.values):
        if value:
            yield Segment(_percent(start * scale), _percent(value * scale), series % COLOURS)
        start += value


def panels(table: Table) -> tuple[tuple[Column, ...], ...]:
    """The columns of a small chart for each row, all of one scale."""
    highest = max((value for row in table.rows for value in row.values), default=0) or 1
    slot = 100 / max(len(table.columns), 1)
    return tuple(
        tuple(
            Column(value, _percent((index + 0.5) * slot), _percent((index + 0.1) * slot), _percent(0.8 * slot),
                   round(value / highest, 4))
            for index, value in enumerate(row.values)
        )
        for row in table.rows
    )  # fmt: skip


def _percent(number: float) -> float:
    return round(number, 2)
