"""The claim desk: open pull requests → verdicts → one comment and one commit status each.

The desk looks at what GitHub has now, never at the event that woke it. So it does not matter which events come late,
twice or not at all: whatever wakes it next finds all that is left to do.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from coursehub.checks import BrokenRuleError
from coursehub.desk.pulls import Pull
from coursehub.desk.snapshot import Sitting, has_news, judge, sit
from coursehub.desk.statuses import not_judged, refuse, revoke, set_status, site_of, status, write
from coursehub.desk.verdict import Judged, Verdict
from coursehub.github.door import GitHub, GitHubError
from coursehub.records.hub import Hub


class Outcome(NamedTuple):
    """The verdicts given, and in words what could not be judged or told."""

    verdicts: list[Verdict]
    failures: list[str]


def look(github: GitHub, hub: Hub, main: str, bot: str, number: int | None = None) -> Outcome:
    """The verdict on one open pull request, or on all; nothing is written. `hub` is main as of the commit `main`."""
    try:
        sitting = sit(github, hub, main, bot)
    except GitHubError as error:
        return Outcome([], [_NOTHING.format(error)])
    pulls = [pull for pull in sitting.pulls if number in (None, pull.number)]
    if number and not pulls:
        return Outcome([], [_NOT_OPEN.format(number, github.repository)])
    return _each(sitting, pulls, lambda pull, judged: None, lambda pull, error: None)


def post(github: GitHub, hub: Hub, main: str, bot: str, number: int | None = None, *, again: bool = False) -> Outcome:
    """Tell every open pull request what is new of it: number `number` in any case, and with `again` all of them."""
    try:
        sitting = sit(github, hub, main, bot)
        site = site_of(github)
        if number and all(pull.number != number for pull in sitting.pulls):
            revoke(github, number)
    except GitHubError as error:
        if number:
            not_judged(github, str(error), number=number)
        return Outcome([], [_NOTHING.format(error)])
    pulls = [pull for pull in sitting.pulls if again or pull.number == number or has_news(sitting, pull)]
    return _each(
        sitting,
        sorted(pulls, key=lambda pull: pull.number != number),
        lambda pull, judged: write(github, sitting, site, pull, judged),
        lambda pull, error: refuse(github, pull, error),
    )


def post_on(github: GitHub, hub: Hub, main: str, bot: str, number: int, commit: str) -> Outcome:
    """Set the status of the commit with which a merge queue would merge a pull request, by the verdict on that."""
    outcome = look(github, hub, main, bot, number)
    try:
        if outcome.verdicts:
            set_status(github, commit, status(outcome.verdicts[0]))
        else:
            not_judged(github, outcome.failures[0], commit=commit)
    except GitHubError as error:
        outcome.failures.append(f"#{number} was judged, but its status was not set: {error}")
    return outcome


_NOTHING = "nothing was judged, so nothing new passes: {}"
_NOT_OPEN = "pull request #{} of {} is not open, or is none against main"


def _each(
    sitting: Sitting,
    pulls: Iterable[Pull],
    deliver: Callable[[Pull, Judged], None],
    fail: Callable[[Pull, Exception], None],
) -> Outcome:
    outcome = Outcome([], [])
    for pull in pulls:
        try:
            judged = judge(sitting, pull)
            deliver(pull, judged)
            outcome.verdicts.append(judged.verdict)
        except (GitHubError, BrokenRuleError) as error:
            outcome.failures.append(f"#{pull.number} was not judged, so it does not pass: {error}")
            fail(pull, error)
    return outcome
