"""Words that say what a link or a line on a course's page is: `words.toml`."""

import tomllib
from importlib import resources

_WORDS: dict[str, str] = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))

LABELS = frozenset(_WORDS["labels"].split())
FILLERS = frozenset(_WORDS["fillers"].split())
PEOPLE = frozenset(_WORDS["people"].split())
SENTENCE_STARTS = frozenset(_WORDS["sentence_starts"].split())
WORK = frozenset(_WORDS["work"].split())
