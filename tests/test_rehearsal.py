"""The claim desk acted out: students, staff and GitHub, with the commands that the workflows really run."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import cmarkgfm
import cmarkgfm.cmark
import course
import pytest
import workflows
from course import Course, claim
from standin import Fault, Symlink
from workflows import Done

pytestmark = pytest.mark.slow

F2026 = "posts/F2026"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Course]:
    with course.opened(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("delivered_first", [0, 1], ids=["in order", "the later first"])
@pytest.mark.parametrize("seconds", [1, 0], ids=["a second apart", "in one second"])
def test_of_two_students_the_first_holds_in_either_delivery_order(
    desk: Course, delivered_first: int, seconds: int
) -> None:
    first = desk.claims("octocat", "Kedro")
    desk.at(seconds)
    second = desk.claims("hubot", "kedro")
    events = list(desk.github.events)
    desk.at(300)
    for event in (events[delivered_first], events[1 - delivered_first]):
        desk.deliver(event)
        assert desk.status(first) in (None, ("success", "“Kedro” is free, and yours is the first claim"))
        assert desk.status(second) in (None, ("failure", "“kedro” is taken: octocat came first"))
    assert desk.state(first) == "success"
    assert f"[#{first}](https://github.com/course/hub/pull/{first}) asked before you" in desk.comment(second)


def test_an_old_pull_request_edited_into_a_claim_goes_to_the_end(desk: Course) -> None:
    old = desk.claims("octocat", "Dagster")
    desk.deliver()
    desk.at(60)
    holder = desk.claims("hubot", "Kedro")
    desk.at(120)
    desk.github.push(old, {f"{F2026}/kedro.md": claim("octocat", "Kedro"), f"{F2026}/dagster.md": None})
    desk.deliver()
    assert desk.state(holder) == "success"
    assert desk.status(old) == ("failure", "“Kedro” is taken: hubot came first")


def test_whoever_leaves_a_claim_and_comes_back_goes_to_the_end(desk: Course) -> None:
    first = desk.claims("octocat", "Kedro")
    desk.at(60)
    desk.github.push(first, {f"{F2026}/kedro.md": None, f"{F2026}/dagster.md": claim("octocat", "Dagster")})
    desk.at(120)
    second = desk.claims("hubot", "Kedro")
    desk.at(180)
    desk.github.push(first, {f"{F2026}/kedro.md": claim("octocat", "Kedro"), f"{F2026}/dagster.md": None})
    desk.deliver(desk.github.events[-1])  # the run for the way there comes late, or never
    assert (desk.state(first), desk.state(second)) == ("failure", "success")


def test_a_claim_is_kept_while_its_file_is_mended_and_moved(desk: Course) -> None:
    first = desk.github.open("octocat", {f"{F2026}/my-post.md": claim("octocat", "Kedro")})
    desk.deliver()
    assert desk.status(first) == ("failure", "“Kedro” is reserved for you; 1 thing to fix")
    desk.at(60)
    second = desk.claims("hubot", "Kedro")
    desk.at(120)
    desk.github.push(first, {}, renames={f"{F2026}/my-post.md": f"{F2026}/kedro.md"})
    desk.deliver()
    assert (desk.state(first), desk.state(second)) == ("success", "failure")
    desk.at(180)
    desk.github.force_push(first, {f"{F2026}/kedro.md": claim("octocat", "kedro", title="Another title")})
    desk.deliver()
    assert (desk.state(first), desk.state(second)) == ("success", "failure")


def close(desk: Course, number: int) -> None:
    desk.github.close(number)


def withdraw(desk: Course, number: int) -> None:
    desk.github.push(number, {f"{F2026}/kedro.md": claim("octocat", "Kedro", status="withdrawn")})


def turn_to_another(desk: Course, number: int) -> None:
    desk.github.push(number, {f"{F2026}/kedro.md": None, f"{F2026}/dagster.md": claim("octocat", "Dagster")})


@pytest.mark.parametrize("leave", [close, withdraw, turn_to_another], ids=lambda each: each.__name__)
def test_the_next_in_line_gets_what_the_holder_leaves(desk: Course, leave: object) -> None:
    holder, second, third = (desk.claims(login, "Kedro") for login in ("octocat", "hubot", "mona"))
    desk.deliver()
    assert [desk.state(number) for number in (holder, second, third)] == ["success", "failure", "failure"]
    assert [each.code for each in desk.done] == [0]  # the refusal was told
    desk.at(60)
    leave(desk, holder)  # type: ignore[operator]
    desk.deliver()
    assert desk.state(second) == "success"
    assert desk.status(third) == ("failure", "“Kedro” is taken: hubot came first")
    assert "octocat" not in desk.comment(third)


def test_the_merged_holder_is_shown_where_it_is_now(desk: Course) -> None:
    first, second = desk.claims("octocat", "Kedro"), desk.claims("hubot", "Kedro")
    desk.deliver()
    desk.github.merge(first)
    desk.deliver()
    assert desk.status(second) == ("failure", "“Kedro” is taken: octocat came first")
    assert f"[{F2026}/kedro.md](<https://github.com/course/hub/blob/HEAD/{F2026}/kedro.md>) is merged" in desk.comment(
        second
    )
    assert "pull request conflicts with" in desk.comment(second)  # both added one file, and GitHub runs no check then


def test_one_student_holds_one_claim(desk: Course) -> None:
    first = desk.claims("octocat", "Kedro")
    desk.at(60)
    greedy = desk.claims("octocat", "Dagster")
    desk.at(120)
    other = desk.claims("hubot", "Dagster")
    desk.deliver()
    assert desk.status(greedy) == ("failure", "“Dagster” would be a second claim")
    assert (desk.state(first), desk.state(other)) == ("success", "success")


def test_a_claim_can_be_exchanged_in_one_pull_request(desk: Course) -> None:
    desk.github.commit_to_main({f"{F2026}/kedro.md": claim("octocat", "Kedro")})
    exchange = desk.github.open(
        "octocat", {f"{F2026}/kedro.md": None, f"{F2026}/dagster.md": claim("octocat", "Dagster")}
    )
    desk.at(60)
    other = desk.claims("hubot", "Dagster")
    desk.deliver()
    assert (desk.state(exchange), desk.state(other)) == ("success", "failure")


def test_a_student_commits_what_the_desk_suggests(desk: Course) -> None:
    misspelt = claim("octocat", "Kedro").replace("title:", "titel:").replace("mlops-tool", "MLOps tool")
    number = desk.github.open("octocat", {f"{F2026}/kedro.md": misspelt})
    desk.deliver()
    assert [each.code for each in desk.done] == [0]
    assert desk.status(number) == ("failure", "“Kedro” is reserved for you; 2 things to fix")
    assert "there are suggestions for 2 things under “Files changed” above" in desk.comment(number)
    first, second = desk.github.threads(number)
    assert [(it.path, it.first, it.author) for it in (first, second)] == [
        (f"{F2026}/kedro.md", 2, course.BOT),
        (f"{F2026}/kedro.md", 4, course.BOT),
    ]
    desk.at(60)
    head = desk.github.commit_suggestions(number, [first.id, second.id], "octocat")
    stored = desk.github.objects.blob(desk.github.objects.files(head)[f"{F2026}/kedro.md"].sha)
    assert stored == claim("octocat", "Kedro").encode()
    desk.deliver()
    assert desk.status(number) == ("success", "“Kedro” is free, and yours is the first claim")
    assert "suggestion" not in desk.comment(number)
    assert all(it.is_resolved for it in desk.github.threads(number))
    desk.wake()
    desk.at(120)
    desk.github.push(number, {f"{F2026}/kedro.md": claim("octocat", "Kedro", summary="What it is for.")})
    desk.deliver()
    assert [it.id for it in desk.github.threads(number)] == [first.id, second.id]  # nothing is offered again
    assert desk.github.faults_of_ours == []


def test_a_student_who_mends_by_hand_finds_no_suggestion_any_more(desk: Course) -> None:
    number = desk.github.open("octocat", {f"{F2026}/kedro.md": claim("octocat", "Kedro").replace("title:", "titel:")})
    desk.deliver()
    [thread] = desk.github.threads(number)
    assert '```suggestion\ntitle: "About Kedro"\n```' in thread.body
    desk.at(60)
    desk.github.push(number, {f"{F2026}/kedro.md": claim("octocat", "Kedro")})
    desk.deliver()
    assert (desk.state(number), desk.github.threads(number)) == ("success", [])


def test_a_review_that_is_refused_is_in_the_log_and_costs_no_verdict(desk: Course) -> None:
    number = desk.github.open("octocat", {f"{F2026}/kedro.md": claim("octocat", "Kedro").replace("title:", "titel:")})
    desk.github.fail("POST .*/reviews", Fault(422, body=b'{"message": "Unprocessable Entity"}'), times=None)
    desk.deliver()
    assert desk.status(number) == ("failure", "“Kedro” is reserved for you; 1 thing to fix")
    assert desk.done[-1].code == 2
    assert f"#{number} was judged, but GitHub did not take the suggestions: POST /repos/" in desk.done[-1].output


ATTACKS = {
    "another's post": {f"{F2026}/luigi.md": claim("hubot", "Luigi", title="Mine")},
    "another's post, handed over": {f"{F2026}/luigi.md": claim("[hubot, mona]", "Luigi")},
    "another's post, deleted": {f"{F2026}/luigi.md": None},
    "another's picture": {f"{F2026}/luigi/curve.png": b"picture"},
    "a claim for somebody else": {f"{F2026}/dask.md": claim("mona", "Dask")},
    "the workflows": {".github/workflows/desk.yml": "name: Mine\n"},
    "the rules": {"data/course.yaml": "staff: [hubot]\n"},
    "the code": {"src/coursehub/checks/__init__.py": "def judge_posts(*_): return []\n"},
    "a link out": {f"{F2026}/dask.md": Symlink("/etc/passwd")},
    "a file that nobody needs": {f"{F2026}/notes.docx": b"text"},
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_fork_gets_no_further_than_its_own_post(desk: Course, attack: str) -> None:
    desk.github.commit_to_main({f"{F2026}/luigi.md": claim("octocat", "Luigi")})
    number = desk.github.open("hubot", {f"{F2026}/kedro.md": claim("hubot", "Kedro"), **ATTACKS[attack]})
    desk.deliver()
    assert desk.state(number) == "failure"
    path = next(iter(ATTACKS[attack]))
    assert path in desk.comment(number)


def test_the_check_of_the_pull_request_itself_refuses_the_same(desk: Course) -> None:
    desk.github.commit_to_main({f"{F2026}/luigi.md": claim("octocat", "Luigi")})
    number = desk.github.open("hubot", {f"{F2026}/luigi.md": None, "data/tools.yaml": "tools: {}\n"})
    done = checked(desk, number)
    assert done.code == 1
    for rule in ("not-your-post", "outside-your-post"):
        assert f"title={rule}" in done.output
        assert f"(`{rule}`)" in (desk.folder / "summary.md").read_text()


def checked(desk: Course, number: int) -> Done:
    """Posts and data, for the newest event of a pull request."""
    event = next(each for each in reversed(desk.github.events) if each.payload.get("number") == number)
    return desk.run_job(workflows.load("check.yml")["jobs"]["posts"], "pull_request", event.payload)[-1]


def test_nobody_is_blamed_for_what_was_merged_since_the_event_named_its_base(desk: Course) -> None:
    number = desk.claims("hubot", "Kedro")
    desk.github.merge(desk.claims("octocat", "Luigi"))
    assert desk.github.pulls[number].base_sha != desk.github.main
    done = checked(desk, number)
    assert (done.code, done.output) == (0, "")


def test_a_rename_counts_as_both_paths(desk: Course) -> None:
    desk.github.commit_to_main({f"{F2026}/luigi.md": claim("octocat", "Luigi"), f"{F2026}/luigi/a.png": b"picture"})
    stolen = desk.github.open("hubot", {}, renames={f"{F2026}/luigi.md": f"{F2026}/luigi-2.md"})
    own = desk.github.open(
        "octocat",
        {f"{F2026}/dask.md": claim("octocat", "Dask")},
        renames={f"{F2026}/luigi.md": f"{F2026}/dask.md", f"{F2026}/luigi/a.png": f"{F2026}/dask/a.png"},
    )
    desk.deliver()
    assert "hubot changes the post of octocat" in desk.comment(stolen)
    assert desk.state(own) == "success"


def test_staff_may_touch_all(desk: Course) -> None:
    desk.github.commit_to_main({f"{F2026}/luigi.md": claim("octocat", "Luigi")})
    posts = desk.github.open("teacher", {f"{F2026}/luigi.md": claim("octocat", "Luigi", status="withdrawn")})
    code = desk.github.open("teacher", {"src/coursehub/__init__.py": "", "README.md": "More\n"})
    desk.deliver()
    assert (desk.state(posts), desk.state(code), desk.comment(code)) == ("success", "success", "")


def test_300_changed_files_are_all_judged(desk: Course) -> None:
    files = {f"docs/{number:03}.md": "Mine\n" for number in range(300)}
    number = desk.github.open("octocat", {**files, f"{F2026}/kedro.md": claim("octocat", "Kedro")})
    desk.deliver()
    assert desk.status(number) == ("failure", "“Kedro” is reserved for you; 300 things to fix")
    assert "and 260 more" in desk.comment(number)


def test_200_open_pull_requests(desk: Course) -> None:
    for number in range(199):
        desk.at(number)
        desk.claims(f"student-{number}", f"Tool {number}", key=f"tool-{number}")
    desk.judge_here()
    before = len(desk.github.requests)
    desk.at(400)
    late = desk.claims("octocat", "tool 120", key="tool-120")
    desk.deliver(desk.github.events[-1])
    assert desk.status(late) == ("failure", "“tool 120” is taken: student-120 came first")
    assert [desk.state(number) for number in (1, 199)] == ["success", "success"]
    assert len(desk.github.requests) - before < 30  # of the 1,000 an hour that a repository has


def test_a_student_who_imitates_the_desk_changes_nothing(desk: Course) -> None:
    first = desk.claims("octocat", "Kedro")
    desk.at(60)
    second = desk.claims("hubot", "Kedro")
    desk.deliver()
    [real] = desk.github.comments_on(first)
    forged = real.body.replace("12:00:00Z", "11:00:00Z").replace("octocat", "hubot")
    desk.github.comment(second, "hubot", forged)
    third = desk.claims("mona", "Kedro")
    desk.github.comment(third, "mona", forged)  # before the desk says anything
    desk.deliver()
    assert [desk.state(number) for number in (first, second, third)] == ["success", "failure", "failure"]
    assert [len(desk.github.comments_on(number)) for number in (first, second, third)] == [1, 2, 2]
    assert desk.comment(third) and "octocat" in desk.comment(third)


HOSTILE = {
    "shell": "$(touch pwned) `touch pwned` ; touch pwned",
    "markdown": "](https://evil.example) ![x](https://evil.example/x.png) # **big**",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)> --> <!--",
    "mention": "@everyone @octocat #1 GH-1 course/hub#1",
    "workflow": "${{ github.token }} ::error::no\n::set-output name=x::y",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_names_that_strangers_choose_are_only_text(desk: Course, text: str) -> None:
    name = text.replace("/", " ").replace("\n", " ")
    number = desk.github.open(
        "octocat",
        {f"{F2026}/{name}.md": claim("octocat", "Kedro", title="|\n  " + text.replace("\n", "\n  "), summary=f"'{text}'"),
         f"docs/{name}": "x"},
        branch=name.replace(" ", "-").replace("..", ""), title=text,
    )  # fmt: skip
    desk.deliver()
    assert desk.state(number) == "failure"
    assert desk.done[-1].code == 0
    assert "pwned" not in "".join(path.name for path in Path().iterdir())
    rendered = cmarkgfm.github_flavored_markdown_to_html(desk.comment(number), cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE)
    shown = re.sub(r"<code>.*?</code>|<!-- coursehub:desk -->", "", rendered)
    for live in ("<script", "<img", "@everyone", "@octocat", 'href="https://evil', "<!--", "#1<"):
        assert live not in shown


def test_the_same_event_twice_writes_nothing_twice(desk: Course) -> None:
    number = desk.claims("octocat", "Kedro")
    [event] = desk.github.events
    desk.deliver(event)
    written = desk.writes()
    assert len(written) == 2
    desk.at(60)
    desk.deliver(event)
    desk.wake()
    assert desk.writes() == written
    assert desk.state(number) == "success"


CRONS = [each["cron"] for each in workflows.load("clock.yml")["on"]["schedule"]]


def test_only_the_clock_wakes_what_other_events_start_too() -> None:
    """After a quiet summer GitHub disables every workflow with a schedule, with all that else would start it."""
    events = {path.name: {*workflows.load(path.name)["on"]} for path in workflows.WORKFLOWS.glob("*.y*ml")}
    scheduled = {name for name, each in events.items() if "schedule" in each}
    assert scheduled == {"clock.yml", "renderers.yml"}
    assert events["renderers.yml"] == {
        "schedule",
        "workflow_dispatch",
    }  # nothing else starts it, and nobody waits for it


@pytest.mark.parametrize(
    ("schedule", "started"),
    [
        (CRONS[0], ["desk.yml"]),
        (CRONS[1], ["publish.yml"]),
        (CRONS[2], ["links.yml"]),
        (None, ["desk.yml", "publish.yml", "links.yml"]),
    ],
)
def test_the_clock_starts_what_is_due(desk: Course, schedule: str | None, started: list[str]) -> None:
    desk.know_workflows()
    event = "schedule" if schedule else "workflow_dispatch"
    [done] = desk.run("clock.yml", event, {"schedule": schedule} if schedule else {})
    assert done.code == 0, done.output
    events = [(event.name, event.payload["workflow"]) for event in desk.github.events]
    assert events == [("workflow_dispatch", f".github/workflows/{name}") for name in started]
    assert "https://github.com/course/hub/actions/runs/" in done.output
    for name in started:
        assert "workflow_dispatch" in workflows.load(name)["on"]


def test_the_clock_judges_nothing_again_that_was_judged(desk: Course) -> None:
    """By hand the desk looks at everything again; by the clock that would cost an hour's requests every two hours."""
    desk.claims("octocat", "Kedro")
    desk.deliver()
    assert "There is nothing new." in desk.wake()[0].output
    desk.github.dispatch(course.DESK, {})
    desk.deliver(desk.github.events[-1])
    assert "#1 by octocat" in desk.done[0].output


def test_a_workflow_that_is_disabled_keeps_no_other_from_starting(desk: Course) -> None:
    desk.know_workflows()
    desk.github.settings["workflows"][course.DESK] = "disabled_manually"
    [done] = desk.run("clock.yml", "workflow_dispatch", {})
    assert done.code == 1
    assert "Cannot trigger a 'workflow_dispatch' on a disabled workflow" in done.output
    started = [event.payload["workflow"].rpartition("/")[2] for event in desk.github.events]
    assert started == ["publish.yml", "links.yml"]


def test_in_summer_claims_are_judged_though_the_clock_stands_still(desk: Course) -> None:
    desk.know_workflows()
    for path in desk.github.settings["workflows"]:
        if "schedule" in workflows.load(path.rpartition("/")[2])["on"]:
            desk.github.settings["workflows"][path] = "disabled_inactivity"
    number = desk.claims("octocat", "Kedro")
    desk.deliver()
    assert desk.state(number) == "success"


def test_a_deleted_comment_is_written_again(desk: Course) -> None:
    number = desk.claims("octocat", "Kedro")
    desk.deliver()
    comment = desk.comment(number)
    desk.github.delete_comment(desk.github.comments_on(number)[0].id)
    desk.wake()
    assert desk.comment(number) == comment


def test_the_comment_is_found_behind_a_hundred_others(desk: Course) -> None:
    number = desk.claims("octocat", "Kedro")
    for index in range(120):
        desk.github.comment(number, "hubot", f"Comment {index}")
    desk.deliver()
    desk.github.push(number, {f"{F2026}/kedro.md": claim("octocat", "Kedro", option="none")})
    desk.deliver()
    assert "1 thing to fix" in desk.comment(number)


def test_the_merge_queue_asks_the_desk_again(desk: Course) -> None:
    first, second = desk.claims("octocat", "Kedro"), desk.claims("hubot", "Kedro")
    desk.deliver()
    for number, state in ((first, "success"), (second, "failure")):
        sha = desk.github.objects.commit({}, (desk.github.main,), "octocat", "In the queue", desk.github.now)
        ref = f"refs/heads/gh-readonly-queue/main/pr-{number}-{desk.github.main}"
        done = desk.run("desk.yml", "merge_group", {"merge_group": {"head_ref": ref, "head_sha": sha}})
        assert [each.code for each in done] == [0]
        assert [(each.context, each.state) for each in desk.github.latest(sha)] == [("claim desk", state)]


def look(desk: Course, *arguments: str) -> Done:
    """Staff ask the desk on their own machine; nothing is written."""
    step = {"uses": "actions/checkout@v7", "with": {"fetch-depth": 0}}
    command = {
        "name": "look",
        "run": f".venv/bin/coursehub desk {' '.join(arguments)}",
        "env": {"GITHUB_TOKEN": "mine"},
    }
    [done] = desk.run_job({"steps": [step, command]}, "push", {})
    assert desk.writes() == []
    return done


def test_staff_look_without_writing(desk: Course) -> None:
    first, second = desk.claims("octocat", "Kedro"), desk.claims("hubot", "Kedro")
    refused = look(desk, str(second))
    documented = (Path(__file__).parent.parent / "docs/commands.md").read_text()
    example = documented.partition("coursehub desk 12 --repository octocat/hub\n")[2].partition("```")[0]
    numbered = example.replace("#11", f"#{first}").replace("#12", f"#{second}")
    assert (refused.code, refused.output.strip()) == (1, numbered.strip())
    assert look(desk, str(first)).code == 0
    everything = look(desk)
    assert (everything.code, everything.output.count("“Kedro”")) == (0, 3)
    verdicts = json.loads(look(desk, str(second), "--format", "json").output)["verdicts"]
    assert [(each["pull"], each["claims"][0]["holder"]["pull"], each["findings"][0]["line"]) for each in verdicts] == [
        (second, first, 5)
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["99"], 2, "coursehub: pull request #99 of course/hub is not open, or is not for main\n"),
        (["0"], 2, "Invalid value for '[NUMBER]'"),
        (["1", "--again"], 2, "--again is about all pull requests; leave out the NUMBER."),
        (["--status-on", "a" * 40], 2, "--status-on takes a NUMBER and nothing else."),
        (["--repository", "hub"], 2, "“hub” is not a repository on GitHub such as owner/name"),
    ],
)
def test_wrong_use_is_told(desk: Course, arguments: list[str], code: int, message: str) -> None:
    desk.claims("octocat", "Kedro")
    done = look(desk, *arguments)
    assert done.code == code
    assert message in done.output


def test_the_desk_is_silent_where_it_may_not_write_and_nothing_passes(desk: Course) -> None:
    number = desk.claims("octocat", "Kedro")
    desk.withheld = ("statuses", "pull_requests")
    desk.deliver()
    assert desk.done[-1].code == 2
    assert "Resource not accessible by integration" in desk.done[-1].output
    assert "Traceback" not in desk.done[-1].output
    assert desk.state(number) is None
