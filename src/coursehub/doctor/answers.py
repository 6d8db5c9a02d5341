"""What GitHub says of a repository's settings: one question, one record.

Each asks only by GET or by a query, and raises `GitHubError` where GitHub does not answer.
"""

import msgspec

from coursehub.doctor.checkout import WORKFLOWS
from coursehub.github.door import GitHub, GitHubError, NoSuchError

MAIN = "main"  # the branch that the workflows name
LINK_REPORT = "link-report"  # the branch on which links.yml keeps its record
APPROVAL = "fork-pr-contributor-approval"  # GitHub's name of the policy


class Repository(msgspec.Struct):
    """The repository, as everybody sees it."""

    full_name: str
    html_url: str
    default_branch: str
    private: bool
    has_issues: bool
    has_pages: bool
    has_discussions: bool
    allow_rebase_merge: bool | None = None


class _Context(msgspec.Struct):
    context: str


class _Parameters(msgspec.Struct):
    required_status_checks: list[_Context] = []
    strict_required_status_checks_policy: bool = False
    require_code_owner_review: bool = False
    required_approving_review_count: int = 0
    allowed_merge_methods: list[str] | None = None
    merge_method: str = ""


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


class _Switch(msgspec.Struct):
    enabled: bool = False


class _Checks(msgspec.Struct):
    contexts: list[str]
    strict: bool = False


class _Reviews(msgspec.Struct):
    require_code_owner_reviews: bool
    required_approving_review_count: int = 0
    bypass_pull_request_allowances: dict[str, list[msgspec.Raw]] = {}


class _Protection(msgspec.Struct):
    required_status_checks: _Checks | None = None
    required_pull_request_reviews: _Reviews | None = None
    enforce_admins: _Switch = msgspec.field(default_factory=_Switch)
    allow_force_pushes: _Switch = msgspec.field(default_factory=_Switch)
    allow_deletions: _Switch = msgspec.field(default_factory=_Switch)


class Main(msgspec.Struct, frozen=True):
    """What protects main: rulesets, branch protection, or both. `unseen` says what of it was not shown."""

    pull_request: bool = False
    no_force_push: bool = False
    no_deletion: bool = False
    checks: frozenset[str] = frozenset()
    strict: bool = False
    queue: bool = False
    approvals: int = 0
    code_owners: bool = False
    rebase: bool | None = True  # None: not shown
    bypass: tuple[str, ...] = ()
    bypass_unseen: str = ""
    unseen: str = ""


ACTORS = {
    "DeployKey": "deploy keys",
    "Integration": "an app",
    "OrganizationAdmin": "the organization's administrators",
    "RepositoryRole": "a role in the repository",
    "Team": "a team",
    "User": "a person",
}


def main(github: GitHub, repository: Repository) -> Main:
    """Rulesets and branch protection together: what either demands is demanded, and who may bypass either may."""
    found = _by_rulesets(github, rules(github, MAIN))
    try:
        if protection := _protection(github):
            found = _both(found, _by_protection(protection))
    except GitHubError as error:
        unseen = refusal(error)
        found = msgspec.structs.replace(found, unseen=unseen, bypass_unseen=found.bypass_unseen or unseen)
    return msgspec.structs.replace(found, rebase=found.rebase and repository.allow_rebase_merge)


def rules(github: GitHub, branch: str) -> list[Rule]:
    """The rules of all active rulesets for a branch, whether there is one of that name or not."""
    return [rule for page in github.pages(f"/rules/branches/{branch}", list[Rule]) for rule in page]


def _by_rulesets(github: GitHub, rules: list[Rule]) -> Main:
    kinds = {rule.type for rule in rules}
    given = [rule.parameters for rule in rules]
    found = Main(
        pull_request="pull_request" in kinds,
        no_force_push="non_fast_forward" in kinds,
        no_deletion="deletion" in kinds,
        checks=frozenset(check.context for each in given for check in each.required_status_checks),
        strict=any(each.strict_required_status_checks_policy for each in given),
        queue="merge_queue" in kinds,
        approvals=max((each.required_approving_review_count for each in given), default=0),
        code_owners=any(each.require_code_owner_review for each in given),
        rebase=all(_may_rebase(each) for each in given),
    )
    bypass: list[str] = []
    for number in sorted({rule.ruleset_id for rule in rules if rule.ruleset_id is not None}):
        try:
            ruleset = github.get(f"/rulesets/{number}", _Ruleset)
        except GitHubError as error:
            found = msgspec.structs.replace(found, bypass_unseen=refusal(error))
            continue
        where = f"ruleset “{ruleset.name}”"
        if ruleset.bypass_actors is None:
            unseen = f"the bypass list of the {where} is shown only to whoever may change it"
            found = msgspec.structs.replace(found, bypass_unseen=unseen)
        bypass += [f"{ACTORS.get(each.actor_type, each.actor_type)} ({where})" for each in ruleset.bypass_actors or ()]
    return msgspec.structs.replace(found, bypass=tuple(bypass))


def _may_rebase(given: _Parameters) -> bool:
    if given.merge_method:  # a merge queue's
        return given.merge_method == "REBASE"
    return given.allowed_merge_methods is None or "rebase" in given.allowed_merge_methods


def _by_protection(protection: _Protection) -> Main:
    checks, reviews = protection.required_status_checks, protection.required_pull_request_reviews
    bypass = [] if protection.enforce_admins.enabled else ["administrators (branch protection)"]
    if reviews and any(reviews.bypass_pull_request_allowances.values()):
        bypass.append("whoever needs no pull request (branch protection)")
    return Main(
        pull_request=reviews is not None,
        no_force_push=not protection.allow_force_pushes.enabled,
        no_deletion=not protection.allow_deletions.enabled,
        checks=frozenset(checks.contexts if checks else ()),
        strict=bool(checks and checks.strict),
        approvals=reviews.required_approving_review_count if reviews else 0,
        code_owners=bool(reviews and reviews.require_code_owner_reviews),
        bypass=tuple(bypass),
    )


def _both(one: Main, other: Main) -> Main:
    return Main(
        pull_request=one.pull_request or other.pull_request,
        no_force_push=one.no_force_push or other.no_force_push,
        no_deletion=one.no_deletion or other.no_deletion,
        checks=one.checks | other.checks,
        strict=one.strict or other.strict,
        queue=one.queue or other.queue,
        approvals=max(one.approvals, other.approvals),
        code_owners=one.code_owners or other.code_owners,
        rebase=one.rebase and other.rebase,
        bypass=one.bypass + other.bypass,
        bypass_unseen=one.bypass_unseen or other.bypass_unseen,
    )


def _protection(github: GitHub) -> _Protection | None:
    """The older kind of protection, or None where there is none; GitHub's words tell that from a refusal."""
    try:
        return github.get(f"/branches/{MAIN}/protection", _Protection)
    except NoSuchError as error:
        if "Branch not protected" in str(error):
            return None
        raise


def refusal(error: GitHubError) -> str:
    """What GitHub said where it refused one thing; trouble with GitHub as a whole is raised on.

    The door's kinds of trouble are subclasses: after a broken line or a rate limit nothing else would be answered.
    """
    if type(error) not in (GitHubError, NoSuchError):
        raise error
    return str(error)


class _Workflow(msgspec.Struct):
    path: str
    state: str


class _Workflows(msgspec.Struct):
    workflows: list[_Workflow]


def workflows(github: GitHub, repository: Repository) -> dict[str, str]:
    """Workflow file → its state."""
    pages = github.pages("/actions/workflows", _Workflows)
    return {each.path.removeprefix(f"{WORKFLOWS}/"): each.state for page in pages for each in page.workflows}


class Actions(msgspec.Struct):
    """Which actions may run at all."""

    enabled: bool
    allowed_actions: str = "all"


class _Selected(msgspec.Struct):
    github_owned_allowed: bool = False


def actions(github: GitHub, repository: Repository) -> Actions:
    """Which actions may run; where some are chosen, `selected` stays only if GitHub's own are not among them."""
    actions = github.get("/actions/permissions", Actions)
    if actions.allowed_actions == "selected":
        selected = github.get("/actions/permissions/selected-actions", _Selected)
        actions.allowed_actions = "those of GitHub" if selected.github_owned_allowed else "selected"
    return actions


class Token(msgspec.Struct):
    """What the token of a workflow may do that does not say."""

    default_workflow_permissions: str
    can_approve_pull_request_reviews: bool


class Approval(msgspec.Struct):
    """Whose pull requests wait until their workflows are let run."""

    approval_policy: str


class Pages(msgspec.Struct):
    """The site."""

    build_type: str | None = None
    https_enforced: bool = False


def pages(github: GitHub, repository: Repository) -> Pages | None:
    """The site, or None where there is none."""
    try:
        return github.get("/pages", Pages)
    except NoSuchError:
        if repository.has_pages:  # so it is this token that is not shown them
            raise
        return None


class _BranchPolicy(msgspec.Struct):
    custom_branch_policies: bool


class _Environment(msgspec.Struct):
    deployment_branch_policy: _BranchPolicy | None = None


class _Policy(msgspec.Struct):
    name: str = ""
    type: str = "branch"


class _Policies(msgspec.Struct):
    branch_policies: list[_Policy]


def environment(github: GitHub, repository: Repository) -> list[str] | None:
    """Patterns of the branches that the environment takes the site from, or None where there is no environment."""
    try:
        environment = github.get("/environments/github-pages", _Environment)
    except NoSuchError:
        return None
    if not environment.deployment_branch_policy or not environment.deployment_branch_policy.custom_branch_policies:
        return ["*"]
    policies = github.get("/environments/github-pages/deployment-branch-policies", _Policies, per_page=100)
    return [policy.name for policy in policies.branch_policies if policy.type == "branch"]


class Category(msgspec.Struct, rename="camel"):
    """A category of Discussions."""

    name: str
    is_answerable: bool


class _Categories(msgspec.Struct):
    nodes: list[Category]


class _Discussions(msgspec.Struct, rename="camel"):
    discussion_categories: _Categories


def categories(github: GitHub, repository: Repository) -> list[Category]:
    """The categories of Discussions, none where they are off."""
    if not repository.has_discussions:
        return []
    return github.query("set_up", _Discussions).discussion_categories.nodes


class OwnersError(msgspec.Struct):
    """A line of CODEOWNERS that GitHub can not use."""

    line: int
    kind: str


class _OwnersErrors(msgspec.Struct):
    errors: list[OwnersError]


def owners_errors(github: GitHub, repository: Repository) -> list[OwnersError] | None:
    """What GitHub can not use in CODEOWNERS, or None where there is none on the default branch."""
    try:
        return github.get("/codeowners/errors", _OwnersErrors).errors
    except NoSuchError:
        return None


def token(github: GitHub, repository: Repository) -> Token:
    """What a workflow's token may do."""
    return github.get("/actions/permissions/workflow", Token)


def approval(github: GitHub, repository: Repository) -> Approval:
    """Whose pull requests wait."""
    return github.get(f"/actions/permissions/{APPROVAL}", Approval)
