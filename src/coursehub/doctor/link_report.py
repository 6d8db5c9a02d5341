"""The branch on which links.yml keeps its record."""

from coursehub.doctor.checkout import Checkout
from coursehub.doctor.main_branch import Rule, branch_rules
from coursehub.doctor.question import Question
from coursehub.doctor.setting import SETTINGS_PAGE, Setting, quoted

LINK_REPORT = "link-report"  # the name of the branch and of the setting
HOLD_BACK = {  # rules under which a workflow cannot push to a branch
    "creation",
    "merge_queue",
    "pull_request",
    "required_deployments",
    "required_signatures",
    "required_status_checks",
    "update",
}


def _held_back(rules: list[Rule], checkout: Checkout) -> str | None:
    kinds = sorted({rule.type for rule in rules} & HOLD_BACK)
    return f"a ruleset holds the branch back: {quoted(kinds)}" if kinds else None


RULES: Question[list[Rule]] = Question(
    "“Metadata: read”",
    lambda github, repository: branch_rules(github, LINK_REPORT),
    (
        Setting(
            LINK_REPORT,
            f"no ruleset holds back the branch {LINK_REPORT}",
            "links.yml pushes its record there",
            f"{SETTINGS_PAGE}/rules → the ruleset → “Target branches”: only the default branch",
            "",
            _held_back,
        ),
    ),
)
QUESTIONS = (RULES,)
