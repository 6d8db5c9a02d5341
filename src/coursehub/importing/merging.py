"""Lists + the text of `data/prior_posts.yaml` → its new text, and what became of each listed post."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from coursehub.importing import yamltext
from coursehub.importing.listing import CannotImportError, Key, Listed, Listing, address, finding, join_key
from coursehub.names.identity import Claim, Vocabulary, tool_names
from coursehub.names.sentences import is_sentence
from coursehub.records import course as course_file
from coursehub.records import prior_posts
from coursehub.records.course import Course, NameKind
from coursehub.records.finding import Finding, Place, Severity
from coursehub.records.prior_posts import PriorPost
from coursehub.text.wording import brief, plural, with_and

_MOST_NAMED = 3  # titles in a note


class Import(msgspec.Struct, frozen=True):
    """The outcome of an import: the file's new text, and what became of the posts listed.

    `listed` counts known posts that a further list names, `unchanged` those of which nothing was new.
    `skipped` are the rows and links that were left out, `notes` what was assumed.
    """

    text: str
    added: tuple[PriorPost, ...]
    listed: int
    unchanged: int
    spelled: tuple[Finding, ...]
    conflicts: tuple[Finding, ...]
    skipped: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    @property
    def findings(self) -> list[Finding]:
        """All that is to be printed, in the order of its places."""
        return sorted((*self.conflicts, *self.skipped, *self.spelled, *self.notes))


class _Difference(NamedTuple):
    """In what a list contradicts the post that is here: the rule, and both sides in words."""

    rule: str
    listed: str
    here: str


class _Meeting(NamedTuple):
    """A listed post with the number of the post that it is, and whether that one changed or differs."""

    listed: Listed
    number: int
    news: str  # "added", "listed", "spelled" or ""
    differences: tuple[_Difference, ...] = ()


class _Dates(NamedTuple):
    """Where semesters come from that no list states: post by post (inferred), and for all that is new."""

    inferred: Mapping[Key, str]
    new: str | None


class _Shelf:
    """The posts, old and new, and how to find the one that a list means."""

    def __init__(
        self, posts: Iterable[PriorPost], listings: Iterable[Listing], course: Course, vocabulary: Vocabulary
    ) -> None:
        self.posts: list[PriorPost] = []
        self.course = course
        self.vocabulary = vocabulary
        self._by_address: dict[str, list[int]] = defaultdict(list)
        self._without_link: dict[tuple[str, str], list[int]] = defaultdict(list)
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
        self.posts.append(post)

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
            for number, post in enumerate(self.posts)
            if post.url
            and listed.listed_in in post.listed_in
            and listed.title in (post.title, *post.spelled)
            and listed.option == post.option
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
        return self.course.names_of(option) is NameKind.TOOL and is_sentence(title, self.vocabulary)

    def _codes_of(self, post: PriorPost) -> set[str]:
        titles = (self.claim(title, post.option).code for title in (post.title, *post.spelled))
        return {self.claim(post.tools, post.option).code, *titles}

    def claim(self, names: str | tuple[str, ...], option: str) -> Claim:
        """The claim that names make in a post of an option."""
        if (option, names) not in self._claims:
            self._claims[option, names] = self.course.claim(names, option, self.vocabulary)
        return self._claims[option, names]


class Outcome(NamedTuple):
    """The outcome of a listed post: the post that is here or would be, and in words what contradicts it.

    `is_new`: it is not here yet. Its `semester` is empty where nothing states it.
    """

    listed: Listed
    post: PriorPost
    is_new: bool
    doubts: tuple[str, ...]


def outcomes(
    text: str, listings: Sequence[Listing], course: Course, vocabulary: Vocabulary, *,
    semester: str | None = None, semesters: Mapping[Key, str] | None = None,
) -> list[list[Outcome]]:  # fmt: skip
    """The outcomes of each list's posts if `merge` were called. Raises `CannotImportError` as that does."""
    shelf = _Shelf(_registered(text), listings, course, vocabulary)
    dates = _Dates(semesters or {}, semester)
    meetings = [[_meet(listed, listing, shelf, dates) for listed in listing.posts] for listing in listings]
    return [[_outcome(meeting, shelf) for meeting in some] for some in meetings]


def _outcome(meeting: _Meeting, shelf: _Shelf) -> Outcome:
    doubts = tuple(f"{each.listed}, but is here {each.here}" for each in meeting.differences)
    return Outcome(meeting.listed, shelf.posts[meeting.number], meeting.news == "added", doubts)


def merge(
    text: str, listings: Sequence[Listing], course: Course, vocabulary: Vocabulary, *,
    semester: str | None = None, semesters: Mapping[Key, str] | None = None,
) -> Import:  # fmt: skip
    """Add what the lists have to the text of `data/prior_posts.yaml`.

    A post that is not there is added; a known one gets the list's name and, if new, the list's spelling of its
    title; one that the list contradicts is left as it is, and reported. New posts come behind the others, by
    semester and title. A new post's semester is the row's own, else that of `semesters` (inferred), else
    `semester`.
    """
    olds = _registered(text)
    shelf = _Shelf(olds, listings, course, vocabulary)
    dates = _Dates(semesters or {}, semester)
    meetings = [_meet(listed, listing, shelf, dates) for listing in listings for listed in listing.posts]
    _require_semesters(meetings, shelf)
    order = _order(shelf.posts, len(olds), course)
    posts = [shelf.posts[number] for number in order]
    new_text, lines = yamltext.extended(text, olds, posts)
    places = {number: Place(prior_posts.PATH, lines[index], 3) for index, number in enumerate(order)}
    added = [meeting for meeting in meetings if meeting.news == "added"]
    sentences = _sentences(added, shelf)
    remarks = [*(each for listing in listings for each in listing.findings), *sentences]
    return Import(
        new_text,
        added=tuple(posts[len(olds) :]),
        listed=sum(each.news == "listed" for each in meetings),
        unchanged=sum(not each.news and not each.differences for each in meetings),
        spelled=tuple(_spelling(each, shelf, places) for each in meetings if each.news == "spelled"),
        conflicts=tuple(_conflict(each, what, shelf, places) for each in meetings for what in each.differences),
        skipped=tuple(each for each in remarks if each.severity is Severity.WARNING),
        notes=tuple(each for each in remarks if each.severity is Severity.NOTICE),
    )


def _registered(text: str) -> tuple[PriorPost, ...]:
    """The posts in the file, which must be without fault: otherwise what one adds could be lost in it."""
    posts, troubles = prior_posts.read(text)
    for trouble in troubles:
        place, help = Place(prior_posts.PATH, trouble.line, trouble.column), "Correct it first: nothing was imported."
        raise CannotImportError(place, trouble.rule, trouble.sentence, help)
    return posts


def _meet(listed: Listed, listing: Listing, shelf: _Shelf, dates: _Dates) -> _Meeting:
    """Bring a listed post together with the one on the shelf, or put it there."""
    inferred = dates.inferred.get(join_key(listed.title, listed.url))
    semester = listed.semester or inferred or listing.semester
    is_inferred = listed.semester is None and inferred is not None
    number = shelf.find(listed)
    if number is None:
        shelf.add(_new(listed, semester or dates.new or "", is_inferred, shelf))
        return _Meeting(listed, len(shelf.posts) - 1, "added")
    post = shelf.posts[number]
    differences = tuple(_differences(listed, post, semester, is_inferred, shelf))
    if differences:
        return _Meeting(listed, number, "", differences)
    again = shelf.posts[number] = _again(post, listed)
    if again.spelled != post.spelled:
        return _Meeting(listed, number, "spelled")
    return _Meeting(listed, number, "listed" if again.listed_in != post.listed_in else "")


def _new(listed: Listed, semester: str, is_inferred: bool, shelf: _Shelf) -> PriorPost:
    listed_in, tools = (listed.listed_in,), _tools(listed.title, listed.option, shelf)
    return PriorPost(listed.title, tools, listed.option, semester, listed.url, is_inferred, listed_in)


def _tools(title: str, option: str, shelf: _Shelf) -> tuple[str, ...]:
    """The tools that a title names, none where it is a sentence; itself where titles are claimed."""
    if shelf.course.names_of(option) is NameKind.TITLE:
        return (title,)
    if is_sentence(title, shelf.vocabulary):
        return ()
    names = tuple(dict.fromkeys(tool_names(title, shelf.vocabulary)))
    return names if len(names) > 1 else (title,)


def _again(post: PriorPost, listed: Listed) -> PriorPost:
    """The post with what a further mention of it adds."""
    lists = tuple(dict.fromkeys((*post.listed_in, listed.listed_in)))
    is_known = listed.title in (post.title, *post.spelled)
    spelled = post.spelled if is_known else (*post.spelled, listed.title)
    return msgspec.structs.replace(post, listed_in=lists, spelled=spelled)


def _differences(
    listed: Listed, post: PriorPost, semester: str | None, is_inferred: bool, shelf: _Shelf
) -> Iterator[_Difference]:
    """Yield how the list contradicts the post; nothing once the post records this list and this title."""
    if listed.title in post.spelled and listed.listed_in in post.listed_in:
        return
    if listed.option != post.option:
        yield _Difference("option-contradicted", f"is listed as {listed.option}", f"as {post.option}")
    if semester and semester != post.semester:
        theirs, ours = _dated(semester, is_inferred), _dated(post.semester, post.inferred)
        yield _Difference("semester-contradicted", f"is listed for {theirs}", f"in {ours}")
    if not shelf.is_title(listed.title, post):
        theirs, ours = (shelf.claim(names, post.option).key for names in (listed.title, post.tools))
        here = f"under the claim {ours}" if ours else "without a claim"
        yield _Difference("title-contradicted", f"leads to the claim {theirs}", here)


def _dated(semester: str, is_inferred: bool) -> str:
    return f"{semester} ({'inferred' if is_inferred else 'stated'})"


def _conflict(meeting: _Meeting, difference: _Difference, shelf: _Shelf, places: Mapping[int, Place]) -> Finding:
    listed, post = meeting.listed, shelf.posts[meeting.number]
    message = (
        f"“{listed.title}” {difference.listed}, but {places[meeting.number]} has the same post"
        f" {difference.here}, as “{post.title}”"
    )
    missing = [f"“{listed.title}” to its `spelled`"] if listed.title not in post.spelled else []
    missing += [f"“{listed.listed_in}” to its `listed_in`"] if listed.listed_in not in post.listed_in else []
    help = (
        "The entry was left as it is. If the list is right, correct the entry; if the link is wrong, correct the"
        f" list; if the entry is right, add {with_and(missing)}, and this is settled."
    )
    return finding(listed.place, difference.rule, message, help, Severity.ERROR)


def _spelling(meeting: _Meeting, shelf: _Shelf, places: Mapping[int, Place]) -> Finding:
    listed, post = meeting.listed, shelf.posts[meeting.number]
    message = f"“{listed.title}” is the post that {places[meeting.number]} has as “{post.title}”"
    help = "Recorded there under `spelled`; nothing is to be done."
    return finding(listed.place, "title-spelled-otherwise", message, help, Severity.NOTICE)


def _sentences(added: Iterable[_Meeting], shelf: _Shelf) -> Iterator[Finding]:
    """Yield a note for each list and option of which titles are kept, as they are sentences."""
    by_list: dict[tuple[str, str], list[_Meeting]] = defaultdict(list)
    for meeting in added:
        by_list[meeting.listed.place.path, meeting.listed.option].append(meeting)
    for (_, option), listed in by_list.items():
        sentences = [each.listed for each in listed if not shelf.posts[each.number].tools]
        if sentences:
            yield _sentence_note(sentences, len(listed), option)


def _sentence_note(sentences: Sequence[Listed], count: int, option: str) -> Finding:
    number = len(sentences)
    names = [f"“{brief(each.title)}”" for each in sentences[:_MOST_NAMED]]
    more = [f"{number - _MOST_NAMED} more"] if number > _MOST_NAMED else []
    are = plural(number, "title is a sentence, which claims no tool", "titles are sentences, which claim no tool")
    message = f"{are} (of {plural(count, 'new post')}): {with_and([*names, *more])}"
    help = (
        "Kept as titles, with “tools: []”: students who claim a tool in such a title see it. Name the tools"
        f" of a post in {prior_posts.PATH}, and it counts as a claim of them."
    )
    if number * 3 > count:
        help += (
            f" If students claim titles here, such as papers, rather than tools, write “names: title” for the option"
            f" {option} in {course_file.PATH}: then each title is a claim."
        )
    return finding(sentences[0].place, "titles-kept", message, help, Severity.NOTICE)


def _require_semesters(meetings: Iterable[_Meeting], shelf: _Shelf) -> None:
    """Refuse new posts of which nothing tells the semester, all at once."""
    undated = [each.listed for each in meetings if each.news == "added" and not shelf.posts[each.number].semester]
    if not undated:
        return
    names = ", ".join(f"“{listed.title}”" for listed in undated[:5])
    more = f" and {len(undated) - 5} more" if len(undated) > 5 else ""
    message = f"there is no semester for {names}{more}"
    help = "Give --semester, or --semesters-from a TSV with the columns title, url and written_in."
    raise CannotImportError(undated[0].place, "semester-missing", message, help)


def _order(posts: Sequence[PriorPost], olds: int, course: Course) -> list[int]:
    """The numbers of the posts in the file's order: the old ones as they are, the new ones sorted."""

    def rank(number: int) -> tuple[int, str, str, str]:
        post = posts[number]
        return course.order[post.semester], post.title.casefold(), post.title, post.url or ""

    return [*range(olds), *sorted(range(olds, len(posts)), key=rank)]
