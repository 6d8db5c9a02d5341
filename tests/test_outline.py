"""A build judges, shows and reads again exactly what a change touches, and gets what a build from nothing gets."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
import trees
from pictures import picture

from coursehub import checks
from coursehub.checks import kept
from coursehub.records import repository
from coursehub.site import Site, SiteInputs, build

Item = TypeVar("Item")
Made = TypeVar("Made")

TREE = trees.parse(
    trees.COURSE
    + """topics: []
=== data/tools.yaml
tools: {}
=== posts/F2026/kedro.md
---
title: Pipelines in order
authors: octocat
option: mlops-tool
tool: Kedro
tool_url: https://example.org/kedro
semester: F2026
status: published
date: 2026-11-02
summary: Pipelines that a team can read.
---
See [what it costs](wibbleflow.md#what-it-costs), and ![a graph](kedro/graph.png).
=== posts/F2026/kedro/graph.png (png 40x30)
=== posts/F2026/wibbleflow.md
---
title: Flows without tears
authors: hubot
option: mlops-tool
tool: Wibbleflow
tool_url: https://example.org/wibbleflow
semester: F2026
status: published
date: 2026-11-03
summary: Flows that nobody has to watch.
---
A first word.

## What it costs

Nothing.
"""
)
KEDRO, WIBBLEFLOW = "posts/F2026/kedro.md", "posts/F2026/wibbleflow.md"


class Memory:
    """The memory of builds, by name and data; `new` has what the last one made, by the names of posts or as a whole."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, bytes], bytes] = {}
        self.new: set[tuple[str, str]] = set()

    def keep(self, name: str) -> "Kept":
        return Kept(self, name)


class Kept:
    def __init__(self, memory: Memory, name: str) -> None:
        self.memory, self.name = memory, name

    def one(self, made_of: object, make: Callable[[], Made], kind: type[Made]) -> Made:
        return self.all([made_of], lambda new: [make() for _ in new], kind)[0]

    def all(
        self, made_of: Sequence[object], make: Callable[[Sequence[int]], Sequence[Made]], kind: type[Made]
    ) -> list[Made]:
        keys = [(self.name, msgspec.msgpack.encode(each)) for each in made_of]
        new = [number for number, key in enumerate(keys) if key not in self.memory.known]
        for number, each in zip(new, make(new), strict=True):
            self.memory.known[keys[number]] = msgspec.msgpack.encode(each)
            of = made_of[number]
            self.memory.new.add((self.name, Path(of[1]).stem if isinstance(of, tuple) else ""))
        return [msgspec.msgpack.decode(self.memory.known[key], type=kind) for key in keys]

    def in_order(
        self, work: Callable[[Item], Made], items: Sequence[Item], _: type[Made], processes: int
    ) -> list[Made]:
        assert processes == 1
        return [work(item) for item in items]


def built(root: Path, memory: Memory | None) -> tuple[object, ...]:
    hub = repository.load(root)
    keep = {"keep": memory.keep} if memory else {}
    findings = kept.judge(hub, memory.keep("findings")) if memory else checks.judge(hub)
    site: Site = build(hub, SiteInputs(address="https://example.org/", pictures=root / ".cache", **keep))
    return findings, list(site.pages), list(site.assets), list(site.pictures)


def replace(old: str, new: str) -> Callable[[Path], None]:
    def edit(file: Path) -> None:
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return edit


BOTH = {("findings", "kedro"), ("findings", "wibbleflow"), ("posts", "kedro"), ("posts", "wibbleflow"), ("lists", "")}


@pytest.mark.parametrize(
    ("path", "edit", "new"),
    [
        pytest.param(KEDRO, lambda _: None, set(), id="nothing"),
        pytest.param(
            WIBBLEFLOW, replace("A first", "The first line.\n\nA first"),
            {("findings", "wibbleflow"), ("posts", "wibbleflow")}, id="a text",
        ),
        pytest.param(
            WIBBLEFLOW, replace("## What it", "## What this"),
            {("findings", "wibbleflow"), ("findings", "kedro"), ("posts", "wibbleflow")}, id="a heading to which others link",
        ),
        pytest.param(WIBBLEFLOW, replace("title: Flows", "title: Streams"), BOTH, id="a title"),
        pytest.param(WIBBLEFLOW, Path.unlink, BOTH - {("findings", "wibbleflow"), ("posts", "wibbleflow")}, id="a file"),
        pytest.param(
            "posts/F2026/kedro/graph.png", lambda file: file.write_bytes(picture("png 50x30") or b""),
            BOTH | {("pictures", "graph")}, id="a picture",
        ),
        pytest.param(
            "posts/F2026/kedro/graph.png", lambda file: file.write_bytes(b"x" * file.stat().st_size),
            BOTH | {("pictures", "graph")}, id="a picture that is none, of the same size",
        ),
        pytest.param("data/course.yaml", replace("name: Course", "name: Hub"), BOTH, id="the course"),
    ],
)  # fmt: skip
def test_only_what_changed_is_made_again(
    tmp_path: Path, path: str, edit: Callable[[Path], object], new: set[tuple[str, str]]
) -> None:
    trees.write(TREE, tmp_path)
    memory = Memory()
    assert built(tmp_path, memory) == built(tmp_path, None)
    edit(tmp_path / path)
    memory.new.clear()
    assert built(tmp_path, memory) == built(tmp_path, None)
    assert {each for each in memory.new if each[0] != "pages"} == new


def test_a_link_to_a_heading_that_another_post_lost_is_an_error_again(tmp_path: Path) -> None:
    trees.write(TREE, tmp_path)
    memory = Memory()
    built(tmp_path, memory)
    replace("## What it", "## What this")(tmp_path / WIBBLEFLOW)
    findings = kept.judge(repository.load(tmp_path), memory.keep("findings"))
    assert [(each.path, each.rule) for each in findings if "what-it-costs" in each.message] == [
        (KEDRO, "broken-anchor")
    ]


def test_a_smaller_picture_that_somebody_removed_is_drawn_again(tmp_path: Path) -> None:
    trees.write(TREE, tmp_path)
    (tmp_path / "posts/F2026/kedro/graph.png").write_bytes(picture("png 1700x30") or b"")
    memory = Memory()
    site = built(tmp_path, memory)
    smaller = sorted((tmp_path / ".cache").iterdir())
    assert smaller
    for file in smaller:
        file.unlink()
    assert built(tmp_path, memory) == site
    assert sorted((tmp_path / ".cache").iterdir()) == smaller
