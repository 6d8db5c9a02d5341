"""Records → findings. Each module of `rules/` holds the rules of one group; `judge` runs them all."""

import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import chain

from coursehub.checks import rules
from coursehub.checks.causes import by_cause
from coursehub.checks.rule import CHANGE_RULES, HUB_RULES, POST_RULES, Offence, Rule
from coursehub.checks.scope import Change
from coursehub.records.finding import NO_FIX, Finding, Fix, Place, Severity
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from forkpool import for_runs

__all__ = ["MOST", "RULES", "BrokenRuleError", "judge", "judge_change", "judge_data", "judge_posts"]

for _module in pkgutil.iter_modules(rules.__path__, f"{rules.__name__}."):
    import_module(_module.name)
MOST = 50  # findings of one rule in one file; more help nobody, and to word them all can take minutes
LONGEST = 2000  # characters of a message, which quotes what somebody wrote
RULES: tuple[Rule, ...] = (*POST_RULES, *HUB_RULES, *CHANGE_RULES)


class BrokenRuleError(Exception):
    """A rule failed: a bug in Course Hub, and nobody else's fault."""

    def __init__(self, rule: str, path: str, error: Exception) -> None:
        super().__init__(f"the rule {rule} failed on {path} ({type(error).__name__}: {error})")


def judge(hub: Hub, processes: int = 1) -> list[Finding]:
    """All findings in the repository, by place; many posts are shared among so many processes."""
    return sorted([*judge_data(hub), *judge_posts(hub, hub.posts, processes)])


def judge_data(hub: Hub, *, all_fixes: bool = False) -> Iterator[Finding]:
    """Findings in the data files and on what lies in `posts/` as a whole; for `all_fixes`, see `judge_posts`."""
    yield from _run(HUB_RULES, hub, "the repository", all_fixes, hub)


def judge_change(hub: Hub, change: Change, *, all_fixes: bool = False) -> Iterator[Finding]:
    """Findings in a pull request as a whole; `hub` is the repository as the change makes it."""
    yield from _run(CHANGE_RULES, hub, "the pull request", all_fixes, change, hub)


def _run(rules: list[Rule], hub: Hub, what: str, all_fixes: bool, *judged: object) -> Iterator[Finding]:
    for rule, severity in _active(rules, hub):
        try:
            yield from _findings(rule.judge(*judged), rule, severity, all_fixes=all_fixes)
        except OSError:  # of a text that is read now: nobody's bug
            raise
        except Exception as error:
            raise BrokenRuleError(rule.name, what, error) from error


def judge_posts(hub: Hub, posts: Sequence[Post], processes: int = 1, *, all_fixes: bool = False) -> list[Finding]:
    """Findings in these posts, each held against the whole hub; many are shared among so many processes.

    Of one rule in one file they are the first `MOST`, and one that says how many more there are. `all_fixes`: those
    with a fix are all there.
    """
    active = _active(POST_RULES, hub)

    def judged(run: Sequence[Post]) -> list[Finding]:
        readable = [post for post in run if post.is_readable]
        troubled = [post for post in run if post.troubles]
        return [
            finding
            for rule, severity in active
            for finding in _judged(
                troubled if rule.needs_trouble else readable if rule.needs_front_matter else run,
                hub, rule, severity, all_fixes=all_fixes,
            )
        ]  # fmt: skip

    return for_runs(judged, posts, Finding, processes)


def _judged(posts: Iterable[Post], hub: Hub, rule: Rule, severity: Severity, *, all_fixes: bool) -> Iterator[Finding]:
    for post in posts:
        try:
            offences = rule.judge(post, hub)
            if first := next(offences, None):  # most rules have nothing to say of most posts
                yield from _findings(chain((first,), offences), rule, severity, all_fixes=all_fixes)
        except OSError:  # as above
            raise
        except Exception as error:
            raise BrokenRuleError(rule.name, post.path, error) from error


def _active(rules: list[Rule], hub: Hub) -> list[tuple[Rule, Severity]]:
    chosen = [(rule, hub.course.severities.get(rule.name, rule.severity)) for rule in rules]
    return [(rule, severity) for rule, severity in chosen if severity is not Severity.OFF]


def _findings(offences: Iterable[Offence], rule: Rule, severity: Severity, *, all_fixes: bool) -> Iterator[Finding]:
    """The first `MOST` in each file, and where the next one is, how many more there are."""
    counts: dict[str, int] = {}
    further: dict[str, tuple[Place, int]] = {}
    for offence in by_cause(offences):
        path = offence.place.path
        count = counts[path] = counts.get(path, 0) + 1
        fix = offence.find_fix() if count <= MOST or all_fixes else NO_FIX
        if count <= MOST or fix:
            yield _finding(offence, rule, severity, fix)
        else:
            place, more = further.get(path, (offence.place, 0))
            further[path] = place, more + 1
    for place, more in further.values():
        yield Finding(*place, rule.name, severity, _MORE.format(more), _MORE_HELP, more=more)


def _finding(offence: Offence, rule: Rule, severity: Severity, fix: Fix) -> Finding:
    help = offence.help if isinstance(offence.help, str) else offence.help()
    return Finding(*offence.place, rule.name, severity, _short(offence.message), _short(help), fix)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


_MORE = "… and {:,} more like this in this file"
_MORE_HELP = "Fix those that are listed, and the next check shows the rest."
