"""Permalinks of pages, by the paths of their files: https://www.mkdocs.org/user-guide/configuration/#use_directory_urls"""


def permalink(path: str) -> str:
    """The address of a page, from the site's root: `posts/F2026/dvc.md` → `posts/F2026/dvc/`."""
    name = path.rpartition("/")[2]
    return path.removesuffix(name) if name == "index.md" else f"{path.removesuffix('.md')}/"
