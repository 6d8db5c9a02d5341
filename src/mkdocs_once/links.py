"""Links from page to page, as MkDocs resolves them."""

from collections.abc import Callable

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages
from mkdocs.structure.files import File, Files


def resolver(file: File, files: Files, config: MkDocsConfig) -> Callable[[str], str]:
    """A function: address as the page of `file` has it → address on the site. What leads nowhere, MkDocs logs."""
    resolve: Callable[[str], str] = pages._RelativePathTreeprocessor(file, files, config).path_to_url
    return lambda address: address if address.startswith(("#", "https://", "http://")) else resolve(address)
