"""GitHub Actions: whether the workflows are on, which actions may run, and what a workflow's token may do.

https://docs.github.com/en/rest/actions/permissions and https://docs.github.com/en/rest/actions/workflows
"""

from collections.abc import Callable
from fnmatch import fnmatchcase

import msgspec

from coursehub.doctor.checkout import MAIN, Checkout
from coursehub.doctor.question import ADMINISTRATION, Question, without_request
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import PUT, SETTINGS_PAGE, Setting, quoted, unless
from coursehub.github.door import GitHub
from coursehub.text.wording import plural
from coursehub.workflows import CHECK, CLOCK, DESK, FOLDER, LINKS, PUBLISH

ACTIONS_PAGE = f"{SETTINGS_PAGE}/actions"


class _Workflow(msgspec.Struct):
    path: str
    state: str


class _Workflows(msgspec.Struct):
    workflows: list[_Workflow]


def _workflow_states(github: GitHub, repository: Repository) -> dict[str, str]:
    """Workflow file → its state."""
    pages = github.pages("/actions/workflows", _Workflows)
    return {each.path.removeprefix(f"{FOLDER}/"): each.state for page in pages for each in page.workflows}


REASONS = {  # states of a workflow that is not active; none of its triggers wakes it then
    "deleted": f"its file is gone from {MAIN}",
    "disabled_fork": "GitHub has disabled it, since this is a fork",
    "disabled_inactivity": "GitHub has disabled it, since nothing was committed here for 60 days",
    "disabled_manually": "somebody has disabled it",
}


def _idle(name: str) -> Callable[[dict[str, str], Checkout], str | None]:
    def problem(states: dict[str, str], checkout: Checkout) -> str | None:
        state = states.get(name)
        if state is None:
            return f"GitHub knows no {FOLDER}/{name} on {MAIN}"
        return None if state == "active" else f"{REASONS.get(state, 'it does not run')} ({state})"

    return problem


def _enabling(name: str) -> Callable[[dict[str, str], Checkout], str]:
    """The command for a workflow that is disabled; one whose file is not on main cannot be enabled."""
    command = f"gh workflow enable {name} --repo {{repository}}"
    return lambda states, _: command if states.get(name, "").startswith("disabled") else ""


RUNNING: Question[dict[str, str]] = Question(
    "“Actions: read”",
    _workflow_states,
    tuple(
        Setting(
            name,
            f"the workflow {name} is on",
            why,
            f"{{home}}/actions/workflows/{name} → “Enable workflow”, once {FOLDER}/{name} is on {MAIN}",
            _enabling(name),
            _idle(name),
        )
        for name, why in (
            (CHECK, "pull requests wait for its checks"),
            (DESK, "it judges claims, and pull requests wait for its status"),
            (PUBLISH, "it brings what is merged to the site"),
            (LINKS, "it finds dead links"),
            (
                CLOCK,
                "it starts the others by the clock: the desk, publishing, and the walk along all links",
            ),
        )
    ),
)


class _Actions(msgspec.Struct):
    enabled: bool
    allowed_actions: str = "all"


class _SelectedActions(msgspec.Struct):
    github_owned_allowed: bool = False
    patterns_allowed: list[str] = []


class _Allowed(msgspec.Struct):
    """Whether Actions run, whether GitHub's own may, and patterns of what else may; None: all may."""

    enabled: bool
    github_owned: bool = True
    patterns: list[str] | None = None


def _allowed_actions(github: GitHub, repository: Repository) -> _Allowed:
    actions = github.get("/actions/permissions", _Actions)
    if actions.allowed_actions == "selected":
        selected = github.get("/actions/permissions/selected-actions", _SelectedActions)
        return _Allowed(actions.enabled, selected.github_owned_allowed, selected.patterns_allowed)
    if actions.allowed_actions == "local_only":
        return _Allowed(actions.enabled, False, [])
    return _Allowed(actions.enabled)


def _actions_off(allowed: _Allowed, checkout: Checkout) -> str | None:
    if not allowed.enabled:
        return "Actions are disabled"
    if not allowed.github_owned:
        return "GitHub's own actions, such as actions/checkout, are not allowed"
    if allowed.patterns is None:
        return None
    refused = [call for call in checkout.calls if not any(fnmatchcase(call, each) for each in allowed.patterns)]
    return f"not allowed: {quoted(refused)}" if refused else None


ALLOWED: Question[_Allowed] = Question(
    ADMINISTRATION,
    _allowed_actions,
    (
        Setting(
            "actions",
            "Actions run",
            "desk, checks and site are workflows",
            f"{ACTIONS_PAGE} → “Allow all actions and reusable workflows”",
            f"{PUT}/actions/permissions -F enabled=true -f allowed_actions=all",
            _actions_off,
        ),
    ),
)


class _Token(msgspec.Struct):
    default_workflow_permissions: str
    can_approve_pull_request_reviews: bool


TOKEN: Question[_Token] = Question(
    ADMINISTRATION,
    lambda github, repository: github.get("/actions/permissions/workflow", _Token),
    (
        Setting(
            "token",
            "a workflow's token may only read, unless the workflow says more",
            "a job that forgets to say what it needs could change the repository",
            f"{ACTIONS_PAGE} → Workflow permissions → “Read repository contents and packages permissions”",
            f"{PUT}/actions/permissions/workflow -f default_workflow_permissions=read",
            unless(lambda token: token.default_workflow_permissions == "read", "it may write"),
        ),
        Setting(
            "self-approval",
            "Actions may not approve pull requests",
            "a workflow could stand in for the staff's review",
            f"{ACTIONS_PAGE} → untick “Allow GitHub Actions to create and approve pull requests”",
            f"{PUT}/actions/permissions/workflow -F can_approve_pull_request_reviews=false",
            unless(lambda token: not token.can_approve_pull_request_reviews, "they may"),
        ),
    ),
)

APPROVAL = "fork-pr-contributor-approval"  # GitHub's name of the policy


class _Approval(msgspec.Struct):
    approval_policy: str


OUTSIDERS: Question[_Approval] = Question(
    ADMINISTRATION,
    lambda github, repository: github.get(f"/actions/permissions/{APPROVAL}", _Approval),
    (
        Setting(
            "outsiders",
            "staff let each student's checks run once at most",
            "otherwise each push of each student waits for a click",
            f"{ACTIONS_PAGE} → Approval for running fork pull request workflows → “… who are new to GitHub”",
            f"{PUT}/actions/permissions/{APPROVAL} -f approval_policy=first_time_contributors_new_to_github",
            unless(
                lambda approval: approval.approval_policy != "all_external_contributors",
                "each push waits for approval",
            ),
        ),
    ),
)


class _Retention(msgspec.Struct):
    days: int
    maximum_allowed_days: int


RETENTION_DAYS = 90  # the most that GitHub offers a public repository


def _short(retention: _Retention, checkout: Checkout) -> str | None:
    if retention.days >= RETENTION_DAYS:
        return None
    most = retention.maximum_allowed_days
    more = f", and the organization allows no more than {most}" if most < RETENTION_DAYS else ""
    return f"they stay for {plural(retention.days, 'day')}{more}"


RETENTION: Question[_Retention] = Question(
    ADMINISTRATION,
    lambda github, repository: github.get("/actions/permissions/artifact-and-log-retention", _Retention),
    (
        Setting(
            "retention",
            f"runs, checks and statuses stay for {RETENTION_DAYS} days",
            "a pull request that is older has lost the desk's status, and when GitHub received its commits",
            f"{ACTIONS_PAGE} → “Artifact and log retention”: {RETENTION_DAYS} days; where an organization allows "
            "fewer, its owners change that first",
            f"{PUT}/actions/permissions/artifact-and-log-retention -F days={RETENTION_DAYS}",
            _short,
        ),
    ),
)


def _sleepers(repository: Repository, checkout: Checkout) -> str | None:
    names = [name for name in checkout.put_to_sleep if name != CLOCK]
    return f"with a “schedule” beside other triggers: {quoted(names)}" if names else None


def _refused(repository: Repository, checkout: Checkout) -> str | None:
    return "; ".join(checkout.refused) or None


OWN = without_request(
    (
        Setting(
            "callers",
            "workflows grant what those that they call ask for",
            "GitHub starts no job of such a workflow, and says so under Actions alone",
            "Add it under “permissions” of the job that calls, or take the file that a new course gets.",
            "",
            _refused,
        ),
        Setting(
            "schedules",
            f"nothing but {CLOCK} needs a schedule to run",
            "after 60 days without a commit GitHub disables a workflow that has one, with all its other triggers",
            f"Take “schedule:” out of it, give it “workflow_dispatch:”, and let {FOLDER}/{CLOCK} start it.",
            "",
            _sleepers,
        ),
    )
)
QUESTIONS = (RUNNING, OWN, ALLOWED, TOKEN, OUTSIDERS, RETENTION)
