"""A post as Medium exports it: a file of HTML → its fields, and Markdown."""

import re
from html import unescape
from typing import Any

from markdownify import MarkdownConverter

from coursehub.converting.code import fenced
from coursehub.converting.front_matter import Source, UnreadableError
from coursehub.converting.tags import picture
from coursehub.markdown.allowed import MOST_NESTED, nested_elements

_TITLE = re.compile(r"<h1[^<>]*\bp-name\b[^<>]*>((?>(?:[^<]|<(?!/?h1))*))</h1>", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title[^<>]*>([^<]*)</title>", re.IGNORECASE)
_SUBTITLE = re.compile(r"<section[^<>]*data-field=\"(?:subtitle|description)\"[^<>]*>([^<]*)</section>", re.IGNORECASE)
_DAY = re.compile(r"<time[^<>]*\bdatetime=\"([^\"]+)\"", re.IGNORECASE)
_CANONICAL = re.compile(r"<a\b[^<>]*href=\"([^\"]+)\"[^<>]*\bp-canonical\b", re.IGNORECASE)
_BODIES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"<section[^<>]*data-field=\"body\"[^<>]*>",
        r"<section[^<>]*\bsection--body\b[^<>]*>",
        r"<article\b[^<>]*>",
        r"<body\b[^<>]*>",
    )
]
_END = re.compile(r"<footer\b|</article>|</body>", re.IGNORECASE)
_REPEATED = re.compile(
    r"<h(?P<level>[34])\b[^<>]*\bgraf--(?:sub)?title\b[^<>]*>(?>(?:[^<]|<(?!/?h[1-6]))*)</h(?P=level)>", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
_MANY_LINES = re.compile(r"\n{3,}")


class _Converter(MarkdownConverter):
    """Medium's elements: its headings begin with the third level, which is the first below the title."""

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ANN401, N802
        """A heading: Medium's large one is a section, the small one a part of it."""
        level = {3: 2, 4: 3}.get(n, max(n, 2))
        words = " ".join(text.split())
        return f"\n\n{'#' * level} {words}\n\n" if words and "_inline" not in parent_tags else words

    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ANN401
        """Code, with the language that Medium guessed."""
        for each in el.find_all("br"):
            each.replace_with("\n")
        language = str(el.get("data-code-block-lang") or "")
        code = el.get_text().strip("\n")
        return (
            f"\n\n{fenced(code, language if re.fullmatch(r'[a-z+#]*', language) else '')}\n\n" if code.strip() else ""
        )

    def convert_figure(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ANN401
        """A picture with its caption, or the link to what is embedded."""
        image, frame = el.find("img"), el.find(["iframe", "script"])
        caption = el.find("figcaption")
        words = " ".join(caption.get_text().split()) if caption else ""
        if image and image.get("src"):
            return f"\n\n{picture(str(image['src']), str(image.get('alt') or ''), words)}\n\n"
        address = str(frame.get("src") or "") if frame else ""
        gist = re.fullmatch(r"(https://gist\.github\.com/[\w/-]+?)(?:\.js)?", address)
        link = (
            f"[{'Code in a gist' if gist else words or 'Embedded on Medium'}]({gist[1] if gist else address})"
            if address
            else text
        )
        return f"\n\n{link}\n\n"

    def convert_div(self, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: ANN401
        """A link to another page, which Medium shows as a card; of other divisions, what is inside."""
        if "graf--mixtapeEmbed" in (el.get("class") or ()):
            link = el.find("a")
            title = el.find("strong")
            if link and link.get("href"):
                words = " ".join((title or link).get_text().split()) or str(link["href"])
                return f"\n\n[{words}]({link['href']})\n\n"
        return f"\n\n{text.strip()}\n\n" if text.strip() else ""


def has_post(text: str) -> bool:
    """Whether a page has a post as Medium exports it."""
    return any(pattern.search(text) for pattern in _BODIES[:2])


def read(text: str) -> Source:
    """The post in an exported file. Raises `UnreadableError` where its text is not to be seen."""
    body = next((match for pattern in _BODIES if (match := pattern.search(text))), None)
    if not body:
        raise UnreadableError(
            1, "this page has no part that is the post's text", "Save the text as Markdown, and try again."
        )
    end = _END.search(text, body.end())
    inner = _REPEATED.sub("", text[body.end() : end.start() if end else len(text)])
    if (deep := nested_elements(inner, MOST_NESTED)) is not None:
        line = text.count("\n", 0, body.end() + deep) + 1
        raise UnreadableError(
            line, f"here more than {MOST_NESTED} elements are inside each other", "Save the text as Markdown."
        )
    title = next((match[1] for pattern in (_TITLE, _PAGE_TITLE) if (match := pattern.search(text))), "")
    fields = {"title": _plain(title)}
    for name, pattern in (("subtitle", _SUBTITLE), ("date", _DAY), ("canonical_url", _CANONICAL)):
        if match := pattern.search(text):
            fields[name] = _plain(match[1])
    converter = _Converter(heading_style="ATX", bullets="-", escape_misc=False, newline_style="BACKSLASH")
    try:
        markdown: str = converter.convert(inner)
    except RecursionError as error:  # paragraphs that nothing closes are inside each other, too
        what = "thousands of paragraphs are inside each other"
        raise UnreadableError(1, what, "Save the text as Markdown, and try again.") from error
    return Source(fields, _MANY_LINES.sub("\n\n", markdown).strip().removeprefix("---\n").lstrip() + "\n")


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())
