"""Ordinary English: the words that alone name no tool, and those that join others to a sentence."""

from functools import cache
from pathlib import Path

from coursehub.text.expressions import expression

_JOINING = """
a about across after an are as at be before between but by can do does for from get how i in into is it its make makes
my not of on onto or our over should than that the their this through to toward towards under use used uses using via
was we what when where which who why will with within without you your
"""
_OF_THE_TRADE = """
api backend blockchain ci cd cybersecurity dataset devops devsecops frontend gitops infrastructure llm llmops
microservice ml mlops serverless workflow
"""  # what courses about software have in every other title, and lists of general English do not

JOINING = frozenset(_JOINING.split())

# Forms that no list of words has all of. A tool's name with such an ending is listed, or has another word beside it.
_FORMS = expression(r"\w{4,}(?:ing|tion|ment|ance|ence|ness|able|ible|ative|ized|ised|ability|ibility)s?")


def is_ordinary(word: str) -> bool:
    """Whether a folded word (`identity.fold`) is an ordinary one of English, a number or a single letter."""
    return (
        len(word) < 2
        or word.isdecimal()
        or not _words().isdisjoint((word, word.removesuffix("s")))
        or _FORMS.fullmatch(word) is not None
    )


@cache
def _words() -> frozenset[str]:
    text = Path(__file__).with_name("english.txt").read_text("utf-8")
    words = (line for line in text.split("\n") if line and not line.startswith("#"))
    return frozenset((*words, *_OF_THE_TRADE.split()))
