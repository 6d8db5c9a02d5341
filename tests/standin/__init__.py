"""A stand-in for GitHub, for tests of what talks to it: REST and GraphQL over a real bare repository, with each request
and each answer held to GitHub's own published descriptions.
"""

from standin.descriptions import fill
from standin.faults import Fault, graphql_limit, partial, primary_limit, secondary_limit
from standin.objects import Submodule, Symlink
from standin.server import Answer, Received, StandIn
from standin.state import (
    Comment,
    ConflictError,
    Discussion,
    Event,
    Issue,
    Pull,
    RefusedError,
    ReviewComment,
    Run,
    Status,
    stamp,
)

__all__ = [
    "Answer",
    "Comment",
    "ConflictError",
    "Discussion",
    "Event",
    "Fault",
    "Issue",
    "Pull",
    "Received",
    "RefusedError",
    "ReviewComment",
    "Run",
    "StandIn",
    "Status",
    "Submodule",
    "Symlink",
    "fill",
    "graphql_limit",
    "partial",
    "primary_limit",
    "secondary_limit",
    "stamp",
]
