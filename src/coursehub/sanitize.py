"""The converted HTML of a post, without anything that could run, load or cover something on the page.

The rule unsafe-html tells the author; this holds even for what the rule does not see.
"""

import re

import nh3

from coursehub.markup import SAFE_SCHEMES, SAFE_TAGS

# What Markdown and its extensions write themselves, on top of what authors may write.
_MADE_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "input", "label", "nav"}
# Formulas (see `maths`): what says how they are set, and nothing that loads or leads anywhere.
_MATHS_ATTRIBUTES = {
    "accent", "accentunder", "columnspacing", "depth", "display", "displaystyle", "fence", "height", "largeop",
    "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits", "rowspacing", "rspace",
    "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip
_MATHS_TAGS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover",
}  # fmt: skip
_MADE_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id"},
    "code": {"tabindex"},
    "input": {"type", "checked", "disabled"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "ol": {"start"},
    **dict.fromkeys(_MATHS_TAGS, _MATHS_ATTRIBUTES),
}
_ATTRIBUTES = {
    name: set(SAFE_TAGS.get(name, ())) | _MADE_ATTRIBUTES.get(name, set()) for name in {*SAFE_TAGS, *_MADE_ATTRIBUTES}
}
# Material's own parts (`md-…`) and this site's (`hub-…`) could cover the page or imitate it; what has class `mermaid`,
# Material fetches a script from elsewhere for.
_FOREIGN_CLASS = re.compile(r"(?<!\S)(?:(?:md-|hub-|js-)\S*|mermaid(?!\S))", re.IGNORECASE)
# Scripts find these parts of the page by their ids; a second one of the name would stand in for it.
_FOREIGN_ID = re.compile(r"__|hub-|giscus", re.IGNORECASE)
# To a browser, `\` is `/`, and controls are nothing: an address with one is not what it seems.
_ELSEWHERE = re.compile(r"[^/]*:|\s*//|.*[\x00-\x1f\x7f\\]", re.DOTALL)


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return _FOREIGN_CLASS.sub("", value).strip() or None
    if attribute == "type":
        return value if value in ("checkbox", "radio") else None
    if attribute == "id":
        return None if _FOREIGN_ID.match(value) else value
    if attribute == "src":
        return None if _ELSEWHERE.match(value) else value
    return value


def clean(html: str) -> str:
    """The same HTML with only what is allowed in a post. Links get `rel="noopener nofollow"`."""
    return nh3.clean(
        html,
        tags=set(SAFE_TAGS) | _MADE_TAGS | _MATHS_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": "", "aria-label": "Done"}},  # task lists
        url_schemes=set(SAFE_SCHEMES),
        link_rel="noopener nofollow",
    )
