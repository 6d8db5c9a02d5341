"""Write the table of a post's fields into docs/claim.md, from the rules' limits and the course's data: `fields.py`.

Its words are in tools/fields.md, with a place for each value.
"""

from collections.abc import Iterable
from pathlib import Path

from marked import with_part

from coursehub.checks.rules.fields import ALWAYS, LONGEST, PUBLISHED
from coursehub.records import repository
from coursehub.records.course import Course
from coursehub.records.post import FORMATS, STATUSES

PAGE = Path("docs/claim.md")
WORDS = Path(__file__).with_name("fields.md")


def main() -> None:
    """Put the table as it is into the page."""
    PAGE.write_text(with_part(PAGE.read_text("utf-8"), "fields", fields(repository.load(Path()).course)), "utf-8")


def fields(course: Course) -> str:
    """Return the table, with the values of a course."""
    return WORDS.read_text("utf-8").format(
        longest=LONGEST,
        needed=dict.fromkeys(ALWAYS, "always") | dict.fromkeys(PUBLISHED, "to publish"),
        options=_one_of(option.id for option in course.options),
        statuses=_one_of(STATUSES),
        semester=course.open_semester,
        date=_due_day(course),
        formats=_one_of(FORMATS),
        topics=_in_code(topic.id for topic in course.topics),
        requirements="; ".join(
            f"{_in_code(each.id for each in option.requirements)} for `{option.id}`" for option in course.options
        ),
    )


def _due_day(course: Course) -> str:
    """The day on which posts of the open semester are due, as an example of a date."""
    due = course.due(course.open_semester)
    return f"{due:%Y-%m-%d}" if due else "2026-12-04"


def _in_code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _one_of(names: Iterable[str]) -> str:
    *others, last = names
    return f"{_in_code(others)} or `{last}`" if others else f"`{last}`"


if __name__ == "__main__":
    main()
