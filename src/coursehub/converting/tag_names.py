"""The meaning of the tags of other engines, by their names: `tags.toml`."""

import tomllib
from importlib import resources
from typing import Any

from coursehub.markdown.alerts import KIND_BY_NAME

_DATA: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("tags.toml").read_text("utf-8"))

VERBATIM = frozenset(_DATA["verbatim"].split())
QUOTES = frozenset(_DATA["quotes"].split())
FOLDING = frozenset(_DATA["folding"].split())
LOOKS = frozenset(_DATA["looks"].split())
PICTURES = frozenset(_DATA["pictures"].split())
NOTHING = frozenset(_DATA["nothing"].split())
ALERTS: dict[str, str] = {
    **KIND_BY_NAME,
    **{name: kind for kind, names in _DATA["alerts"].items() for name in names.split()},
}
EMOJI: dict[str, str] = {sign: kind for kind, signs in _DATA["emoji"].items() for sign in signs.split()}
EMBEDS: dict[str, tuple[str, str]] = {
    name: (words, address) for names, (words, address) in _DATA["embeds"].items() for name in names.split()
}
