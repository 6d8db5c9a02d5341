"""Where the comment widget keeps comments, as `extra.comments` of `mkdocs.yml` says; read without MkDocs."""

import os
from collections.abc import Mapping

import msgspec

from coursehub.text.mkdocs_yaml import compose, entries, value

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
    """Return the settings in the text of `mkdocs.yml`, else the defaults. Raises `ValueError` where it is no YAML."""
    comments = entries(entries(entries(compose(text)).get("extra")).get("comments"))
    words = {name: value(comments.get(name), environment) for name in Widget.__struct_fields__}
    widget = Widget(**{name: word for name, word in words.items() if word})
    return msgspec.structs.replace(widget, repo="") if widget.repo == PLACEHOLDER else widget
