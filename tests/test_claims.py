"""Claims before they are written: free, compare, new; the board; earlier semesters judged again."""

import csv
import datetime as dt
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sites
import trees
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from sites import HUB

from coursehub import checks, site
from coursehub.claims import board
from coursehub.claims.replay import Verdict, replay
from coursehub.cli import main
from coursehub.names import home_pages, nearness
from coursehub.names.identity import Identity, Vocabulary
from coursehub.names.nearness import Index
from coursehub.records import repository
from coursehub.records.assignment import NameKind
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.site import api
from coursehub.text.formats import indented_json

ROOT = Path(__file__).parents[1]
TREE = """\
=== data/course.yaml
name: A course
staff: [teacher]
time_zone: America/New_York
open_semester: F2026
semesters: [{id: F2025}, {id: S2026}, {id: F2026, post_due: 2026-12-04 23:59}]
options:
  - {id: mlops-tool, title: MLOps tool, claims: tool, requirements: []}
  - {id: ml-application, title: ML application, claims: application, requirements: [], may_repeat_last_semester: true}
topics: [{id: watching, title: Watching, examples: [Grafana, Loki, Prometheus]}]
=== data/tools.yaml
tools:
  airflow: {name: Apache Airflow}
  grafana: {name: Grafana, topic: watching}
  loki: {name: Loki, topic: watching}
  prometheus: {name: Prometheus, topic: watching}
  weights-and-biases: {name: Weights & Biases, aliases: [wandb]}
=== data/prior_posts.yaml
- {title: Grafana, tools: [Grafana], option: mlops-tool, semester: S2026, url: "https://example.org/grafana"}
- {title: Seek, tools: [Seek], option: ml-application, semester: S2026, url: "https://example.org/seek"}
- {title: Sweeps, tools: [wandb], option: mlops-tool, semester: F2025, url: "https://example.org/sweeps"}
=== posts/F2026/loki.md
---
title: "=Logs with Loki"
authors: [octocat, hubot]
option: mlops-tool
tool: Loki
semester: F2026
status: claimed
---
=== posts/F2026/kedro.md
---
title: Released again
authors: mona
option: mlops-tool
tool: Kedro
semester: F2026
status: withdrawn
---
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    trees.write(trees.parse(TREE), tmp_path)
    return tmp_path


@pytest.fixture
def the_hub(root: Path) -> Hub:
    return repository.load(root)


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--root", str(root)])


@pytest.mark.parametrize(
    ("names", "exit_code", "words"),
    [
        (["Zeno"], 0, "“Zeno” is free in F2026."),
        (["Kedro"], 0, "“Kedro” is free in F2026."),  # withdrawn
        (["Loki"], 1, "“Loki” is taken in F2026 by octocat, hubot."),
        (["Grafana"], 1, "“Grafana” was discussed last semester and cannot be claimed in F2026."),
        (["Seek"], 0, "“Seek” can be claimed in F2026, but was discussed before"),
        (["wandb"], 0, "F2025: “Sweeps”, https://example.org/sweeps"),
        (
            ["Loki", "Zeno"],
            0,
            "Overlaps with it, which is allowed: F2026: “=Logs with Loki”, claimed, posts/F2026/loki.md",
        ),
        (["Zeno + Loki"], 0, "\n  Its file is posts/F2026/loki--zeno.md.\n"),
        (["W&B"], 0, "\n  Its file is posts/F2026/weights-and-biases.md.\n"),
        (["Apache", "Airflow"], 0, "“Apache Airflow” is free"),  # a listed name without its quotes
        (["Sweeps"], 0, "“Sweeps” is free in F2026."),  # a title is no name
        (["Grafanna"], 0, "“Grafana” is one letter away. If you mean that tool, use its name."),
        (["Loki"], 1, "Free on the same topic: Prometheus."),
        (["🦜"], 1, "This name has no letters or digits."),
    ],
)
def test_free_tells_what_a_claim_would_meet(root: Path, names: list[str], exit_code: int, words: str) -> None:
    result = run(root, "free", *names)
    assert (result.exit_code, words in result.output) == (exit_code, True), result.output


@pytest.mark.parametrize(
    ("semesters", "exit_code", "words"),
    [
        (["S2026", "F2025"], 1, "“Zeno” was discussed last semester"),
        (["F2025", "S2026"], 1, "“Zeno” was discussed last semester"),
        (["F2025", "S2025"], 0, "“Zeno” can be claimed in F2026, but was discussed before"),
        (["S2027"], 0, "“Zeno” is free in F2026."),  # the list is ahead of the open semester
        (
            ["S2027", "F2025"],
            0,
            "F2026, but was discussed before: say in “differences” what your post adds.\n  F2025: ",
        ),
    ],
)
def test_free_looks_at_all_earlier_semesters_and_at_no_later_one(
    root: Path, semesters: list[str], exit_code: int, words: str
) -> None:
    sites.edit(root / "data/course.yaml", "[{id: F2025}", "[{id: S2025}, {id: F2025}")
    sites.edit(root / "data/course.yaml", "23:59}]", "23:59}, {id: S2027}]")
    with (root / "data/prior_posts.yaml").open("a") as priors:
        priors.writelines(
            f"- {{title: On Zeno, tools: [Zeno], option: mlops-tool, semester: {each}}}\n" for each in semesters
        )
    result = run(root, "free", "Zeno")
    assert (result.exit_code, words in result.output) == (exit_code, True), result.output


def test_free_names_no_other_tool_where_this_one_can_be_claimed(root: Path) -> None:
    sites.edit(root / "data/course.yaml", "Loki, Prometheus]", "Loki, Prometheus, Zabbix]")
    assert "Free on the same topic: Prometheus, Zabbix." in run(root, "free", "Loki").output
    assert "Zabbix" not in run(root, "free", "Prometheus").output
    answer = json.loads(run(root, "free", "Prometheus", "--format", "json").output)
    assert (answer["status"], answer["alternatives"]) == ("free", ["Zabbix"])  # and not itself


def test_free_tells_of_a_shared_tool_in_this_semester_alone(root: Path) -> None:
    assert "Shares a tool" not in run(root, "free", "Grafana", "Zeno").output  # Grafana was discussed before


@pytest.mark.parametrize("name", ["Loki", "Grafana", "🦜"])
def test_free_names_no_file_for_what_can_not_be_claimed(root: Path, name: str) -> None:
    assert "Its file" not in run(root, "free", name).output


def keep_titles(root: Path, *titles: str) -> None:
    with (root / "data/prior_posts.yaml").open("a") as priors:
        for number, title in enumerate(titles):
            priors.write(f'- {{title: "{title}", tools: [], option: mlops-tool, semester: F2025')
            priors.write(f', url: "https://example.org/{number}"}}\n')


def test_free_tells_of_earlier_titles_that_speak_of_the_tool(root: Path) -> None:
    keep_titles(root, "How Zeno fails in \\e[31mred", *(f"What Zeno is good for, part {number}" for number in range(4)))
    assert run(root, "free", "Zeno").output.splitlines()[:5] == [
        "“Zeno” is free in F2026.",
        "  An earlier post mentions Zeno: “How Zeno fails in \\u001b[31mred”, F2025, https://example.org/0",
        "  An earlier post mentions Zeno: “What Zeno is good for, part 0”, F2025, https://example.org/1",
        "  An earlier post mentions Zeno: “What Zeno is good for, part 1”, F2025, https://example.org/2",
        "  And 2 more.",
    ]
    answer = json.loads(run(root, "free", "Zeno", "--format", "json").output)
    assert (answer["status"], len(answer["mentions"])) == ("free", 5)
    assert answer["mentions"][4] == {
        "name": "Zeno", "title": "What Zeno is good for, part 3", "semester": "F2025", "url": "https://example.org/4",
    }  # fmt: skip


def test_titles_claim_nothing_and_stand_in_no_others_way(root: Path) -> None:
    keep_titles(root, "How Zeno fails in red", "What is it all about?")
    assert run(root, "free", "How Zeno fails in red").output.startswith("“How Zeno fails in red” is free in F2026.")
    assert run(root, "check").exit_code == 0


def test_free_as_json(root: Path) -> None:
    answer = json.loads(run(root, "free", "Loki", "--format", "json").output)
    assert answer == {
        "key": "loki",
        "tools": ["Loki"],
        "semester": "F2026",
        "status": "taken",
        "posts": [
            {
                "title": "=Logs with Loki",
                "semester": "F2026",
                "authors": ["octocat", "hubot"],
                "status": "claimed",
                "url": None,
                "path": "posts/F2026/loki.md",
            }
        ],
        "near": [],
        "overlaps": [],
        "alternatives": ["Prometheus"],
        "steps": [],
        "asked": None,
        "as_of": None,
        "mentions": [],
        "version": 2,
    }


@pytest.mark.parametrize(
    ("one", "other", "exit_code", "words"),
    [
        ("wandb", "Weights and Biases", 0, "same: both lead to weights-and-biases"),
        ("Kedroo", "Kedro", 1, "near: “Kedro” is one letter away (“Kedroo”)"),
        ("MCP", "Model Context Protocol", 1, "near: “Model Context Protocol” has these initials"),
        ("BOW", "Bag of Words", 1, "near: “Bag of Words” has these initials"),
        ("Bag of Words", "BOW", 1, "near: “BOW” is its initials"),
        ("Prefect Cloud", "Prefect", 1, "near: “Prefect” is how this name begins"),
        ("Prefect", "Prefect Cloud", 1, "near: “Prefect Cloud” begins with this name"),
        ("Prefect", "Prefect Cloud for Teams", 1, "distinct"),  # three words more
        ("Grafana", "Loki", 1, "distinct: no step makes them one name"),
        ("Zeno-3", "Zeno-4", 1, "distinct"),  # versions, not a slip
        ("Zen", "Xen", 1, "distinct"),  # in short names one letter is another name
        ("Wegihts & Biases", "W&B", 1, "near: “Weights & Biases” is one letter away (“Wegihts & Biases”)"),
        ("W&B", "Wegihts & Biases", 1, "near: “Weights & Biases” is one letter away (“Wegihts & Biases”)"),
        ("Zeno-3", "Zena-3", 1, "near: “Zena-3” is one letter away"),
        ("Grafana + Loki", "Loki", 1, "distinct: they share Loki"),
        ("🦜", "🦜", 1, "distinct"),
    ],
)
def test_compare_says_what_decides(root: Path, one: str, other: str, exit_code: int, words: str) -> None:
    result = run(root, "compare", one, other)
    assert (result.exit_code, result.output.startswith(words)) == (exit_code, True), result.output


@pytest.mark.parametrize("line", (ROOT / "tests/fixtures/home_pages.tsv").read_text().splitlines())
def test_an_address_has_its_tools_name(line: str) -> None:
    address, name = line.split("\t")
    assert home_pages.name_in(address) == name


def test_free_understands_an_address(root: Path) -> None:
    result = run(root, "free", "https://github.com/grafana/loki")
    assert result.output.startswith("“Loki” is taken in F2026 by octocat, hubot.")


def test_suggestions_are_quiet() -> None:
    """Of pairs that people labelled as distinct, at most one in five is taken for a slip."""
    pairs = [
        line.split("\t")[1:]
        for name in ("claim_pairs.tsv", "claim_pairs_more.tsv")
        for line in (ROOT / "tests/data" / name).read_text().splitlines()
        if line.startswith("distinct")
    ]
    real = repository.load(HUB)
    claims = [(real.names.claim(one), real.names.claim(other)) for one, other in pairs]
    near = [
        (one.key, other.key)
        for one, other in claims
        if any(Index(other.identities, real.names.vocabulary).near(identity) for identity in one.identities)
    ]
    assert len(pairs) > 100
    assert len(near) <= len(pairs) / 5, near


def test_new_writes_a_claim_that_the_check_accepts(root: Path) -> None:
    result = run(root, "new", "Zeno", "Great: Tables", "--option", "mlops-tool", "--author", "lisa", "--author", "bart")
    assert result.exit_code == 0
    path = root / "posts/F2026/great--zeno.md"
    assert path.read_text() == (
        '---\ntitle: "Zeno + Great: Tables"\nauthors: [lisa, bart]\noption: mlops-tool\n'
        'tool: [Zeno, "Great: Tables"]\nsemester: F2026\nstatus: claimed\n---\n'
    )
    assert [finding for finding in checks.judge(repository.load(root)) if finding.blocks] == []


@pytest.mark.parametrize(
    ("mkdocs", "line"),
    [
        ("site_url: https://example.org/course", "https://example.org/course/"),
        ("site_url: !ENV [UNSET, https://example.org/a/]\nslugify: !!python/name:x\n", "https://example.org/a/"),
        ("site_url: ''", None),
        ("site_url: not an address", None),
        ("site_url: [", None),
        (None, None),
    ],
)
def test_new_names_the_schema_that_editors_read(mkdocs: str | None, line: str | None, root: Path) -> None:
    if mkdocs is not None:
        (root / "mkdocs.yml").write_text(mkdocs)
    assert run(root, "new", "Zeno", "--option", "mlops-tool", "--author", "lisa").exit_code == 0
    comment = f"# yaml-language-server: $schema={line}api/front-matter.schema.json\n" if line else ""
    written = (root / "posts/F2026/zeno.md").read_text()
    assert written.startswith(f"---\n{comment}title: Zeno\n")
    assert [finding for finding in checks.judge(repository.load(root)) if finding.path.endswith("zeno.md")] == []


def test_new_keeps_the_promise_of_the_check_to_write_the_front_matter_of_a_text(root: Path) -> None:
    path = root / "posts/F2026/zeno.md"
    path.write_bytes(b"\xef\xbb\xbf\r\n# What Zeno does\r\n\r\n    x = 1\r\n")
    (advice,) = [each.help for each in checks.judge(repository.load(root)) if each.rule == "missing-front-matter"]
    assert "“coursehub new TOOL --option OPTION” writes them" in advice
    result = run(root, "new", "Zeno", "--option", "mlops-tool", "--author", "lisa")
    assert (result.exit_code, "Written before the text that is in posts/F2026/zeno.md" in result.output) == (0, True)
    claim, text = path.read_bytes().split(b"---\n\n")
    assert (claim.startswith(b"---\ntitle: Zeno\n"), text) == (True, b"# What Zeno does\r\n\r\n    x = 1\r\n")
    assert [each.rule for each in checks.judge(repository.load(root)) if each.blocks] == []


def test_new_changes_no_file_whose_front_matter_can_not_be_read(root: Path) -> None:
    path = root / "posts/F2026/zeno.md"
    path.write_text("---\ntitle: [Zeno\n")
    result = run(root, "new", "Zeno", "--option", "mlops-tool", "--author", "lisa")
    assert (result.exit_code, "“coursehub check posts/F2026/zeno.md” says more" in result.output) == (2, True)
    assert path.read_text() == "---\ntitle: [Zeno\n"


def test_new_writes_the_first_claim_of_a_course(root: Path) -> None:
    shutil.rmtree(root / "posts")
    assert run(root, "new", "Zeno", "--option", "mlops-tool", "--author", "lisa").exit_code == 0
    assert (root / "posts/F2026/zeno.md").is_file()


def test_new_asks_for_the_differences_where_it_was_discussed_earlier(root: Path) -> None:
    assert run(root, "new", "wandb", "--option", "mlops-tool", "--author", "lisa").exit_code == 0
    findings = checks.judge(repository.load(root))
    assert [(each.rule, each.line) for each in findings if each.path.endswith("biases.md")] == [
        ("claim-repeats-earlier", 5),
        ("wrong-type", 8),
    ]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["Loki", "--option", "mlops-tool", "--author", "lisa"], 1, "“Loki” is taken in F2026 by octocat, hubot."),
        (["Zeno", "--option", "mlop-tool", "--author", "lisa"], 2, "Did you mean “mlops-tool”?"),
        (["Zeno", "--author", "lisa"], 2, "Missing option '--option'"),
        (["Kedro", "--option", "mlops-tool", "--author", "lisa"], 2, "exists already"),
        (["Seek", "--option", "mlops-tool", "--author", "lisa"], 1, "was discussed last semester"),
    ],
)
def test_new_refuses_and_writes_nothing(root: Path, arguments: list[str], exit_code: int, words: str) -> None:
    before = sorted(root.rglob("*"))
    result = run(root, "new", *arguments)
    assert (result.exit_code, words in result.output) == (exit_code, True), result.output
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    ("setting", "value", "login"),
    [("github.user", "lisa", "lisa"), ("user.email", "1234+lisa@users.noreply.github.com", "lisa")],
)
def test_new_takes_the_login_from_git(root: Path, setting: str, value: str, login: str) -> None:
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "config", setting, value], check=True)
    assert run(root, "new", "Zeno", "--option", "mlops-tool").exit_code == 0
    assert f"authors: {login}\n" in (root / "posts/F2026/zeno.md").read_text()


ASKED = "whose claim is it? Give your GitHub login: --author LOGIN"


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ("github.com:\n    user: lisa\n    git_protocol: ssh\n", "Written to posts/F2026/zeno.md."),
        ("git.example:\n    user: bart\n", ASKED),
        ("github.com: {}\n", ASKED),
        ("- github.com\n", ASKED),
        (None, ASKED),
    ],
)
def test_new_takes_the_login_from_githubs_own_command(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, hosts: str | None, words: str
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    if hosts:
        (home / ".config/gh").mkdir(parents=True)
        (home / ".config/gh/hosts.yml").write_text(hosts)
    result = run(root, "new", "Zeno", "--option", "mlops-tool")
    assert (result.exit_code, words in result.output) == (2 if words == ASKED else 0, True), result.output
    claimed = root / "posts/F2026/zeno.md"
    assert claimed.exists() == (words != ASKED)
    assert not claimed.exists() or "authors: lisa\n" in claimed.read_text()


@pytest.mark.parametrize("before", ["", "[]\n", "# Earlier posts.\n[]\n"])
def test_import_begins_a_list_that_is_empty(root: Path, before: str) -> None:
    listed = root / "older.md"
    listed.write_text("# Lists\n\nDiscussed in previous semesters: [Zeno](https://example.org/zeno), [Flux]().\n")
    (root / "data/prior_posts.yaml").write_text(before)
    result = run(root, "import", str(listed), "--semester", "S2026")
    assert (result.exit_code, [prior.title for prior in repository.load(root).priors]) == (0, ["Flux", "Zeno"]), (
        result.output
    )


def test_import_of_a_further_list_adds_what_is_new(root: Path) -> None:
    listed = root / "older.md"
    listed.write_text(
        "# Assignment 9: Tools\n\nThese tools were discussed in previous semesters: "
        "[Grafana](https://example.org/grafana), [Zeno](https://example.org/zeno).\n"
    )
    first = run(root, "import", str(listed), "--semester", "S2026")
    assert (first.exit_code, "1 added, 1 named by a further list, 0 unchanged" in first.output) == (0, True), (
        first.output
    )
    after = (root / "data/prior_posts.yaml").read_text()
    again = run(root, "import", str(listed), "--semester", "S2026")
    assert (again.exit_code, (root / "data/prior_posts.yaml").read_text()) == (0, after)
    assert run(root, "free", "Zeno").exit_code == 1


def test_import_of_what_is_no_list_says_that_nothing_was_written(root: Path) -> None:
    (root / "empty.md").write_text("Nothing.\n")
    before = (root / "data/prior_posts.yaml").read_bytes()
    result = run(root, "import", str(root / "empty.md"), "--semester", "S2026")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{root}/empty.md:1:1: error[no-list] has no list of earlier posts" in result.stderr
    assert result.stderr.endswith("\nNothing was written.\n")
    assert (root / "data/prior_posts.yaml").read_bytes() == before


# --- the board


def test_the_board_shows_late_claims_as_expired_and_keeps_their_holders(the_hub: Hub) -> None:
    due = dt.datetime(2026, 12, 5, 4, 59, tzinfo=dt.UTC)  # 23:59 in New York
    for seconds, standing in ((0, "claimed"), (1, "expired")):
        rows = board.rows(the_hub, "F2026", {}, due + dt.timedelta(seconds=seconds))
        assert [(row.key, str(row.standing)) for row in rows] == [("loki", standing), ("kedro", "withdrawn")]
    assert rows[0].authors == ("octocat", "hubot")
    assert rows[0].post_due == "2026-12-04T23:59:00-05:00"


def test_the_board_has_no_row_for_a_post_that_claims_nothing(root: Path) -> None:
    trees.write(trees.parse(CLAIM.format(status="claimed").replace("tool: Zeno", "tool: 🦜")), root)
    rows = board.rows(repository.load(root), "F2026", {}, None)
    assert [row.path for row in rows] == ["posts/F2026/loki.md", "posts/F2026/kedro.md"]


CLAIM = """\
=== posts/F2026/zeno.md
---
title: Zeno
authors: mona
option: mlops-tool
tool: Zeno
semester: F2026
status: {status}
---
"""


def page_of(root: Path, tree: str, path: str, now: dt.datetime | None = None) -> str:
    """A page of this repository's site, as its text."""
    trees.write(trees.parse(tree), root)
    hub = msgspec.structs.replace(repository.load(root), now=now)
    result = site.build(hub, site.SiteInputs())
    return next(page.markdown for page in result.pages if page.path == path)


EMPTY = TREE.partition("=== posts/")[0]
HELD_BY_NOBODY = {
    "nothing": "Nobody has claimed anything yet this semester.",
    "withdrawn": "Nobody holds a claim right now: all claims of this semester were withdrawn.",
    "late": "<strong>1</strong> overdue</dt>",
}


@pytest.mark.parametrize(
    ("statuses", "is_late", "says"),
    [
        ([], False, "nothing"),
        ([], True, "nothing"),
        (["withdrawn"], False, "withdrawn"),
        (["withdrawn"], True, "withdrawn"),
        (["claimed"], True, "late"),
        (["claimed", "withdrawn"], True, "late"),
        (["claimed"], False, ""),
        (["claimed", "published"], True, "late"),
        (["draft", "published"], False, ""),
    ],
)
def test_the_board_says_what_has_become_of_the_claims(
    tmp_path: Path, statuses: list[str], is_late: bool, says: str
) -> None:
    claims = [CLAIM.format(status=status).replace("zeno", f"zeno{row}").replace("Zeno", f"Zeno{row}")
              for row, status in enumerate(statuses)]  # fmt: skip
    now = dt.datetime(2026, 12, 24, tzinfo=dt.UTC) if is_late else None
    text = page_of(tmp_path, EMPTY + "".join(claims), "claims/index.md", now)
    assert [name for name, sentence in HELD_BY_NOBODY.items() if sentence in text] == ([says] if says else [])


@pytest.mark.parametrize(
    ("status", "is_late", "state"),
    [
        ("claimed", False, "claimed"),
        ("draft", False, "draft"),
        ("draft", True, "overdue"),
        ("published\nprivate: true", True, "posted inside the course"),
    ],
)
def test_a_claim_is_called_the_same_on_the_board_and_on_its_semesters_page(
    tmp_path: Path, status: str, is_late: bool, state: str
) -> None:
    now = dt.datetime(2026, 12, 24, tzinfo=dt.UTC) if is_late else None
    for path, cells in (
        ("claims/index.md", rf"<td>{state}</td>\s*<td>not merged yet"),
        ("posts/F2026/index.md", f"<td>{state}</td></tr>"),
    ):
        text = page_of(tmp_path, EMPTY + CLAIM.format(status=status), path, now)
        assert len(re.findall(cells, text)) == 1, path


def test_the_board_as_csv_has_no_cell_that_a_spreadsheet_would_run(the_hub: Hub) -> None:
    rows = board.rows(the_hub, "F2026", {"posts/F2026/loki.md": "2026-11-01T10:00:00-04:00"}, None)
    read = list(csv.DictReader(io.StringIO(api.as_csv(board.Row, rows).decode())))
    assert [(row["key"], row["title"], row["authors"], row["since"], row["topics"]) for row in read] == [
        ("loki", "'=Logs with Loki", "octocat; hubot", "2026-11-01T10:00:00-04:00", "watching"),
        ("kedro", "Released again", "mona", "", ""),
    ]


def test_the_board_as_json_is_what_its_schema_says(the_hub: Hub) -> None:
    rows = board.rows(the_hub, "F2026", {}, None)
    written = indented_json(board.Board("F2026", rows))
    assert msgspec.json.decode(written, type=board.Board) == board.Board("F2026", rows)
    assert list(json.loads(written)) == ["semester", "claims", "pending", "pending_as_of", "version"]
    assert json.loads(written)["version"] == 2


# --- earlier semesters


def test_replay_prints_every_case() -> None:
    lines = run(HUB, "replay").output.splitlines()
    assert "  “Clear ML” repeats an earlier semester: “ClearML”, F2022" in lines
    assert sum(line.startswith("  ") for line in lines) == 47  # read case by case in the list of 397
    assert lines[0].startswith("S2020: 15 posts: 0 taken in the same semester, ")


def test_replay_tells_of_names_that_may_be_a_slip(root: Path) -> None:
    with (root / "data/prior_posts.yaml").open("a") as priors:
        priors.write("- {title: On Graffana, tools: [Graffana], option: mlops-tool, semester: F2026}\n")
    lines = run(root, "replay").output.splitlines()
    assert lines[-2:] == [
        "F2026: 1 post: 0 taken in the same semester, 0 repeats the last semester, 0 repeats an earlier semester, "
        "1 resembles an earlier name, 0 new",
        "  “On Graffana” resembles an earlier name: “Grafana”, S2026 (“Grafana” is one letter away)",
    ]


def test_replay_tells_of_earlier_titles_that_speak_of_the_tool(root: Path) -> None:
    keep_titles(root, "How Zeno fails in red", "What is it all about?")
    with (root / "data/prior_posts.yaml").open("a") as priors:
        priors.write("- {title: Zeno, tools: [Zeno], option: mlops-tool, semester: S2026}\n")
    lines = run(root, "replay").output.splitlines()
    assert lines[0].endswith("0 resembles an earlier name, 3 new")
    assert lines[-1] == "  “Zeno” resembles an earlier name: “How Zeno fails in red”, F2025 (its title speaks of Zeno)"


def test_earlier_semesters_judged_again() -> None:
    """Counts that were worked out by reading the list of 397, case by case."""
    real = repository.load(HUB)
    terms = replay(real.course, real.names.vocabulary, real.priors)
    met = (Verdict.SAME_SEMESTER, Verdict.LAST_SEMESTER, Verdict.EARLIER)
    assert {term.semester: tuple(term.count(verdict) for verdict in met) for term in terms} == {
        "S2020": (0, 0, 0),
        "F2020": (0, 0, 0),
        "S2021": (0, 0, 0),
        "S2022": (0, 4, 4),
        "F2022": (0, 6, 3),
        "S2023": (2, 3, 17),
        "S2024": (0, 2, 6),
    }
    cases = {(case.post.title, case.met.title) for term in terms for case in term.cases if case.met}
    assert {
        ("Clear ML", "ClearML"),
        ("Databricks MLFlow", "Databricks with mlflow"),
        ("wandb", "Weights and Biases"),
    } <= cases
    assert not {("BigML", "BigDL"), ("Alibi", "Alibi-Detect"), ("sonarqube", "SonarLint")} & cases


BARE = msgspec.structs.replace(repository.load(HUB), posts=(), priors=(), lookup=None)
CODES = st.text("ab1", min_size=5, max_size=8)


WHAT = st.sampled_from([
    *(("mlops-tool", tools) for tools in (("Zeno",), ("zeno",), ("Flux",), ("Zeno", "Flux"), ("Wandb",), ())),
    *(("paper", (title,)) for title in ("Attention Is All You Need", "Attention: A Survey", "Attention", "Zeno")),
])  # fmt: skip
ADDRESSES = st.sampled_from(
    [(), ("https://example.org/a",), ("http://www.example.org/a/",), ("https://arxiv.org/abs/1706.03762",)]
)
STATUSES = st.sampled_from(["claimed", "published", "withdrawn"])
POSTS = st.tuples(
    WHAT, ADDRESSES, st.sampled_from([(), ("Zeno",), ("Flux",)]), STATUSES, st.sampled_from(["F2025", "F2026"])
)


@given(st.lists(POSTS, max_size=6))
@example([(("mlops-tool", (name,)), ("https://example.org/a",), (), "claimed", "F2026") for name in ("Zeno", "Flux")])
def test_contested_are_the_live_posts_that_have_rivals(fields: list[Any]) -> None:
    course = BARE.course
    papers = msgspec.structs.replace(course.options[0], id="paper", names=NameKind.TITLE)
    both = msgspec.structs.replace(course, options=(*course.options, papers))
    posts = [
        Post(f"posts/{semester}/{number}.md", tool=tool, option=option, tool_url=urls, distinct_from=others,
             status=status, semester=semester)
        for number, ((option, tool), urls, others, status, semester) in enumerate(fields)
    ]  # fmt: skip
    the_hub = msgspec.structs.replace(BARE, course=both, posts=tuple(posts))
    live = [each for each in posts if each.status != "withdrawn"]
    assert the_hub.contested == [each.path for each in live if the_hub.rivals(each)]


@given(st.lists(CODES, min_size=12, max_size=30, unique=True))
def test_a_name_has_the_same_near_names_whether_few_or_many_are_asked_for(codes: list[str]) -> None:
    names = [Identity(code, code) for code in codes]
    index = Index(names, Vocabulary())
    many = [index.near(name) for name in names]
    assert [Index(names, Vocabulary()).near(name) for name in names] == many == [index.near(name) for name in names]


@given(st.text("abc1", min_size=5, max_size=8), st.text("abc1", min_size=5, max_size=8))
def test_a_slip_is_one_edit_of_the_letters(one: str, other: str) -> None:
    is_near = OSA.distance(one, other) == 1
    assert nearness.is_slip(one, other) == (is_near and one.replace("1", "") != other.replace("1", ""))


@given(st.text("abcdé", min_size=5, max_size=9), st.data())
def test_a_slip_is_seen_wherever_it_is(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    slips = {
        f"{word[:at]}x{word[at:]}",
        f"{word[:at]}x{word[at + 1 :]}",
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }
    assert all(nearness.is_slip(word, slip) and nearness.is_slip(slip, word) for slip in slips - {word})


@pytest.mark.parametrize(
    "arguments",
    [["check"], ["free", "Grafana"], ["free", "Zeno"], ["compare", "wandb", "Weights & Biases"], ["replay"],
     ["new", "Zeno", "--option", "mlops-tool", "--author", "hubot"]],
)  # fmt: skip
def test_without_a_list_of_tools_none_is_listed(tmp_path: Path, arguments: list[str]) -> None:
    results = []
    for name, tools in {"empty": "tools: {}\n", "missing": None}.items():
        trees.write(trees.parse(TREE), tmp_path / name)
        (tmp_path / name / "data/tools.yaml").unlink()
        if tools:
            (tmp_path / name / "data/tools.yaml").write_text(tools)
        result = run(tmp_path / name, *arguments)
        results.append((result.exit_code, result.output))
    assert results[0] == results[1]
    assert "tools.yaml" not in results[1][1]


def test_a_site_without_a_list_of_tools_is_that_of_an_empty_one(root: Path) -> None:
    (root / "data/tools.yaml").write_text("")
    empty = site.build(repository.load(root), site.SiteInputs())
    (root / "data/tools.yaml").unlink()
    missing = site.build(repository.load(root), site.SiteInputs())
    assert [page.markdown for page in missing.pages] == [page.markdown for page in empty.pages]
    assert [asset.content for asset in missing.assets] == [asset.content for asset in empty.assets]
