"""Where the comment widget keeps comments, as `extra.comments` of `mkdocs.yml` says; read without MkDocs."""

import os
from collections.abc import Mapping

import msgspec
import yaml

PATH = "mkdocs.yml"
PLACEHOLDER = "OWNER/NAME"


class Widget(msgspec.Struct, frozen=True):
    """Who keeps the comments, and where: giscus in a category of Discussions, utterances in issues with a label.

    `repo` is the repository on GitHub, or empty where none is set up.
    """

    repo: str = ""
    provider: str = "giscus"
    category: str = "Announcements"
    label: str = "comments"


def read(text: str, environment: Mapping[str, str] = os.environ) -> Widget:
    """What the file's text says, and else the defaults. Raises `ValueError` where it is no YAML."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)  # nodes, so that MkDocs' own tags need no reader
    except yaml.YAMLError as error:
        raise ValueError(f"it can not be read: {error}") from error
    comments = _entries(_entries(_entries(root).get("extra")).get("comments"))
    said = {name: _value(comments.get(name), environment) for name in Widget.__struct_fields__}
    found = Widget(**{name: value for name, value in said.items() if value})
    return msgspec.structs.replace(found, repo="") if found.repo == PLACEHOLDER else found


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _value(node: yaml.Node | None, environment: Mapping[str, str]) -> str:
    """A word, or of `!ENV [NAME, …, default]` the first variable that is set, or else the default."""
    if isinstance(node, yaml.SequenceNode) and node.tag == "!ENV":
        *names, last = [str(part.value) for part in node.value] or [""]
        return next((environment[name] for name in names if name in environment), last)
    if isinstance(node, yaml.ScalarNode) and node.tag == "!ENV":
        return environment.get(node.value, "")
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
