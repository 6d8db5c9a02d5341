"""`tool_url` as a second witness: what two names have in common when they lead to one repository or home page."""

from collections.abc import Sequence
from urllib.parse import urlsplit

# Hosts on which a project is owner/name, whatever page of it a link shows.
_FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "huggingface.co")


def address(url: str) -> str:
    """The host and path of a tool's home, for comparing; empty where a link leads to no tool.

    Scheme, `www.`, case of the host, a closing slash and what follows a project on a forge do not count. A forge's
    owner alone is no tool.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = [part for part in parts.path.split("/") if part]
    if host not in _FORGES:
        return "/".join((host, *path)) if host else ""
    return f"{host}/{path[0]}/{path[1].removesuffix('.git')}".lower() if len(path) > 1 else ""


def code(urls: Sequence[str]) -> str:
    """The homes of all tools of a claim, in one order; empty where one of them is not told."""
    homes = {address(url) for url in urls}
    return " ".join(sorted(homes)) if homes and "" not in homes else ""
