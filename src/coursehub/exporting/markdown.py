"""A page as a file of Markdown with front matter.

A page made of records is the Markdown of its template. What is HTML already, and the text of a post, goes into a block
of HTML: a post is GitHub's Markdown and a stranger's, which another engine would read in its own way, and not clean.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
import yaml
from markdown.extensions.toc import nest_toc_tokens

from coursehub.exporting import links
from coursehub.markdown.render import Section
from coursehub.site.front_matter import for_themes
from coursehub.site.page import Page
from coursehub.site.pictures import page_with_pictures

_TAG = re.compile(r"(<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)")
_LINES = re.compile(r"\s*\n\s*")
# Whatever else an engine could take for its own, before it comes to a block of HTML: fences, tabs, and blank lines.
_READ_FIRST = {ord("`"): "&#96;", ord("~"): "&#126;", ord("\t"): "&#9;", ord("\n"): "&#10;"}


def of_page(page: Page, paths: Collection[str]) -> str:
    """The text of the file of a page; `paths` are those of all pages and files of the site."""
    meta = msgspec.to_builtins(msgspec.structs.replace(for_themes(page.meta), pictures={}))
    if page.source:
        post = page_with_pictures(page.path, page.meta.pictures, page.markdown, links.resolver(page))
        return _with_front_matter({**meta, "contents": _contents(post.sections)}, _block(post.html))
    text = links.between_files(page, paths, page.markdown)
    return _with_front_matter(meta, _block(text) if page.is_html else text)


def _with_front_matter(meta: Mapping[str, Any], text: str) -> str:
    front = yaml.dump(meta, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{front}---\n\n{text.strip()}\n"


def _block(html: str) -> str:
    """HTML as one block, in which no engine finds Markdown, nor an end before its end."""
    parts = _TAG.split(html.strip())
    parts[::2] = [part.translate(_READ_FIRST) for part in parts[::2]]
    parts[1::2] = [_LINES.sub(" ", part).translate(_READ_FIRST) for part in parts[1::2]]
    return f"<div>\n{''.join(parts)}\n</div>".replace("&#10;<", "\n<")


def _contents(sections: Iterable[Section]) -> list[dict[str, Any]]:
    tokens = nest_toc_tokens([{"level": level, "id": id, "name": title} for level, id, title in sections])
    return [*map(_entry, tokens)]


def _entry(token: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": token["name"], "url": f"#{token['id']}", "children": [*map(_entry, token["children"])]}
