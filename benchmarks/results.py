"""`results.json`, which `make bench` writes: measured times → frozen records, medians and ratios."""

from collections.abc import Iterator
from math import floor, log10
from statistics import median

import msgspec

from coursehub.text.formats import indented_json

NAME = "results.json"
OURS = "Course Hub"
BASE = "Material’s blog plugin"  # what all others are compared with

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

    Seconds on the clock, seconds of all processors together, megabytes of the largest process; `pages` of the site.
    """

    engine: str
    posts: int
    case: str
    seconds: tuple[float, ...]
    processor_seconds: tuple[float, ...]
    megabytes: tuple[float, ...]
    pages: int


class Failure(msgspec.Struct, frozen=True):
    """A case that an engine failed in, and why."""

    engine: str
    posts: int
    case: str
    why: str


class Checked(msgspec.Struct, frozen=True):
    """Medians of seconds: libyaml parses all front matter; the check judges all posts, or one that changed."""

    posts: int
    libyaml: float
    everything: float
    one: float


class Results(msgspec.Struct, frozen=True):
    """All measurements of one run of the benchmark. `date`: the day, as 2026-01-31."""

    date: str
    machine: Machine
    engines: tuple[Engine, ...]
    runs: tuple[Run, ...]
    failures: tuple[Failure, ...] = ()
    checks: tuple[Checked, ...] = ()


class Time(msgspec.Struct, frozen=True):
    """Medians of a run. `ratio`: to the plugin's seconds for the same posts and case; None if it was not measured."""

    engine: str
    posts: int
    case: str
    seconds: float
    processor_seconds: float
    megabytes: float
    pages: int
    ratio: float | None


def read(text: bytes) -> Results:
    """The results in the content of a file. Raises `ValueError` if there are none in it."""
    results = msgspec.json.decode(text, type=Results)
    if not results.runs or not all(run.seconds and run.processor_seconds and run.megabytes for run in results.runs):
        raise ValueError("nothing was measured")
    return results


def write(results: Results) -> bytes:
    """The content of the file of results."""
    return indented_json(results)


def times(results: Results) -> Iterator[Time]:
    """The medians of all runs, in their order."""
    base = {(run.posts, run.case): median(run.seconds) for run in results.runs if run.engine == BASE}
    for run in results.runs:
        seconds, of_base = median(run.seconds), base.get((run.posts, run.case))
        yield Time(
            run.engine, run.posts, run.case, seconds, median(run.processor_seconds), median(run.megabytes), run.pages,
            ratio=seconds / of_base if of_base else None,
        )  # fmt: skip


def rounded(number: float, digits: int = 2) -> str:
    """A positive number with so many significant digits, and all of those before the point: 0.036, 1.4, 114."""
    places = digits - 1 - floor(log10(number)) if number > 0 else 0
    return f"{number:,.{max(places, 0)}f}"
