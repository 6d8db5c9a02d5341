"""The claim desk: open pull requests → verdicts → one comment each, and one status for each of their commits.

The desk looks at what GitHub has now, never at the event that woke it. So it does not matter which events come late,
twice or not at all: whatever wakes it next finds all that is left to do.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from coursehub.checks import BrokenRuleError
from coursehub.desk.comment import Around
from coursehub.desk.commits import Source
from coursehub.desk.pulls import Pull
from coursehub.desk.snapshot import Sitting, has_news, judge, sit
from coursehub.desk.statuses import Due, not_judged, refuse, revoke, set_status, site_of, status, suggest, write
from coursehub.desk.verdict import Judged, Verdict
from coursehub.github.door import GitHub, GitHubError
from coursehub.records.hub import Hub
from coursehub.system.budget import Budget, SpentError
from coursehub.workflows import Checks

MOST_REQUESTS = 450  # in one look, half of which write; GitHub takes 1,000 in an hour, and 500 that write
SECONDS = 5.0  # of work to judge one pull request


class Outcome(NamedTuple):
    """The verdicts given, and in words what could not be judged or told."""

    verdicts: list[Verdict]
    failures: list[str]


class Desk(NamedTuple):
    """Where the desk looks, and as whom: `hub` is main as of the commit `main`, and `bot` the desk's own account.

    `source` has the commits of pull requests. `requests`: how many one look may send; `budget`: what judging one pull
    request may cost; `checks`: the other checks of the repository, by their names.
    """

    github: GitHub
    source: Source
    hub: Hub
    main: str
    bot: str
    requests: int = MOST_REQUESTS
    budget: Budget = Budget(SECONDS)
    checks: Checks = Checks()

    def sit(self) -> Sitting:
        """Look at every open pull request. Raises `GitHubError`."""
        return sit(self.github, self.source, self.hub, self.main, self.bot, self.budget)


def look(desk: Desk, number: int | None = None) -> Outcome:
    """The verdict on one open pull request, or on all; nothing is written."""
    try:
        sitting = desk.sit()
        pulls = [pull for pull in sitting.pulls if number in (None, pull.number)]
        sitting.commits.fetch(pull.head for pull in pulls)
    except GitHubError as error:
        return Outcome([], [_NOTHING.format(error)])
    if number and not pulls:
        return Outcome([], [_NOT_OPEN.format(number, desk.github.repository)])
    return _each(desk, sitting, pulls, lambda pull, judged: None, lambda pull, error: None)


def post(desk: Desk, number: int | None = None, *, again: bool = False) -> Outcome:
    """Tell every open pull request what is new of it: number `number` in any case, and with `again` all of them.

    After the one that is asked about, the oldest come first; those for which no request is left are told at the next
    look.
    """
    github = desk.github
    try:
        sitting = desk.sit()
        if number and all(pull.number != number for pull in sitting.pulls):
            revoke(github, number, {pull.head for pull in sitting.pulls})
        pulls = [pull for pull in sitting.pulls if again or pull.number == number or has_news(sitting, pull)]
        sitting.commits.fetch(pull.head for pull in pulls)
        around = Around(site_of(github) if pulls else "", desk.checks)
    except GitHubError as error:
        if number:
            not_judged(github, str(error), number=number)
        return Outcome([], [_NOTHING.format(error)])
    due: list[Due | None] = []
    outcome = _each(
        desk,
        sitting,
        sorted(pulls, key=lambda pull: pull.number != number),
        lambda pull, judged: due.append(write(github, sitting, around, pull, judged)),
        lambda pull, error: refuse(github, pull, error),
    )
    for each in filter(None, due):  # when every verdict is written
        if github.requests >= desk.requests:
            outcome.failures.append(_SUGGEST_LATER.format(each.pull.number))
            break
        outcome.failures.extend(suggest(github, desk.bot, around, each))
    return outcome


def post_on(desk: Desk, number: int, commit: str) -> Outcome:
    """Set the status of the commit with which a merge queue would merge a pull request, by the verdict on that."""
    outcome = look(desk, number)
    try:
        if outcome.verdicts:
            set_status(desk.github, commit, status(outcome.verdicts[0]))
        else:
            not_judged(desk.github, outcome.failures[0], commit=commit)
    except GitHubError as error:
        outcome.failures.append(f"#{number} was judged, but its status was not set: {error}")
    return outcome


_NOTHING = "nothing was checked, so nothing new passes: {}"
_NOT_OPEN = "pull request #{} of {} is not open, or is not for main"
_SUGGEST_LATER = "GitHub limits requests, so suggestions from #{} on follow at the next run"
_LATER = "{} of {} pull requests were judged; GitHub limits requests, so the others follow at the next run"


def _each(
    desk: Desk,
    sitting: Sitting,
    pulls: Iterable[Pull],
    deliver: Callable[[Pull, Judged], None],
    fail: Callable[[Pull, BaseException], None],
) -> Outcome:
    outcome = Outcome([], [])
    pulls = list(pulls)
    for count, pull in enumerate(pulls):
        if desk.github.requests >= desk.requests:
            outcome.failures.append(_LATER.format(count, len(pulls)))
            break
        try:
            judged = judge(sitting, pull)
            deliver(pull, judged)
            outcome.verdicts.append(judged.verdict)
        except (GitHubError, BrokenRuleError, SpentError) as error:
            outcome.failures.append(f"#{pull.number} was not judged, so it does not pass: {error}")
            fail(pull, error)
    return outcome
