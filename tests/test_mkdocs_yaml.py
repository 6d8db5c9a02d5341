"""`!ENV` in `mkdocs.yml` has the value that MkDocs gives it."""

import os

import pytest
import yaml
import yaml_env_tag

from coursehub.text.mkdocs_yaml import compose, entries, value

SET = {"SET": "set", "OTHER": "other"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("word", "word"),
        ("!ENV SET", "set"),
        ("!ENV UNSET", ""),
        ("!ENV [SET]", "set"),
        ("!ENV [UNSET]", ""),
        ("!ENV [UNSET, default]", "default"),
        ("!ENV [SET, default]", "set"),
        ("!ENV [UNSET, OTHER, default]", "other"),
        ("!ENV [UNSET, SET]", "SET"),
    ],
)
def test_a_value_is_what_mkdocs_reads(written: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", SET)
    loader = yaml_env_tag.add_env_tag(type("Loader", (yaml.SafeLoader,), {}))
    assert (yaml.load(f"site_url: {written}", loader)["site_url"] or "") == expected
    assert value(entries(compose(f"site_url: {written}")).get("site_url"), SET) == expected


@pytest.mark.parametrize("written", ["[a, b]", "{a: b}"])
def test_a_list_is_no_value(written: str) -> None:
    assert value(compose(written), SET) == ""


def test_what_is_no_yaml() -> None:
    with pytest.raises(ValueError, match="it cannot be read: "):
        compose("[")
