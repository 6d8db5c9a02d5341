"""The desk's comment: a verdict in the words of somebody who never used git."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote

import jinja2

from coursehub.checks.rule import name_of
from coursehub.checks.rules import claims as claim_rules
from coursehub.checks.rules import pull_request as pull_request_rules
from coursehub.claims import availability
from coursehub.desk import by_hand, record
from coursehub.desk.own_comment import MARKER
from coursehub.desk.pulls import NOTHING, Pull
from coursehub.desk.queue import DRAFT, IN_ANOTHERS_NAME, LAPSED, SECOND, TAKEN
from coursehub.desk.record import Record
from coursehub.desk.suggestions import NO_PLAN, Plan
from coursehub.desk.verdict import ClaimAnswer, Holder, Judged, Verdict
from coursehub.github.door import GitHub
from coursehub.github.markdown import Markdown, code, code_block, escape, link, web_link
from coursehub.markdown.contents import heading_named
from coursehub.records.course import Course
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.records.precedents import Precedent
from coursehub.text.wording import plural
from coursehub.workflows import Checks

MOST_ERRORS, MOST_NOTES, MOST_POSTS = 40, 10, 8
LONGEST = 65_536  # characters of a comment, by which GitHub refuses it
LONGEST_SUMMARY = 140  # of a commit status: https://docs.github.com/en/rest/commits/statuses
LAST_SEMESTER = name_of(claim_rules.claim_repeats_last_semester)
RULED_OUT = frozenset(
    {LAST_SEMESTER, name_of(claim_rules.claim_out_of_season), name_of(pull_request_rules.post_out_of_season)}
)


class Around(NamedTuple):
    """The site and the checks that a comment names: the published site's address, or empty, and the checks' names."""

    site: str = ""
    checks: Checks = Checks()


def summary(verdict: Verdict) -> str:
    """The verdict in one line."""
    count = sum(finding.count for finding in verdict.blocking)
    things = plural(count, "thing")
    refused = next((claim for claim in verdict.claims if not claim.holds), None)
    ruled_out = any(finding.rule in RULED_OUT for finding in verdict.blocking)
    names = ", ".join(f"“{claim.name}”" for claim in verdict.claims[:3])
    are, claims = ("is", "claim") if len(verdict.claims) == 1 else ("are", "claims")
    if refused:
        text = _REFUSALS[refused.why].format(name=refused.name, holder=_holder(refused))
    elif ruled_out:
        text = f"{names or 'This'} cannot be claimed"
    elif count:
        text = f"{names} {are} reserved for you; {things} to fix" if names else f"{things} to fix"
    else:
        text = f"{names} {are} free, and yours {are} the first {claims}" if names else NOTHING
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1]}…"


_REFUSALS = {
    TAKEN: "“{name}” is taken: {holder} came first",
    SECOND: "“{name}” would be a second claim",
    IN_ANOTHERS_NAME: "“{name}” is claimed in somebody else's name",
    DRAFT: "“{name}” is not claimed yet: this is a draft",
    LAPSED: "“{name}” is no longer reserved: the exchange did not pass in time",
}


def _holder(claim: ClaimAnswer) -> str:
    return ", ".join(claim.holder.authors) if claim.holder else ""


def written(
    judged: Judged, pull: Pull, remembered: Record, github: GitHub, around: Around, plan: Plan = NO_PLAN
) -> str:
    """The comment on a pull request, with what the desk has to remember of it.

    `github` tells the addresses of its pages; `plan` has the fixes of its findings. Where it is too long for GitHub,
    every list is cut shorter.
    """
    text = ""
    for most in (MOST_ERRORS, 20, 10, 5, 2, 0):
        text = _written(judged, pull, remembered, github, around, plan, most)
        if len(text) <= LONGEST:
            break
    return text


def _written(
    judged: Judged, pull: Pull, remembered: Record, github: GitHub, around: Around, plan: Plan, most: int
) -> str:
    """The comment, of whose lists none is longer than `most`."""
    verdict, hub = judged.verdict, judged.hub
    errors = [finding for finding in verdict.findings if finding.blocks]
    notes = [finding for finding in verdict.findings if not finding.blocks]
    home = github.home
    most_notes = min(MOST_NOTES, most)
    posts = [post for post in judged.posts if post.is_live and post.front][: min(MOST_POSTS, most)]
    rules = {finding.rule for finding in errors}
    must_move = LAST_SEMESTER in rules or any(claim.why == TAKEN for claim in verdict.claims)
    is_ruled_out = not RULED_OUT.isdisjoint(rules)
    is_refused = is_ruled_out or any(not claim.holds and claim.why not in (DRAFT, LAPSED) for claim in verdict.claims)
    waiting = frozenset(finding for finding, token in plan.tokens.items() if token in remembered.offers.waiting)
    mark = "❌" if is_refused else "✋" if not verdict.passes or verdict.conflicts else "✅"
    text = _template().render(
        marker=Markdown(MARKER),
        record=Markdown(record.hidden(remembered)),
        mark=mark,
        heading=summary(verdict),
        verdict=verdict,
        claims=verdict.claims[:most],
        more_claims=max(len(verdict.claims) - most, 0),
        must_move=must_move,
        is_ruled_out=is_ruled_out,
        is_draft=any(claim.why == DRAFT for claim in verdict.claims),
        is_on_other_post=IN_ANOTHERS_NAME in rules,
        renamed=[(post.path, former) for post in posts if (former := _former_login(post, pull))],
        undecided=sorted({author for post in posts for author in _undecided(hub, post, pull)}),
        second=next((claim.holder for claim in verdict.claims if claim.why == SECOND), None),
        free_page=web_link(hub.course.now.question, around.site),
        word=hub.word(posts[0]) if posts else hub.course.now.word(None),
        waiting=len(waiting),
        all_wait=waiting.issuperset(errors),
        errors=[_placed(finding, pull, github.server, plan, waiting) for finding in errors[:most]],
        more_errors=sum(finding.count for finding in errors[most:]),
        notes=[_placed(finding, pull, github.server, plan, waiting) for finding in notes[:most_notes]],
        more_notes=sum(finding.count for finding in notes[most_notes:]),
        alternatives=[name for post in posts[:1] for name in availability.alternatives(hub, hub.claim_of(post))],
        open_file=_open_file(pull, posts, github.server),
        earlier=list(islice(_earlier(judged, posts, home), most_notes)),
        checklists=[checklist for post in posts if (checklist := _checklist(hub, post))],
        has_posts=bool(posts),
        is_theirs=judged.is_theirs,
        names=around.checks,
        checks=link("the checks", home, f"pull/{pull.number}/checks"),
        codespace=link("a codespace", "https://codespaces.new", f"{github.repository}/pull/{pull.number}"),
        moment=partial(_moment, hub.course),
        where=partial(_where, home=home),
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip()


@cache
def _template() -> jinja2.Template:
    """The comment's template, in which every value is escaped that is not `Markdown`."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("coursehub.desk"), finalize=escape, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, autoescape=False,  # it is no HTML
    )  # fmt: skip
    templates.filters["code"] = code
    whys = {"SECOND": SECOND, "IN_ANOTHERS_NAME": IN_ANOTHERS_NAME, "DRAFT": DRAFT, "LAPSED": LAPSED}
    templates.globals |= {"plural": plural, **whys}
    return templates.get_template("comment.md")


def _moment(course: Course, moment: dt.datetime) -> str:
    return f"{moment.astimezone(course.zone):%Y-%m-%d %H:%M:%S %Z}"


def _where(holder: Holder, home: str) -> Markdown:
    if holder.pull:
        return Markdown(f"[#{holder.pull}]({home}/pull/{holder.pull})")
    return link(holder.path, home, f"blob/HEAD/{holder.path}")


def _former_login(post: Post, pull: Pull) -> str:
    """The login that the author had before and by which a post still names them, or empty."""
    authors = {author.lower(): author for author in post.authors}
    former = [authors[login.lower()] for login in pull.logins[1:] if login.lower() in authors]
    return former[0] if former and pull.actor.lower() not in authors else ""


def _undecided(hub: Hub, post: Post, pull: Pull) -> Iterator[str]:
    """The co-authors whom a claim does not bind yet."""
    if not hub.course.is_staff(pull.actor):
        known = {*pull.agreed, *(login.lower() for login in pull.logins)}
        yield from (author for author in post.authors if author.lower() not in known)


class Placed(NamedTuple):
    """A finding with its place as a link, lines to paste, whether a suggestion waits, and else what to do by hand."""

    place: Markdown
    message: str
    help: str
    to_paste: Markdown
    rule: str
    waits: bool
    by_hand: list[Markdown]


def _placed(finding: Finding, pull: Pull, server: str, plan: Plan, waiting: Collection[Finding]) -> Placed:
    text = finding.path if finding.line == 1 else f"{finding.path}, line {finding.line}"
    at = (f"{server}/{pull.fork}", f"blob/{pull.head}/{finding.path}")
    place = link(text, *at, line=finding.line) if pull.fork else Markdown(escape(text))
    waits = finding in waiting
    steps = [] if waits or finding not in plan.by_hand else list(by_hand.steps(finding.fix, plan.by_hand[finding]))
    help, *to_paste = finding.help.split("\n")
    return Placed(place, finding.message, help, code_block(to_paste), finding.rule, waits, steps)


def _open_file(pull: Pull, posts: Sequence[Post], server: str) -> Markdown:
    if not posts or not pull.fork:
        return Markdown("Open “Files changed” above, and choose “Edit file” in the menu “…” of a file")
    file = link(posts[0].path, f"{server}/{pull.fork}", f"edit/{pull.branch}/{posts[0].path}")
    return Markdown(f"Open the file in your browser: {file}")


def _earlier(judged: Judged, posts: Sequence[Post], home: str) -> Iterator[tuple[str, list[Markdown], int]]:
    """For each tool of the posts: its name, links to what was written about it before, and how many more there are."""
    hub, on_main = judged.hub, judged.main.post_by_path.keys() - {post.path for post in judged.posts}
    tools = {each.code: each.name for post in posts for each in hub.claim_of(post).identities}
    for tool, name in tools.items():
        earlier = [each for each in hub.precedents.by_tool.get(tool, ()) if not each.path or each.path in on_main]
        earlier.sort(key=lambda each: -hub.course.order.get(each.semester, -1))
        if earlier:
            yield name, [_precedent(each, home) for each in earlier[:MOST_POSTS]], max(len(earlier) - MOST_POSTS, 0)


def _precedent(each: Precedent, home: str) -> Markdown:
    address = each.url or (f"{home}/blob/HEAD/{quote(each.path)}" if each.path else "")
    return Markdown(f"{web_link(each.title, address)} ({escape(each.semester)})")


class Requirement(NamedTuple):
    """A content requirement, and the heading that meets it, or none."""

    title: str
    heading: str


def _checklist(hub: Hub, post: Post) -> tuple[str, str, list[Requirement]] | None:
    option = hub.option_of(post)
    if not option or not option.requirements or not post.is_hosted_here:
        return None
    headings = post.contents.headings
    covered = [(each.title, post.covers.get(each.id, "")) for each in option.requirements]
    met = [(title, heading if heading_named(heading, headings) else "") for title, heading in covered]
    return post.path, option.title, [Requirement(*each) for each in met]
