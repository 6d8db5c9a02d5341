"""A text is made again only if its data or the code that makes it changed."""

import sys
from pathlib import Path

import needs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.theme import Theme

import forkpool
from mkdocs_once.dependencies import Code
from mkdocs_once.memo import Memo
from mkdocs_once.store import Store

DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


class Build:
    """One build's memo, and the data of which it made texts anew."""

    def __init__(self, path: Path, key: bytes = b"code") -> None:
        self.store = Store(path)
        self.memo = Memo(self.store, key)
        self.made: list[object] = []

    def text(self, made_of: object) -> str:
        return self.memo.one(made_of, lambda: self.make(made_of), str)

    def make(self, made_of: object) -> str:
        self.made.append(made_of)
        return repr(made_of)

    def close(self) -> None:
        self.memo.close()
        self.store.close()


def run(path: Path, *asked: object, key: bytes = b"code") -> list[object]:
    build = Build(path, key)
    assert [build.text(each) for each in asked] == [repr(each) for each in asked]
    build.close()
    return build.made


def test_what_was_made_before_is_found(tmp_path: Path) -> None:
    assert run(tmp_path / "store", "a", "b") == ["a", "b"]
    assert run(tmp_path / "store", "b", "c", "a") == ["c"]
    assert run(tmp_path / "store", "b", "c", "a") == []


def test_what_one_build_did_not_ask_for_is_forgotten(tmp_path: Path) -> None:
    run(tmp_path / "store", "a", "b")
    assert run(tmp_path / "store", "a") == []
    assert run(tmp_path / "store", "a", "b") == ["b"]


def test_a_build_that_asks_for_nothing_forgets_nothing(tmp_path: Path) -> None:
    run(tmp_path / "store", "a")
    for _ in range(20):
        run(tmp_path / "store")
    assert run(tmp_path / "store", "a") == []


@needs.FORK
def test_what_other_processes_ask_for_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forkpool, "_FEWEST", 1)
    run(tmp_path / "store", "0", "1")
    build = Build(tmp_path / "store")
    texts = build.memo.in_order(lambda number: build.text(str(number)) + "!", range(30), str, 3)
    assert texts == [f"'{number}'!" for number in range(30)]
    assert not {"0", "1"} & {*build.made}
    build.close()
    assert run(tmp_path / "store", *map(str, range(30))) == []


def test_other_code_makes_all_anew(tmp_path: Path) -> None:
    run(tmp_path / "store", "a")
    assert run(tmp_path / "store", "a", key=b"other code") == ["a"]


@given(DATA, DATA)
def test_only_the_same_data_have_the_same_text(
    tmp_path_factory: pytest.TempPathFactory, one: object, two: object
) -> None:
    build = Build(tmp_path_factory.mktemp("memo") / "store")
    for each in (one, two):
        assert build.text(each) == repr(each)
    build.close()


def test_the_key_knows_a_packages_code_and_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pages_maker"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "templates/page.html").write_text("one")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    config = MkDocsConfig()
    config.load_dict({"hooks": []})
    config["hooks"], config["theme"] = {}, Theme(name="material")
    keys = [Code(config, ["pages_maker"]).whole]
    assert Code(config, ["pages_maker"]).whole == keys[0]
    for file, text in (("templates/page.html", "two"), ("__init__.py", "A = 1"), ("templates/other.html", "")):
        (package / file).write_text(text)
        keys.append(Code(config, ["pages_maker"]).whole)
    assert len(set(keys)) == 4
