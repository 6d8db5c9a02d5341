"""Text of strangers in GitHub's Markdown: shown as it is, and nothing else."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from coursehub.text.addresses import is_web_address
from coursehub.text.visible import visible

LONGEST = 400  # characters of one text; the file itself has the rest
LONGEST_FENCE = 20  # backticks around code; from 80 on, GitHub sees no code


class Markdown(str):
    """Markdown that is ours, to be put into a comment as it is."""

    __slots__ = ()


_MARKUP = re.compile(r"([\\`*_\[\]<>#@&~|]|:(?=\S)|(?<=www)\.)", re.IGNORECASE)
_FIRST = re.compile(r"\A(\d*)([-+=.)])(?=[-=\s]|\Z)")  # what begins a list, or underlines a heading or a line
_REFERENCE = re.compile(r"(?<=[@#])|(?<=\bgh-)(?=\d)", re.IGNORECASE)
_BREAK = "&#8203;"  # an empty space: after it, GitHub sees neither a person to notify nor another pull request


def escape(value: object) -> str:
    """Return a text as Markdown that shows it letter by letter, and `Markdown` as it is.

    A backslash before punctuation takes its meaning (https://spec.commonmark.org/0.31.2/#backslash-escapes), and that
    of `:` and `www.` for what would become a link without markup. GitHub makes mentions and references of the text that
    comes out, so these are broken up.
    """
    if isinstance(value, Markdown):
        return value
    escaped = _FIRST.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", _short(value)))
    return _REFERENCE.sub(_BREAK, escaped).replace("$", "&#36;")  # GitHub sets mathematics between dollars


def code(value: object) -> Markdown:
    """Return a text in a code span, where GitHub makes nothing of it."""
    return span(_short(value) or " ")


def span(text: str) -> Markdown:
    """Return a code span that shows a text of one line letter by letter."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    if len(fence) > LONGEST_FENCE:
        return Markdown(escape(text))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return Markdown(f"{fence}{pad}{text}{pad}{fence}")


def code_block(lines: Iterable[str]) -> Markdown:
    """Return lines as code in an item of a list, where GitHub makes nothing of them; empty for none.

    It is indented, as no text can end that.
    """
    shown = "".join(f"      {_short(line)}\n" for line in lines)
    return Markdown(f"\n{shown}\n" if shown else "")


def link(text: str, *address: str, line: int | None = None) -> Markdown:
    """Return a link to an address made of parts, the later ones quoted here, and to a line of a file's source."""
    base, *parts = address
    url = "/".join((base, *(quote(part, safe="/", errors="replace") for part in parts)))
    return Markdown(f"[{escape(text)}](<{url}{f'?plain=1#L{line}' if line else ''}>)")


def web_link(text: str, url: str) -> Markdown:
    """Return a link to a stranger's address, or only the text where the address is none of the web."""
    return Markdown(f"[{escape(text)}](<{url}>)" if is_web_address(url) else escape(text))


def _short(value: object) -> str:
    text = visible(" ".join(str(value).split()))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
