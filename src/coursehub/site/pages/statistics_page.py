"""The page that shows the catalog in numbers: a chart of each table, a sentence about it, and the table."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from coursehub.site import charts
from coursehub.site.catalog import Entry
from coursehub.site.page import CATALOG, Page, found_by, list_page, searchable, semester_path
from coursehub.site.statistics import HERE, MOST_TOOLS, OTHERS, UNKNOWN, Statistics, Table, first, statistics
from coursehub.site.subjects import Subjects
from coursehub.text.wording import plural, with_and

PATH = "statistics.md"
LONGEST_BESIDE, LONGEST_BELOW = 48, 88  # percent of the width: of bars beside their names, and of those below them
ENOUGH = 10  # posts or names, so that a part of them says something
NAMED = 3  # of more that share the first place, a sentence has only how many they are


def page(subjects: Subjects, catalog: Sequence[Entry]) -> Page:
    """The page of these entries; its tables lead to the pages of what they name."""
    course = subjects.hub.course
    numbers = statistics(course, catalog, {code: tool.name for code, tool in subjects.tools.items()})
    tools = first(numbers.tools, MOST_TOOLS)
    the_page = list_page(
        PATH, "statistics.html", "Statistics",
        f"The posts of {course.name} in pictures: when they were written, what about, and where to find them.",
        numbers=numbers, catalog_path=CATALOG, most_tools=tools,
        semester_pages={row.id: semester_path(row.id) for row in numbers.by_option.rows},
        topic_pages={row.id: subjects.topic_path(row.id) for row in numbers.by_topic.rows},
        tool_pages={row.id: subjects.tool_path(row.id) for row in tools.rows},
        options_legend=charts.legend(numbers.by_option), options=charts.bars(numbers.by_option, LONGEST_BESIDE),
        topics=charts.panels(numbers.by_topic),
        topics_say={row.id: _topic_says(numbers.by_topic.columns, row.values) for row in numbers.by_topic.rows},
        tools=charts.bars(tools, LONGEST_BELOW),
        sites=charts.bars(numbers.sites, LONGEST_BELOW),
        names_legend=charts.legend(numbers.names), names=charts.bars(numbers.names, LONGEST_BESIDE),
        says={name: say(numbers) for name, say in _SAYINGS.items()} if numbers.posts else {},
        surprises={name: say(numbers) for name, say in _SURPRISES.items()} if numbers.posts else {},
    )  # fmt: skip
    return found_by(searchable(the_page, "navigation", "toc"), "statistics", "chart")


class _Leaders(NamedTuple):
    """Those with the largest number, and that number."""

    names: tuple[str, ...]
    number: int

    @property
    def each(self) -> str:
        """The number, which is that of each of them."""
        return str(self.number) if len(self.names) == 1 else f"{self.number} each"


def _leaders(numbers: Mapping[str, int]) -> _Leaders:
    most = max(numbers.values())
    return _Leaders(tuple(name for name, number in numbers.items() if number == most), most)


def _options_say(numbers: Statistics) -> str:
    table = numbers.by_option
    several = f" in {len(table.rows)} semesters" if len(table.rows) > 1 else ""
    of_option = (f"{column}: {value}" for column, value in zip(table.columns, _sums(table), strict=True))
    when = _when({row.name: row.total for row in table.rows})
    return f"{plural(numbers.posts, 'post')}{several}, {when}. {'; '.join(of_option)}."


def _topics_say(numbers: Statistics) -> str:
    if not numbers.by_topic.rows:
        return "No post has a topic yet."
    most = _leaders({f"“{row.name}”": row.total for row in numbers.by_topic.rows})
    untold = f" {plural(numbers.without_topic, 'post has', 'posts have')} no topic." if numbers.without_topic else ""
    return f"{_most_posts('topic', 'topics', most)}{untold}"


def _topic_says(semesters: Sequence[str], values: Sequence[int]) -> str:
    by_semester = dict(zip(semesters, values, strict=True))
    return f"{plural(sum(values), 'post')}, {_when(by_semester)}"


def _tools_say(numbers: Statistics) -> str:
    if not numbers.tools.rows:
        return "We do not know yet what the posts are about."
    rows, shown = numbers.tools.rows, first(numbers.tools, MOST_TOOLS).rows
    most = _leaders({row.id: row.total for row in rows})
    names = [row.name for row in rows[: len(most.names)]]
    in_all = plural(len(rows), "name")
    what = f"{_in_words(names, str(len(names)))} {'has' if len(names) == 1 else 'have'} the most posts: {most.each}."
    if len(shown) == len(rows):
        return f"Of {in_all}, {what}"
    if not shown:
        return f"Of {in_all}, {what} They are too many for a chart."
    return f"Of {in_all}, {what} Here are those with at least {plural(shown[-1].total, 'post')}."


def _sites_say(numbers: Statistics) -> str:
    rows = [row for row in numbers.sites.rows if row.name not in (OTHERS, UNKNOWN)]
    known = {row.name if row.name != HERE else "this site": row.total for row in rows}
    if not known:
        return "We know no link to any post."
    most, here = _leaders(known), known.get("this site", 0)
    if len(most.names) > 1:
        return _most_posts("site", "sites", most)
    rest = f", {here or 'none'} on this site" if most.number not in (here, numbers.posts) else ""
    return f"{_share(most.number, numbers.posts)} on {most.names[0]}{rest}."


def _names_say(numbers: Statistics) -> str:
    rows = numbers.names.rows
    last, (new, known) = rows[-1].name, rows[-1].values
    if len(rows) == 1:
        return f"{plural(new, 'name')} in {last}, the first semester with posts."
    when = _when({row.name: row.values[0] for row in rows})
    return (
        f"Of {plural(new + known, 'name')} in {last}, {new or 'none'} had not been written about before. "
        f"New names in all semesters: {sum(row.values[0] for row in rows)}, {when}."
    )


_SAYINGS = {
    "options": _options_say,
    "topics": _topics_say,
    "tools": _tools_say,
    "sites": _sites_say,
    "names": _names_say,
}


# What a person would not have guessed, in a sentence for each chart; empty where nothing stands out.


def _options_surprise(numbers: Statistics) -> str:
    """The few semesters in which most posts were written."""
    rows = sorted(numbers.by_option.rows, key=lambda row: -row.total)
    totals = list(accumulate(row.total for row in rows))
    most = next(index for index, total in enumerate(totals) if 2 * total > numbers.posts) + 1
    names = [row.name for row in numbers.by_option.rows if row in rows[:most]]
    if 2 * most > len(rows) or most > NAMED or totals[most - 1] == numbers.posts:
        return ""
    verb = "has" if most == 1 else "have"
    return f"{with_and(names)} alone {verb} more than half of all posts: {totals[most - 1]} of {numbers.posts}."


def _topics_surprise(numbers: Statistics) -> str:
    """The topic whose posts are the most of one semester."""
    rows = [row for row in numbers.by_topic.rows if row.total >= ENOUGH]
    if not rows or len(numbers.by_topic.columns) == 1:
        return ""
    fashion = max(rows, key=lambda row: max(row.values) / row.total)
    most, semester = max(fashion.values), numbers.by_topic.columns[fashion.values.index(max(fashion.values))]
    if 2 * most <= fashion.total:
        return "No topic is a fashion: none has more than half of its posts in one semester."
    share = f"All {most}" if most == fashion.total else f"{most} of the {fashion.total}"
    return f"{share} posts on “{fashion.name}” are from one semester, {semester}."


def _tools_surprise(numbers: Statistics) -> str:
    """How many were written about only once."""
    all_tools = len(numbers.tools.rows)
    once = sum(row.total == 1 for row in numbers.tools.rows)
    if all_tools < ENOUGH:
        return ""
    if once == all_tools:
        return "No two posts are about the same."
    if 2 * once > all_tools:
        return f"Hardly anything gets a second post: {once} of {all_tools} names have only one."
    return f"Most names come back: {all_tools - once} of {all_tools} have several posts."


def _sites_surprise(numbers: Statistics) -> str:
    """How few posts are not on the site that has most."""
    rows = [row for row in numbers.sites.rows if row.name not in (OTHERS, UNKNOWN, HERE)]
    most = max(rows, key=lambda row: row.total, default=None)
    if most is None or 2 * most.total <= numbers.posts or most.total == numbers.posts:
        return ""
    return f"Without {most.name}, {numbers.posts - most.total} of {plural(numbers.posts, 'post')} would be left."


def _names_surprise(numbers: Statistics) -> str:
    """Whether ideas run out: in the last semester with enough names, the part of those that are new."""
    later = [row for row in numbers.names.rows[1:] if row.total >= ENOUGH]
    if not later:
        return ""
    name, (new, known) = later[-1].name, later[-1].values
    if new > known:
        return f"Ideas do not run out: of {new + known} names in {name}, {new} had not been written about before."
    return f"Old friends: of {new + known} names in {name}, {known} had been written about before."


_SURPRISES = {
    "options": _options_surprise,
    "topics": _topics_surprise,
    "tools": _tools_surprise,
    "sites": _sites_surprise,
    "names": _names_surprise,
}


def _when(numbers: Mapping[str, int]) -> str:
    """In which semesters most are: the most in S2024: 128."""
    most = _leaders(numbers)
    if most.number == sum(numbers.values()):
        return f"{'all ' if most.number > 1 else ''}in {most.names[0]}"
    return f"the most in {_in_words(most.names, f'{len(most.names)} semesters')}: {most.each}"


def _most_posts(one: str, several: str, most: _Leaders) -> str:
    if len(most.names) == 1:
        return f"The {one} with the most posts is {most.names[0]}: {most.each}."
    if len(most.names) > NAMED:
        return f"{len(most.names)} {several} have the most posts: {most.each}."
    return f"The {several} with the most posts are {_in_words(most.names, '')}: {most.each}."


def _in_words(names: Sequence[str], many: str) -> str:
    """A, B and C; `many` where there are more."""
    return many if len(names) > NAMED else with_and(names)


def _share(part: int, whole: int) -> str:
    if part == whole:
        return "The only post is" if whole == 1 else f"All {whole} posts are"
    return f"{part} of {whole} posts {'is' if part == 1 else 'are'}"


def _sums(table: Table) -> list[int]:
    return [sum(column) for column in zip(*(row.values for row in table.rows), strict=True)]
