"""Reading the names of a claim, as the course's options have them read: as tools, or as a title."""

from collections.abc import Sequence
from functools import cached_property

import msgspec

from coursehub.names import titles, works
from coursehub.names.identity import Claim, Vocabulary
from coursehub.records import tools as tools_file
from coursehub.records.assignment import READERS, NameKind
from coursehub.records.course import Course
from coursehub.records.post import Post
from coursehub.records.prior_posts import PriorPost
from coursehub.records.tools import Tools

MOST_NAMES = 20  # of a claim's tools, or of tools that it is distinct from: no more are read


class Lookup(msgspec.Struct, frozen=True):
    """Answers that the data files have about names: the same for all posts, and slow to work out.

    `claims`: the claims of prior posts, each with the kind of its names and these. `telling`: the numbers of the prior
    posts whose titles say more than what they claim; `mentions`: a tool's code → which of those titles speak of it.
    """

    vocabulary: Vocabulary
    claims: tuple[tuple[NameKind, str | tuple[str, ...], Claim], ...]
    telling: tuple[int, ...]
    mentions: dict[str, tuple[int, ...]]


class NameReader(msgspec.Struct, frozen=True, dict=True):
    """Names → claims. What `lookup` has is not worked out again."""

    course: Course
    tools: Tools
    lookup: Lookup | None = None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The listed tools, by which names are read."""
        return self.lookup.vocabulary if self.lookup else tools_file.vocabulary(self.tools)

    def claim(self, names: str | Sequence[str], option: str | None = None, semester: str = "") -> Claim:
        """The claim of a name, or of the first `MOST_NAMES` of a combination, in a post of this option and semester.

        Without a semester it is one of the open semester.
        """
        return self.claim_of_kind(names, self.course.at(semester).names_of(option))

    def claim_of_kind(self, names: str | Sequence[str], kind: NameKind) -> Claim:
        """The claim of names that are read as this kind."""
        its_names = names if isinstance(names, str) else tuple(names[:MOST_NAMES])
        key = kind, its_names
        if key not in self._claims:
            self._claims[key] = READERS[kind](its_names, self.vocabulary)
        return self._claims[key]

    @cached_property
    def _claims(self) -> dict[tuple[NameKind, str | tuple[str, ...]], Claim]:
        """Kind and names → their claim, of all that were asked about: reading a name is what takes time."""
        return {(kind, names): claim for kind, names, claim in self.lookup.claims} if self.lookup else {}

    def kind_of(self, each: Post | PriorPost) -> NameKind:
        """How the names that a post claims are read."""
        return self.course.at(each.semester).names_of(each.option)

    def claim_of(self, each: Post) -> Claim:
        """The claim of a post."""
        return titles.with_works(self.claim(each.tool, each.option, each.semester), each.tool_url[:MOST_NAMES])

    def claim_of_prior(self, prior: PriorPost) -> Claim:
        """The claim of an earlier post. A list of papers may link a paper itself: then its number is known, too."""
        claim = self.claim(prior.tools, prior.option, prior.semester)
        return titles.with_works(claim, filter(works.number, (prior.url or "",)))
