"""The CSV that linkchecker prints → the answer to each link."""

import csv
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from coursehub.links.dead_links import Answer, Kind

GONE = ("404", "410")
NO_HOST = "no such host"
_END = "# Stopped checking at "
# linkchecker gives an exception by its name; these are the ones that requests raises for what happens often.
_WHY = {
    "ConnectTimeout": "no answer in time",
    "ReadTimeout": "no answer in time",
    "Timeout": "no answer in time",
    "SSLError": "trouble with TLS",
    "ConnectionError": "no connection",
    "ChunkedEncodingError": "no connection",
    "ProxyError": "no connection",
    "TooManyRedirects": "too many redirects",
}


class Row(NamedTuple):
    """A line of the output: the address as the page writes it, the page, and how linkchecker judges it."""

    url: str
    parent: str
    result: str
    info: str
    is_valid: bool


class UnfinishedError(Exception):
    """The output stops before its end."""


def rows(output: str) -> list[Row]:
    """All lines of a complete output."""
    lines = [f"{line}\n" for line in output.split("\n")]
    start = next((number for number, line in enumerate(lines) if line.startswith("urlname;")), None)
    ends = [number for number, line in enumerate(lines) if line.startswith(_END)]
    if start is None or not ends:
        raise UnfinishedError("linkchecker's output has no end")
    table = csv.DictReader(lines[start : ends[-1]], delimiter=";")
    return [
        Row(line["urlname"], line["parentname"], line["result"], line["infostring"], line["valid"] == "True")
        for line in table
    ]


def answer(row: Row, is_unknown: Callable[[str], bool]) -> Answer:
    """Return the answer in a line. `is_unknown` says whether a host is one that nobody knows.

    linkchecker cuts its messages off before they say that, and takes some answers for good ones that say nothing:
    429, and the pages that a robots.txt keeps it from.
    """
    status = re.match(r"[1-9]\d\d\b", row.result)
    if status:
        return _of_status(status[0])
    if row.is_valid:
        return Answer(Kind.UNASKED, "robots.txt forbids it" if "robots.txt" in row.info else "not a web page")
    name = re.match(r"\w*", row.result)
    why = _WHY.get(name[0] if name else "")
    if why == "no connection" and is_unknown(host(row.url)):
        return Answer(Kind.FAILED, NO_HOST)
    return Answer(Kind.UNASKED, why or "not an address that can be asked")


def _of_status(status: str) -> Answer:
    if status in GONE:
        return Answer(Kind.FAILED, status)
    return Answer(Kind.GOOD) if "200" <= status < "400" else Answer(Kind.UNASKED, f"answers {status}")


def somebody_answered(rows: Iterable[Row]) -> bool:
    """Whether a single host gave an answer of any kind; if none did, this machine is offline."""
    return any(re.match(r"[1-9]\d\d\b", row.result) for row in rows)


def host(url: str) -> str:
    """The host of an address; empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
