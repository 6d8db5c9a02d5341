"""`coursehub init`: a repository for a new course."""

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

import click
import msgspec

from coursehub import starting
from coursehub.claims import new_claim
from coursehub.cli.prior import import_posts
from coursehub.cli.shared import CLEAN, fail
from coursehub.starting import Answers, Product
from coursehub.system import files, git
from coursehub.text.visible import visible

TIME_ZONE = "America/New_York"
_RIGHT = Answers(name="Course", repo="octocat/course", staff=("octocat",), time_zone=TIME_ZONE, semester="F2026")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", help="The course's name.")
@click.option("--repo", metavar="OWNER/NAME", help="Where the repository will be on GitHub.")
@click.option("--staff", metavar="LOGINS", help="GitHub logins of the staff, with commas; by default the owner.")
@click.option("--time-zone", help=f"The zone in which deadlines are meant, such as {TIME_ZONE}.")
@click.option("--semester", help="The semester in which students claim, such as F2026.")
@click.option("--claims", metavar="WORD", help="What students claim: tool, paper, project or the like.")
@click.option("--titles", is_flag=True, help="What they claim are titles, of papers, books or datasets.")
@click.option("--earlier", metavar="SEMESTERS", help="The semesters before, with commas, the oldest first.")
@click.option("--from", "lists", multiple=True, type=_FILE, metavar="FILE", help="A list of earlier posts to import.")
@click.option("--yes", is_flag=True, help="Ask nothing: what is not given is as the questions propose it.")
def init(
    folder: Path,
    name: str | None,
    repo: str | None,
    staff: str | None,
    time_zone: str | None,
    semester: str | None,
    claims: str | None,
    titles: bool,
    earlier: str | None,
    lists: tuple[Path, ...],
    yes: bool,
) -> None:
    """Write a repository for a new course into DIR: what is the course's own, and nothing else.

    It asks for what is not given. No file is ever overwritten: those that are there are listed, and nothing is written.
    """
    ask = _proposed if yes else _asked
    here = folder.resolve()
    owner = new_claim.own_login(here if here.is_dir() else Path.cwd(), Path.home(), os.environ)
    its_address = f"{owner}/{'-'.join(here.name.split()) or 'course'}" if owner else None
    repo = repo or ask("repo", "Repository on GitHub, as OWNER/NAME", its_address)
    answers = Answers(
        repo=repo,
        name=name or ask("name", "Name of the course", repo.rpartition("/")[2].replace("-", " ").capitalize()),
        staff=_listed(staff or ask("staff", "GitHub logins of the staff, with commas", repo.partition("/")[0])),
        time_zone=time_zone or ask("time_zone", "Time zone of the deadlines", TIME_ZONE),
        semester=semester or ask("semester", "Semester in which students claim", starting.semester_of(dt.date.today())),
        earlier=_listed(
            earlier or (ask("earlier", "Semesters of the earlier posts, the oldest first", "") if lists else "")
        ),
        claims=claims or ask("claims", "What do they claim? A word such as tool, paper or project", "tool"),
        titles=titles,
    )
    if troubles := [*starting.wrong(answers)]:
        fail(_lines("nothing was written:", troubles))
    if lists and not answers.earlier:
        fail("nothing was written: earlier posts need their semesters. Give --earlier, such as --earlier S2025,F2025")
    product = starting.product()
    _write(folder, answers, product)
    if lists:
        _import(folder, lists, answers.earlier)
    click.echo(_next_steps(folder, answers, product))


def _proposed(field: str, _question: str, default: str | None) -> str:
    if default is None:  # only a login cannot be guessed
        fail(f"nothing was written: your login on GitHub is not known here, so give --{field} LOGIN/NAME")
    return default


def _asked(field: str, question: str, default: str | None) -> str:
    """An answer that can be: another one is asked again, so that those before it are not lost."""

    def judged(written: str) -> str:
        value = _listed(written) if field in ("staff", "earlier") else written
        if troubles := [*starting.wrong(msgspec.structs.replace(_RIGHT, **{field: value}))]:
            raise click.BadParameter(visible(" ".join(troubles)))
        return written

    answer: str = click.prompt(question, default=default, err=True, value_proc=judged)
    return answer


def _listed(written: str) -> tuple[str, ...]:
    return tuple(each.strip().removeprefix("@") for each in written.split(",") if each.strip())


def _lines(first: str, rest: Iterable[str]) -> str:
    return "\n".join([first, *(f"  {visible(line)}" for line in rest)])


def _write(folder: Path, answers: Answers, product: Product) -> None:
    """Write all files or none, and make a git repository where the folder is in none."""
    contents = starting.contents(answers, product)
    if there := [path for path in contents if (folder / path).is_symlink() or (folder / path).exists()]:
        fail(_lines(f"nothing was written, because {_named(folder)} has these files already:", there))
    files.create_all({folder / path: content for path, content in contents.items()})
    for path in contents:
        click.echo(f"  {path}")
    if not git.top(folder):
        try:
            git.init(folder)
        except git.GitError as error:
            fail(f"the files are written, but there is no git repository: {error}")


def _named(folder: Path) -> str:
    """The name of a folder in a sentence."""
    return "this folder" if folder.resolve() == Path.cwd() else visible(str(folder))


def _import(folder: Path, lists: tuple[Path, ...], semesters: tuple[str, ...]) -> None:
    """Import earlier posts, which says itself what became of them."""
    semester = [word for each in semesters for word in ("--semester", each)]
    arguments = [*map(str, lists), *semester, "--yes", "--root", str(folder)]
    try:
        import_posts.main(arguments)
    except SystemExit as ended:
        if ended.code != CLEAN:
            click.echo("The earlier posts are not all imported. Do so there with “coursehub import”.", err=True)


_UNKNOWN = """
It is not known from which commit of Course Hub this is. Write the full name of one in place of {}, in coursehub.txt and
in each file of .github/workflows.
"""


_NOT_ITS_OWN = """
The folder lies in the git repository {}, and GitHub runs only workflows at the top of one. Move it out of there first,
and make it a repository of its own there: git init --initial-branch=main
"""


def _next_steps(folder: Path, answers: Answers, product: Product) -> str:
    is_here = folder.resolve() == Path.cwd()
    place = "" if is_here else f"{visible(str(folder))}/"
    enter = "" if is_here else f'       cd "{visible(str(folder))}"\n'
    top = git.top(folder)
    outer = _NOT_ITS_OWN.format(visible(str(top))) if top and top != folder.resolve() else ""
    unknown = "" if product.is_known else _UNKNOWN.format(product.commit)
    return f"""{unknown}{outer}
This is the course. Next:
  1. Write the deadlines into {place}data/course.yaml, and the assignment into {place}docs/assignment.md.
  2. Look at it: README.md has the commands.
  3. Make the public repository {answers.repo} on GitHub, commit, and push:
{enter}       git add --all
       git commit -m "A new course"
       git remote add origin https://github.com/{answers.repo}
       git push -u origin main
  4. See what is missing there: coursehub doctor --repository {answers.repo}
     {starting.MANUAL}set-up/ has all settings, with clicks and commands."""
