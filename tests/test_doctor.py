"""The doctor finds each missing setting, leaves open what it is not shown, and changes nothing."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gh
import pytest
import sites
import yaml
from click.testing import CliRunner, Result
from course import callers
from repositories import Repository
from standin import Fault, StandIn, fill, primary_limit
from standin.shapes import user

from coursehub import doctor
from coursehub.cli import main
from coursehub.doctor import QUESTIONS, checkout
from coursehub.doctor.code_owners import RUN_OR_SERVED
from coursehub.doctor.question import Row
from coursehub.github.door import GitHub, GitHubError
from coursehub.records import course

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "fixtures/doctor"
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
RULESET = json.loads((ROOT / ".github/ruleset.json").read_text())
CHECKS = [{"context": name, "integration_id": 15368} for name in ("claim desk", "Posts and data", "Tests", "Site")]
NAMES = [setting.name for question in QUESTIONS for setting in question.settings]
OF_MAIN = ["pull-request", "force-push", "deletion", "required-checks", "check-source", "up-to-date", "review"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository like this one, with a course's names in place of the template's."""
    root = tmp_path / "hub"
    shutil.copytree(ROOT / ".github/workflows", root / ".github/workflows")
    shutil.copytree(sites.HUB / "data", root / "data")
    shutil.copyfile(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    sites.configure(root, sites.SETTINGS)
    for path in ("data/course.yaml", "mkdocs.yml"):
        text = (root / path).read_text().replace("https://github.com/coursehub-staff/coursehub", HOME)
        (root / path).write_text(text.replace("coursehub-staff", "teacher"))
    owners = (ROOT / ".github/CODEOWNERS").read_text()
    (root / ".github/CODEOWNERS").write_text(owners.replace("@coursehub-staff", "@teacher"))
    return root


HOME = "https://github.com/course/hub"


@pytest.fixture
def github(tmp_path: Path) -> StandIn:
    """A repository in which all is set."""
    github = StandIn(tmp_path / "hub.git", {"README.md": "x\n"}, NOW)
    github.permissions |= {"administration": "write"}
    github.settings |= {
        "repository": {"has_pages": True, "has_issues": True, "allow_rebase_merge": True},
        "has_discussions": True,
        "writers": {"teacher": "admin"},
        "discussion_categories": [{"name": "Announcements", "isAnswerable": False}],
        "pages": fill("page", build_type="workflow", https_enforced=True),
        "environments": {"github-pages": fill("environment", name="github-pages")},
        "workflows": {
            f".github/workflows/{name}.yml": "active" for name in ("check", "desk", "publish", "links", "clock")
        },
    }  # fmt: skip
    door(github).write("POST", "/rulesets", RULESET)
    github.requests.clear()
    return github


def door(github: StandIn, token: str = "t") -> GitHub:
    url = "https://api.github.com"
    return GitHub(
        github.repository, token, url=url, graphql_url=f"{url}/graphql", server="https://github.com",
        sleep=lambda seconds: None, transport=github.transport(),
    )  # fmt: skip


def examine(github: StandIn, root: Path) -> dict[str, Row]:
    the_course, _ = course.read((root / "data/course.yaml").read_text())
    assert the_course
    rows = doctor.examine(door(github), checkout.read(root, the_course))
    assert [row.name for row in rows] == NAMES
    return {row.name: row for row in rows}


def states(rows: dict[str, Row], state: str) -> list[str]:
    return [name for name, row in rows.items() if row.state == state]


# All is set


def test_all_is_set_by_the_ruleset_that_can_be_posted(github: StandIn, root: Path) -> None:
    rows = examine(github, root)
    assert {row.state for row in rows.values()} == {"set"}, [row for row in rows.values() if row.state != "set"]
    assert {(row.problem, row.why, row.help, row.command) for row in rows.values()} == {("", "", "", "")}


def test_nothing_is_changed(github: StandIn, root: Path) -> None:
    github.settings["rulesets"] = {}
    examine(github, root)
    asked = {(request.method, request.path.partition("?")[0]) for request in github.requests}
    assert {method for method, path in asked if path != "/graphql"} == {"GET"}
    queries = [request.body["query"] for request in github.requests if request.path == "/graphql"]
    assert queries
    assert all(query.startswith("query ") for query in queries)


def test_the_ruleset_requires_the_last_jobs_and_the_desk() -> None:
    """A job that is renamed has to be renamed there too; one that another waits for is counted in that."""
    paths = (ROOT / ".github/workflows" / name for name in ("check.yml", "tests.yml"))
    jobs = {name: job for path in paths for name, job in yaml.safe_load(path.read_text())["jobs"].items()}
    (required,) = (rule["parameters"] for rule in RULESET["rules"] if rule["type"] == "required_status_checks")
    awaited = {name for job in jobs.values() for name in job.get("needs", [])}
    expected = {"claim desk", *(job["name"] for name, job in jobs.items() if name not in awaited)}
    assert {check["context"] for check in required["required_status_checks"]} == expected


def printed_ruleset(root: Path) -> Any:
    done = CliRunner().invoke(main, ["ruleset", "--root", str(root)])
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_ruleset_of_this_repository_is_the_one_that_is_printed() -> None:
    assert printed_ruleset(ROOT) == RULESET


@pytest.fixture
def of_a_course(root: Path) -> Path:
    """The repository, with a course's workflows in place of its own."""
    shutil.rmtree(root / ".github/workflows")
    for path, text in callers().items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(text)
    return root


def test_a_course_is_told_the_names_of_the_checks_that_it_calls(github: StandIn, of_a_course: Path) -> None:
    row = examine(github, of_a_course)["required-checks"]
    assert (row.state, row.problem) == ("missing", "not required: “check / Posts and data”, “check / Site”")
    github.settings["rulesets"] = {}
    door(github).write("POST", "/rulesets", printed_ruleset(of_a_course))
    rows = examine(github, of_a_course)
    assert {row.state for row in rows.values()} == {"set"}, [row for row in rows.values() if row.state != "set"]
    (required,) = (each["parameters"] for each in ruleset(github)["rules"] if each["type"] == "required_status_checks")
    assert [check["context"] for check in required["required_status_checks"]] == [
        "claim desk", "check / Posts and data", "check / Site"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("desk.yml", "statuses: write", "statuses: read", "“desk.yml” does not grant statuses: write"),
        ("desk.yml", "      statuses: write # whether it passes\n", "", "“desk.yml” does not grant statuses: write"),
        ("check.yml", "    permissions:\n      contents: read\n", "", "“check.yml” does not grant contents: read"),
        ("check.yml", "check.yml@", "checks.yml@", "“check.yml” calls checks.yml, which Course Hub does not have"),
        ("clock.yml", "    permissions:\n      actions: write # starts workflows of main\n", "    permissions: write-all\n", None),
        ("clock.yml", "    permissions:\n      actions: write # starts workflows of main\n", "    permissions: read-all\n",
         "“clock.yml” does not grant actions: write"),
        ("links.yml", "      contents: write # pushes to the branch link-report, and nowhere else\n", "      contents: read\n",
         "“links.yml” does not grant contents: write"),
    ],
)  # fmt: skip
def test_a_caller_that_github_would_not_start_is_missing(
    github: StandIn, of_a_course: Path, file: str, old: str, new: str, problem: str | None
) -> None:
    path = of_a_course / ".github/workflows" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    row = examine(github, of_a_course)["callers"]
    assert (row.state, row.problem) == (("missing", problem) if problem else ("set", ""))


@pytest.mark.parametrize(
    ("patterns", "state"),
    [
        ([], "missing"),
        (["coursehub-staff/coursehub/**@*"], "set"),
        (["coursehub-staff/*"], "set"),
        (["other/*"], "missing"),
    ],
)
def test_a_course_has_to_allow_the_workflows_that_it_calls(
    github: StandIn, of_a_course: Path, patterns: list[str], state: str
) -> None:
    github.settings["actions"] = {"enabled": True, "allowed_actions": "selected"}
    github.settings["selected_actions"] = {"github_owned_allowed": True, "patterns_allowed": patterns}
    row = examine(github, of_a_course)["actions"]
    assert row.state == state
    refused = "not allowed: “coursehub-staff/coursehub/.github/workflows/check.yml@"
    assert row.problem.startswith(refused if state == "missing" else "")


def test_a_ruleset_that_would_wait_for_the_desk_alone_is_not_printed(root: Path) -> None:
    (root / ".github/workflows/check.yml").write_text("on: pull_request\njobs: {}\n")
    (root / ".github/workflows/tests.yml").unlink()
    done = CliRunner().invoke(main, ["ruleset", "--root", str(root)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no job that main could wait for" in done.stderr


def test_the_workflows_use_githubs_own_actions_alone() -> None:
    """“Selected” actions are therefore enough where GitHub's own are among them, and what a course calls.

    No course has release.yml.
    """
    for path in {*(ROOT / ".github/workflows").glob("*.yml")} - {ROOT / ".github/workflows/release.yml"}:
        assert {use.partition("/")[0] for use in re.findall(r"\buses: (\S+)", path.read_text())} <= {"actions"}


def protect(github: StandIn) -> None:
    """Replace the ruleset by the older branch protection."""
    url = "https://api.github.com/x"
    github.settings["rulesets"] = {}
    github.settings["repository"]["allow_rebase_merge"] = False
    github.settings["protection"] = {
        "url": url,
        "required_status_checks": {
            "url": url, "strict": True, "contexts_url": url,
            "contexts": ["claim desk", "Posts and data", "Tests", "Site"],
            "checks": [{"context": name, "app_id": 15368} for name in ("claim desk", "Posts and data", "Tests", "Site")],
        },
        "required_pull_request_reviews": {
            "dismiss_stale_reviews": True, "require_code_owner_reviews": True, "required_approving_review_count": 1,
        },
        "enforce_admins": {"url": url, "enabled": True},
        "allow_force_pushes": {"enabled": False},
        "allow_deletions": {"enabled": False},
    }  # fmt: skip


def test_branch_protection_will_do(github: StandIn, root: Path) -> None:
    protect(github)
    rows = examine(github, root)
    assert {row.state for row in rows.values()} == {"set"}, [row for row in rows.values() if row.state != "set"]


def test_a_merge_queue_will_do_in_place_of_branches_up_to_date(github: StandIn, root: Path) -> None:
    rule(github, "required_status_checks")["strict_required_status_checks_policy"] = False
    assert states(examine(github, root), "missing") == ["up-to-date"]
    ruleset(github)["rules"].append({"type": "merge_queue", "parameters": QUEUE})
    assert states(examine(github, root), "missing") == []


QUEUE = {
    "check_response_timeout_minutes": 60, "grouping_strategy": "ALLGREEN", "max_entries_to_build": 5,
    "max_entries_to_merge": 5, "merge_method": "SQUASH", "min_entries_to_merge": 1,
    "min_entries_to_merge_wait_minutes": 5,
}  # fmt: skip


@pytest.mark.parametrize(
    "settings",
    [
        {"actions": {"enabled": True, "allowed_actions": "selected"}, "selected_actions": {"github_owned_allowed": True}},
        {"approval": {"approval_policy": "first_time_contributors_new_to_github"}},
        {"environments": {"github-pages": fill("environment", name="github-pages", deployment_branch_policy={
            "protected_branches": True, "custom_branch_policies": False})}},
        {"environments": {"github-pages": fill("environment", name="github-pages", deployment_branch_policy={
            "protected_branches": False, "custom_branch_policies": True})}, "branch_policies": [{"name": "ma*"}]},
    ],
)  # fmt: skip
def test_other_settings_that_will_do(github: StandIn, root: Path, settings: dict[str, Any]) -> None:
    github.settings |= settings
    assert states(examine(github, root), "set") == NAMES


# Each missing alone


def ruleset(github: StandIn) -> Any:
    (only,) = github.settings["rulesets"].values()
    return only


def rule(github: StandIn, kind: str) -> Any:
    return next(each["parameters"] for each in ruleset(github)["rules"] if each["type"] == kind)


def without(*kinds: str) -> Callable[[StandIn], None]:
    def change(github: StandIn) -> None:
        ruleset(github)["rules"] = [each for each in ruleset(github)["rules"] if each["type"] not in kinds]

    return change


def parameter(kind: str, name: str, value: Any) -> Callable[[StandIn], None]:
    return lambda github: rule(github, kind).update({name: value})


def setting(**settings: Any) -> Callable[[StandIn], None]:
    return lambda github: github.settings.update(settings)


def repository(**settings: Any) -> Callable[[StandIn], None]:
    return lambda github: github.settings["repository"].update(settings)


def workflow(name: str, state: str | None) -> Callable[[StandIn], None]:
    path = f".github/workflows/{name}"
    return lambda github: (
        github.settings["workflows"].update({path: state}) if state else github.settings["workflows"].pop(path)
    )


def organization(permission: str) -> Callable[[StandIn], None]:
    """An organization owns the repository, and this is what its members may do."""

    def change(github: StandIn) -> None:
        github.settings["repository"]["owner"] = {**(user("course") or {}), "type": "Organization"}
        github.settings["organization"] = {"default_repository_permission": permission}

    return change


def protected(**settings: Any) -> Callable[[StandIn], None]:
    def change(github: StandIn) -> None:
        protect(github)
        github.settings["protection"] |= settings

    return change


OTHER_BRANCH = fill(
    "environment",
    name="github-pages",
    deployment_branch_policy={"protected_branches": False, "custom_branch_policies": True},
)
TOO_FAR = {
    "id": 7, "name": "all branches", "source": "course/hub", "source_type": "Repository", "enforcement": "active",
    "bypass_actors": [], "conditions": {"ref_name": {"include": ["~ALL"], "exclude": ["refs/heads/main"]}},
    "rules": [{"type": "update"}],
}  # fmt: skip
MISSING: list[tuple[list[str], str, Callable[[StandIn], Any]]] = [
    (["public"], "it is private", repository(private=True, visibility="private")),
    (["default-branch"], "it has another name", repository(default_branch="trunk")),
    (["issues"], "they are off", repository(has_issues=False)),
    (["discussions", "category"], "they are off", setting(has_discussions=False)),
    (["category"], "there is no category “Announcements”", setting(discussion_categories=[])),
    (["category"], "“Announcements” is a category for questions and answers",
     setting(discussion_categories=[{"name": "Announcements", "isAnswerable": True}])),
    (["codeowners"], "line 3: Unknown owner", setting(codeowners_errors=[{
        "line": 3, "column": 1, "kind": "Unknown owner", "message": "x", "path": ".github/CODEOWNERS"}])),
    (["codeowners"], "there is no CODEOWNERS on main", setting(codeowners_errors=None)),
    (["pull-request", "review", "merge-methods"], "a push to main needs none", without("pull_request")),
    (["force-push"], "force pushes are allowed", without("non_fast_forward")),
    (["deletion"], "deletion is allowed", without("deletion")),
    (["required-checks", "check-source", "up-to-date"],
     "not required: “claim desk”, “Posts and data”, “Site”, “Tests”", without("required_status_checks")),
    (["required-checks"], "not required: “Site”, “Tests”", parameter(
        "required_status_checks", "required_status_checks", [CHECKS[0], CHECKS[1]])),
    (["check-source"], "taken from anybody who may write: “Tests”, “claim desk”",
     parameter("required_status_checks", "required_status_checks",
               [{"context": "claim desk"}, CHECKS[1], {"context": "Tests"}, CHECKS[3]])),
    (["check-source"], "expected from the app 42, so never passed: “Site”",
     parameter("required_status_checks", "required_status_checks",
               [*CHECKS[:3], {"context": "Site", "integration_id": 42}])),
    (["check-source"], "expected from the app 42, so never passed: “Site”",
     parameter("required_status_checks", "required_status_checks",
               [*CHECKS, {"context": "Site", "integration_id": 42}])),
    (["check-source"], "taken from anybody who may write: “claim desk”", protected(required_status_checks={
        "url": "https://api.github.com/x", "strict": True, "contexts_url": "https://api.github.com/x",
        "contexts": [check["context"] for check in CHECKS],
        "checks": [{"context": check["context"], "app_id": None if check == CHECKS[0] else 15368} for check in CHECKS]})),
    (["merge-queue"],
     "there is a merge queue with HEADGREEN: of a group that merges together only the last must pass",
     lambda github: ruleset(github)["rules"].append(
         {"type": "merge_queue", "parameters": {**QUEUE, "grouping_strategy": "HEADGREEN"}})),
    (["up-to-date"], "neither is required",
     parameter("required_status_checks", "strict_required_status_checks_policy", False)),
    (["review"], "no review of code owners is required", parameter("pull_request", "require_code_owner_review", False)),
    (["review"], "it is ticked, but the number of required approvals is 0",
     parameter("pull_request", "required_approving_review_count", 0)),
    (["merge-methods"], "“Rebase and merge” is offered",
     parameter("pull_request", "allowed_merge_methods", ["merge", "rebase"])),
    (["bypass"], "it may be bypassed by a team (ruleset “main”)", lambda github: ruleset(github).update(
        bypass_actors=[{"actor_id": 5, "actor_type": "Team", "bypass_mode": "pull_request"}])),
    (["bypass"], "it may be bypassed by administrators (branch protection)",
     protected(enforce_admins={"url": "https://api.github.com/x", "enabled": False})),
    (["bypass"], "it may be bypassed by people who need no pull request (branch protection)", protected(
        required_pull_request_reviews={
            "dismiss_stale_reviews": True, "require_code_owner_reviews": True, "required_approving_review_count": 1,
            "bypass_pull_request_allowances": {"users": [user("ann")], "teams": []}})),
    (["force-push"], "force pushes are allowed", protected(allow_force_pushes={"enabled": True})),
    (["deletion"], "deletion is allowed", protected(allow_deletions={"enabled": True})),
    ([*OF_MAIN, "merge-methods", "bypass"], "a push to main needs none",
     lambda github: ruleset(github).update(enforcement="evaluate")),
    (["link-report"], "a ruleset holds the branch back: “update”",
     lambda github: github.settings["rulesets"].update({7: TOO_FAR})),
    (["check.yml"], "somebody has disabled it (disabled_manually)", workflow("check.yml", "disabled_manually")),
    (["clock.yml"], "GitHub has disabled it, since nothing was committed here for 60 days (disabled_inactivity)",
     workflow("clock.yml", "disabled_inactivity")),
    (["links.yml"], "its file is gone from main (deleted)", workflow("links.yml", "deleted")),
    (["desk.yml"], "GitHub knows no .github/workflows/desk.yml on main", workflow("desk.yml", None)),
    (["publish.yml"], "GitHub has disabled it, since this is a fork (disabled_fork)", workflow("publish.yml", "disabled_fork")),
    (["actions"], "Actions are disabled", setting(actions={"enabled": False})),
    (["actions"], "GitHub's own actions, such as actions/checkout, are not allowed",
     setting(actions={"enabled": True, "allowed_actions": "local_only"})),
    (["actions"], "GitHub's own actions, such as actions/checkout, are not allowed",
     setting(actions={"enabled": True, "allowed_actions": "selected"}, selected_actions={
         "github_owned_allowed": False})),
    (["token"], "it may write", setting(workflow={
        "default_workflow_permissions": "write", "can_approve_pull_request_reviews": False})),
    (["self-approval"], "they may", setting(workflow={
        "default_workflow_permissions": "read", "can_approve_pull_request_reviews": True})),
    (["retention"], "they stay for 14 days", setting(retention={"days": 14, "maximum_allowed_days": 90})),
    (["retention"], "they stay for 30 days, and the organization allows no more than 30",
     setting(retention={"days": 30, "maximum_allowed_days": 30})),
    (["write-access"], "not in “staff” of data/course.yaml: “Mona”, “octocat”",
     setting(writers={"TEACHER": "admin", "octocat": "write", "Mona": "maintain"})),
    (["write-access"], "not in “staff” of data/course.yaml: “s0”, “s1”, “s2”, “s3”, “s4”, “s5”, “s6”, “s7” and 112 more",
     setting(writers={f"s{number if number < 8 else f'x{number}'}": "write" for number in range(120)})),
    (["base-permission"], "every member of the organization may “write”", organization("write")),
    (["base-permission"], "every member of the organization may “admin”", organization("admin")),
    (["outsiders"], "each push waits for approval", setting(approval={
        "approval_policy": "all_external_contributors"})),
    (["pages", "https"], "there are no Pages", lambda github: (
        github.settings.update(pages=None), github.settings["repository"].update(has_pages=False))),
    (["pages"], "the source is a branch", setting(pages=fill("page", build_type="legacy", https_enforced=True))),
    (["https"], "it is not enforced", setting(pages=fill("page", build_type="workflow", https_enforced=False))),
    (["environment"], "there is none yet", setting(environments={})),
    (["environment"], "it takes nothing from any branch",
     setting(environments={"github-pages": OTHER_BRANCH}, branch_policies=[{"name": "main", "type": "tag"}])),
    (["environment"], "it takes nothing from main, only from “gh-pages”",
     setting(environments={"github-pages": OTHER_BRANCH}, branch_policies=[{"name": "gh-pages", "type": "branch"}])),
]  # fmt: skip


@pytest.mark.parametrize(("names", "problem", "change"), MISSING, ids=[f"{row[0][0]}: {row[1]}" for row in MISSING])
def test_what_is_missing_on_github(
    github: StandIn, root: Path, names: list[str], problem: str, change: Callable[[StandIn], Any]
) -> None:
    change(github)
    rows = examine(github, root)
    assert states(rows, "missing") == [name for name in NAMES if name in names]
    assert rows[names[0]].problem == problem
    assert states(rows, "unseen") == []
    for name in names:
        row = rows[name]
        assert row.why
        assert row.help
        assert not re.search("[{}]", row.help + row.command), row


IN_FILES: list[tuple[list[str], str, str, str, str]] = [
    (["placeholders", "owners", "write-access"], "“coursehub-staff” is still in “staff” in data/course.yaml",
     "data/course.yaml", r"staff: \[teacher,", "staff: [coursehub-staff,"),
    (["placeholders"], "“coursehub-staff” is still in site_url in mkdocs.yml",
     "mkdocs.yml", r"https://teacher\.github\.io", "https://coursehub-staff.github.io"),
    (["repo-url"], "repo_url is “https://github.com/other/hub”", "mkdocs.yml", HOME, "https://github.com/other/hub"),
    (["repo-url"], "repo_url is “”", "mkdocs.yml", r"(?m)^repo_url: .*\n", ""),
    (["deadlines"], "F2026 has no “post_due”, “comments_due”", "data/course.yaml", r"(?m)^ +(post|comments)_due: .*\n", ""),
    (["owners"], "not in “staff” of data/course.yaml: “someone”", ".github/CODEOWNERS", r"@teacher", "@someone"),
    (["owners"], "without an owner: “.github/”, “src/”", ".github/CODEOWNERS", r"\Z", "/.github/\n/src/\n"),
    (["owners"], "without an owner: “docs/assets/”", ".github/CODEOWNERS", r"\Z", "/docs/assets\n"),
    (["owners"], "without an owner: “GNUmakefile”", ".github/CODEOWNERS", r"\Z", "GNUmakefile\n"),
    (["owners"], "without an owner: “.ci/”, “.devcontainer/”, “.github/”, “benchmarks/”, “data/”, “docs/”, “docs/assets/”, "
     "“hooks/”, “overrides/”, “requirements/”, “src/”, “tests/” and 14 more",
     ".github/CODEOWNERS", r"(?m)^\*", "/*.md"),
    (["schedules"], "with a “schedule” beside other triggers: “desk.yml”",
     ".github/workflows/desk.yml", "  merge_group:\n", "  merge_group:\n  schedule:\n    - cron: 7 5 * * *\n"),
    (["required-checks"], "not required: “New”", ".github/workflows/tests.yml", " name: Tests", " name: New"),
    (["required-checks"], "not required: “tests”", ".github/workflows/tests.yml", " +name: Tests\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("names", "problem", "path", "old", "new"), IN_FILES, ids=[row[1] for row in IN_FILES])
def test_what_is_missing_in_files(
    github: StandIn, root: Path, names: list[str], problem: str, path: str, old: str, new: str
) -> None:
    text = (root / path).read_text()
    changed = re.sub(old, new, text)
    assert changed != text
    (root / path).write_text(changed)
    rows = examine(github, root)
    assert states(rows, "missing") == names
    assert rows[names[0]].problem == problem


@pytest.mark.parametrize("written", [f"{HOME}.git", f"{HOME}/", f"{HOME}.git/", "https://github.com/Course/HUB"])
def test_the_repositorys_address_may_be_the_one_that_git_clones(github: StandIn, root: Path, written: str) -> None:
    sites.edit(root / "mkdocs.yml", HOME, written)
    assert states(examine(github, root), "set") == NAMES


OWNED = [
    ("lib/ @teacher", "lib/a/b.py", True),
    ("/lib @teacher", "lib/b.py", True),
    ("/lib @teacher", "talks/lib/b.py", False),
    ("talks/* @teacher", "talks/a.md", True),
    ("talks/* @teacher", "talks/deck/a.js", False),
    ("*.js @teacher", "talks/deck/a.js", True),
    ("**/deck/ @teacher", "talks/deck/a.js", True),
    ("* @teacher\n/talks/\n", "talks/a.md", False),
    ("/talks/\n* @teacher\n", "talks/a.md", True),
    ("* @teacher\n!/talks/\n", "talks/a.md", True),
    ("[a-z]* @teacher\n", "talks/a.md", False),
    ("# /talks/ @teacher", "talks/a.md", False),
]


@pytest.mark.parametrize(("written", "path", "is_owned"), OWNED)
def test_the_last_line_that_fits_owns_a_file_as_on_github(
    github: StandIn, root: Path, written: str, path: str, is_owned: bool
) -> None:
    """The files that count are those in git. Lines before these give staff what is always asked for."""
    hub = Repository(root)
    hub.write(path)
    hub.git("add", path)
    hub.git("commit", "-q", "-m", "x")
    always = "".join(f"/{name} @teacher\n" for name in RUN_OR_SERVED)
    (root / ".github/CODEOWNERS").write_text(f"{always}{written}\n")
    assert examine(github, root)["owners"].problem == ("" if is_owned else f"without an owner: “{path}”")


def test_a_file_that_git_keeps_needs_an_owner_wherever_it_lies_but_among_posts(github: StandIn, root: Path) -> None:
    (root / "posts/F2026").mkdir(parents=True)
    for path in ("posts/F2026/kedro.md", "new/run.sh"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x\n")
    Repository(root).commit()
    (root / ".github/CODEOWNERS").write_text("* @teacher\n/posts/\n/new/\n")
    assert examine(github, root)["owners"].problem == "without an owner: “new/run.sh”"


def test_an_organization_whose_members_only_read(github: StandIn, root: Path) -> None:
    organization("read")(github)
    assert states(examine(github, root), "set") == NAMES


def test_a_base_permission_is_shown_to_owners_alone(github: StandIn, root: Path) -> None:
    organization("write")(github)
    github.permissions["administration"] = "read"
    row = examine(github, root)["base-permission"]
    assert (row.state, row.problem) == ("unseen", "the base permission is shown only to the organization's owners")


HERE = "https://teacher.github.io"
ORIGINS: list[tuple[str, str | None, str]] = [
    ("giscus", f'{{"origins": ["{HERE}"], "defaultCommentOrder": "oldest"}}', ""),
    ("giscus", None, "there is no giscus.json on main, so any site may show them"),
    ("giscus", '{"origins": []}', "giscus.json on main names no address, so any site may show them"),
    ("giscus", "{}", "giscus.json on main names no address, so any site may show them"),
    ("giscus", '{"origins": ["https://a.example"]}', f"giscus.json on main names “https://a.example”, not “{HERE}” alone"),
    ("giscus", f'{{"origins": ["{HERE}"], "originsRegex": ["."]}}', f"giscus.json on main names “{HERE}”, “.”, not “{HERE}” alone"),
    ("utterances", f'{{"origins": ["{HERE}"]}}', ""),
    ("utterances", None, "there is no utterances.json on the branch master, so any site may show them"),
    ("utterances", '{"origins": []}',
     "utterances.json on the branch master names no address, so no site may show them, not even this one"),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "content", "problem"), ORIGINS)
def test_who_may_show_the_comments_is_read_where_the_widget_reads_it(
    github: StandIn, root: Path, provider: str, content: str | None, problem: str
) -> None:
    sites.configure(root, {"repo": "course/hub", "provider": provider})
    other = {"giscus": "master", "utterances": "main"}[provider]
    place = ({"giscus": "main", "utterances": "master"}[provider], f"{provider}.json")
    good = f'{{"origins": ["{HERE}"]}}'
    github.settings["contents"] = {(other, f"{provider}.json"): good} | (
        {place: content} if content is not None else {}
    )
    assert examine(github, root)["comment-origins"].problem == problem


def test_a_list_of_sites_that_is_no_json(github: StandIn, root: Path) -> None:
    sites.configure(root, {"repo": "course/hub"})
    github.settings["contents"] = {("main", "giscus.json"): "{"}
    assert examine(github, root)["comment-origins"].problem.startswith("giscus.json on main cannot be read: ")


def test_comments_that_are_kept_elsewhere(github: StandIn, root: Path) -> None:
    sites.configure(root, {"repo": "course/talk"})
    row = examine(github, root)["comment-origins"]
    assert (row.state, row.problem) == ("unseen", "comments are kept in course/talk")


def test_the_merge_queue_of_the_ruleset_merges_nothing_that_failed(github: StandIn, root: Path) -> None:
    ruleset(github)["rules"].append({"type": "merge_queue", "parameters": QUEUE})
    assert states(examine(github, root), "set") == NAMES


def test_a_team_and_a_wildcard_own_as_well(github: StandIn, root: Path) -> None:
    (root / ".github/CODEOWNERS").write_text("* @course/staff teacher@example.org @Teacher # @nobody\n")
    assert states(examine(github, root), "set") == NAMES


def test_a_merge_queue_that_would_wait_for_ever(github: StandIn, root: Path) -> None:
    ruleset(github)["rules"].append({"type": "merge_queue", "parameters": QUEUE})
    path = root / ".github/workflows/desk.yml"
    path.write_text(path.read_text().replace("  merge_group:\n", ""))
    rows = examine(github, root)
    assert states(rows, "missing") == ["up-to-date"]
    assert "“desk.yml” does not run" in rows["up-to-date"].problem


def test_a_merge_queue_may_rebase_no_more_than_the_button(github: StandIn, root: Path) -> None:
    without("pull_request")(github)
    ruleset(github)["rules"].append({"type": "merge_queue", "parameters": {**QUEUE, "merge_method": "REBASE"}})
    assert "merge-methods" in states(examine(github, root), "missing")


# What is not shown

ADMINISTRATION = ["write-access", "bypass", "actions", "token", "self-approval", "outsiders", "retention"]


def test_without_administration_none_of_its_settings_counts_as_set(github: StandIn, root: Path) -> None:
    del github.permissions["administration"]
    rows = examine(github, root)
    assert states(rows, "unseen") == [name for name in NAMES if name in ADMINISTRATION]
    assert states(rows, "missing") == []
    assert "403, Resource not accessible by integration" in rows["token"].problem
    assert rows["token"].help == "Ask with a token that has “Administration: read”, or with an administrator's."


def test_reading_administration_does_not_show_who_may_bypass(github: StandIn, root: Path) -> None:
    github.permissions["administration"] = "read"
    rows = examine(github, root)
    assert states(rows, "unseen") == ["bypass"]
    assert rows["bypass"].problem == "the bypass list of the ruleset “main” is shown only to people who may change it"


def test_what_no_ruleset_asks_for_may_be_asked_for_by_protection_that_is_not_shown(github: StandIn, root: Path) -> None:
    del github.permissions["administration"]
    github.settings["rulesets"] = {}
    rows = examine(github, root)
    assert states(rows, "missing") == ["merge-methods"]
    assert set(states(rows, "unseen")) == {*OF_MAIN, *ADMINISTRATION}
    assert rows["pull-request"].problem.startswith("no ruleset asks for it, and branch protection is not shown: GET")


def test_a_404_that_hides_branch_protection_does_not_count_as_none(github: StandIn, root: Path) -> None:
    """GitHub answers so to a classic token of somebody who is no administrator."""
    github.settings["rulesets"] = {}
    github.fail("branches/main/protection", Fault(404, {"message": "Not Found"}))
    assert set(OF_MAIN) <= set(states(examine(github, root), "unseen"))


def test_pages_that_are_there_and_not_shown(github: StandIn, root: Path) -> None:
    github.fail("GET .*/pages$", Fault(404, {"message": "Not Found"}))
    assert states(examine(github, root), "unseen") == ["pages", "https"]


def test_merge_methods_that_are_not_shown(github: StandIn, root: Path) -> None:
    del rule(github, "pull_request")["allowed_merge_methods"]
    del github.settings["repository"]["allow_rebase_merge"]
    assert states(examine(github, root), "unseen") == ["merge-methods"]


REFUSED = [
    ("rules/branches/main", [name for name in NAMES if name in (*OF_MAIN, "merge-queue", "merge-methods", "bypass")]),
    ("rules/branches/link-report", ["link-report"]),
    (r"rulesets/\d+", ["bypass"]),
    ("branches/main/protection", ["bypass"]),
    ("/actions/workflows", ["check.yml", "desk.yml", "publish.yml", "links.yml", "clock.yml"]),
    ("/collaborators", ["write-access"]),
    ("artifact-and-log-retention", ["retention"]),
    ("contents/giscus.json", ["comment-origins"]),
    ("/actions/permissions$", ["actions"]),
    ("/actions/permissions/workflow$", ["token", "self-approval"]),
    ("fork-pr-contributor-approval", ["outsiders"]),
    ("/pages$", ["pages", "https"]),
    ("environments/github-pages", ["environment"]),
    ("codeowners/errors", ["codeowners"]),
    ("graphql SetUp", ["category"]),
]


@pytest.mark.parametrize(("pattern", "names"), REFUSED)
@pytest.mark.parametrize(
    "answer", [Fault(403, {"message": "Forbidden"}), Fault(200, [])], ids=["403", "not as described"]
)
def test_a_refusal_stops_nothing_else(
    github: StandIn, root: Path, pattern: str, names: list[str], answer: Fault
) -> None:
    github.fail(pattern, Fault(answer.status, b"5" if answer.status == 200 else answer.body), times=None)
    rows = examine(github, root)
    assert (states(rows, "unseen"), states(rows, "missing")) == (names, [])


@pytest.mark.parametrize(
    "fault", [Fault(502), Fault(timeout=True), Fault(truncate=True), primary_limit(NOW.replace(hour=20))]
)
@pytest.mark.parametrize("pattern", ["GET /repos/course/hub$", "/actions/workflows", "rulesets/", "main/protection"])
def test_trouble_with_github_as_a_whole(github: StandIn, root: Path, pattern: str, fault: Fault) -> None:
    github.fail(pattern, fault, times=None)
    with pytest.raises(GitHubError):
        examine(github, root)


def test_trouble_that_is_soon_over(github: StandIn, root: Path) -> None:
    github.fail("/pages", Fault(502), times=2)
    assert states(examine(github, root), "set") == NAMES


# The command


@pytest.fixture
def served(github: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("GH_TOKEN", "GITHUB_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    with github.serve() as url:
        monkeypatch.setenv("GITHUB_TOKEN", "t")
        monkeypatch.setenv("GITHUB_API_URL", url)
        monkeypatch.setenv("GITHUB_GRAPHQL_URL", f"{url}/graphql")
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        yield url


def run(root: Path, *arguments: str, repository: str = "course/hub") -> Result:
    return CliRunner().invoke(main, ["doctor", "--repository", repository, "--root", str(root), *arguments])


def test_the_real_command(github: StandIn, served: str, root: Path) -> None:
    command = [Path(sys.executable).with_name("coursehub"), "doctor", "--repository", "course/hub", "--root", root]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    last = f"{len(NAMES)} settings: {len(NAMES)} set, 0 missing, 0 could not be seen."
    assert ran.stdout.splitlines()[-1] == last
    assert ran.stdout.startswith("✓ public: the repository is public\n")


def break_some(github: StandIn) -> None:
    del github.permissions["administration"]
    without("required_status_checks")(github)
    ruleset(github)["rules"].append(
        {
            "type": "required_status_checks",
            "parameters": {
                "required_status_checks": [CHECKS[0], CHECKS[3]],
                "strict_required_status_checks_policy": True,
            },
        }
    )
    github.permissions["administration"] = "read"
    github.settings["actions"] = {"enabled": False}
    github.settings["pages"] = fill("page", build_type="legacy", https_enforced=True)


def test_the_text(github: StandIn, served: str, root: Path) -> None:
    break_some(github)
    done = run(root)
    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout == (FIXTURES / "text.txt").read_text()


def test_the_json(github: StandIn, served: str, root: Path) -> None:
    break_some(github)
    done = run(root, "--format", "json")
    printed = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (1, "")
    assert set(printed) == {"repository", "settings", "version"}
    assert (printed["repository"], printed["version"]) == ("course/hub", 1)
    assert [row["name"] for row in printed["settings"]] == NAMES
    by_name = {row["name"]: row for row in printed["settings"]}
    assert [by_name["required-checks"], by_name["public"]] == json.loads((FIXTURES / "rows.json").read_text())


def test_what_could_not_be_seen_alone_is_0_and_is_counted(github: StandIn, served: str, root: Path) -> None:
    del github.permissions["administration"]
    done = run(root)
    assert done.exit_code == 0
    set_ones = len(NAMES) - len(ADMINISTRATION)
    assert done.stdout.endswith(
        f"\n{len(NAMES)} settings: {set_ones} set, 0 missing, {len(ADMINISTRATION)} could not be seen.\n"
        "What could not be seen may be missing too.\n"
    )


def test_text_from_github_can_not_move_the_cursor(github: StandIn, served: str, root: Path) -> None:
    ruleset(github)["name"] = "main\r\u202e"
    ruleset(github)["bypass_actors"] = [{"actor_type": "User"}]
    assert "(ruleset “main\\u000d\\u202e”)." in run(root).stdout


@pytest.mark.parametrize("fault", [Fault(502), Fault(timeout=True), Fault(401, {"message": "Bad credentials"})])
def test_github_that_can_not_be_asked_is_2(github: StandIn, served: str, root: Path, fault: Fault) -> None:
    github.fail("", fault, times=None)
    done = run(root)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "coursehub: course/hub could not be looked at, so nothing is said of its settings: GET"
    )


def test_no_such_repository_is_2(served: str, root: Path) -> None:
    done = run(root, repository="course/other")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "404, Not Found" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--repository", "hub"], "“hub” is not a repository on GitHub such as owner/name"),
        (["--format", "github"], "'github' is not one of 'text', 'json'"),
        (["--post"], "No such option"),
        (["x"], "unexpected extra argument"),
    ],
)
def test_wrong_use_is_2(served: str, github: StandIn, root: Path, arguments: list[str], message: str) -> None:
    done = run(root, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert github.requests == []


def test_a_broken_file_is_2(served: str, root: Path) -> None:
    (root / ".github/workflows/check.yml").write_text("jobs: [")
    done = run(root)
    assert (done.exit_code, done.stdout) == (2, "")
    assert ".github/workflows/check.yml: it cannot be read" in done.stderr


def test_no_token_is_2(served: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    done = run(root)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "GITHUB_TOKEN" in done.stderr


# The pages


def test_the_page_has_the_commands_of_the_doctor() -> None:
    """Whoever follows the page has what the doctor looks for."""
    page = (ROOT / "docs/set-up.md").read_text()
    settings = [setting for question in QUESTIONS for setting in question.settings]
    commands = {each.command for each in settings if isinstance(each.command, str) and each.command}
    shown = page.replace("https://github.com/OWNER/NAME", "{home}").replace("OWNER/NAME", "{repository}")
    shown = shown.replace("orgs/OWNER", "orgs/{owner}")
    absent = sorted(it for it in {*commands, "gh workflow run publish.yml --repo {repository}"} if it not in shown)
    assert absent == []


def test_the_example_is_what_the_doctor_prints(github: StandIn, served: str, root: Path) -> None:
    break_some(github)
    printed = run(root).stdout.replace("course/hub", "octocat/hub")
    page = (ROOT / "docs/commands.md").read_text()
    example = page.partition("\n## doctor\n")[2].partition("$ GITHUB_TOKEN=")[2].partition("```")[0]
    shown = [line for line in example.splitlines()[1:] if line not in ("", "…") and "settings: " not in line]
    assert len(shown) > 8
    assert [line for line in shown if line not in printed.splitlines()] == []
    assert f"\n{len(NAMES)} settings: " in example


def test_the_page_names_every_setting() -> None:
    page = (ROOT / "docs/set-up.md").read_text()
    assert [name for name in NAMES if f"`{name}`" not in page] == []


def test_the_page_ends_with_eleven_steps_to_try() -> None:
    """Each with what to do, what to see, and what to change otherwise."""
    page = (ROOT / "docs/set-up.md").read_text()
    rows = [
        line.strip("| ").split(" | ") for line in page.partition("\n## Try it\n")[2].splitlines() if line[:1] == "|"
    ]
    assert [len(row) for row in rows] == [3] * 13
    assert [row[0].partition(".")[0] for row in rows[2:]] == [str(number) for number in range(1, 12)]
    assert "\n## " not in page.partition("\n## Try it\n")[2]


def test_a_ruleset_that_github_would_refuse_is_refused(github: StandIn) -> None:
    wrong = json.loads(json.dumps({**RULESET, "name": "other"}).replace("require_code_owner_review", "code_owners"))
    with pytest.raises(AssertionError, match="the body of POST"):
        door(github).write("POST", "/rulesets", wrong)


# The commands that it names do what they promise


@pytest.mark.parametrize(("names", "problem", "change"), MISSING, ids=[f"{row[0][0]}: {row[1]}" for row in MISSING])
def test_the_command_sets_what_is_missing(
    github: StandIn, root: Path, names: list[str], problem: str, change: Callable[[StandIn], Any]
) -> None:
    change(github)
    for name, row in examine(github, root).items():
        if name in names and row.command:
            logins = [login for login in github.settings["writers"] if login.lower() != "teacher"]
            for login in logins if "LOGIN" in row.command else [""]:
                gh.run(github, row.command.replace("LOGIN", login), root)
            assert examine(github, root)[name].state == "set", (row.problem, row.command)


def test_every_command_is_tried() -> None:
    tried = {name for names, _, _ in MISSING for name in names} | {"comment-origins"}  # below
    assert {each.name for question in QUESTIONS for each in question.settings if each.command} <= tried


def test_utterances_reads_its_settings_from_the_branch_that_the_command_makes(
    github: StandIn, root: Path, tmp_path: Path
) -> None:
    sites.configure(root, {"repo": "course/hub"})
    assert examine(github, root)["comment-origins"].command == ""  # giscus reads them on main
    sites.configure(root, {"provider": "utterances"})
    command = examine(github, root)["comment-origins"].command
    clone = Repository(tmp_path / "clone")
    clone.write("utterances.json", "{}")
    newest = clone.commit()
    clone.git("clone", "-q", "--bare", str(clone.root), str(tmp_path / "github.git"))
    clone.git("remote", "add", "origin", str(tmp_path / "github.git"))
    clone.git("fetch", "-q", "origin")
    clone.git(*command.replace(HOME, str(tmp_path / "github.git")).split()[1:])
    assert clone.git("ls-remote", "origin", "refs/heads/master").split() == [newest, "refs/heads/master"]
