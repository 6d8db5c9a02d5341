"""The board of the open semester's claims, its files for programs, and the earlier posts judged again."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from coursehub.claims import board
from coursehub.claims.board import Board, Row, Standing
from coursehub.claims.pending import in_words
from coursehub.claims.replay import Term, Verdict, replay
from coursehub.links.where import where
from coursehub.names.identity import Vocabulary
from coursehub.records.hub import Hub
from coursehub.records.tools import Tools, vocabulary
from coursehub.site import api, browser_index
from coursehub.site.page import (
    BOARD,
    CATALOG,
    FREE,
    RARELY_MEANT,
    Asset,
    Page,
    claimed_in,
    deadlines_of,
    found_by,
    kept_page,
    list_page,
    root_of,
    searchable,
)
from coursehub.site.subjects import Subjects
from coursehub.system.keeping import Keep
from coursehub.text.visible import visible

NUMBERS = "numbers.md"
FILES = api.paths("claims")
_ASKED_FOR = "asked for"
# The words for the state of a claim, and what each means, in the order in which a claim has them.
_MEANINGS = {
    _ASKED_FOR: "Somebody was first to ask for it in a pull request. It is taken once that is merged, "
    "and free again if that is closed.",
    "claimed": "It is taken, and its author has not started writing here.",
    "draft": "Its author is writing.",
    "published": "You can read it.",
    "posted inside the course": "Its author shows it only to the course.",
    "overdue": "It was due and is not published. The author still holds it until staff decide otherwise.",
    "withdrawn": "Its author gave it up. It is free unless somebody has asked for it since.",
}
_ORDERS = {
    "": "By name", "by": "By author", "status": "By status", "-since": "Newest first", "since": "Oldest first",
}  # fmt: skip


def claims(hub: Hub, since: Mapping[str, str]) -> tuple[Row, ...]:
    """The open semester's claims. `since`: path → when it came to main."""
    return board.rows(hub, hub.course.open_semester, since, hub.now)


def claim_pages(subjects: Subjects, rows: Sequence[Row], repository: str, keep: Keep) -> Iterator[Page]:
    """The board and the numbers. `rows` are the claims, `repository` is its address on GitHub."""
    yield _board(subjects, rows, repository)
    yield _numbers(subjects, keep)


def claim_assets(
    subjects: Subjects, rows: Sequence[Row], repository: str, published: str, broken: frozenset[str]
) -> Iterator[Asset]:
    """The board as JSON and CSV, and the file that “Is your tool still available?” loads."""
    hub = subjects.hub
    without_broken = tuple(msgspec.structs.replace(row, title="") if row.path in broken else row for row in rows)
    as_of = subjects.pending.read.isoformat() if subjects.pending else None
    pending = board.pending_rows(hub, subjects.asked.values())
    yield from api.files(FILES, Board(hub.course.open_semester, without_broken, pending, as_of), Row, without_broken)
    index = browser_index.build(
        hub, repository, published=published, broken=broken, dead=subjects.dead, asked=subjects.asked,
        pending=subjects.pending,
    )  # fmt: skip
    yield Asset(browser_index.PATH, index)


class _Line(NamedTuple):
    """A row of the board: a claim on main, or one that the open pull request `pull` asks for. `page`: the post's."""

    key: str
    tools: str
    page: str
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    status: str
    since: str
    pull: int = 0


def _board(subjects: Subjects, rows: Sequence[Row], repository: str) -> Page:
    hub, semester = subjects.hub, subjects.hub.course.open_semester
    lines = sorted(_lines(subjects, rows), key=lambda line: (line.status == Standing.WITHDRAWN, line.key))
    by_status = Counter(line.status for line in lines)
    by_topic = Counter(topic for line in lines for topic in line.topics)
    counts = [(word, by_status[word]) for word in _MEANINGS if word in by_status]
    statuses = [(word.replace(" ", "-"), word, number) for word, number in counts]
    topics = [(each.id, each.title, by_topic[each.id]) for each in hub.course.topics if each.id in by_topic]
    page = list_page(
        BOARD, "board.html", f"Claims in {semester}",
        f"Who writes about what in {semester}, and what you can still claim.",
        lines=lines, counts=counts, meanings=_MEANINGS, orders=_ORDERS,
        selects=[("status", "Status", "Any status", statuses), ("topic", "Topic", "Any topic", topics)],
        is_any_held=any(row.standing is not Standing.WITHDRAWN for row in rows) or not rows,
        is_any_asked=bool(subjects.asked), as_of=subjects.pending and subjects.pending.read, in_words=in_words,
        claimed=claimed_in(hub.course.now),
        pulls=f"{repository.rstrip('/')}/pull" if repository else "", course=hub.course,
        topics=hub.course.topic_by_id, deadlines=deadlines_of(hub.course),
        catalog_path=CATALOG, free_path=FREE, root=root_of(BOARD), files=FILES,
    )  # fmt: skip
    deadlines = "".join(
        f"{each.before} {each.moment:%a} {each.moment.day} {each.moment:%B %Y, %H:%M}. "
        for each in deadlines_of(hub.course)
    )
    words = ("claims", "board", "deadline", "due", "free", "available", "taken", *hub.course.now.claimed)
    return found_by(page, *words, lead=deadlines)


def _lines(subjects: Subjects, rows: Sequence[Row]) -> Iterator[_Line]:
    hub = subjects.hub
    for row in rows:
        page = row.path if row.path in subjects.by_path else ""
        status = board.in_words(hub, hub.post_by_path[row.path])
        yield _Line(row.key, " + ".join(row.tools), page, row.authors, row.topics, status, row.since or "")
    for each in board.pending_rows(hub, subjects.asked.values()):
        topics = hub.topics(hub.names.claim(each.tools, each.option))
        tools = visible(" + ".join(each.tools))
        yield _Line(each.key, tools, "", (each.login,), topics, _ASKED_FOR, each.since, each.pull)


def _numbers(subjects: Subjects, keep: Keep) -> Page:
    hub = subjects.hub
    made_of = (hub.course.semesters, hub.course.ever.options, hub.tools, hub.priors, sorted(subjects.dead))
    page = kept_page(
        keep, made_of, NUMBERS, "numbers.md", "Earlier posts, judged again",
        "What the rules would have found in the semesters before Course Hub, case by case.", lambda: _judged(subjects),
    )  # fmt: skip
    return found_by(searchable(page, "navigation"), boost=RARELY_MEANT)


def _judged(subjects: Subjects) -> dict[str, Any]:
    hub = subjects.hub
    terms = replay(hub.course, hub.names.vocabulary, hub.priors)
    unlisted = _totals(replay(hub.course, _before_any_listing(hub.tools), hub.priors))
    totals = _totals(terms)
    return {
        "count": len(hub.priors),
        "verdicts": list(Verdict),
        "totals": totals,
        "unlisted": unlisted,
        "repeats": _repeats(totals),
        "unlisted_repeats": _repeats(unlisted),
        "terms": [_term(term) for term in terms],
        "has_cases": any(case.met for term in terms for case in term.cases),
        "where": lambda prior: where(prior, subjects.dead),
    }


def _before_any_listing(tools: Tools) -> Vocabulary:
    """The vocabulary as it was before a person had listed a tool."""
    return vocabulary(msgspec.structs.replace(tools, tools={}))


def _totals(terms: list[Term]) -> dict[Verdict, int]:
    return {verdict: sum(term.count(verdict) for term in terms) for verdict in Verdict}


def _repeats(totals: Mapping[Verdict, int]) -> int:
    return totals[Verdict.SAME_SEMESTER] + totals[Verdict.LAST_SEMESTER] + totals[Verdict.EARLIER]


def _term(term: Term) -> dict[str, Any]:
    met = [case for case in term.cases if case.met]
    return {"semester": term.semester, "cases": term.cases, "count": term.count, "met": met}
