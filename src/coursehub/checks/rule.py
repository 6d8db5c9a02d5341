"""A rule: one function, named by the offence, whose docstring is its page in the reference."""

import inspect
import sys
from collections.abc import Callable, Hashable, Iterator
from typing import Any, NamedTuple, TypeVar

from coursehub.checks.scope import Change
from coursehub.records.finding import NO_FIX, Fix, Place, Severity
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.addresses import is_web_address
from coursehub.text.expressions import expression


class Cause(NamedTuple):
    """The reason that several offences in a file have in common, so that they are one finding.

    `key` is the same for all of them; `name` is what each is called where they are listed, if its line is not enough.
    """

    key: Hashable
    name: str = ""


class Offence(NamedTuple):
    """An offence as a rule yields it: where, what is wrong (with the value and what it clashes with), what to do.

    `help` is a function where it takes time to find out, such as which known name is meant: it is called only for the
    offences that are reported. So may be `fix`, which does it where a program can (see `Fix`). Those of one `cause` are
    reported as one, in the words of the first.
    """

    place: Place
    message: str
    help: str | Callable[[], str]
    fix: Fix | Callable[[], Fix] = NO_FIX
    cause: Cause | None = None

    def find_fix(self) -> Fix:
        """Return the fix, which may take time; `NO_FIX` where there is none."""
        return self.fix if isinstance(self.fix, Fix) else self.fix()


PostJudge = Callable[[Post, Hub], Iterator[Offence]]
HubJudge = Callable[[Hub], Iterator[Offence]]
ChangeJudge = Callable[[Change, Hub], Iterator[Offence]]
Judge = TypeVar("Judge", PostJudge, HubJudge, ChangeJudge)


class Rule(NamedTuple):
    """A rule and its documentation: the docstring's parts.

    Of the last four, which most rules lack, `fix` says what a program can do about an offence, `options` are settings
    of `data/course.yaml` with what each changes, and `references` are web addresses.
    """

    name: str
    group: str
    severity: Severity
    judge: Callable[..., Iterator[Offence]]
    needs_front_matter: bool
    summary: str
    why: str
    bad: str
    good: str
    needs_trouble: bool = False
    fix: str = ""
    options: tuple[tuple[str, str], ...] = ()
    known_problems: str = ""
    references: tuple[str, ...] = ()


POST_RULES: list[Rule] = []
HUB_RULES: list[Rule] = []
CHANGE_RULES: list[Rule] = []

_SECTION = expression(r"\n\n(\S[^\n]*):\n(?=    )")


def post_rule(
    severity: Severity = Severity.ERROR, *, needs_front_matter: bool = True
) -> Callable[[PostJudge], PostJudge]:
    """Register a function as a rule that judges one post.

    A post whose front matter could not be read is judged only by rules that do not need it.
    """
    return lambda judge: _register(POST_RULES, judge, severity, needs_front_matter=needs_front_matter)


def trouble_rule(severity: Severity = Severity.ERROR) -> Callable[[PostJudge], PostJudge]:
    """Register a function as a rule that reports troubles with which a post was read: of others it is not asked."""
    return lambda judge: _register(POST_RULES, judge, severity, needs_trouble=True)


def hub_rule(severity: Severity = Severity.ERROR) -> Callable[[HubJudge], HubJudge]:
    """Register a function as a rule that judges the data files and what lies in `posts/` as a whole."""
    return lambda judge: _register(HUB_RULES, judge, severity)


def change_rule(severity: Severity = Severity.ERROR) -> Callable[[ChangeJudge], ChangeJudge]:
    """Register a function as a rule that judges a pull request as a whole, held against the hub that it makes."""
    return lambda judge: _register(CHANGE_RULES, judge, severity)


def name_of(judge: Callable[..., Iterator[Offence]]) -> str:
    """The name of the rule that a function is: of `claim_taken`, claim-taken."""
    return judge.__name__.replace("_", "-")


def _register(
    rules: list[Rule],
    judge: Judge,
    severity: Severity,
    *,
    needs_front_matter: bool = False,
    needs_trouble: bool = False,
) -> Judge:
    name = name_of(judge)
    group = (sys.modules[judge.__module__].__doc__ or "").partition(":")[0]
    documentation = _documentation(name, judge.__doc__ or "")
    rules.append(Rule(name, group, severity, judge, needs_front_matter, needs_trouble=needs_trouble, **documentation))
    return judge


def _documentation(name: str, docstring: str) -> dict[str, Any]:
    """The fields of a rule that its docstring gives. Raises `TypeError`, with what is missing, unknown or wrong."""
    opening, *sections = _SECTION.split(inspect.cleandoc(docstring))
    summary, _, why = opening.partition("\n\n")
    texts = {title: inspect.cleandoc(f"\n{text}") for title, text in zip(sections[::2], sections[1::2], strict=True)}
    bad, good = texts.pop("Bad", ""), texts.pop("Good", "")
    if not (summary and why and bad and good):
        raise TypeError(f"the docstring of rule {name} needs a summary, a why, “Bad:” and “Good:”")
    options = [line.partition(": ")[::2] for line in texts.pop("Options", "").splitlines()]
    fix = " ".join(texts.pop("Fix", "").split())
    known_problems = " ".join(texts.pop("Known problems", "").split())
    references = tuple(texts.pop("References", "").split())
    if texts:
        raise TypeError(f"the docstring of rule {name} has an unknown section “{next(iter(texts))}:”")
    for setting, sense in options:
        if not sense:
            raise TypeError(f"the docstring of rule {name} has the option “{setting}”, not “setting: what it changes”")
    for reference in references:
        if not is_web_address(reference):
            raise TypeError(f"the docstring of rule {name} refers to “{reference}”, which is no web address")
    return {
        "summary": summary, "why": " ".join(why.split()), "bad": bad, "good": good,
        "fix": fix, "options": tuple(options), "known_problems": known_problems, "references": references,
    }  # fmt: skip
