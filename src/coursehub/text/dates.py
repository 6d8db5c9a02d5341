"""Dates as people write them."""

import datetime as dt
import re
from contextlib import suppress

from coursehub.text.expressions import expression

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_TIME = r"(?:[T ]+\d{1,2}:\d\d.*)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +)?"
_FORMS = [
    expression(form + _TIME, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_YEAR}(?P<sign>[-/. ])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
        rf"{_WEEKDAY}{_MONTH} +{_DAY}(?:,? +){_YEAR}",
        rf"{_WEEKDAY}{_DAY}(?: of)?[- ]+{_MONTH},?[- ]+{_YEAR}",
        rf"{_YEAR}[- ]+{_MONTH}[- ]+{_DAY}",
        rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?{_YEAR}",  # with dots, the day is always the first
    )
]
_SLASHES = expression(rf"(\d{{1,2}})([-/])(\d{{1,2}})\2{_YEAR}", re.ASCII)


def date_meant(written: str) -> dt.date | None:
    """The day that is meant by `Nov 2, 2026`, `2026/11/2` or `2.11.2026`; None where it may be another one.

    `11/2/2026` is in November for some and in February for others; `11/21/2026` is in November.
    """
    text = " ".join(written.split())[:60]
    for parts in (match.groupdict() for form in _FORMS if (match := form.fullmatch(text))):
        month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"][:3].lower()) + 1
        return _day(int(parts["year"]), month, int(parts["day"]))
    if match := _SLASHES.fullmatch(text):
        one, other, year = int(match[1]), int(match[3]), int(match["year"])
        days = {day for day in (_day(year, one, other), _day(year, other, one)) if day}
        return days.pop() if len(days) == 1 else None
    return None


def _day(year: int, month: int, day: int) -> dt.date | None:
    with suppress(ValueError):
        return dt.date(year, month, day)
    return None
