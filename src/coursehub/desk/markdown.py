"""Text of strangers in GitHub's Markdown: shown as it is, and nothing else."""

import re
from urllib.parse import quote

from coursehub.report import visible

LONGEST = 400  # characters of one text; the file itself has the rest


class Markdown(str):
    """Markdown that is ours, to be put into a comment as it stands."""

    __slots__ = ()


_MARKUP = re.compile(r"([\\`*_\[\]<>#@&:~|]|(?<=www)\.)", re.IGNORECASE)
_REFERENCE = re.compile(r"(?<=[@#])|(?<=\bgh-)(?=\d)", re.IGNORECASE)
_BREAK = "&#8203;"  # an empty space: after it, GitHub sees neither a person to notify nor another pull request


def escape(value: object) -> str:
    """A text as Markdown that shows it letter by letter; `Markdown` as it is.

    A backslash before punctuation takes its meaning (https://spec.commonmark.org/0.31.2/#backslash-escapes), and that
    of `:` and `www.` for what would become a link without markup. GitHub makes mentions and references of the text that
    comes out, so these are broken up.
    """
    if isinstance(value, Markdown):
        return value
    escaped = _MARKUP.sub(r"\\\1", _short(value)).replace("$", "&#36;")  # GitHub sets mathematics between dollars
    return _REFERENCE.sub(_BREAK, escaped)


def code(value: object) -> Markdown:
    """A text in a code span, where GitHub makes nothing of it."""
    text = _short(value) or " "
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return Markdown(f"{fence}{pad}{text}{pad}{fence}")


def link(text: str, *address: str, line: int | None = None) -> Markdown:
    """A link to an address made of parts, the later ones in need of quoting; `line` is that of a file's source."""
    base, *parts = address
    url = "/".join((base, *(quote(part, safe="/") for part in parts)))
    return Markdown(f"[{escape(text)}](<{url}{f'?plain=1#L{line}' if line else ''}>)")


def web_link(text: str, url: str) -> Markdown:
    """A link to an address that somebody gave; only the text where it is none of the web."""
    is_web = re.fullmatch(r"https?://[^\s<>\\]+", url)
    return Markdown(f"[{escape(text)}](<{url}>)" if is_web else escape(text))


def _short(value: object) -> str:
    text = visible(" ".join(str(value).split()))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
