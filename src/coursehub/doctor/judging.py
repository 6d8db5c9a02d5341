"""Answers and files → what is wrong with a setting, or None where it is set."""

import fnmatch
from collections.abc import Callable, Sequence
from typing import TypeVar

from coursehub.comments.settings import Widget
from coursehub.desk.pulls import CONTEXT
from coursehub.doctor.answers import MAIN, Actions, Category, Main, OwnersError, Pages, Repository, Rule
from coursehub.doctor.checkout import CHECK, DESK, WORKFLOWS, Checkout
from coursehub.text.wording import with_and

COMMENTS = Widget().category  # GitHub makes it, and only staff and the widget may open threads there
PLACEHOLDER = "coursehub-staff"  # whom the template names in place of a course's own staff
JUDGES = (  # what CODEOWNERS must give to staff
    ".devcontainer", ".github", "data", "hooks", "overrides", "requirements", "src", "tools",
    "Makefile", "giscus.json", "mkdocs.yml", "pyproject.toml", "utterances.json",
)  # fmt: skip
HOLD_BACK = {  # rules under which a workflow can not push to a branch
    "creation",
    "merge_queue",
    "pull_request",
    "required_deployments",
    "required_signatures",
    "required_status_checks",
    "update",
}
T = TypeVar("T")


class UnseenError(Exception):
    """A setting that this token is not shown; the message says what happened."""


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def protects(met: Callable[[Main], bool], found: str) -> Callable[[Main, Checkout], str | None]:
    """A demand on main: what rulesets do not meet, branch protection may, so it has to be seen before it is missed."""

    def wrong(main: Main, here: Checkout) -> str | None:
        return None if met(main) else _missed(main, found)

    return wrong


def _missed(main: Main, found: str) -> str:
    if main.unseen:
        raise UnseenError(f"no ruleset asks for it, and branch protection is not shown: {main.unseen}")
    return found


def no_checks(main: Main, here: Checkout) -> str | None:
    """Any of the desk's status and the checks' jobs can fail and be passed over."""
    absent = [name for name in (CONTEXT, *here.jobs) if name not in main.checks]
    return _missed(main, f"not required: {_listed(absent)}") if absent else None


def stale(main: Main, here: Checkout) -> str | None:
    """Checks may be of an older main; in a merge queue, a required workflow that does not run there never ends."""
    idle = [name for name in (CHECK, DESK) if name not in here.queued]
    if main.queue and idle:
        return f"there is a merge queue, for which {_listed(idle)} does not run: add “merge_group:” to its “on:”"
    return None if main.strict or main.queue else _missed(main, "neither is required")


def unreviewed(main: Main, here: Checkout) -> str | None:
    """GitHub has been seen not to hold anything back for code owners where it requires no approval at all."""
    if not main.code_owners:
        return _missed(main, "no review of code owners is required")
    return None if main.approvals else _missed(main, "it is ticked, but the number of required approvals is 0")


def rebased(main: Main, here: Checkout) -> str | None:
    """Rebasing brings each commit of a pull request to main's own line."""
    if main.rebase is None:
        raise UnseenError("no ruleset forbids it, and what the repository offers is shown only to whoever may push")
    return "“Rebase and merge” is offered" if main.rebase else None


def bypassed(main: Main, here: Checkout) -> str | None:
    """Somebody is named who need not keep to it."""
    if main.bypass:
        return "it may be bypassed by " + "; ".join(main.bypass)
    if main.bypass_unseen:
        raise UnseenError(main.bypass_unseen)
    return None if main.pull_request or main.checks else "nothing protects it yet"


def held_back(rules: list[Rule], here: Checkout) -> str | None:
    """The workflow can not push there."""
    kinds = sorted({rule.type for rule in rules} & HOLD_BACK)
    return f"a ruleset holds the branch back: {_listed(kinds)}" if kinds else None


def idle(name: str) -> Callable[[dict[str, str], Checkout], str | None]:
    """The workflow does not run."""

    def wrong(states: dict[str, str], here: Checkout) -> str | None:
        state = states.get(name)
        if state is None:
            return f"GitHub knows no {WORKFLOWS}/{name} on {MAIN}"
        return None if state == "active" else f"GitHub has disabled it ({state})"

    return wrong


def actions_off(actions: Actions, here: Checkout) -> str | None:
    """No action runs, or not those that the workflows use."""
    if not actions.enabled:
        return "Actions are disabled"
    if actions.allowed_actions in ("local_only", "selected"):
        return "GitHub's own actions, such as actions/checkout, are not allowed"
    return None


def no_category(categories: list[Category], here: Checkout) -> str | None:
    """There is no such category, or threads in it are questions."""
    found = [each for each in categories if each.name == COMMENTS]
    if not found:
        return f"there is no category “{COMMENTS}”"
    return f"“{COMMENTS}” is a category for questions and answers" if found[0].is_answerable else None


def no_pages(pages: Pages | None, here: Checkout) -> str | None:
    """The site is none, or is built from a branch."""
    if pages is None:
        return "there are no Pages"
    return None if pages.build_type == "workflow" else "the source is a branch"


def no_environment(branches: list[str] | None, here: Checkout) -> str | None:
    """The site can not be deployed from main."""
    if branches is None:
        return "there is none yet"
    if any(fnmatch.fnmatchcase(MAIN, pattern) for pattern in branches):
        return None
    return (
        f"it takes nothing from {MAIN}, only from {_listed(branches)}"
        if branches
        else "it takes nothing from any branch"
    )


def broken_owners(errors: list[OwnersError] | None, here: Checkout) -> str | None:
    """GitHub can not use all of CODEOWNERS."""
    if errors is None:
        return f"there is no CODEOWNERS on {MAIN}"
    return "; ".join(f"line {each.line}: {each.kind}" for each in errors) or None


def strange_owners(repository: Repository, here: Checkout) -> str | None:
    """Members of teams are not looked up, and addresses of mail tell no login."""
    logins = {owner[1:] for _, owners in here.owners for owner in owners if owner[0] == "@" and "/" not in owner}
    strangers = sorted(login for login in logins if not here.course.is_staff(login))
    if strangers:
        return f"not in “staff” of data/course.yaml: {_listed(strangers)}"
    owned = {pattern.strip("/") for pattern, owners in here.owners if owners}
    bare = [path for path in JUDGES if not owned & {path, "*", "**"}]
    return f"without an owner: {_listed(bare)}" if bare else None


def placeholders(repository: Repository, here: Checkout) -> str | None:
    """The template's staff still stand for the course's own."""
    if repository.full_name.partition("/")[0].lower() == PLACEHOLDER:
        return None
    found = ["“staff” in data/course.yaml"] if here.course.is_staff(PLACEHOLDER) else []
    found += ["site_url in mkdocs.yml"] if PLACEHOLDER in here.site_url else []
    return f"“{PLACEHOLDER}” still stands in {with_and(found)}" if found else None


def other_repository(repository: Repository, here: Checkout) -> str | None:
    """The site's links to the repository lead elsewhere."""
    same = here.repo_url.rstrip("/").removesuffix(".git").lower() == repository.html_url.lower()
    return None if same else f"repo_url is “{here.repo_url}”"


def no_deadlines(repository: Repository, here: Checkout) -> str | None:
    """The open semester lacks a deadline."""
    semester = here.course.semesters[here.course.order[here.course.open_semester]]
    absent = [name for name in ("claims_open", "post_due", "comments_due") if getattr(semester, name) is None]
    return f"{semester.id} has no {_listed(absent)}" if absent else None


def unless(met: Callable[[T], bool], found: str) -> Callable[[T, Checkout], str | None]:
    """What is found where a plain demand is not met."""
    return lambda seen, here: None if met(seen) else found
