"""Offences of one cause are one finding, which says how many more there are and where."""

import pytest

from coursehub.checks.causes import by_cause
from coursehub.checks.rule import Cause, Offence
from coursehub.records.finding import Edit, Place


def offence(line: int, key: str | None, name: str = "", path: str = "posts/F2026/kedro.md") -> Offence:
    cause = None if key is None else Cause(key, name)
    return Offence(
        Place(path, line), f"{line} is wrong", f"Help for {line}.", (Edit(path, line, 1, line, 2, ""),), cause
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([1], "1 is wrong"),
        ([1, 4], "1 is wrong; 1 more like it in line 4"),
        ([1, 1, 1], "1 is wrong; 2 more like it in line 1"),
        ([1, 4, 9, 9], "1 is wrong; 3 more like it in lines 4 and 9"),
        ([*range(1, 8)], "1 is wrong; 6 more like it in lines 2, 3, 4, 5, 6 and 7"),
        ([*range(1, 9)], "1 is wrong; 7 more like it in lines 2, 3, 4, 5, 6, 7, …"),
        ([*range(1, 1202)], "1 is wrong; 1,200 more like it in lines 2, 3, 4, 5, 6, 7, …"),
    ],
)
def test_the_first_stands_for_all_of_its_cause(lines: list[int], message: str) -> None:
    (one,) = by_cause(offence(line, "same") for line in lines)
    assert (one.message, one.help, one.place.line) == (message, "Help for 1.", 1)
    assert [edit.line for edit in one.fix] == lines  # one fix answers all


def test_where_they_have_names_these_are_listed_once() -> None:
    (one,) = by_cause(offence(line, "same", name) for line, name in enumerate(("a.png", "b.png", "c.png", "b.png"), 1))
    assert one.message == "1 is wrong; 3 more like it: “b.png” (line 2) and “c.png” (line 3)"


def test_another_cause_another_file_and_no_cause_are_findings_of_their_own() -> None:
    given = [offence(1, "a"), offence(2, "b"), offence(3, None), offence(4, None), offence(5, "a", path="posts/x.md")]
    assert sorted(each.message for each in by_cause(given)) == [f"{line} is wrong" for line in range(1, 6)]
