"""Signs of other kinds of Markdown → GitHub's: attributes in braces, contents lists, languages of code, formulas."""

import re

from coursehub.converting import addresses
from coursehub.converting.code import Text, replaced
from coursehub.markdown import contents
from coursehub.markdown.headings import page_ids

_LIST = r"\{(?::[^{}\n]*|[ \t]*[#.][\w-][^{}\n]*|[ \t]*[\w-]+=[^{}\n]*)\}"
_ALT = re.compile(r"(?:fig-)?alt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PICTURE = re.compile(rf"!\[(?P<alt>[^\[\]\n]*)\](?P<address>\((?:[^()\n]|\([^()\n]*\))*\))(?P<list>{_LIST})")
_EMBEDDED = re.compile(r"^%\[(?P<address>https?://[^\s<>\[\]]+)\]", re.MULTILINE)  # Hashnode has these two
_ALIGNED = re.compile(r"(?P<picture>!\[[^\[\]\n]*\]\([^\s()]+)[ \t]+align=\"[^\"\n]*\"[ \t]*\)")
_SPAN = re.compile(r"(?<![!\]\\])\[(?P<text>[^\[\]\n]+)\](?P<list>\{[ \t]*\.[^{}\n]*\})")
_BEHIND = re.compile(rf"(?<=[\])`]){_LIST}|(?<=[*_>])\{{:[^{{}}\n]*\}}")
_ALONE = re.compile(r"^[ \t>]*\{:[^{}\n]*\}[ \t]*(?:\n|\Z)", re.MULTILINE)
_OF_HEADING = re.compile(rf"^(?P<heading>#{{1,6}}[ \t][^\n]*?)[ \t]*(?P<list>{_LIST})[ \t]*#*[ \t]*$", re.MULTILINE)
_ID = re.compile(r"#([\w:.-]+)")
_CONTENTS = re.compile(
    r"^[ \t]*(?:(?:(?:[*+-]|\d+\.)[ \t]+[^\n]*\n[ \t]*)?\{:[ \t]*toc[^{}\n]*\}|\[\[?_?toc_?\]\]?)[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.IGNORECASE,
)
_INFO = re.compile(r"^(?P<fence>[ \t>]*(?:`{3,}|~{3,}))[ \t]*(?P<info>[^\n`]*)$", re.MULTILINE)
_LANGUAGE = re.compile(r"\{?[ \t]*[.=]?(?P<name>[\w+#-]+)")
_OPTION_LINES = re.compile(r"(?:[ \t]*#\|[^\n]*\n)+")
_IMPORTED = re.compile(
    r"^(?:import[ \t]+(?:[\w{*][^\n'\"]*[ \t]from[ \t]+)?|export[ \t]+[{*][^\n'\"]*[ \t]from[ \t]+)"
    r"(?:\"[^\"\n]+\"|'[^'\n]+');?[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)
_COMMENT = re.compile(r"\{/\*(?>(?:[^*]|\*(?!/))*)\*/\}")
_IN_A_LINE = re.compile(r"(?<!\$)\$\$(?!\$)(?P<latex>[^$\n]+)\$\$(?!\$)")
_BRACKETS = re.compile(r"\\\\\((?P<one>(?:[^\\\n]|\\(?!\\?[()]))+)\\\\\)|\\\((?P<two>(?:[^\\\n]|\\(?![()]))+)\\\)")
_DISPLAY = re.compile(
    r"\\\\\[(?P<one>(?:[^\\]|\\(?!\\?[\[\]]))+)\\\\\]|^[ \t]*\\\[(?P<two>(?:[^\\]|\\(?![\[\]]))+)\\\]", re.MULTILINE
)
_ENVIRONMENT = re.compile(
    r"^(?P<indent>[ \t]*)\\begin\{(?P<name>equation|align|gather|eqnarray|multline)(?P<star>\*?)\}"
    r"(?P<latex>(?>(?:[^\\\n]|\\(?!(?:begin|end)\{(?P=name)\*?\})|\n(?![ \t]*\n))*))\\end\{(?P=name)(?P=star)\}",
    re.MULTILINE,
)
_ARRAY = re.compile(
    r"\\begin\{eqnarray(?P<star>\*?)\}(?P<latex>(?>(?:[^\\]|\\(?!(?:begin|end)\{eqnarray))*))\\end\{eqnarray(?P=star)\}"
)
_EQUALS, _EQUAL = re.compile(r"&\s*(=|<|>|\\leq?|\\geq?|\\approx|\\equiv|\\sim|\\propto)\s*&"), r"&\1"
_LATEX = re.compile(r"[\\^_=]|[a-zA-Z]\Z")
_LABEL = re.compile(r"\\label\{[^{}]*\}")


def without_attributes(text: str) -> str:
    """The text without attributes in braces; a picture's `alt` in them is its alternative."""
    if "{" not in text and "[" not in text:
        return text
    text = replaced(text, _CONTENTS, lambda match: "")
    text = replaced(text, _EMBEDDED, lambda match: f"<{match['address']}>")
    text = replaced(text, _ALIGNED, lambda match: f"{match['picture']})")
    if "{" not in text:
        return text
    text = replaced(text, _ALONE, lambda match: "")
    text = replaced(text, _PICTURE, _with_alternative)
    text = replaced(text, _SPAN, lambda match: match["text"])
    text = replaced(text, _OF_HEADING, lambda match: match["heading"].rstrip())
    return replaced(text, _BEHIND, lambda match: "")


def without_imports(text: str) -> str:
    """The text without comments of MDX, and without the lines that name where its components come from."""
    return replaced(replaced(text, _IMPORTED, lambda match: ""), _COMMENT, lambda match: "")


def with_anchors(text: str) -> str:
    """The text with links to the ids that its headings have here, in place of those in braces behind them."""
    if "{#" not in text:
        return text
    new = {}
    for match in Text(text).matches(_OF_HEADING):
        own = _ID.search(match["list"])
        headings = contents.read(match["heading"]).headings
        if own and headings:
            new[f"#{own[1]}"] = f"#{page_ids([headings[0].text])[0]}"
    return addresses.replaced(text, new)


def _with_alternative(match: re.Match[str]) -> str:
    alternative = _ALT.search(match["list"])
    text = (alternative[1] or alternative[2] or "") if alternative else ""
    return f"![{text.replace('[', '(').replace(']', ')') or match['alt']}]{match['address']}"


def with_languages(text: str) -> str:
    """The text with nothing but a language behind the fences of its code, and without options of a code's cell."""
    known = Text(text)
    parts: list[str] = []
    at = 0
    for start, end in known.code:
        opening = _INFO.match(text, start)
        info = opening["info"].strip() if opening else ""
        if not opening or not re.search(r"[\s{:]", info):
            continue
        options = _OPTION_LINES.match(text, opening.end() + 1, end) if info.startswith("{") else None
        language = _LANGUAGE.match(info)
        name = language["name"] if language else ""
        parts += (text[at : opening.start()], f"{opening['fence']}{'' if '=' in name else name}")
        at = opening.end()
        if options:
            parts.append("\n")
            at = options.end()
    return "".join((*parts, text[at:])) if parts else text


def with_dollars(text: str, *, is_kramdown: bool) -> str:
    r"""The text with `$` and `$$` around its formulas, in place of `\\(`, `\\[` and bare environments.

    Kramdown, which Jekyll has, means by `$$` within a line what others mean by `$`.
    """
    if "\\" in text:
        text = replaced(text, _ENVIRONMENT, _environment)
        text = replaced(text, _DISPLAY, lambda match: f"$$\n{(match['one'] or match['two']).strip()}\n$$")
        text = replaced(text, _ARRAY, _aligned, with_formulas=False)
        text = replaced(text, _BRACKETS, _in_line)
    return _with_single_dollars(text) if is_kramdown and "$$" in text else text


def _environment(match: re.Match[str]) -> str:
    latex, name = _LABEL.sub("", match["latex"]).strip(), match["name"]
    if name in ("align", "eqnarray"):
        latex = f"\\begin{{aligned}}\n{_EQUALS.sub(_EQUAL, latex)}\n\\end{{aligned}}"
    elif name == "gather":
        latex = f"\\begin{{gathered}}\n{latex}\n\\end{{gathered}}"
    return f"{match['indent']}$$\n{latex}\n$$"


def _aligned(match: re.Match[str]) -> str:
    """An old environment as the one that took its place."""
    return f"\\begin{{aligned}}{_EQUALS.sub(_EQUAL, match['latex'])}\\end{{aligned}}"


def _in_line(match: re.Match[str]) -> str | None:
    latex = match["one"] or match["two"]
    return f"${latex.strip()}$" if match["one"] or _LATEX.search(latex) else None


def _with_single_dollars(text: str) -> str:
    def single(match: re.Match[str]) -> str | None:
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        around = text[start : match.start()] + text[match.end() : end if end >= 0 else len(text)]
        return f"${match['latex'].strip()}$" if around.strip(" \t>*-") else None

    return replaced(text, _IN_A_LINE, single, with_formulas=False)
