"""The page for staff: who waits for review, who has no post yet, whose comments are missing; and nothing else of anybody."""

import datetime as dt
import re
from pathlib import Path

import msgspec
import pytest
import trees
from sites import Document

from coursehub import site
from coursehub.claims import pending
from coursehub.comments import record
from coursehub.records import repository
from coursehub.site.page import Page

CLASS = trees.parse((Path(__file__).parent / "fixtures/progress/class.txt").read_text())
NAMES = ("Open pull requests", "People without a post", "People without 2 comments")
EXPECTED = {path.replace(".", " "): text for path, text, _ in CLASS.files if path.replace(".", " ") in NAMES}
NOW = dt.datetime(2026, 12, 8, 10, 30, tzinfo=dt.UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    trees.write(CLASS, tmp_path)
    return tmp_path


def page_of(root: Path, *, now: dt.datetime | None = NOW, with_records: bool = True, **inputs: str) -> Page:
    hub = msgspec.structs.replace(repository.load(root), now=now)
    records = {
        "comments": record.read((root / "comments.json").read_bytes()),
        "pending": pending.read((root / "pending.json").read_bytes()),
    }
    settings = {"repository": "https://github.com/course/hub", "since": {"posts/F2026/dask.md": "2026-11-02T10:00:00Z"}}
    built = site.build(hub, site.SiteInputs(**{**settings, **(records if with_records else {}), **inputs}))
    return next(page for page in built.pages if page.path == "progress.md")


def read(root: Path, text: str) -> Document:
    (root / "page.html").write_text(f"<html>{text}</html>")
    return Document.read(root / "page.html")


def tables(root: Path, text: str) -> dict[str, str]:
    """Each table's name → its rows as lines."""
    shown = {}
    for name, table in re.findall(r'<table [^>]*aria-label="([^"]+)".*?>(.*?)</table>', text, re.DOTALL):
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]
        lines = [" | ".join(read(root, cell).text("html") for cell in row) for row in cells]
        shown[name] = "".join(f"{line}\n" for line in lines)
    return shown


def test_it_lists_who_still_has_to_do_what(root: Path) -> None:
    text = page_of(root).markdown
    assert tables(root, text) == EXPECTED
    says = read(root, text).text("html")
    for counted in (
        "1 waits for staff Out of 5 open pull requests from students as of 2026-12-08 10:00 UTC",
        "4 without a post Out of 6 people with a claim as of 2026-12-08 10:30 UTC",
        "5 without 2 comments Out of the same 6 people as of 2026-12-08 09:00 UTC",
    ):
        assert counted in says


def test_each_row_leads_to_what_it_is_about(root: Path) -> None:
    addresses = [each.attributes["href"] for each in read(root, page_of(root).markdown).find("a", "hub-list")]
    assert {"https://github.com/mona", "https://github.com/course/hub/pull/8", "../posts/F2026/kedro/"} < set(addresses)
    assert "https://github.com/course/hub/blob/main/posts/F2026/dask.md" in addresses
    assert "https://github.com/course/hub/discussions?discussions_q=commenter%3Amona" in addresses
    assert not any("secret" in each for each in addresses)  # a post inside the course


def test_nobody_else_and_nothing_that_anybody_wrote_is_on_it(root: Path) -> None:
    page = page_of(root)
    for word in ("stranger", "zoe", "Of last semester", "in time", "a second one", "Not for everybody", "<b>"):
        assert word not in re.sub(r"commented on in time|in time on", "", page.markdown), word
    assert page.meta.is_unlisted
    assert page.meta.search
    assert not page.meta.search.text  # found by what it is for, and by nobody's login


def test_without_records_it_says_what_it_does_not_know(root: Path) -> None:
    text = page_of(root, now=None, with_records=False).markdown
    says = read(root, text).text("html")
    assert "We have not checked open pull requests. You can look at them on GitHub." in says
    assert "We have not counted comments." in says
    assert tables(root, text) == {"People without a post": "Login | Claim | Status | Pull request | Since\n"
                                  "Hubot | Dask | draft |  | 2026-11-02\n"
                                  "lisa | Luigi | withdrawn |  | not merged yet\n"
                                  "mona | Dask | draft |  | 2026-11-02\n"}  # fmt: skip
    assert "as of" not in says


def test_who_has_done_all_is_in_no_list(root: Path) -> None:
    for path in (root / "posts/F2026").iterdir():
        if path.stem not in ("kedro", "secret"):
            path.unlink()
    talk = (root / "comments.json").read_bytes()
    for before, after in ((b'"author": "stranger"', b'"author": "marvin"'), (b'"hubot"', b'"octocat"')):
        talk = talk.replace(before, after)
    (root / "comments.json").write_bytes(talk)
    (root / "pending.json").write_text('{"version": 1, "read": "2026-12-08T10:00:00Z", "claims": []}')
    course = root / "data/course.yaml"
    course.write_text(course.read_text() + "limits: {comments: 1}\n")
    says = read(root, page_of(root).markdown).text("html")
    assert "Nobody is waiting: no student has an open pull request about a post." in says
    assert "Everybody with a claim has published." in says
    assert "Everybody with a claim has commented on 1 post by others." in says
    assert "<table" not in page_of(root).markdown


def test_a_course_that_begins_has_nobody_on_it(root: Path) -> None:
    for path in (root / "posts/F2026").iterdir():
        path.unlink()
    (root / "pending.json").write_text('{"version": 1, "read": "2026-12-08T10:00:00Z", "claims": []}')
    says = read(root, page_of(root).markdown).text("html")
    assert says.count("Nobody has claimed anything yet this semester.") == 2
    assert "<form" not in page_of(root).markdown
