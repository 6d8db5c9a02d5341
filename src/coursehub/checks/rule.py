"""What a rule is: one function, named by the offence, whose docstring is its page in the reference."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from coursehub.checks.scope import Change
from coursehub.records.finding import Place, Severity
from coursehub.records.hub import Hub
from coursehub.records.post import Post


class Offence(NamedTuple):
    """What a rule yields: where, what is wrong (with the value and what it clashes with), what to do."""

    place: Place
    message: str
    help: str


PostJudge = Callable[[Post, Hub], Iterator[Offence]]
HubJudge = Callable[[Hub], Iterator[Offence]]
ChangeJudge = Callable[[Change, Hub], Iterator[Offence]]
Judge = TypeVar("Judge", PostJudge, HubJudge, ChangeJudge)


class Rule(NamedTuple):
    """A rule and its documentation: the docstring's parts."""

    name: str
    group: str
    severity: Severity
    judge: Callable[..., Iterator[Offence]]
    needs_front_matter: bool
    summary: str
    why: str
    bad: str
    good: str


POST_RULES: list[Rule] = []
HUB_RULES: list[Rule] = []
CHANGE_RULES: list[Rule] = []

_DOCSTRING = re.compile(r"(?P<summary>.+?)\n\n(?P<why>.+?)\n\nBad:\n(?P<bad>.+?)\n\nGood:\n(?P<good>.+)", re.DOTALL)


def post_rule(
    severity: Severity = Severity.ERROR, *, needs_front_matter: bool = True
) -> Callable[[PostJudge], PostJudge]:
    """Register a function as a rule that judges one post.

    A post whose front matter could not be read is judged only by rules that do not need it.
    """
    return lambda judge: _register(POST_RULES, judge, severity, needs_front_matter)


def hub_rule(severity: Severity = Severity.ERROR) -> Callable[[HubJudge], HubJudge]:
    """Register a function as a rule that judges the data files and what lies in `posts/` as a whole."""
    return lambda judge: _register(HUB_RULES, judge, severity, needs_front_matter=False)


def change_rule(severity: Severity = Severity.ERROR) -> Callable[[ChangeJudge], ChangeJudge]:
    """Register a function as a rule that judges a pull request as a whole, held against the hub that it makes."""
    return lambda judge: _register(CHANGE_RULES, judge, severity, needs_front_matter=False)


def name_of(judge: Callable[..., Iterator[Offence]]) -> str:
    """The name of the rule that a function is: of `claim_taken`, claim-taken."""
    return judge.__name__.replace("_", "-")


def _register(rules: list[Rule], judge: Judge, severity: Severity, needs_front_matter: bool) -> Judge:
    name = name_of(judge)
    parts = _DOCSTRING.fullmatch(inspect.cleandoc(judge.__doc__ or ""))
    if parts is None:
        raise TypeError(f"the docstring of rule {name} needs a summary, a why, “Bad:” and “Good:”")
    group = (sys.modules[judge.__module__].__doc__ or "").partition(":")[0]
    bad, good = (inspect.cleandoc(f"\n{parts[part]}") for part in ("bad", "good"))
    why = " ".join(parts["why"].split())
    rules.append(Rule(name, group, severity, judge, needs_front_matter, parts["summary"], why, bad, good))
    return judge
