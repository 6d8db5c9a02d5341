"""Claims of open pull requests: read from the desk's comments, and shown wherever the site says that a tool is free."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import course
import pytest
import trees
import workflows
from click.testing import CliRunner, Result
from course import START, Course, Office, claim

from coursehub import site
from coursehub.claims import availability, pending
from coursehub.claims.pending import Asked, Asker, OpenPull, Pending
from coursehub.cli import main
from coursehub.desk import pending as reader
from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.site import SiteInputs

F2026 = "posts/F2026"
BOT = "github-actions[bot]"


# --- acted out: the workflows' own commands, from the desk to what the site is built from


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Course]:
    with course.opened(tmp_path) as opened:
        yield opened


class Shown:
    """Pending claims as a site shows them that is built from main and from these inputs."""

    def __init__(self, the_course: Course, inputs: SiteInputs | None) -> None:
        assert inputs, "nothing was new, so the site was not built"
        office = Office(the_course.folder / "shown", the_course.github)
        office.reload()
        self._hub, self._inputs = office.hub, inputs
        built = site.build(self._hub, inputs)
        assets = {asset.path: asset.content for asset in built.assets}
        self.api = json.loads(assets["api/claims.json"])
        self.index = json.loads(assets["assets/free.json"])
        self.board = next(page.markdown for page in built.pages if page.path == "claims/index.md")

    def asked(self) -> list[tuple[str, str, int]]:
        """Of each claim that is asked for its key, by whom and where; board, box and API agree."""
        rows = [(row["key"], row["login"], row["pull"]) for row in self.api["pending"]]
        lines = re.findall(r"<tr data-claim=.*?</tr>", self.board, re.DOTALL)
        boxed = [(each["login"], each["pull"]) for each in self.index["asking"]["askers"].values()]
        assert sorted(boxed) == sorted((login, pull) for _, login, pull in rows)
        for _, login, pull in rows:
            [line] = [
                line for line in lines if f'<a href="https://github.com/course/hub/pull/{pull}">#{pull}</a>' in line
            ]
            assert f'<td><a href="https://github.com/{login}" rel="noopener">{login}</a></td>' in line
        assert self.board.count("/pull/") == len(rows)
        return rows

    def free(self, name: str) -> str:
        answer = availability.ask(self._hub, [name], known=self._inputs.pending)
        return availability.in_words(answer).splitlines()[0]


@pytest.mark.slow
def test_asked_for_and_then_merged(hub: Course) -> None:
    number = hub.claims("octocat", "Kedro")
    hub.deliver()
    shown = Shown(hub, hub.publish())
    assert shown.asked() == [("kedro", "octocat", number)]
    assert shown.api["pending"] == [
        {"key": "kedro", "tools": ["Kedro"], "semester": "F2026", "option": "mlops-tool", "login": "octocat", "pull": number,
         "since": "2026-11-01T12:00:00+00:00", "path": f"{F2026}/kedro.md"}
    ]  # fmt: skip
    assert shown.free("Kedro") == f"octocat asked for “Kedro” first in F2026, in #{number} at 2026-11-01 12:00 UTC."
    hub.github.merge(number)
    hub.deliver()
    shown = Shown(hub, hub.publish())
    assert (shown.asked(), [row["key"] for row in shown.api["claims"]]) == ([], ["kedro"])
    assert shown.free("Kedro") == "“Kedro” is taken in F2026 by octocat."


@pytest.mark.slow
def test_of_two_who_ask_the_first_is_shown_and_then_the_second(hub: Course) -> None:
    first, second = hub.claims("octocat", "Kedro"), hub.claims("hubot", "kedro")
    hub.deliver()
    assert Shown(hub, hub.publish()).asked() == [("kedro", "octocat", first)]
    hub.at(60)
    hub.github.close(first)
    hub.deliver()
    assert Shown(hub, hub.publish()).asked() == [("kedro", "hubot", second)]
    hub.github.close(second)
    hub.deliver()
    shown = Shown(hub, hub.publish())
    assert (shown.asked(), shown.free("Kedro")) == ([], "“Kedro” is free in F2026.")
    assert "No open pull request asks for a claim right now." in shown.board


@pytest.mark.slow
def test_a_pull_request_that_is_edited_into_another_claim(hub: Course) -> None:
    number = hub.claims("octocat", "Kedro")
    hub.deliver()
    hub.publish()
    hub.at(60)
    hub.github.push(number, {f"{F2026}/kedro.md": None, f"{F2026}/dagster.md": claim("octocat", "Dagster")})
    hub.deliver()
    shown = Shown(hub, hub.publish())
    assert shown.asked() == [("dagster", "octocat", number)]
    assert shown.free("Kedro") == "“Kedro” is free in F2026."
    assert shown.free("Dagster") == f"octocat asked for “Dagster” first in F2026, in #{number} at 2026-11-01 12:01 UTC."


@pytest.mark.slow
def test_publishing_ends_at_once_where_nothing_is_new(hub: Course) -> None:
    hub.claims("octocat", "Kedro")
    hub.deliver()
    assert hub.publish()
    hub.at(3600)
    hub.wake()
    assert hub.publish() is None
    assert hub.done[-1].output == "Nothing is new: no commit, and no change of an open pull request.\n"
    for event in ("push", "workflow_dispatch"):
        assert hub.publish(event)
    hub.github.commit_to_main({"README.md": "New\n"})  # its own run waited, and a newer one took its place
    assert hub.publish()
    assert hub.publish() is None


@pytest.mark.slow
def test_where_github_does_not_answer_the_last_claims_stay(hub: Course) -> None:
    number = hub.claims("octocat", "Kedro")
    hub.deliver()
    hub.publish()
    hub.at(3600)
    hub.github.permissions = {}
    job = workflows.load("publish.yml")["jobs"]["pending"]
    job["permissions"] = {"contents": "read"}
    done = hub.run_job(job, "push", {})
    assert "::warning::Open pull requests could not be read, so the site shows what they asked for" in done[1].output
    known = pending.read(hub.store.artifact("pending")["claims.json"])
    assert (known.read, [each.pull for each in known.claims]) == (START, [number])


def test_publishing_is_woken_by_the_desk_and_runs_nothing_of_what_woke_it() -> None:
    workflow = workflows.load("publish.yml")
    assert workflow["on"]["workflow_run"]["workflows"] == [workflows.load("desk.yml")["name"]]
    assert workflow["concurrency"] == {"group": "publish", "cancel-in-progress": False}
    text = (workflows.WORKFLOWS / "publish.yml").read_text()
    assert "github.event.workflow_run" not in text
    checkouts = [
        step for job in workflow["jobs"].values() for step in job["steps"] if "checkout" in step.get("uses", "")
    ]
    assert {step["with"].get("ref") for step in checkouts} == {None}  # which is main's newest commit
    assert not any(
        level == "write" for job in ("pending", "build") for level in workflow["jobs"][job]["permissions"].values()
    )


# --- read, in this process


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def known(office: Office) -> reader.Reading:
    return reader.read(office.door, office.hub, BOT)


def asked_for(office: Office) -> list[tuple[str, tuple[str, ...], int]]:
    reading = known(office)
    assert reading.troubles == []
    return [(each.login, each.tools, each.pull) for each in reading.pending.claims]


def test_what_is_refused_is_not_pending(office: Office) -> None:
    office.github.commit_to_main({f"{F2026}/kedro.md": claim("octocat", "Kedro")})
    office.reload()
    office.github.open("hubot", {f"{F2026}/kedro-2.md": claim("hubot", "Kedro")})
    office.github.open("hubot", {f"{F2026}/dask.md": claim("mona", "Dask")})
    mine = office.open("lisa", "Luigi")
    office.github.open("lisa", {f"{F2026}/dagster.md": claim("lisa", "Dagster")})  # a second one
    office.run()
    assert asked_for(office) == [("lisa", ("Luigi",), mine)]


def test_what_the_desk_keeps_while_it_is_mended_is_pending(office: Office) -> None:
    number = office.github.open("octocat", {f"{F2026}/kedro.md": claim("octocat", "Kedro", option="none")})
    office.run()
    assert office.states() == ["failure"]
    assert asked_for(office) == [("octocat", ("Kedro",), number)]


def test_a_change_of_ones_own_claim_is_not_pending(office: Office) -> None:
    office.github.commit_to_main({f"{F2026}/kedro.md": claim("octocat", "Kedro")})
    office.reload()
    office.github.open("octocat", {f"{F2026}/kedro.md": claim("octocat", "Kedro", status="draft")})
    office.run()
    assert asked_for(office) == []


def test_since_is_when_the_claim_was_first_there_however_it_is_spelled_now(office: Office) -> None:
    number = office.open("octocat", "Kedro")
    office.run()
    office.at(60)
    office.github.push(number, {f"{F2026}/kedro.md": claim("octocat", "KEDRO")})
    office.run()
    assert known(office).pending == Pending(
        START + dt.timedelta(seconds=60),
        (Asked("octocat", number, START, ("KEDRO",), "F2026", "mlops-tool", f"{F2026}/kedro.md"),),
        (OpenPull("octocat", number, START, "success", paths=(f"{F2026}/kedro.md",)),),
    )


def test_all_open_pull_requests_are_read_with_what_the_desk_says_of_them(office: Office) -> None:
    office.github.commit_to_main({f"{F2026}/kedro.md": claim("octocat", "Kedro")})
    office.reload()
    change = office.github.open("octocat", {f"{F2026}/kedro.md": claim("octocat", "Kedro", status="draft")})
    wrong = office.github.open("hubot", {f"{F2026}/dask.md": claim("hubot", "Dask", option="none")})
    office.run()
    unseen = office.open("mona", "Luigi", at=60)
    office.github.pulls[unseen].is_draft = True
    assert known(office).pending.pulls == (
        OpenPull("octocat", change, START, "success", paths=(f"{F2026}/kedro.md",)),
        OpenPull("hubot", wrong, START, "failure", paths=(f"{F2026}/dask.md",)),
        OpenPull("mona", unseen, START + dt.timedelta(seconds=60), is_draft=True),
    )


def test_before_the_desk_has_looked_nothing_is_pending(office: Office) -> None:
    office.open("octocat", "Kedro")
    assert asked_for(office) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("coursehub:record", "coursehub:other", "it holds no record"),
        ('"version":1', '"version":9', "its record is of version 9, and this desk reads version 1"),
        ('"sightings":', '"sightings":1,"x":', "its record is damaged: "),
    ],
)
def test_a_record_that_can_not_be_read_costs_only_its_own_claims(office: Office, old: str, new: str, why: str) -> None:
    office.open("octocat", "Kedro")
    office.open("hubot", "Dask")
    office.run()
    [comment] = office.github.comments_on(1)
    comment.body = comment.body.replace(old, new)
    reading = known(office)
    assert [each.login for each in reading.pending.claims] == ["hubot"]
    [trouble] = reading.troubles
    assert trouble.startswith(f"what #1 asks for is not shown, because of the desk's comment on it: {why}")


def test_a_forged_record_counts_for_nothing(office: Office) -> None:
    first, second = office.open("octocat", "Kedro"), office.open("hubot", "Dask")
    office.run()
    [real] = office.github.comments_on(first)
    office.github.comment(second, "hubot", real.body.replace("octocat", "hubot"))
    third = office.open("mona", "Luigi")
    office.github.comment(third, "mona", real.body.replace("octocat", "mona"))
    assert [(each.login, each.tools) for each in known(office).pending.claims] == [
        ("octocat", ("Kedro",)),
        ("hubot", ("Dask",)),
    ]


@pytest.mark.parametrize(("before", "requests", "is_found"), [(0, 1, True), (150, 3, True), (600, 6, False)])
def test_the_comment_is_looked_for_behind_others_but_not_for_ever(
    office: Office, before: int, requests: int, is_found: bool
) -> None:
    number = office.open("octocat", "Kedro")
    for index in range(before):
        office.github.comment(number, "hubot", f"Comment {index}")
    office.run()
    asked = len(office.github.requests)
    reading = known(office)
    assert len(office.github.requests) - asked == requests
    assert bool(reading.pending.claims) is is_found
    assert bool(reading.troubles) is not is_found


def test_200_open_pull_requests_cost_four_requests_and_four_points(office: Office) -> None:
    for number in range(200):
        office.github.open(
            f"student-{number}", {f"{F2026}/tool-{number}.md": claim(f"student-{number}", f"Tool {number}")}
        )
    asked = len(office.github.requests)
    known(office)
    assert (len(office.github.requests) - asked, office.door.cost) == (4, 4)


def test_a_name_that_no_file_can_have_is_not_shown(office: Office) -> None:
    long = "x" * 190
    office.github.open("octocat", {f"{F2026}/kedro.md": claim("octocat", f"{long} + y{long}")})
    office.run()
    assert office.comments() == [1]
    reading = known(office)
    assert reading.pending.claims == ()
    assert reading.troubles[0].endswith("its claim has a name that no file can have")


# --- the command, and what `free` says


@pytest.fixture
def run(office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Result]]:
    """Run a command where GitHub is the stand-in, and the folder is a checkout of main."""
    office.open("octocat", "Kedro")
    office.run()
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    with office.github.serve() as url:
        monkeypatch.setenv("GITHUB_API_URL", url)
        monkeypatch.setenv("GITHUB_GRAPHQL_URL", f"{url}/graphql")

        def running(*arguments: str, token: str = "token", repository: str = "course/hub") -> Result:
            environment = {"GITHUB_TOKEN": token or None, "GITHUB_REPOSITORY": repository or None}
            return CliRunner(env=environment).invoke(main, [*arguments, "--root", str(tmp_path / "main")])

        yield running


def test_the_command_writes_what_is_asked_for(run: Callable[..., Result], office: Office, tmp_path: Path) -> None:
    path = tmp_path / "pending.json"
    ran = run("pending", "--output", str(path))
    assert (ran.exit_code, ran.stdout) == (0, "")
    assert ran.stderr == "1 claim of 1 open pull request read; they cost 1 point of GitHub's hourly limit.\n"
    assert json.loads(path.read_bytes()) == {
        "read": "2026-11-01T12:00:00Z",
        "claims": [
            {"login": "octocat", "pull": 1, "since": "2026-11-01T12:00:00Z", "tools": ["Kedro"], "semester": "F2026",
             "option": "mlops-tool", "path": f"{F2026}/kedro.md"}
        ],
        "pulls": [
            {"login": "octocat", "pull": 1, "since": "2026-11-01T12:00:00Z", "state": "success", "is_draft": False,
             "paths": [f"{F2026}/kedro.md"]}
        ],
        "version": 1,
    }  # fmt: skip
    assert path.read_text().splitlines()[1] == ' "read": "2026-11-01T12:00:00Z",'  # which publish.yml leaves out
    office.github.comments_on(1)[0].body = "<!-- coursehub:desk -->\n::error::\x1b[31m"
    ran = run("pending", "--output", str(path))
    assert (ran.exit_code, json.loads(path.read_bytes())["claims"]) == (0, [])
    assert ran.stderr.splitlines()[0] == (
        "coursehub: what #1 asks for is not shown, because of the desk's comment on it: it holds no record"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--output", "no/such/folder.json"], "there is no folder no/such to write folder.json into"),
        (["--output", "pending.json", "--repository", "course/other"], "Nothing was written"),
    ],
)
def test_wrong_use_of_the_command(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("pending", *arguments)
    assert (ran.exit_code, message in ran.stderr) == (2, True), ran.stderr
    assert not (tmp_path / "pending.json").exists()


ASKED = "octocat asked for “Kedro” first in F2026, in #1 at 2026-11-01 12:00 UTC."


def test_free_asks_github_where_it_can(run: Callable[..., Result], office: Office) -> None:
    ran = run("free", "Kedro")
    assert (ran.exit_code, ran.stderr) == (1, "")
    assert ran.stdout.splitlines() == [
        ASKED,
        "  It is free again if #1 is closed without being merged.",
        "  Open pull requests last checked: 2026-11-01 12:00 UTC.",
    ]
    ran = run("free", "Dask")
    assert (ran.exit_code, ran.stdout.splitlines()[-1]) == (
        0,
        "  Open pull requests last checked: 2026-11-01 12:00 UTC.",
    )


@pytest.mark.parametrize(("token", "repository"), [("", "course/hub"), ("token", ""), ("", "")])
def test_free_says_that_it_knows_main_alone(
    run: Callable[..., Result], office: Office, token: str, repository: str
) -> None:
    asked = len(office.github.requests)
    ran = run("free", "Kedro", token=token, repository=repository)
    assert (ran.exit_code, ran.stderr, len(office.github.requests)) == (0, "", asked)
    assert ran.stdout.splitlines()[-1] == "  This only covers main: an open pull request may already have asked for it."


def test_free_answers_where_github_does_not(run: Callable[..., Result]) -> None:
    ran = run("free", "Kedro", repository="course/other")
    assert ran.exit_code == 0
    assert ran.stderr.startswith("coursehub: open pull requests could not be read: ")
    assert "This only covers main" in ran.stdout


def test_free_reads_a_file(run: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "pending.json"
    assert run("pending", "--output", str(path)).exit_code == 0
    ran = run("free", "Kedro", "--pending", str(path), token="")
    assert (ran.exit_code, ran.stdout.splitlines()[0]) == (1, ASKED)
    answer = json.loads(run("free", "Kedro", "--pending", str(path), "--format", "json").stdout)
    assert (answer["status"], answer["asked"], answer["as_of"], answer["version"]) == (
        "asked", {"login": "octocat", "pull": 1, "since": "2026-11-01T12:00:00Z"}, "2026-11-01T12:00:00Z", 2,
    )  # fmt: skip
    path.write_text("[]")
    ran = run("free", "Kedro", "--pending", str(path))
    assert (ran.exit_code, f"--pending: {path} cannot be used: " in ran.stderr) == (2, True)
    assert run("free", "Kedro", "--repository", "course/hub", token="").exit_code == 2


# --- the record, and what the site shows of it

GOOD = Pending(START, (Asked("octocat", 7, START, ("Kedro",), "F2026", "mlops-tool", f"{F2026}/kedro.md"),))


def test_a_file_reads_as_it_was_written() -> None:
    assert pending.read(pending.write(GOOD)) == GOOD


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"version": 1', b'"version": 2', "its version is 2, not 1"),
        (b'"version": 1', b'"edition": 1', "missing required field `version`"),
        (b'"pull": 7', b'"pull": "7"', "Expected `int`, got `str`"),
        (b"12:00:00Z", b"12:00:00", "it has a moment without its offset"),
        (b"octocat", b"\xff", "utf-8"),
    ],
)
def test_a_file_that_is_none_is_refused(old: bytes, new: bytes, message: str) -> None:
    with pytest.raises(ValueError) as error:
        pending.read(pending.write(GOOD).replace(old, new))
    assert message in str(error.value)


def asking(*tools: str, login: str = "octocat", pull: int = 7, semester: str = "F2026") -> Asked:
    return Asked(login, pull, START, tools, semester, "mlops-tool", f"{F2026}/x.md")


def shown(office: Office, *asked: Asked) -> tuple[site.Site, dict[str, Any]]:
    inputs = SiteInputs(pending=Pending(START, asked), repository="https://github.com/course/hub/")
    built = site.build(office.hub, inputs)
    return built, {asset.path: asset.content for asset in built.assets}


def test_main_knows_better_than_an_older_record(office: Office) -> None:
    office.github.commit_to_main({f"{F2026}/kedro.md": claim("hubot", "Kedro")})
    office.reload()
    _, assets = shown(office, asking("Kedro"), asking("Dask", semester="S2026"), asking("🦜"), asking("Luigi"))
    assert [row["key"] for row in json.loads(assets["api/claims.json"])["pending"]] == ["luigi"]


def test_a_withdrawn_claim_can_be_asked_for(office: Office) -> None:
    office.github.commit_to_main({f"{F2026}/kedro.md": claim("hubot", "Kedro", status="withdrawn")})
    office.reload()
    built, assets = shown(office, asking("Kedro"))
    assert [row["key"] for row in json.loads(assets["api/claims.json"])["pending"]] == ["kedro"]
    board = next(page.markdown for page in built.pages if page.path == "claims/index.md")
    rows = re.findall(r'<tr data-claim="kedro".*?</tr>', board, re.DOTALL)
    assert ["<td>withdrawn</td>" in row for row in rows] == [False, True]
    assert "<td>asked for in " in rows[0]


def test_strangers_names_are_text_on_the_board(office: Office) -> None:
    hostile = "<img src=x onerror=alert(1)> \u202eevil\n\n[x](https://evil.example)"
    built, assets = shown(office, asking(hostile, login="<b>eve</b>"))
    board = next(page.markdown for page in built.pages if page.path == "claims/index.md")
    for live in ("<img", "<b>eve", "\u202e", "evil\n"):
        assert live not in board
    [row] = json.loads(assets["api/claims.json"])["pending"]
    assert row["login"] == "<b>eve</b>"


def test_where_pull_requests_were_not_read_the_site_says_so(office: Office) -> None:
    built = site.build(office.hub, SiteInputs(repository="https://github.com/course/hub"))
    board = next(page.markdown for page in built.pages if page.path == "claims/index.md")
    assert "We have not checked which claims open pull requests ask for." in board
    assets = {asset.path: asset.content for asset in built.assets}
    api = json.loads(assets["api/claims.json"])
    assert (api["pending"], api["pending_as_of"], api["version"]) == ([], None, 2)
    assert json.loads(assets["assets/free.json"])["asking"] is None


TREE = f"""{trees.COURSE}topics: [{{id: watching, title: Watching, examples: [Grafana, Loki, Prometheus]}}]
=== data/tools.yaml
tools:
  grafana: {{name: Grafana, topic: watching}}
  loki: {{name: Loki, topic: watching}}
=== data/prior_posts.yaml
- {{title: Grafana, tools: [Grafana], option: mlops-tool, semester: F2024, url: "https://example.org/grafana"}}
- {{title: More Grafana, tools: [Grafana], option: mlops-tool, semester: F2025, url: "https://example.org/more"}}
"""


@pytest.fixture
def watching(tmp_path: Path) -> Hub:
    trees.write(trees.parse(TREE), tmp_path)
    loaded = repository.load(tmp_path)
    assert loaded.troubles == ()
    return loaded


def test_what_is_asked_for_is_nowhere_offered_as_free(watching: Hub) -> None:
    known = Pending(START, (asking("loki", login="mona"), asking("Grafana", login="hubot", pull=8)))
    answer = availability.ask(watching, ["Grafana"], known=known)
    assert (answer.status, answer.asked, answer.alternatives) == ("asked", Asker("hubot", 8, START), ("Prometheus",))
    assert [post.title for post in answer.posts] == ["More Grafana", "Grafana"]
    assert not answer.can_be_claimed
    pages = {page.path: page.markdown for page in site.build(watching, SiteInputs(pending=known)).pages}
    assert "hubot asked for “Grafana” first in F2026, in #8 at 2026-11-01 12:00 UTC." in pages["tools/grafana.md"]
    assert "?tool=Prometheus" in pages["topics/watching.md"]
    assert "?tool=Loki" not in pages["topics/watching.md"]


def test_a_combination_is_asked_for_as_such(watching: Hub) -> None:
    known = Pending(START, (asking("Loki", "Prometheus"),))
    assert availability.ask(watching, ["Loki"], known=known).status == "free"
    assert availability.ask(watching, ["Prometheus + Loki"], known=known).status == "asked"
