"""Records → findings. Each module holds the rules of one group; `judge` runs them all."""

from collections.abc import Iterable, Iterator

from coursehub.checks import claims, content, data, fields, source
from coursehub.checks.rule import HUB_RULES, POST_RULES, Offence, Rule
from coursehub.finding import Finding, Severity
from coursehub.hub import Hub
from coursehub.post import Post

__all__ = ["RULES", "BrokenRuleError", "judge", "judge_data", "judge_posts"]

GROUPS = (source, fields, claims, content, data)
RULES: tuple[Rule, ...] = (*POST_RULES, *HUB_RULES)


class BrokenRuleError(Exception):
    """A rule failed: a bug in Course Hub, and nobody else's fault."""

    def __init__(self, rule: str, path: str, error: Exception) -> None:
        super().__init__(f"the rule {rule} failed on {path} ({type(error).__name__}: {error})")


def judge(hub: Hub) -> list[Finding]:
    """All findings in the repository, by place."""
    return sorted([*judge_data(hub), *judge_posts(hub, hub.posts)])


def judge_data(hub: Hub) -> Iterator[Finding]:
    """Findings in the data files and on what lies in `posts/` as a whole."""
    for rule, severity in _active(HUB_RULES, hub):
        try:
            for offence in rule.judge(hub):
                yield _finding(offence, rule, severity)
        except Exception as error:
            raise BrokenRuleError(rule.name, "the repository", error) from error


def judge_posts(hub: Hub, posts: Iterable[Post]) -> Iterator[Finding]:
    """Findings in these posts, each held against the whole hub."""
    active = [(rule, severity, rule.judge) for rule, severity in _active(POST_RULES, hub)]
    for post in posts:
        for rule, severity, judge in active:
            if post.front is None and rule.needs_front_matter:
                continue
            try:
                for offence in judge(post, hub):
                    yield _finding(offence, rule, severity)
            except Exception as error:
                raise BrokenRuleError(rule.name, post.path, error) from error


def _active(rules: list[Rule], hub: Hub) -> list[tuple[Rule, Severity]]:
    chosen = [(rule, hub.course.severities.get(rule.name, rule.severity)) for rule in rules]
    return [(rule, severity) for rule, severity in chosen if severity is not Severity.OFF]


def _finding(offence: Offence, rule: Rule, severity: Severity) -> Finding:
    return Finding(*offence.place, rule.name, severity, offence.message, offence.help)
