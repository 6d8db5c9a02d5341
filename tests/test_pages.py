"""Where pages are, and how they link to each other."""

import pytest

from coursehub.site.page import link
from coursehub.text.permalink import permalink


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("index.md", ""),
        ("catalog.md", "catalog/"),
        ("posts/index.md", "posts/"),
        ("posts/F2026/dvc.md", "posts/F2026/dvc/"),
        ("posts/F2026/llamaindex.md", "posts/F2026/llamaindex/"),
        ("tools/page-index.md", "tools/page-index/"),
    ],
)
def test_the_address_of_a_page_is_that_of_its_file(path: str, address: str) -> None:
    assert permalink(path) == address


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("index.md", "posts/F2026/llamaindex.md", "posts/F2026/llamaindex/"),
        ("posts/F2026/dvc.md", "index.md", "../../../"),
        ("posts/F2026/dvc.md", "posts/F2026/index.md", "../"),
        ("posts/F2026/dvc.md", "posts/S2026/dvc.md", "../../S2026/dvc/"),
        ("tools/page-index.md", "tools/index.md", "../"),
        ("catalog.md", "catalog.md", "./"),
    ],
)
def test_a_link_leads_from_one_page_to_the_other(source: str, target: str, expected: str) -> None:
    assert link(source, target) == expected
