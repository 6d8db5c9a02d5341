"""Dead links: which answers make one, the crawl itself, the report, the issue, the record's branch, and the marks."""

import datetime as dt
import functools
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import cmarkgfm
import makefile
import needs
import pytest
import sites
import workflows
from click.testing import CliRunner, Result
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st
from repositories import ENVIRONMENT, Repository
from sites import Build, Document, SharedSite
from standin import StandIn

from coursehub import __version__
from coursehub.cli import main
from coursehub.links import dead_links, link_places, link_report, linkchecker
from coursehub.links.dead_links import Answer, Failure, Kind
from coursehub.links.link_report import Inner
from coursehub.links.linkchecker import Row
from coursehub.links.where import Where, where
from coursehub.records.prior_posts import PriorPost

GOOD, GONE, UNASKED = Answer(Kind.GOOD), Answer(Kind.FAILED, "404"), Answer(Kind.UNASKED, "answers 403")
URL = "https://example.org/post"
DAY = dt.date(2026, 11, 1)
WORKFLOWS = sites.ROOT / ".github/workflows"


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


# Runs → record


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([(0, GOOD)], None),
        ([(0, UNASKED)], None),
        ([(0, GONE)], Failure(day(0), day(0), "404", 1)),
        ([(0, GONE), (0, GONE)], Failure(day(0), day(0), "404", 1)),
        ([(0, GONE), (7, GONE)], Failure(day(0), day(7), "404", 2)),
        ([(7, GONE), (0, GONE)], Failure(day(7), day(7), "404", 1)),
        ([(0, GONE), (7, UNASKED), (14, GONE)], Failure(day(0), day(14), "404", 2)),
        ([(0, GONE), (7, UNASKED), (14, UNASKED)], Failure(day(0), day(0), "404", 1)),
        ([(0, GONE), (7, GONE), (14, UNASKED)], Failure(day(0), day(7), "404", 2)),
        ([(0, GONE), (7, GOOD), (14, GONE)], Failure(day(14), day(14), "404", 1)),
        ([(0, GONE), (7, GONE), (14, GOOD)], None),
        ([(0, GONE), (7, Answer(Kind.FAILED, "410"))], Failure(day(0), day(7), "410", 2)),
    ],
)
def test_runs_make_the_record(runs: list[tuple[int, Answer]], expected: Failure | None) -> None:
    record: dict[str, Failure] = {}
    for number, answer in runs:
        record = dead_links.after(record, {URL: answer}, day(number))
    assert record == ({URL: expected} if expected else {})
    assert dead_links.dead(record) == ({URL} if expected and expected.times > 1 else set())


def test_a_link_that_nobody_has_any_more_is_forgotten() -> None:
    assert dead_links.after({URL: Failure(DAY, DAY, "404", 1)}, {}, day(7)) == {}


ANSWERS = st.sampled_from([GOOD, GONE, UNASKED, Answer(Kind.FAILED, "410")])
RUNS = st.lists(st.tuples(st.integers(0, 60), st.dictionaries(st.sampled_from("abc"), ANSWERS)), max_size=8)


def records(runs: list[tuple[int, dict[str, Answer]]]) -> dict[str, Failure]:
    step = lambda record, run: dead_links.after(record, run[1], day(run[0]))  # noqa: E731
    return functools.reduce(step, runs, {})


@given(RUNS, st.integers(0, 60))
def test_a_good_answer_clears_whatever_was_before(runs: list[tuple[int, dict[str, Answer]]], last: int) -> None:
    assert dead_links.after(records(runs), {"a": GOOD}, day(last)) == {}


@given(RUNS, st.integers(0, 60))
def test_what_could_not_be_asked_changes_nothing(runs: list[tuple[int, dict[str, Answer]]], last: int) -> None:
    before = records(runs)
    assert dead_links.after(before, dict.fromkeys("abc", UNASKED), day(last)) == before


@given(RUNS)
def test_the_order_of_links_does_not_matter(runs: list[tuple[int, dict[str, Answer]]]) -> None:
    turned = [(number, dict(reversed(answers.items()))) for number, answers in runs]
    assert dead_links.write(records(runs)) == dead_links.write(records(turned))


@given(RUNS)
def test_each_record_can_be_read_again(runs: list[tuple[int, dict[str, Answer]]]) -> None:
    record = {f"https://{name}.example/\n</script>": failure for name, failure in records(runs).items()}
    assert dead_links.read(dead_links.write(record)) == record


FAILURE = {"first": "2026-11-01", "last": "2026-11-08", "what": "404", "times": 2}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "truncated"),
        (b"\xff", "malformed"),
        (b"[]", "Expected `object`"),
        (b'{"version": 1}', "missing required field `links`"),
        (b'{"version": 2, "links": {}}', "its version is 2, not 1"),
        (b'{"version": 1, "links": {}, "more": 1}', "unknown field `more`"),
        ({"javascript:alert(1)": FAILURE}, "no web address"),
        ({URL: {**FAILURE, "times": 0}}, ">= 1"),
        ({URL: {**FAILURE, "times": 9}}, "more days than there were"),
        ({URL: {**FAILURE, "first": "2026-12-01"}}, "more days than there were"),
        ({URL: {**FAILURE, "last": "soon"}}, "Invalid RFC3339"),
        (b" " * (dead_links.MAX_BYTES + 1), "more than 2,000,000 bytes"),
    ],
)
def test_a_foreign_record_is_refused(content: bytes | dict[str, Any], words: str) -> None:
    text = content if isinstance(content, bytes) else json.dumps({"version": 1, "links": content}).encode()
    with pytest.raises(ValueError, match=words):
        dead_links.read(text)


# linkchecker's words → answers


@pytest.mark.parametrize(
    ("result", "info", "is_valid", "expected"),
    [
        ("200 OK", "", True, Answer(Kind.GOOD)),
        ("204 No Content", "", True, Answer(Kind.GOOD)),
        ("404 Not Found", "", False, Answer(Kind.FAILED, "404")),
        ("410 Gone", "", False, Answer(Kind.FAILED, "410")),
        ("404", "", False, Answer(Kind.FAILED, "404")),
        *[
            (f"{status} word", "", status == 429, Answer(Kind.UNASKED, f"answers {status}"))
            for status in (400, 401, 403, 405, 429, 451, 500, 502, 503, 520, 999)
        ],
        ("syntax OK", "Access denied by robots.txt, checked only syntax.", True, Answer(Kind.UNASKED, "robots.txt forbids it")),
        ("ReadTimeout: 404 Not Found", "", False, Answer(Kind.UNASKED, "no answer in time")),
        ("SSLError: certificate", "", False, Answer(Kind.UNASKED, "trouble with TLS")),
        ("ConnectionError: NameResolutionError", "", False, Answer(Kind.UNASKED, "no connection")),
        ("Invalid IPv6 URL", "", False, Answer(Kind.UNASKED, "not an address that can be asked")),
        ("", "", True, Answer(Kind.UNASKED, "not a web page")),
    ],
)  # fmt: skip
def test_an_answer_is_what_the_host_said(result: str, info: str, is_valid: bool, expected: Answer) -> None:
    assert linkchecker.answer(Row(URL, "", result, info, is_valid), lambda _: False) == expected


def test_a_host_is_unknown_only_if_the_directory_of_names_says_so() -> None:
    row = Row("http://user@Nowhere.example:81/", "", "ConnectionError: whatever", "", False)
    asked: list[str] = []
    assert linkchecker.answer(row, lambda host: not asked.append(host)) == Answer(Kind.FAILED, "no such host")
    assert asked == ["nowhere.example"]


def test_an_output_without_its_end_is_none() -> None:
    head = "# created\nurlname;parentname;base;result;warningstring;infostring;valid;url\n"
    row = 'http://a/?"";p;;"404\n# Stopped";;;False;http://a/\n'
    assert linkchecker.rows(f"{head}{row}# Stopped checking at noon\n")[0].result == "404\n# Stopped"
    for cut in (head + row, row + "# Stopped checking at noon\n", ""):
        with pytest.raises(linkchecker.UnfinishedError):
            linkchecker.rows(cut)


# Where links stand


def test_links_of_pages_by_address() -> None:
    links = link_places.on_pages({
        "a/index.html": '<a href="../b/#x">b</a><a href="https://x.example/?a=1&amp;b=2#here">x</a><a href="mailto:x@y">',
        "b/index.html": '<a href="https://x.example/?a=1&b=2">x</a><link href="https://head.example/"><a href="http://[::1/">',
    })  # fmt: skip
    assert links.inner == {"/b/": ["a/index.html"]}
    assert links.outer == {
        "http://[::1/": ["b/index.html"], "https://x.example/?a=1&b=2": ["a/index.html", "b/index.html"],
    }  # fmt: skip


def test_a_place_is_the_whole_address_and_no_longer_one() -> None:
    files = {"data/prior_posts.yaml": f"- url: {URL}/more\n- url: {URL}\n", "posts/p.md": f"See [it]({URL}), {URL}.\n"}
    places = link_places.in_files([URL], files)
    assert places == {URL: [("data/prior_posts.yaml", 2), ("posts/p.md", 1)]}


# The crawl, by the very command of the Makefile


class Slow(BaseHTTPRequestHandler):
    """Answers as the path says: a status, `slow`, `closed`; `robots` is kept from robots; 127.0.0.9 keeps all its pages so."""

    seen: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        what = self.path.strip("/").partition("/")[0]
        Slow.seen.append((self.path, self.headers.get("User-Agent", "")))
        if what == "robots.txt":
            mine = self.headers["Host"].startswith("127.0.0.9")
            self.answer(200, b"User-agent: *\nDisallow: /\n" if mine else b"")
        elif what == "slow":
            time.sleep(10)
        elif what != "closed":
            self.answer(int(what), b"")

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/404/later")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = Server(("0.0.0.0", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def command() -> list[str]:
    """Run the command that `make dead-links` runs once the site is built."""
    (line,) = (line for line in makefile.steps("dead-links").splitlines() if "coursehub links" in line)
    return line.replace('"$(date -u +%F)"', "DATE").split()


def run(*arguments: str, **variables: str) -> Result:
    return CliRunner().invoke(main, ["links", *arguments], env={"COURSEHUB_REPO_URL": None, **variables})


def crawl(folder: Path, links: list[str], date: str, *, home: str = "") -> Result:
    site = folder / "site"
    site.mkdir(exist_ok=True)
    anchors = "".join(f'<a href="{link}">x</a>' for link in links)
    (site / "index.html").write_text(f"<html>{anchors}{home}</html>")
    program, _, follow, _, option, folder_name, *_ = command()
    assert (program, follow, option, folder_name) == (".venv/bin/coursehub", "follow", "--folder", "build/links")
    return run(
        follow, str(site), option, str(folder / "links"), "--date", date, "--timeout=5", "--a-second=10",
        COURSEHUB_REPO_URL="https://github.com/example/course",
    )  # fmt: skip


@pytest.mark.slow
def test_a_crawl_of_every_kind_of_site(port: int, tmp_path: Path) -> None:
    """Each has a host of its own, so that none waits for another."""
    says = ["200", "404", "410", "403", "429", "500", "slow", "closed", "200", "999", "302"]
    links = [f"http://127.0.0.{number}:{port}/{what}/x" for number, what in enumerate(says, 1)]
    odd = ["http://[::1/x", "http://a.b:99999/", f"http://127.0.0.1:{port}/200/x#part"]
    first = crawl(tmp_path, links + odd, "2026-11-01", home='<a href="gone.html">gone</a>')
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "1 broken link within the site. Of 13 links to other sites: 1 leads somewhere, 3 failed, 9 could not be asked.",
        "0 count as dead.",
    ]
    record_folder = tmp_path / "links"
    record = dead_links.read((record_folder / "dead_links.json").read_bytes())
    assert {url: (each.what, each.times) for url, each in record.items()} == {
        links[1]: ("404", 1), links[2]: ("410", 1), links[10]: ("404", 1),
    }  # fmt: skip
    report = (record_folder / "report.md").read_text()
    assert "- `/gone.html` (`404 File not found`) on `/`" in report
    for line in (
        "- `127.0.0.4`: 1, answers 403", "- `127.0.0.5`: 1, answers 429", "- `127.0.0.6`: 1, answers 500",
        "- `127.0.0.7`: 1, no answer in time", "- `127.0.0.8`: 1, no connection",
        "- `127.0.0.9`: 1, robots.txt forbids it", "- `127.0.0.10`: 1, answers 999",
    ):  # fmt: skip
        assert line in report
    agents = {agent for path, agent in Slow.seen if not path.startswith("/robots.txt")}
    assert agents == {f"CourseHub/{__version__} (+https://github.com/example/course)"}

    links.remove(links[says.index("slow")])
    second = crawl(tmp_path, links, "2026-11-08", home='<a href="gone.html">gone</a>')
    assert second.stdout.splitlines()[1] == "3 count as dead."
    once = (record_folder / "report.md").read_bytes()
    crawl(tmp_path, links, "2026-11-15", home='<a href="gone.html">gone</a>')
    assert (record_folder / "report.md").read_bytes() == once


@pytest.mark.slow
def test_nothing_wrong_makes_an_empty_report(port: int, tmp_path: Path) -> None:
    assert crawl(tmp_path, [f"http://127.0.1.1:{port}/200/"], "2026-11-01").exit_code == 0
    assert (tmp_path / "links/report.md").read_bytes() == b""


@pytest.mark.slow
def test_addresses_that_linkchecker_takes_for_the_same_are_all_asked(port: int, tmp_path: Path) -> None:
    links = [f"http://127.0.1.2:{port}/404/A", f"http://127.0.1.2:{port}/404/%41"]
    assert crawl(tmp_path, links, "2026-11-01").exit_code == 0
    assert dead_links.read((tmp_path / "links/dead_links.json").read_bytes()).keys() == set(links)


def kept_as_it_was(folder: Path, content: bytes, run: Callable[[], Result]) -> str:
    (folder / "links").mkdir()
    (folder / "links/dead_links.json").write_bytes(content)
    ran = run()
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert [path.name for path in (folder / "links").iterdir()] == ["dead_links.json"]
    assert (folder / "links/dead_links.json").read_bytes() == content
    return ran.stderr


OLD = dead_links.write({URL: Failure(DAY, DAY, "404", 1)})


@pytest.mark.slow
def test_a_machine_without_a_way_out_changes_nothing(tmp_path: Path) -> None:
    message = kept_as_it_was(tmp_path, OLD, lambda: crawl(tmp_path, ["http://127.0.0.1:1/"], "2026-11-08"))
    assert "no other site answered at all, so this machine is offline; the record stays as it was" in message


@pytest.mark.slow
def test_a_broken_record_is_not_written_over(tmp_path: Path) -> None:
    message = kept_as_it_was(tmp_path, b"{}", lambda: crawl(tmp_path, [], "2026-11-08"))
    assert "is no record of dead links: Object missing required field" in message


@pytest.mark.slow
@needs.SHELL
@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("kill $$", "linkchecker broke off with exit code -15 "),
        ("exit 2", "linkchecker broke off with exit code 2 "),
        ("exit 0", "linkchecker broke off with exit code 0 "),
        ("echo ' interrupt; ' >&2; exec '{real}' \"$@\"", "linkchecker broke off with exit code "),
        ("'{real}' \"$@\" | grep -v 127.0.1.3", "linkchecker says nothing of 1 link, 'http://127.0.1.3:"),
    ],
)
def test_a_linkchecker_that_breaks_off_changes_nothing(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, why: str
) -> None:
    """It is the one beside Python, so that this Python seems to lie in a folder with another one."""
    real = Path(sys.executable).with_name("linkchecker")
    program = tmp_path / "linkchecker"
    program.write_text(f"#!/bin/bash\n{script.format(real=real)}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    link = f"http://127.0.1.3:{port}/200/"
    message = kept_as_it_was(tmp_path, OLD, lambda: crawl(tmp_path, [link], "2026-11-08"))
    assert message.startswith(f"coursehub: {why}")


@pytest.mark.parametrize(
    "call", [["check"], ["follow", "--folder", "links", "--date", "2026-11-08"]], ids=["check", "follow"]
)
def test_a_linkchecker_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "index.html").write_text("<html>")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    ran = run(*call, ".")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(
        "coursehub: links are followed by linkchecker, which is not installed: pip install linkchecker, or all of requirements.txt"
    )
    assert not (tmp_path / "links").exists()
    assert re.search(r"^linkchecker==", (sites.ROOT / "requirements/site.txt").read_text(), re.MULTILINE)


def test_a_folder_without_a_site_is_named(tmp_path: Path) -> None:
    ran = run("check", str(tmp_path))
    assert (ran.exit_code, ran.output) == (
        2,
        f"coursehub: {tmp_path} has no index.html; build the site first: mkdocs build --strict\n",
    )


# The report


HOSTILE = [
    "https://x.example/`</code><script>alert(1)</script>`` @octocat #1 octo/repo#2",
    "https://x.example/\n\n# A heading\n<img src=x onerror=alert(1)> [a](javascript:alert(2)) ![b](https://y.example/)",
    "https://x.example/\u202e@octocat``` https://auto.example www.auto.example me@example.org",
    "`https://x.example/ <!-- --> | ~~x~~ **b**",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.outside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs, (tag, attrs)
        self.tags.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" not in self.open:
            self.outside += data


@given(st.lists(st.sampled_from(HOSTILE) | st.text(min_size=1), min_size=1, max_size=4))
def test_a_hostile_address_is_nothing_but_code(urls: list[str]) -> None:
    record = {url: Failure(DAY, day(7), "404", 2) for url in urls}
    answers = {f"https://{url}": Answer(Kind.UNASKED, "answers 403") for url in urls}
    inner = [Inner(url, (url,), url) for url in urls]
    text = link_report.build(
        inner, record, answers, {url: [(f"posts/F2026/{url}.md", 3), ("/`@octocat`/", 0)] for url in urls}
    )
    tags = Tags()
    tags.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
    assert tags.tags <= {"h2", "h3", "p", "ul", "li", "code"}
    assert not any(sign in tags.outside for sign in ("@", "#", "octo", "alert", "http", "www", "`", "<"))


def test_the_report_has_what_is_wrong_by_file_and_line() -> None:
    record = {
        "https://b.example/": Failure(DAY, day(7), "no such host", 2),
        "https://a.example/": Failure(DAY, day(14), "410", 3),
        "https://c.example/": Failure(day(14), day(14), "404", 1),
    }
    places = {
        "https://a.example/": [("data/prior_posts.yaml", 12)],
        "https://b.example/": [("data/prior_posts.yaml", 3), ("posts/F2026/dvc.md", 40)],
        "https://c.example/": [("/posts/", 0)],
    }
    answers = {"https://m.example/1": UNASKED, "https://m.example/2": UNASKED, **dict.fromkeys(record, GONE)}
    text = link_report.build([Inner("/x/", ("/", "/claims/"), "404 Not Found")], record, answers, places)
    assert [line for line in text.splitlines() if line.startswith(("#", "-", "<"))] == [
        "<!-- coursehub-links -->",
        "## Links within the site that lead nowhere",
        "- `/x/` (`404 Not Found`) on `/`, `/claims/`",
        "## Dead links (2)",
        "### `data/prior_posts.yaml`",
        "- line 3: `https://b.example/`, no such host since 2026-11-01",
        "- line 12: `https://a.example/`, 410 since 2026-11-01",
        "### `posts/F2026/dvc.md`",
        "- line 40: `https://b.example/`, no such host since 2026-11-01",
        "## Failed on one day (1)",
        "### `/posts/`",
        "- `https://c.example/`, 404 since 2026-11-15",
        "## Could not be asked (2)",
        "- `m.example`: 2, answers 403",
    ]
    turned = link_report.build(
        [Inner("/x/", ("/", "/claims/"), "404 Not Found")], dict(reversed(record.items())),
        dict(reversed(answers.items())), places,
    )  # fmt: skip
    assert turned == text


def test_a_report_fits_into_an_issue() -> None:
    record = {f"https://x.example/{number}": Failure(DAY, day(7), "404", 2) for number in range(2000)}
    text = link_report.build([], record, {}, {})
    assert len(text) < 65_536
    assert "lines more" in text


# The issue, by the very command of the workflow


REPORT = "<!-- coursehub-links -->\n\n## Dead links (1)\n\n$(touch pwned) `touch pwned` ${{ x }}\n"


class Before(NamedTuple):
    """An issue that is there before."""

    body: str | None
    state: str = "open"
    author: str = "github-actions"


OTHERS = [Before(REPORT, author="student"), Before(None), Before("else")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("known", "report", "written", "state"),
    [
        ([], "", [], None),
        ([], REPORT, ["POST"], "open"),
        (OTHERS, REPORT, ["POST"], "open"),
        (OTHERS, "", [], None),
        ([*OTHERS, Before(REPORT.replace("\n", "\r\n").rstrip())], REPORT, [], "open"),
        ([*OTHERS, Before(REPORT + "old")], REPORT, ["PATCH"], "open"),
        ([Before(REPORT + "old", "closed"), Before(REPORT)], REPORT, ["PATCH"], "open"),
        ([Before(REPORT, "closed")], REPORT, ["PATCH"], "open"),
        ([Before(REPORT)], "", ["PATCH"], "closed"),
        ([Before(REPORT, "closed")], "", [], "closed"),
    ],
)
def test_there_is_one_issue(
    tmp_path: Path, known: list[Before], report: str, written: list[str], state: str | None
) -> None:
    github = StandIn(tmp_path / "hub.git", {"README.md": "Hello"}, dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    github.permissions["issues"] = "write"
    for before in known:
        is_bot = before.author == "github-actions"
        github.issues[github.open_issue(before.author, "An issue", before.body, is_bot=is_bot)].state = before.state
    (tmp_path / "build/links").mkdir(parents=True)
    (tmp_path / "build/links/report.md").write_text(report)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    [step] = [
        each
        for each in workflows.load("links.yml")["jobs"]["issue"]["steps"]
        if "coursehub links issue" in each.get("run", "")
    ]
    with github.serve() as url:
        environment = {**workflows.runner_environment(url, "course/hub", tmp_path), "GITHUB_TOKEN": "token"}
        ran = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", step["run"]], cwd=tmp_path, env={**ENVIRONMENT, **environment},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (ran.returncode, ran.stderr, github.faults_of_ours) == (0, "", [])
    assert [each.method for each in github.requests if each.method != "GET"] == written
    own = [
        each for each in github.issues.values() if each.is_bot and (each.body or "").startswith("<!-- coursehub-links")
    ]
    assert (own[0].state if own else None) == state
    assert not own or not report or (own[0].body or "").replace("\r", "").strip() == report.strip()
    assert not (tmp_path / "pwned").exists()


# The record's branch


def test_the_record_is_kept_on_its_own_branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**ENVIRONMENT, "GH_TOKEN": "secret"}.items():
        monkeypatch.setenv(name, value)
    origin = Repository(tmp_path / "origin")
    origin.write("README.md")
    main = origin.commit()
    subprocess.run(["git", "clone", "-q", str(origin.root), "clone"], cwd=tmp_path, check=True, env=ENVIRONMENT)
    clone = tmp_path / "clone"
    monkeypatch.chdir(clone)
    nothing = run("fetch", "dead_links.json")
    assert (nothing.exit_code, nothing.stdout) == (0, "There is no branch link-report yet.\n")
    assert not (clone / "dead_links.json").exists()
    for content, count in ((b"one", 1), (b"one", 1), (b"two", 2)):
        (clone / "dead_links.json").write_bytes(content)
        assert run("keep", "dead_links.json").exit_code == 0
        assert origin.git("show", "link-report:dead_links.json") == content.decode()
        assert origin.git("rev-list", "--count", "link-report") == str(count)
    assert origin.git("ls-tree", "--name-only", "-r", "link-report") == "dead_links.json"
    assert origin.git("rev-parse", "main") == main
    assert run("fetch", "build/links/dead_links.json").exit_code == 0
    assert (clone / "build/links/dead_links.json").read_bytes() == b"two"
    settings = (clone / ".git/config").read_text()
    assert "extraheader" not in settings
    shutil.rmtree(origin.root)
    lost = run("fetch", "dead_links.json")
    assert (lost.exit_code, lost.stdout) == (2, "")
    assert "coursehub: git does not get at the branch link-report, for this reason.\n  fatal: " in lost.stderr
    assert "secret" not in lost.stderr


# The marks on the site


def prior(url: str | None, archived: str | None = None, semester: str = "F2020") -> PriorPost:
    return PriorPost("DVC", ("DVC",), "mlops-tool", semester, url, archived=archived)


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        (prior("https://www.alive.example/"), Where("https://www.alive.example/", "alive.example")),
        (prior(URL), Where(f"https://web.archive.org/web/2020/{URL}", "example.org", URL)),
        (prior(f"{URL}#part"), Where(f"https://web.archive.org/web/2020/{URL}#part", "example.org", f"{URL}#part")),
        (prior(URL, semester="Fall"), Where(f"https://web.archive.org/web/{URL}", "example.org", URL)),
        (prior(URL, "https://copy.example/"), Where("https://copy.example/", "example.org", URL)),
        (prior(URL, "javascript:alert(1)"), Where(f"https://web.archive.org/web/2020/{URL}", "example.org", URL)),
        (prior("javascript:alert(1)"), Where("", "")),
        (prior(None), Where("", "")),
    ],
)
def test_where_an_earlier_post_can_be_read(post: PriorPost, expected: Where) -> None:
    assert where(post, {URL, "javascript:alert(1)"}) == expected


DEAD = "https://gone.example/wibbleflow?a=1&b='2'"
ONCE = "https://gone.example/once"
COPY = f"https://web.archive.org/web/2021/{DEAD}"


def marked(tmp_path_factory: pytest.TempPathFactory, record: bytes) -> Build:
    root = tmp_path_factory.mktemp("marked") / "repository"
    sites.with_cache(sites.shared(tmp_path_factory, "sound"), root)
    sites.copy(root, "sound")
    sites.keep_few_earlier(root)
    with (root / "data/prior_posts.yaml").open("a") as priors:
        for semester, url in (("S2021", DEAD), ("F2021", ONCE)):
            priors.write(
                f'- title: Wibbleflow before\n  tools: [Wibbleflow]\n  option: mlops-tool\n  semester: {semester}\n  url: "{url}"\n'
            )
    sites.edit(root / "posts/F2025/wibbleflow.md", "covers:", "differences: It has a tail now.\ncovers:")
    (root / "record.json").write_bytes(record)
    return sites.build(root, "--strict", COURSEHUB_DEAD_LINKS="record.json")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Build:
    record = {DEAD: Failure(DAY, day(7), "404", 2), ONCE: Failure(DAY, DAY, "404", 1)}
    return marked(tmp_path_factory, dead_links.write(record))


@pytest.mark.slow
@pytest.mark.parametrize("address", ["posts/S2021", "numbers", "posts/F2026/wibbleflow"])
def test_a_dead_link_is_marked_wherever_it_is_shown(site: Build, address: str) -> None:
    assert site.code == 0, site.output
    page = site.page(address)
    assert [each for each in page.find("a") if each.attributes.get("href") == DEAD] == []
    links = [each for each in page.find("a") if each.attributes.get("href") == COPY]
    assert links != []
    for each in links:
        assert (
            each.attributes["title"]
            == f"{DEAD} is no longer online. This link leads to an archived copy, if there is one."
        )
        assert each.attributes["rel"] == "noopener nofollow"
    assert page.text("hub-archived").split() == ["archived"] * len(links)
    if address != "numbers":
        assert "was on gone.example" in page.text("article")


@pytest.mark.slow
def test_a_link_that_failed_once_is_not_marked(site: Build) -> None:
    page = site.page("posts/F2021")
    assert [
        each.attributes["href"] for each in page.find("a") if "gone.example/once" in each.attributes.get("href", "")
    ] == [ONCE]


@pytest.mark.slow
def test_is_it_free_leads_to_the_copy(site: Build) -> None:
    urls = json.loads((site.site / "assets/free.json").read_text())["elsewhere"]["urls"]
    assert urls[-2:] == [COPY, ONCE]


@pytest.mark.slow
def test_a_broken_record_is_refused_and_nothing_is_marked(tmp_path_factory: pytest.TempPathFactory) -> None:
    built = marked(tmp_path_factory, b'{"version": 1, "links": {"x": 1}}')
    assert built.code == 0
    assert "No link is marked as dead, for record.json is no record of dead links" in built.output
    assert [path for path in built.mentions(b'hub-archived"') if path.endswith(".html")] == []


def test_without_a_record_nothing_is_marked(shared_site: SharedSite) -> None:
    built = shared_site("sound")
    assert [path for path in built.mentions(b"web.archive.org") if path.endswith((".html", "free.json"))] == []
    assert isinstance(built.page("catalog"), Document)
