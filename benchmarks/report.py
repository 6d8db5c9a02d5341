"""Results as a table of plain text."""

from collections.abc import Iterator, Sequence

from results import BASE, Results, rounded, times

from coursehub.text.wording import plural

_HEAD = ("posts", "case", "engine", "seconds", "of all processors", "memory", "pages", "megabytes", f"of {BASE}")
_CHECKS = ("posts", "libyaml", "first check", "of libyaml", "check all", "of libyaml", "check one", "of all")


def table(results: Results) -> str:
    """The text: machine and date, medians, and ratios."""
    return "\n".join(_lines(results))


def _lines(results: Results) -> Iterator[str]:
    on, dates = results.machine, ", ".join(results.dates)
    yield f"{dates}: {on.processor}, {plural(on.processors, 'processor')}, {on.system}, Python {on.python}"
    yield from (f"{engine.name} {engine.version}" for engine in results.engines)
    yield ""
    yield from _aligned(_HEAD, list(_times(results)))
    if results.checks:
        yield ""
        yield from _aligned(_CHECKS, list(_checks(results)))
    yield from (
        f"FAILED: {each.engine}, {plural(part.posts, 'post')}, {each.case}: {each.why}"
        for part in results.parts
        for each in part.failures
    )


def _times(results: Results) -> Iterator[Sequence[str]]:
    for each in times(results):
        ratio = "" if each.ratio is None else rounded(each.ratio)
        yield (f"{each.posts:,}", each.case, each.engine, rounded(each.seconds, 3), rounded(each.processor_seconds, 3),
               f"{each.megabytes:,.0f}", f"{each.pages:,}", f"{each.site_megabytes:,.1f}", ratio)  # fmt: skip


def _checks(results: Results) -> Iterator[Sequence[str]]:
    for each in results.checks:
        of_libyaml, of_all = each.everything / each.libyaml, each.one / each.everything
        first = ("", "") if each.first is None else (rounded(each.first, 3), rounded(each.first / each.libyaml))
        yield (f"{each.posts:,}", rounded(each.libyaml, 3), *first, rounded(each.everything, 3), rounded(of_libyaml),
               rounded(each.one, 3), rounded(of_all))  # fmt: skip


def _aligned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Words at the left, numbers at the right of their columns."""
    columns = list(zip(head, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [any(cell[:1].isalpha() for cell in column[1:]) for column in columns]
    for row in (head, *rows):
        cells = zip(row, widths, words, strict=True)
        yield "  ".join(cell.ljust(width) if word else cell.rjust(width) for cell, width, word in cells).rstrip()
