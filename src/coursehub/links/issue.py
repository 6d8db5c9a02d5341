"""The one issue with the report on links: opened, changed, or closed where nothing is left to report.

It is the first that begins with the report's marker and that the bot wrote.
"""

import msgspec

from coursehub.github.door import GitHub
from coursehub.links.link_report import MARKER

BOT = "github-actions[bot]"
TITLE = "Links that lead nowhere"


class _User(msgspec.Struct):
    login: str


class Issue(msgspec.Struct):
    """An issue as GitHub lists it; a pull request has `pull_request`."""

    number: int
    state: str
    body: str | None = None
    user: _User | None = None
    pull_request: dict[str, object] | None = None

    @property
    def text(self) -> str:
        """Its text, however GitHub ended the lines."""
        return (self.body or "").replace("\r", "").strip()


def bring_up_to_date(github: GitHub, report: str) -> str:
    """Open, change or close the issue, and return what was done, in words. Raises `GitHubError`."""
    pages = github.pages("/issues", list[Issue], state="all", creator=BOT)
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
