"""The parts of a year in which courses are held, and their names in several languages: `seasons.toml`."""

import tomllib
from importlib import resources
from typing import Any

SPRING, SUMMER, FALL, WINTER = "spring", "summer", "fall", "winter"
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}

_DATA: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("seasons.toml").read_text("utf-8"))

SEASON_OF: dict[str, str] = {word: season for season, words in _DATA["words"].items() for word in words.split()}
LETTERS: dict[str, str] = _DATA["letters"]
PERIODS: list[str] = _DATA["periods"]["words"].split()
