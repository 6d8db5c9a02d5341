"""The text of a new claim, and whose it is."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from coursehub import history, located
from coursehub.located import Fields, Scalar
from coursehub.post import FOLDER


def path_of(semester: str, key: str) -> str:
    """Where a claim's file lies."""
    return f"{FOLDER}/{semester}/{key}.md"


def text_of(tools: Sequence[str], option: str, semester: str, authors: Sequence[str]) -> str:
    """The front matter of a new claim; the page on claiming tells how it becomes a post."""
    tool = yaml_text(tools[0]) if len(tools) == 1 else f"[{', '.join(map(_quoted, tools))}]"
    author = authors[0] if len(authors) == 1 else f"[{', '.join(authors)}]"
    return f"""---
title: {yaml_text(" + ".join(tools))}
authors: {author}
option: {option}
tool: {tool}
semester: {semester}
status: claimed
---
"""


def yaml_text(text: str) -> str:
    """A text as YAML, in quotes only where it would otherwise be read as something else."""
    root = located.parse(f"name: {text}").root
    value = root.value("name") if isinstance(root, Fields) else None
    is_plain = isinstance(value, Scalar) and value.text == text and value.yaml_type == "str"
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string


_NOREPLY = re.compile(r"(?:\d+\+)?(?P<login>[^+@]+)@users\.noreply\.github\.com", re.IGNORECASE)


def own_login(root: Path, home: Path) -> str | None:
    """The GitHub login of whoever works here, as far as git's or GitHub's own settings tell it."""
    if login := history.setting(root, "github.user"):
        return login
    if address := _NOREPLY.fullmatch(history.setting(root, "user.email") or ""):
        return address["login"]
    hosts = home / ".config/gh/hosts.yml"
    if not hosts.is_file():
        return None
    settings = located.plain(located.parse(hosts.read_text(encoding="utf-8", errors="replace")).root)
    account = settings.get("github.com") if isinstance(settings, dict) else None
    return str(account["user"]) if isinstance(account, dict) and account.get("user") else None
