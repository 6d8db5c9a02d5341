"""The reference of all rules."""

from coursehub import checks
from coursehub.records.finding import Severity
from coursehub.site.page import RARELY_MEANT, RULES, Page, found_by, list_page, searchable


def rules_page() -> Page:
    """Every rule with its examples, by group."""
    titles = sorted({rule.group for rule in checks.RULES})
    groups = [(title, [rule for rule in checks.RULES if rule.group == title]) for title in titles]
    page = list_page(
        RULES, "rules.md", "Rules", "Everything that the check looks at, with a bad and a good example of each.",
        groups=groups, blocks=Severity.ERROR,
    )  # fmt: skip
    return found_by(searchable(page), "rule", "check", "error", boost=RARELY_MEANT)
