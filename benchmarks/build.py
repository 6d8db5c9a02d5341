"""How long engines take to build the same posts, in turn on this machine. `make bench` runs it.

    build.py --date 2026-01-31 --results FILE [--page FILE] [--posts 500 2000 10000] [--checks 15000] [--rounds 3]
             [--engines NAME...]

Prints medians and ratios, and writes the results, and the page that shows them. Programs that are installed take part,
those that take long only up to 2,000 posts where they are not named. In each round every engine has its turn in every
case, so that what else the machine does meets all alike. A first build has neither output nor cache; all other cases
build upon it. Each site is checked before the next turn: an engine that leaves something out, or ends with an error, is
reported with its output and has no more turns with so many posts. Exit 1 if there was one.

Results of other numbers of posts, from the same machine, stay in the file: so a long benchmark can be run in parts.
"""

import argparse
import itertools
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import checks
import engines
import forms
import report
import results
import speed_page
from corpus import Post, post, posts
from engines import Engine
from results import Checked, Failure, Machine, Part, Results, Run

from coursehub.system import files
from coursehub.text.wording import plural

LINES = 15  # of a failed engine's output
UNIT = 1 if sys.platform == "darwin" else 1000  # bytes, of what the system counts peak memory in; see getrusage(2)


class Site(NamedTuple):
    """An engine's folder with its posts."""

    engine: Engine
    folder: Path
    posts: Sequence[Post]
    semesters: int

    @property
    def middle(self) -> Post:
        """The post that changes."""
        return self.posts[len(self.posts) // 2]

    def another(self, turn: int) -> Post:
        """A new post, another in each round."""
        return post(len(self.posts) + turn, forms.SEED, self.semesters)


class BuildError(Exception):
    """A build failed, or its site lacks something."""


Shows = Mapping[Post, str | None]  # text that posts' pages must have besides; None: there must be no page


def _first(site: Site, _: int) -> Shows:
    for name in (site.engine.form.output, *site.engine.caches):
        shutil.rmtree(site.folder / name, ignore_errors=True)
    return {}


def _unchanged(site: Site, _: int) -> Shows:
    return {}


def _edited(site: Site, turn: int) -> Shows:
    sentence = f"Written anew in round {turn}."
    forms.write(site.engine.form, site.folder, [site.middle])
    with (site.folder / site.engine.form.source(site.middle)).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{sentence}\n")
    return {site.middle: sentence}


def _new(site: Site, turn: int) -> Shows:
    forms.write(site.engine.form, site.folder, [site.another(turn)])
    return {site.another(turn): site.another(turn).title}


def _deleted(site: Site, turn: int) -> Shows:
    forms.remove(site.engine.form, site.folder, site.another(turn))
    return {site.another(turn): None}


def _template(site: Site, turn: int) -> Shows:
    note = f"Shown in round {turn}"
    _put(forms.TEMPLATE, site.folder / "overrides/post.html", "{% block content %}\n", f"<!-- {note} -->\n")
    return {site.middle: note}


def _tools(site: Site, turn: int) -> Shows:
    listed = f"  {site.middle.slug}: {{name: {site.middle.name}, aliases: [Round {turn}]}}\n"
    _put(forms.ROOT / "data/tools.yaml", site.folder / "data/tools.yaml", "\ntools:\n", listed)
    return {}


def _put(source: Path, target: Path, behind: str, text: str) -> None:
    """Write the repository's own file there, with the text behind this place in it."""
    own = source.read_text(encoding="utf-8")
    if behind not in own:
        raise BuildError(f"{source} has no place for a change: {behind.strip()}")
    target.write_text(own.replace(behind, behind + text, 1), encoding="utf-8")


_CHANGES: Mapping[str, Callable[[Site, int], Shows]] = {
    **dict(zip(results.SHARED, (_first, _unchanged, _edited), strict=True)),
    **dict(zip(results.OWN, (_new, _deleted, _template, _tools), strict=True)),
}


class Cost(NamedTuple):
    """Seconds on the clock, seconds of all processors, megabytes of the largest process; pages and megabytes built."""

    seconds: float
    processor_seconds: float
    megabytes: float
    pages: int
    site_megabytes: float


def measured(site: Site, case: str, turn: int) -> Cost:
    """The cost of building the site after this change. Raises `BuildError`."""
    shows = _CHANGES[case](site, turn)
    with tempfile.TemporaryFile() as output:
        os.sync()  # else the disk would still write what the one before left
        start = time.perf_counter()
        with subprocess.Popen(
            site.engine.command, cwd=site.folder, env=engines.ENVIRONMENT,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            last = output.read().decode(errors="replace").splitlines()[-LINES:]
            raise BuildError("\n".join([f"it ended with {process.returncode}", *last]))
    _check(site, shows)
    built = engines.pages(site.engine, site.folder)
    return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * UNIT / 1e6, *built)


def _check(site: Site, shows: Shows) -> None:
    faults = [*engines.missing(site.engine, site.folder, site.posts), *_unshown(site, shows)]
    if faults:
        raise BuildError(faults[0] if len(faults) == 1 else f"{faults[0]}, and {len(faults) - 1} more like it")


def _unshown(site: Site, shows: Shows) -> Iterator[str]:
    for changed, words in shows.items():
        page = site.engine.form.page(changed)
        file = site.folder / site.engine.form.output / page
        if words is None and file.exists():
            yield f"{page} is still there"
        elif words and not (file.exists() and words in file.read_text(encoding="utf-8")):
            yield f"{page} does not say “{words}”"


def compared(which: Sequence[Engine], count: int, rounds: int, date: str) -> Part:
    """The measurements of these engines with so many posts."""
    semesters = len(forms.own_course().order)
    costs: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    failures: dict[str, Failure] = {}
    with tempfile.TemporaryDirectory() as folder:
        sites = list(_sites(which, Path(folder), tuple(posts(count, forms.SEED, semesters)), semesters))
        for turn, case, site in itertools.product(range(rounds), _CHANGES, sites):
            name = site.engine.name
            if name in failures or case not in site.engine.cases:
                continue
            try:
                cost = measured(site, case, turn)
            except BuildError as error:
                failures[name] = Failure(name, case, str(error).partition("\n")[0])
                _print(f"{name}, {plural(count, 'post')}, {case}: {error}")
            else:
                costs[name, case].append(cost)
                _print(f"{name}, {plural(count, 'post')}, {case}: {cost.seconds:.2f} s")
    complete = {key: each for key, each in costs.items() if len(each) == rounds}
    return Part(
        count,
        date,
        engines=tuple(results.Engine(each.name, each.version()) for each in which),
        runs=tuple(_run(name, case, each) for (name, case), each in complete.items()),
        failures=tuple(failures.values()),
    )


def _run(engine: str, case: str, costs: Sequence[Cost]) -> Run:
    seconds, processor_seconds, megabytes, pages, size = zip(*costs, strict=True)
    return Run(
        engine, case, _rounded(seconds), _rounded(processor_seconds), _rounded(megabytes), pages[-1], round(size[-1], 1)
    )


def _sites(which: Iterable[Engine], folder: Path, all_posts: Sequence[Post], semesters: int) -> Iterator[Site]:
    for number, engine in enumerate(which):
        site = Site(engine, folder / str(number), all_posts, semesters)
        site.folder.mkdir()
        engine.form.surround(site.folder, all_posts)
        forms.write(engine.form, site.folder, all_posts)
        yield site


def _rounded(numbers: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(number, 3) for number in numbers)


def checked(count: int, rounds: int, date: str) -> Checked:
    """The times of checking so many posts, and of parsing their front matter."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "hub")
        checks.repository(Path(forms.__file__), count, root)
        medians = checks.measured(root, rounds)
    _print(f"coursehub check, {plural(count, 'post')}: {medians['all']:.2f} s")
    return Checked(count, date, *_rounded([medians[name] for name in ("libyaml", "all", "one", "first")]))


def machine() -> Machine:
    """The machine that this runs on, without its name."""
    return Machine(_processor(), os.cpu_count() or 1, _system(), platform.python_version())


def _processor() -> str:
    """The processor's model (https://docs.kernel.org/filesystems/proc.html), or else its architecture."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text(encoding="utf-8").splitlines() if about.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _system() -> str:
    """The system's name and version, as in https://www.freedesktop.org/software/systemd/man/os-release.html."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return f"{platform.system()} {platform.release()}"


def _print(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main() -> int:
    """Measure, print, and write the file once everything is measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--date", required=True, help="today")
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--page", type=Path, help="the page of the site that shows the results")
    parser.add_argument("--posts", type=int, nargs="*", default=[500, 2000, 10_000])
    parser.add_argument("--checks", type=int, nargs="*", default=[15000], help="numbers of posts to check")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", help="only these, of those that are installed")
    options = parser.parse_args()
    installed = [each for each in engines.engines(forms.own_course()) if each.is_installed]

    def taking_part(count: int) -> list[Engine]:
        return [
            each
            for each in installed
            if (each.name in named if (named := options.engines) else count <= each.most_posts)
        ]

    latest = Results(
        machine(),
        parts=tuple(compared(taking_part(count), count, options.rounds, options.date) for count in options.posts),
        checks=tuple(checked(count, options.rounds, options.date) for count in options.checks),
    )
    everything = results.added(before, latest) if (before := _before(options.results)) else latest
    files.write(options.results, results.write(everything))
    if options.page:
        files.write(options.page, speed_page.text(everything).encode())
    print(report.table(latest))
    return any(part.failures for part in latest.parts)


def _before(path: Path) -> Results | None:
    """The results that the file has; None where there are none that can be read."""
    try:
        return results.read(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        _print(f"Of what {path.name} has, nothing stays: {error}")
        return None


if __name__ == "__main__":
    sys.exit(main())
