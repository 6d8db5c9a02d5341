"""The desk's comment, word for word: `fixtures/desk/<case>.md` is all that a student reads.

After a change of wording, `DESK_GOLDEN=write pytest tests/test_desk_comment.py` writes the files anew; read them.
"""

import datetime as dt
import os
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import cmarkgfm
import msgspec
import pytest
from cmarkgfm import cmark
from course import Remembered
from standin import StandIn

from coursehub import desk
from coursehub.desk import comment
from coursehub.desk.comment import Around
from coursehub.desk.own_comment import MARKER
from coursehub.desk.pulls import Pull
from coursehub.desk.record import Claimed, Record, Sighting, from_comment
from coursehub.desk.snapshot import planned
from coursehub.desk.verdict import ClaimAnswer, Holder, Judged
from coursehub.github.door import GitHub
from coursehub.records import repository
from coursehub.records.finding import Finding, Severity

pytestmark = pytest.mark.slow

FIXTURES = Path(__file__).parent / "fixtures"
GOLDEN = FIXTURES / "desk"
DATA = {f"data/{path.name}": path.read_text() for path in sorted((FIXTURES / "rules/data").iterdir())}
DATA["data/prior_posts.yaml"] = """\
- {title: "Kedro, or how I stopped worrying", tools: [Kedro], option: mlops-tool, semester: S2026, url: "https://ann.example/kedro"}
- {title: Airflow for movies, tools: [Apache Airflow], option: mlops-tool, semester: S2025, url: "https://medium.com/@ann/airflow"}
- {title: An older look at Airflow, tools: [Airflow], option: mlops-tool, semester: F2025}
- {title: Airflow with BigQuery, tools: [Airflow, BigQuery], option: mlops-tool, semester: F2025, url: "https://bob.example/both"}
"""
DATA["data/course.yaml"] = DATA["data/course.yaml"].replace(
    "title: Pipelines}", "title: Pipelines, examples: [Airflow, Luigi, Dask]}"
)
AROUND = Around("https://course.example/")
NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
Files = Mapping[str, str | bytes | None]


def post(authors: str, tool: str, *, status: str = "claimed", body: str = "", **more: str) -> str:
    fields = {"title": f"About {tool}", "authors": authors, "option": "mlops-tool", "tool": tool, "semester": "F2026",
              "status": status, "tool_url": "https://tool.example", **more}  # fmt: skip
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"---\n{lines}---\n{body}"


class Scene:
    """A course on the stand-in; people open pull requests, one a second, and the desk looks at one of them."""

    def __init__(self, folder: Path, main: Files) -> None:
        self.folder = folder
        self.standin = StandIn(folder / "hub.git", {**DATA, **main}, NOW)
        self.github = GitHub(
            "course/hub", "secret", url="https://api.github.com", graphql_url="https://api.github.com/graphql",
            server="https://github.com", sleep=lambda seconds: None, transport=self.standin.transport(),
        )  # fmt: skip

    def open(self, author: str, files: Files, branch: str | None = None) -> int:
        self.standin.now += dt.timedelta(seconds=1)
        return self.standin.open(author, files, branch=branch)

    def push(self, number: int, files: Files) -> None:
        self.standin.now += dt.timedelta(minutes=1)
        self.standin.push(number, files)

    def main(self, files: Files) -> None:
        self.standin.now += dt.timedelta(seconds=1)
        self.standin.commit_to_main(files)

    def look(self, number: int) -> tuple[Judged, Pull, Record]:
        root = self.folder / "main"
        for path, content in self.standin.objects.files(self.standin.main).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(self.standin.objects.blob(content.sha) or b"")
        source = Remembered(self.standin)
        sitting = desk.Desk(
            self.github, source, repository.load(root), main=self.standin.main, bot="github-actions[bot]"
        ).sit()
        (pull,) = [each for each in sitting.pulls if each.number == number]
        source.fetch([pull.head])
        judged = desk.judge(sitting, pull)
        self.plan = planned(sitting, pull, judged)
        return judged, pull, sitting.records[number]

    def comment(self, number: int, site: str = "https://course.example/") -> str:
        judged, pull, record = self.look(number)
        return comment.written(judged, pull, record, self.github, Around(site), self.plan)


AIRFLOW, KEDRO, LUIGI = "posts/F2026/airflow.md", "posts/F2026/kedro.md", "posts/F2026/luigi.md"
PUBLISHED = {"date": "2026-11-01", "summary": "What it is for.", "covers": "{problem: Why, example: A day with it}"}
BODY = """
## Why

Nobody knows what ran when, and in which order it should run, until all that is written down in one place.

## A day with it

![A graph of five tasks](luigi/graph.png)

We let it run our nightly training, and looked at what it says when one of the tasks fails in the middle.
"""


def first_and_free(scene: Scene) -> int:
    return scene.open("octocat", {LUIGI: post("octocat", "Luigi", option="ml-application")}, branch="claim/luigi")


def kept_with_things_to_mend(scene: Scene) -> int:
    text = post("octocat", "Luigi", semester="F2026", titel="Luigi", topics="pipeline").replace(
        "title: About Luigi\n", ""
    )
    return scene.open("octocat", {LUIGI: text, "README.md": "mine\n"})


def fields_missing(scene: Scene) -> int:
    text = post("octocat", "Luigi", option="", status="").replace("title: About Luigi\n", "")
    return scene.open("octocat", {LUIGI: f"{text}Done.\n", "README.md": "mine\n"})


def taken_by_an_open_pull_request(scene: Scene) -> int:
    scene.open("hubot", {LUIGI: post("[hubot, ann]", "luigi")})
    return scene.open("octocat", {LUIGI: post("octocat", "Luigi")})


def taken_on_main(scene: Scene) -> int:
    scene.main({"posts/F2026/luigi.md": post("hubot", "Luigi")})
    return scene.open("octocat", {"posts/F2026/Luigi-by-me.md": post("octocat", "LUIGI")})


def second_claim_of_the_same_author(scene: Scene) -> int:
    scene.open("octocat", {LUIGI: post("octocat", "Luigi")})
    return scene.open("octocat", {"posts/F2026/dask.md": post("Octocat", "Dask", tool_url="https://dask.example")})


def somebody_elses_name(scene: Scene) -> int:
    return scene.open("octocat", {LUIGI: post("hubot", "Luigi")})


def somebody_elses_post(scene: Scene) -> int:
    scene.main({LUIGI: post("hubot", "Luigi")})
    return scene.open("octocat", {LUIGI: post("octocat", "Luigi")})


def last_semesters_tool(scene: Scene) -> int:
    return scene.open("octocat", {KEDRO: post("octocat", "Kedro")})


def earlier_semesters_tool(scene: Scene) -> int:
    return scene.open("octocat", {AIRFLOW: post("octocat", "Airflow")})


def earlier_semesters_tool_with_differences(scene: Scene) -> int:
    differences = "Neither of the two runs it on Kubernetes, which this one does from the start."
    return scene.open("octocat", {AIRFLOW: post("octocat", "Airflow", differences=differences)})


def conflict_with_main(scene: Scene) -> int:
    number = scene.open("octocat", {LUIGI: post("octocat", "Luigi")})
    scene.main({LUIGI: post("hubot", "Luigi")})
    return number


def own_post_in_conflict_with_main(scene: Scene) -> int:
    scene.main({LUIGI: post("octocat", "Luigi", summary="One.")})
    number = scene.open("octocat", {LUIGI: post("octocat", "Luigi", summary="Two.")})
    scene.main({LUIGI: post("octocat", "Luigi", summary="Three.")})
    return number


def published_with_a_picture_too_large(scene: Scene) -> int:
    scene.main({LUIGI: post("octocat", "Luigi")})
    text = post("octocat", "Luigi", status="published", body=BODY, **PUBLISHED)
    return scene.open("octocat", {LUIGI: text, "posts/F2026/luigi/graph.png": b"\x89PNG" * 500})


def published_with_all_that_is_asked(scene: Scene) -> int:
    scene.main({LUIGI: post("octocat", "Luigi")})
    text = post("octocat", "Luigi", status="published", body=BODY, **PUBLISHED)
    return scene.open("octocat", {LUIGI: text, "posts/F2026/luigi/graph.png": b"\x89PNG"})


def withdrawn(scene: Scene) -> int:
    scene.main({LUIGI: post("octocat", "Luigi")})
    return scene.open("octocat", {LUIGI: post("octocat", "Luigi", status="withdrawn")})


def second_claim_with_one_on_main(scene: Scene) -> int:
    scene.main({LUIGI: post("octocat", "Luigi")})
    return scene.open("octocat", {"posts/F2026/dask.md": post("octocat", "Dask", tool_url="https://dask.example")})


def out_of_season(scene: Scene) -> int:
    return scene.open("octocat", {"posts/S2026/luigi.md": post("octocat", "Luigi", semester="S2026")})


def good_to_know(scene: Scene) -> int:
    scene.main({LUIGI: post("hubot", "Luigi")})
    return scene.open(
        "octocat", {"posts/F2026/dask--luigi.md": post("octocat", "[Dask, Luigi]", tool_url="", title="Both")}
    )


def changed_to_another_tool(scene: Scene) -> int:
    number = scene.open("octocat", {LUIGI: post("octocat", "Luigi")})
    scene.push(number, {LUIGI: None, "posts/F2026/dask.md": post("octocat", "Dask", tool_url="https://dask.example")})
    return number


def published_post_that_moves(scene: Scene) -> int:
    def published(tool: str) -> str:
        return post("octocat", tool, status="published", body=BODY.replace("luigi/", f"{tool.lower()}/"), **PUBLISHED)

    scene.main({LUIGI: published("Luigi"), "posts/F2026/luigi/graph.png": b"picture"})
    files = {"posts/F2026/dask.md": published("Dask"), "posts/F2026/dask/graph.png": b"picture"}
    return scene.open("octocat", {LUIGI: None, "posts/F2026/luigi/graph.png": None, **files})


def staff_touching_code_only(scene: Scene) -> int:
    return scene.open("teacher", {"src/coursehub/cli.py": "x\n", "data/tools.yaml": DATA["data/tools.yaml"] + "\n"})


def sixty_findings(scene: Scene) -> int:
    return scene.open("octocat", {LUIGI: post("octocat", "Luigi"), **{f"src/{n:02}.py": "x\n" for n in range(60)}})


def hostile(scene: Scene) -> int:
    attack = '"</sub><img src=x onerror=alert(1)> @everyone #1 GH-1 [x](javascript:alert(1)) $$x$$ `code` --> www.evil.example"'
    path = "posts/F2026/<!-- coursehub:record {}-->`@everyone`_#1.md"
    text = post("octocat", attack, title=attack, summary=attack, nonsense=attack)
    return scene.open("octocat", {path: text, f"{'`' * 90}@everyone": "x\n"}, branch="a)#1?<b>&@everyone")


CASES = [
    first_and_free, kept_with_things_to_mend, fields_missing, taken_by_an_open_pull_request, taken_on_main,
    second_claim_of_the_same_author, somebody_elses_name, somebody_elses_post, last_semesters_tool,
    earlier_semesters_tool, earlier_semesters_tool_with_differences, conflict_with_main, own_post_in_conflict_with_main,
    published_with_a_picture_too_large, published_with_all_that_is_asked, withdrawn, changed_to_another_tool,
    second_claim_with_one_on_main, out_of_season, good_to_know,
    published_post_that_moves, staff_touching_code_only, sixty_findings, hostile,
]  # fmt: skip
Case = Callable[[Scene], int]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)


def masked(text: str, pull: Pull) -> str:
    """The comment without the number of its commit, which changes with every letter of the course's data."""
    return text.replace(pull.head, "HEAD").replace(pull.head[:12], "HEAD")


def golden(case: Case) -> Path:
    return GOLDEN / f"{case.__name__.replace('_', '-')}.md"


class Element(NamedTuple):
    name: str
    attributes: dict[str, str | None]


class Page(HTMLParser):
    """A comment as GitHub renders it: its elements, its text, and the text outside of code."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.text = self.plain = ""
        self.hidden: list[str] = []
        self._in_code = False
        self.feed(cmarkgfm.markdown_to_html_with_extensions(
            markdown, options=cmark.Options.CMARK_OPT_UNSAFE,
            extensions=["autolink", "strikethrough", "table", "tasklist"],
        ))  # fmt: skip
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))
        self._in_code |= tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._in_code &= tag != "code"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.plain += "" if self._in_code else data

    def handle_comment(self, data: str) -> None:
        self.hidden.append(data)

    @property
    def names(self) -> list[str]:
        return [element.name for element in self.elements]

    @property
    def links(self) -> list[str]:
        return [str(element.attributes["href"]) for element in self.elements if element.name == "a"]


OURS = {"h2": set(), "h3": set(), "p": set(), "ul": set(), "ol": set(), "li": set(), "strong": set(), "code": set(), "pre": set(),
        "sub": set(), "a": {"href"}}  # fmt: skip
PLACES = (  # where links of the comment may lead: the people's own copies, the course, its site, earlier posts
    "https://github.com/", "https://codespaces.new/course/hub/pull/", "https://course.example/",
    "https://ann.example/kedro", "https://medium.com/@ann/airflow", "https://bob.example/both",
)  # fmt: skip


def is_ours_alone(text: str) -> None:
    """One heading, no foreign element, nobody called, and small enough for GitHub."""
    page = Page(text)
    assert page.names.count("h2") == 1
    assert [each for each in page.elements if not each.attributes.keys() <= OURS.get(each.name, {"none"})] == []
    assert set(page.names) <= OURS.keys()
    assert [hidden.split()[0] for hidden in page.hidden] == ["coursehub:desk", "coursehub:record"]
    assert all(link.startswith(PLACES) for link in page.links)
    assert not re.search(r"(?<!\w)@\w|(?<!\w)GH-\d|\*\*", page.plain)
    assert set(re.findall(r"#\d+", page.plain)) <= {"#1"}  # the holder's pull request, in our own words
    assert len(text) < 65_536


@every_case
def test_the_comment_in_full(case: Case, tmp_path: Path) -> None:
    scene = Scene(tmp_path, {})
    number = case(scene)
    judged, pull, record = scene.look(number)
    text = comment.written(judged, pull, record, scene.github, AROUND, scene.plan)
    if os.environ.get("DESK_GOLDEN") == "write":
        golden(case).write_text(masked(text, pull) + "\n")
    assert masked(text, pull) + "\n" == golden(case).read_text()
    assert text.startswith(f"{MARKER}\n")
    assert from_comment(text) == record
    is_ours_alone(text)


def test_every_golden_file_is_of_a_case() -> None:
    assert set(GOLDEN.iterdir()) == {golden(case) for case in CASES}


LONG = "@everyone #1 <b> `x` " * 180  # of which each sign takes up to nine
HUGE = [
    Finding(f"posts/F2026/{number}/{LONG}.md", 7, 1, "claim-taken", severity, LONG, LONG)
    for number in range(1_500)
    for severity in (Severity.ERROR, Severity.WARNING)
]
HUGE_PATHS = [msgspec.structs.replace(each, path=f"{each.path}{LONG * 3}") for each in HUGE]
MANY_CLAIMS = tuple(
    ClaimAnswer(LONG, "key", "F2026", f"posts/F2026/{number}.md", NOW, False, "claim-taken", Holder((LONG,), LONG, 1))
    for number in range(100)
)
LARGE_RECORD = Record((Sighting(NOW, 1, "0" * 40, (Claimed(LONG, ("x",), "F2026", ("ann",)),)),))


@pytest.mark.parametrize(
    "change",
    [
        {"findings": tuple(HUGE)},
        {"findings": tuple(HUGE_PATHS)},
        {"claims": MANY_CLAIMS},
        {"findings": tuple(HUGE), "claims": MANY_CLAIMS},
    ],
    ids=["findings", "paths", "claims", "both"],
)
@pytest.mark.parametrize("remembers", [Record(), LARGE_RECORD], ids=["", "large record"])
def test_github_takes_the_longest_comment(change: dict[str, object], remembers: Record, tmp_path: Path) -> None:
    scene = Scene(tmp_path, {})
    headings = "".join(f"{name}: '{LONG[:3_000]}'\n  " for name in ("problem", "example"))
    tools = ", ".join(f"Tool {number} {LONG[:50]!r}".replace("#", "") for number in range(50))
    text = post("octocat", f"[{tools}]", covers=f"\n  {headings}", body=f"## {LONG[:3_000]}\n")
    judged, pull, _ = scene.look(scene.open("octocat", {f"posts/F2026/{n}.md": text for n in range(12)}))
    judged = msgspec.structs.replace(judged, verdict=msgspec.structs.replace(judged.verdict, **change))
    written = comment.written(judged, pull, remembers, scene.github, AROUND)
    is_ours_alone(written)
    assert from_comment(written) == remembers
    if "findings" in change:
        shown = written.count("claim-taken`)")
        assert f"\n- … and {1_500 - shown} more. `coursehub check`" in written
        assert re.search(r"\n- … and 1,?\d+ more\.\n", written)


def test_a_list_is_not_cut_without_need(tmp_path: Path) -> None:
    scene = Scene(tmp_path, {})
    text = scene.comment(scene.open("octocat", {f"{number:02}.txt": "x" for number in range(41)}))
    assert text.count("`outside-your-post`") == 40
    assert "\n- … and 1 more. `coursehub check` and the check “Posts and data” list them all.\n" in text


def test_of_two_claims_in_one_pull_request_the_author_keeps_one(tmp_path: Path) -> None:
    scene = Scene(tmp_path, {})
    dask = post("octocat", "Dask", tool_url="https://dask.example")
    text = scene.comment(scene.open("octocat", {LUIGI: post("octocat", "Luigi"), "posts/F2026/dask.md": dask}))
    assert "GitHub received your claim on **Dask** at" in text
    assert "So **Luigi** is not reserved for you." in text
    assert "1. Decide which of the two you want to keep.\n" in text


def test_of_many_posts_the_first_eight_have_a_list_of_what_is_asked_for(tmp_path: Path) -> None:
    names = "abcdefghij"
    scene = Scene(tmp_path, {})
    text = scene.comment(
        scene.open("teacher", {f"posts/F2026/zork{name}.md": post("ann", f"Zork{name}") for name in names})
    )
    listed = [name for name in names if f"You need all of it once `posts/F2026/zork{name}.md`" in text]
    assert listed == list("abcdefgh")


def test_an_option_that_asks_for_nothing_has_no_list_of_it(tmp_path: Path) -> None:
    course = DATA["data/course.yaml"].replace("requirements: [{id: purpose, title: The purpose}]", "requirements: []")
    assert course != DATA["data/course.yaml"]
    scene = Scene(tmp_path, {"data/course.yaml": course})
    text = scene.comment(scene.open("ann", {LUIGI: post("ann", "Luigi", option="ml-application")}))
    assert "“Luigi” is free" in text
    assert "What a post of the option" not in text


def test_a_deleted_copy_is_not_linked(tmp_path: Path) -> None:
    scene = Scene(tmp_path, {})
    number = scene.open("octocat", {LUIGI: post("octocat", "Luigi", titel="x")})
    scene.standin.delete_fork(number)
    page = Page(scene.comment(number))
    assert "- posts/F2026/luigi.md, line 9: “titel” is" in scene.comment(number)
    assert "Open “Files changed” above, and choose “Edit file” in the menu “…” of a file." in page.text
    assert page.links == ["https://github.com/course/hub/pull/1/checks", "https://codespaces.new/course/hub/pull/1"]


def test_a_course_without_a_site_names_its_page_alone(tmp_path: Path) -> None:
    scene = Scene(tmp_path, {})
    text = scene.comment(last_semesters_tool(scene), site="")
    assert "look under Is your tool still available? on the course's site, or run `coursehub free NAME`." in text


def test_free_tools_of_the_same_topic_are_named(tmp_path: Path) -> None:
    scene = Scene(tmp_path, {AIRFLOW: post("hubot", "Airflow")})
    assert "Free on the same topic: Dask, Luigi." in scene.comment(scene.open("ann", {KEDRO: post("ann", "Airflow")}))


def test_no_free_tool_is_named_twice(tmp_path: Path) -> None:
    scene = Scene(tmp_path, {AIRFLOW: post("hubot", "Airflow")})
    text = scene.comment(scene.open("teacher", {KEDRO: post("ann", "Airflow"), LUIGI: post("bob", "Airflow")}))
    assert "Free on the same topic: Dask, Luigi.\n" in text


def test_of_many_free_tools_eight_are_named(tmp_path: Path) -> None:
    names = [f"Zork{letter}" for letter in "abcdefghij"]
    data = DATA["data/course.yaml"].replace("[Airflow, Luigi, Dask]", f"[{', '.join(names)}]")
    scene = Scene(tmp_path, {"data/course.yaml": data, AIRFLOW: post("hubot", "Airflow")})
    text = scene.comment(scene.open("ann", {KEDRO: post("ann", "Airflow")}))
    assert f"Free on the same topic: {', '.join(names[:8])}.\n" in text


def claim(name: str, why: str = "", holder: Holder | None = None) -> ClaimAnswer:
    return ClaimAnswer(name, name.lower(), "F2026", "posts/F2026/x.md", NOW, not why, why, holder)


def finding(rule: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("posts/F2026/x.md", 1, 1, rule, severity, "message", "help")


@pytest.mark.parametrize(
    ("claims", "findings", "expected"),
    [
        ([], [], "Nothing to fix"),
        ([], [finding("claim-overlaps", Severity.NOTICE)], "Nothing to fix"),
        ([], [finding("unknown-field")], "1 thing to fix"),
        ([], [finding("unknown-field")] * 2, "2 things to fix"),
        ([claim("DVC")], [], "“DVC” is free, and yours is the first claim"),
        ([claim(name) for name in "ABC"], [], "“A”, “B”, “C” are free, and yours are the first claims"),
        ([claim(name) for name in "ABCD"], [], "“A”, “B”, “C” are free, and yours are the first claims"),
        ([claim("DVC")], [finding("unknown-field")], "“DVC” is reserved for you; 1 thing to fix"),
        ([claim("DVC")], [finding("claim-repeats-last-semester")], "“DVC” cannot be claimed"),
        ([], [finding("claim-out-of-season")], "This cannot be claimed"),
        ([claim("DVC", "claim-taken", Holder(("ann", "bob"), "x"))], [], "“DVC” is taken: ann, bob came first"),
        (
            [claim("DVC"), claim("Dask", "second-live-claim", Holder(("ann",), "x"))],
            [],
            "“Dask” would be a second claim",
        ),
        ([claim("DVC", "not-your-post")], [], "“DVC” is claimed in somebody else's name"),
        ([claim("x" * 200)], [], f"“{'x' * 138}…"),
    ],
)
def test_the_verdict_in_one_line(
    claims: list[ClaimAnswer], findings: list[Finding], expected: str, tmp_path: Path
) -> None:
    scene = Scene(tmp_path, {})
    judged, _, _ = scene.look(scene.open("ann", {"x": "x"}))
    summary = comment.summary(msgspec.structs.replace(judged.verdict, claims=tuple(claims), findings=tuple(findings)))
    assert summary == expected
    assert len(summary) <= 140  # of a commit status
