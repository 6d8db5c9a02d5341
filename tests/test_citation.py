"""BibTeX that BibTeX reads, and that LaTeX prints as the author wrote it."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursehub.records.post import Post
from coursehub.site import citation

POST = Post(
    "posts/F2026/duckdb--sqlmesh.md", title="DuckDB & SQLMesh: 100 % {fun}", authors=("octocat", "hubot"),
    semester="F2026", date=dt.date(2026, 11, 3),
)  # fmt: skip


def test_an_entry_says_who_what_when_and_where() -> None:
    entry = citation.bibtex(POST, "Machine Learning in Production", "https://example.org/posts/F2026/duckdb--sqlmesh/")
    assert entry == "\n".join([
        "@misc{duckdb--sqlmesh-F2026,",
        "  author = {{octocat} and {hubot}},",
        r"  title = {{DuckDB \& SQLMesh: 100 \% \textbraceleft{}fun\textbraceright{}}},",
        "  year = {2026},",
        "  month = nov,",
        "  howpublished = {Machine Learning in Production, F2026},",
        "  url = {https://example.org/posts/F2026/duckdb--sqlmesh/},",
        "}",
    ])  # fmt: skip


def test_what_is_not_known_is_left_out() -> None:
    entry = citation.bibtex(Post("posts/F2026/x.md", title="X", authors=("a",), semester="F2026"), "Course", "")
    assert [line.split(" = ")[0].strip() for line in entry.splitlines()[1:-1]] == ["author", "title", "howpublished"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Mona Lisa Octocat", "Mona Lisa Octocat"),
        ("Octocat, Mona Lisa", "Octocat, Mona Lisa"),
        ("Hu_Bot & Co.", r"Hu\_Bot \& Co."),
        ("Rock and Roll", "{Rock and Roll}"),  # which would be two authors
        ("Andy Sanders", "Andy Sanders"),
        ("others", "{others}"),  # which would be “et al.”
        ("Cat, Octo, Jr, III", "{Cat, Octo, Jr, III}"),  # which BibTeX cannot divide
        ("Cat,", "{Cat,}"),
        ("octocat", "{octocat}"),  # the login
    ],
)
def test_a_name_is_divided_by_bibtex_where_it_can_be(name: str, written: str) -> None:
    post = Post("posts/F2026/x.md", title="X", authors=("octocat",), names=(name,), semester="F2026")
    assert citation.bibtex(post, "Course", "").splitlines()[1] == f"  author = {{{written}}},"


def test_names_are_those_of_the_authors_in_their_order() -> None:
    both = Post("posts/F2026/x.md", title="X", authors=("octocat", "hubot"), names=("Octo Cat", "Hu Bot"))
    assert "  author = {Octo Cat and Hu Bot}," in citation.bibtex(both, "Course", "")
    too_few = Post("posts/F2026/x.md", title="X", authors=("octocat", "hubot"), names=("Hu Bot",))
    assert "  author = {{octocat} and {hubot}}," in citation.bibtex(too_few, "Course", "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("a_b", r"a\_b"),
        ("#1 costs $5", r"\#1 costs \$5"),
        ("C:\\temp", r"C:\textbackslash{}temp"),
        ("~/.config ^ 2", r"\textasciitilde{}/.config \textasciicircum{} 2"),
        ("a < b > c | d", r"a \textless{} b \textgreater{} c \textbar{} d"),
        ('the "best" 5"6', r"the {\char34}best{\char34} 5{\char34}6"),
        ("--force a---b a-b - -", "-{}-force a-{}-{}-b a-b - -"),
        ("``x'' isn't `y`", "`{}`x'{}' isn't `y`"),
        ("what?` no!` a,,b", "what?{}` no!{}` a,{},b"),
        ("“Ünïcode” – 日本", "“Ünïcode” – 日本"),
        ("two\n lines\t here", "two lines here"),
    ],
)
def test_latex_prints_what_was_written(text: str, written: str) -> None:
    assert citation.latex(text) == written


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://example.org/a_b%20c?d=1&e=#f", "https://example.org/a_b%20c?d=1&e=#f"),
        ('https://example.org/}"{\\ x\n}', "https://example.org/%7D%22%7B%5C%20x%0A%7D"),
    ],
)
def test_an_address_stays_whole_and_ends_nothing(address: str, written: str) -> None:
    assert f"  url = {{{written}}}," in citation.bibtex(POST, "Course", address).splitlines()


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_no_text_breaks_out_of_its_field(title: str, author: str, name: str, course: str, address: str) -> None:
    """BibTeX counts braces, with or without a backslash before them, and nothing else ends a field."""
    address = address.encode(errors="ignore").decode()
    whole = Post(
        "posts/F2026/x.md", title=title, authors=(author,), names=(name,), semester="F2026", date=dt.date(2026, 1, 1)
    )
    lines = citation.bibtex(whole, course, address).split("\n")
    assert lines[0] == "@misc{x-F2026,"
    for line in lines[1:-1]:
        assert re.match(r"  [a-z]+ = ", line)
        depths = [line[: end + 1].count("{") - line[: end + 1].count("}") for end in range(len(line))]
        assert min(depths) == 0 == depths[-1]
        assert all(depths[line.index("{") : -2]) if "{" in line else line == "  month = jan,"


def test_a_key_comes_from_the_path_alone_and_is_never_shared() -> None:
    assert citation.key("posts/F2026/great-tables.md") == "great-tables-F2026"
    odd = [
        "posts/F2026/日本.md",
        "posts/F2026/東京.md",
        "posts/F2026/a,b}.md",
        "posts/F2026/a{b.md",
        "posts/F2026/ab.md",
    ]
    keys = [citation.key(path) for path in odd]
    assert len(set(keys)) == len(keys)
    assert [key for key in keys if not re.fullmatch(r"[A-Za-z0-9-]+", key)] == []
