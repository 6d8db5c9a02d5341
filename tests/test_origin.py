"""The origin that an installed Course Hub names: by what pip wrote down, by git, by the file of a release."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from repositories import Repository

from coursehub.system.origin import COMMIT, Origin, origin

SHA = "8e2c1f0a4b6d" + "0123456789" * 2 + "abcdefab"
OTHER = SHA[::-1]
HEAD = "the checkout's newest commit"
FROM_GIT = {"url": "https://example.org/hub", "vcs_info": {"vcs": "git", "commit_id": OTHER}}
EDITABLE = {"url": "file:///hub", "dir_info": {"editable": True}}
FROM_FILE = {"url": "file:///coursehub.whl", "archive_info": {}}


@pytest.mark.parametrize(
    ("direct_url", "release", "is_checkout", "expected"),
    [
        (None, SHA, False, Origin(SHA, is_release=True)),
        (FROM_FILE, SHA, False, Origin(SHA, is_release=True)),
        (FROM_GIT, None, False, Origin(OTHER)),
        (FROM_GIT, SHA, False, Origin(OTHER)),
        (EDITABLE, None, True, Origin(HEAD)),
        (EDITABLE, SHA, True, Origin(HEAD)),
        (EDITABLE, None, False, Origin()),
        (None, None, True, Origin()),
        (FROM_FILE, "main", False, Origin()),
        (FROM_FILE, "", False, Origin()),
    ],
    ids=[
        "from the index", "a release's file", "from git", "from git, with a release's file", "a checkout",
        "a checkout in which a release was built", "a folder without git", "inside another repository", "a name", "nothing",
    ],
)  # fmt: skip
def test_where_it_is_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, direct_url: Mapping[str, Any] | None, release: str | None,
    is_checkout: bool, expected: Origin,
) -> None:  # fmt: skip
    about = tmp_path / "packages/coursehub-9.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: coursehub\nVersion: 9\n")
    if direct_url:
        (about / "direct_url.json").write_text(json.dumps(direct_url))
    monkeypatch.syspath_prepend(str(about.parent))
    folder = tmp_path / "hub/src/coursehub/system"
    folder.mkdir(parents=True)
    if release is not None:
        (folder / COMMIT).write_text(f"{release}\n")
    head = Repository(tmp_path / "hub").commit() if is_checkout else ""
    assert origin(folder) == (expected._replace(commit=head) if expected.commit == HEAD else expected)
