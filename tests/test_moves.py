"""Published posts that move: their old addresses lead on, and the front matter says where they were."""

import datetime as dt
import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

import needs
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from repositories import Repository
from sites import Build, SharedSite

from coursehub.cli import main
from coursehub.comments.record import Comment, Discussion, Discussions
from coursehub.grading import participation, receipt
from coursehub.records import edits, front_edits, post, repository

ADDRESS = "https://course.example/hub/"
OLD, NEW = "posts/F2026/evidentlyai.md", "posts/F2026/evidently.md"

# --- the edit


class Written(NamedTuple):
    """Front matter before and after, around the line for which a place was needed."""

    before: str
    after: str


FORMS = {
    "no aliases": Written("", f"aliases: {OLD}\n"),
    "one": Written("aliases: posts/S1/a.md\n", f"aliases: [posts/S1/a.md, {OLD}]\n"),
    "one, with a comment": Written("aliases:  posts/S1/a.md   # é: once\n", f"aliases:  [posts/S1/a.md, {OLD}]   # é: once\n"),
    "one in quotes": Written('aliases: "posts/S1/a.md"\n', f'aliases: ["posts/S1/a.md", {OLD}]\n'),
    "one on a line of its own": Written("aliases:\n  posts/S1/a.md\n", f"aliases:\n  [posts/S1/a.md, {OLD}]\n"),
    "a list": Written("aliases: [ posts/S1/a.md , 'posts/S1/é.md' ] # \n", f"aliases: [ posts/S1/a.md , 'posts/S1/é.md', {OLD} ] # \n"),
    "a list on lines": Written("aliases: [\n  posts/S1/a.md,\n]\n", f"aliases: [\n  posts/S1/a.md, {OLD},\n]\n"),
    "a list with dashes": Written(
        "aliases:\n  - posts/S1/a.md # why\n  # and then\n  - posts/S1/b.md # so\n",
        f"aliases:\n  - posts/S1/a.md # why\n  # and then\n  - posts/S1/b.md # so\n  - {OLD}\n",
    ),
    "dashes that are not indented": Written("aliases:\n- posts/S1/a.md\n", f"aliases:\n- posts/S1/a.md\n- {OLD}\n"),
}  # fmt: skip
LINES = ["title: Über \U0001f4a1", "# a comment: [", "summary: >-\n  Two\n  lines", "tool: [A, B]", "", "date: 2026-01-02", "name: 'a''b'", "covers: {a: b}"]  # fmt: skip


def with_old(content: bytes) -> bytes:
    each = post.read(NEW, content)
    return edits.applied(content, front_edits.with_values(each, "aliases", [OLD]))


@given(
    st.sampled_from(list(FORMS.values())), st.lists(st.sampled_from(LINES), unique=True), st.lists(st.sampled_from(LINES), unique=True),
    st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]), st.sampled_from(["", "\n---\n- Text\n\n---", "Text — aliases: x"]),
)  # fmt: skip
def test_a_former_path_is_added_and_every_other_byte_stays(
    form: Written, above: list[str], below: list[str], newline: str, mark: str, body: str
) -> None:
    below = [line for line in below if line not in above]
    if not form.before:
        above, below = [*above, *below, "status: published"], []
    else:
        above = [*above, "status: published"]

    def content(middle: str) -> bytes:
        lines = "".join(f"{line}\n" for line in above), middle, "".join(f"{line}\n" for line in below)
        return (mark + f"---\n{''.join(lines)}---\n{body}".replace("\n", newline)).encode()

    assert with_old(content(form.before)) == content(form.after)


@pytest.mark.parametrize(
    "front",
    [
        "{title: x, status: published}\n", "aliases: |\n  posts/S1/a.md\n", "aliases:\n", "aliases: []\n", "aliases: {a: b}\n",
        "aliases: F2026/a\n", "aliases: &a posts/S1/a.md\n", "aliases: posts/S1/a.md\naliases: posts/S1/b.md\n", "? title\n: x\n",
        "title: [\n", "aliases: [[posts/S1/a.md]]\n",
    ],
)  # fmt: skip
def test_where_its_place_is_in_doubt_nothing_is_edited(front: str) -> None:
    content = f"---\n{front}---\nText\n".encode()
    assert with_old(content) == content


# --- check --fix


TEXT = """---
title: "Watching a recommender" # a comment
authors: octocat
option: mlops-tool
tool: {tool}
tool_url: https://example.org/evidently
semester: {semester}
status: {status}
date: 2026-11-02
summary: What drifts.
external_url: https://example.org/post
{more}---

Words about it.
"""
COURSE = """name: Course
staff: [staff]
time_zone: UTC
open_semester: F2026
semesters: [{id: S2026}, {id: F2026}]
options: [{id: mlops-tool, title: MLOps tool, claims: tool, requirements: []}]
"""


def text(tool: str, semester: str = "F2026", status: str = "published", more: str = "") -> str:
    return TEXT.format(tool=tool, semester=semester, status=status, more=more)


@pytest.fixture
def branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A branch that left a main with one published post."""
    repository = Repository(tmp_path / "hub")
    repository.write("data/course.yaml", COURSE)
    repository.write("data/prior_posts.yaml", "[]\n")
    repository.write(OLD, text("EvidentlyAI"))
    repository.commit()
    repository.branch("work")
    monkeypatch.chdir(repository.root)
    return repository


def check(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["check", "--base", "main", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def move(branch: Repository, to: str, content: str, since: str = OLD) -> Path:
    (branch.root / to).parent.mkdir(exist_ok=True)
    (branch.root / since).rename(branch.root / to).write_text(content)
    return branch.root / to


@needs.MODES
@pytest.mark.parametrize("is_committed", [True, False])
def test_a_published_post_that_moved_gets_its_former_path(branch: Repository, is_committed: bool) -> None:
    file = move(branch, NEW, text("Evidently"))
    file.chmod(0o640)
    if is_committed:
        branch.commit()
    before = check("--format", "json")
    (finding,) = json.loads(before.stdout)["findings"]
    assert (before.exit_code, finding["rule"], finding["severity"]) == (0, "moved-without-alias", "warning")
    assert finding["message"] == f"this published post was at {OLD}: its readers, feed and comments do not follow"
    assert finding["help"] == f"Its front matter needs the line “aliases: {OLD}”."
    line = f"aliases: {OLD}\n"
    place = {"line": 12, "column": 1, "end_line": 12, "end_column": 1}
    edit = {"path": NEW, **place, "text": line}
    assert finding["fix"] == {"applicability": "safe", "message": "Adds the former path.", "edits": [edit]}
    fixed = check("--fix")
    assert (fixed.stdout, fixed.stderr) == (
        "1 post checked: nothing to fix.\n", f"{NEW}: fixed (moved-without-alias)\n",
    )  # fmt: skip
    assert file.read_text() == text("Evidently", more=line)
    assert file.stat().st_mode & 0o777 == 0o640
    again = check("--fix")
    assert (again.stdout, again.stderr) == ("1 post checked: nothing to fix.\n", "")
    assert file.read_text() == text("Evidently", more=line)
    assert [path.name for path in file.parent.iterdir()] == ["evidently.md"]


def test_the_oldest_path_stays_the_first(branch: Repository) -> None:
    move(branch, NEW, text("Evidently", more=f"aliases: {OLD} # it was wrong\n"))
    branch.commit()
    branch.merge("work")
    branch.branch("again")
    later = move(
        branch, "posts/S2026/evidently.md", text("Evidently", "S2026", more=f"aliases: {OLD} # it was wrong\n"), NEW
    )
    check("--fix")
    assert later.read_text() == text("Evidently", "S2026", more=f"aliases: [{OLD}, {NEW}] # it was wrong\n")


def test_line_ends_that_nobody_objects_to_stay(branch: Repository) -> None:
    branch.write("data/course.yaml", f"{COURSE}severities: {{windows-line-endings: off}}\n")
    file = move(branch, NEW, "")
    file.write_bytes(text("Evidently").replace("\n", "\r\n").encode())
    check("--fix")
    assert file.read_bytes() == text("Evidently", more=f"aliases: {OLD}\n").replace("\n", "\r\n").encode()


@pytest.mark.parametrize("status", ["claimed", "draft"])
def test_what_nobody_read_moves_without_a_word(branch: Repository, status: str) -> None:
    branch.checkout("main")
    branch.write(OLD, text("EvidentlyAI", status=status))
    branch.commit()
    branch.branch("other")
    move(branch, NEW, text("Evidently"))
    assert check("--fix").output == "1 post checked: nothing to fix.\n"


def test_a_post_that_is_replaced_by_another_did_not_move(branch: Repository) -> None:
    (branch.root / OLD).unlink()
    branch.write(
        "posts/F2026/kedro.md",
        claim
        := "---\ntitle: K\nauthors: ann\noption: mlops-tool\ntool: Kedro\nsemester: F2026\nstatus: claimed\n---\n",
    )
    result = check("--fix", "--format", "json")
    assert [(each["path"], each["rule"], "fix" in each) for each in json.loads(result.stdout)["findings"]] == [
        (OLD, "moved-without-alias", False)
    ]
    assert (branch.root / "posts/F2026/kedro.md").read_text() == claim


def test_a_file_that_can_not_be_written_stays_as_it_is(branch: Repository) -> None:
    file = move(branch, NEW, text("Evidently"))
    (file.parent / f".{file.name}.{os.getpid()}").mkdir()  # where it would be written first
    result = check("--fix")
    assert result.exit_code == 2
    assert " cannot be read or written: " in result.stderr
    assert file.read_text() == text("Evidently")


# --- many at once


def test_every_post_of_a_semester_finds_its_own_new_file(branch: Repository) -> None:
    """Of two that share most of their words, too."""

    def content(number: int, semester: str) -> str:
        shared = "".join(f"Both posts of group {number // 2} have line {line}.\n\n" for line in range(12))
        own = "".join(f"Only post {number} has line {line}.\n\n" for line in range(8))
        return text(f"Tool {number}", semester) + shared + own

    branch.checkout("main")
    for number in range(10):
        branch.write(f"posts/S2026/tool-{number}.md", content(number, "S2026"))
    branch.commit()
    branch.branch("semester")
    for number in range(10):
        to = f"posts/F2026/tool-{number}.md"
        move(branch, to, content(number, "F2026") + f"Line {number} is new.\n", f"posts/S2026/tool-{number}.md")
    check("--fix")
    for number in range(10):
        lines = (branch.root / f"posts/F2026/tool-{number}.md").read_text().splitlines()
        assert [line for line in lines if line.startswith("aliases")] == [f"aliases: posts/S2026/tool-{number}.md"]


def test_comments_on_a_post_that_moved_count_for_who_wrote_them(branch: Repository) -> None:
    move(branch, NEW, text("Evidently", more=f"aliases: {OLD}\n"))
    now = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    words = "I ran this on our own ratings, and the second plot looked quite different."
    comment = Comment("https://github.com/o/r/discussions/1#1", "mona", now, words)
    talk = Discussion(OLD.removesuffix(".md"), "https://github.com/o/r/discussions/1", (comment,))
    hub = repository.load(branch.root)
    (flagged,) = participation.of_author(hub, "F2026", Discussions("giscus", now, (talk,)), "mona")
    assert (flagged.counts, flagged.flags) == (True, ())
    page = receipt.receipt_of(
        hub, hub.post_by_path[NEW], since=None, site=ADDRESS, comments={"mona": (flagged,)}, read=now
    )
    assert [line.text for line in page.comments] == ["On “Watching a recommender”"]


# --- the site

BEFORE = ["posts/F2025/quokka", "posts/F2026/quokka-ry"]


@pytest.fixture(scope="module")
def moved(shared_site: SharedSite) -> Build:
    return shared_site("moved")


@pytest.mark.parametrize("address", BEFORE)
def test_an_old_address_leads_on_without_scripts(moved: Build, address: str) -> None:
    assert moved.code == 0, moved.output
    page = moved.page(address)
    relative = "../quokkary/" if address.startswith("posts/F2026") else "../../F2026/quokkary/"
    head = {
        each.attributes.get("name") or each.attributes.get("http-equiv"): each.attributes for each in page.find("meta")
    }
    assert head["refresh"]["content"] == f"0; url={relative}"
    assert head["robots"]["content"] == "noindex"
    canonical = [
        each.attributes["href"] for each in page.find("link", "head") if each.attributes.get("rel") == "canonical"
    ]
    assert canonical == [f"{ADDRESS}posts/F2026/quokkary/"]
    assert (
        page.text("article", "md-content__button") == "This post has moved You can now find it here: Quokkary & friends"
    )
    links = [each.attributes["href"] for each in page.find("a", "article")]
    assert links == [relative]


def test_an_old_address_is_in_no_list(moved: Build) -> None:
    listed = [
        each.text or ""
        for each in ET.fromstring((moved.site / "sitemap.xml").read_bytes()).iter()
        if each.tag.endswith("loc")
    ]
    assert f"{ADDRESS}posts/F2026/quokkary/" in listed
    known = [path for path in moved.mentions(b"quokka-ry") if path != "posts/F2026/quokka-ry/index.html"]
    assert known == ["posts/F2026/linking/index.html"]  # whose author has not followed yet
    assert not any("quokka-ry" in each or "F2025/quokka" in each for each in listed)


def test_a_post_that_moved_keeps_its_discussion_and_feed_entry(moved: Build) -> None:
    (section,) = [
        each.attributes
        for each in moved.page("posts/F2026/quokkary").find("section")
        if "data-attributes" in each.attributes
    ]
    assert json.loads(section["data-attributes"])["data-term"] == "posts/F2025/quokka"
    items = {each["url"]: each["id"] for each in json.loads((moved.site / "feed.json").read_bytes())["items"]}
    assert items[f"{ADDRESS}posts/F2026/quokkary/"].endswith("/posts/F2025/quokka/")
    entries = {each["path"]: each["term"] for each in json.loads((moved.site / "api/posts.json").read_bytes())["posts"]}
    assert entries["posts/F2026/quokkary.md"] == "posts/F2025/quokka"


def test_in_a_preview_it_leads_to_a_file(shared_site: SharedSite) -> None:
    preview = shared_site("moved-preview")
    assert preview.code == 0, preview.output
    text = (preview.site / "posts/F2025/quokka.html").read_text()
    assert '<meta http-equiv="refresh" content="0; url=../F2026/quokkary.html">' in text
    assert '<a href="../F2026/quokkary.html" dir="auto">' in text
    assert "canonical" not in text
