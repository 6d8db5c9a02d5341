"""How lists were understood, before anything is written: text and a table for people, a record for programs."""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from coursehub.importing.listing import Listing, plain_link
from coursehub.importing.plan import Meeting, Plan
from coursehub.records.finding import Finding, Severity
from coursehub.text.visible import cut, visible, width
from coursehub.text.wording import brief, plural

_WIDTH = 100
_SHOWN = 3
_COLUMNS = ("line", "what", "title", "tools", "semester", "option", "address")
NEW, KNOWN, DOUBTFUL, LEFT_OUT = "new", "known", "doubtful", "left out"
_LEFT_OUT = "Left out. "  # which the table says itself
_NO_SEMESTER = "nothing states its semester: give --semester"


class PreviewRow(msgspec.Struct, frozen=True):
    """A line of a list and what becomes of it; `why` where it is doubtful or left out, and then maybe nothing else."""

    path: str
    line: int
    what: str
    title: str = ""
    tools: tuple[str, ...] = ()
    semester: str | None = None
    option: str | None = None
    url: str | None = None
    why: str = ""


class PreviewFile(msgspec.Struct, frozen=True):
    """A file's list: how many posts, from which line to which, by what they were understood.

    `guess`: it was understood by its shape alone. `links`: how many different web addresses the file has, by a count
    that knows nothing of lists; `links_elsewhere`: those that none of its posts has.
    """

    path: str
    posts: int
    first_line: int | None
    last_line: int | None
    basis: str
    guess: bool
    links: int
    links_elsewhere: tuple[str, ...]


class Preview(msgspec.Struct, frozen=True):
    """All lists of an import. `counts` are of the rows, by `what`; `notes` are what had to be assumed."""

    files: tuple[PreviewFile, ...]
    rows: tuple[PreviewRow, ...]
    counts: dict[str, int]
    notes: tuple[Finding, ...]
    version: int = 1

    @property
    def is_undated(self) -> bool:
        """Whether a post has no semester, so that none can be imported."""
        return any(row.title and not row.semester for row in self.rows)

    @property
    def is_doubtful(self) -> bool:
        """Whether something is doubtful or left out."""
        return any(self.counts[what] for what in (DOUBTFUL, LEFT_OUT))


def preview(paths: Sequence[str], plan: Plan) -> Preview:
    """The preview of an import of lists, each with its file's path."""
    lists = zip(paths, plan.listings, plan.meetings, strict=True)
    rows = tuple(row for path, listing, meetings in lists for row in _rows(path, listing, meetings, plan))
    counts = Counter(row.what for row in rows)
    return Preview(
        tuple(map(_file, paths, plan.listings)),
        rows,
        {what: counts[what] for what in (NEW, KNOWN, DOUBTFUL, LEFT_OUT)},
        tuple(each for each in plan.remarks if each.severity is Severity.NOTICE),
    )


def _file(path: str, listing: Listing) -> PreviewFile:
    lines = [post.place.line for post in listing.posts]
    return PreviewFile(
        path,
        len(lines),
        min(lines, default=None),
        max(lines, default=None),
        listing.basis,
        listing.is_guess,
        len(listing.links),
        tuple(sorted(listing.links - {plain_link(post.url) for post in listing.posts if post.url})),
    )


def _rows(path: str, listing: Listing, meetings: Iterable[Meeting], plan: Plan) -> list[PreviewRow]:
    """The rows of a list in the order of its lines."""
    skipped = [
        PreviewRow(path, each.line, LEFT_OUT, why=f"{each.message}. {each.help.removeprefix(_LEFT_OUT)}")
        for each in listing.findings
        if each.severity is Severity.WARNING
    ]
    return sorted([*(_row(each, plan) for each in meetings), *skipped], key=lambda row: row.line)


def _row(meeting: Meeting, plan: Plan) -> PreviewRow:
    post, listed = plan.post(meeting), meeting.listed
    doubts = [f"{each.listed}, but is here {each.here}" for each in meeting.differences]
    doubts += [] if post.semester else [_NO_SEMESTER]
    what = DOUBTFUL if doubts else NEW if meeting.news == "added" else KNOWN
    return PreviewRow(
        listed.place.path,
        listed.place.line,
        what,
        listed.title,
        post.tools,
        post.semester or None,
        post.option,
        listed.url,
        "; ".join(doubts),
    )


def in_words(preview: Preview) -> str:
    """For each file how its list was understood, with its first posts."""
    return "".join(f"{line}\n" for file in preview.files for line in _described(file, preview.rows))


def _described(file: PreviewFile, rows: Iterable[PreviewRow]) -> Iterator[str]:
    one_line = file.first_line == file.last_line
    where = f", line {file.first_line}" if one_line else f", lines {file.first_line} to {file.last_line}"
    basis = f", {file.basis}" if file.basis else ""
    guess = ": a guess" if file.guess else ""
    yield visible(f"{file.path}: {plural(file.posts, 'post')}{where if file.posts else ''}{basis}{guess}")
    posts = [row for row in rows if row.path == file.path and row.title]
    for row in posts[:_SHOWN]:
        address = row.url or "no link"
        yield visible(f"  {brief(row.title)} → {address} ({row.semester or 'no semester'}, {row.option})")
    if len(posts) > _SHOWN:
        yield f"  … and {len(posts) - _SHOWN:,} more"


def as_table(preview: Preview) -> str:
    """A table of what would become of each line, and the counts, in lines of at most 100 characters."""
    cells = [_cells(row) for row in preview.rows]
    widths = _widths([_COLUMNS, *cells])
    lines = [_line(_COLUMNS, widths)]
    path = ""
    for row, its_cells in zip(preview.rows, cells, strict=True):
        if row.path != path and len(preview.files) > 1:
            lines.append(visible(row.path))
        path = row.path
        lines.append(_line(its_cells, widths))
        if row.why:
            lines += textwrap.wrap(visible(row.why), _WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return "\n".join([*lines, "", *_counted(preview)]) + "\n"


def _cells(row: PreviewRow) -> tuple[str, ...]:
    tools = " + ".join(row.tools)
    texts = (str(row.line), row.what, row.title, tools, row.semester or "", row.option or "", row.url or "")
    return tuple(map(visible, texts))


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column: that of its widest text, and less of the widest columns where all do not fit."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for _ in range(max(0, sum(widths) + 2 * (len(widths) - 1) - _WIDTH)):
        widths[widths.index(max(widths))] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    number, *others = cells
    texts = [number.rjust(widths[0]), *map(cut, others, widths[1:])]
    return "  ".join(texts).rstrip()


def _counted(preview: Preview) -> Iterator[str]:
    """The counts of the rows, and for each file whether the links that it has are those of its posts."""
    yield ", ".join(f"{count:,} {what}" for what, count in preview.counts.items()) + "."
    for file in preview.files:
        yield visible(f"{file.path} has {plural(file.links, 'web address', 'web addresses')}{_elsewhere(file)}")


def _elsewhere(file: PreviewFile) -> str:
    others = file.links_elsewhere
    if not others:
        return ", and its posts have all of them."
    shown = ", ".join(brief(each, 60) for each in others[:_SHOWN]) + (", …" if len(others) > _SHOWN else "")
    return f", of which its posts have {file.links - len(others):,}. Elsewhere in it: {shown}"
