"""Python modules, parsed once for all tests that read them."""

import ast
from functools import cache
from pathlib import Path


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of a module; those of one line are not in its order."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))
