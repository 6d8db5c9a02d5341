"""Packages that know nothing of courses import nothing that does."""

import ast
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src"


@pytest.mark.parametrize(("package", "allowed"), [("mkdocs_once", {"forkpool", "mkdocs_once"}), ("forkpool", set())])
def test_a_package_imports_only_these_of_the_project(package: str, allowed: set[str]) -> None:
    own = {folder.name for folder in SOURCES.iterdir()}
    files = sorted((SOURCES / package).rglob("*.py"))
    imports = {
        f"{file.name}: {name}"
        for file in files
        for name in names(ast.parse(file.read_text()))
        if name.partition(".")[0] in own - allowed
    }
    assert files
    assert imports == set()


def names(tree: ast.Module) -> set[str]:
    """The modules that a file imports, at its top or later."""
    nodes = list(ast.walk(tree))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
