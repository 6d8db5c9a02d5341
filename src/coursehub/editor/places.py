"""Places of findings and edits → positions in an editor's text, which count otherwise."""

from collections.abc import Sequence

from coursehub.editor.protocol import Position, Range
from coursehub.records.finding import Edit
from coursehub.text.expressions import expression

_BREAK = expression(r"\r\n|\r|\n")
_MARK = "\ufeff"  # of byte order, which is in column 0


class Lines:
    """The lines of a text, and what ends them."""

    def __init__(self, text: str) -> None:
        self._lines: Sequence[str] = _BREAK.split(text)
        first = _BREAK.search(text)
        self._newline = first[0] if first else "\n"

    def position(self, line: int, column: int) -> Position:
        """The position of a place, which counts lines and characters from 1; the nearest where the text has none."""
        if line > len(self._lines):
            line, column = len(self._lines), len(self._lines[-1]) + 1
        written = self._lines[max(line, 1) - 1]
        characters = column if written.startswith(_MARK) and line == 1 else column - 1
        before = written[: max(characters, 0)]
        return Position(max(line, 1) - 1, len(before.encode("utf-16-le", "surrogatepass")) // 2)

    def rest(self, line: int, column: int) -> Range:
        """From a place to the end of its line."""
        written = self._lines[min(line, len(self._lines)) - 1]
        return Range(self.position(line, column), self.position(line, len(written.rstrip()) + 1))

    def between(self, edit: Edit) -> Range:
        """The part of the text that an edit replaces."""
        return Range(self.position(edit.line, edit.column), self.position(edit.end_line, edit.end_column))

    def new_text(self, edit: Edit) -> str:
        """The text of an edit, with the line ends that are used here."""
        return edit.text.replace("\n", self._newline)
