"""The reference of all rules."""

from coursehub import checks
from coursehub.pages import RULES, Page, list_page, searchable
from coursehub.records.finding import Severity

_GROUPS = {
    "source": "The file and its front matter",
    "fields": "Fields",
    "claims": "Claims",
    "content": "Content",
    "data": "Data files",
    "change": "Pull requests",
}


def rules_page() -> Page:
    """Every rule with its examples, by group."""
    groups = [
        (title, [rule for rule in checks.RULES if rule.group == group]) for group, title in _GROUPS.items()
    ]  # fmt: skip
    page = list_page(
        RULES, "rules.md", "Rules", "Everything that the check looks at, with a bad and a good example of each.",
        groups=groups, blocks=Severity.ERROR,
    )  # fmt: skip
    return searchable(page)
