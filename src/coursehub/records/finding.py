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

    Places count as those of `Place`. Lines of the text end with a line feed, whatever those of the file end with.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Finding(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """One offence: its place, the rule, and in words what is wrong and what to do.

    A `help` of several lines ends with those that can be pasted into the file as they are.

    `fix`: edits that answer it and are safe to make without asking; empty where there are none. `more`: how many
    further offences against the rule in this file it stands for, instead of one; 0 for one of its own.
    """

    path: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    help: str
    fix: tuple[Edit, ...] = ()
    more: int = 0

    @property
    def count(self) -> int:
        """How many offences it stands for."""
        return self.more or 1

    @property
    def blocks(self) -> bool:
        """Whether this finding alone fails a check."""
        return self.severity is Severity.ERROR
