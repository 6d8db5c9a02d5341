"""Records → findings. Each module of `rules/` holds the rules of one group; `judge` runs them all."""

import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from coursehub.checks import rules
from coursehub.checks.rule import CHANGE_RULES, HUB_RULES, POST_RULES, Offence, PostJudge, Rule
from coursehub.checks.scope import Change
from coursehub.records.finding import Finding, Severity
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from forkpool import in_order

__all__ = ["RULES", "BrokenRuleError", "judge", "judge_change", "judge_data", "judge_posts"]

for _module in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}."):
    import_module(_module.name)
RULES: tuple[Rule, ...] = (*POST_RULES, *HUB_RULES, *CHANGE_RULES)


class BrokenRuleError(Exception):
    """A rule failed: a bug in Course Hub, and nobody else's fault."""

    def __init__(self, rule: str, path: str, error: Exception) -> None:
        super().__init__(f"the rule {rule} failed on {path} ({type(error).__name__}: {error})")


def judge(hub: Hub, processes: int = 1) -> list[Finding]:
    """All findings in the repository, by place; many posts are shared among so many processes."""
    return sorted([*judge_data(hub), *judge_posts(hub, hub.posts, processes)])


def judge_data(hub: Hub) -> Iterator[Finding]:
    """Findings in the data files and on what lies in `posts/` as a whole."""
    yield from _run(HUB_RULES, hub, "the repository", hub)


def judge_change(hub: Hub, change: Change) -> Iterator[Finding]:
    """Findings in a pull request as a whole; `hub` is the repository as the change makes it."""
    yield from _run(CHANGE_RULES, hub, "the pull request", change, hub)


def _run(rules: list[Rule], hub: Hub, what: str, *judged: object) -> Iterator[Finding]:
    for rule, severity in _active(rules, hub):
        try:
            for offence in rule.judge(*judged):
                yield _finding(offence, rule, severity)
        except Exception as error:
            raise BrokenRuleError(rule.name, what, error) from error


def judge_posts(hub: Hub, posts: Sequence[Post], processes: int = 1) -> list[Finding]:
    """Findings in these posts, each held against the whole hub; many are shared among so many processes."""
    active = [(rule, severity, rule.judge) for rule, severity in _active(POST_RULES, hub)]
    without_front = [each for each in active if not each[0].needs_front_matter]

    def judged(post: Post) -> list[Finding]:
        return list(_judged(post, hub, without_front if post.front is None else active))

    by_post = in_order(judged, posts, list[Finding], processes)
    return [finding for findings in by_post for finding in findings]


def _judged(post: Post, hub: Hub, active: Iterable[tuple[Rule, Severity, PostJudge]]) -> Iterator[Finding]:
    for rule, severity, judge in active:
        try:
            for offence in judge(post, hub):
                yield _finding(offence, rule, severity)
        except Exception as error:
            raise BrokenRuleError(rule.name, post.path, error) from error


def _active(rules: list[Rule], hub: Hub) -> list[tuple[Rule, Severity]]:
    chosen = [(rule, hub.course.severities.get(rule.name, rule.severity)) for rule in rules]
    return [(rule, severity) for rule, severity in chosen if severity is not Severity.OFF]


def _finding(offence: Offence, rule: Rule, severity: Severity) -> Finding:
    return Finding(*offence.place, rule.name, severity, offence.message, offence.help, offence.fix)
