"""`coursehub import` and `replay`: the posts of earlier semesters."""

from pathlib import Path

import click

from coursehub import importing
from coursehub.checks import report
from coursehub.claims.replay import Case, Verdict
from coursehub.claims.replay import replay as judged_again
from coursehub.cli.shared import BROKEN, CLEAN, FINDINGS, fail, load, root_option
from coursehub.records import prior_posts
from coursehub.records.finding import Finding
from coursehub.records.prior_posts import MISSING
from coursehub.text.wording import plural

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=_FILE)
@click.option("--semester", help="The semester in which the posts that are new here were written.")
@click.option(
    "--semesters-from", type=_FILE, metavar="TSV", help="Columns title, url, written_in: the semester of each post."
)
@click.option("--option", help="The option of the posts, where a spreadsheet has none.")
@root_option
@click.pass_context
def import_posts(
    context: click.Context,
    files: tuple[Path, ...],
    semester: str | None,
    semesters_from: Path | None,
    option: str | None,
    root: Path,
) -> None:
    """Take earlier posts from an assignment's text (Markdown) or a spreadsheet (CSV).

    Importing again is harmless: only what is new is added, edits made by hand stay, and what a list contradicts is
    reported and left as it is. Exit code 1: something was left out or contradicts.
    """
    hub = load(root)
    if any(trouble.rule != MISSING for _, trouble in hub.troubles):
        fail("the data files are broken; run “coursehub check” and fix them first")
    try:
        result = importing.import_files(
            root, files, hub.course, hub.vocabulary, semester=semester, semesters_from=semesters_from, option=option
        )
    except importing.CannotImportError as error:
        click.echo(_in_words([error.finding]), nl=False, err=True)
        click.echo("Nothing was written.", err=True)
        context.exit(BROKEN)
    click.echo(_in_words(result.findings), nl=False)
    click.echo(
        f"{prior_posts.PATH}: {len(result.added)} added, {result.listed} named by a further list, "
        f"{result.unchanged} unchanged, {len(result.conflicts)} in conflict, {len(result.skipped)} left out."
    )
    context.exit(FINDINGS if result.conflicts or result.skipped else CLEAN)


def _in_words(findings: list[Finding]) -> str:
    return report.in_words(findings, lambda path, line: None, colour=False)


@click.command()
@root_option
def replay(root: Path) -> None:
    """Judge the earlier posts again, each semester against all before it, and print every case."""
    hub = load(root)
    terms = judged_again(hub.course, hub.vocabulary, hub.priors)
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
