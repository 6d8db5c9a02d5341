"""A page's entries in the search, one for each heading that has an id, in the form of Material's search.

Material's plugin parses the HTML of every page in every build, which takes half as long as converting it. Here it is
read in one pass, once, and the entries are cached with the page, as they are in the index.

What a word is, in any script, is in `words.js`, which is a language of that search.
"""

import inspect
import json
import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from html import escape, unescape
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol

import msgspec
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files

_LANGUAGE = "words"
_SCRIPTS = "assets/javascripts/lunr/min"  # where the search's worker looks for a language
_SCRIPT = f"{_SCRIPTS}/lunr.{_LANGUAGE}.min.js"
_INDEX, _END = "search/search_index.json", b"]}"  # the file, and how it ends: with the list of entries
_SUPPORT = ("lunr.stemmer.support.min.js", "lunr.multi.min.js")  # which it loads beside a language, and beside several
# Languages for which lunr has no more than `words.js`, and, of Japanese, something that would be in its way.
_COVERED = frozenset(["en", "ja", "ko", "th", "zh"])
_SEPARATORS = frozenset([r"[\s\-]+", r"[\s\-　、。，．]+", r"[\s\u200b\u3000\-、。，．？！；]+"])  # Material's own
# Without hyphens and the like: `words.js` cuts there, and knows that the parts belong together. Nor is there a `;`,
# which ends `&amp;`.
_SEPARATOR = r"""[\s\u200b,!?()\[\]{}"“”„«»、。，．！？；：・「」『』【】（）《》〈〉…]+"""
_KEYWORDS = 1e4  # ten times a title
# A tag or comment, and the text behind it. What is not closed goes to the end, as in a browser.
_TOKEN = re.compile(
    r"(?:<(?:!--.*?(?:--(?=>)|\Z)|(/?)([a-zA-Z][\w-]*+)((?>(?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*)))(?:>|\Z))?"
    r"((?:<(?![/!a-zA-Z]))?[^<]*+)",
    re.DOTALL,
)
_COLOURED = re.compile(r'<span class="\w{1,3}">([^<]*)</span>')  # a piece of code, of which a page has hundreds
_ATTRIBUTE = re.compile(r"data-search-\w+=")  # which the search removes from a page
_ID = re.compile(r"\sid=\"([^\"]*)\"")
_EXCLUDED = re.compile(r"\sdata-search-exclude\b")
_NO_TEXT = re.compile(r"\sclass=\"(?:headerlink|linenodiv)\"")  # the mark behind a heading, and numbers of lines
_SHOWN = frozenset(["p", "code", "pre", "li", "ol", "ul", "sub", "sup"])  # tags that search results are shown with
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_UNSEEN = frozenset(["object", "script", "style"])
_APART = frozenset(["td", "th", "br"])  # what begins here is a word of its own, with no blank before it
# https://html.spec.whatwg.org/multipage/syntax.html#void-elements
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_EMPTY = re.compile(r"<(\w+)>\s*</\1>")
_depth = attrgetter("depth")
_SHOWN_TAG = re.compile(r"(</?\w+>)")


class Section(msgspec.Struct):
    """A heading and the text below it; the page's beginning has no anchor. `depth` counts the elements around it."""

    anchor: str = ""
    depth: int = 0
    is_excluded: bool = False
    title: list[str] = []
    text: list[str] = []


def sections(html: str) -> list[Section]:
    """The sections of a page, in order. The HTML has to be well-formed, as a converter or a sanitizer writes it."""
    now = Section()
    all_sections = [now]
    outer = [now]  # those that none with fewer elements around it comes behind, so each is deeper than the one before
    depth = hidden = heading = pre = 0  # of what is open: how many elements; the depth of one that is hidden, and so on
    for closing, name, attributes, words in _TOKEN.findall("".join(_COLOURED.split(html))):
        tag = name.lower()
        shown = now.title if heading else now.text
        if closing and depth:  # else it ends nothing
            if not hidden and tag in _SHOWN:
                shown.append(f"</{tag}>")
            if now.depth > depth:  # what held the heading ends, so what follows belongs to the one before
                now = outer[bisect_right(outer, depth, key=_depth) - 1]
            hidden = 0 if hidden == depth else hidden
            heading = 0 if heading == depth else heading
            pre = 0 if pre == depth else pre
            depth -= 1
        elif tag and not closing:
            if tag in _APART and not hidden:
                shown.append(" ")
            if tag not in _VOID and not attributes.endswith("/"):
                depth += 1
                if not hidden:
                    is_excluded = bool(_EXCLUDED.search(attributes))
                    if is_excluded or tag in _UNSEEN or _NO_TEXT.search(attributes):
                        hidden = depth
                    if tag in _HEADINGS and (anchor := _ID.search(attributes)):
                        if tag != "h1" or len(all_sections) > 1 or "".join(now.text).strip():  # else the page's title
                            now = Section(unescape(anchor[1]), depth, is_excluded)
                            all_sections.append(now)
                            del outer[bisect_left(outer, depth, key=_depth) :]
                            outer.append(now)
                        heading = depth
                    elif tag in _SHOWN and not hidden:
                        shown.append(f"<{tag}>")
                        pre = pre or depth * (tag == "pre")
        if words and not hidden:
            shown = now.title if heading else now.text
            if pre or not words.isspace() or not shown or not shown[-1][-1].isspace():
                shown.append(_text(words, is_pre=bool(pre)))
    return [section for section in all_sections if not section.is_excluded]


def _text(words: str, *, is_pre: bool) -> str:
    if words.isspace() and not is_pre:
        return " "
    plain = words if is_pre else words.replace("\n", " ")
    return escape(unescape(plain), quote=False) if "&" in plain or ">" in plain or "<" in plain else plain


def _joined(parts: list[str]) -> str:
    text = "".join(parts)
    return (_without_empty(text) if _EMPTY.search(text) else text).strip()


def _without_empty(text: str) -> str:
    """The text without elements that hold nothing but blanks and such elements."""
    pieces: list[str] = []
    for piece in _SHOWN_TAG.split(text):
        pieces.append(piece)
        if piece.startswith("</"):
            start = next((at for at in range(len(pieces) - 2, -1, -1) if pieces[at] and not pieces[at].isspace()), 0)
            if pieces[start] == f"<{piece[2:]}":
                del pieces[start:]
    return "".join(pieces)


def entries(html: str, url: str, meta: Mapping[str, Any], title: str) -> Iterator[dict[str, Any]]:
    """The entries of a page in Material's search index. `title`: of a section without a heading.

    Beside what Material knows, the front matter's `search` may have a `lead`: HTML that is found, and shown with the
    page, but not in its text; `text: false`, so that no more than that is found; and `keywords`, by which the page
    comes before all that have them in a title. https://squidfunk.github.io/mkdocs-material/plugins/search
    """
    settings = meta.get("search") or {}
    more = {"boost": boost} if (boost := settings.get("boost")) else {}
    if isinstance(tags := meta.get("tags"), list):
        more["tags"] = [str(tag) for tag in tags if tag]
    listed = settings.get("keywords") or ()
    keywords = {"keywords": [str(each) for each in ([listed] if isinstance(listed, str) else listed)]} if listed else {}
    text = html if settings.get("text", True) else ""
    for section in sections(f"{settings.get('lead') or ''}{text}"):
        location = f"{url}#{section.anchor}" if section.anchor else url
        its = {"location": location, "title": _joined(section.title) or title, "text": _joined(section.text)}
        yield its | more | keywords
        keywords = {}  # the page's, which is what its first entry stands for


def has_attributes(html: str) -> bool:
    """Whether the theme's search would remove an attribute of its own from a page, when the page is rendered."""
    return bool(_ATTRIBUTE.search(html))


def encoded(new_entries: Iterable[dict[str, Any]]) -> bytes:
    """Entries as they are in the index, between the brackets: JSON as Material's search writes it."""
    return json.dumps([*new_entries], separators=(",", ":"), default=str)[1:-1].encode()


class _Index(Protocol):
    """The index of Material's search, and of MaterialX's, before it is written."""

    entries: list[dict[str, Any]]
    config: dict[str, Any]


def prepare(config: MkDocsConfig, files: Files, entries_of_pages: Callable[[], Iterable[bytes]]) -> None:
    """Have these entries, as `encoded` returns them, added to the index as soon as the search has written it.

    Add `words.js` where the search, if the site has it, will load it, and what is loaded with each language.
    Raises `PluginError` if there is no search to add entries to, for it finds none of the pages without them.
    """
    searching = _plugin_and_index(config)
    if searching is None:
        if False not in [plugin.config.get("enabled") for plugin in plugins(config)]:
            raise PluginError(
                "the plugin “once” fills the index of Material's search, and mkdocs.yml has no such plugin: add "
                "“- search” to its plugins (with MaterialX “- search: {provider: lunr}”), or “- search: {enabled: "
                "false}” for a site without one."
            )
        return
    plugin, index = searching
    index.config |= _settings(index.config)
    listeners = config.plugins.events["post_build"]
    writes = next(number for number, each in enumerate(listeners) if getattr(each, "__self__", None) is plugin)
    listeners.insert(
        writes + 1, partial(_append, entries_of_pages)
    )  # before others, who may read the file or change it
    files.append(File.generated(config, _SCRIPT, abs_src_path=str(Path(__file__).with_name("words.js"))))
    theirs = Path(inspect.getfile(type(index))).with_suffix("")  # where MaterialX has them; Material's theme does
    for script in filter(Path.is_file, (theirs / "assets/min" / name for name in _SUPPORT)):
        files.append(File.generated(config, f"{_SCRIPTS}/{script.name}", abs_src_path=str(script)))


def plugins(config: MkDocsConfig) -> list["BasePlugin[Any]"]:
    """The theme's search, if the site has it."""
    return [plugin for name, plugin in config.plugins.items() if "search" in name]


def _plugin_and_index(config: MkDocsConfig) -> tuple["BasePlugin[Any]", _Index] | None:
    """The search and its index, by what this has: themes give the plugin names of their own."""
    for plugin in config.plugins.values():
        for holder in (plugin, getattr(plugin, "provider", None)):
            index: _Index | None = getattr(holder, "search_index", None)
            if index and hasattr(index, "entries"):
                return plugin, index
    return None


def _append(entries_of_pages: Callable[[], Iterable[bytes]], config: MkDocsConfig) -> None:
    """Write the entries into the search's file, behind its own: page by page, for together they take much memory."""
    with Path(config.site_dir, _INDEX).open("r+b") as file:
        file.seek(-len(_END) - 1, os.SEEK_END)
        separator = b"" if file.read(1) == b"[" else b","
        for entries_of_page in filter(None, entries_of_pages()):
            file.write(separator)
            file.write(entries_of_page)
            separator = b","
        file.write(_END)


def _settings(its: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a search index with the language of words, beside others that the course's theme may have.

    A separator that the course itself has set stays.
    """
    others = [each for each in its["lang"] if each not in _COVERED]
    return {
        "lang": [*(each for each in its["lang"] if others and each not in ("ja", "th")), _LANGUAGE],
        "separator": _SEPARATOR if its["separator"] in _SEPARATORS else its["separator"],
        "fields": {**its["fields"], "keywords": {"boost": _KEYWORDS}},
        "pipeline": list(dict.fromkeys(["stopWordFilter", *(its["pipeline"] if others else ())])),
    }
