"""An export: all pages of the site as Markdown with front matter, and all that a renderer of another make needs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from coursehub.exporting import markdown, settings, theme
from coursehub.records.course import Course
from coursehub.site import Site
from coursehub.site.navigation import of_course

DOCS, OVERRIDES = "docs", "overrides"
File = bytes | Path  # what a file holds, or the file that has it


def exported(
    site: Site, course: Course, own_files: Mapping[str, Path], own_templates: Mapping[str, Path],
    defaults: Mapping[str, Any], written: Mapping[str, Any], comments: Mapping[str, Any],
) -> Iterator[tuple[str, File]]:  # fmt: skip
    """Yield (path, file) for each file of the export; of a path that comes again, the last one is meant.

    `own_files` and `own_templates` are the course's, by their paths in `docs/` and in its folder of templates;
    `defaults` are the settings that a course need not write, `written` its own in `mkdocs.yml`, and
    `comments` those of its comments.
    """
    pages = {page.path: page for page in site.pages}
    files = {each.path: Path(each.file) for each in site.pictures} | {each.path: each.file for each in site.cards}
    contents = {asset.path: asset.content for asset in site.assets}
    paths = {*pages, *files, *contents, *own_files}
    below_docs: list[tuple[str, File]] = [
        *theme.static(),
        *contents.items(),
        *files.items(),
        *((path, markdown.of_page(page, paths).encode()) for path, page in pages.items()),
        *own_files.items(),
    ]
    yield from ((f"{DOCS}/{path}", file) for path, file in below_docs)
    yield from ((f"{OVERRIDES}/{path}", file) for path, file in [*theme.templates(), *own_templates.items()])
    names = sorted(path for path in paths if path.endswith(".md"))
    nav = written.get("nav") or of_course(course, names)
    yield "zensical.toml", settings.zensical(defaults, written, nav, comments, OVERRIDES).encode()
