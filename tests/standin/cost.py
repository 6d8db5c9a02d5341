"""The cost of a query, of GitHub's hourly limit, by the formula that GitHub publishes."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)


def cost(document: DocumentNode, variables: Mapping[str, Any]) -> int:
    """Points of a query with one operation.

    Each connection takes as many requests as there can be things that have it, every page being full; together they
    are divided by 100 and rounded, and one point is the least. From “Rate limits and query limits for the GraphQL
    API”, section “Predicting the point value of a query”:
    https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
    """
    fragments = {it.name.value: it for it in document.definitions if isinstance(it, FragmentDefinitionNode)}
    (operation,) = (it for it in document.definitions if isinstance(it, OperationDefinitionNode))
    requests = _requests(operation.selection_set, 1, fragments, variables)
    return max(1, int(requests / 100 + 0.5))


def _requests(
    chosen: SelectionSetNode | None, things: int, fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> int:  # fmt: skip
    """Requests for the connections below so many things."""
    total = 0
    for node in chosen.selections if chosen else ():
        if isinstance(node, FragmentSpreadNode):
            total += _requests(fragments[node.name.value].selection_set, things, fragments, variables)
            continue
        size = _size(node, variables) if isinstance(node, FieldNode) else None
        total += things if size else 0
        total += _requests(node.selection_set, things * (size or 1), fragments, variables)
    return total


def _size(field: FieldNode, variables: Mapping[str, Any]) -> int | None:
    """The page of a connection; None for a field that is none."""
    for argument in field.arguments or ():
        if argument.name.value in {"first", "last"}:
            value = argument.value
            if isinstance(value, VariableNode):
                return int(variables[value.name.value])
            assert isinstance(value, IntValueNode)
            return int(value.value)
    return None
