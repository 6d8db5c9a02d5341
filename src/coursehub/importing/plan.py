"""Lists + the earlier posts that are here → what would become of each listed post."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coursehub.importing.listing import CannotImportError, Listed, Listing, finding, join_key
from coursehub.importing.semesters import Semesters
from coursehub.importing.shelf import Shelf
from coursehub.names.identity import Vocabulary, tool_names
from coursehub.names.sentences import is_sentence
from coursehub.records import course as course_file
from coursehub.records import prior_posts
from coursehub.records.assignment import NameKind
from coursehub.records.course import Course
from coursehub.records.finding import Finding, Place, Severity
from coursehub.records.prior_posts import PriorPost
from coursehub.text.wording import brief, plural, with_and

_MOST_NAMED = 3  # titles in a note


class Difference(NamedTuple):
    """In what a list contradicts the post that is here: the rule, and both sides in words."""

    rule: str
    listed: str
    here: str


class Meeting(NamedTuple):
    """A listed post with the number of the post that it is, and whether that one changed or differs."""

    listed: Listed
    number: int
    news: str  # "added", "listed", "spelled" or ""
    differences: tuple[Difference, ...] = ()


class Plan(NamedTuple):
    """An import before it is done: the lists, and for each what would become of its posts.

    `text` is that of `data/prior_posts.yaml`, whose posts are `olds`; the shelf has them first, as they would be.
    """

    text: str
    listings: Sequence[Listing]
    semesters: Semesters
    olds: Sequence[PriorPost]
    shelf: Shelf
    meetings: Sequence[Sequence[Meeting]]

    def post(self, meeting: Meeting) -> PriorPost:
        """The post that is here or would be. Its `semester` is empty where nothing states it."""
        return self.shelf.posts[meeting.number]

    def on(self, text: str) -> "Plan":
        """Return the plan of this import into another text. Raises `CannotImportError` as `plan` does."""
        return plan(text, self.listings, self.shelf.course, self.shelf.vocabulary, self.semesters)

    @property
    def must_ask(self) -> bool:
        """Whether a list that was understood by its look alone would change something."""
        lists = zip(self.listings, self.meetings, strict=True)
        return any(listing.is_guess and any(each.news for each in its) for listing, its in lists)

    @property
    def remarks(self) -> list[Finding]:
        """Findings on the lists: what was left out, what was assumed, and which titles are kept as titles."""
        return [*(each for listing in self.listings for each in listing.findings), *_sentences(self)]


def plan(text: str, listings: Sequence[Listing], course: Course, vocabulary: Vocabulary, semesters: Semesters) -> Plan:
    """The import of lists into the text of `data/prior_posts.yaml`.

    A post that is not there is new; a known one gets the list's name and, if new, the list's spelling of its title; one
    that the list contradicts stays as it is. Raises `CannotImportError` where the text has a fault.
    """
    olds = _registered(text)
    shelf = Shelf(olds, listings, course, vocabulary)
    meetings = [[_meet(listed, listing, shelf, semesters) for listed in listing.posts] for listing in listings]
    return Plan(text, listings, semesters, olds, shelf, meetings)


def _registered(text: str) -> tuple[PriorPost, ...]:
    """The posts in the file, which must be without fault: otherwise what one adds could be lost in it."""
    posts, troubles = prior_posts.read(text)
    for trouble in troubles:
        place, help = Place(prior_posts.PATH, trouble.line, trouble.column), "Correct it first: nothing was imported."
        raise CannotImportError(place, trouble.rule, trouble.sentence, help)
    return posts


def _meet(listed: Listed, listing: Listing, shelf: Shelf, semesters: Semesters) -> Meeting:
    """Bring a listed post together with the one on the shelf, or put it there."""
    inferred = semesters.by_post.get(join_key(listed.title, listed.url))
    semester = listed.semester or inferred or listing.semester
    is_inferred = listed.semester is None and inferred is not None
    number = shelf.find(listed)
    if number is None:
        shelf.add(_new(listed, semester or semesters.of_new or "", is_inferred, shelf))
        return Meeting(listed, len(shelf.posts) - 1, "added")
    post = shelf.posts[number]
    differences = tuple(_differences(listed, post, semester, is_inferred, shelf))
    if differences:
        return Meeting(listed, number, "", differences)
    shelf.add_mention(number, listed)
    again = shelf.posts[number]
    news = "spelled" if again.spelled != post.spelled else "listed" if again.listed_in != post.listed_in else ""
    return Meeting(listed, number, news)


def _new(listed: Listed, semester: str, is_inferred: bool, shelf: Shelf) -> PriorPost:
    listed_in, tools = (listed.listed_in,), _tools(listed.title, listed.option, shelf)
    return PriorPost(listed.title, tools, listed.option, semester, listed.url, is_inferred, listed_in)


def _tools(title: str, option: str, shelf: Shelf) -> tuple[str, ...]:
    """The tools that a title names, none where it is a sentence; itself where titles are claimed."""
    if shelf.course.ever.names_of(option) is NameKind.TITLE:
        return (title,)
    if is_sentence(title, shelf.vocabulary):
        return ()
    names = tuple(dict.fromkeys(tool_names(title, shelf.vocabulary)))
    return names if len(names) > 1 else (title,)


def _differences(
    listed: Listed, post: PriorPost, semester: str | None, is_inferred: bool, shelf: Shelf
) -> Iterator[Difference]:
    """Yield how the list contradicts the post; nothing once the post records this list and this title."""
    if listed.title in post.spelled and listed.listed_in in post.listed_in:
        return
    if listed.option != post.option:
        yield Difference("option-contradicted", f"is listed as {listed.option}", f"as {post.option}")
    if semester and semester != post.semester:
        theirs, ours = _dated(semester, is_inferred), _dated(post.semester, post.inferred)
        yield Difference("semester-contradicted", f"is listed for {theirs}", f"in {ours}")
    if not shelf.is_title(listed.title, post):
        theirs, ours = (shelf.claim(names, post.option).key for names in (listed.title, post.tools))
        here = f"under the claim {ours}" if ours else "without a claim"
        yield Difference("title-contradicted", f"leads to the claim {theirs}", here)


def _dated(semester: str, is_inferred: bool) -> str:
    return f"{semester} ({'inferred' if is_inferred else 'stated'})"


def _sentences(plan: Plan) -> Iterator[Finding]:
    """Yield a note for each list and option of which titles are kept, as they are sentences."""
    added: dict[tuple[str, str], list[Meeting]] = defaultdict(list)
    for meeting in (each for its in plan.meetings for each in its if each.news == "added"):
        added[meeting.listed.place.path, meeting.listed.option].append(meeting)
    for (_, option), meetings in added.items():
        if sentences := [each.listed for each in meetings if not plan.post(each).tools]:
            yield _sentence_note(sentences, len(meetings), option)


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
