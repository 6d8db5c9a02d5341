"""A new course: answers → the files of its repository, which hold what is the course's own and nothing else."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import jinja2
import msgspec
from jinja2 import meta

from coursehub import __version__, workflows
from coursehub.names.file_names import is_device
from coursehub.names.identity import fold
from coursehub.records import course
from coursehub.system.origin import origin
from coursehub.system.packaged import packaged
from coursehub.text.addresses import is_login
from coursehub.text.wording import with_article
from coursehub.text.yaml_writing import unquoted

MANUAL = "https://coursehub-staff.github.io/coursehub/"
LOCK = "requirements.txt"
OWNER = "OWNER"  # in the place of a login, where it is asked for
PLACEHOLDER = "COMMIT"  # for a commit that is not known
# Path in the repository → its template.
FILES = {
    "mkdocs.yml": "mkdocs.yml",
    "hooks/check.py": "hook.txt",
    "data/course.yaml": "course.yaml",
    "docs/assignment.md": "assignment.md",
    "coursehub.txt": "coursehub.txt",
    "README.md": "README.md",
    ".gitignore": "gitignore",
    ".github/CODEOWNERS": "CODEOWNERS",
    ".github/dependabot.yml": "dependabot.yml",
    **{f"{workflows.FOLDER}/{name}": name for name in workflows.REUSABLE},
}
_REPOSITORY = re.compile(r"(?P<owner>[^/]+)/(?P<name>[A-Za-z0-9._-]+)", re.ASCII)
_SEMESTER = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of a course. `repo` is OWNER/NAME on GitHub, `staff` logins there, `earlier` the semesters before.

    `claims`: the word for what students claim; with `titles`, that are titles of papers, books or datasets.
    """

    name: str
    repo: str
    staff: tuple[str, ...]
    time_zone: str
    semester: str
    earlier: tuple[str, ...] = ()
    claims: str = "tool"
    titles: bool = False


class Product(msgspec.Struct, frozen=True):
    """The product as pip installs it, a line of a requirements file, and the commit whose workflows a course calls."""

    line: str
    commit: str
    is_released: bool = False
    is_known: bool = True


def wrong(answers: Answers) -> Iterator[str]:
    """A sentence for each answer that cannot be, with what it takes."""
    if not answers.name.strip() or not answers.name.isprintable():
        yield f"The name “{answers.name}” is none; it takes words, such as “Databases”."
    repo = _REPOSITORY.fullmatch(answers.repo)
    if not repo or not is_login(repo["owner"]) or repo["owner"] == OWNER or repo["name"] in (".", ".."):
        yield f"The repository “{answers.repo}” takes OWNER/NAME, as in its address on GitHub."
    for login in answers.staff:
        if not is_login(login):
            yield f"“{login}” is no login on GitHub; staff takes one or more, with commas."
    if not answers.staff:
        yield "Staff takes at least one login on GitHub."
    for semester in (*answers.earlier, answers.semester):
        if not _SEMESTER.fullmatch(semester) or is_device(semester):
            yield f"The semester “{semester}” takes letters and digits, such as F2026: a folder has that name."
    if not _WORD.fullmatch(answers.claims):
        yield f"“{answers.claims}” is no word for what students claim; it takes one such as tool, paper or project."
    _, troubles = course.read(_rendered("course.yaml", answers, Product("", "")))
    yield from (f"{trouble.sentence}." for trouble in troubles)


def contents(answers: Answers, product: Product) -> Mapping[str, bytes]:
    """Path → content of each file of the repository. The answers are right."""
    texts = {path: _rendered(template, answers, product).encode() for path, template in FILES.items()}
    return {**texts, LOCK: lock().encode()}


def product_files(product: Product) -> Mapping[str, bytes]:
    """Path → content of those files that no answer changes: they are the same in every course, but for pins."""
    values = _of_product(product)
    texts = {
        path: _environment().get_template(name).render(values)
        for path, name in FILES.items()
        if _names(name) <= values.keys()
    }
    return {path: text.encode() for path, text in {**texts, LOCK: lock()}.items()}


def lock() -> str:
    """The pinned packages that a site is built with, with hashes; in the product's own repository, as it has them."""
    path = packaged(Path(__file__).with_name(LOCK), "requirements/site.txt")
    pinned = path.read_text(encoding="utf-8").partition("\n\n")[0]
    lines = [line for line in pinned.splitlines(keepends=True) if not line.startswith("#")]
    head = f"# The packages under Course Hub {__version__}, at the versions that it was tested with.\n"
    return head + "".join(lines)


def product() -> Product:
    """The product as another machine can install it: its release, or the commit that it is from, if that is known."""
    commit, is_released = origin()
    pinned = commit or PLACEHOLDER
    line = f"=={__version__}" if is_released else f" @ git+https://github.com/{workflows.PRODUCT}@{pinned}"
    return Product(f"coursehub{line}", pinned, is_released=is_released, is_known=bool(commit))


def semester_of(today: dt.date) -> str:
    """The semester of a day as many courses name it: S2026 until June, then F2026."""
    return f"{'S' if today.month < 7 else 'F'}{today.year}"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template), autoescape=False, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["yaml"] = unquoted
    return environment


def _template(name: str) -> str:
    return Path(__file__).with_name("templates").joinpath(name).read_text(encoding="utf-8")


def _names(template: str) -> set[str]:
    """The names of all that a template takes."""
    return meta.find_undeclared_variables(_environment().parse(_template(template)))


def _of_product(product: Product) -> dict[str, object]:
    return {
        "product": product.line, "repository_of_product": workflows.PRODUCT, "version": __version__,
        "commit": product.commit, "is_released": product.is_released, "is_known": product.is_known,
    }  # fmt: skip


def _rendered(template: str, answers: Answers, product: Product) -> str:
    owner, _, repository = answers.repo.partition("/")
    return _environment().get_template(template).render(
        **msgspec.structs.asdict(answers), **_of_product(product), owner=owner, repository=repository,
        option="-".join(fold(answers.claims)), manual=MANUAL, yaml=unquoted, with_article=with_article,
    )  # fmt: skip
