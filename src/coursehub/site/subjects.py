"""Posts by tool, topic and author: the index that pages of these are made of."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice, zip_longest

import msgspec

from coursehub.claims import pending
from coursehub.claims.pending import Asked, Pending
from coursehub.comments.counts import Counts
from coursehub.names.identity import Identity
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.records.precedents import Precedent
from coursehub.site.page import file_name
from coursehub.text.addresses import is_login

_REACH = 20  # how far they are looked for: a new post must not mean to read all posts again


class Tool(msgspec.Struct, frozen=True):
    """A tool with a page: `here` are the posts about it that have pages, the newest first, and `elsewhere` the others.

    `topic` is a topic's id, empty where the tool has none.
    """

    identity: Identity
    path: str
    topic: str
    other_names: tuple[str, ...]
    here: tuple[Post, ...]
    elsewhere: tuple[Precedent, ...]

    @property
    def name(self) -> str:
        """The tool's name."""
        return self.identity.name

    @property
    def posts(self) -> int:
        """How many posts there are about it."""
        return len(self.here) + len(self.elsewhere)


class Subjects(msgspec.Struct, frozen=True, dict=True):
    """Everything that can be read, by subject. `shown` are the posts that have a page, the newest first.

    `dead` are links that are dead, `counts` the numbers of comments, `pending` the claims of open pull requests, where
    they are known. `thumbnails`: path of a post → that of the picture on its card, from the site's root. Each index is
    made once; a question about a single post takes a time that does not grow with the number of posts.
    """

    hub: Hub
    shown: tuple[Post, ...]
    dead: frozenset[str] = frozenset()
    counts: Counts | None = None
    pending: Pending | None = None
    thumbnails: Mapping[str, str] = {}

    @cached_property
    def asked(self) -> Mapping[str, Asked]:
        """Claim code → who asks for it, of what is free on main and pending in an open pull request."""
        return pending.asked_by_code(self.hub, self.pending)

    @cached_property
    def readings(self) -> list[Precedent]:
        """Posts here that have a page, and posts elsewhere: the oldest first."""
        order, dates = self.hub.course.order, {post.path: str(post.date or "") for post in self.shown}
        posts = (*self.hub.precedents.all, *self.hub.precedents.titled)
        readings = (each for each in posts if each.path is None or each.path in dates)
        return sorted(
            readings, key=lambda each: (order.get(each.semester, -1), dates.get(each.path or "", ""), each.path or "")
        )

    @cached_property
    def by_path(self) -> dict[str, Post]:
        """Path → the post with a page there."""
        return {post.path: post for post in self.shown}

    @cached_property
    def _at(self) -> dict[str, int]:
        """Path → a post's place among the readings."""
        return {each.path: index for index, each in enumerate(self.readings) if each.path}

    @cached_property
    def _by_tool(self) -> dict[str, list[int]]:
        """Tool's code → places of the readings about it, alone or in a combination."""
        places: dict[str, list[int]] = defaultdict(list)
        for index, each in enumerate(self.readings):
            for code in each.claim.codes:
                places[code].append(index)
        return places

    @cached_property
    def _by_topic(self) -> dict[str, list[int]]:
        """Topic → places of its readings."""
        places: dict[str, list[int]] = defaultdict(list)
        for index, each in enumerate(self.readings):
            for topic in self.topics_of(each):
                places[topic].append(index)
        return places

    @property
    def tool_count(self) -> int:
        """How many tools were written about."""
        return len(self._by_tool)

    def topics_of(self, reading: Precedent) -> tuple[str, ...]:
        """The topics that a post names, or else those of its tools."""
        post = self.by_path.get(reading.path or "")
        return self.hub.topics(reading.claim, post.topics if post else ())

    def of_topic(self, topic: str) -> list[Precedent]:
        """Posts about a topic, the newest first."""
        return [self.readings[index] for index in reversed(self._by_topic.get(topic, []))]

    def of_tool(self, code: str) -> list[Precedent]:
        """Posts about a tool, the newest first."""
        return [self.readings[index] for index in reversed(self._by_tool.get(code, []))]

    @cached_property
    def tools(self) -> dict[str, Tool]:
        """Code → tool, of all that have a page: with a post here, or more than one elsewhere; by name."""
        tools = (self._tool(code) for code in self._by_tool)
        worth = (tool for tool in tools if tool.here or len(tool.elsewhere) > 1)
        by_name = sorted(worth, key=lambda tool: (tool.name.casefold(), tool.identity.slug))
        return {tool.identity.code: tool for tool in by_name}

    def _tool(self, code: str) -> Tool:
        readings = self.of_tool(code)
        # Of a tool that is not listed, the oldest spelling stays the page's whatever comes later.
        identity = next(each for each in readings[-1].claim.identities if each.code == code)
        listed = self.hub.tools.tools.get(identity.slug)
        topic = listed.topic if listed and listed.topic in self.hub.course.topic_by_id else None
        return Tool(
            identity=identity,
            path=f"tools/{file_name(identity.slug)}.md",
            topic=topic or "",
            other_names=listed.aliases if listed else (),
            here=tuple(self.by_path[each.path] for each in readings if each.path),
            elsewhere=tuple(each for each in readings if not each.path),
        )

    @cached_property
    def tools_by_topic(self) -> dict[str, list[Tool]]:
        """Topic → its tools that have a page, by name; those without a topic under the empty one."""
        by_topic: dict[str, list[Tool]] = defaultdict(list)
        for tool in self.tools.values():
            by_topic[tool.topic].append(tool)
        return by_topic

    @cached_property
    def by_author(self) -> dict[str, list[Post]]:
        """Login in lower case → the posts with a page by that author, the newest first."""
        by_author: dict[str, list[Post]] = defaultdict(list)
        for post in self.shown:
            for login in dict.fromkeys(author.lower() for author in post.authors if is_login(author)):
                by_author[login].append(post)
        return by_author

    def tool_path(self, code: str) -> str:
        """The page of a tool, empty where it has none."""
        return self.tools[code].path if code in self.tools else ""

    def topic_path(self, topic: str) -> str:
        """The page of a topic, empty where nothing was written about it."""
        return f"topics/{file_name(topic)}.md" if topic in self._by_topic else ""

    def author_path(self, login: str) -> str:
        """The page of an author, however the login is spelled; empty where there is none."""
        return f"authors/{file_name(login.lower())}.md" if login.lower() in self.by_author else ""

    def near_on_tools(self, post: Post) -> Iterator[Precedent]:
        """Other posts about one of the post's tools, but for earlier ones that have the very same claim."""
        claim, at = self.hub.claims[post.path], self._at.get(post.path, 0)
        for index in self._around(at, [self._by_tool.get(code, []) for code in claim.codes]):
            if index > at or self.readings[index].claim.code != claim.code:
                yield self.readings[index]

    def near_on_topics(self, post: Post) -> Iterator[Precedent]:
        """Other posts of the same topics about other tools."""
        claim, at = self.hub.claims[post.path], self._at.get(post.path, 0)
        topics = self.hub.topics(claim, post.topics)
        near = (self.readings[index] for index in self._around(at, [self._by_topic.get(each, []) for each in topics]))
        return (each for each in near if not set(each.claim.codes) & set(claim.codes))

    def near_in_semester(self, post: Post) -> Iterator[Precedent]:
        """Other posts here of the same semester, in turn after and before this one, as in a ring: none is left out."""
        ring = self._by_semester[post.semester]
        at = bisect_left(ring, self._at.get(post.path, 0))
        steps = range(1, min(len(ring), _REACH))
        return (self.readings[ring[(at + sign * step) % len(ring)]] for step in steps for sign in (1, -1))

    def waiting_near(self, post: Post) -> Iterator[Precedent]:
        """Posts that wait for a comment, from this one on as in a ring: so all of them are asked for."""
        ring, at = self._waiting, bisect_left(self._waiting, self._at.get(post.path, 0))
        return (self.readings[index] for index in islice(chain(ring[at : at + _REACH], ring), _REACH))

    @cached_property
    def _by_semester(self) -> dict[str, list[int]]:
        """Semester → places of its readings that have a page."""
        places: dict[str, list[int]] = defaultdict(list)
        for path, index in self._at.items():
            places[self.by_path[path].semester].append(index)
        return places

    @cached_property
    def _waiting(self) -> list[int]:
        """Places of the open semester's posts with the fewest comments by others, if the course asks for more.

        Empty where it is not known how many comments there are.
        """
        counts, course = self.counts, self.hub.course
        posts = [self.by_path[self.readings[index].path or ""] for index in self._by_semester[course.open_semester]]
        by_others = {post.path: counts.of(post).by_others for post in posts if post.is_published} if counts else {}
        wanted = course.now.limits.comments
        fewest = min(by_others.values(), default=wanted)
        is_waiting = fewest < wanted
        return [self._at[path] for path, count in by_others.items() if is_waiting and count == fewest]

    def _around(self, at: int, places: Sequence[Sequence[int]]) -> list[int]:
        """Places in these lists beside one, in turn after and before it; those of posts with a page come first.

        No further than a reach on either side: so a new post changes few others' lists.
        """
        after, before = set[int](), set[int]()
        for each in places:
            middle = bisect_left(each, at)
            before.update(each[max(0, middle - _REACH) : middle])
            after.update(each[middle : middle + _REACH])
        pairs = zip_longest(sorted(after - {at}), sorted(before, reverse=True))
        in_turn = [index for index in chain.from_iterable(pairs) if index is not None]
        return sorted(in_turn, key=lambda index: self.readings[index].path is None)


def shown_posts(hub: Hub, broken: frozenset[str], *, with_drafts: bool = False) -> list[Post]:
    """The posts that get a page, the newest first: published ones, and drafts for who writes them."""
    statuses = ("published", "draft") if with_drafts else ("published",)
    return newest_first(
        [post for post in hub.posts if post.status in statuses and not post.private and post.path not in broken]
    )


def newest_first(posts: Sequence[Post]) -> list[Post]:
    """Posts by date, the newest first; of one day, by path."""
    return sorted(sorted(posts, key=lambda post: post.path), key=lambda post: str(post.date), reverse=True)


def pictures(hub: Hub, shown: Iterable[Post]) -> Iterator[str]:
    """Paths of the pictures that these posts show or link to; the site has them at the same paths."""
    for post in shown:
        contents = post.contents
        targets = (*contents.pictures, *contents.sources, *contents.links)
        paths = {hub.files.target(post, each.address) for each in targets if "://" not in each.address}
        yield from sorted(paths & hub.pictures.keys())
