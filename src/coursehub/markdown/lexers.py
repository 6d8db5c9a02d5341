"""Lexers of Pygments, which take code apart into tokens, in a third of the time.

They try the rules of a state one after the other: of Python's some 35 for each token, most of which match nothing that
begins with the next character. Here only those are tried that may; and no lexer reads one place for ever. All that is
not public of Pygments is here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from re import Pattern
from typing import Any

from pygments.lexer import Lexer, RegexLexer
from pygments.lexers import get_lexer_by_name
from pygments.lexers.special import TextLexer
from pygments.token import Error, Text, Whitespace, _TokenType
from pygments.util import ClassNotFound

from coursehub.text.openings import ANYTHING, OTHER, openings

PLAIN = TextLexer(stripnl=False)


@lru_cache(maxsize=200)
def lexer_of(language: str) -> Lexer:
    """The lexer of a language, which may have any of its names; of another one, the lexer of plain text."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return PLAIN
    states = getattr(lexer, "_tokens", None)
    if states and type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed:  # others have their own ways
        rules_of = cache(lambda state: _Rules(states[state]))
        lexer.get_tokens_unprocessed = partial(_tokens, lexer, rules_of)  # type: ignore[method-assign]
    return lexer


class _Rules(dict[str, list[Any]]):
    """The next character, or none at the end → the rules of a state that may match there, in their order."""

    def __init__(self, rules: Sequence[Any]) -> None:
        super().__init__()
        self._rules = [(rule, _openings(rule[0])) for rule in rules]

    def __missing__(self, character: str) -> list[Any]:
        if not character.isascii():
            return self[OTHER]
        self[character] = [rule for rule, characters in self._rules if character in characters]
        return self[character]


@cache  # for states share rules
def _openings(match: object) -> frozenset[str]:
    pattern = getattr(match, "__self__", None)
    return openings(pattern) if isinstance(pattern, Pattern) else ANYTHING


def _tokens(
    lexer: Lexer, rules_of: Callable[[str], _Rules], text: str, stack: Iterable[str] = ("root",)
) -> Iterator[tuple[int, _TokenType, str]]:
    """(offset, kind, text) of each token, as `RegexLexer.get_tokens_unprocessed` has them.

    Where that would go round in a circle for ever, what remains is one token.
    """
    offset, states, passed = 0, [*stack], set[tuple[object, ...]]()
    rules = rules_of(states[-1])
    while True:
        for match, action, change in rules[text[offset : offset + 1]]:
            if not (piece := match(text, offset)):
                continue
            if piece.end() == offset:
                if (here := (offset, *states)) in passed:
                    yield offset, Text, text[offset:]
                    return
                passed.add(here)
            if type(action) is _TokenType:
                yield offset, action, piece[0]
            elif action:
                yield from action(lexer, piece)
            offset = piece.end()
            if change is not None:
                _enter(states, change)
                rules = rules_of(states[-1])
            break
        else:
            if offset == len(text):
                return
            character, offset = text[offset], offset + 1
            if character == "\n":  # then begins what has nothing to do with the error
                states, rules = ["root"], rules_of("root")
            yield offset - 1, Whitespace if character == "\n" else Error, character


def _enter(states: list[str], change: int | str | Iterable[str]) -> None:
    """Change the states that are open, of which the first never ends: end some, or begin others."""
    if isinstance(change, int):
        del states[max(1, len(states) + change) :]
        return
    for each in [change] if isinstance(change, str) else change:
        if each != "#pop":
            states.append(states[-1] if each == "#push" else each)
        elif len(states) > 1:
            states.pop()
