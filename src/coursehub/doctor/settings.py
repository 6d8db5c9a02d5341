"""Every setting that Course Hub needs: what, why, where to click, and what tells whether it is set."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from coursehub.desk.pulls import CONTEXT
from coursehub.doctor import answers, judging
from coursehub.doctor.answers import (
    APPROVAL,
    LINK_REPORT,
    MAIN,
    Actions,
    Approval,
    Category,
    Main,
    OwnersError,
    Pages,
    Repository,
    Rule,
    Token,
)
from coursehub.doctor.checkout import CHECK, DESK, LINKS, PUBLISH, WORKFLOWS, Checkout
from coursehub.doctor.judging import COMMENTS, unless
from coursehub.github.door import GitHub

T = TypeVar("T")


class Setting(msgspec.Struct, Generic[T], frozen=True):
    """Something that must be set, why, where to click, and a command that does the same, if there is one.

    `wrong` says what is found instead, or None where it is set.
    """

    name: str
    what: str
    why: str
    click: str
    command: str
    wrong: Callable[[T, Checkout], str | None]


class Part(msgspec.Struct, Generic[T], frozen=True):
    """What GitHub is asked at once, the permission that a token needs for it, and what the answer tells of."""

    permission: str
    ask: Callable[[GitHub, Repository], T]
    settings: tuple[Setting[T], ...]


# In the texts below, {home} is the repository's page, and {repository} its owner and name.
SETTINGS = "{home}/settings"
EDIT = "gh repo edit {repository}"
POST = "gh api --method POST repos/{repository}"
PUT = "gh api --method PUT repos/{repository}"
ACTIONS = f"{SETTINGS}/actions"
ADMINISTRATION = "“Administration: read”"


def _of_main(name: str, what: str, why: str, tick: str, wrong: Callable[[Main, Checkout], str | None]) -> Setting[Main]:
    click = f"{SETTINGS}/rules → the ruleset of {MAIN} → {tick}; the command adds one with all where there is none"
    return Setting(name, what, why, click, f"{POST}/rulesets --input .github/ruleset.json", wrong)


REPOSITORY: Part[Repository] = Part(
    "“Metadata: read”",
    lambda github, repository: repository,
    (
        Setting(
            "public",
            "the repository is public",
            "students fork it, readers see it, and Pages cost nothing",
            f"{SETTINGS} → Danger Zone → Change visibility",
            f"{EDIT} --visibility public --accept-visibility-change-consequences",
            unless(lambda repository: not repository.private, "it is private"),
        ),
        Setting(
            "default-branch",
            f"the default branch is {MAIN}",
            "the workflows publish and judge by this name",
            f"{SETTINGS} → Default branch → rename or switch",
            f"{EDIT} --default-branch {MAIN}",
            unless(lambda repository: repository.default_branch == MAIN, "it has another name"),
        ),
        Setting(
            "issues",
            "Issues are on",
            "links.yml reports dead links in one",
            f"{SETTINGS} → Features → Issues",
            f"{EDIT} --enable-issues",
            unless(lambda repository: repository.has_issues, "they are off"),
        ),
        Setting(
            "discussions",
            "Discussions are on",
            "they hold the comments on posts",
            f"{SETTINGS} → Features → Discussions",
            f"{EDIT} --enable-discussions",
            unless(lambda repository: repository.has_discussions, "they are off"),
        ),
        Setting(
            "placeholders",
            "the template's names are replaced",
            "staff have no rights otherwise, and the site's own links lead elsewhere",
            "Write your own into the files; docs/adopt.md explains them.",
            "",
            judging.placeholders,
        ),
        Setting(
            "repo-url",
            "repo_url in mkdocs.yml is this repository",
            "“Claim it on GitHub” leads there where you build the site yourself",
            'Write into mkdocs.yml: repo_url: !ENV [COURSEHUB_REPO_URL, "{home}"]',
            "",
            judging.other_repository,
        ),
        Setting(
            "deadlines",
            "the open semester has its deadlines",
            "the home page shows them, and late claims are judged by them",
            "Add them to the semester in data/course.yaml, such as: post_due: 2026-12-04 23:59",
            "",
            judging.no_deadlines,
        ),
        Setting(
            "owners",
            "CODEOWNERS gives what judges the others to staff",
            "what nobody owns needs no approval, and what a stranger owns needs theirs",
            "Name staff for it in .github/CODEOWNERS, and the same logins under “staff” in data/course.yaml.",
            "",
            judging.strange_owners,
        ),
    ),
)
CODE_OWNERS: Part[list[OwnersError] | None] = Part(
    "“Contents: read”",
    answers.owners_errors,
    (
        Setting(
            "codeowners",
            "GitHub reads CODEOWNERS without errors",
            "a line with an error owns nothing",
            f"{{home}}/blob/{MAIN}/.github/CODEOWNERS shows the errors; owners need write access: {SETTINGS}/access",
            "",
            judging.broken_owners,
        ),
    ),
)
PROTECTED: Part[Main] = Part(
    "“Administration: write”",
    answers.main,
    (
        _of_main(
            "pull-request",
            f"{MAIN} takes changes by pull request only",
            "a push goes past the desk and the checks",
            "“Require a pull request before merging”",
            judging.protects(lambda main: main.pull_request, f"a push to {MAIN} needs none"),
        ),
        _of_main(
            "force-push",
            f"{MAIN} can not be force-pushed",
            "its history says who came first",
            "“Block force pushes”",
            judging.protects(lambda main: main.no_force_push, "force pushes are allowed"),
        ),
        _of_main(
            "deletion",
            f"{MAIN} can not be deleted",
            "it holds every claim",
            "“Restrict deletions”",
            judging.protects(lambda main: main.no_deletion, "deletion is allowed"),
        ),
        _of_main(
            "required-checks",
            f"{MAIN} waits for “{CONTEXT}” and for the jobs of {CHECK}",
            "what fails, or was never judged, could be merged",
            "“Require status checks to pass” → add each by its name",
            judging.no_checks,
        ),
        _of_main(
            "up-to-date",
            f"checks are of today's {MAIN}: branches up to date, or a merge queue",
            "two pull requests with the same claim could each pass before the other is merged",
            "“Require branches to be up to date before merging”",
            judging.stale,
        ),
        _of_main(
            "review",
            "code owners must approve what CODEOWNERS names",
            "a pull request could change the checks that judge it",
            "“Required approvals”: 1, and “Require review from Code Owners”",
            judging.unreviewed,
        ),
        Setting(
            "merge-methods",
            "pull requests are merged or squashed, not rebased",
            f"who came first is read from {MAIN}'s own line of history, a commit for each pull request",
            f"{SETTINGS} → Pull Requests → untick “Allow rebase merging”",
            f"{EDIT} --enable-rebase-merge=false",
            judging.rebased,
        ),
        Setting(
            "bypass",
            f"nobody may bypass what protects {MAIN}",
            "one click in a hurry merges what was not judged",
            f"{SETTINGS}/rules → the ruleset → empty “Bypass list”; of branch protection: {SETTINGS}/branches → tick "
            "“Do not allow bypassing the above settings”",
            "",
            judging.bypassed,
        ),
    ),
)
LINK_RECORD: Part[list[Rule]] = Part(
    "“Metadata: read”",
    lambda github, repository: answers.rules(github, LINK_REPORT),
    (
        Setting(
            LINK_REPORT,
            f"no ruleset holds back the branch {LINK_REPORT}",
            "links.yml pushes its record there",
            f"{SETTINGS}/rules → the ruleset → “Target branches”: only the default branch",
            "",
            judging.held_back,
        ),
    ),
)
RUNNING: Part[dict[str, str]] = Part(
    "“Actions: read”",
    answers.workflows,
    tuple(
        Setting(
            name,
            f"the workflow {name} is on",
            why,
            f"{{home}}/actions/workflows/{name} → “Enable workflow”, once {WORKFLOWS}/{name} is on {MAIN}",
            f"gh workflow enable {name} --repo {{repository}}",
            judging.idle(name),
        )
        for name, why in (
            (CHECK, "pull requests wait for its checks"),
            (DESK, "it judges claims, and pull requests wait for its status"),
            (PUBLISH, "it brings what is merged to the site"),
            (LINKS, "it finds dead links"),
        )
    ),
)
ALLOWED: Part[Actions] = Part(
    ADMINISTRATION,
    answers.actions,
    (
        Setting(
            "actions",
            "Actions run",
            "desk, checks and site are workflows",
            f"{ACTIONS} → “Allow all actions and reusable workflows”",
            f"{PUT}/actions/permissions -F enabled=true -f allowed_actions=all",
            judging.actions_off,
        ),
    ),
)
TOKEN: Part[Token] = Part(
    ADMINISTRATION,
    answers.token,
    (
        Setting(
            "token",
            "a workflow's token may only read, unless the workflow says more",
            "a job that forgets to say what it needs could change the repository",
            f"{ACTIONS} → Workflow permissions → “Read repository contents and packages permissions”",
            f"{PUT}/actions/permissions/workflow -f default_workflow_permissions=read",
            unless(lambda token: token.default_workflow_permissions == "read", "it may write"),
        ),
        Setting(
            "self-approval",
            "Actions may not approve pull requests",
            "a workflow could stand in for the staff's review",
            f"{ACTIONS} → untick “Allow GitHub Actions to create and approve pull requests”",
            f"{PUT}/actions/permissions/workflow -F can_approve_pull_request_reviews=false",
            unless(lambda token: not token.can_approve_pull_request_reviews, "they may"),
        ),
    ),
)
OUTSIDERS: Part[Approval] = Part(
    ADMINISTRATION,
    answers.approval,
    (
        Setting(
            "outsiders",
            "staff let each student's checks run once at most",
            "otherwise each push of each student waits for a click",
            f"{ACTIONS} → Approval for running fork pull request workflows → “… who are new to GitHub”",
            f"{PUT}/actions/permissions/{APPROVAL} -f approval_policy=first_time_contributors_new_to_github",
            unless(lambda it: it.approval_policy != "all_external_contributors", "each push waits for approval"),
        ),
    ),
)
SITE: Part[Pages | None] = Part(
    "“Pages: read”",
    answers.pages,
    (
        Setting(
            "pages",
            "the source of Pages is GitHub Actions",
            f"{PUBLISH} can not deploy otherwise",
            f"{SETTINGS}/pages → Source → “GitHub Actions”",
            f"{POST}/pages -f build_type=workflow || {PUT}/pages -f build_type=workflow",
            judging.no_pages,
        ),
        Setting(
            "https",
            "Pages enforce HTTPS",
            "what readers get could be altered on its way",
            f"{SETTINGS}/pages → “Enforce HTTPS”",
            f"{PUT}/pages -F https_enforced=true",
            unless(lambda pages: pages is not None and pages.https_enforced, "it is not enforced"),
        ),
    ),
)
ENVIRONMENT: Part[list[str] | None] = Part(
    "“Actions: read”",
    answers.environment,
    (
        Setting(
            "environment",
            f"the environment github-pages takes the site from {MAIN}",
            f"{PUBLISH} deploys through it",
            f"{SETTINGS}/environments → github-pages → “Deployment branches and tags” → add {MAIN}; the first run of "
            f"{PUBLISH} makes the environment where there is none",
            f"gh workflow run {PUBLISH} --repo {{repository}}",
            judging.no_environment,
        ),
    ),
)
DISCUSSIONS: Part[list[Category]] = Part(
    "“Discussions: read”",
    answers.categories,
    (
        Setting(
            "category",
            f"Discussions have the category “{COMMENTS}”",
            "comments go there, where only staff and the comment widget open threads",
            f"Turn Discussions on, which makes it; else {{home}}/discussions/categories → “New category”: “{COMMENTS}” "
            "of the format “Announcement”",
            "",
            judging.no_category,
        ),
    ),
)
PARTS: tuple[Part[Any], ...] = (
    REPOSITORY, CODE_OWNERS, PROTECTED, LINK_RECORD, RUNNING, ALLOWED, TOKEN, OUTSIDERS, SITE, ENVIRONMENT, DISCUSSIONS,
)  # fmt: skip
