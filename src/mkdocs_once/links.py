"""Links from page to page, as MkDocs resolves them."""

import posixpath
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import File, Files


def resolver(file: File, files: Files, config: MkDocsConfig, instead: Mapping[str, str]) -> Callable[[str], str]:
    """A function: address as the page of `file` has it → address on the site. What leads nowhere, MkDocs logs.

    Of a path that is in `instead`, it is the address of the file there.
    """
    resolve: Callable[[str], str] = pages._RelativePathTreeprocessor(file, files, config).path_to_url
    folder = posixpath.dirname(file.src_uri)

    def resolved(address: str) -> str:
        if address.startswith(("#", "https://", "http://")):
            return address
        return resolve(_meant(address, folder, instead) if instead else address)

    return resolved


def _meant(address: str, folder: str, instead: Mapping[str, str]) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:  # `//[x`
        return address
    path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    if parts.scheme or parts.netloc or path not in instead:
        return address
    return urlunsplit(parts._replace(path=quote(posixpath.relpath(instead[path], folder))))
