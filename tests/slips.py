"""Slips of the keyboard: names with one letter missing, added, changed, or swapped with the next."""

import random
from collections.abc import Iterable
from string import ascii_lowercase


def slip(name: str, seed: str) -> str:
    """The name with one slip: another one for another seed, and for the same seed always the same."""
    chance = random.Random(f"{seed} {name}")
    letters = [at for at, char in enumerate(name) if char.isalpha()]
    at = chance.choice(letters)
    before, char, after = name[:at], name[at], name[at + 1 :]
    other = chance.choice(ascii_lowercase.replace(char.lower(), ""))
    kinds = [before + after, before + other + char + after, before + other + after]
    if after[:1].isalpha() and after[0].lower() != char.lower():
        kinds.append(before + after[0] + char + after[1:])
    return chance.choice(kinds)


def slips(names: Iterable[str], seed: str) -> dict[str, str]:
    """A slip of each name that has five letters or more → that name."""
    return {slip(name, seed): name for name in names if len(name) >= 5}
