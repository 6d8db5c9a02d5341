"""Prior posts and the posts here, against which a new claim is held: by what they claim, and by their titles."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from coursehub.names import titles
from coursehub.names.identity import Claim, Identity, fold
from coursehub.names.mentions import mentions_in
from coursehub.names.near_names import Names
from coursehub.names.nearness import Near
from coursehub.names.sentences import says_more
from coursehub.records import headlines
from coursehub.records import tools as tools_file
from coursehub.records.assignment import NameKind
from coursehub.records.course import Course
from coursehub.records.name_reader import MOST_NAMES, Lookup, NameReader
from coursehub.records.prior_posts import PriorPost
from coursehub.records.tools import Tools

_LONGEST_CLAIM = 8  # words: a longer title says more than names


class Precedent(NamedTuple):
    """A post of an earlier semester, here or elsewhere: what a new claim is held against.

    One here has a `path`, one elsewhere the line of its entry in `data/prior_posts.yaml`.
    """

    semester: str
    title: str
    claim: Claim
    option: str
    url: str | None = None
    path: str | None = None
    line: int = 0
    archived: str | None = None

    @property
    def place(self) -> str | int:
        """Where it is from: the file, or the line of its entry."""
        return self.path or self.line


class Headline(NamedTuple):
    """The title that an earlier post itself has, where lists name it by its tools. It is from staff or its address."""

    text: str
    is_from_address: bool


class Precedents(msgspec.Struct, frozen=True, dict=True):
    """The prior posts, and `here`: the posts of this repository that count."""

    names: NameReader
    priors: tuple[PriorPost, ...]
    here: tuple[Precedent, ...] = ()

    @cached_property
    def all(self) -> list[Precedent]:
        """Every one that claims something, as something that a later claim could repeat: prior ones first."""
        return [precedent for precedent in (*self._elsewhere, *self.here) if precedent.claim.identities]

    @cached_property
    def _elsewhere(self) -> list[Precedent]:
        return [
            Precedent(prior.semester, prior.title, self.names.claim_of_prior(prior), prior.option, prior.url,
                      line=prior.line, archived=prior.archived)
            for prior in self.priors
        ]  # fmt: skip

    @cached_property
    def by_code(self) -> dict[str, list[Precedent]]:
        """Claim code → all with that claim, prior ones first, each in its file's order."""
        by_code: dict[str, list[Precedent]] = defaultdict(list)
        for precedent in self.all:
            by_code[precedent.claim.code].append(precedent)
        return by_code

    @cached_property
    def by_tool(self) -> dict[str, list[Precedent]]:
        """Tool's code → all about that tool, alone or in a combination, prior ones first."""
        by_code: dict[str, list[Precedent]] = defaultdict(list)
        for precedent in self.all:
            for tool in precedent.claim.codes:
                by_code[tool].append(precedent)
        return by_code

    def same(self, claim: Claim) -> list[Precedent]:
        """All with that claim; then those with a title that may be the same (see `titles.kinship`)."""
        return [*self.by_code.get(claim.code, ()), *self.akin(claim)]

    def akin(self, claim: Claim) -> list[Precedent]:
        """Those about a title that this one may be, though it is written otherwise; none for tools."""
        if not any(identity.title for identity in claim.identities):
            return []
        codes = {code for key in titles.sought(claim) for code in self._codes_by_mark.get(key, ())}
        akin = [each for code in codes - {claim.code} for each in self.by_code[code]]
        return sorted(akin, key=lambda each: self._number[each.place])

    @cached_property
    def _number(self) -> dict[str | int, int]:
        return {each.place: number for number, each in enumerate(self.all)}

    @cached_property
    def _codes_by_mark(self) -> dict[str, set[str]]:
        """One of `titles.marks` → the codes of the claims that have it."""
        codes: dict[str, set[str]] = defaultdict(set)
        for each in self.all:
            for mark in titles.marks(each.claim):
                codes[mark].add(each.claim.code)
        return codes

    @cached_property
    def titled(self) -> list[Precedent]:
        """The prior posts of which only a title is known: their claims are empty, and no claim repeats them."""
        return [each for each, prior in zip(self._elsewhere, self.priors, strict=True) if not prior.tools]

    @cached_property
    def telling(self) -> list[Precedent]:
        """The prior posts whose titles say more than what they claim."""
        return [self._elsewhere[number] for number in self._telling]

    @cached_property
    def _telling(self) -> tuple[int, ...]:
        """Their numbers among the prior posts."""
        if self.names.lookup:
            return self.names.lookup.telling
        return tuple(
            number for number, prior in enumerate(self.priors) if self._is_of_tool(prior) and self._is_telling(prior)
        )

    def _is_of_tool(self, prior: PriorPost) -> bool:
        return self.names.kind_of(prior) is NameKind.TOOL

    def _is_telling(self, prior: PriorPost) -> bool:
        return says_more(prior.title, prior.tools, self.names.vocabulary)

    @cached_property
    def mentions(self) -> Mapping[str, Sequence[int]]:
        """A tool's code → the numbers of the `telling` titles that speak of it."""
        if self.names.lookup:
            return self.names.lookup.mentions
        return mentions_in((each.title for each in self.telling), self.names.vocabulary)

    def speaking_of(self, tool: Identity, semester: str) -> list[Precedent]:
        """Prior posts up to a semester whose titles speak of a tool and that do not just claim it, the newest first."""
        if tool.title:
            return []
        order = self.names.course.order
        now = order.get(semester, -1)
        posts = [self.telling[number] for number in self.mentions.get(tool.code, ())]
        known = [each for each in posts if order.get(each.semester, -1) <= now and each.claim.code != tool.code]
        return sorted(known, key=lambda post: -order.get(post.semester, -1))

    def headline(self, earlier: PriorPost | Precedent) -> Headline | None:
        """The title that an earlier post elsewhere has itself; None where it is not known, or says no more."""
        if isinstance(earlier, Precedent) and earlier.path:
            return None
        return self._headlines.get((earlier.line, earlier.url))

    @cached_property
    def _headlines(self) -> dict[tuple[int, str | None], Headline]:
        """Line and address of a prior post → its headline."""
        known, telling = tools_file.spellings(self.names.tools), frozenset(self._telling)
        pairs = (
            (prior, self._headline(prior, known, is_telling=number in telling))
            for number, prior in enumerate(self.priors)
        )
        return {(prior.line, prior.url): headline for prior, headline in pairs if headline}

    def _headline(self, prior: PriorPost, known: headlines.Spellings, *, is_telling: bool) -> Headline | None:
        if prior.headline is not None:
            return Headline(prior.headline, is_from_address=False) if prior.headline.strip() else None
        if is_telling or not self._is_of_tool(prior):
            return None
        claim = self.names.claim_of_prior(prior)
        own = (*prior.tools, *(identity.name for identity in claim.identities))  # of one spelled twice, the last
        text = headlines.title(prior.url or "", known, own)
        named, words = {word for name in (prior.title, *own) for word in fold(name)}, fold(text)
        if all(word in named or word.isdecimal() for word in words):
            return None
        is_claim = len(words) <= _LONGEST_CLAIM and self.names.claim_of_kind(text, NameKind.TOOL).code == claim.code
        return None if is_claim else Headline(text, is_from_address=True)

    def near(self, claim: Claim, distinct_from: Sequence[str] = ()) -> Iterator[tuple[Identity, Near]]:
        """The names that a claim's might be taken for, each once, but for those that are said to be distinct."""
        identities = claim.identities
        kinds = {NameKind.TITLE if identity.title else NameKind.TOOL for identity in identities}
        names = distinct_from[:MOST_NAMES]
        answered = {code for kind in kinds for name in names for code in self.names.claim_of_kind(name, kind).codes}
        answered |= {identity.code for identity in identities}
        for identity in (*claim.undivided, *identities):
            for near in self._known_names.near(identity):
                if near.identity.code not in answered:
                    answered.add(near.identity.code)
                    yield identity, near

    @cached_property
    def _known_names(self) -> Names:
        """Every name that is listed or was ever written about, to find near ones in."""
        listed = (Identity(slug, tool.name, is_listed=True) for slug, tool in self.names.tools.tools.items())
        used = (identity for precedent in self.all for identity in precedent.claim.identities)
        return Names((*listed, *used), self.names.vocabulary)


def lookup_of(course: Course, tools: Tools, priors: tuple[PriorPost, ...]) -> Lookup:
    """Return the answers of these data files."""
    names = NameReader(course, tools)
    precedents = Precedents(names, priors)
    asked = dict.fromkeys((names.kind_of(prior), prior.tools[:MOST_NAMES]) for prior in priors)
    claims = tuple((kind, each, names.claim_of_kind(each, kind)) for kind, each in asked)
    mentions = {code: tuple(numbers) for code, numbers in precedents.mentions.items()}
    return Lookup(names.vocabulary, claims, precedents._telling, mentions)
