"""The pages on how a course works: for students to claim, write and publish, for staff to grade and have comments.

They are written for any course, in its own words. A course that wants another text has a page of that name in `docs/`.
"""

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from coursehub.checks.rules.fields import ALWAYS, LONGEST, PUBLISHED
from coursehub.claims import new_claim
from coursehub.names.identity import Vocabulary
from coursehub.records.assignment import Example, NameKind, Option, RubricItem
from coursehub.records.course import Course
from coursehub.records.fields import FORMATS, STATUSES
from coursehub.site.front_matter import FrontMatter, Search
from coursehub.site.page import HOW_TO, Page, claimed_in, templates
from coursehub.text.wording import plural, several, with_article, with_or
from coursehub.text.yaml_writing import unquoted, yaml_list, yaml_text
from coursehub.workflows import PRODUCT as REPOSITORY
from coursehub.workflows import Checks

PRODUCT = "https://coursehub-staff.github.io/coursehub/"  # has the pages on the product itself
OF_PRODUCT = ("commands.md", "course-files.md", "set-up.md")
RUBRIC = "rubric.md"
_LINK = re.compile(rf"\]\((?:{'|'.join(map(re.escape, OF_PRODUCT))})(?=[#)])")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Manual(NamedTuple):
    """A page: its path, its title, words by which readers mean it, how much its words count in the search."""

    path: str
    title: str
    keywords: tuple[str, ...] = ()
    boost: float = 1


FOR_STAFF = 0.2  # students come first
MANUALS = (
    Manual(
        HOW_TO,
        "Claim, write, publish",
        (
            "claim", "write", "publish", "draft", "withdraw", "submit", "hand in", "picture", "pull request",
            "front matter", "team",
        ),
    ),
    Manual("publish.md", "From a draft to a published post"),
    Manual(RUBRIC, "How posts are graded", ("rubric", "grade", "grading", "graded", "points", "score", "criteria")),
    Manual("grading.md", "Grading", boost=FOR_STAFF),
    Manual("comments.md", "Comments", boost=FOR_STAFF),
)  # fmt: skip


class Group(NamedTuple):
    """The items of the rubric that count for everybody, or for one option."""

    title: str
    rows: tuple[RubricItem, ...]


def manual_pages(
    course: Course, vocabulary: Vocabulary, own: Collection[str], address: str, checks: Checks, *, has_task: bool
) -> Iterator[Page]:
    """The pages of a course that has none of its own there; `own` are the paths of those in `docs/`.

    `address` is that of the published site; `checks`: what a pull request must pass; `has_task`: whether Visual
    Studio Code has a task that checks a post.
    """
    words = {**_words(course, vocabulary, address), "checks": checks, "has_task": has_task}
    words |= {
        "number_of_checks": _worded(len(checks.names), "check"),
        "other_checks": with_or([f"**{name}**" for name in checks.others]),
    }
    elsewhere = {page for page in OF_PRODUCT if page not in own}
    for manual in MANUALS:
        if manual.path in own or (manual.path == RUBRIC and not course.now.rubric):
            continue
        text = templates().get_template(manual.path).render(words)
        search = Search(keywords=manual.keywords, boost=manual.boost)
        yield Page(manual.path, FrontMatter(manual.title, "", search=search), _with_links(text, elsewhere))


def manual_url(page: str, own: Collection[str]) -> str:
    """The address of a page on the product, where the course has none of its own; else nothing."""
    return "" if page in own else f"{PRODUCT}{page.removesuffix('.md')}/"


def fields(course: Course) -> str:
    """The table of the fields that a post can have, in Markdown, with the values of a course."""
    return templates().get_template("fields.md").render(_of_fields(course))


def example_of(option: Option, topics: Iterable[str]) -> Example:
    """The example of an option, with what it leaves out made of the option; `topics` are those of the course."""
    given = option.example or Example(f"Example {option.claims}")
    name = given.tool
    defaults = Example(
        tool=name,
        tool_url="https://example.org/",
        title=f"What I learned from {name}",
        summary=f"A sentence or two, after which people want to read about {name}.",
        topics=tuple(topics)[:1],
        headings=tuple(each.title for each in option.requirements),
        evidence="https://github.com/octocat/Hello-World",
        picture="What the picture shows, in words",
    )
    filled = {field: getattr(given, field) or getattr(defaults, field) for field in Example.__struct_fields__}
    return Example(**filled)


def _with_links(text: str, elsewhere: Collection[str]) -> str:
    """The text, in which links to the product's pages lead to its site where the course has no such page."""

    def link(match: re.Match[str]) -> str:
        page = match[0].removeprefix("](")
        return f"]({manual_url(page, ())}" if page in elsewhere else match[0]

    return _LINK.sub(link, text)


def _words(course: Course, vocabulary: Vocabulary, address: str) -> Mapping[str, Any]:
    """The values in the pages."""
    option = course.now.options[0]
    example = example_of(option, course.topic_by_id)
    claim = course.now.claim(example.tool, option.id, vocabulary)
    key = claim.key
    semester, word = course.open_semester, option.claims
    schema = new_claim.schema_at(address)
    count = course.now.limits.comments
    return {
        **_of_fields(course), **_of_rubric(course),
        "course": course, "claimed": claimed_in(course.now), "question": course.now.question, "option": option,
        "word": word, "several": several, "with_article": with_article,
        "has_tools": any(each.names is NameKind.TOOL for each in course.now.options),
        "combined": course.now.claim(course.now.combination, None, vocabulary).key,
        "example": example, "key": key, "path": new_claim.path_of(semester, key),
        "shell_name": example.tool if example.tool.isalnum() else f'"{example.tool}"',
        "picture_file": "accuracy.png" if option.example else "picture.png",
        "claim": new_claim.text_of([example.tool], option.id, semester, ["octocat"], schema),
        "has_schema": bool(schema), "product": f"https://github.com/{REPOSITORY}",
        "complete": _complete(example, option, semester, _due_day(course)), "clone": "coursehub",
        "address_asked": f"home page or repository, one for each {word}",
        "comments": _worded(count, "post"),
        "comment_count": _worded(count, "comment"),
        "them": "it" if count == 1 else "them", "due": _due(course),
    }  # fmt: skip


def _of_fields(course: Course) -> Mapping[str, Any]:
    titles = all(each.names is NameKind.TITLE for each in course.now.options)
    one = with_or(course.now.claimed)
    return {
        "longest": LONGEST,
        "needed": dict.fromkeys(ALWAYS, "always") | dict.fromkeys(PUBLISHED, "to publish"),
        "options": _one_of(option.id for option in course.now.options),
        "statuses": _one_of(STATUSES),
        "semester": course.open_semester,
        "date": _due_day(course),
        "formats": _one_of(FORMATS),
        "topics": _in_code(topic.id for topic in course.topics),
        "names": f"title of the {one}" if titles else f"name of the {one}; for a combination, a list of names",
        "addresses": f"address of the {one}"
        if titles
        else "home page or repository; for a combination, a list in the order of `tool`",
        "word": course.now.options[0].claims,
        "several": several,
        "requirements": "; ".join(
            f"{_in_code(each.id for each in option.requirements)} for `{option.id}`"
            for option in course.now.options
            if option.requirements
        ),
    }


def _of_rubric(course: Course) -> Mapping[str, Any]:
    """The values of the page on the rubric."""
    options = [(None, "For everybody"), *((option.id, option.title) for option in course.now.options)]
    groups = [Group(title, tuple(item for item in course.now.rubric if item.option == id)) for id, title in options]
    return {
        "groups": [group for group in groups if group.rows],
        "full": max(course.now.full_marks(option.id) for option in course.now.options),
        "shared": course.now.full_marks(None),
        "bonus": any(item.bonus for item in course.now.rubric),
    }


def _complete(example: Example, option: Option, semester: str, date: str) -> str:
    """A post's front matter with all that is needed to publish it."""
    covers = zip(option.requirements, example.headings, strict=False)
    summary = textwrap.indent(textwrap.fill(example.summary, 68, break_on_hyphens=False), "  ")
    lines = [
        "---",
        f"title: {yaml_text(example.title)}",
        "authors: octocat",
        f"option: {option.id}",
        f"tool: {yaml_text(example.tool)}",
        f"tool_url: {unquoted(example.tool_url)}",
        f"semester: {semester}",
        "status: draft",
        f"date: {date}",
        f"summary: >-\n{summary}",
        *([f"topics: [{', '.join(example.topics)}]"] if example.topics else []),
        "format: introduction",
        *(["covers:"] if option.requirements else []),
        *(f"  {requirement.id}: {unquoted(heading)}" for requirement, heading in covers),
        f"evidence: {yaml_list([example.evidence])}",
        "---",
        "",
    ]
    return "\n".join(lines)


def _due_day(course: Course) -> str:
    """The day on which posts of the open semester are due, as an example of a date."""
    due = course.due(course.open_semester)
    return f"{due:%Y-%m-%d}" if due else "2026-12-04"


def _due(course: Course) -> str:
    """When comments are due, in words, as far as the course says."""
    post, comments = course.due(course.open_semester), course.comments_due(course.open_semester)
    days = (comments.date() - post.date()).days if post and comments else 0
    return f"; comments are due {_worded(days, 'day')}\nafter the posts" if days > 0 else ""


def _worded(number: int, noun: str) -> str:
    """So many of a noun, the number in words where it is small."""
    digits, _, counted = plural(number, noun).partition(" ")
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else digits} {counted}"


def _in_code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _one_of(names: Iterable[str]) -> str:
    *others, last = names
    return f"{_in_code(others)} or `{last}`" if others else f"`{last}`"
