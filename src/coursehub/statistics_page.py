"""The page that shows the catalog in numbers: a chart of each table, what it says in a sentence, and the table."""

from collections.abc import Sequence

from coursehub import charts
from coursehub.catalog import Entry
from coursehub.pages import CATALOG, Page, list_page, searchable, semester_path
from coursehub.statistics import HERE, Row, Statistics, Table, statistics
from coursehub.subjects import Subjects

PATH = "statistics.md"
LONGEST_BESIDE, LONGEST_BELOW = 48, 88  # percent of the width: of bars beside their names, and of those below them


def page(subjects: Subjects, catalog: Sequence[Entry]) -> Page:
    """The page of these entries; its tables lead to the pages of what they name."""
    course = subjects.hub.course
    numbers = statistics(course, catalog)
    made = list_page(
        PATH, "statistics.md", "Statistics",
        f"The posts of {course.name} in pictures: when they were written, what about, and where they are.",
        numbers=numbers, catalog_path=CATALOG,
        semester_pages={row.name: semester_path(row.name) for row in numbers.by_option.rows},
        topic_pages={topic.title: subjects.topic_path(topic.id) for topic in course.topics},
        tool_pages={tool.name: tool.path for tool in subjects.tools.values()},
        options_legend=charts.legend(numbers.by_option), options=charts.bars(numbers.by_option, LONGEST_BESIDE),
        topics=charts.panels(numbers.by_topic),
        tools=charts.bars(numbers.tools, LONGEST_BELOW),
        sites=charts.bars(numbers.sites, LONGEST_BELOW),
        names_legend=charts.legend(numbers.names), names=charts.bars(numbers.names, LONGEST_BESIDE),
        says={name: say(numbers) for name, say in _SAYINGS.items()} if numbers.posts else {},
    )  # fmt: skip
    return searchable(made, "navigation")


def _options_say(numbers: Statistics) -> str:
    most = _largest(numbers.by_option)
    of_option = [
        f"{column}: {value}" for column, value in zip(numbers.by_option.columns, _sums(numbers.by_option), strict=True)
    ]
    return (
        f"{_counted(numbers.posts, 'post')} in {_counted(len(numbers.by_option.rows), 'semester')}, "
        f"most of them in {most.name}: {most.total}. {'; '.join(of_option)}."
    )


def _topics_say(numbers: Statistics) -> str:
    if not numbers.by_topic.rows:
        return "No post has a topic yet."
    most = numbers.by_topic.rows[0]
    untold = f" {_counted(numbers.without_topic, 'post has', 'posts have')} no topic." if numbers.without_topic else ""
    return f"Most posts are on “{most.name}”: {most.total}.{untold}"


def _tools_say(numbers: Statistics) -> str:
    if not numbers.tools.rows:
        return "No post names a tool yet."
    most = numbers.tools.rows[0]
    return (
        f"Of {_counted(numbers.tools_in_all, 'tool and application', 'tools and applications')}, "
        f"{most.name} has the most posts: {most.total}."
    )


def _sites_say(numbers: Statistics) -> str:
    most = max(numbers.sites.rows, key=lambda row: row.total)
    here = sum(row.total for row in numbers.sites.rows if row.name == HERE)
    share = round(100 * most.total / numbers.posts)
    where = "on this site" if most.name == HERE else f"on {most.name}"
    rest = "" if most.name == HERE else f" {_counted(here, 'post is', 'posts are')} on this site."
    return f"{share} % of the posts are {where}.{rest}"


def _names_say(numbers: Statistics) -> str:
    most = max(numbers.names.rows, key=lambda row: row.values[0])
    last = numbers.names.rows[-1]
    new, known = last.values
    return (
        f"In {last.name}, {new} of {_counted(new + known, 'name')} had not been written about before. "
        f"Most new names came in {most.name}: {most.values[0]}."
    )


_SAYINGS = {
    "options": _options_say,
    "topics": _topics_say,
    "tools": _tools_say,
    "sites": _sites_say,
    "names": _names_say,
}


def _largest(table: Table) -> Row:
    return max(table.rows, key=lambda row: row.total)


def _sums(table: Table) -> list[int]:
    return [sum(column) for column in zip(*(row.values for row in table.rows), strict=True)]


def _counted(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"
