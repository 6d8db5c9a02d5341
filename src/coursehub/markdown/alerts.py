"""GitHub's five kinds of alerts, and the names that such a box has in other kinds of Markdown.

https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
https://help.obsidian.md/callouts, https://squidfunk.github.io/mkdocs-material/reference/admonitions
"""

_NAMES = {
    "NOTE": "note info abstract summary tldr example question help faq quote cite todo seealso",
    "TIP": "tip hint idea success check done",
    "IMPORTANT": "important",
    "WARNING": "warning warn attention",
    "CAUTION": "caution danger error failure fail missing bug",
}
KIND_BY_NAME = {name: kind for kind, names in _NAMES.items() for name in names.split()}
