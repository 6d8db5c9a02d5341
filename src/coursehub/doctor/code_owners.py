"""CODEOWNERS: whom it names, and whether GitHub can use it.

https://docs.github.com/en/rest/repos/repos#list-codeowners-errors
"""

import msgspec

from coursehub.doctor.checkout import MAIN, Checkout
from coursehub.doctor.question import Question, without_request
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import SETTINGS_PAGE, Setting, quoted
from coursehub.github.door import GitHub, NotFoundError

OWNED_BY_STAFF = (  # paths of what judges the students' work
    ".devcontainer", ".github", "data", "hooks", "overrides", "requirements", "src", "tools",
    "Makefile", "giscus.json", "mkdocs.yml", "pyproject.toml", "utterances.json",
)  # fmt: skip


class _Error(msgspec.Struct):
    line: int
    kind: str


class _Errors(msgspec.Struct):
    errors: list[_Error]


def _errors(github: GitHub, repository: Repository) -> list[_Error] | None:
    """The lines that GitHub can not use, or None where there is no CODEOWNERS on the default branch."""
    try:
        return github.get("/codeowners/errors", _Errors).errors
    except NotFoundError:
        return None


def _not_staff(repository: Repository, checkout: Checkout) -> str | None:
    """Owners who are no staff, or paths without an owner. Teams and addresses of mail are taken for staff."""
    logins = {owner[1:] for _, owners in checkout.owners for owner in owners if owner[0] == "@" and "/" not in owner}
    strangers = sorted(login for login in logins if not checkout.course.is_staff(login))
    if strangers:
        return f"not in “staff” of data/course.yaml: {quoted(strangers)}"
    owned = {pattern.strip("/") for pattern, owners in checkout.owners if owners}
    without_owner = [path for path in OWNED_BY_STAFF if not owned & {path, "*", "**"}]
    return f"without an owner: {quoted(without_owner)}" if without_owner else None


def _broken(errors: list[_Error] | None, checkout: Checkout) -> str | None:
    if errors is None:
        return f"there is no CODEOWNERS on {MAIN}"
    return "; ".join(f"line {error.line}: {error.kind}" for error in errors) or None


OWNERS = without_request(
    (
        Setting(
            "owners",
            "CODEOWNERS gives what judges the others to staff",
            "what nobody owns needs no approval, and what a stranger owns needs theirs",
            "Name staff for it in .github/CODEOWNERS, and the same logins under “staff” in data/course.yaml.",
            "",
            _not_staff,
        ),
    )
)
ERRORS: Question[list[_Error] | None] = Question(
    "“Contents: read”",
    _errors,
    (
        Setting(
            "codeowners",
            "GitHub reads CODEOWNERS without errors",
            "a line with an error owns nothing",
            f"{{home}}/blob/{MAIN}/.github/CODEOWNERS shows the errors; owners need write access: "
            f"{SETTINGS_PAGE}/access",
            "",
            _broken,
        ),
    ),
)
QUESTIONS = (OWNERS, ERRORS)
