"""A look at every open pull request: whose claims hold, and which of them have news."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import NamedTuple, TypeVar

import msgspec

from coursehub import checks
from coursehub.desk import owners, queue, received, suggestions, verdict
from coursehub.desk.commits import Commits, Source, TooLargeError
from coursehub.desk.pulls import NOTHING, Pull, open_pulls
from coursehub.desk.queue import DRAFT, LAPSED, Answer, Answered, Request
from coursehub.desk.record import LONGEST, Claimed, Record, Status
from coursehub.desk.suggestions import NO_PLAN, Plan
from coursehub.desk.verdict import Judged
from coursehub.github.door import GitHub, GitHubError, NotFoundError
from coursehub.records import repository
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from coursehub.records.paths import is_post
from coursehub.records.post import Post
from coursehub.records.repository import Stored
from coursehub.system.budget import Budget, SpentError

T = TypeVar("T")

GRACE = dt.timedelta(hours=48)  # for which an exchange keeps the new claim while it does not pass

# What a status says of a pull request that is not judged again before it changes.
TOO_LARGE = "This changes more than the desk can read at once, such as 20 posts. Split it into several pull requests"
TOO_SLOW = "This takes too long to check. Make the front matter or text shorter"


class Sitting(NamedTuple):
    """All open pull requests as of now, what is known of each, and the answers to their claims; `hub` is main.

    `troubles`: number → why a pull request cannot be judged, whatever it changes. `budget` is that of judging one.
    `verdicts`: number → the status that its own verdict gives it, of those judged since.
    """

    hub: Hub
    pulls: Sequence[Pull]
    records: Mapping[int, Record]
    answers: Sequence[Answered]
    commits: Commits
    troubles: Mapping[int, BaseException]
    budget: Budget
    verdicts: dict[int, Status]


def sit(github: GitHub, source: Source, hub: Hub, main: str, bot: str, budget: Budget) -> Sitting:
    """Look at every open pull request; `main` is the commit that `hub` was read from.

    What goes wrong about one pull request is its own trouble: its claims are then those that are remembered. Raises
    `GitHubError` where nobody can know who came first, so that nothing may be judged.
    """
    commits = Commits(source, main)
    pulls = owners.with_logins_of_others(open_pulls(github, bot))
    now = github.answer_time
    troubles: dict[int, BaseException] = {pull.number: GitHubError(_damaged(pull)) for pull in pulls if pull.trouble}

    def attempt(pull: Pull, work: Callable[[], T], otherwise: T) -> T:
        try:
            return work()
        except (GitHubError, SpentError) as error:
            troubles[pull.number] = error
            return otherwise

    arrived = {
        pull.number: []
        if _claims_nothing(pull)
        else attempt(pull, partial(received.arrivals, github, pull), list[received.Arrival]())
        for pull in pulls
    }
    commits.fetch(arrival.head for arrivals in arrived.values() for arrival in arrivals)
    pulls = [
        attempt(pull, partial(_with_former_logins, github, bot, hub, commits, pull), pull)
        if arrived[pull.number] and not pull.record.is_author_known
        else pull
        for pull in pulls
    ]
    seen = {
        pull.number: attempt(
            pull, partial(_seen, commits, pull, hub, arrived[pull.number], budget), received.known(pull)
        )
        for pull in pulls
    }
    requests = [request for pull in pulls for request in _requests(hub, pull, seen[pull.number], now)]
    answers = queue.answers(hub, requests)
    records = {pull.number: _with_answers(pull, seen[pull.number], answers) for pull in pulls}
    return Sitting(hub, pulls, records, answers, commits, troubles, budget, {})


def _claims_nothing(pull: Pull) -> bool:
    """Whether its newest commit was found to claim nothing, or to be more than is read: that is not asked again."""
    if pull.status is None:
        return False
    is_without_word = pull.comment is None and pull.status == _NOTHING
    return is_without_word or pull.status.description in (TOO_LARGE, TOO_SLOW)


def _seen(commits: Commits, pull: Pull, hub: Hub, arrived: Sequence[received.Arrival], budget: Budget) -> Record:
    if _claims_nothing(pull):
        return msgspec.structs.replace(received.known(pull), sightings=())
    with budget.limit():
        return received.seen(commits, pull, hub, arrived)


def _with_former_logins(github: GitHub, bot: str, hub: Hub, commits: Commits, pull: Pull) -> Pull:
    """The pull request, with the logins that its author had when others were merged, where these may matter."""
    try:
        changed = [path for path in commits.changed(pull.head) if is_post(path)]
    except (NotFoundError, TooLargeError):
        return pull
    there = [hub.post_by_path[path] for path in changed if path in hub.post_by_path]
    is_foreign = any(not hub.may_change(post, *pull.logins) for post in there)
    may_be_second = len(there) < len(changed) and any(now == hub.course.open_semester for now, _ in hub.live_by_author)
    if hub.course.is_staff(pull.actor) or not (is_foreign or may_be_second):
        return pull
    record = msgspec.structs.replace(pull.record, is_author_known=True)
    return msgspec.structs.replace(pull, record=record, former=(*pull.former, *owners.former_logins(github, bot, pull)))


def _damaged(pull: Pull) -> str:
    return f"the desk cannot use its comment there: {pull.trouble}. Delete that comment to start again"


def _requests(hub: Hub, pull: Pull, record: Record, now: dt.datetime | None) -> Iterator[Request]:
    if not record.sightings:
        return
    newest = record.sightings[-1]
    for claim in newest.claims:
        post = claim.post
        merged = hub.post_by_path.get(claim.path)
        is_own = merged and merged.is_live and hub.may_change(merged, *pull.logins) and hub.is_same_claim(merged, post)
        if not hub.claim_of(post).identities or is_own:  # to change one's own post is to claim nothing
            continue
        moments = record.moments(partial(_is_same, hub, pull, post)) or [(newest.moment, newest.run)]
        moment, run = moments[0]
        refused = DRAFT if pull.is_draft else ""
        if _is_exchange(hub, newest.drops, post) and not (pull.status and pull.status.state == "success"):
            for later in moments:  # an exchange that did not pass in time asks again with its next commit
                moment, run = later if later[0] > moment + GRACE else (moment, run)
            refused = refused or (LAPSED if now and now > moment + GRACE else "")
        drops = frozenset(newest.drops)
        yield Request(moment, run, pull.number, claim.path, pull.logins, post, drops, pull.agreed, refused)


def _is_exchange(hub: Hub, drops: Iterable[str], post: Post) -> bool:
    """Whether a claim on main is given up for this one; it is held, too, until that is merged."""
    olds = [hub.post_by_path[path] for path in drops]
    return any(old.is_live and old.semester == post.semester for old in olds)


def _is_same(hub: Hub, pull: Pull, post: Post, other: Claimed) -> bool:
    """Whether a claim was the same, and in the author's own name: one in somebody else's keeps no place."""
    return hub.is_same_claim(post, other.post) and hub.may_change(other.post, *pull.logins)


def _with_answers(pull: Pull, record: Record, answers: Sequence[Answered]) -> Record:
    """The record, with the answers to its claims as of now."""
    answered = tuple(_in_short(request, answer) for request, answer in answers if request.pull == pull.number)
    if sum(map(len, answered)) > LONGEST // 2:  # they only serve to see whether something is new
        answered = (sha256(repr(answered).encode()).hexdigest(),)
    conflicts = pull.record.conflicts if pull.conflicts is None else pull.conflicts
    return msgspec.structs.replace(record, answers=answered, conflicts=conflicts)


def _in_short(request: Request, answer: Answer) -> str:
    if answer.holds:
        return f"{request.path} holds"
    by = f" {answer.by.path} {answer.pull or 'main'}" if answer.by else ""
    return f"{request.path} {answer.why}{by}"


def has_news(sitting: Sitting, pull: Pull) -> bool:
    """Whether something about a pull request differs from what the desk wrote last."""
    if pull.status is None or pull.status.state == "pending":
        return True
    if pull.status.description in (TOO_LARGE, TOO_SLOW):
        return False
    record = sitting.records[pull.number]
    if pull.comment is None:  # there was nothing to say, or the comment was deleted
        return pull.status != _NOTHING
    return record != pull.record or record.offers.is_owed or pull.status != best(sitting, pull, pull.record.status)


_NOTHING = Status("success", NOTHING)


def best(sitting: Sitting, pull: Pull, status: Status | None) -> Status | None:
    """The status that a pull request's newest commit should have, where its own verdict gives it `status`.

    A status belongs to a commit, and pull requests may share one: it passes where it passes in one of them.
    """
    others = [each for each in sitting.pulls if each.head == pull.head and each.number != pull.number]
    statuses = [status, *(_own_status(sitting, each) for each in others)]
    return next((each for each in statuses if each and each.state == "success"), status)


def _own_status(sitting: Sitting, pull: Pull) -> Status | None:
    """The status that a pull request's own verdict gives it, as far as the desk knows."""
    if pull.number in sitting.verdicts:
        return sitting.verdicts[pull.number]
    if pull.comment is None:  # it was judged only if that is what its commit bears
        return _NOTHING if pull.status == _NOTHING else None
    return pull.record.status if pull.record.head == pull.head else None  # else it was another commit's


def judge(sitting: Sitting, pull: Pull) -> Judged:
    """The verdict on one pull request. Raises `GitHubError`, `budget.SpentError` and `checks.BrokenRuleError`."""
    if trouble := sitting.troubles.get(pull.number):
        raise trouble
    changed = sitting.commits.changed(pull.head)
    received.refuse_too_many(changed, sitting.hub, pull)
    with sitting.budget.limit():
        stored = sitting.commits.stored(changed)
        conflicts = sitting.records[pull.number].conflicts
        return verdict.judge(sitting.hub, pull, changed, stored, sitting.answers, conflicts=conflicts)


def planned(sitting: Sitting, pull: Pull, judged: Judged) -> Plan:
    """The plan for the fixes of a pull request that was judged.

    Raises `GitHubError`, `budget.SpentError`, `checks.BrokenRuleError`, and `ValueError` for a fix that cannot be.
    """
    findings = suggestions.fixable(judged.verdict.findings, suggestions.own_posts(judged, pull))
    if not findings:
        return NO_PLAN
    with sitting.budget.limit():
        diffs = sitting.commits.diffs(sitting.commits.changed(pull.head), {finding.path for finding in findings})
        there = [finding for finding in findings if finding.path in diffs]
        plan = suggestions.plan(there, diffs, sitting.records[pull.number].offers.keys)
        return plan._replace(fresh=suggestions.settled(plan.fresh, diffs, partial(_findings, judged.hub)))


def _findings(hub: Hub, path: str, content: bytes) -> list[Finding]:
    """The findings in a post of a hub, were these its bytes."""
    changed = repository.changed(hub, {path: Stored(len(content), content)})
    return checks.judge_posts(changed, [changed.post_by_path[path]])
