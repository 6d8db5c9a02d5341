"""`mkdocs.yml` read without MkDocs, and workflows: as nodes, so that tags need no reader and `on` stays a word."""

from collections.abc import Mapping
from typing import Any

import yaml

from coursehub.text.addresses import is_web_address
from coursehub.text.libyaml import Loader

PATH = "mkdocs.yml"


def compose(text: str) -> yaml.Node | None:
    """Return the root of a YAML text, or None of an empty one. Raises `ValueError` where it is no YAML."""
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        raise ValueError(f"it cannot be read: {error}") from error
    return node


def entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """Name → value of a mapping; nothing of any other node."""
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def words(node: yaml.Node | None) -> list[str]:
    """The names of a mapping, the items of a list, or the one word."""
    if isinstance(node, yaml.MappingNode):
        return list(entries(node))
    if isinstance(node, yaml.SequenceNode):
        return [str(part.value) for part in node.value]
    return [str(node.value)] if node else []


def value(node: yaml.Node | None, environment: Mapping[str, str]) -> str:
    """A word; of `!ENV [NAME, …, default]` the first variable that is set, or else the default.

    Empty where there is neither. As https://github.com/waylan/pyyaml-env-tag reads it, by which MkDocs does.
    """
    if node is None or node.tag != "!ENV":
        return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    names = words(node)
    default = names.pop() if len(names) > 1 else ""
    return next((environment[name] for name in names if name in environment), default)


def settings(text: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """All settings as plain values; of a function that a tag names, its name.

    Raises `ValueError` where the text is no YAML, or no mapping.
    """
    try:
        read = _Settings(environment).construct_document(compose(text) or yaml.MappingNode("tag:yaml.org,2002:map", []))
    except yaml.YAMLError as error:
        raise ValueError(f"it cannot be read: {error}") from error
    if not isinstance(read, dict):
        raise ValueError("it has no names and values")
    return read


class _Settings(yaml.constructor.SafeConstructor):
    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__()
        self.environment = environment

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401
        if node.tag == "!ENV":
            return yaml.safe_load(value(node, self.environment))
        if node.tag.startswith(_PYTHON):
            return node.tag.removeprefix(_PYTHON)
        return super().construct_object(node, deep)


_PYTHON = "tag:yaml.org,2002:python/name:"


def site_url(text: str, environment: Mapping[str, str]) -> str:
    """The address of the published site, with a slash at its end; empty where the text of `mkdocs.yml` has none."""
    address = _address("site_url", text, environment)
    return f"{address}/" if address else ""


def repo_url(text: str, environment: Mapping[str, str]) -> str:
    """The address of the repository, without a slash at its end; empty where the text of `mkdocs.yml` has none."""
    return _address("repo_url", text, environment)


def _address(name: str, text: str, environment: Mapping[str, str]) -> str:
    try:
        address = value(entries(compose(text)).get(name), environment)
    except ValueError:
        return ""
    return address.rstrip("/") if is_web_address(address) else ""


def custom_dir(text: str, environment: Mapping[str, str]) -> str:
    """The folder of the course's own templates, beside `mkdocs.yml`; empty where its text names none.

    Raises `ValueError` where that is no YAML.
    """
    return value(entries(entries(compose(text)).get("theme")).get("custom_dir"), environment)
