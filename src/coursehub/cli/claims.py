"""`coursehub free` and `compare`: claims before they are written."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coursehub.claims import availability, pending
from coursehub.claims.pending import Pending
from coursehub.cli.github import github_if_known_option
from coursehub.cli.shared import CLEAN, FINDINGS, fail, load, root_option
from coursehub.names import home_pages, titles
from coursehub.names.identity import Claim, Vocabulary
from coursehub.names.near_names import Names
from coursehub.records.assignment import NameKind
from coursehub.records.hub import Hub
from coursehub.text.formats import indented_json
from coursehub.text.visible import visible
from coursehub.text.wording import nearest

if TYPE_CHECKING:
    from coursehub.github.door import GitHub


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--option", help="Which kind of post it would be; only needed where some claim tools and others titles.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--pending", "path", metavar="FILE.json", type=click.Path(dir_okay=False, path_type=Path),
    help="What open pull requests ask for, as `coursehub pending` wrote it; by default GitHub is asked, if it can be.",
)  # fmt: skip
@click.option("--bot", default="github-actions[bot]", show_default=True, help="Whose comments are the desk's own.")
@github_if_known_option
@root_option
def free(
    github: "GitHub | None", names: tuple[str, ...], option: str | None, output: str, path: Path | None, bot: str,
    root: Path,
) -> None:  # fmt: skip
    """Is this tool free in the open semester? Several names are a combination; of a title, they are its words.

    Exit code 0: it can be claimed; 1: it cannot.
    """
    hub = load(root)
    require_known(hub, option)
    answer = availability.ask(hub, as_meant(hub, names, option), option, _known(hub, github, path, bot))
    if output == "json":
        click.echo(indented_json(answer), nl=False)
    else:
        click.echo(availability.in_words(answer, hub.course.now.word(option)))
    sys.exit(CLEAN if answer.can_be_claimed else FINDINGS)


def _known(hub: Hub, github: "GitHub | None", path: Path | None, bot: str) -> Pending | None:
    """Return what open pull requests ask for, by the file at `path` or by GitHub, or None where neither is there."""
    if path:
        return _pending_in(path)
    return _pending_on(github, hub, bot) if github else None


def _pending_in(path: Path) -> Pending:
    try:
        return pending.read(path.read_bytes())
    except OSError as error:
        fail(f"--pending: {path} cannot be read: {error.strerror}")
    except ValueError as error:
        fail(f"--pending: {path} cannot be used: {error}")


def _pending_on(github: "GitHub", hub: Hub, bot: str) -> Pending | None:
    """Return what open pull requests ask for, or None, and why, where GitHub does not answer."""
    from coursehub.desk import pending as pending_reader  # noqa: PLC0415 - it takes a tenth of a second to load
    from coursehub.github.door import GitHubError  # noqa: PLC0415

    try:
        reading = pending_reader.read(github, hub, bot)
    except GitHubError as error:
        click.echo(f"coursehub: open pull requests could not be read: {visible(str(error))}", err=True)
        return None
    for trouble in reading.troubles:
        click.echo(f"coursehub: {visible(trouble)}", err=True)
    return reading.pending


def require_known(hub: Hub, option: str | None) -> None:
    """End with a message where the open semester has no such option."""
    now, known = hub.course.open_semester, hub.course.now.option_by_id
    if option is None or option in known:
        return
    if when := hub.course.other_times(option, now):
        fail(f"--option: “{option}” is an option {when}, and {now} is open. {nearest(option, known)}")
    fail(f"--option: “{option}” is not one of the options. {nearest(option, known)}")


def as_meant(hub: Hub, names: Sequence[str], option: str | None, semester: str = "") -> tuple[str, ...]:
    """Return one name where the quotes of a listed one are missing: free Evidently AI; of an address, its tool's.

    A title is one name, with quotes or without. Names are read as in a semester, which is the open one if not given.
    """
    if hub.course.at(semester).names_of(option) is NameKind.TITLE:
        return (" ".join(names),)
    names = tuple(map(home_pages.name_in, names))
    whole = " ".join(names)
    identities = hub.names.claim(whole).identities
    return (whole,) if len(identities) == 1 and identities[0].is_listed else names


@click.command()
@click.argument("one")
@click.argument("other")
@click.option("--option", help="Which kind of post; only needed where some claim tools and others titles.")
@root_option
def compare(one: str, other: str, option: str | None, root: Path) -> None:
    """Are two names the same claim? Prints same, near or distinct, and the step that decides.

    Exit code 0: the same; 1: not the same.
    """
    hub = load(root)
    require_known(hub, option)
    claims = (hub.names.claim(one, option), hub.names.claim(other, option))
    verdict, why = _relation(*claims, hub.names.vocabulary)
    click.echo(f"{verdict}: {why}")
    for name, claim in zip((one, other), claims, strict=True):
        click.echo(f"  “{name}” → {claim.key or 'no name'}{_steps(claim)}")
    sys.exit(CLEAN if verdict == "same" else FINDINGS)


def _relation(one: Claim, other: Claim, vocabulary: Vocabulary) -> tuple[str, str]:
    if one.code == other.code and one.identities:
        return "same", f"both lead to {one.key}"
    if why := titles.kinship(one, other):
        return "same", why
    ours, theirs = ({identity.code: identity for identity in claim.identities} for claim in (one, other))
    shared = [identity.name for code, identity in ours.items() if code in theirs]
    only_ours = [identity for code, identity in ours.items() if code not in theirs]
    only_theirs = [identity for code, identity in theirs.items() if code not in ours]
    names = Names(only_theirs, vocabulary)
    pairs = [(identity, names.near(identity)) for identity in only_ours]
    if pairs and len(only_ours) == len(only_theirs) and all(near for _, near in pairs):
        identity, near = pairs[0]
        return "near", f"“{near[0].identity.name}” {near[0].why} (“{identity.name}”)"
    for claim, names in ((one, Names(other.identities, vocabulary)), (other, Names(one.identities, vocabulary))):
        for identity in claim.undivided:
            for near_name in names.near(identity):
                return "near", f"“{near_name.identity.name}” {near_name.why} (“{identity.name}”)"
    if shared:
        return "distinct", f"they share {', '.join(shared)}, and a combination is a claim of its own"
    return "distinct", "no step makes them one name"


def _steps(claim: Claim) -> str:
    steps = dict.fromkeys(claim.steps)
    return f" ({'; '.join(steps)})" if steps else ""
