"""The raw HTML that authors may write and a published page keeps, and how deep it may go.

It is what GitHub keeps, as far as it is harmless: https://github.com/gjtorikian/html-pipeline, its sanitization filter.
"""

import re

from coursehub.text.expressions import expression

_ANYWHERE = frozenset({"align", "dir", "height", "id", "lang", "title", "valign", "width"})
_CELL = frozenset({"colspan", "rowspan", "scope"})
_MORE = {
    "a": {"href", "name"},
    "details": {"open"},
    "img": {"alt", "src"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "source": {"media", "srcset", "type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": _CELL,
    "th": _CELL,
    "time": {"datetime"},
}
_TAGS = (
    "a abbr b bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 "
    "hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp small source span strike strong sub summary sup "
    "table tbody td tfoot th thead time tr tt u ul var wbr"
)

# Tag → the attributes that it may have.
SAFE_TAGS: dict[str, frozenset[str]] = {tag: _ANYWHERE | _MORE.get(tag, frozenset()) for tag in _TAGS.split()}
SAFE_SCHEMES = frozenset({"http", "https", "mailto"})

# An address in `srcset`, and its size: https://html.spec.whatwg.org/multipage/images.html#srcset-attributes
SOURCE = expression(r"([^\s,](?:\S*[^\s,])?)(\s[^,]*)?")

# Hardly any reader follows that deep, and what cleans HTML takes time that grows with the square of the depth.
MOST_NESTED = 100

_ELEMENT = expression(
    # but for those that are empty, and those that the next of their kind ends
    r"<(?P<end>/?)(?P<name>(?!(?:area|br|col|embed|hr|img|input|wbr|p|li|d[dt]|t[dhr]|thead|tbody|tfoot)\b)[a-z][^\s/>]*)",
    re.IGNORECASE,
)


def nested_elements(html: str, most: int) -> int | None:
    """Where in HTML more than so many elements are open; it need not be well-formed."""
    if html.count("<") - html.count("</") <= most:  # which most texts have, and which is counted at once
        return None
    opened: dict[str, int] = {}
    depth = 0
    for match in _ELEMENT.finditer(html):
        name = match["name"].lower()
        if not match["end"]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            if depth > most:
                return match.start()
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
    return None
