"""Code in a text, which no conversion changes: where it is, and edits of all the rest."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from coursehub.markdown.engine import to_tree
from coursehub.markdown.places import Source

Span = tuple[int, int]

_NODE = re.compile(
    r"<(?P<kind>code|code_block|math|html_block|html_inline) "
    r"sourcepos=\"(?P<first>\d+):(?P<column>\d+)-(?P<last>\d+):(?P<end>\d+)\""
    r"[^>]*>(?P<head>&lt;(?:script|style|textarea|!--))?"
)
_PRE = re.compile(r"<pre(?:\s[^<>]*)?>", re.IGNORECASE)
_PRE_END = re.compile(r"</pre\s*>", re.IGNORECASE)


class Text:
    """A Markdown text, and the places of its code: blocks, code within lines, comments, HTML that is code, formulas."""

    def __init__(self, text: str, *, with_formulas: bool = True) -> None:
        self.text = text
        self.code = _merged([*_engine_spans(text, with_formulas=with_formulas), *_preformatted(text)])
        self._starts = [start for start, _ in self.code]

    def code_at(self, start: int, end: int) -> Span | None:
        """The first piece of code that has one of these characters."""
        index = max(bisect_right(self._starts, start) - 1, 0)
        for span in self.code[index : index + 2]:
            if span[0] < end and start < span[1]:
                return span
        return None

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches of a pattern that neither begin nor end in code; there may be some within."""
        at = 0
        while match := pattern.search(self.text, at):
            last = max(match.end() - 1, match.start())
            code = self.code_at(match.start(), match.start() + 1) or self.code_at(last, last + 1)
            if code is None:
                yield match
                at = match.end() if match.end() > match.start() else match.end() + 1
            else:
                at = code[1]


def replaced(
    text: str, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str | None], *, with_formulas: bool = True
) -> str:
    """The text with what `new` gives in place of each match outside code; None keeps the match."""
    if not pattern.search(text):
        return text
    parts: list[str] = []
    at = 0
    for match in Text(text, with_formulas=with_formulas).matches(pattern):
        written = new(match)
        if written is not None:
            parts += (text[at : match.start()], written)
            at = match.end()
    return "".join((*parts, text[at:]))


def fenced(code: str, language: str = "", indent: str = "") -> str:
    """A fenced block of this code; its fence is longer than any in the code."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{indent}{fence}{language}\n{code.removesuffix(chr(10))}\n{indent}{fence}"


def _engine_spans(text: str, *, with_formulas: bool) -> Iterator[Span]:
    if not any(sign in text for sign in ("`", "~~~", "    ", "\t", "<", "$")):
        return
    source = Source(text)
    starts = [0, *accumulate(len(line) + 1 for line in source.lines)]
    for node in _NODE.finditer(to_tree(text)):
        if (node["kind"].startswith("html") and not node["head"]) or (node["kind"] == "math" and not with_formulas):
            continue
        first = source.spot(node["first"], node["column"])
        last = int(node["last"])
        if node["kind"] == "code_block":
            yield starts[first.line - 1], min(starts[min(last, len(starts) - 1)], len(text))
        else:
            end = source.spot(node["last"], node["end"]) if int(node["end"]) else first
            yield starts[first.line - 1] + first.column - 1, starts[end.line - 1] + end.column


def _preformatted(text: str) -> Iterator[Span]:
    at = 0
    while (start := _PRE.search(text, at)) and (end := _PRE_END.search(text, start.end())):
        yield start.end(), end.start()
        at = end.end()


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
