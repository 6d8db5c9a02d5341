"""`coursehub publish`: from a draft to a published post, question by question."""

import datetime as dt
import sys
from itertools import count, islice
from pathlib import Path
from typing import NoReturn

import click

from coursehub.checks import publishing
from coursehub.checks.draft import Draft
from coursehub.checks.publishing import Question
from coursehub.cli.repairs import write
from coursehub.cli.shared import CLEAN, FINDINGS, fail, load, root_option, within
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.visible import visible
from coursehub.text.wording import plural, with_and

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("name", metavar="KEY")
@click.option("--date", "day", type=_DATE, help="The date that is offered; by default today where the course is.")
@root_option
def publish(name: str, day: dt.datetime | None, root: Path) -> None:
    """Publish the post of a claim: asks for what a published post needs, each with what is there.

    KEY is the claim key, the tool's name or the file. Exit code 0: it is published; 1: something is missing, and it
    stays a draft, which has the answers.
    """
    hub = load(root, with_contents=True)
    post = _post(hub, name, within(Path(name), root))
    today = day or dt.datetime.now(hub.course.zone)
    click.echo(f"{visible(post.path)}\nPress Enter to keep what is in [brackets]; Ctrl-C leaves the file as it is.\n")
    try:
        draft = _answered(Draft(hub), post, today.date())
        errors = publishing.errors(draft, post.path)
        is_published = not errors and click.confirm("\nPublish it? If not, the draft keeps your answers.", default=True)
        if not is_published:
            draft = publishing.with_status(draft, post.path, "draft" if post.body.strip() else post.status)
    except click.Abort:
        click.echo()
        fail("interrupted. Nothing was written")
    except ValueError as error:
        _can_not_edit(post, str(error))
    write(draft, root)
    if errors:
        _print_errors(post, errors)
    then = "Commit it and open a pull request: readers see it once that is merged" if is_published else "It is a draft"
    click.echo(f"\n{visible(post.path)} is written. {then}.")
    sys.exit(FINDINGS if errors else CLEAN)


def _post(hub: Hub, name: str, path: str | None) -> Post:
    """Return the post that is meant, of the open semester where there are several; stop where there is none.

    `path` is the file of that name, seen from the current folder.
    """
    code = hub.names.claim(name).code
    meant = [
        post
        for post in hub.posts
        if post.is_live
        and (post.path in (name, path) or name == post.stem or (code and hub.claim_of(post).code == code))
    ]
    meant.sort(key=lambda post: (post.semester == hub.course.open_semester, hub.course.order.get(post.semester, -1)))
    if not meant:
        mine = with_and([visible(post.stem) for post in hub.posts if post.is_live and not post.is_published][:8])
        fail(f"there is no claim “{visible(name)}”. Not published yet: {mine or 'none'}")
    post = meant[-1]
    if post.front is None:
        path = visible(post.path)
        fail(f"the front matter of {path} cannot be read; “coursehub check {path}” says why")
    if post.is_published:
        fail(f"{visible(post.path)} is published already; change it in an editor")
    return post


def _answered(draft: Draft, post: Post, today: dt.date) -> Draft:
    """Return the post as published, with an answer to each question. Raises `click.Abort` and `ValueError`."""
    draft = publishing.with_status(draft, post.path, "published")
    choices: tuple[str, ...] = ()
    for index in count():
        questions = publishing.questions(draft.hub.post_by_path[post.path], draft.hub, today)
        question = next(islice(questions, index, None), None)
        if question is None:
            break
        if question.choices != choices:
            choices = question.choices
            for number, choice in enumerate(choices, 1):
                click.echo(f"  {number:2}  {visible(choice)}")
        draft = _answer(draft, post, question)
    return draft


def _answer(draft: Draft, post: Post, question: Question) -> Draft:
    """Return the draft with the answer to a question, which is asked again while the check has something against it."""
    known = visible(question.known)
    while True:
        answer = click.prompt(visible(question.words), default=known, show_default=bool(known))
        if answer == known and (question.is_there or not known):
            return draft
        after = publishing.with_answer(draft, post.path, question, question.known if answer == known else answer)
        new = publishing.new_errors(draft, after, post.path)
        if answer == known or not new:
            return after
        for finding in new:
            click.echo(f"  {visible(finding.message)}. {visible(finding.help)}")


def _can_not_edit(post: Post, field: str) -> NoReturn:
    fail(
        f"“{field}” in {visible(post.path)} is written in a way that cannot be edited without a doubt. Write it as a "
        f"plain line, “{field}: …”, and run this again: nothing was written"
    )


def _print_errors(post: Post, errors: list[Finding]) -> None:
    click.echo(f"\nIt cannot be published yet, for {plural(len(errors), 'reason')}:")
    for finding in errors:
        click.echo(f"  {visible(finding.path)}:{finding.line}: {visible(finding.message)}. {visible(finding.help)}")
