"""Pieces of a text between two tags → Markdown: code, alerts, what folds, and divisions for the looks."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from coursehub.converting.code import Text, fenced, replaced
from coursehub.converting.tag_names import ALERTS, EMOJI, FOLDING, LOOKS, QUOTES, VERBATIM
from coursehub.converting.tags import LIQUID, SHORTCODE, Tag, tag

MOST_OPEN = 20  # blocks inside each other: what is deeper stays as it is


class Bound(NamedTuple):
    """A tag that opens or closes a block: where it is, of which syntax, and what it says."""

    start: int
    end: int
    syntax: str
    tag: Tag
    opens: bool


class _Open:
    def __init__(self, bound: Bound | None) -> None:
        self.bound = bound
        self.parts: list[str] = []


def paired(text: str, bounds: Iterable[Bound], render: Callable[[Bound, str, str], str | None]) -> str:
    """The text with `render`'s Markdown in place of each block, inner ones first; None keeps the block as it is.

    `render` is given the tag that opens, what is inside, and the blanks before the tag on its line.
    """
    stack, at = [_Open(None)], 0
    for bound in bounds:
        stack[-1].parts.append(text[at : bound.start])
        at = bound.end
        opener = _opener(stack, bound) if not bound.opens else None
        if bound.opens and len(stack) <= MOST_OPEN:
            stack.append(_Open(bound))
        elif opener is not None:
            while len(stack) - 1 > opener:
                _keep(text, stack)
            block = stack.pop()
            stack[-1].parts.append(_rendered(text, block, bound, render))
        else:
            stack[-1].parts.append(text[bound.start : bound.end])
    stack[-1].parts.append(text[at:])
    while len(stack) > 1:
        _keep(text, stack)
    return "".join(stack[0].parts)


def _opener(stack: Sequence[_Open], closer: Bound) -> int | None:
    """Which open block a tag closes."""
    for index in range(len(stack) - 1, 0, -1):
        bound = stack[index].bound
        if bound and bound.syntax == closer.syntax and closer.tag.name in ("", bound.tag.name):
            return index
    return None


def _keep(text: str, stack: list[_Open]) -> None:
    """Take a block that nothing closes as text."""
    block = stack.pop()
    bound = block.bound
    stack[-1].parts += [text[bound.start : bound.end] if bound else "", *block.parts]


def _rendered(text: str, block: _Open, closer: Bound, render: Callable[[Bound, str, str], str | None]) -> str:
    bound, inner = block.bound, "".join(block.parts)
    assert bound is not None
    before = text[text.rfind("\n", 0, bound.start) + 1 : bound.start]
    indent = before if not before.strip() else ""
    new = render(bound, inner, indent)
    if new is None:
        return f"{text[bound.start : bound.end]}{inner}{text[closer.start : closer.end]}"
    is_followed = new.startswith("> ") and re.match(r"[ \t]*\n?[ \t]*\S", text[closer.end : closer.end + 200])
    return f"{new}\n\n" if is_followed and not text.startswith("\n", closer.end) else f"{new}\n" if is_followed else new


# Verbatim blocks: what is inside is code, or a comment, whatever it looks like.

_D_CODE = re.compile(r"<(?P<end>/)?d-code(?P<rest>[^<>]*)>")
_RAW_HTML = re.compile(
    r"^(?P<fence>`{3,})[ \t]*\{=html\}[ \t]*\n(?P<html>(?>(?:(?!(?P=fence)).*\n)*))(?P=fence)[ \t]*$", re.MULTILINE
)
_LANGUAGE = re.compile(r"language\s*=\s*[\"']?([\w+#-]+)")
_LINE_START = re.compile(r"(?:^|\n)[ \t]*\Z")


def with_fences(text: str) -> str:
    """The text with fenced code in place of tags around code, and without tags around what is to stay as it is."""
    if "{=html}" in text:
        text = _with_raw_html(text)
    if not any(sign in text for sign in ("{%", "{{<", "{{%", "<d-code")):
        return text
    return paired(text, _verbatim_bounds(text), _verbatim)


def _with_raw_html(text: str) -> str:
    """The text with the HTML in Quarto's blocks that are to be no code but HTML."""
    starts = {start for start, _ in Text(text).code}
    return _RAW_HTML.sub(lambda match: match["html"] if match.start() in starts else match[0], text)


def _verbatim_bounds(text: str) -> list[Bound]:
    """The tags around code: each that opens stands outside code, and the next of its name closes it."""
    known = Text(text)
    every: list[Bound] = []
    for syntax, pattern in (("liquid", LIQUID), ("shortcode", SHORTCODE)):
        for match in pattern.finditer(text):
            its = tag(match)
            if its.name in VERBATIM:
                every.append(Bound(match.start(), match.end(), syntax, its, not match["end"]))
    for match in _D_CODE.finditer(text):
        language = _LANGUAGE.search(match["rest"])
        values = (language[1],) if language else ()
        every.append(Bound(match.start(), match.end(), "html", Tag("d-code", values, {}), not match["end"]))
    bounds: list[Bound] = []
    inside: Bound | None = None
    for bound in sorted(every):
        if inside:
            if not bound.opens and (bound.syntax, bound.tag.name) == (inside.syntax, inside.tag.name):
                bounds += (inside, bound)
                inside = None
        elif bound.opens and not known.code_at(bound.start, bound.end):
            inside = bound
    return bounds


def _verbatim(bound: Bound, inner: str, indent: str) -> str | None:
    name = bound.tag.name
    if name == "raw":
        return inner
    if name == "comment":
        return f"<!--{inner.replace('--', '- -')}-->"
    if name in ("math", "katex"):
        return f"$${inner}$$" if "\n" in inner or "display" in bound.tag.values else f"${inner.strip()}$"
    language = (
        "mermaid"
        if name == "mermaid"
        else bound.tag.value("0", "lang")
        if name != "codeblock"
        else bound.tag.value("lang")
    )
    code = inner.removeprefix("\r").removeprefix("\n")
    language = language if re.fullmatch(r"[\w+#-]*", language) else ""
    return fenced(code.rstrip(), language, indent).removeprefix(indent)


# Alerts, and what folds.

_FENCED_DIV = re.compile(
    r"^(?P<indent>[ \t]*):{3,}+(?>[ \t]*)(?P<what>\{[^{}\n]*\}|[\w-]+)?(?>[ \t]*:*[ \t]*)$", re.MULTILINE
)
_CLASS = re.compile(r"\.([\w-]+)")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s}]+))")
_ASIDE = re.compile(r"<(?P<end>/)?aside>[ \t]*", re.IGNORECASE)
_QUOTED_ALERT = re.compile(
    r"^(?P<before>[ \t>]*>[ \t]?)\[!(?P<kind>\w+)\][+-]?(?:[ \t]+(?P<title>\S[^\n]*))?[ \t]*$", re.MULTILINE
)
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+|\s+\Z")


def with_alerts(text: str) -> str:
    """The text with GitHub's alerts in place of callouts and notices, and without divisions for the looks."""
    if "[!" in text:
        text = replaced(text, _QUOTED_ALERT, _quoted_alert)
    if not any(sign in text for sign in (":::", "{%", "{{<", "{{%", "<aside")):
        return text
    return paired(text, sorted(_bounds(text)), _block)


def _quoted_alert(match: re.Match[str]) -> str | None:
    """The first line of an alert as Obsidian and Hugo have it, with a title, or a kind that GitHub does not know."""
    kind = match["kind"]
    if kind.lower() not in ALERTS or (kind.isupper() and kind in ALERTS.values() and not match["title"]):
        return None
    title = f"\n{match['before']}**{match['title'].strip()}**\n{match['before'].rstrip()}" if match["title"] else ""
    return f"{match['before']}[!{ALERTS[kind.lower()]}]{title}"


def _bounds(text: str) -> Iterable[Bound]:
    known = Text(text)
    for match in known.matches(_FENCED_DIV):
        yield _fenced_div(match)
    for match in known.matches(_ASIDE):
        yield Bound(match.start(), match.end(), "html", Tag("aside", (), {}), not match["end"])
    for syntax, pattern in (("liquid", LIQUID), ("shortcode", SHORTCODE)):
        for match in known.matches(pattern):
            its = tag(match)
            if any(its.name in names for names in (ALERTS, FOLDING, QUOTES, LOOKS)):
                yield Bound(match.start(), match.end(), syntax, its, not match["end"])


def _fenced_div(match: re.Match[str]) -> Bound:
    what = match["what"] or ""
    classes = _CLASS.findall(what) or ([] if what.startswith("{") else [what] if what else [])
    named = {key: one or two or three for key, one, two, three in _ATTRIBUTE.findall(what)}
    name = next((each for each in classes if each in ALERTS), "callout-note" if "callout" in what else "div")
    return Bound(
        match.start("indent") + len(match["indent"]),
        match.end(),
        "div",
        Tag(name if what else "", (), named),
        bool(what),
    )


def _block(bound: Bound, inner: str, indent: str) -> str | None:
    its = bound.tag
    if its.name in LOOKS:
        return _BLANK_LINES.sub("\n", inner).strip("\n") if bound.syntax != "div" else _BLANK_LINES.sub("", inner)
    if its.name in QUOTES:
        return _quoted(inner, [its.value("author"), its.value("source", "title", "link", "url")], indent)
    title = its.value("title", "summary") or (" ".join(its.values) if its.name in FOLDING else "")
    if its.name in FOLDING:
        words = title or "More"
        return f"<details><summary>{words}</summary>\n\n{_BLANK_LINES.sub('', inner)}\n\n{indent}</details>"
    kind = ALERTS[its.name]
    for value in (its.value("type", "class", "color"), *its.values):
        kind = ALERTS.get(value.lower(), kind)
    first = inner.lstrip()
    for emoji, meant in EMOJI.items():
        if bound.syntax == "html" and first.startswith(emoji):
            kind, inner = meant, first.removeprefix(emoji).removeprefix("\ufe0f").lstrip()
            break
    return alert(kind, inner, title, indent)


def alert(kind: str, inner: str, title: str = "", indent: str = "") -> str:
    """An alert of GitHub's, with a title in bold if it has one."""
    body = _BLANK_LINES.sub("", inner)
    return _quoted(f"[!{kind}]\n**{title}**\n\n{body}" if title else f"[!{kind}]\n{body}", [], indent)


def _quoted(inner: str, sources: Sequence[str], indent: str) -> str:
    """A quotation, and whose it is."""
    lines = [line.removeprefix(indent) for line in _BLANK_LINES.sub("", inner).split("\n")]
    if whose := ", ".join(filter(None, sources)):
        lines += ["", f"— {whose}"]
    return "\n".join(f"{indent}> {line}".rstrip() for line in lines).removeprefix(indent)
