"""The converted HTML of a post, without anything that could run, load or cover something on the page.

The rule unsafe-html tells the author; this holds even for what the rule does not see.
"""

import re

import nh3

from coursehub.markup import SAFE_SCHEMES, SAFE_TAGS

# What Markdown and its extensions write themselves, on top of what authors may write.
_MADE_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "input", "label", "nav"}
_MADE_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id"},
    "a": {"name"},
    "code": {"tabindex"},
    "input": {"type", "checked", "disabled", "name"},
    "label": {"for"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "ol": {"start"},
}
_ATTRIBUTES = {
    name: set(SAFE_TAGS.get(name, ())) | _MADE_ATTRIBUTES.get(name, set()) for name in {*SAFE_TAGS, *_MADE_ATTRIBUTES}
}
# Material's own parts (`md-…`) and this site's (`hub-…`) could cover the page or imitate it.
_FOREIGN_CLASS = re.compile(r"(?<!\S)(?:md-|hub-|js-)\S*", re.IGNORECASE)


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return _FOREIGN_CLASS.sub("", value).strip() or None
    if attribute == "type":
        return value if value in ("checkbox", "radio") else None
    if attribute == "src" and (":" in value.partition("/")[0] or value.startswith(("//", "\\"))):
        return None
    return value


def clean(html: str) -> str:
    """The same HTML with only what is allowed in a post. Links get `rel="noopener nofollow"`."""
    return nh3.clean(
        html,
        tags=set(SAFE_TAGS) | _MADE_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter,
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},  # task lists, nothing to type in
        url_schemes=set(SAFE_SCHEMES),
        link_rel="noopener nofollow",
    )
