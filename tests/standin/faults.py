"""Faults between the desk and GitHub, and the requests that meet with them."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LIMITED = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"


@dataclass(frozen=True)
class Fault:
    """An answer in place of GitHub's own. With `done` the request has its effect all the same, as when only the answer
    is lost. `truncate` breaks the true answer off half way; `timeout` gives none (over HTTP the connection closes).
    `errors` and `blank` alter the true answer of a GraphQL query: more errors, and the value at that path null.
    """

    status: int = 500
    body: bytes | dict[str, Any] = b"<html>Unicorn!</html>"
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False
    truncate: bool = False
    timeout: bool = False
    errors: tuple[dict[str, Any], ...] = ()
    blank: tuple[str | int, ...] = ()

    @property
    def alters(self) -> bool:
        return self.truncate or bool(self.errors) or bool(self.blank)


def secondary_limit(retry_after: int = 60) -> Fault:
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return Fault(403, {"message": message, "documentation_url": LIMITED}, {"retry-after": str(retry_after)})


def primary_limit(reset: datetime, status: int = 403) -> Fault:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(reset.timestamp()))}
    message = "API rate limit exceeded for installation."
    return Fault(status, {"message": message, "documentation_url": LIMITED}, headers)


def graphql_limit() -> Fault:
    """The primary limit of GraphQL comes as an answer that went well."""
    error = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for installation ID 1."}
    return Fault(200, {"errors": [error]}, {"x-ratelimit-remaining": "0"})


def partial(*blank: str | int, message: str = "Something went wrong while executing your query.") -> Fault:
    """GraphQL answers 200 with an error, and null at the path."""
    return Fault(200, errors=({"message": message, "path": list(blank)},), blank=blank)


@dataclass
class Expected:
    pattern: re.Pattern[str]
    fault: Fault
    times: int | None
    skip: int

    def meets(self, request: str) -> bool:
        """Whether this request meets with the fault; it counts those that matched."""
        if self.times == 0 or not self.pattern.search(request):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True
