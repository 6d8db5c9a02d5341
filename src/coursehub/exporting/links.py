"""Links of a page, as its file has them: from file to file, which is how Zensical reads them in HTML, too."""

import posixpath
import re
from collections.abc import Callable, Collection
from html import escape, unescape
from urllib.parse import unquote, urlunsplit

from coursehub.records.paths import local_path, split_address
from coursehub.site.page import Page, link_to_file
from coursehub.text.permalink import permalink

_ADDRESS = re.compile(r'(?:(?<= href=")|(?<= src="))[^"#]+')


def between_files(page: Page, paths: Collection[str], text: str) -> str:
    """The text of a page, whose links in HTML lead from address to address, with links from file to file.

    `paths` are those of all pages and files of the site.
    """

    def to_file(match: re.Match[str]) -> str:
        parts = split_address(unescape(match[0]))
        path = posixpath.normpath(posixpath.join(permalink(page.path), unquote(parts.path)))
        names = (posixpath.normpath(f"{path}/index.md"), f"{path}.md", path)
        file = next((name for name in names if name in paths), None)
        if parts.scheme or parts.netloc or not parts.path or file is None:
            return match[0]
        return escape(urlunsplit(("", "", link_to_file(page.path, file), parts.query, "")))

    return _ADDRESS.sub(to_file, text)


def resolver(page: Page) -> Callable[[str], str]:
    """A function: address as a post has it → the same, to the file that it means."""

    def resolved(address: str) -> str:
        parts = split_address(address)
        path = local_path(page.path, address)
        if parts.scheme or parts.netloc or path not in page.instead:
            return address
        return urlunsplit(("", "", link_to_file(page.path, page.instead[path]), parts.query, parts.fragment))

    return resolved
