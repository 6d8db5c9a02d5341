"""The file of a generated page has the name, the places and the address that MkDocs gives a file of that path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.structure.files import File

from mkdocs_once.page import PageFile

PATHS = (
    "index.md", "posts/index.md", "README.md", "tools/README.md", "tools/dvc.md", "posts/F2026/airflow--bigquery.md",
    "tools/_dvc.md", "tools/-dvc.md", "tools/.dvc.md", "tools/a.b.md", "tools/index.dvc.md", "tools/café.md", "tools/a b.md",
    "tools//dvc.md", "./dvc.md", "tools/../dvc.md", "dvc.markdown", "dvc", ".md", "tools/dvc.md/x.md", "tools/DVC_1.MD",
)  # fmt: skip


def facts(file: File) -> tuple[str, ...]:
    return file.src_uri, file.src_path, file.name, file.dest_uri, file.dest_path, file.url


def assert_alike(path: str, *, use_directory_urls: bool) -> None:
    theirs, ours = (kind(path, None, "site", use_directory_urls) for kind in (File, PageFile))
    assert facts(ours) == facts(theirs)


@pytest.mark.parametrize("use_directory_urls", [True, False])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_lies_where_mkdocs_puts_it(path: str, use_directory_urls: bool) -> None:
    assert_alike(path, use_directory_urls=use_directory_urls)


@given(
    st.lists(st.text("aZ0_-.é ", min_size=1) | st.sampled_from(["index", "README"]), min_size=1, max_size=3).map(
        "/".join
    ),
    st.booleans(),
)
def test_any_page_lies_where_mkdocs_puts_it(path: str, use_directory_urls: bool) -> None:
    assert_alike(f"{path}.md", use_directory_urls=use_directory_urls)
