"""Posts as files: nothing that python-frontmatter forgives is forgiven, and every place is the file's."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frontmatter
import needs
import pytest
from frontmatter.default_handlers import YAMLHandler
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coursehub.markdown.places import Spot
from coursehub.records import post, repository
from coursehub.records.finding import Place
from coursehub.records.post import Post


def read(content: bytes | str) -> Post:
    return post.read("posts/F2026/a.md", content.encode() if isinstance(content, str) else content)


def troubles(content: bytes | str) -> list[tuple[str, int, int]]:
    return [(trouble.rule, trouble.line, trouble.column) for trouble in read(content).troubles]


# --- all that python-frontmatter forgives

FORGIVEN: dict[str, tuple[bytes | str, list[tuple[str, int, int]]]] = {
    "nothing wrong": ("---\ntitle: x\n---\n\nText\n", []),
    "an empty file": ("", [("missing-front-matter", 1, 1)]),
    "white space alone": (" \n\n", [("missing-front-matter", 1, 1)]),
    "no front matter": ("# A post\n", [("missing-front-matter", 1, 1)]),
    "a rule in the text is no front matter": ("# A post\n---\ntitle: x\n---\n", [("missing-front-matter", 1, 1)]),
    "front matter after empty lines": ("\n\n---\ntitle: x\n---\n", [("missing-front-matter", 3, 1)]),
    "text behind the opening line": ("--- title: x\n---\nText\n---\n", [("missing-front-matter", 1, 1)]),
    "a word glued to the opening line": ("---yaml\n---\ntitle: x\n---\n", [("missing-front-matter", 1, 1)]),
    "two lines are no fence": ("--\ntitle: x\n--\n", [("missing-front-matter", 1, 1)]),
    "no closing line": ("---\ntitle: x\n\nText\n", [("unclosed-front-matter", 1, 1)]),
    "the opening line alone": ("---", [("unclosed-front-matter", 1, 1)]),
    "closed by dots": ("---\ntitle: x\n...\nText\n", [("unclosed-front-matter", 1, 1)]),
    "an indented closing line": ("---\ntitle: x\n ---\nText\n", [("unclosed-front-matter", 1, 1)]),
    "text after the closing line's marks": ("---\ntitle: x\n--- text\nText\n", [("unclosed-front-matter", 1, 1)]),
    "a list": ("---\n- title: x\n---\nText\n", [("malformed-yaml", 2, 1)]),
    "a list on one line": ("---\n\n[title, x]\n---\nText\n", [("malformed-yaml", 3, 1)]),
    "a sentence": ("---\ntitle\n---\nText\n", [("malformed-yaml", 2, 1)]),
    "empty front matter": ("---\n---\nText\n", []),
    "a comment alone": ("---\n# title: x\n---\nText\n", []),
    "a field twice": ("---\ntitle: x\ntool: y\ntitle: z\n---\n", [("duplicate-field", 4, 1)]),
    "a byte order mark": ("\ufeff---\ntitle: x\n---\n", [("byte-order-mark", 1, 1)]),
    "two byte order marks": ("\ufeff\ufeff---\n", [("byte-order-mark", 1, 1), ("missing-front-matter", 1, 1)]),
    "CR LF": ("---\r\ntitle: x\r\n---\r\n", [("windows-line-endings", 1, 4)]),
    "CR LF in the text": ("---\ntitle: x\n---\n\nText\r\n", [("windows-line-endings", 5, 5)]),
    "lone CR": ("---\rtitle: x\r---\rText\r", [("windows-line-endings", 1, 4)]),
    "CR LF and a fault further down": (
        "---\r\ntitle: x\r\ntitle: y\r\n---\r\n",
        [("windows-line-endings", 1, 4), ("duplicate-field", 3, 1)],
    ),
    "a tab before a value": ("---\ntitle:\tx\n---\n", [("tab-in-front-matter", 2, 7)]),
    "a tab as indentation": ("---\ntool:\n\t- x\n---\n", [("malformed-yaml", 3, 1), ("tab-in-front-matter", 3, 1)]),
    "a tab in the text": ("---\ntitle: x\n---\n\n\tcode\n\ta tab\n", []),
    "a tab after the closing line": ("---\ntitle: x\n---\t\n\t\nText\n", []),
    "an anchor and an alias": (
        "---\ntitle: &a x\ntool: *a\n---\n",
        [("alias-in-yaml", 2, 8), ("alias-in-yaml", 3, 7)],
    ),
    "a tag": ("---\ntitle: !!str x\n---\n", [("malformed-yaml", 2, 8)]),
    "a colon in a title": ("---\ntitle: Evidently: drift\n---\n", [("malformed-yaml", 2, 17)]),
    "an at sign": ("---\ntitle: x\nauthors: @octocat\n---\n", [("malformed-yaml", 3, 10)]),
    "a second document": ("---\ntitle: x\n--- \nText\n", []),
    "empty lines after the opening line": ("---\n\n\ntitle: x\ntitle: y\n---\n", [("duplicate-field", 5, 1)]),
    "spaces after the opening line": ("---   \ntitle: x\ntitle: y\n---   \n", [("duplicate-field", 3, 1)]),
    "longer lines of hyphens": ("----\ntitle: x\ntitle: y\n-----\nText\n", [("duplicate-field", 3, 1)]),
    "a line separator": (
        "---\ntitle: x\u2028y\ntitle: y\n---\n",
        [("malformed-yaml", 2, 9), ("duplicate-field", 3, 1)],
    ),
    "a control character": ("---\ntitle: x\ntool: \x07\n---\n", [("malformed-yaml", 3, 7)]),
    "a NUL": ("---\ntitle: x\x00\n---\n", [("malformed-yaml", 2, 9)]),
    "Latin-1": ("---\ntitle: x\n---\n\nÉt voilà\n".encode("latin-1"), [("not-utf-8", 5, 1)]),
    "Latin-1 after a longer letter": ("---\ntitle: é ".encode() + b"caf\xe9\n---\n", [("not-utf-8", 2, 13)]),
    "Latin-1 with CR LF": (b"---\r\ntitle: caf\xe9\r\n---\r\n", [("not-utf-8", 2, 11)]),
    "UTF-16": ("---\ntitle: x\n---\n".encode("utf-16"), [("not-utf-8", 1, 1)]),
    "a letter cut in half": ("---\ntitle: x\n---\n\né".encode()[:-1], [("not-utf-8", 5, 1)]),
    "a million bytes": (b"---\ntitle: x\n---\n\n".ljust(1_000_000, b"a"), []),
    "a million bytes and one": (b"---\ntitle: x\n---\n\n".ljust(1_000_001, b"a"), [("file-too-large", 1, 1)]),
    "brackets that never close": ("---\ntitle: " + "[" * 60_000 + "\n---\n", [("malformed-yaml", 2, 15)]),
}


@pytest.mark.parametrize(("content", "expected"), FORGIVEN.values(), ids=FORGIVEN)
def test_what_python_frontmatter_forgives(content: bytes | str, expected: list[tuple[str, int, int]]) -> None:
    assert troubles(content) == expected


class AsWritten(YAMLHandler):
    """The front matter as its text."""

    def load(self, fm: str, **_: object) -> dict[str, Any]:
        return {"front": fm}


LINES = st.sampled_from(
    ["---", "--- ", "----", "--", " ---", "---x", "", " ", "\t", "title: x", "- y", "text", "\x0c", "\u2028"]
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=8).map("\n".join), st.sampled_from(["---", "-----  "]))
def test_a_file_is_split_as_python_frontmatter_splits_it(text: str, opening: str) -> None:
    content = f"{opening}\n{text}"
    front, body = frontmatter.parse(content, handler=AsWritten())
    ours = read(content)
    if front:
        assert (ours.front_text, ours.body.strip()) == (front["front"], body)
    else:
        assert [each.rule for each in ours.troubles] == ["unclosed-front-matter"]


# field, what is written, where it is wrong, what the finding says
MISREAD = [
    ("title", "on", (2, 8), "is on without quotes, and YAML reads it as true or false"),
    ("title", "1.10", (2, 8), "is 1.10 without quotes, and YAML reads it as a number and drops final zeros"),
    ("title", "017", (2, 8), "is 017 without quotes, and YAML reads it as a number"),
    ("title", "2026-01-31", (2, 8), "is 2026-01-31 without quotes, and YAML reads it as a date"),
    ("title", "", (2, 7), "is empty"),
    ("title", "~", (2, 8), "is empty"),
    ("title", '"  "', (2, 8), "is empty"),
    ("title", "[a]", (2, 8), "is a list"),
    ("title", "{a: b}", (2, 8), "is a mapping"),
    ("tool", "[Evidently, 3.10]", (2, 19), "is 3.10 without quotes, and YAML reads it as a number and drops final zeros"),
    ("tool", "[Evidently, [a]]", (2, 19), "is a list"),
    ("tool", "[]", (2, 7), "is an empty list"),
    ("date", "31.1.2026", (2, 7), "is “31.1.2026”"),
    ("date", "2026-02-30", (2, 7), "is “2026-02-30”"),
    ("date", "2026-01-31 10:00", (2, 7), "is “2026-01-31 10:00”"),
    ("private", "maybe", (2, 10), "is “maybe”"),
    ("private", "'true'", (2, 10), "is “true”"),
    ("covers", "problem", (2, 9), "is “problem”"),
    ("covers", "{problem: yes}", (2, 19), "is yes without quotes, and YAML reads it as true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "written", "place", "what"), MISREAD)
def test_a_value_that_yaml_would_change_is_wrong(field: str, written: str, place: tuple[int, int], what: str) -> None:
    the_post = read(f"---\n{field}: {written}".rstrip() + "\n---\n")
    assert the_post.troubles == ()
    (wrong,) = the_post.wrong[field]
    assert ((wrong.node.line, wrong.node.column), wrong.what) == (place, what)


def test_text_stays_as_written() -> None:
    the_post = read("---\ntitle: 1.10\ntool: [on, 'off', 010]\n---\n")
    assert (the_post.title, the_post.tool) == ("1.10", ("on", "off", "010"))


def test_a_field_that_is_unknown_is_kept() -> None:
    the_post = read("---\ntitel: x\n---\n")
    assert the_post.front
    assert list(the_post.front.nodes) == ["titel"]


# --- whatever is in the file

FENCES = st.sampled_from(["---", "----", "--- ", "---\t"])
EXACT = st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cn", "Co"])
TITLES = st.text(EXACT, min_size=1).map(str.strip).filter(bool)
LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r") | st.sampled_from("\n #-\t"))


@settings(max_examples=200)
@given(st.binary() | st.tuples(FENCES, st.text(), FENCES, st.text()).map(lambda parts: "\n".join(parts).encode()))
@example(b"---\n\xff")
@example(b"---\n---")
@example("---\u2028---\u2028".encode())
def test_no_bytes_raise(content: bytes) -> None:
    the_post = read(content)
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert the_post.front is not None or the_post.troubles
    for trouble in the_post.troubles:
        assert 1 <= trouble.line <= len(lines)
        assert trouble.column >= 1


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(
    FENCES,
    st.sampled_from(["", "\n", "# a comment\n"]),
    TITLES,
    st.lists(TITLES, min_size=1, max_size=3),
    FENCES,
    LINES,
)
@example("---", "", "x", ["y"], "---", "\n    indented code\nmore")
@example("---", "", "x", ["y"], "---", "---\n---\n")
@example("---", "", "x", ["y"], "---", "")
def test_fields_and_text_are_read_as_written(
    opening: str, before: str, title: str, tool: list[str], closing: str, text: str
) -> None:
    file = f"{opening}\n{before}title: {quoted(title)}\ntool: [{', '.join(map(quoted, tool))}]\n{closing}\n{text}"
    the_post = read(file)
    assert [trouble.rule for trouble in the_post.troubles] in ([], ["tab-in-front-matter"])
    assert (the_post.title, the_post.tool) == (title, tuple(tool))
    assert the_post.body.strip() == text.strip()
    lines = file.split("\n")
    title_place = the_post.place("title")
    assert lines[title_place.line - 1][title_place.column - 1 :] == quoted(title)
    for index, name in enumerate(tool):
        place = the_post.place("tool", index)
        assert lines[place.line - 1][place.column - 1 :].startswith(quoted(name))
    for number, line in enumerate(the_post.body.split("\n"), 1) if the_post.body else ():
        place = the_post.body_place(Spot(number, 1))
        assert lines[place.line - 1].rstrip() == line.rstrip()


def test_the_first_line_keeps_its_indentation_which_makes_code_of_it() -> None:
    the_post = read("---\ntitle: x\n---\n\n    # no heading\n")
    assert (the_post.body, the_post.body_place(Spot(1, 5)), the_post.contents.headings) == (
        "    # no heading",
        Place("posts/F2026/a.md", 5, 5),
        (),
    )


# --- files in a folder


def write(root: Path, path: str, content: bytes = b"---\ntitle: x\n---\n") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content)


def link_to_a_file(root: Path) -> None:
    write(root, "secret", b"---\ntitle: secret\n---\n")
    (root / "posts/F2026").mkdir(parents=True)
    (root / "posts/F2026/a.md").symlink_to("../../secret")


def link_to_a_folder(root: Path) -> None:
    write(root, "elsewhere/b.md")
    (root / "posts/F2026").mkdir(parents=True)
    (root / "posts/F2026/a.md").symlink_to("../../elsewhere")


def link_to_nothing(root: Path) -> None:
    (root / "posts/F2026").mkdir(parents=True)
    (root / "posts/F2026/a.md").symlink_to("/nowhere")


def link_to_itself(root: Path) -> None:
    (root / "posts/F2026").mkdir(parents=True)
    (root / "posts/F2026/a.md").symlink_to("a.md")


def fifo(root: Path) -> None:
    (root / "posts/F2026").mkdir(parents=True)
    os.mkfifo(root / "posts/F2026/a.md")


def fifty_megabytes(root: Path) -> None:
    write(root, "posts/F2026/a.md")
    os.truncate(root / "posts/F2026/a.md", 50_000_000)


@pytest.mark.parametrize(
    ("make", "rule", "what"),
    [
        pytest.param(link_to_a_file, "symbolic-link", "../../secret", marks=needs.LINKS),
        pytest.param(link_to_a_folder, "symbolic-link", "../../elsewhere", marks=needs.LINKS),
        pytest.param(link_to_nothing, "symbolic-link", "/nowhere", marks=needs.LINKS),
        pytest.param(link_to_itself, "symbolic-link", "a.md", marks=needs.LINKS),
        pytest.param(fifo, "symbolic-link", "no regular file", marks=needs.PIPES),
        (fifty_megabytes, "file-too-large", "50,000,000"),
    ],
)
def test_what_is_no_small_file_is_not_read(
    make: Callable[[Path], None], rule: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    posts, pictures, strays = repository.read_posts(tmp_path)
    assert ([each.path for each in posts], pictures, strays) == (["posts/F2026/a.md"], {}, [])
    assert [tuple(trouble) for trouble in posts[0].troubles] == [(rule, 1, 1, what, 0)]
    assert posts[0].title == ""


SORTED_INTO = {
    "posts/F2026/a.md": "posts",
    "posts/F2026/A.MD": "posts",
    "posts/F2026/b.Markdown": "posts",
    "posts/c.md": "posts",
    "posts/F2026/a/d.md": "posts",
    "posts/F2026/a/deep/er/e.md": "posts",
    "posts/F2026/.md": "posts",
    "posts/F2026/a/f.png": "pictures",
    "posts/F2026/a/g.JPG": "pictures",
    "posts/F2026/a/h.svg": "strays",
    "posts/F2026/i.png": "strays",
    "posts/F2026/a/deep/j.png": "strays",
    "posts/F2026/k.docx": "strays",
    "posts/F2026/l": "strays",
    "posts/F2026/.hidden": "strays",
    "posts/m.txt": "strays",
    "posts/F2026/ü n.txt": "strays",
    "posts/F2026/.gitkeep": "nothing",
}


def sorted_into(root: Path) -> dict[str, list[str]]:
    posts, pictures, strays = repository.read_posts(root)
    return {"posts": [each.path for each in posts], "pictures": list(pictures), "strays": strays}


def test_each_kind_of_file_is_what_it_is(tmp_path: Path) -> None:
    for path in SORTED_INTO:
        write(tmp_path, path)
    kinds = sorted_into(tmp_path)
    assert {path: kind for kind, paths in kinds.items() for path in paths} == {
        path: kind for path, kind in SORTED_INTO.items() if kind != "nothing"
    }


@needs.PIPES
@needs.LINKS
def test_what_looks_like_a_picture_and_is_none_is_a_stray(tmp_path: Path) -> None:
    write(tmp_path, "posts/F2026/a/real.png", b"12345")
    os.mkfifo(tmp_path / "posts/F2026/a/pipe.png")
    (tmp_path / "posts/F2026/a/link.png").symlink_to("real.png")
    (tmp_path / "posts/F2026/linked").symlink_to("a")
    assert repository.read_posts(tmp_path) == (
        [],
        {"posts/F2026/a/real.png": 5},
        ["posts/F2026/a/link.png", "posts/F2026/a/pipe.png", "posts/F2026/linked"],
    )


NAMES = st.sampled_from(["a", "b.md", "c.MD", "d.png", "e.txt", "ü.md", "F2026", " .jpg", "x--y.md", "-"])


@settings(max_examples=60)
@given(st.sets(st.lists(NAMES, min_size=1, max_size=5).map("/".join), max_size=12))
def test_nothing_below_posts_is_dropped(tmp_path_factory: pytest.TempPathFactory, paths: set[str]) -> None:
    files = {path for path in paths if not any(other.startswith(f"{path}/") for other in paths)}
    root = tmp_path_factory.mktemp("root")
    for path in files:
        write(root, f"posts/{path}")
    kinds = sorted_into(root)
    assert sorted(path for the_post in kinds.values() for path in the_post) == sorted(f"posts/{path}" for path in files)
    for the_post in kinds.values():
        assert the_post == sorted(the_post, key=lambda path: path.split("/"))


@needs.RAW_NAMES
def test_a_name_that_is_not_utf_8_is_found(tmp_path: Path) -> None:
    write(tmp_path, "posts/F2026/a.md")
    Path(os.fsdecode(bytes(tmp_path) + b"/posts/F2026/caf\xe9.md")).write_bytes(b"x")
    assert sorted_into(tmp_path)["posts"] == ["posts/F2026/a.md", "posts/F2026/caf\udce9.md"]


def test_folders_may_be_very_deep(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    for name in ("posts", *["a"] * 1000):
        os.mkdir(name, dir_fd=folder)
        inner = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(os.open("b.md", os.O_CREAT, dir_fd=folder))
    os.close(folder)
    try:
        assert sorted_into(tmp_path)["posts"] == ["posts/" + "a/" * 1000 + "b.md"]
    finally:  # pytest's own clean-up is recursive
        subprocess.run(["rm", "-r", tmp_path / "posts"], check=True)


@pytest.mark.parametrize("is_file", [True, False])
def test_a_repository_without_posts_has_none(tmp_path: Path, is_file: bool) -> None:
    if is_file:
        (tmp_path / "posts").touch()
    assert repository.read_posts(tmp_path) == ([], {}, [])
