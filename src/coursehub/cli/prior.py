"""`coursehub import` and `replay`: the posts of earlier semesters."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from coursehub import importing
from coursehub.checks import report
from coursehub.claims.replay import Case, Verdict
from coursehub.claims.replay import replay as judged_again
from coursehub.cli.shared import BROKEN, CLEAN, FINDINGS, fail, load, root_option
from coursehub.importing import CannotImportError, Hints, Import, preview
from coursehub.importing.preview import Preview
from coursehub.records import prior_posts
from coursehub.records.finding import Finding
from coursehub.records.tools import UNKNOWN_TOPIC
from coursehub.text.formats import indented_json
from coursehub.text.wording import plural

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=_FILE)
@click.option(
    "--semester", "of_years", multiple=True,
    help="The semester in which the posts that are new here were written; of a list with years, one for each year.",
)  # fmt: skip
@click.option(
    "--semesters-from", type=_FILE, metavar="TSV", help="Columns title, url, written_in: the semester of each post."
)
@click.option("--option", help="The option of the posts, where a list has none.")
@click.option("--title-column", metavar="HEADING", help="The column of a table that has the titles.")
@click.option("--link-column", metavar="HEADING", help="The column that has the links to the posts.")
@click.option("--semester-column", metavar="HEADING", help="The column that has the semesters.")
@click.option("--worksheet", metavar="NAME", help="The sheet of an Excel workbook.")
@click.option("--base-url", metavar="URL", help="The address of the page that relative links are on.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show as a table what would become of each line.")
@click.option("--yes", is_flag=True, help="Import what was understood by its look alone, without a question.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@root_option
def import_posts(
    files: tuple[Path, ...],
    of_years: tuple[str, ...],
    semesters_from: Path | None,
    option: str | None,
    title_column: str | None,
    link_column: str | None,
    semester_column: str | None,
    worksheet: str | None,
    base_url: str | None,
    dry_run: bool,
    yes: bool,
    output: str,
    root: Path,
) -> None:
    """Take earlier posts from documents with lists of links, or from spreadsheets (Excel, CSV).

    Importing again is harmless: only what is new is added, edits made by hand stay, and what a list contradicts is
    reported and left as it is. Exit code 1: something was left out or contradicts; 2: nothing was written.
    """
    hub = load(root)
    if any(trouble.rule != UNKNOWN_TOPIC for _, trouble in hub.troubles):
        fail("the data files are broken; run “coursehub check” and fix them first")
    given = Hints(option, None, base_url, title_column, link_column, semester_column, worksheet, of_years)
    try:
        hints = importing.sure_hints(given, hub.course)
        lists = importing.read_lists(files, hub.course, hints)
        semesters = importing.semesters_of(hints, semesters_from, hub.course)
        plan = importing.planned(root, lists, hub.course, hub.names.vocabulary, semesters)
        shown = preview.preview([file.as_posix() for file in files], plan)
        if dry_run:
            _print_plan(shown, output)
        if output == "text":
            _print_preview(shown)
        if plan.must_ask and not yes:
            _ask(may_ask=output == "text")
        result = importing.carry_out(root, plan)
    except CannotImportError as error:
        click.echo(_in_words([error.finding]), nl=False, err=True)
        _stop("Nothing was written.")
    if output == "json":
        click.echo(indented_json(shown), nl=False)
    else:
        _print_result(result, shown)
    sys.exit(FINDINGS if result.conflicts or result.skipped else CLEAN)


def _print_plan(shown: Preview, output: str) -> NoReturn:
    """Print what an import would do, and stop with the exit code that it would have."""
    if output == "json":
        click.echo(indented_json(shown), nl=False)
    else:
        _print_preview(shown)
        click.echo(preview.as_table(shown), nl=False)
        click.echo("Nothing was written: this is a dry run.")
    sys.exit(BROKEN if shown.is_undated else FINDINGS if shown.is_doubtful else CLEAN)


def _ask(*, may_ask: bool) -> None:
    """Stop with exit code 2 where nobody agrees to a list that is a guess."""
    if not may_ask or not sys.stdin.isatty():
        _stop("A list was understood by its look alone. If it is right, give --yes. Nothing was written.")
    if not click.confirm("The list was understood by its look alone. Import it so?", err=True):
        _stop("Nothing was written.")


def _stop(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(BROKEN)


def _print_preview(shown: Preview) -> None:
    """Print how the lists were understood, and what had to be assumed for that."""
    click.echo(preview.in_words(shown))
    click.echo(_in_words(list(shown.notes)), nl=False)


def _print_result(result: Import, shown: Preview) -> None:
    """Print what became of the lists, but for what was printed before."""
    click.echo(_in_words([each for each in result.findings if each not in shown.notes]), nl=False)
    click.echo(
        f"{prior_posts.PATH}: {len(result.added)} added, {result.listed} named by a further list, "
        f"{result.unchanged} unchanged, {len(result.conflicts)} in conflict, {len(result.skipped)} left out."
    )


def _in_words(findings: list[Finding]) -> str:
    return report.in_words(findings, lambda path, line: None, colour=False)


@click.command()
@root_option
def replay(root: Path) -> None:
    """Judge the earlier posts again, each semester against all before it, and print every case."""
    hub = load(root)
    terms = judged_again(hub.course, hub.names.vocabulary, hub.priors)
    for term in terms:
        counts = ", ".join(f"{term.count(verdict)} {verdict.value}" for verdict in Verdict)
        click.echo(f"{term.semester}: {plural(len(term.cases), 'post')}: {counts}")
        for case in term.cases:
            if case.met:
                click.echo(f"  {_case_line(case)}")


def _case_line(case: Case) -> str:
    why = f" ({case.why})" if case.why else ""
    met = f": “{case.met.title}”, {case.met.semester}" if case.met else ""
    return f"“{case.post.title}” {case.verdict.value}{met}{why}"
