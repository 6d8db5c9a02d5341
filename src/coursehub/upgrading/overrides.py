"""Templates that a course has instead of the theme's: which text each was made from, and whether it is still there."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

SUFFIXES = (".html", ".xml")
# Nothing of it is printed, nor the line's end: a template may have to begin with <?xml.
_MARK = re.compile(
    r"\A\s*\{#- Made from (?P<name>\S+) of (?P<package>\S+) (?P<version>\S+), (?P<digest>[0-9a-f]{64}) -#\}"
)


class Template(msgspec.Struct, frozen=True):
    """A template of the theme: the package and the version that it is of, and its text."""

    package: str
    version: str
    text: str


class Misfit(NamedTuple):
    """An override that no longer fits, by its path in the course's folder of them, and why; or cannot be judged."""

    path: str
    words: str
    is_judged: bool = True


def override(name: str, template: Template) -> str:
    """Return the text of a new override: the template's own, below a line that says what it was made from."""
    origin = f"{name} of {template.package} {template.version}, {_digest(template.text)}"
    return f"{{#- Made from {origin} -#}}\n{template.text}"


def misfits(overrides: Mapping[str, str], templates: Mapping[str, Template]) -> Iterator[Misfit]:
    """The overrides whose template has another text now, or is no more, and those that do not say what theirs was.

    `overrides`: path → text; `templates`: name → template, of all packages that can be judged.
    """
    packages = {template.package for template in templates.values()}
    for path, text in sorted(overrides.items()):
        mark = _MARK.match(text)
        if not mark:
            if path in templates:
                yield Misfit(path, f"does not say which text of {path} it was made from")
        elif mark["package"] not in packages:
            package = mark["package"]
            yield Misfit(path, f"cannot be judged where {package} is not installed in the version of the lock", False)
        elif (now := templates.get(mark["name"])) is None:
            yield Misfit(path, f"was made from {mark['name']}, which the theme has no more")
        elif mark["digest"] != _digest(now.text):
            yield Misfit(path, f"was made from another text than {mark['name']} has in {now.package} {now.version}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
