"""`results.json`, which `make bench` writes: measured times → frozen records, medians and ratios.

It has a part for each number of posts, whose engines were measured in turn, in one run.
"""

from collections.abc import Iterator
from math import floor, log10
from statistics import median
from typing import TypeVar

import msgspec

from coursehub.text.formats import indented_json

NAME = "results.json"
OURS = "Course Hub"
BASE = "Material’s blog plugin"  # as its documentation sets it up: what all others are compared with
FULL_BASE = f"{BASE}, more pages"
Each = TypeVar("Each")

COLD = "first build"
EDITED = "one post edited"
# The cases for all engines, then those for ours alone: the others mostly build everything again in each.
SHARED = (COLD, "nothing changed", EDITED)
OWN = ("a new post", "a post deleted", "a template changed", "data/tools.yaml changed")


class Machine(msgspec.Struct, frozen=True):
    """The machine of the measurements: the processor's model, the number of processors, system and Python version."""

    processor: str
    processors: int
    system: str
    python: str


class Engine(msgspec.Struct, frozen=True):
    """An engine that was measured, and its version."""

    name: str
    version: str


class Run(msgspec.Struct, frozen=True):
    """An engine in a case, with a number for each round.

    Seconds on the clock, seconds of all processors together, megabytes of the largest process; `pages` of the site, and
    the megabytes of all its files.
    """

    engine: str
    case: str
    seconds: tuple[float, ...]
    processor_seconds: tuple[float, ...]
    megabytes: tuple[float, ...]
    pages: int
    site_megabytes: float


class Failure(msgspec.Struct, frozen=True):
    """A case that an engine failed in, and why."""

    engine: str
    case: str
    why: str


class Part(msgspec.Struct, frozen=True):
    """The measurements of one number of posts. `date`: the day, as 2026-01-31."""

    posts: int
    date: str
    engines: tuple[Engine, ...]
    runs: tuple[Run, ...]
    failures: tuple[Failure, ...] = ()


class Checked(msgspec.Struct, frozen=True):
    """Medians of seconds: libyaml parses all front matter; the check judges all posts, or one that changed.

    `first`: a check of all with nothing remembered; None of results from before that was measured.
    """

    posts: int
    date: str
    libyaml: float
    everything: float
    one: float
    first: float | None = None


class Results(msgspec.Struct, frozen=True):
    """All measurements on a machine, by the number of posts."""

    machine: Machine
    parts: tuple[Part, ...]
    checks: tuple[Checked, ...] = ()

    @property
    def dates(self) -> list[str]:
        """The days of the measurements."""
        return sorted({part.date for part in self.parts} | {check.date for check in self.checks})

    @property
    def engines(self) -> list[Engine]:
        """All engines; one with several versions, if it was renewed from one part to the next."""
        return list(dict.fromkeys(engine for part in self.parts for engine in part.engines))


class Time(msgspec.Struct, frozen=True):
    """Medians of a run. `ratio`: to the plugin's seconds for the same posts and case; None if it was not measured."""

    engine: str
    posts: int
    case: str
    seconds: float
    processor_seconds: float
    megabytes: float
    pages: int
    site_megabytes: float
    ratio: float | None


def read(text: bytes) -> Results:
    """The results in the content of a file. Raises `ValueError` if there are none in it."""
    results = msgspec.json.decode(text, type=Results)
    runs = [run for part in results.parts for run in part.runs]
    if not runs or not all(run.seconds and run.processor_seconds and run.megabytes for run in runs):
        raise ValueError("nothing was measured")
    return results


def added(before: Results, latest: Results) -> Results:
    """The latest measurements, and those from before on the same machine of other numbers of posts."""
    if before.machine != latest.machine:
        return latest
    parts = {part.posts: part for part in (*before.parts, *latest.parts)}
    checks = {each.posts: each for each in (*before.checks, *latest.checks)}
    return Results(latest.machine, _by_posts(parts), _by_posts(checks))


def _by_posts(by_posts: dict[int, Each]) -> tuple[Each, ...]:
    return tuple(by_posts[posts] for posts in sorted(by_posts))


def write(results: Results) -> bytes:
    """The content of the file of results."""
    return indented_json(results)


def times(results: Results) -> Iterator[Time]:
    """The medians of all runs, in their order."""
    for part in results.parts:
        base = {run.case: median(run.seconds) for run in part.runs if run.engine == BASE}
        for run in part.runs:
            seconds, of_base = median(run.seconds), base.get(run.case)
            yield Time(
                run.engine, part.posts, run.case, seconds, median(run.processor_seconds), median(run.megabytes),
                run.pages, run.site_megabytes, ratio=seconds / of_base if of_base else None,
            )  # fmt: skip


def rounded(number: float, digits: int = 2) -> str:
    """A positive number with so many significant digits, and all of those before the point: 0.036, 1.4, 114."""
    places = digits - 1 - floor(log10(number)) if number > 0 else 0
    return f"{number:,.{max(places, 0)}f}"
