"""Other ways of writing a date, a login, an address, a semester: each has one meaning, or none that one can know."""

import pytest

from coursehub.records.course import Course, Semester
from coursehub.records.semesters import semester_meant
from coursehub.text.addresses import address_meant, login_meant
from coursehub.text.dates import date_meant
from coursehub.text.wording import sure_slip_of

SECOND = ("November 2, 2026", "nov 2 2026", "Nov. 2nd, 2026", "2 November 2026", "2nd of Nov 2026", "Monday, Nov 2, 2026",
          "2026-11-2", "2026/11/02", "2026.11.2", "20261102", "2.11.2026", "02. 11. 2026", "2-Nov-2026", "2026-Nov-02",
          "2026-11-02T10:00:00Z", "2026-11-02 10:00", "2026 November 2")  # fmt: skip
NO_DATE = ("", "soon", "11/2/2026", "2/11/2026", "2026-02-30", "2026-13-01", "Nov 31, 2026", "Nov 2", "2.11.26", "Smarch 2, 2026",
           "30/30/2026", "2026-11", "on 2 November 2026 " + "x" * 100)  # fmt: skip


@pytest.mark.parametrize("written", SECOND)
def test_a_date_in_another_form(written: str) -> None:
    assert str(date_meant(written)) == "2026-11-02"


@pytest.mark.parametrize(("written", "day"), [("11/21/2026", "2026-11-21"), ("21/11/2026", "2026-11-21"), ("3/3/2026", "2026-03-03")])  # fmt: skip
def test_a_date_that_only_one_order_can_have(written: str, day: str) -> None:
    assert str(date_meant(written)) == day


@pytest.mark.parametrize("written", NO_DATE)
def test_no_date_is_guessed(written: str) -> None:
    assert date_meant(written) is None


@pytest.mark.parametrize(
    ("written", "login"),
    [
        ("@octocat", "octocat"), (" octocat ", "octocat"), ("https://github.com/octocat", "octocat"), ("github.com/octocat/", "octocat"),
        ("http://www.github.com/Octo-Cat?tab=repositories", "Octo-Cat"), ("[me](https://github.com/octocat)", "octocat"),
        ("<https://github.com/octocat>", "octocat"), ("octo_cat", ""), ("Mona Lisa", ""), ("https://github.com/octocat/hub", ""),
        ("https://gitlab.com/octocat", ""), ("octocat@example.org", ""), ("-octocat", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_login_in_another_form(written: str, login: str) -> None:
    assert login_meant(written) == login


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("github.com/octocat/hub", "https://github.com/octocat/hub"), ("www.example.org", "https://www.example.org"),
        ("example.org", "https://example.org"), ("//example.org/a", "https://example.org/a"), ("htps://example.org", "https://example.org"),
        ("https:/example.org/a", "https://example.org/a"), ("http//example.org", "http://example.org"), ("HTTPS:example.org", "https://example.org"),
        ("[a](https://example.org/a)", "https://example.org/a"), ("<https://example.org>,", "https://example.org"),
        ("git@github.com:octocat/hub.git", "https://github.com/octocat/hub"), ("ssh://git@github.com/octocat/hub", "https://github.com/octocat/hub"),
        ("the log", ""), ("run.log", ""), ("/run.log", ""), ("notes.md", ""), ("javascript:alert(1)", ""), ("ftp://example.org", ""),
        ("https://octocat:secret@example.org", ""), ("https://exam ple.org", ""), ("https://", ""), ("", ""),
    ],
)  # fmt: skip
def test_an_address_in_another_form(written: str, address: str) -> None:
    assert address_meant(written) == address


SEMESTERS = ("S2024", "F2025", "S2026", "F2026")
COURSE = Course(
    name="", staff=(), time_zone="UTC", open_semester="F2026", options=(), semesters=tuple(map(Semester, SEMESTERS)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "semester"),
    [("Fall 2026", "F2026"), ("fall26", "F2026"), ("Autumn '26", "F2026"), ("2026 Spring", "S2026"), ("F 2026", "F2026"), ("2026F", "F2026"),
     ("2026", None), ("Winter 2026", None), ("Fall 2031", None), ("", None)],
)  # fmt: skip
def test_a_semester_in_another_form(written: str, semester: str | None) -> None:
    assert semester_meant(written, COURSE) == semester


@pytest.mark.parametrize(
    ("word", "meant"), [("F2062", "F2026"), ("f2026", "F2026"), ("2026", ""), ("F2027", ""), ("S2025", ""), ("spring", ""), ("", "")]
)  # fmt: skip
def test_a_slip_of_which_two_are_as_near_is_none(word: str, meant: str) -> None:
    assert sure_slip_of(word, SEMESTERS) == meant
