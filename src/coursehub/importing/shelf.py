"""The earlier posts that are here, and which of them a list means."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from coursehub.importing.listing import Listed, Listing, address
from coursehub.names.identity import Claim, Vocabulary
from coursehub.names.sentences import is_sentence
from coursehub.records.assignment import NameKind
from coursehub.records.course import Course
from coursehub.records.prior_posts import PriorPost


class Shelf:
    """The posts, old and new, and how to find the one that a list means."""

    def __init__(
        self, posts: Iterable[PriorPost], listings: Iterable[Listing], course: Course, vocabulary: Vocabulary
    ) -> None:
        self.posts: list[PriorPost] = []
        self.course = course
        self.vocabulary = vocabulary
        self._by_address: dict[str, list[int]] = defaultdict(list)
        self._without_link: dict[tuple[str, str], list[int]] = defaultdict(list)  # by option and the claim's code
        self._by_title: dict[tuple[str, str], list[int]] = defaultdict(list)  # by option
        self._linked = {(each.listed_in, address(each.url)) for one in listings for each in one.posts if each.url}
        self._claims: dict[tuple[str, str | tuple[str, ...]], Claim] = {}
        for post in posts:
            self.add(post)

    def add(self, post: PriorPost) -> None:
        """Put a post behind the others."""
        for url in (post.url, post.archived):
            if url:
                self._by_address[address(url)].append(len(self.posts))
        if not post.url:
            for claimed in self._codes_of(post):
                self._without_link[post.option, claimed].append(len(self.posts))
        for title in {post.title, *post.spelled}:
            self._by_title[post.option, title].append(len(self.posts))
        self.posts.append(post)

    def add_mention(self, number: int, listed: Listed) -> None:
        """Record that a list has a post that is here, and how it spells its title."""
        post = self.posts[number]
        if listed.title not in (post.title, *post.spelled):
            self._by_title[post.option, listed.title].append(number)
            post = msgspec.structs.replace(post, spelled=(*post.spelled, listed.title))
        if listed.listed_in not in post.listed_in:
            post = msgspec.structs.replace(post, listed_in=(*post.listed_in, listed.listed_in))
        self.posts[number] = post

    def find(self, listed: Listed) -> int | None:
        """The number of the post that a list means, or None for a new one.

        It has the same address; or neither has one, and they have the same option and are about the same tools.
        """
        if listed.url:
            posts = self._by_address.get(address(listed.url), [])
        else:
            alike = self._without_link.get((listed.option, self.claim(listed.title, listed.option).code), [])
            posts = alike or self._given_a_link(listed)
        if len(posts) < 2:
            return posts[0] if posts else None

        def distance(number: int) -> tuple[bool, bool]:
            post = self.posts[number]
            return listed.title not in (post.title, *post.spelled), not self.is_title(listed.title, post)

        return min(posts, key=distance)

    def _given_a_link(self, listed: Listed) -> list[int]:
        """Posts that this very list named without a link, to which a person has given one since."""
        return [
            number
            for number in self._by_title.get((listed.option, listed.title), ())
            if (post := self.posts[number]).url
            and listed.listed_in in post.listed_in
            and (listed.listed_in, address(post.url)) not in self._linked
        ]

    def is_title(self, title: str, post: PriorPost) -> bool:
        """Whether a title leads to the post's claim, by its tools as they are now or by a title it had.

        A sentence leads to no claim, and so to none that contradicts the post's.
        """
        is_same = self.claim(title, post.option).code in self._codes_of(post)
        return is_same or self.is_sentence(title, post.option)

    def is_sentence(self, title: str, option: str) -> bool:
        """Whether a title claims nothing: where an option claims titles, none does."""
        return self.course.ever.names_of(option) is NameKind.TOOL and is_sentence(title, self.vocabulary)

    def _codes_of(self, post: PriorPost) -> set[str]:
        titles = (self.claim(title, post.option).code for title in (post.title, *post.spelled))
        return {self.claim(post.tools, post.option).code, *titles}

    def claim(self, names: str | tuple[str, ...], option: str) -> Claim:
        """The claim that names make in a post of an option."""
        if (option, names) not in self._claims:
            self._claims[option, names] = self.course.ever.claim(names, option, self.vocabulary)
        return self._claims[option, names]
