"""Web addresses and GitHub logins: the one definition of each."""

import re
from functools import lru_cache

from coursehub.text.expressions import expression

# No blank, no mark that ends an address in text, HTML or Markdown, and nothing invisible.
_NEVER = r'\s<>"\\\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff'
# Nor, in a host, what browsers refuse there (https://url.spec.whatwg.org/#forbidden-host-code-point) or turn into it,
# such as the letters of full width.
_LABEL = rf"[^.:/?#@|^%\[\]{_NEVER}\u2000-\u206f\u2100-\u214f\u2a74\u3002\ufe10-\ufe6f\uff00-\uffef]+"

# For Python and for JSON Schema (ECMA-262). Letters may be of any script: https://www.rfc-editor.org/rfc/rfc3987
PATTERN = rf"^[Hh][Tt][Tt][Pp][Ss]?://(?:{_LABEL}\.)+{_LABEL}\.?(?::[0-9]{{0,5}})?(?:[/?#][^{_NEVER}]*)?$"

_ADDRESS = expression(PATTERN)
_HOST = expression(r"//(?:www\.)?([^/?#:]+)", re.IGNORECASE)
# Letters, digits, single hyphens, 39 at most, for Python and for JSON Schema, too:
# https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam
LOGIN = r"^(?=.{1,39}$)[A-Za-z0-9](?:-?[A-Za-z0-9])*$"

_LOGIN = expression(LOGIN)


@lru_cache(maxsize=1024)  # several rules in turn ask for those of one post
def is_web_address(text: str) -> bool:
    """Whether a text is an address that any reader can open.

    It has http or https, a host with a dot, and neither a user, a blank, a backslash nor an invisible character.
    """
    return bool(_ADDRESS.fullmatch(text)) and text.isprintable()


@lru_cache(maxsize=10_000)  # most are asked for several times
def host(text: str) -> str:
    """The host of a web address in lower case, without `www.`; empty for any other text."""
    match = _HOST.search(text) if is_web_address(text) else None
    return match[1].lower() if match else ""


def is_login(text: str) -> bool:
    """Whether a text can be a GitHub login."""
    return bool(_LOGIN.fullmatch(text))


_PROFILE = expression(r"(?:(?:https?://)?(?:www\.)?github\.com/)?@?([a-z\d-]+)/?(?:[?#].*)?", re.IGNORECASE | re.ASCII)


def login_meant(text: str) -> str:
    """The login that is meant by `@octocat` or the address of a profile; empty where it is none."""
    match = _PROFILE.fullmatch(_bare(text))
    return match[1] if match and is_login(match[1]) else ""


_IN_MARKDOWN = expression(r"\[[^\]]*\]\(<?([^()<>\s]*)>?\)|<([^<>\s]*)>")
_SCHEME = expression(r"h+t+p+(s?)(?::[/\\]*|[/\\]{2})(?=[^/\\:])", re.IGNORECASE)
_SSH = expression(r"(?:ssh://)?git@([\w.-]+)[:/](.+?)(?:\.git)?", re.ASCII)
_NO_SCHEME = expression(
    r"(?:www\.[^/\s]+|[\w-]+(?:\.[\w-]+)*\.(?:ai|com|co|dev|edu|gov|io|net|org))(?:[/?#].*)?", re.IGNORECASE
)


def address_meant(text: str) -> str:
    """The web address that is meant by one without https://, in Markdown or with a slip; empty where it is none."""
    bare = _bare(text)
    if ssh := _SSH.fullmatch(bare):
        address = f"https://{ssh[1]}/{ssh[2]}"
    elif scheme := _SCHEME.match(bare):
        address = f"http{scheme[1].lower()}://{bare[scheme.end() :]}"
    else:
        address = f"https://{bare.removeprefix('//')}" if _NO_SCHEME.fullmatch(bare.removeprefix("//")) else ""
    return address if is_web_address(address) else ""


def _bare(text: str) -> str:
    """The address in a link of Markdown, or the text itself."""
    text = text.strip().rstrip(",;")
    match = _IN_MARKDOWN.fullmatch(text)
    return (match[1] or match[2] or "") if match else text


_UNSEEN = expression(r"[\x00-\x20\x7f]+")


def scheme(address: str) -> str:
    """The scheme of an address as a browser sees it, which passes over white space and controls; empty without one."""
    if ":" not in address:
        return ""
    if address.startswith(("https:", "http:")):  # as nearly all do
        return address[: address.index(":")]
    head, colon, _ = _UNSEEN.sub("", address).partition(":")
    return head.lower() if colon and not any(sign in head for sign in "/?#") else ""


def leads_here(address: str) -> bool:
    """Whether an address leads to the site that has it: it names no scheme, and no host."""
    return not scheme(address) and not address.startswith("//")
