"""A tool's home page: whether two names lead to one, as a second witness, and the name that an address has in it."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from coursehub.text.expressions import expression

# Hosts on which a project is owner/name, whatever page of it a link shows.
_FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "huggingface.co")


def address(url: str) -> str:
    """The host and path of a tool's home, for comparing; empty where a link leads to no tool.

    Scheme, `www.`, case of the host, a closing slash and what follows a project on a forge do not count. A forge's
    owner alone is no tool.
    """
    host, whole_path = _host_and_path(url)
    host, path = host.removeprefix("www."), [part for part in whole_path.split("/") if part]
    if host not in _FORGES:
        return "/".join((host, *path)) if host else ""
    return f"{host}/{path[0]}/{path[1].removesuffix('.git')}".lower() if len(path) > 1 else ""


_PLAIN = expression(r"https?://([a-z0-9.-]+)((?:/[\w.~-]*)*)", re.ASCII)


def _host_and_path(url: str) -> tuple[str, str]:
    """The host and the path of an address, as `urlsplit` gives them; none where it refuses the address."""
    if plain := _PLAIN.fullmatch(url):  # as nearly all are, and many times as fast
        return plain[1], plain[2]
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.path
    except ValueError:
        return "", ""


def code(urls: Sequence[str]) -> str:
    """The homes of all tools of a claim, in one order; empty where one of them is not told."""
    if len(urls) == 1:
        return address(urls[0])
    homes = {address(url) for url in urls}
    return " ".join(sorted(homes)) if homes and "" not in homes else ""


# Where an address has a tool's name in it; `assets/home-pages.js` has the same, and a test holds them together.
_NAMED = expression(
    r"(?:https?://)?(?:www\.)?(?:"
    rf"(?:{'|'.join(map(re.escape, _FORGES))})/[^/?#]+/([^/?#]+)"
    r"|pypi\.org/project/([^/?#]+)|npmjs\.com/package/(?:@[^/?#]+/)?([^/?#]+)|crates\.io/crates/([^/?#]+)"
    r"|hub\.docker\.com/(?:_|r/[^/?#]+)/([^/?#]+)"
    r"|([^./?#]+)\.(?:readthedocs\.(?:io|org)|apache\.org|github\.io/?$)|[^./?#]+\.github\.io/([^/?#]+)"
    r")(?:[/?#].*)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
# Else a tool's own domain, unless it is one of many tools or of what people write.
_OWN = expression(
    r"https?://(?:(?:www|docs?|app)\.)?(?!(?:github|gitlab|google|microsoft|amazon|azure|medium|youtube|wikipedia|example)\.)"
    r"([a-z0-9-]+)\.(?:com|org|net|io|ai|dev|co|tech|cloud)(?:[/?#].*)?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)


def name_in(text: str) -> str:
    """The tool's name in the address of its repository, package or home page; any other text as it is."""
    match = _NAMED.fullmatch(text) or _OWN.fullmatch(text)
    return next(filter(None, match.groups())).removesuffix(".git") if match else text
