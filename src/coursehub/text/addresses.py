"""Web addresses and GitHub logins: the one definition of each."""

import re
from functools import lru_cache

# No blank, no mark that ends an address in text, HTML or Markdown, and nothing invisible.
_NEVER = r'\s<>"\\\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff'
# Nor, in a host, what browsers refuse there (https://url.spec.whatwg.org/#forbidden-host-code-point) or turn into it,
# such as the letters of full width.
_LABEL = rf"[^.:/?#@|^%\[\]{_NEVER}\u2000-\u206f\u2100-\u214f\u2a74\u3002\ufe10-\ufe6f\uff00-\uffef]+"

# For Python and for JSON Schema (ECMA-262). Letters may be of any script: https://www.rfc-editor.org/rfc/rfc3987
PATTERN = rf"^[Hh][Tt][Tt][Pp][Ss]?://(?:{_LABEL}\.)+{_LABEL}\.?(?::[0-9]{{0,5}})?(?:[/?#][^{_NEVER}]*)?$"

_ADDRESS = re.compile(PATTERN)
_HOST = re.compile(r"//(?:www\.)?([^/?#:]+)", re.IGNORECASE)
# https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam: letters, digits, single hyphens, 39 at most.
_LOGIN = re.compile(r"(?=.{1,39}\Z)[a-z\d](?:-?[a-z\d])*", re.IGNORECASE | re.ASCII)


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


_UNSEEN = re.compile(r"[\x00-\x20\x7f]+")


def scheme(address: str) -> str:
    """The scheme of an address as a browser sees it, which passes over white space and controls; empty without one."""
    head, colon, _ = _UNSEEN.sub("", address).partition(":")
    return head.lower() if colon and not any(sign in head for sign in "/?#") else ""
