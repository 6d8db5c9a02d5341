"""Semesters as people write them."""

from collections.abc import Iterable

from coursehub.names.identity import code

_SEASONS = {"S": ("Spring", "Sp"), "F": ("Fall", "Fa", "Autumn")}


def semester_meant(written: str, semesters: Iterable[str]) -> str | None:
    """The semester that is meant by `S2024`, `S24`, `Spring 2024`, `Autumn '24` or `2024 Spring`."""
    wanted = code(written)
    return next((semester for semester in semesters if wanted in _forms(semester)), None)


def _forms(semester: str) -> set[str]:
    season, year = semester[:1], semester[1:]
    names = (season, *_SEASONS.get(season, ()))
    behind = [f"{name}{digits}" for name in names for digits in (year, year[-2:])]
    return {*map(code, (semester, *behind, *(f"{year}{name}" for name in names)))}
