"""Draw the house of `src/` from the code's own imports, and write it into CONTRIBUTING.md: `house.py`.

A room is a folder of the package; an arrow leads from a room to one whose code it imports. Arrows that others imply
are left out (https://en.wikipedia.org/wiki/Transitive_reduction). Who may import whom is in pyproject.toml.
"""

import ast
from collections.abc import Mapping, Set
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
from marked import with_part

PACKAGES = ("busyfiles", "coursehub", "forkpool", "mkdocs_coursehub", "mkdocs_once")
PAGE = Path("CONTRIBUTING.md")


def main() -> None:
    """Put the house as it is into the page."""
    PAGE.write_text(with_part(PAGE.read_text("utf-8"), "house", house(Path("src"))), "utf-8")


def house(source: Path) -> str:
    """Return the picture in Mermaid's language, and a table of the rooms, the highest first.

    Raises `graphlib.CycleError` where rooms import each other.
    """
    below = rooms()
    floors: dict[str, int] = {}
    reached: dict[str, set[str]] = {}
    for room in TopologicalSorter(below).static_order():
        floors[room] = 1 + max((floors[other] for other in below[room]), default=0)
        reached[room] = set(below[room]).union(*(reached[other] for other in below[room]))
    ordered = sorted(below, key=lambda room: (-floors[room], room))
    arrows = [
        f"  {room} --> {other}"
        for room in ordered
        for other in sorted(below[room])
        if not any(other in reached[near] for near in below[room])
    ]
    rows = [f"| `{_folder(room)}/` | {_docstring(source / _folder(room) / '__init__.py')} |" for room in ordered]
    picture = ["```mermaid", "flowchart TB", *arrows, "```"]
    return "\n".join([*picture, "", "| Folder of `src/` | Holds |", "| --- | --- |", *rows, ""])


def rooms() -> Mapping[str, Set[str]]:
    """Return of each room those that it imports."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    below: dict[str, set[str]] = {}
    for module in graph.modules:
        if (room := _room(module)) is None:
            continue
        imported = {_room(other) for other in graph.find_modules_directly_imported_by(module)}
        below.setdefault(room, set()).update(each for each in imported if each and each != room)
    return below


def _room(module: str) -> str | None:
    """The folder below the package that holds a module; the package itself where it has none."""
    package, *names = module.split(".")
    if package != "coursehub":
        return package
    return names[0] if names else None


def _folder(room: str) -> str:
    return room if room in PACKAGES else f"coursehub/{room}"


def _docstring(path: Path) -> str:
    return " ".join((ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n\n")[0].split())


if __name__ == "__main__":
    main()
