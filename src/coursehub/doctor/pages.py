"""GitHub Pages, and the environment through which the site gets there.

https://docs.github.com/en/rest/pages/pages and https://docs.github.com/en/rest/deployments/environments
"""

import fnmatch

import msgspec

from coursehub.doctor.checkout import MAIN, Checkout
from coursehub.doctor.question import Question
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import POST, PUT, SETTINGS_PAGE, Setting, quoted, unless
from coursehub.github.door import GitHub, NotFoundError
from coursehub.workflows import PUBLISH


class _Pages(msgspec.Struct):
    build_type: str | None = None
    https_enforced: bool = False


def _pages(github: GitHub, repository: Repository) -> _Pages | None:
    """The settings of Pages, or None where there are no Pages."""
    try:
        return github.get("/pages", _Pages)
    except NotFoundError:
        if repository.has_pages:  # so it is this token that is not shown them
            raise
        return None


def _no_pages(pages: _Pages | None, checkout: Checkout) -> str | None:
    if pages is None:
        return "there are no Pages"
    return None if pages.build_type == "workflow" else "the source is a branch"


PAGES: Question[_Pages | None] = Question(
    "“Pages: read”",
    _pages,
    (
        Setting(
            "pages",
            "the source of Pages is GitHub Actions",
            f"{PUBLISH} cannot deploy otherwise",
            f"{SETTINGS_PAGE}/pages → Source → “GitHub Actions”",
            f"{POST}/pages -f build_type=workflow || {PUT}/pages -f build_type=workflow",
            _no_pages,
        ),
        Setting(
            "https",
            "Pages enforce HTTPS",
            "what readers get could be altered on its way",
            f"{SETTINGS_PAGE}/pages → “Enforce HTTPS”",
            f"{PUT}/pages -F https_enforced=true",
            unless(lambda pages: pages is not None and pages.https_enforced, "it is not enforced"),
        ),
    ),
)


class _BranchPolicy(msgspec.Struct):
    custom_branch_policies: bool


class _Environment(msgspec.Struct):
    deployment_branch_policy: _BranchPolicy | None = None


class _Policy(msgspec.Struct):
    name: str = ""
    type: str = "branch"


class _Policies(msgspec.Struct):
    branch_policies: list[_Policy]


def _deploying_branches(github: GitHub, repository: Repository) -> list[str] | None:
    """Patterns of the branches that the environment takes the site from, or None where there is no environment."""
    try:
        environment = github.get("/environments/github-pages", _Environment)
    except NotFoundError:
        return None
    if not environment.deployment_branch_policy or not environment.deployment_branch_policy.custom_branch_policies:
        return ["*"]
    policies = github.get("/environments/github-pages/deployment-branch-policies", _Policies, per_page=100)
    return [policy.name for policy in policies.branch_policies if policy.type == "branch"]


def _without_main(patterns: list[str] | None, checkout: Checkout) -> str | None:
    if patterns is None:
        return "there is none yet"
    if any(fnmatch.fnmatchcase(MAIN, pattern) for pattern in patterns):
        return None
    if not patterns:
        return "it takes nothing from any branch"
    return f"it takes nothing from {MAIN}, only from {quoted(patterns)}"


_RUN = f"gh workflow run {PUBLISH} --repo {{repository}}"
_LET_MAIN_IN = f"{POST}/environments/github-pages/deployment-branch-policies -f name={MAIN}"

ENVIRONMENT: Question[list[str] | None] = Question(
    "“Actions: read”",
    _deploying_branches,
    (
        Setting(
            "environment",
            f"the environment github-pages takes the site from {MAIN}",
            f"{PUBLISH} deploys through it",
            f"{SETTINGS_PAGE}/environments → github-pages → “Deployment branches and tags” → add {MAIN}; the first run "
            f"of {PUBLISH} makes the environment where there is none",
            lambda patterns, _: _RUN if patterns is None else _LET_MAIN_IN,
            _without_main,
        ),
    ),
)
QUESTIONS = (PAGES, ENVIRONMENT)
