"""The text of a new claim, and whose it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from coursehub.records.paths import FOLDER
from coursehub.system import git
from coursehub.text import located
from coursehub.text.yaml_writing import yaml_text

SCHEMA_PATH = "api/front-matter.schema.json"  # on the site


def path_of(semester: str, key: str) -> str:
    """Where a claim's file lies."""
    return f"{FOLDER}/{semester}/{key}.md"


def schema_at(site: str) -> str:
    """The address of the schema of front matter on the site at this address, which is empty where there is none."""
    return f"{site}{SCHEMA_PATH}" if site else ""


def text_of(
    tools: Sequence[str], option: str, semester: str, authors: Sequence[str], schema: str, *, is_repeat: bool = False
) -> str:
    """The front matter of a new claim; docs/claim.md shows how it becomes a post.

    `schema` is the address by which editors know its fields; where it is empty, nothing is said of it. Where the
    student has to write, as in `differences` where earlier posts have the claim, there is a comment.
    """
    for_editors = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    differences = "differences: # a paragraph: what your post adds to the earlier ones\n" if is_repeat else ""
    return f"""---
{for_editors}title: {yaml_text(" + ".join(tools))}
authors: {_one_or_list(authors) if authors else "# your GitHub login"}
option: {option}
tool: {_one_or_list(tools)}
semester: {semester}
status: claimed
{differences}---
"""


def _one_or_list(texts: Sequence[str]) -> str:
    written = [yaml_text(text) for text in texts]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


_NOREPLY = re.compile(r"(?:\d+\+)?(?P<login>[^+@]+)@users\.noreply\.github\.com", re.IGNORECASE)


def own_login(root: Path, home: Path, environment: Mapping[str, str]) -> str | None:
    """The GitHub login of whoever works here, as far as git's or the settings of GitHub's command have it."""
    if login := git.setting(root, "github.user"):
        return login
    if address := _NOREPLY.fullmatch(git.setting(root, "user.email") or ""):
        return address["login"]
    hosts = next(filter(Path.is_file, _hosts(home, environment)), None)
    if hosts is None:
        return None
    settings = located.plain(located.parse(hosts.read_text(encoding="utf-8", errors="replace")).root)
    account = settings.get("github.com") if isinstance(settings, dict) else None
    return str(account["user"]) if isinstance(account, dict) and account.get("user") else None


def _hosts(home: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Where the settings of GitHub's command may be, on any system: https://cli.github.com/manual/gh_help_environment."""
    for name, folder in (("GH_CONFIG_DIR", ""), ("XDG_CONFIG_HOME", "gh"), ("APPDATA", "GitHub CLI")):
        if environment.get(name):
            yield Path(environment[name], folder, "hosts.yml")
    yield home / ".config/gh/hosts.yml"
