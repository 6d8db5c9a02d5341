"""Where an earlier post that is not hosted here can be read."""

from collections.abc import Set
from typing import NamedTuple
from urllib.parse import urldefrag

from coursehub.links import dead_links
from coursehub.records.precedents import Precedent
from coursehub.records.prior_posts import PriorPost
from coursehub.text.addresses import host


class Where(NamedTuple):
    """The address to link to, and the host that the post is or was on; both empty where none is known.

    `dead` is the post's own address where that no longer answers; `url` is a copy's then.
    """

    url: str
    host: str
    dead: str = ""


def where(earlier: PriorPost | Precedent, dead: Set[str]) -> Where:
    """Where to read it; `dead` are addresses that no longer answer."""
    address, name = earlier.url or "", host(earlier.url or "")
    if not name:
        return Where("", "")
    if urldefrag(address).url not in dead:
        return Where(address, name)
    copy = earlier.archived or ""
    return Where(copy if host(copy) else dead_links.wayback(address, earlier.semester), name, address)
