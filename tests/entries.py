"""Entries of the catalog that no file has."""

from typing import Any

from coursehub.records.assignment import Option
from coursehub.records.course import Course, Semester, Topic
from coursehub.site.catalog import Entry, Hosted

COURSE = Course(
    name="C", staff=(), time_zone="UTC", open_semester="F1",
    semesters=(Semester("S1"), Semester("F1"), Semester("S2")),
    options=(Option("one", "One", "tool", ()), Option("two", "Two", "tool", ()), Option("three", "Three", "tool", ())),
    topics=(Topic("t", "T"), Topic("u", "U"), Topic("v", "V")),
)  # fmt: skip


def entry(semester: str, *tools: str, **more: Any) -> Entry:
    values = {
        "key": "--".join(tool.lower().replace(" ", "-") for tool in tools), "title": "T", "also_titled": (),
        "tools": tools, "semester": semester, "option": "one", "authors": (), "topics": (), "format": None, "date": None,
        "summary": None, "hosted": Hosted.ELSEWHERE, "host": "a.example", "url": "https://a.example/", "dead_url": None,
        "archived": None, "page": None, "path": None, "term": None,
        "headline": None, "headline_from": None,
        "names": more.get("authors", ()),
    }  # fmt: skip
    return Entry(**{**values, **more})
