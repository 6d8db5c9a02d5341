"""The prior posts judged again in the order of their semesters, as if each had been a claim then.

It shows what the rules would have found: every case is kept, so that a person can disagree with a verdict.
"Last semester" is here the last one in which there were posts.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from coursehub.names import titles
from coursehub.names.identity import Claim, Identity, Vocabulary
from coursehub.names.mentions import mentions_in
from coursehub.names.near_names import Names
from coursehub.records.course import Course
from coursehub.records.prior_posts import PriorPost


class Verdict(StrEnum):
    """The first obstacle that a post would have met."""

    SAME_SEMESTER = "taken in the same semester"
    LAST_SEMESTER = "repeats the last semester"
    EARLIER = "repeats an earlier semester"
    NEAR = "resembles an earlier name"
    NEW = "new"


class Case(msgspec.Struct, frozen=True):
    """A post, what it would have met, and the post (or the reason) that it met."""

    post: PriorPost
    key: str
    verdict: Verdict
    met: PriorPost | None = None
    why: str = ""


class Term(msgspec.Struct, frozen=True):
    """A semester's cases, in the list's order."""

    semester: str
    cases: tuple[Case, ...]

    def count(self, verdict: Verdict) -> int:
        """How many posts got this verdict."""
        return sum(case.verdict is verdict for case in self.cases)


def replay(course: Course, vocabulary: Vocabulary, priors: Iterable[PriorPost]) -> list[Term]:
    """Each semester's posts against all before them, semesters and posts in their order."""
    priors = list(priors)
    terms: list[Term] = []
    first: dict[str, PriorPost] = {}  # mark of a claim → the latest semester's first post with it
    used: dict[str, tuple[Identity, PriorPost]] = {}  # tool's code → that tool, and its latest post
    titled = [prior for prior in priors if not prior.tools]
    mentions = mentions_in((prior.title for prior in titled), vocabulary)
    before: set[str] = set()
    last = None
    for semester in course.semesters:
        posts = [prior for prior in priors if prior.semester == semester.id]
        if not posts:
            continue
        names = Names((identity for identity, _ in used.values()), vocabulary)
        claims = [(prior, course.at(prior.semester).claim(prior.tools, prior.option, vocabulary)) for prior in posts]
        cases = []
        now: dict[str, PriorPost] = {}
        for prior, its in claims:
            spoken = ((tool, titled[number]) for tool in its.identities for number in mentions.get(tool.code, ()))
            cases.append(
                _case(prior, its, _met(its, now), _met(its, first), last)
                or _near(prior, its, names, used)
                or _spoken_of(prior, its, ((tool, post) for tool, post in spoken if post.semester in before))
                or Case(prior, its.key, Verdict.NEW)
            )
            for mark in titles.marks(its):
                now.setdefault(mark, prior)
        terms.append(Term(semester.id, tuple(cases)))
        first |= now
        used |= {identity.code: (identity, prior) for prior, its in claims for identity in its.identities}
        before.add(semester.id)
        last = semester.id
    return terms


def _met(its: Claim, posts: Mapping[str, PriorPost]) -> PriorPost | None:
    return next((posts[mark] for mark in titles.sought(its) if mark in posts), None)


def _case(
    prior: PriorPost, its: Claim, now: PriorPost | None, before: PriorPost | None, last: str | None
) -> Case | None:
    if now:
        return Case(prior, its.key, Verdict.SAME_SEMESTER, now)
    if before:
        verdict = Verdict.LAST_SEMESTER if before.semester == last else Verdict.EARLIER
        return Case(prior, its.key, verdict, before)
    return None


def _near(prior: PriorPost, its: Claim, names: Names, used: dict[str, tuple[Identity, PriorPost]]) -> Case | None:
    for identity in (*its.undivided, *its.identities):
        for near in names.near(identity):
            why = f"“{near.identity.name}” {near.why}"
            return Case(prior, its.key, Verdict.NEAR, used[near.identity.code][1], why)
    return None


def _spoken_of(prior: PriorPost, its: Claim, spoken: Iterable[tuple[Identity, PriorPost]]) -> Case | None:
    """The case of a post of whose tool the title of an earlier one speaks; `spoken` has each such tool and title."""
    for tool, post in spoken:
        return Case(prior, its.key, Verdict.NEAR, post, f"its title speaks of {tool.name}")
    return None
