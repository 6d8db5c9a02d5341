"""Raw HTML in a text → what a post may have: Markdown, or the same tags without what is for the looks."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import count
from textwrap import dedent

from coursehub.converting.blocks import Bound, paired
from coursehub.converting.code import Text, replaced
from coursehub.converting.tags import Tag, link
from coursehub.markdown.allowed import SAFE_TAGS

_TAG = re.compile(
    r"<(?P<end>/)?(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:\s+(?>(?:[^<>\"'=]|=\s*(?:\"[^\"]*\"|'[^']*')|=)*))?)\s*(?P<void>/)?>"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
# Tags that are there for the looks, or for another page's structure: what is inside stays.
_WRAPPERS = frozenset(
    (
        "address", "article", "aside", "big", "blink", "button", "center", "d-appendix", "d-article", "d-byline",
        "d-figure", "fieldset", "font", "footer", "header", "hgroup", "label", "main", "marquee", "nav", "nobr",
        "section",
    )
)  # fmt: skip
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_LOOKS = re.compile(
    r"<(?P<name>style|script)\b(?P<rest>[^<>]*)>(?P<inner>(?>(?:[^<]|<(?!/?(?:style|script)\b))*))"
    r"</(?P=name)\s*>[ \t]*\n?",
    re.IGNORECASE,
)
# Scripts of what the site does itself, or does without: formulas, diagrams, colours of code, counting of visitors.
_NEEDLESS = re.compile(
    r"mathjax|katex|polyfill|mermaid|highlight(?:\.min)?\.js|hljs\.|prism(?:\.min)?\.js|googletagmanager|gtag\(|"
    r"google-analytics|platform\.twitter\.com",
    re.IGNORECASE,
)
_GIST = re.compile(r"https?://gist\.github\.com/([\w./-]+?)(?:\.js)?(?:\?.*)?")
_BARE = frozenset({"div", "span"})  # of no use without attributes
_PAIR = re.compile(
    r"<(?P<name>iframe|video|audio|embed)\b(?P<rest>(?>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*))>"
    r"(?P<inner>(?:(?>(?:[^<]|<(?!/?(?:iframe|video|audio|embed)\b))*))</(?P=name)\s*>)?",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"<source\b[^<>]*?\bsrc\s*=\s*[\"']?([^\s\"'>]+)", re.IGNORECASE)
_CITED = re.compile(
    r"<d-(?P<name>cite|math)\b(?P<rest>(?>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*))(?:(?<=/)>|>"
    r"(?P<inner>(?>(?:[^<]|<(?!/?d-))*))</d-(?P=name)\s*>)"
)
_FOOTNOTE = re.compile(r"<d-footnote\b[^<>]*>(?P<inner>(?>(?:[^<]|<(?!/?d-footnote))*))</d-footnote\s*>")


def attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag; of one that is given twice, the first."""
    read: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest):
        read.setdefault(match["name"].lower(), unescape(match["double"] or match["single"] or match["bare"] or ""))
    return read


def converted(text: str, references: Mapping[str, str]) -> str:
    """The text with the HTML that posts here may have. `references`: key → what a bibliography says of it."""
    if "<" not in text:
        return text
    text = _with_footnotes(text, references)
    text = replaced(text, _PAIR, _embedded)
    text = _without_wrappers(text)
    return replaced(text, _TAG, _plain)


def without_looks(text: str) -> tuple[str, Mapping[str, int]]:
    """The text without styles, and without scripts of what the site does itself; and how many of each there were.

    The script of a gist becomes a link. All others stay.
    """
    left_out: dict[str, int] = {}
    if "<" not in text:
        return text, left_out
    parts: list[str] = []
    at = 0
    for start, end in Text(text).code:
        for match in _LOOKS.finditer(text, start, end + 1) if text.startswith("<", start) else ():
            new = _in_its_place(match)
            if new is not None:
                parts += (text[at : match.start()], new)
                at = match.end()
            if new == "":
                name = match["name"].lower()
                left_out[name] = left_out.get(name, 0) + 1
    return "".join((*parts, text[at:])), left_out


def _in_its_place(match: re.Match[str]) -> str | None:
    if match["name"].lower() == "style" or _NEEDLESS.search(match["rest"]) or _NEEDLESS.search(match["inner"]):
        return ""
    gist = _GIST.fullmatch(attributes(match["rest"]).get("src", ""))
    return f"[Code in a gist](https://gist.github.com/{gist[1]})\n" if gist else None


def _with_footnotes(text: str, references: Mapping[str, str]) -> str:
    """The text with footnotes and formulas in place of distill's tags."""
    if "<d-" not in text:
        return text
    notes: dict[str, str] = {}
    numbers = count(1)

    def reference(match: re.Match[str]) -> str | None:
        its = attributes(match["rest"])
        if match["name"] == "math":
            formula = (match["inner"] or "").strip()
            return f"\n$$\n{formula}\n$$\n" if "block" in its else f"${formula}$"
        keys = [key for key in re.split(r"[\s,]+", its.get("key", "").rstrip("/")) if re.fullmatch(r"[^\s\[\]^]+", key)]
        for key in keys:
            notes.setdefault(key, references.get(key, key))
        return "".join(f"[^{key}]" for key in keys) or None

    def footnote(match: re.Match[str]) -> str:
        label = next(label for number in numbers if (label := f"note-{number}") not in notes)
        notes[label] = " ".join(match["inner"].split())
        return f"[^{label}]"

    text = replaced(replaced(text, _CITED, reference), _FOOTNOTE, footnote)
    if not notes:
        return text
    return f"{text.rstrip()}\n\n{chr(10).join(f'[^{label}]: {note}' for label, note in notes.items())}\n"


def _embedded(match: re.Match[str]) -> str | None:
    """A link in place of a player or a frame; None where it leads nowhere."""
    name, its = match["name"].lower(), attributes(match["rest"])
    source = its.get("src") or next(iter(_SOURCE.findall(match["inner"] or "")), "")
    if source.startswith("//"):
        source = f"https:{source}"
    is_media = name in ("video", "audio")
    if not source or not (is_media or re.match(r"https?://", source)):
        return None
    return link(source, " ".join(its.get("title", "").split()) or (name.capitalize() if is_media else ""))


def _without_wrappers(text: str) -> str:
    bounds = list(_wrappers(text))
    unwrapped = paired(text, bounds, _unwrapped) if bounds else text
    return replaced(unwrapped, _EMPTY_LINES, lambda match: "\n\n") if unwrapped != text else text


def _wrappers(text: str) -> Iterator[Bound]:
    """Opening and closing tags whose element only is for the looks; of all `<div>` and `<span>`, to find their ends."""
    for match in Text(text).matches(_TAG):
        name = match["name"].lower()
        if (name in _WRAPPERS or name in _BARE) and not match["void"]:
            keeps = name in _BARE and not match["end"] and _keeps_its_tag(match)
            yield Bound(match.start(), match.end(), "html", Tag(name, ("keep",) * keeps, {}), not match["end"])


def _keeps_its_tag(match: re.Match[str]) -> bool:
    its = attributes(match["rest"])
    return not its or any(name in SAFE_TAGS[match["name"].lower()] for name in its)


def _unwrapped(bound: Bound, inner: str, indent: str) -> str | None:
    if bound.tag.values:
        return None
    if "\n" not in inner:
        return inner
    first, _, rest = inner.partition("\n")
    return f"{first.strip()}\n{dedent(rest)}".rstrip(" \t")


def _plain(match: re.Match[str]) -> str | None:
    """The tag without attributes that no post may have."""
    allowed = SAFE_TAGS.get(match["name"].lower())
    if allowed is None or match["end"]:
        return None
    its = list(_ATTRIBUTE.finditer(match["rest"]))
    allowed_ones = [each[0].strip() for each in its if each["name"].lower() in allowed]
    if len(allowed_ones) == len(its):
        return None
    return f"<{' '.join((match['name'], *allowed_ones))}{' /' if match['void'] else ''}>"
