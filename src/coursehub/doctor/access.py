"""Who may write to the repository, and so set a status, start a workflow or push a branch.

https://docs.github.com/en/rest/collaborators/collaborators and https://docs.github.com/en/rest/orgs/orgs
"""

import msgspec

from coursehub.doctor.checkout import Checkout
from coursehub.doctor.question import Question
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import SETTINGS_PAGE, Setting, UnseenError, quoted
from coursehub.github.door import GitHub

SHOWN = 8  # logins
READING = ("none", "read")  # base permissions with which nobody writes


class _Person(msgspec.Struct):
    login: str


def _writers(github: GitHub, repository: Repository) -> list[str]:
    """All who may push, be it by themselves, by a team, or as members of the organization."""
    pages = github.pages("/collaborators", list[_Person], permission="push")
    return [person.login for page in pages for person in page]


def _strangers(logins: list[str], checkout: Checkout) -> str | None:
    strangers = sorted((login for login in logins if not checkout.course.is_staff(login)), key=str.lower)
    more = f" and {len(strangers) - SHOWN} more" if len(strangers) > SHOWN else ""
    return f"not in “staff” of data/course.yaml: {quoted(strangers[:SHOWN])}{more}" if strangers else None


WRITERS: Question[list[str]] = Question(
    "“Metadata: read”, of somebody who may write",
    _writers,
    (
        Setting(
            "write-access",
            "only staff may write to the repository",
            "who may write can have a workflow set the desk's status, or merge; students need no more than a fork",
            f"{SETTINGS_PAGE}/access → give them “Read” or remove them; who is staff belongs under “staff” in "
            "data/course.yaml",
            "gh api --method DELETE repos/{repository}/collaborators/LOGIN",
            _strangers,
        ),
    ),
)


class _Organization(msgspec.Struct):
    default_repository_permission: str | None = None


def _base_permission(github: GitHub, repository: Repository) -> str | None:
    """The base permission of the organization's members, or that of nobody where a person owns the repository."""
    if repository.owner.type != "Organization":
        return READING[0]
    return github.organization(_Organization).default_repository_permission


def _everybody_writes(permission: str | None, checkout: Checkout) -> str | None:
    if permission is None:
        raise UnseenError("the base permission is shown only to the organization's owners")
    return None if permission in READING else f"every member of the organization may “{permission}”"


MEMBERS: Question[str | None] = Question(
    "“Organization administration: read”",
    _base_permission,
    (
        Setting(
            "base-permission",
            "members of the organization may only read, unless somebody gives them more",
            "students who are members could write to every repository of the organization",
            "{server}/organizations/{owner}/settings/member_privileges → Base permissions: “Read” or “No permission”",
            "gh api --method PATCH orgs/{owner} -f default_repository_permission=read",
            _everybody_writes,
        ),
    ),
)
QUESTIONS = (WRITERS, MEMBERS)
