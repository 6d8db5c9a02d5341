"""Keep the report on links in one issue: opened, changed, or closed where nothing is left to report.

    link_issue.py REPORT.md

The issue is the first that begins with the report's marker and that the bot wrote. GITHUB_TOKEN and the other
variables of GitHub's runner say which repository is meant.
"""

import os
import sys
import time
from pathlib import Path

import msgspec

from coursehub.github.door import GitHub, GitHubError
from coursehub.links.link_report import MARKER
from coursehub.system import actions_log

BOT = "github-actions[bot]"
TITLE = "Links that lead nowhere"


class _User(msgspec.Struct):
    login: str


class _Issue(msgspec.Struct):
    number: int
    state: str
    body: str | None = None
    user: _User | None = None
    pull_request: dict[str, object] | None = None

    @property
    def text(self) -> str:
        return (self.body or "").replace("\r", "").strip()


def bring_up_to_date(github: GitHub, report: str) -> str:
    """Open, change or close the issue, and return what was done, in words. Raises `GitHubError`."""
    pages = github.pages("/issues", list[_Issue], state="all", creator=BOT)
    own = [
        issue
        for page in pages
        for issue in page
        if issue.user and issue.user.login == BOT and not issue.pull_request and issue.text.startswith(MARKER)
    ]
    issue = min(own, key=lambda each: each.number, default=None)
    if issue is None:
        if report:
            github.write("POST", "/issues", {"title": TITLE, "body": report})
        return "opened" if report else "there is nothing to report"
    is_open = issue.state == "open"
    if not report:
        if is_open:
            github.write("PATCH", f"/issues/{issue.number}", {"state": "closed", "state_reason": "completed"})
        return f"#{issue.number} closed"
    if not is_open or issue.text != report.strip():
        github.write("PATCH", f"/issues/{issue.number}", {"state": "open", "body": report})
    return f"#{issue.number} up to date"


def main() -> int:
    """Bring the issue up to date; exit code 2 if GitHub refuses."""
    environment = os.environ
    github = GitHub(
        environment["GITHUB_REPOSITORY"],
        environment["GITHUB_TOKEN"],
        url=environment["GITHUB_API_URL"],
        graphql_url=environment["GITHUB_GRAPHQL_URL"],
        server=environment["GITHUB_SERVER_URL"],
        sleep=time.sleep,
    )
    try:
        print(bring_up_to_date(github, Path(sys.argv[1]).read_text(encoding="utf-8")))
    except GitHubError as error:
        print(f"link_issue.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    actions_log.guard(os.environ)
    sys.exit(main())
