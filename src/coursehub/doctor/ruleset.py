"""The ruleset of main that the doctor is content with, as GitHub imports it.

https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset
"""

from collections.abc import Mapping
from typing import Any

from coursehub.doctor.checkout import MAIN, Checkout
from coursehub.doctor.main_branch import ACTIONS_APP, required_checks


def ruleset(checkout: Checkout) -> Mapping[str, Any]:
    """Return the body of the request that adds it; GitHub names it after main."""
    checks = [{"context": name, "integration_id": ACTIONS_APP} for name in required_checks(checkout)]
    return {
        "name": MAIN,
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": [],
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [
            {"type": "deletion"},
            {"type": "non_fast_forward"},
            {
                "type": "pull_request",
                "parameters": {
                    "allowed_merge_methods": ["merge", "squash"],
                    "dismiss_stale_reviews_on_push": True,
                    "require_code_owner_review": True,
                    "require_last_push_approval": False,
                    "required_approving_review_count": 1,
                    "required_review_thread_resolution": False,
                },
            },
            {
                "type": "required_status_checks",
                "parameters": {"required_status_checks": checks, "strict_required_status_checks_policy": True},
            },
        ],
    }
