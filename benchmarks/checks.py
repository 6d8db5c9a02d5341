"""How long `coursehub check` takes, and how long parsing the front matter with libyaml alone takes.

    python benchmarks/checks.py --corpus CORPUS.py [--sizes 500 2000 15000] [--times 5]

Prints medians of seconds as a Markdown table. CORPUS.py is called as `CORPUS.py hub N FOLDER` and writes FOLDER/posts.

The measure is one process that, for every post, reads the file, cuts out the front matter and gives it to PyYAML's
CSafeLoader; its start-up does not count. Of the check everything counts, start-up included: all posts, with nothing
remembered and with what the check before remembered; and one changed post against all others with `--base`. The runs
take turns, so that what else the machine does meets all alike.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path
from statistics import median

import yaml

from coursehub.text.wording import plural

ROOT = Path(__file__).parents[1]
CHECK = [sys.executable, "-c", "from coursehub.cli import main; main()", "check"]
GIT = ["git", "-c", "user.name=benchmark", "-c", "user.email=benchmark@example.org", "-c", "commit.gpgsign=false"]


def parse_all(root: Path) -> float:
    """Seconds that libyaml needs for the front matter of all posts."""
    start = time.perf_counter()
    for path in sorted(root.glob("posts/*/*.md")):
        _, front, _ = path.read_text(encoding="utf-8").split("---\n", 2)
        yaml.load(front, Loader=yaml.CSafeLoader)
    return time.perf_counter() - start


def repository(corpus: Path, size: int, root: Path) -> None:
    """Write a repository with so many committed posts, of which one has changed since."""
    subprocess.run([sys.executable, corpus, "hub", str(size), root], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(ROOT / "data", root / "data")
    for command in (["init", "-q"], ["add", "--all"], ["commit", "-q", "-m", "posts"]):
        subprocess.run([*GIT, *command], cwd=root, check=True)
    changed = max(root.glob("posts/*/*.md"), key=lambda path: (path.parent.name[1:], path.parent.name, path.name))
    changed.write_text(changed.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")


def run(command: list[str], root: Path) -> tuple[float, float, int, str]:
    """Run a command: (seconds on the clock, seconds of all processors, kilobytes of the largest process, output)."""
    os.sync()  # else the disk would still write what came before
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    printed = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{printed}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss, printed


def measured(root: Path, times: int) -> dict[str, float]:
    """Medians of all measurements in one repository, by name: seconds, and megabytes of memory."""
    values: dict[str, list[float]] = defaultdict(list)
    run(CHECK, root)  # so that nothing of what follows has to wait for the disk
    for _ in range(times):
        values["libyaml"].append(float(run([sys.executable, __file__, "--parse", str(root)], root)[3]))
        shutil.rmtree(root / ".git/coursehub")
        for name, command in {"first": CHECK, "all": CHECK, "one": [*CHECK, "--base", "HEAD"]}.items():
            wall, processors, memory, _ = run(command, root)
            values[name].append(wall)
            values[f"{name}: processors"].append(processors)
            values[f"{name}: memory"].append(memory / 1000)
    return {name: median(each) for name, each in values.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="the program that writes posts")
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 2000, 15000])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--parse", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.parse:
        print(parse_all(options.parse))
        return
    if not options.corpus:
        parser.error("--corpus is missing")
    processors, runs = plural(len(os.sched_getaffinity(0)), "processor"), plural(options.times, "run")
    print(f"Python {platform.python_version()}, PyYAML {version('pyyaml')}, {processors}, {runs} each\n")
    columns = ("posts", "libyaml alone", "first check", "ratio", "check all", "ratio", "processor time", "memory",
               "check one", "of all")  # fmt: skip
    print(f"| {' | '.join(columns)} |\n|{' --: |' * len(columns)}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "hub"
            repository(options.corpus.resolve(), size, root)
            took = measured(root, options.times)
        print(f"| {size:,} | {took['libyaml']:.2f} s "
              f"| {took['first']:.2f} s | {took['first'] / took['libyaml']:.2f} "
              f"| {took['all']:.2f} s | {took['all'] / took['libyaml']:.2f} "
              f"| {took['all: processors']:.2f} s | {took['all: memory']:.0f} MB "
              f"| {took['one']:.2f} s | {took['one'] / took['all']:.2f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
