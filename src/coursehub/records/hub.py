"""The repository as one record: the course, the tools, the prior posts, the posts, and who holds which claim."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from coursehub.names import home_pages, titles
from coursehub.names.identity import Claim, Identity
from coursehub.pictures.picture import Picture
from coursehub.records.assignment import NameKind, Option
from coursehub.records.course import Course
from coursehub.records.name_reader import MOST_NAMES, Lookup, NameReader
from coursehub.records.paths import FOLDER
from coursehub.records.post import Post
from coursehub.records.post_files import PostFiles
from coursehub.records.precedents import Precedent, Precedents
from coursehub.records.prior_posts import PriorPost
from coursehub.records.tools import Tools
from coursehub.text.located import Trouble


class DataTrouble(NamedTuple):
    """Something wrong in a data file."""

    path: str
    trouble: Trouble


class Hub(msgspec.Struct, frozen=True, dict=True):
    """All that lies in the repository.

    `pictures`: path → bytes of each file in a post's picture folder. `strays`: paths below `posts/` that are
    neither. `arrival`: path → how early it came to main's history; only of posts whose claim is contested. `now`: the
    moment as of which deadlines are judged; without it none is. `root`: the folder with the pictures; without it they
    cannot be read. `origins`: path → where the file of this path lies in that folder, of those that are to move.
    `known_pictures`: path in that folder → the picture there, of those that were read before.
    `lookup`: the answers of `course`, `tools` and `priors`, where they were worked out before. `commits_lf`: whether
    git puts CRLF into files there and takes it out of commits, as it is set on Windows.
    """

    course: Course
    tools: Tools = Tools()
    priors: tuple[PriorPost, ...] = ()
    posts: tuple[Post, ...] = ()
    pictures: Mapping[str, int] = {}
    strays: tuple[str, ...] = ()
    troubles: tuple[DataTrouble, ...] = ()
    arrival: Mapping[str, int] = {}
    now: dt.datetime | None = None
    root: Path | None = None
    origins: Mapping[str, str] = {}
    known_pictures: Mapping[str, Picture] = {}
    lookup: Lookup | None = None
    commits_lf: bool = False

    @cached_property
    def names(self) -> NameReader:
        """The reader of the names that posts claim."""
        return NameReader(self.course, self.tools, self.lookup)

    @cached_property
    def precedents(self) -> Precedents:
        """All that a later claim could repeat."""
        return Precedents(self.names, self.priors, tuple(map(self.precedent, self._counting)))

    @cached_property
    def _elsewhere(self) -> Precedents:
        """Those of them that lie elsewhere, which are far fewer."""
        return Precedents(self.names, self.priors)

    @cached_property
    def examples(self) -> frozenset[str]:
        """The codes of all tools that the assignment names."""
        names = [name for topic in self.course.topics for name in topic.examples]
        return frozenset(code for name in names for code in self.names.claim(name).codes)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """Path → what the post at that path claims."""
        return {each.path: self.names.claim_of(each) for each in self.posts}

    def claim_of(self, each: Post) -> Claim:
        """The claim of a post, whether it lies here or not."""
        is_here = self.post_by_path.get(each.path) is each
        return self.claims[each.path] if is_here else self.names.claim_of(each)

    def topics(self, claimed: Claim, written: Sequence[str] = ()) -> tuple[str, ...]:
        """The course's topics that a post names, or else those of its listed tools."""
        listed = self.tools.tools
        topics = written or [listed[each.slug].topic or "" for each in claimed.identities if each.slug in listed]
        return tuple(dict.fromkeys(topic for topic in topics if topic in self.course.topic_by_id))

    @cached_property
    def post_by_path(self) -> dict[str, Post]:
        """Path → post."""
        return {each.path: each for each in self.posts}

    @cached_property
    def files(self) -> PostFiles:
        """The files below `posts/`."""
        return PostFiles(self.post_by_path, self.pictures, self.strays, self.root, self.origins, self.known_pictures)

    def own_path(self, each: Post) -> str:
        """Where a post belongs by its semester and its claim key; empty if one of them is not known."""
        key = self.claims[each.path].key
        return f"{FOLDER}/{each.semester}/{key}.md" if key and each.semester in self.course.order else ""

    @cached_property
    def by_former_path(self) -> dict[str, list[Post]]:
        """Path → the posts that say that they were there before; two would be one too many."""
        posts: dict[str, list[Post]] = defaultdict(list)
        for each in self.posts:
            for path in dict.fromkeys(each.aliases):
                posts[path].append(each)
        return posts

    @cached_property
    def live_by_author(self) -> dict[tuple[str, str], list[Post]]:
        """(semester, login in lower case) → the live posts of that author."""
        posts: dict[tuple[str, str], list[Post]] = defaultdict(list)
        for each in self.posts:
            if each.is_live:
                for author in each.logins:
                    posts[each.semester, author].append(each)
        return posts

    @cached_property
    def live_by_tool(self) -> dict[tuple[str, str], list[tuple[Post, Identity]]]:
        """(semester, tool's code) → the live posts about that tool, alone or in a combination."""
        posts: dict[tuple[str, str], list[tuple[Post, Identity]]] = defaultdict(list)
        for each in self.posts:
            if each.is_live:
                for identity in self.claims[each.path].identities:
                    posts[each.semester, identity.code].append((each, identity))
        return posts

    def counts(self, each: Post) -> bool:
        """Whether others are held against a post: a published one, or a claim of a semester that is not over.

        A claim that was never published ends with its semester, whether it was withdrawn or forgotten.
        """
        order = self.course.order
        now = order[self.course.open_semester]
        return each.is_published or (each.is_live and order.get(each.semester, now) >= now)

    @cached_property
    def _counting(self) -> list[Post]:
        return [each for each in self.posts if self.counts(each)]

    def option_of(self, each: Post) -> Option | None:
        """The option of a post as its semester has it; None where it has no such option."""
        return self.course.at(each.semester).option_by_id.get(each.option)

    def word(self, each: Post) -> str:
        """The word for what a post claims."""
        return self.course.at(each.semester).word(each.option)

    def precedent(self, each: Post) -> Precedent:
        """A post here as something that a later claim could repeat."""
        claim = self.claims[each.path]
        title = "" if each.private else each.title  # of a private post there is the claim and nothing more
        return Precedent(each.semester, title or each.stem, claim, each.option, path=each.path)

    @cached_property
    def _homes(self) -> dict[str, str]:
        """Path → the homes of the post's tools (`home_pages.code`), empty where one is missing, and of a title."""
        return {each.path: self._find_home(each) for each in self.posts}

    def _home_of(self, each: Post) -> str:
        is_here = self.post_by_path.get(each.path) is each
        return self._homes[each.path] if is_here else self._find_home(each)

    def _find_home(self, each: Post) -> str:
        return home_pages.code(each.tool_url) if self.names.kind_of(each) is NameKind.TOOL else ""

    @cached_property
    def _by_address(self) -> dict[str, list[Post]]:
        """The homes of a claim's tools (`home_pages.code`) → the posts that count and give them."""
        posts: dict[str, list[Post]] = defaultdict(list)
        for each in self._counting:
            if home := self._homes[each.path]:
                posts[home].append(each)
        return posts

    @cached_property
    def _by_code(self) -> dict[str, list[Post]]:
        """Claim code → the posts that count and claim it."""
        posts: dict[str, list[Post]] = defaultdict(list)
        for each in self._counting:
            if code := self.claims[each.path].code:
                posts[code].append(each)
        return posts

    def namesakes(self, each: Post) -> list[Post]:
        """Other posts that count, on the same tools: by their names, or by their addresses; or on titles that are akin.

        Neither counts between tools that are all listed, of which it is known that they are two, and where one of the
        posts says `distinct_from`.
        """
        if self.post_by_path.get(each.path) is not each:
            return self._find_namesakes(each, self.names.claim_of(each), self._find_home(each))
        if each.path not in self._namesakes:
            claim, home = self.claims[each.path], self._homes[each.path]
            self._namesakes[each.path] = self._find_namesakes(each, claim, home)
        return self._namesakes[each.path]

    @cached_property
    def _namesakes(self) -> dict[str, list[Post]]:
        """Path → the namesakes of the post there, of those that were asked for."""
        return {}

    def _find_namesakes(self, each: Post, claim: Claim, home: str) -> list[Post]:
        code, is_title = claim.code, self.names.kind_of(each) is NameKind.TITLE
        akin = self.precedents.akin(claim) if is_title else ()
        maybe = (*self._by_address.get(home, ()), *(self.post_by_path[same.path] for same in akin if same.path))
        others = (
            other
            for other in maybe
            if other is not each and self.claims[other.path].code != code and not self._are_two(each, other)
        )
        return [*(other for other in self._by_code.get(code, ()) if other is not each), *others]

    def is_same_claim(self, one: Post, other: Post) -> bool:
        """Whether two posts claim the same: in one semester, about the same tools as `namesakes` tells."""
        ours, theirs, home = self.claim_of(one), self.claim_of(other), self._home_of(one)
        if one.semester != other.semester or not ours.code:
            return False
        may_be = bool(home and home == self._home_of(other)) or bool(titles.kinship(ours, theirs))
        return ours.code == theirs.code or (may_be and not self._are_two(one, other))

    def _are_two(self, one: Post, other: Post) -> bool:
        ours, theirs = self.claim_of(one), self.claim_of(other)
        if all(identity.is_listed for identity in (*ours.identities, *theirs.identities)):
            return True
        answered = {
            code
            for post in (one, other)
            for name in post.distinct_from[:MOST_NAMES]
            for code in self.names.claim(name, post.option, post.semester).codes
        }
        return not answered.isdisjoint({*ours.codes, *theirs.codes})

    def earlier(self, each: Post) -> list[Precedent]:
        """Posts that were published in semesters before this post's about the same tools, the newest semester first."""
        order = self.course.order
        now = order.get(each.semester)
        if now is None:
            return []
        elsewhere = [prior for prior in self._elsewhere.same(self.claims[each.path]) if self._counts(each, prior)]
        here = [self.precedent(other) for other in self.namesakes(each) if other.is_published]
        before = [same for same in (*elsewhere, *here) if order.get(same.semester, now) < now]
        return sorted(before, key=lambda precedent: -order[precedent.semester])

    def _counts(self, each: Post, elsewhere: Precedent) -> bool:
        """Whether a post elsewhere is about the same, though the post may say that it is distinct from its title."""
        claim = self.claims[each.path]
        if elsewhere.claim.code == claim.code:
            return True
        names = each.distinct_from[:MOST_NAMES]
        return not any(
            self.names.claim(name, each.option, each.semester).code == elsewhere.claim.code for name in names
        )

    def blocks(self, precedent: Precedent, semester: str, option: str) -> bool:
        """Whether an earlier post rules out a new one of that semester and option, whatever the new one adds."""
        chosen = self.course.at(semester).option_by_id.get(option)
        is_last = precedent.semester == self.course.semester_before(semester)
        return is_last and not (chosen and chosen.may_repeat_last_semester)

    def rivals(self, each: Post) -> list[Post]:
        """Other live posts of the same semester about the same tools."""
        return [other for other in self.namesakes(each) if other.semester == each.semester]

    def holder(self, each: Post) -> Post | None:
        """Another live post that holds this post's claim before it, or None where this one holds it.

        First come is first in main's history; among posts that came together nobody is first, and each
        is told of the other.
        """
        rivals = self.rivals(each)
        mine = self._came(each)
        before = [rival for rival in rivals if self._came(rival) <= mine]
        return min(before, key=lambda rival: (self._came(rival), rival.path), default=None)

    def _came(self, each: Post) -> float:
        return self.arrival.get(each.path, math.inf)

    def may_change(self, each: Post, *logins: str) -> bool:
        """Whether a post is of one of these logins, as an author or as staff."""
        return any(self.course.is_staff(login) or login.lower() in each.logins for login in logins)

    @cached_property
    def published(self) -> frozenset[str]:
        """Paths of the published posts."""
        return frozenset(each.path for each in self.posts if each.is_published)

    @cached_property
    def contested(self) -> list[str]:
        """Paths of the posts that share a claim with another.

        To ask each post for its rivals takes longer than to see who can have none: who counts, and is the only one
        with these tools and at this address.
        """
        groups = (*self._by_code.values(), *self._by_address.values())
        shared = {each.path for posts in groups if len(posts) > 1 for each in posts}
        return [
            each.path
            for each in self.posts
            if each.is_live
            and (each.path in shared or not self.counts(each) or self.names.kind_of(each) is not NameKind.TOOL)
            and self.rivals(each)
        ]


def with_arrival(hub: Hub, arrival: Mapping[str, int]) -> Hub:
    """The hub, knowing the order in which contested posts came."""
    return msgspec.structs.replace(hub, arrival=arrival)
