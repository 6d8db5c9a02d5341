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


class Finding(msgspec.Struct, frozen=True, order=True):
    """One offence: its place, the rule, and in words what is wrong and what to do."""

    path: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    help: str

    @property
    def blocks(self) -> bool:
        """Whether this finding alone fails a check."""
        return self.severity is Severity.ERROR
