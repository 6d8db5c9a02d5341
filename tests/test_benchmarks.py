"""The benchmark works, compares what it says it does, and `docs/speed.md` shows its results."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import corpus
import forms
import msgspec
import pytest
import report
import results
import sites
import speed_page
from results import BASE, Checked, Machine, Part, Results, Run
from sites import SharedSite

from coursehub.records import repository

POSTS = 8
SEMESTERS = 14
SHARED = ["first build", "nothing changed", "one post edited"]
RESULTS = sites.ROOT / "benchmarks" / results.NAME
ALONE = ["a new post", "a post deleted", "a template changed", "data/tools.yaml changed"]


# The posts


def test_a_post_is_the_same_however_many_there_are() -> None:
    many = list(corpus.posts(20, 1, SEMESTERS))
    assert list(corpus.posts(6, 1, SEMESTERS)) == many[:6]
    assert [post.semester for post in many] == [number % SEMESTERS for number in range(20)]
    assert many != list(corpus.posts(20, 2, SEMESTERS))


def test_a_post_is_the_same_in_another_process() -> None:
    program = f"import corpus; print(corpus.post(3, 1, {SEMESTERS}))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=sites.ROOT / "benchmarks", env={"PYTHONHASHSEED": seed}, check=True,
            capture_output=True, text=True,
        ).stdout for seed in "12"
    }  # fmt: skip
    assert printed == {f"{corpus.post(3, 1, SEMESTERS)}\n"}


def test_posts_have_the_shape_of_posts() -> None:
    posts = list(corpus.posts(30, 1, SEMESTERS))
    assert len({post.name for post in posts}) == len({post.author for post in posts}) == 30
    for post in posts:
        lines = post.text.splitlines()
        assert 850 <= len(post.text.split()) <= 1100
        assert [line[3:] for line in lines if line.startswith("## ")] == list(post.headings)
        assert sum(line.startswith("### ") for line in lines) == 3
        assert {"```python", "```", "| --- | :---: | ---: | --- |"} <= set(lines)
        assert sum(line.startswith("- ") for line in lines) == 6
        assert sum(line.startswith("5. ") for line in lines) == 1
        assert post.text.count("](https://example.org/") >= 2
        assert post.text.count(f"]({corpus.PICTURE})") == 1


def test_the_posts_pass_the_check(tmp_path: Path) -> None:
    sites.copy(tmp_path / "hub")
    the_course = repository.load(sites.HUB).course
    forms.write(forms.hub(the_course), tmp_path / "hub", corpus.posts(25, forms.SEED, len(the_course.order)))
    ran = subprocess.run(
        [sys.executable, "-c", "from coursehub.cli import main; main()", "check", "--format", "json"],
        cwd=tmp_path / "hub", check=False, capture_output=True, text=True,
    )  # fmt: skip
    report = json.loads(ran.stdout)
    assert (ran.returncode, report["findings"], report["judged"] >= 25) == (0, [], True)


# Runs


def bench(file: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A run of one round over 8 posts that writes this file."""
    command = [sys.executable, str(sites.ROOT / "benchmarks/build.py"), "--date", "2026-01-31", "--results", str(file),
               "--posts", str(POSTS), "--rounds", "1", *arguments]  # fmt: skip
    return subprocess.run(
        command, env={**os.environ, **environment}, check=False, capture_output=True, text=True, timeout=300
    )


@pytest.mark.slow
def test_a_small_run_measures_everything_prints_it_and_leaves_what_the_page_shows(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    done = bench(file, "--checks", "20", "--engines", "Course Hub", BASE, "--page", str(tmp_path / "speed.md"))
    assert done.returncode == 0, done.stdout + done.stderr
    results_kept = json.loads(file.read_text())
    (part,) = results_kept["parts"]

    assert (part["posts"], part["date"], part["failures"]) == (POSTS, "2026-01-31", [])
    assert [engine["name"] for engine in part["engines"]] == ["Course Hub", BASE]
    assert [check["posts"] for check in results_kept["checks"]] == [20]
    seconds = {(run["engine"], run["case"]): run["seconds"][0] for run in part["runs"]}
    ours, base = ({case for engine, case in seconds if engine == name} for name in ("Course Hub", BASE))
    assert (ours, base) == ({*SHARED, *ALONE}, {*SHARED})
    for run in part["runs"]:
        assert run["pages"] > POSTS
        assert 1 < run["site_megabytes"] < 100
        assert [len(run[name]) for name in ("seconds", "processor_seconds", "megabytes")] == [1, 1, 1]
        assert 10 < run["megabytes"][0] < 2000
        assert run["processor_seconds"][0] > 0.1

    for (engine, case), figure in seconds.items():
        (line,) = (line for line in done.stdout.splitlines() if f" {case} " in line and f" {engine} " in line)
        if case in SHARED:
            assert float(line.split()[-1]) == pytest.approx(figure / seconds[BASE, case], rel=0.06)
            assert float(line.split()[-2]) == next(
                run["site_megabytes"] for run in part["runs"] if (run["engine"], run["case"]) == (engine, case)
            )

    output = file.read_text() + done.stdout
    assert [place for place in (Path.home(), sites.ROOT, tmp_path) if str(place) in output] == []
    assert set(results_kept["machine"]) == {"processor", "processors", "system", "python"}

    page = (tmp_path / "speed.md").read_text()
    assert page == speed_page.text(results.read(file.read_bytes()))
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## First build", "## Nothing changed", "## One post edited", "## Other changes", "## Checks", "## What was built",
        "## What each number means", "## What is not compared", "## Measure it yourself",
    ]  # fmt: skip


STALE = """
for file in content/posts/*/index.md; do
  page=public/posts/$(basename "$(dirname "$file")")
  mkdir -p "$page" && grep ^title: "$file" > "$page/index.html"
done"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("does", "case", "why"),
    [
        ("echo out of ideas; exit 7", "first build", r"it ended with 7"),
        ("", "first build", r"there is no posts/\w+00000/index.html, and 7 more like it"),
        (f"{STALE}\necho nothing > $page/index.html", "first build", r"posts/\w+/index.html has not the title “.+”"),
        (STALE, "one post edited", r"posts/\w+00004/index.html does not say “Written anew in round 0.”"),
    ],
    ids=["error", "nothing", "empty", "stale"],
)
def test_an_engine_that_fails_is_reported_and_stops_no_other(tmp_path: Path, does: str, case: str, why: str) -> None:
    """One in the place of Hugo does this; after it, one in the place of Pelican fails too."""
    programs = {"hugo": f'if [ "$1" = version ]; then echo v1.2.3; exit; fi\n{does}', "pelican": "exit 3"}
    for name, text in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    done = bench(
        tmp_path / "results.json", "--checks", "--engines", "Hugo", "Pelican", PATH=f"{tmp_path}:/usr/bin:/bin"
    )
    assert done.returncode == 1, done.stderr
    (part,) = json.loads((tmp_path / "results.json").read_text())["parts"]
    of_pelican, of_hugo = sorted(part["failures"], key=lambda each: each["engine"] == "Hugo")
    assert (of_pelican["engine"], of_pelican["why"]) == ("Pelican", "it ended with 3")
    assert (of_hugo["engine"], of_hugo["case"], part["posts"]) == ("Hugo", case, POSTS)
    assert re.fullmatch(why, of_hugo["why"])
    assert ("out of ideas" in done.stderr) == ("out of ideas" in does)


# Medians and ratios


def measured(*runs: tuple[str, int, str, list[float]], date: str = "2026-01-31", processor: str = "Fast") -> Results:
    parts = dict[int, list[Run]]()
    for engine, posts, case, seconds in runs:
        parts.setdefault(posts, []).append(Run(engine, case, tuple(seconds), (1,), (100,), 9, 2.5))
    machine = Machine(processor, 2, "A system", "3.11")
    return Results(machine, tuple(Part(posts, date, (), tuple(its)) for posts, its in parts.items()))


def test_a_ratio_is_of_medians_for_the_same_posts_and_case() -> None:
    times = results.times(measured(
        ("Course Hub", 500, "first build", [3, 2, 9]), (BASE, 500, "first build", [12, 11, 40]),
        ("Course Hub", 2000, "first build", [8]), ("Course Hub", 500, "one post edited", [1, 2]),
        (BASE, 500, "one post edited", [6]), (BASE, 2000, "first build", [64]), ("Hugo", 40, "first build", [1]),
    ))  # fmt: skip
    assert [(time.engine, time.posts, time.seconds, time.ratio) for time in times] == [
        ("Course Hub", 500, 3, 0.25), (BASE, 500, 12, 1), ("Course Hub", 500, 1.5, 0.25), (BASE, 500, 6, 1),
        ("Course Hub", 2000, 8, 0.125), (BASE, 2000, 64, 1), ("Hugo", 40, 1, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0"), (0.0361, "0.036"), (0.25, "0.25"), (1.44, "1.4"), (26.8, "27"), (1140, "1,140")]
)
def test_numbers_have_two_digits_that_count(number: float, shown: str) -> None:
    assert results.rounded(number) == shown


@pytest.mark.parametrize("text", [b"", b"{", b"{}", b"[]", msgspec.json.encode(measured()), b'{"runs": "many"}'])
def test_a_file_without_results_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        results.read(text)


def test_a_file_of_results_reads_as_it_was_written() -> None:
    measurements = measured(("Hugo", 40, "first build", [1.5]))
    assert results.read(results.write(measurements)) == measurements


def test_a_benchmark_can_be_run_in_parts() -> None:
    """A part replaces that of as many posts, whose engines had their turns in another run, and no other."""
    small, large = measured(("Hugo", 500, "first build", [1])), measured(("Hugo", 10_000, "first build", [9]))
    both = results.added(large, small)
    assert both.parts == (*small.parts, *large.parts)
    again = measured(("Pelican", 500, "first build", [2]), date="2026-02-01")
    assert results.added(both, again).parts == (*again.parts, *large.parts)
    assert results.added(both, again).dates == ["2026-01-31", "2026-02-01"]
    checked = msgspec.structs.replace(measured(), checks=(Checked(15_000, "2026-01-31", 1, 2, 1),))
    assert results.added(both, checked) == msgspec.structs.replace(both, checks=checked.checks)


def test_times_of_another_machine_are_in_no_table_with_these() -> None:
    here, elsewhere = (
        measured(("Hugo", 500, "first build", [1])),
        measured(("Hugo", 40, "first build", [9]), processor="Slow"),
    )
    assert results.added(elsewhere, here) == here


# The page


def test_the_bars_are_percent_of_the_plugins_time() -> None:
    page = speed_page.text(measured(
        ("Course Hub", 500, "first build", [3]), ("Course Hub", 2000, "first build", [16]),
        (BASE, 500, "first build", [12]), (BASE, 2000, "first build", [64]), ("Hugo", 2000, "first build", [6.4]),
    ))  # fmt: skip
    assert "Course Hub takes 3.0 s for 500 posts (ratio 0.25) and 16 s for 2,000 posts (ratio 0.25)." in page
    bars = re.findall(
        r'__name" y="1.1em">([^<]+)</text><rect class="hub-series-(\d)" y="1.5em" width="([\d.]+)%"', page
    )
    assert bars == [("Hugo", "1", "8.8"), ("Course Hub", "0", "22.0"), (BASE, "1", "88.0")]


def test_the_bars_are_of_the_most_posts_that_the_plugin_was_measured_with() -> None:
    page = speed_page.text(measured(
        ("Course Hub", 500, "first build", [3]), (BASE, 500, "first build", [12]), ("Hugo", 500, "first build", [1.2]),
        ("Course Hub", 10_000, "first build", [60]), ("Hugo", 10_000, "first build", [20]),
    ))  # fmt: skip
    assert f"Percent of the time of {BASE}, 500 posts" in page
    assert "Course Hub takes 3.0 s for 500 posts (ratio 0.25) and 60 s for 10,000 posts." in page
    assert re.search(
        rf'<th scope="row">{BASE}</th><td>12.0</td><td>1.0</td><td>100 MB</td><td colspan="3">not measured</td>', page
    )


def test_growth_is_milliseconds_a_post_for_who_was_measured_more_than_once() -> None:
    page = speed_page.text(measured(
        ("Course Hub", 500, "first build", [5]), ("Hugo", 500, "first build", [1]), (BASE, 500, "first build", [30]),
        ("Course Hub", 2000, "first build", [20]), ("Course Hub", 10_000, "first build", [200]), ("Hugo", 10_000, "first build", [20]),
    ))  # fmt: skip
    assert re.findall(r'<figcaption id="panel-\d"><b>(.+?)</b> (.+?)</figcaption>', page) == [
        ("Course Hub", "10 milliseconds with 500 posts, 10 with 2,000 and 20 with 10,000."), ("Hugo", "2 milliseconds with 500 posts and 2 with 10,000."),
    ]  # fmt: skip
    heights = re.findall(
        r'<rect class="hub-series-0" x="[\d.]+%" y="[\d.]+em" width="[\d.]+%" height="([\d.]+)em"/>', page
    )
    assert heights == ["2.5", "2.5", "5.0", "0.5", "0.5"]


def test_checks_show_what_the_first_one_took_where_it_was_measured() -> None:
    both = (Checked(500, "2026-01-31", 0.5, 1, 0.25), Checked(15_000, "2026-01-31", 1, 1.5, 0.75, first=4))
    measurements = msgspec.structs.replace(measured(("Hugo", 500, "first build", [1])), checks=both)
    page, printed = speed_page.text(measurements), report.table(measurements)
    assert '<td>0.500</td><td colspan="2">not measured</td><td>1.00</td><td>2.0</td>' in page
    assert "<td>1.00</td><td>4.00</td><td>4.0</td><td>1.50</td><td>1.5</td><td>0.750</td><td>0.50</td>" in page
    rows = [line.split() for line in printed.splitlines()[-2:]]
    assert rows == [
        ["500", "0.500", "1.00", "2.0", "0.250", "0.25"],
        ["15,000", "1.00", "4.00", "4.0", "1.50", "1.5", "0.750", "0.50"],
    ]


def test_the_page_is_made_of_the_committed_results() -> None:
    page = speed_page.text(results.read(RESULTS.read_bytes()))
    assert speed_page.FILE.read_text() == page, (
        "run .venv/bin/python benchmarks/speed_page.py, and commit docs/speed.md"
    )


def test_the_site_shows_the_committed_results(shared_site: SharedSite) -> None:
    page = shared_site("sound").page("speed")
    stored = json.loads(RESULTS.read_text())
    engines = [engine for part in stored["parts"] for engine in part["engines"]]
    assert {"Course Hub", BASE} <= {engine["name"] for engine in engines}
    charts = [each for each in page.find("svg") if "hub-chart" in each.attributes.get("class", "").split()]
    sizes = Counter(run["engine"] for part in stored["parts"] for run in part["runs"] if run["case"] == SHARED[0])
    assert len(charts) == len(SHARED) + sum(
        count > 1 for count in sizes.values()
    )  # those who were measured with several
    assert [chart for chart in charts if chart.attributes["aria-labelledby"] not in page.ids] == []
    dates = [part["date"] for part in stored["parts"]]
    for value in (*dates, stored["machine"]["processor"], *(engine["version"] for engine in engines)):
        assert value in page.text("article")
