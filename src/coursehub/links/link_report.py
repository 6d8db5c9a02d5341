"""Links that were followed → the text of the one issue about it.

Addresses are whatever authors and other people's servers make them, so each is written as code, where GitHub renders
nothing and notifies nobody. The text says nothing of when links were asked: where nothing changed, it stays the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from coursehub.github.markdown import span
from coursehub.links.dead_links import Answer, Failure, Kind, Record
from coursehub.links.linkchecker import host
from coursehub.text.wording import plural

MARKER = "<!-- coursehub-links -->"
MAX_CHARACTERS = 60_000  # GitHub takes 65,536 for an issue
MAX_SHOWN = 300  # of an address


class Inner(NamedTuple):
    """A link within the site that leads nowhere: the pages that have it, and what the server said."""

    target: str
    pages: tuple[str, ...]
    what: str


def needs_someone(inner: Iterable[Inner], record: Record) -> bool:
    """Whether there is anything to do."""
    return any(inner) or any(failure.is_dead for failure in record.values())


def build(
    inner: Iterable[Inner],
    record: Record,
    answers: Mapping[str, Answer],
    places: Mapping[str, Iterable[tuple[str, int]]],
) -> str:
    """The whole report. `places`: address → path and line of each place that has it; a built page has no line."""
    dead = {url: failure for url, failure in record.items() if failure.is_dead}
    once = {url: failure for url, failure in record.items() if not failure.is_dead}
    parts = [
        [MARKER],
        _inner(sorted(inner)),
        _section(
            "Dead links", dead, places,
            "They said 404 or 410, or their host is unknown, on two days or more in a row. Earlier posts are marked "
            "on the site and lead to the Wayback Machine. Correct the address, or leave it as it is.",
        ),
        _section("Failed on one day", once, places, "They are asked again before they count as dead."),
        _unasked(answers),
    ]  # fmt: skip
    return _cut([line for part in parts for line in part])


def _inner(broken: list[Inner]) -> list[str]:
    if not broken:
        return []
    lines = [
        f"- {code(each.target)} ({code(each.what)}) on {', '.join(map(code, each.pages))}"
        for each in broken
    ]  # fmt: skip
    return ["", "## Links within the site that lead nowhere", "", *lines]


def _section(
    title: str, links: Mapping[str, Failure], places: Mapping[str, Iterable[tuple[str, int]]], words: str
) -> list[str]:  # fmt: skip
    if not links:
        return []
    by_file: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for url, failure in sorted(links.items()):
        for path, line in places.get(url) or [("?", 0)]:
            since = f"{failure.what} since {failure.first.isoformat()}"
            by_file[path].append((line, f"- {f'line {line}: ' if line else ''}{code(url)}, {since}"))
    lines = ["", f"## {title} ({len(links)})", "", words]
    for path in sorted(by_file):
        lines += ["", f"### {code(path)}", "", *(each for _, each in sorted(by_file[path]))]
    return lines


def _unasked(answers: Mapping[str, Answer]) -> list[str]:
    reasons = Counter(
        (host(url) or "no host", answer.what) for url, answer in answers.items() if answer.kind is Kind.UNASKED
    )
    if not reasons:
        return []
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    lines = [f"- {code(name)}: {count}, {why}" for (name, why), count in ordered]
    words = "Sites that keep robots out, were slow or were down; nothing is wrong with these links that is known."
    return ["", f"## Could not be asked ({reasons.total()})", "", words, "", *lines]


def code(text: str) -> str:
    """Any text as one code span on one line, so that nothing in it is markup, a mention or a reference."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in text) or " "
    shown = plain if len(plain) <= MAX_SHOWN else f"{plain[:MAX_SHOWN]}…"
    return span(shown)


def _cut(lines: list[str]) -> str:
    text, room = "", MAX_CHARACTERS
    for number, line in enumerate(lines):
        if len(text) + len(line) + 1 > room:
            more = plural(len(lines) - number, "line")
            return f"{text}\n… and {more} more; the run's artifact has every dead link.\n"
        text += f"{line}\n"
    return text
