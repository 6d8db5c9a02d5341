"""How main is protected: by rulesets, by branch protection, or by both.

https://docs.github.com/en/rest/repos/rules and https://docs.github.com/en/rest/branches/branch-protection
"""

from collections.abc import Callable

import msgspec

from coursehub.desk.pulls import CONTEXT
from coursehub.doctor.checkout import MAIN, Checkout
from coursehub.doctor.question import Question, refusal
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import EDIT, POST, PUT, SETTINGS_PAGE, Setting, UnseenError, quoted
from coursehub.github.door import GitHub, GitHubError, NotFoundError
from coursehub.workflows import DESK

ACTIONS_APP = 15368  # the number of the app GitHub Actions on github.com, to which what a workflow reports belongs
ALL_GREEN = "ALLGREEN"  # GitHub's name of the strategy
ACTORS = {
    "DeployKey": "deploy keys",
    "Integration": "an app",
    "OrganizationAdmin": "the organization's administrators",
    "RepositoryRole": "a role in the repository",
    "Team": "a team",
    "User": "a person",
}


class Protection(msgspec.Struct, frozen=True):
    """All that protects main. `unseen` is why branch protection is not shown, `bypass_unseen` why a bypass list is not;
    both are empty where all is shown.
    """

    pull_request: bool = False
    no_force_push: bool = False
    no_deletion: bool = False
    checks: frozenset[tuple[str, int | None]] = frozenset()  # each with the app it must come from, if that matters
    strict: bool = False
    queue: bool = False
    grouping: frozenset[str] = frozenset()  # the queues' strategies
    approvals: int = 0
    code_owners: bool = False
    rebase: bool | None = True  # None: not shown
    bypass: tuple[str, ...] = ()
    bypass_unseen: str = ""
    unseen: str = ""


def _protection(github: GitHub, repository: Repository) -> Protection:
    """Rulesets and branch protection together: what either demands is demanded, and who may bypass either may."""
    protection = _by_rulesets(github, branch_rules(github, MAIN))
    try:
        if settings := _branch_protection(github):
            protection = _both(protection, _by_branch_protection(settings))
    except GitHubError as error:
        unseen = refusal(error)
        protection = msgspec.structs.replace(
            protection, unseen=unseen, bypass_unseen=protection.bypass_unseen or unseen
        )
    return msgspec.structs.replace(protection, rebase=protection.rebase and repository.allow_rebase_merge)


def _both(one: Protection, other: Protection) -> Protection:
    return Protection(
        pull_request=one.pull_request or other.pull_request,
        no_force_push=one.no_force_push or other.no_force_push,
        no_deletion=one.no_deletion or other.no_deletion,
        checks=one.checks | other.checks,
        strict=one.strict or other.strict,
        queue=one.queue or other.queue,
        grouping=one.grouping | other.grouping,
        approvals=max(one.approvals, other.approvals),
        code_owners=one.code_owners or other.code_owners,
        rebase=one.rebase and other.rebase,
        bypass=one.bypass + other.bypass,
        bypass_unseen=one.bypass_unseen or other.bypass_unseen,
    )


class _Context(msgspec.Struct):
    context: str
    integration_id: int | None = None


class _Parameters(msgspec.Struct):
    required_status_checks: list[_Context] = []
    strict_required_status_checks_policy: bool = False
    require_code_owner_review: bool = False
    required_approving_review_count: int = 0
    allowed_merge_methods: list[str] | None = None
    merge_method: str = ""
    grouping_strategy: str = ""


class Rule(msgspec.Struct):
    """A rule of a ruleset."""

    type: str
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)
    ruleset_id: int | None = None


class _Actor(msgspec.Struct):
    actor_type: str


class _Ruleset(msgspec.Struct):
    name: str
    bypass_actors: list[_Actor] | None = None  # only whoever may change the ruleset is shown them


def branch_rules(github: GitHub, branch: str) -> list[Rule]:
    """The rules of all active rulesets for a branch, whether it exists or not. Raises `GitHubError`."""
    return [rule for page in github.pages(f"/rules/branches/{branch}", list[Rule]) for rule in page]


def _by_rulesets(github: GitHub, rules: list[Rule]) -> Protection:
    kinds = {rule.type for rule in rules}
    parameters = [rule.parameters for rule in rules]
    protection = Protection(
        pull_request="pull_request" in kinds,
        no_force_push="non_fast_forward" in kinds,
        no_deletion="deletion" in kinds,
        checks=frozenset(
            (check.context, check.integration_id) for each in parameters for check in each.required_status_checks
        ),
        strict=any(each.strict_required_status_checks_policy for each in parameters),
        queue="merge_queue" in kinds,
        grouping=frozenset(rule.parameters.grouping_strategy for rule in rules if rule.type == "merge_queue"),
        approvals=max((each.required_approving_review_count for each in parameters), default=0),
        code_owners=any(each.require_code_owner_review for each in parameters),
        rebase=all(_may_rebase(each) for each in parameters),
    )
    bypass: list[str] = []
    for number in sorted({rule.ruleset_id for rule in rules if rule.ruleset_id is not None}):
        try:
            ruleset = github.get(f"/rulesets/{number}", _Ruleset)
        except GitHubError as error:
            protection = msgspec.structs.replace(protection, bypass_unseen=refusal(error))
            continue
        where = f"ruleset “{ruleset.name}”"
        if ruleset.bypass_actors is None:
            unseen = f"the bypass list of the {where} is shown only to people who may change it"
            protection = msgspec.structs.replace(protection, bypass_unseen=unseen)
        bypass += [f"{ACTORS.get(each.actor_type, each.actor_type)} ({where})" for each in ruleset.bypass_actors or ()]
    return msgspec.structs.replace(protection, bypass=tuple(bypass))


def _may_rebase(parameters: _Parameters) -> bool:
    if parameters.merge_method:  # a merge queue's
        return parameters.merge_method == "REBASE"
    return parameters.allowed_merge_methods is None or "rebase" in parameters.allowed_merge_methods


class _Switch(msgspec.Struct):
    enabled: bool = False


class _Check(msgspec.Struct):
    context: str
    app_id: int | None = None


class _Checks(msgspec.Struct):
    contexts: list[str]
    checks: list[_Check] = []
    strict: bool = False


class _Reviews(msgspec.Struct):
    require_code_owner_reviews: bool
    required_approving_review_count: int = 0
    bypass_pull_request_allowances: dict[str, list[msgspec.Raw]] = {}


class _BranchProtection(msgspec.Struct):
    required_status_checks: _Checks | None = None
    required_pull_request_reviews: _Reviews | None = None
    enforce_admins: _Switch = msgspec.field(default_factory=_Switch)
    allow_force_pushes: _Switch = msgspec.field(default_factory=_Switch)
    allow_deletions: _Switch = msgspec.field(default_factory=_Switch)


def _branch_protection(github: GitHub) -> _BranchProtection | None:
    """The older kind of protection, or None where there is none: GitHub's words differ from those of a refusal."""
    try:
        return github.get(f"/branches/{MAIN}/protection", _BranchProtection)
    except NotFoundError as error:
        if "Branch not protected" in str(error):
            return None
        raise


def _by_branch_protection(settings: _BranchProtection) -> Protection:
    checks, reviews = settings.required_status_checks, settings.required_pull_request_reviews
    sources = {check.context: check.app_id for check in checks.checks} if checks else {}
    bypass = [] if settings.enforce_admins.enabled else ["administrators (branch protection)"]
    if reviews and any(reviews.bypass_pull_request_allowances.values()):
        bypass.append("people who need no pull request (branch protection)")
    return Protection(
        pull_request=reviews is not None,
        no_force_push=not settings.allow_force_pushes.enabled,
        no_deletion=not settings.allow_deletions.enabled,
        checks=frozenset((name, sources.get(name)) for name in (checks.contexts if checks else ())),
        strict=bool(checks and checks.strict),
        approvals=reviews.required_approving_review_count if reviews else 0,
        code_owners=bool(reviews and reviews.require_code_owner_reviews),
        bypass=tuple(bypass),
    )


def _demand(is_met: Callable[[Protection], bool], otherwise: str) -> Callable[[Protection, Checkout], str | None]:
    return lambda protection, checkout: None if is_met(protection) else _missing(protection, otherwise)


def _missing(protection: Protection, problem: str) -> str:
    """Return the problem. Raises `UnseenError` where branch protection, which may prevent it, is not shown."""
    if protection.unseen:
        raise UnseenError(f"no ruleset asks for it, and branch protection is not shown: {protection.unseen}")
    return problem


def required_checks(checkout: Checkout) -> tuple[str, ...]:
    """The names of the status and the jobs that main waits for."""
    return (CONTEXT, *checkout.checks)


def _missing_checks(protection: Protection, checkout: Checkout) -> str | None:
    required = {name for name, _ in protection.checks}
    absent = [name for name in required_checks(checkout) if name not in required]
    return _missing(protection, f"not required: {quoted(absent)}") if absent else None


def _any_source(protection: Protection, checkout: Checkout) -> str | None:
    """Several requirements of one check must all be met: one that names the app is enough, one too many is not."""
    needed = required_checks(checkout)
    apps: dict[str, set[int]] = {name: set() for name in needed if (name, None) in protection.checks}
    for name, app in protection.checks:
        if app is not None and name in needed:
            apps.setdefault(name, set()).add(app)
    if wrong := [name for name in apps if apps[name] - {ACTIONS_APP}]:
        numbers = sorted({app for name in wrong for app in apps[name] - {ACTIONS_APP}})
        return f"expected from the app {', '.join(map(str, numbers))}, so never passed: {quoted(sorted(wrong))}"
    if free := [name for name in apps if not apps[name]]:
        return _missing(protection, f"taken from anybody who may write: {quoted(sorted(free))}")
    return None if apps else _missing(protection, "no check is required")


def _lenient_queue(protection: Protection, checkout: Checkout) -> str | None:
    """In a group of which only the last entry must pass, the desk's refusal of another one would stop nothing."""
    if not protection.queue or protection.grouping == {ALL_GREEN}:
        return None
    words = " and ".join(sorted(each or "no strategy" for each in protection.grouping - {ALL_GREEN}))
    return f"there is a merge queue with {words}: of a group that merges together only the last must pass"


def _outdated_checks(protection: Protection, checkout: Checkout) -> str | None:
    """In a merge queue all checks are of today's main, but a required workflow that does not run there never ends."""
    idle = [name for name in (*checkout.gates, DESK) if name not in checkout.in_merge_queue]
    if protection.queue and idle:
        return f"there is a merge queue, for which {quoted(idle)} does not run: add “merge_group:” to its “on:”"
    return None if protection.strict or protection.queue else _missing(protection, "neither is required")


def _no_review(protection: Protection, checkout: Checkout) -> str | None:
    """Where no approval at all is required, GitHub has been seen not to wait for code owners either."""
    if not protection.code_owners:
        return _missing(protection, "no review of code owners is required")
    if not protection.approvals:
        return _missing(protection, "it is ticked, but the number of required approvals is 0")
    return None


def _rebase(protection: Protection, checkout: Checkout) -> str | None:
    if protection.rebase is None:
        raise UnseenError("no ruleset forbids it, and what the repository offers is shown only to people who may push")
    return "“Rebase and merge” is offered" if protection.rebase else None


def _bypass(protection: Protection, checkout: Checkout) -> str | None:
    if protection.bypass:
        return "it may be bypassed by " + "; ".join(protection.bypass)
    if protection.bypass_unseen:
        raise UnseenError(protection.bypass_unseen)
    return None if protection.pull_request or protection.checks else "nothing protects it yet"


RULESET = (  # adds the ruleset, or replaces the one of its name
    f"coursehub ruleset | {POST}/rulesets --input - || coursehub ruleset | {PUT}/rulesets/"
    """$(gh api repos/{repository}/rulesets --jq '.[] | select(.name == "main").id') --input -"""
)


def _of_ruleset(
    name: str, what: str, why: str, tick: str, problem: Callable[[Protection, Checkout], str | None]
) -> Setting[Protection]:
    click = f"{SETTINGS_PAGE}/rules → the ruleset of {MAIN} → {tick}; the command sets the whole ruleset"
    return Setting(name, what, why, click, RULESET, problem)


PROTECTION: Question[Protection] = Question(
    "“Administration: write”",
    _protection,
    (
        _of_ruleset(
            "pull-request",
            f"{MAIN} takes changes by pull request only",
            "a push goes past the desk and the checks",
            "“Require a pull request before merging”",
            _demand(lambda protection: protection.pull_request, f"a push to {MAIN} needs none"),
        ),
        _of_ruleset(
            "force-push",
            f"{MAIN} cannot be force-pushed",
            "its history says who came first",
            "“Block force pushes”",
            _demand(lambda protection: protection.no_force_push, "force pushes are allowed"),
        ),
        _of_ruleset(
            "deletion",
            f"{MAIN} cannot be deleted",
            "it holds every claim",
            "“Restrict deletions”",
            _demand(lambda protection: protection.no_deletion, "deletion is allowed"),
        ),
        _of_ruleset(
            "required-checks",
            f"{MAIN} waits for “{CONTEXT}” and for the jobs that check pull requests",
            "what fails, or was never judged, could be merged",
            "“Require status checks to pass” → add each by its name",
            _missing_checks,
        ),
        _of_ruleset(
            "check-source",
            "the required checks count from GitHub Actions alone",
            "anybody with write access, or any program with it, could report them as passed",
            f"“Require status checks to pass” → at each, the source “GitHub Actions” ({ACTIONS_APP})",
            _any_source,
        ),
        _of_ruleset(
            "up-to-date",
            f"checks are of today's {MAIN}: branches up to date, or a merge queue",
            "two pull requests with the same claim could each pass before the other is merged",
            "“Require branches to be up to date before merging”",
            _outdated_checks,
        ),
        Setting(
            "merge-queue",
            "in a merge queue, if there is one, every pull request of a group must pass",
            "the others of a group would be merged though the desk refuses them",
            f"{SETTINGS_PAGE}/rules → the ruleset with “Require merge queue” → tick “Require all queue entries to pass "
            f'required checks”; in a file: "grouping_strategy": "{ALL_GREEN}"',
            "",
            _lenient_queue,
        ),
        _of_ruleset(
            "review",
            "code owners must approve what CODEOWNERS names",
            "a pull request could change the checks that judge it",
            "“Required approvals”: 1, and “Require review from Code Owners”",
            _no_review,
        ),
        Setting(
            "merge-methods",
            "pull requests are merged or squashed, not rebased",
            f"who came first is read from {MAIN}'s own line of history, a commit for each pull request",
            f"{SETTINGS_PAGE} → Pull Requests → untick “Allow rebase merging”",
            f"{EDIT} --enable-rebase-merge=false",
            _rebase,
        ),
        Setting(
            "bypass",
            f"nobody may bypass what protects {MAIN}",
            "one click in a hurry merges what was not judged",
            f"{SETTINGS_PAGE}/rules → the ruleset → empty “Bypass list”; of branch protection: "
            f"{SETTINGS_PAGE}/branches → tick “Do not allow bypassing the above settings”",
            "",
            _bypass,
        ),
    ),
)
QUESTIONS = (PROTECTION,)
