"""The desk's memory of a pull request: hidden in its comment, the same whatever came late or twice, and small."""

import datetime as dt
import json
import re
from collections.abc import Callable

import cmarkgfm
import hypothesis.strategies as st
import msgspec
import pytest
from cmarkgfm import cmark
from hypothesis import given, settings

from coursehub.desk.record import (
    KEPT,
    Claimed,
    Record,
    RecordError,
    Sighting,
    Status,
    claimed,
    from_comment,
    hidden,
    with_sightings,
)
from coursehub.github.markdown import code, escape
from coursehub.records import post

START = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
HOSTILE = [
    "-->", "--!>", "--", "<!--", "<!-- coursehub:record {} -->", "@everyone", "#12", "GH-12", "a@b.example", "\n\n# h", "\r\n",
    "\u2028", "\x00", "\\u002d", "</details>", "<script>", "\u202e", '"}]}', "&#45;&#45;&gt;", "`", "$$", "\U0001f600",
]  # fmt: skip
texts = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join),
)
lists = st.lists(texts, max_size=3).map(tuple)
claims = st.builds(Claimed, path=texts, tool=lists, semester=texts, authors=lists, option=texts, tool_url=lists,
                   distinct_from=lists)  # fmt: skip
moments = st.integers(0, 10**6).map(lambda seconds: START + dt.timedelta(seconds=seconds))
sightings = st.builds(Sighting, moment=moments, run=st.integers(0, 2**53), head=texts,
                      claims=st.lists(claims, max_size=2).map(tuple), drops=lists)  # fmt: skip
records = st.builds(
    Record, sightings=st.lists(sightings, max_size=3).map(tuple), answers=lists, conflicts=st.booleans(),
    status=st.none() | st.builds(Status, state=texts, description=texts), account=st.integers(0, 2**31), logins=lists,
)  # fmt: skip

STORED = """\
{"sightings": [{"moment": "2026-11-01T12:00:00Z", "run": 7, "head": "abc", "claims": [
  {"path": "posts/F2026/dvc.md", "tool": ["DVC"], "semester": "F2026", "authors": ["ann"]}]}],
 "answers": ["posts/F2026/dvc.md holds"], "conflicts": false, "version": 1}""".replace("\n", "")


def rendered(markdown: str) -> str:
    return cmarkgfm.markdown_to_html_with_extensions(
        markdown, options=cmark.Options.CMARK_OPT_UNSAFE, extensions=["autolink", "strikethrough", "table", "tasklist"]
    )


@given(records)
def test_a_record_comes_back_and_shows_nothing(record: Record) -> None:
    text = hidden(record)
    for comment in (text, f"## Free\n\nText\n{text}", f"<sub>Judged</sub>\r\n{text}\r\n"):
        assert from_comment(comment) == record
    assert "\n" not in text
    assert not re.search(r"[@#&]|--", text.removeprefix("<!--").removesuffix("-->"))
    assert re.sub(r"<!--.*?-->", "", rendered(f"a\n\n{text}\n\nb")).split() == ["<p>a</p>", "<p>b</p>"]


def test_a_record_of_this_version_stays_readable() -> None:
    claim = Claimed("posts/F2026/dvc.md", ("DVC",), "F2026", ("ann",))
    expected = Record((Sighting(START, 7, "abc", (claim,)),), ("posts/F2026/dvc.md holds",))
    assert from_comment(f"<!-- coursehub:desk -->\n## Hi\n<!-- coursehub:record {STORED} -->") == expected


def test_what_only_looks_like_a_record_is_none() -> None:
    forged = f"<!-- coursehub:record {STORED} -->"
    true = Record((Sighting(START + dt.timedelta(days=1), 8, "def"),))
    shown = [code(forged), escape(forged), f"- {escape(forged)} {code(forged)}", f"Asked for when {code(forged)} says"]
    for line in (*shown, f"> {forged}"):
        assert from_comment(f"## Hi\n{line}\n{hidden(true)}") == true
        with pytest.raises(RecordError, match=r"^it holds no record$"):
            from_comment(f"## Hi\n{line}")


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("", "it holds no record"),
        ("<!-- coursehub:desk -->\n## ✅ Nothing to fix", "it holds no record"),
        ("<!-- coursehub:record -->", "it holds no record"),
        (f"<!-- coursehub:record {STORED}", "it holds no record"),
        (f"<!-- coursehub:record {STORED[:100]} -->", "its record is damaged: Input data was truncated"),
        ("<!-- coursehub:record {} -->", "its record is damaged: Object missing required field `version`"),
        (
            '<!-- coursehub:record {"version": "1"} -->',
            "its record is damaged: Expected `int`, got `str` - at `$.version`",
        ),
        (
            f"<!-- coursehub:record {STORED.replace('2026-11-01T', '1 November ')} -->",
            "its record is damaged: Invalid RFC3339 encoded datetime - at `$.sightings[0].moment`",
        ),
        (
            f"<!-- coursehub:record {STORED.replace(': 1}', ': 2}')} -->",
            "its record is of version 2, and this desk reads version 1",
        ),
        (
            '<!-- coursehub:record {"version": 2, "sightings": "otherwise"} -->',
            "its record is of version 2, and this desk reads version 1",
        ),
    ],
)
def test_a_record_that_can_not_be_read_says_why(comment: str, why: str) -> None:
    with pytest.raises(RecordError) as error:
        from_comment(comment)
    assert str(error.value) == why


# A pull request's pushes, one letter for each of its claims, in the order GitHub received them.
pushes = st.lists(st.sampled_from(["", "a", "b", "ab"]), min_size=1, max_size=KEPT)


def claim(letter: str) -> Claimed:
    return Claimed(f"posts/F2026/{letter}.md", (letter,), "F2026", ("ann",))


def history(letters: list[str]) -> list[Sighting]:
    """One sighting for each push; two come in each second."""
    return [
        Sighting(START + dt.timedelta(seconds=number // 2), number, f"commit {number}", tuple(map(claim, each)))
        for number, each in enumerate(letters)
    ]


def since(letters: list[str], letter: str) -> int:
    """The number of the push since which the newest one's claim was never absent, by a memory of everything."""
    lacking = [number for number, each in enumerate(letters) if letter not in each]
    return max(lacking, default=-1) + 1


def is_about(letter: str) -> Callable[[Claimed], bool]:
    return lambda claim: claim.tool == (letter,)


@given(pushes, st.data())
@settings(max_examples=300)
def test_order_and_repetition_of_news_change_nothing(letters: list[str], data: st.DataObject) -> None:
    all_of_it = history(letters)
    news = data.draw(st.permutations(all_of_it + data.draw(st.lists(st.sampled_from(all_of_it)))))
    record = with_sightings(Record(answers=("told",), conflicts=True), news)
    assert record == with_sightings(Record(answers=("told",), conflicts=True), all_of_it)
    assert with_sightings(record, news) == record
    assert record.head == f"commit {len(letters) - 1}"
    for letter in letters[-1]:
        assert record.moments(is_about(letter))[0][1] == since(letters, letter)


@given(pushes, st.data())
@settings(max_examples=300)
def test_who_came_first_is_known_after_any_number_of_looks(letters: list[str], data: st.DataObject) -> None:
    """Each look finds what is new, and some of what it knew."""
    record, seen = Record(), 0
    while seen < len(letters):
        looked = seen
        seen = data.draw(st.integers(seen + 1, len(letters)))
        known = data.draw(st.integers(0, looked))
        record = with_sightings(record, data.draw(st.permutations(history(letters)[known:seen])))
        for letter in letters[seen - 1]:
            assert record.moments(is_about(letter))[0][1] == since(letters[:seen], letter)


@given(pushes, st.data())
@settings(max_examples=300)
def test_news_that_comes_late_makes_nobody_earlier(letters: list[str], data: st.DataObject) -> None:
    record, news = Record(), data.draw(st.permutations(history(letters)))
    while news:
        size = data.draw(st.integers(1, len(news)))
        record, news = with_sightings(record, news[:size]), news[size:]
    assert record.head == f"commit {len(letters) - 1}"
    for letter in letters[-1]:
        assert since(letters, letter) <= record.moments(is_about(letter))[0][1]


def test_pushes_that_change_no_claim_are_not_kept() -> None:
    record = with_sightings(Record(), history(["a"] * 500))
    assert [each.run for each in record.sightings] == [0, 499]


def test_of_many_changes_of_mind_the_newest_are_kept() -> None:
    record = with_sightings(Record(), history(["a", "b"] * 200))
    assert [each.run for each in record.sightings] == list(range(400 - KEPT, 400))


def long_claim(signs: str, length: int) -> post.Post:
    return post.Post("posts/F2026/x.md", tool=(signs * length,), authors=("ann",), semester="F2026", status="claimed")


@pytest.mark.parametrize("signs", ["a", "-", "@", "é", "\x01", "\U0001f600"])
def test_a_record_leaves_room_in_the_comment(signs: str) -> None:
    """GitHub takes 65,536 characters; longer claims than these are none."""
    length = max(length for length in range(1, 4_000, 10) if claimed(long_claim(signs, length)))
    sightings = [
        Sighting(START, number, "0" * 40, tuple(filter(None, [claimed(long_claim(signs, length - number))])))
        for number in range(100)
    ]
    record = with_sightings(Record(), sightings)
    assert len(hidden(record)) <= 40_000
    assert record.head == "0" * 40
    assert record.sightings[-1].run == 99


@pytest.mark.parametrize(
    ("change", "has_one"),
    [
        ({}, True),
        ({"status": "draft"}, True),
        ({"status": "published"}, True),
        ({"status": "withdrawn"}, False),
        ({"tool": ()}, False),
        ({"authors": ()}, False),
        ({"tool": ("x" * 5_000,)}, False),
    ],
)
def test_what_claims_and_what_does_not(change: dict[str, object], has_one: bool) -> None:
    each = post.Post("posts/F2026/dvc.md", tool=("DVC", "Airflow"), authors=("ann",), semester="F2026", status="claimed",
                     option="mlops-tool", tool_url=("https://dvc.example",), distinct_from=("dvclive",), known_body="text")  # fmt: skip
    claim = claimed(msgspec.structs.replace(each, **change))
    assert (claim is not None) == has_one
    if claim and not change:
        fields = ("path", "tool", "authors", "semester", "option", "tool_url", "distinct_from", "status")
        assert [getattr(claim.post, name) for name in fields] == [getattr(each, name) for name in fields]
        assert json.loads(msgspec.json.encode(claim)).keys() == set(fields) - {"status"}
