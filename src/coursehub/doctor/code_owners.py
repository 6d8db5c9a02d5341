"""CODEOWNERS: whom it names, and whether GitHub can use it.

https://docs.github.com/en/rest/repos/repos#list-codeowners-errors
"""

from collections.abc import Iterator

import msgspec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from coursehub.doctor.checkout import MAIN, Checkout
from coursehub.doctor.question import Question, without_request
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import SETTINGS_PAGE, Setting, quoted
from coursehub.github.door import GitHub, NotFoundError

# What judges the students' work, runs on the machines of staff and of GitHub, or is served to readers, whether it is
# there already or not. So is all that git keeps but posts.
RUN_OR_SERVED = (
    ".ci/", ".devcontainer/", ".github/", "benchmarks/", "data/", "docs/", "docs/assets/", "hooks/", "overrides/",
    "requirements/", "src/", "tests/", "tools/",
    ".gitattributes", ".npmrc", "GNUmakefile", "Makefile", "biome.json", "giscus.json", "globals.d.ts", "mkdocs.yml",
    "package-lock.json", "package.json", "pyproject.toml", "tsconfig.json", "utterances.json",
)  # fmt: skip
SHOWN = 12  # paths without an owner


class _Error(msgspec.Struct):
    line: int
    kind: str


class _Errors(msgspec.Struct):
    errors: list[_Error]


def _errors(github: GitHub, repository: Repository) -> list[_Error] | None:
    """The lines that GitHub cannot use, or None where there is no CODEOWNERS on the default branch."""
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
    without_owner = list(_without_owner(checkout))
    more = f" and {len(without_owner) - SHOWN} more" if len(without_owner) > SHOWN else ""
    return f"without an owner: {quoted(without_owner[:SHOWN])}{more}" if without_owner else None


def _without_owner(checkout: Checkout) -> Iterator[str]:
    """Yield the paths whose last fitting line in CODEOWNERS names nobody, or that no line fits."""
    lines = [(_Line(pattern), owners) for pattern, owners in reversed(checkout.owners)]
    folders = []
    for path in RUN_OR_SERVED:
        probe = f"{path}new" if path.endswith("/") else path
        if not next((owners for line, owners in lines if line.fits(probe)), ()):
            folders.append(path)
            yield path
    for path in checkout.files:
        if not path.startswith(tuple(folders)) and not next((owners for line, owners in lines if line.fits(path)), ()):
            yield path


class _Line:
    """A pattern of CODEOWNERS: one of .gitignore, but for a closing `/*`, which fits no file in a folder further down.

    https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
    """

    def __init__(self, pattern: str) -> None:
        is_usable = not pattern.startswith("!") and not set("[]") & set(pattern)
        self._pattern = GitIgnoreSpecPattern(pattern) if is_usable else None
        ends_there = pattern.endswith("/*") and "**" not in pattern
        self._depth = pattern.strip("/").count("/") if ends_there else None

    def fits(self, path: str) -> bool:
        if self._pattern is None or self._depth not in (None, path.count("/")):
            return False
        return self._pattern.match_file(path) is not None


def _broken(errors: list[_Error] | None, checkout: Checkout) -> str | None:
    if errors is None:
        return f"there is no CODEOWNERS on {MAIN}"
    return "; ".join(f"line {error.line}: {error.kind}" for error in errors) or None


OWNERS = without_request(
    (
        Setting(
            "owners",
            "CODEOWNERS gives all that runs or is served to staff",
            "what nobody owns needs no approval of theirs, and what a stranger owns needs the stranger's",
            "Write “* @LOGIN” into .github/CODEOWNERS, then “/posts/” alone on a line, and the same logins under "
            "“staff” in data/course.yaml; the last line that fits a path counts.",
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
