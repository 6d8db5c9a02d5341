"""Offences of one cause are one finding, which says how many more there are and where."""

from functools import partial

import pytest

from coursehub.checks.causes import by_cause
from coursehub.checks.rule import Cause, Offence
from coursehub.records.finding import Edit, Fix, Place, safe, unsafe


def offence(line: int, key: str | None, name: str = "", path: str = "posts/F2026/kedro.md") -> Offence:
    cause = None if key is None else Cause(key, name)
    fix = partial(safe, "Takes it out.", (Edit(path, line, 1, line, 2, ""),))
    return Offence(Place(path, line), f"{line} is wrong", f"Help for {line}.", fix, cause)


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
    assert [edit.line for edit in one.find_fix().edits] == [*dict.fromkeys(lines)]  # one fix answers all


def edit(line: int) -> tuple[Edit]:
    return (Edit("posts/F2026/kedro.md", line, 1, line, 2, ""),)


@pytest.mark.parametrize(
    ("fixes", "together"),
    [
        ([unsafe("", ()), unsafe("", ())], unsafe("", ())),
        ([unsafe("", ()), safe("One.", edit(2))], safe("One.", edit(2))),
        ([unsafe("Perhaps.", edit(1)), safe("One.", edit(2)), safe("Two.", edit(3))],
         safe("One. And 1 more like it.", (*edit(2), *edit(3)))),
        ([unsafe("Perhaps.", edit(1)), unsafe("Or.", edit(2))],
         unsafe("Perhaps. And 1 more like it.", (*edit(1), *edit(2)))),
    ],
)  # fmt: skip
def test_the_fix_of_all_is_safe_where_some_are(fixes: list[Fix], together: Fix) -> None:
    offences = [offence(line, "same")._replace(fix=fix) for line, fix in enumerate(fixes, 1)]
    (one,) = by_cause(offences)
    assert one.find_fix() == together


def test_where_they_have_names_these_are_listed_once() -> None:
    (one,) = by_cause(offence(line, "same", name) for line, name in enumerate(("a.png", "b.png", "c.png", "b.png"), 1))
    assert one.message == "1 is wrong; 3 more like it: “b.png” (line 2) and “c.png” (line 3)"


def test_another_cause_another_file_and_no_cause_are_findings_of_their_own() -> None:
    given = [offence(1, "a"), offence(2, "b"), offence(3, None), offence(4, None), offence(5, "a", path="posts/x.md")]
    assert sorted(each.message for each in by_cause(given)) == [f"{line} is wrong" for line in range(1, 6)]
