"""A finding: what every check yields and all that any output prints."""

from enum import StrEnum
from typing import NamedTuple

import msgspec


class Severity(StrEnum):
    """The weight of a finding: only an error blocks."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    OFF = "off"


class Place(NamedTuple):
    """Where in the repository: line and column count from 1, columns in characters."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Edit(msgspec.Struct, frozen=True, order=True):
    """A text that takes the place of what a file has from one place up to another, which may be the same.

    Places count as those of `Place`; a byte order mark is in line 1, from column 0 to 1. Lines of the text end with
    a line feed, whatever those of the file end with.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


Edits = tuple[Edit, ...]


class Rename(msgspec.Struct, frozen=True, order=True):
    """A file that gets another path: `path` is where it is, `to` where no file is yet."""

    path: str
    to: str


class Applicability(StrEnum):
    """Whether a fix needs somebody who looks at it: a safe one has the one right answer, an unsafe one a likely one."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Fix(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """An answer to a finding that a program can give: edits and renames, all or none, and in words what they do.

    Edits count places in the files as they are before any rename. `line_ends`: the line break that all lines of the
    finding's file get, too; empty where they stay.
    """

    applicability: Applicability
    message: str
    edits: Edits = ()
    renames: tuple[Rename, ...] = ()
    line_ends: str = ""

    def __bool__(self) -> bool:
        return bool(self.edits or self.renames or self.line_ends)

    @property
    def is_safe(self) -> bool:
        """Whether it may be applied without asking."""
        return self.applicability is Applicability.SAFE

    @property
    def paths(self) -> frozenset[str]:
        """The files that it edits or moves, by both their paths."""
        return frozenset(
            (*(edit.path for edit in self.edits), *(path for each in self.renames for path in (each.path, each.to)))
        )


NO_FIX = Fix(Applicability.UNSAFE, "")


def safe(message: str, edits: Edits = (), renames: tuple[Rename, ...] = (), line_ends: str = "") -> Fix:
    """The fix with the one right answer; `NO_FIX` where it would change nothing."""
    return Fix(Applicability.SAFE, message, edits, renames, line_ends) or NO_FIX


def unsafe(message: str, edits: Edits = (), renames: tuple[Rename, ...] = ()) -> Fix:
    """The fix with a likely answer, which somebody has to look at; `NO_FIX` where it would change nothing."""
    return Fix(Applicability.UNSAFE, message, edits, renames) or NO_FIX


class Finding(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """One offence: its place, the rule, and in words what is wrong and what to do.

    A `help` of several lines ends with those that can be pasted into the file as they are.

    `fix`: what answers it; `NO_FIX` where only a person can. `more`: how many further offences against the rule in
    this file it stands for, instead of one; 0 for one of its own.
    """

    path: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    help: str
    fix: Fix = NO_FIX
    more: int = 0

    @property
    def count(self) -> int:
        """How many offences it stands for."""
        return self.more or 1

    @property
    def blocks(self) -> bool:
        """Whether this finding alone fails a check."""
        return self.severity is Severity.ERROR
