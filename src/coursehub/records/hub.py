"""The repository as one record: the course, the tools, the prior posts, the posts, and who holds which claim."""

import datetime as dt
import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from coursehub.names import home_pages, titles, works
from coursehub.names.file_names import look, rough, same
from coursehub.names.identity import Claim, Identity, Vocabulary, fold
from coursehub.names.mentions import mentions_in
from coursehub.names.near_names import Names
from coursehub.names.nearness import Near
from coursehub.names.sentences import says_more
from coursehub.pictures.picture import Picture
from coursehub.records import headlines, prior_posts
from coursehub.records import tools as tools_file
from coursehub.records.assignment import READERS, NameKind, Option
from coursehub.records.course import Course
from coursehub.records.finding import Place
from coursehub.records.post import FOLDER, Post
from coursehub.records.prior_posts import PriorPost
from coursehub.records.tools import Tools
from coursehub.text.located import Trouble

_LONGEST_CLAIM = 8  # words: a longer title says more than names
MOST_NAMES = 20  # of a claim's tools, or of tools that it is distinct from: no more are read


class Precedent(NamedTuple):
    """A post of an earlier semester, here or elsewhere: what a new claim is held against."""

    semester: str
    title: str
    claim: Claim
    place: Place
    option: str
    url: str | None = None
    path: str | None = None
    archived: str | None = None


class Headline(NamedTuple):
    """The title that an earlier post itself has, where lists name it by its tools. It is from staff or its address."""

    text: str
    is_from_address: bool


class Lookup(msgspec.Struct, frozen=True):
    """Answers that the data files have about names: the same for all posts, and slow to work out.

    `claims`: the claims of prior posts, each with the kind of its names and these. `telling`: the numbers of the prior
    posts whose titles say more than what they claim; `mentions`: a tool's code → which of those titles speak of it.
    """

    vocabulary: Vocabulary
    claims: tuple[tuple[NameKind, str | tuple[str, ...], Claim], ...]
    telling: tuple[int, ...]
    mentions: dict[str, tuple[int, ...]]


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
    lookup: Lookup | None = None
    commits_lf: bool = False

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The listed tools, by which names are read."""
        return self.lookup.vocabulary if self.lookup else tools_file.vocabulary(self.tools)

    def claim(self, names: str | Sequence[str], option: str | None = None, semester: str = "") -> Claim:
        """The claim of a name, or of the first `MOST_NAMES` of a combination, in a post of this option and semester.

        Without a semester it is one of the open semester.
        """
        return self._claim(names, self.course.at(semester).names_of(option))

    def _claim(self, names: str | Sequence[str], kind: NameKind) -> Claim:
        its_names = names if isinstance(names, str) else tuple(names[:MOST_NAMES])
        key = kind, its_names
        if key not in self._claims:
            self._claims[key] = READERS[kind](its_names, self.vocabulary)
        return self._claims[key]

    @cached_property
    def _claims(self) -> dict[tuple[NameKind, str | tuple[str, ...]], Claim]:
        """Kind and names → their claim, of all that were asked about: reading a name is what takes time."""
        return {(kind, names): claim for kind, names, claim in self.lookup.claims} if self.lookup else {}

    @cached_property
    def examples(self) -> frozenset[str]:
        """The codes of all tools that the assignment names."""
        names = [name for topic in self.course.topics for name in topic.examples]
        return frozenset(code for name in names for code in self.claim(name).codes)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """Path → what the post at that path claims."""
        return {each.path: self._claim_of(each) for each in self.posts}

    def claim_of(self, each: Post) -> Claim:
        """The claim of a post, whether it lies here or not."""
        is_here = self.post_by_path.get(each.path) is each
        return self.claims[each.path] if is_here else self._claim_of(each)

    def _claim_of(self, each: Post) -> Claim:
        return titles.with_works(self.claim(each.tool, each.option, each.semester), each.tool_url[:MOST_NAMES])

    def claim_of_prior(self, prior: PriorPost) -> Claim:
        """The claim of an earlier post. A list of papers may link a paper itself: then its number is known, too."""
        claim = self.claim(prior.tools, prior.option, prior.semester)
        return titles.with_works(claim, filter(works.number, (prior.url or "",)))

    def headline(self, earlier: PriorPost | Precedent) -> Headline | None:
        """The title that an earlier post elsewhere has itself; None where it is not known, or says no more."""
        if isinstance(earlier, Precedent) and earlier.path:
            return None
        line = earlier.line if isinstance(earlier, PriorPost) else earlier.place.line
        return self._headlines.get((line, earlier.url))

    @cached_property
    def _headlines(self) -> dict[tuple[int, str | None], Headline]:
        """Line and address of a prior post → its headline."""
        known = tools_file.spellings(self.tools)
        pairs = ((prior, self._headline(prior, known)) for prior in self.priors)
        return {(prior.line, prior.url): headline for prior, headline in pairs if headline}

    def _headline(self, prior: PriorPost, known: headlines.Spellings) -> Headline | None:
        if prior.headline is not None:
            return Headline(prior.headline, is_from_address=False) if prior.headline.strip() else None
        if self._is_telling(prior) or not self._is_of_tool(prior):
            return None
        claim = self.claim_of_prior(prior)
        own = (*prior.tools, *(identity.name for identity in claim.identities))  # of one spelled twice, the last
        text = headlines.title(prior.url or "", known, own)
        named, words = {word for name in (prior.title, *own) for word in fold(name)}, fold(text)
        is_new = any(word not in named and not word.isdecimal() for word in words)
        is_claim = len(words) <= _LONGEST_CLAIM and self._claim(text, NameKind.TOOL).code == claim.code
        return Headline(text, is_from_address=True) if is_new and not is_claim else None

    def topics(self, claimed: Claim, written: Sequence[str] = ()) -> tuple[str, ...]:
        """The course's topics that a post names, or else those of its listed tools."""
        listed = self.tools.tools
        topics = written or [listed[each.slug].topic or "" for each in claimed.identities if each.slug in listed]
        return tuple(dict.fromkeys(topic for topic in topics if topic in self.course.topic_by_id))

    @cached_property
    def post_by_path(self) -> dict[str, Post]:
        """Path → post."""
        return {each.path: each for each in self.posts}

    def file_of(self, each: Post, address: str) -> str:
        """The path to which a relative address in a post's text leads.

        It is that of the file of this name; without one, of the only picture or post whose name looks the same: with
        another kind of blank, or with é as two signs. Where there is neither, it is the path as the address has it.
        """
        path = each.local_path(address)
        if path in self.pictures or path in self.post_by_path:
            return path
        alike = self._by_look.get(look(path), ())
        return alike[0] if len(alike) == 1 else path

    @cached_property
    def _by_look(self) -> dict[str, list[str]]:
        """The look of a path → the pictures and posts that have it."""
        paths: dict[str, list[str]] = defaultdict(list)
        for path in (*self.pictures, *self.post_by_path):
            paths[look(path)].append(path)
        return paths

    @cached_property
    def keys_of_files(self) -> frozenset[str]:
        """The keys of all files in `posts/`: two that Windows or macOS takes for one have the same (see `same`)."""
        return frozenset(map(same, (*self.post_by_path, *self.pictures, *self.strays)))

    @cached_property
    def pictures_by_name(self) -> dict[str, dict[str, str]]:
        """Folder, with a slash behind it → `rough` names, with and without their endings → the pictures there."""
        by_folder: dict[str, dict[str, str]] = defaultdict(dict)
        for path in sorted(self.pictures):
            its = PurePosixPath(path)
            by_folder[f"{its.parent}/"].setdefault(rough(its.name), path)
            by_folder[f"{its.parent}/"].setdefault(PurePosixPath(rough(its.name)).stem, path)
        return by_folder

    @cached_property
    def targets_by_name(self) -> dict[str, str]:
        """The `rough` path of a picture or published post → its path."""
        return {rough(path): path for path in sorted({*self.pictures, *self.published}, reverse=True)}

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

    @cached_property
    def precedents(self) -> dict[str, list[Precedent]]:
        """Claim code → all posts with that claim, prior ones first, each in its file's order."""
        by_code: dict[str, list[Precedent]] = defaultdict(list)
        for precedent in self.all_precedents:
            by_code[precedent.claim.code].append(precedent)
        return by_code

    def same(self, claim: Claim) -> list[Precedent]:
        """All posts with that claim; then those with a title that may be the same (see `titles.kinship`)."""
        return [*self.precedents.get(claim.code, ()), *self._akin(claim)]

    def _akin(self, claim: Claim) -> list[Precedent]:
        """Posts about a title that this one may be, though it is written otherwise; none for tools."""
        if not any(identity.title for identity in claim.identities):
            return []
        codes = {code for key in titles.sought(claim) for code in self._codes_by_mark.get(key, ())}
        akin = [(self._number[each.place], each) for code in codes - {claim.code} for each in self.precedents[code]]
        return [each for _, each in sorted(akin, key=lambda numbered: numbered[0])]

    @cached_property
    def _number(self) -> dict[Place, int]:
        return {each.place: number for number, each in enumerate(self.all_precedents)}

    @cached_property
    def _codes_by_mark(self) -> dict[str, set[str]]:
        """One of `titles.marks` → the codes of the claims that have it."""
        codes: dict[str, set[str]] = defaultdict(set)
        for each in self.all_precedents:
            for mark in titles.marks(each.claim):
                codes[mark].add(each.claim.code)
        return codes

    def counts(self, each: Post) -> bool:
        """Whether others are held against a post: a published one, or a claim of a semester that is not over.

        A claim that was never published ends with its semester, whether it was withdrawn or forgotten.
        """
        order = self.course.order
        now = order[self.course.open_semester]
        return each.is_published or (each.is_live and order.get(each.semester, now) >= now)

    @cached_property
    def all_precedents(self) -> list[Precedent]:
        """Every prior post and every post here that counts, as something that a later claim could repeat."""
        here = (self.precedent(each) for each in self.posts if self.counts(each))
        return [precedent for precedent in (*self._elsewhere, *here) if precedent.claim.identities]

    @cached_property
    def _elsewhere(self) -> list[Precedent]:
        return [
            Precedent(prior.semester, prior.title, self.claim_of_prior(prior),
                      Place(prior_posts.PATH, prior.line, 3), prior.option, prior.url, archived=prior.archived)
            for prior in self.priors
        ]  # fmt: skip

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
        if self.lookup:
            return self.lookup.telling
        return tuple(
            number for number, prior in enumerate(self.priors) if self._is_of_tool(prior) and self._is_telling(prior)
        )

    def option_of(self, each: Post) -> Option | None:
        """The option of a post as its semester has it; None where it has no such option."""
        return self.course.at(each.semester).option_by_id.get(each.option)

    def names_of(self, each: Post | PriorPost) -> NameKind:
        """How the names that a post claims are read."""
        return self.course.at(each.semester).names_of(each.option)

    def word(self, each: Post) -> str:
        """The word for what a post claims."""
        return self.course.at(each.semester).word(each.option)

    def _is_of_tool(self, prior: PriorPost) -> bool:
        return self.names_of(prior) is NameKind.TOOL

    def _is_telling(self, prior: PriorPost) -> bool:
        return says_more(prior.title, prior.tools, self.vocabulary)

    @cached_property
    def mentions(self) -> Mapping[str, Sequence[int]]:
        """A tool's code → the numbers of the `telling` titles that speak of it."""
        return (
            self.lookup.mentions if self.lookup else mentions_in((each.title for each in self.telling), self.vocabulary)
        )

    def speaking_of(self, tool: Identity, semester: str) -> list[Precedent]:
        """Prior posts up to a semester whose titles speak of a tool and that do not just claim it, the newest first."""
        if tool.title:
            return []
        order = self.course.order
        now = order.get(semester, -1)
        posts = [self.telling[number] for number in self.mentions.get(tool.code, ())]
        known = [each for each in posts if order.get(each.semester, -1) <= now and each.claim.code != tool.code]
        return sorted(known, key=lambda post: -order.get(post.semester, -1))

    def precedent(self, each: Post) -> Precedent:
        """A post here as something that a later claim could repeat."""
        claim = self.claims[each.path]
        place = each.place("tool")
        title = "" if each.private else each.title  # of a private post there is the claim and nothing more
        return Precedent(each.semester, title or each.stem, claim, place, each.option, path=each.path)

    @cached_property
    def homes(self) -> dict[str, str]:
        """Path → the homes of the post's tools (`home_pages.code`), empty where one is missing, and of a title."""
        return {each.path: self._find_home(each) for each in self.posts}

    def _home_of(self, each: Post) -> str:
        is_here = self.post_by_path.get(each.path) is each
        return self.homes[each.path] if is_here else self._find_home(each)

    def _find_home(self, each: Post) -> str:
        return home_pages.code(each.tool_url) if self.names_of(each) is NameKind.TOOL else ""

    @cached_property
    def by_address(self) -> dict[str, list[Post]]:
        """The homes of a claim's tools (`home_pages.code`) → the posts that count and give them."""
        posts: dict[str, list[Post]] = defaultdict(list)
        for each in self.posts:
            if self.counts(each) and self.homes[each.path]:
                posts[self.homes[each.path]].append(each)
        return posts

    def namesakes(self, each: Post) -> list[Post]:
        """Other posts that count, on the same tools: by their names, or by their addresses; or on titles that are akin.

        Neither counts between tools that are all listed, of which it is known that they are two, and where one of the
        posts says `distinct_from`.
        """
        is_here = self.post_by_path.get(each.path) is each
        return self._namesakes[each.path] if is_here else self._find_namesakes(each)

    @cached_property
    def _namesakes(self) -> dict[str, list[Post]]:
        return {each.path: self._find_namesakes(each) for each in self.posts}

    def _find_namesakes(self, each: Post) -> list[Post]:
        claim, home = self.claim_of(each), self._home_of(each)
        code = claim.code
        others = [self.post_by_path[same.path] for same in self.precedents.get(code, ()) if same.path]
        akin = (self.post_by_path[same.path] for same in self._akin(claim) if same.path)
        others += [
            other
            for other in (*self.by_address.get(home, ()), *akin)
            if self.claims[other.path].code != code and not self._are_two(each, other)
        ]
        return [other for other in others if other is not each]

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
            for code in self.claim(name, post.option, post.semester).codes
        }
        return not answered.isdisjoint({*ours.codes, *theirs.codes})

    def earlier(self, each: Post) -> list[Precedent]:
        """Posts that were published in semesters before this post's about the same tools, the newest semester first."""
        order = self.course.order
        now = order.get(each.semester)
        if now is None:
            return []
        elsewhere = [same for same in self.same(self.claims[each.path]) if not same.path and self._counts(each, same)]
        here = [self.precedent(other) for other in self.namesakes(each) if other.is_published]
        before = [same for same in (*elsewhere, *here) if order.get(same.semester, now) < now]
        return sorted(before, key=lambda precedent: -order[precedent.semester])

    def _counts(self, each: Post, elsewhere: Precedent) -> bool:
        """Whether a post elsewhere is about the same, though the post may say that it is distinct from its title."""
        claim = self.claims[each.path]
        if elsewhere.claim.code == claim.code:
            return True
        names = each.distinct_from[:MOST_NAMES]
        return not any(self.claim(name, each.option, each.semester).code == elsewhere.claim.code for name in names)

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

    def picture(self, path: str) -> Picture | None:
        """The picture at this path, whose file is read when it is first asked for; None where there is none to read."""
        if path not in self._pictures:
            self._pictures[path] = self._read_picture(path)
        return self._pictures[path]

    @cached_property
    def _pictures(self) -> dict[str, Picture | None]:
        return {}

    def _read_picture(self, path: str) -> Picture | None:
        if self.root is None or path not in self.pictures:
            return None
        from coursehub.pictures.reading import read_file  # noqa: PLC0415  (slow to load; many posts have no picture)

        try:
            return read_file(self.root / self.origins.get(path, path)).picture
        except OSError as error:
            return Picture(wrong=f"cannot be read ({error.strerror})", help="Put it there again.", is_shown=False)

    @cached_property
    def picture_digests(self) -> dict[str, str]:
        """Path → a hash of the picture's bytes, or why they cannot be read. Without a folder there are none."""
        return {path: _digest(self.root / self.origins.get(path, path)) for path in self.pictures} if self.root else {}

    @cached_property
    def pictures_in(self) -> Mapping[str, Sequence[str]]:
        """Folder, with a slash at its end → paths of the pictures in it."""
        paths: dict[str, list[str]] = defaultdict(list)
        for path in self.pictures:
            paths[path[: path.rindex("/") + 1]].append(path)
        return paths

    @cached_property
    def by_tool(self) -> dict[str, list[Precedent]]:
        """Tool's code → all posts about that tool, alone or in a combination, prior ones first."""
        by_code: dict[str, list[Precedent]] = defaultdict(list)
        for precedent in self.all_precedents:
            for tool in precedent.claim.codes:
                by_code[tool].append(precedent)
        return by_code

    @cached_property
    def names(self) -> Names:
        """Every name that is listed or was ever written about, to find near ones in."""
        listed = (Identity(slug, tool.name, is_listed=True) for slug, tool in self.tools.tools.items())
        used = (identity for precedent in self.all_precedents for identity in precedent.claim.identities)
        return Names((*listed, *used), self.vocabulary)

    def near(self, claim: Claim, distinct_from: Sequence[str] = ()) -> Iterator[tuple[Identity, Near]]:
        """The names that a claim's might be taken for, each once, but for those that are said to be distinct."""
        identities = claim.identities
        kinds = {NameKind.TITLE if identity.title else NameKind.TOOL for identity in identities}
        names = distinct_from[:MOST_NAMES]
        answered = {code for kind in kinds for name in names for code in self._claim(name, kind).codes}
        answered |= {identity.code for identity in identities}
        for identity in (*claim.undivided, *identities):
            for near in self.names.near(identity):
                if near.identity.code not in answered:
                    answered.add(near.identity.code)
                    yield identity, near

    @cached_property
    def published(self) -> frozenset[str]:
        """Paths of the published posts."""
        return frozenset(each.path for each in self.posts if each.is_published)

    @cached_property
    def contested(self) -> list[str]:
        """Paths of the posts that share a claim with another."""
        return [each.path for each in self.posts if each.is_live and self.rivals(each)]


def _digest(file: Path) -> str:
    try:
        with file.open("rb", buffering=0) as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        return str(error)


def lookup_of(course: Course, tools: Tools, priors: tuple[PriorPost, ...]) -> Lookup:
    """Return the answers of these data files."""
    hub = Hub(course, tools, priors)
    names = dict.fromkeys((hub.names_of(prior), prior.tools[:MOST_NAMES]) for prior in priors)
    claims = tuple((kind, each, hub._claim(each, kind)) for kind, each in names)
    return Lookup(
        hub.vocabulary, claims, hub._telling, {code: tuple(numbers) for code, numbers in hub.mentions.items()}
    )


def with_arrival(hub: Hub, arrival: Mapping[str, int]) -> Hub:
    """The hub, knowing the order in which contested posts came."""
    return msgspec.structs.replace(hub, arrival=arrival)
