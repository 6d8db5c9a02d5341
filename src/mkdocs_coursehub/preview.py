"""A preview: the site as it would be, opened from disk. `extra.preview` in `mkdocs.yml` turns it on.

Material's offline plugin makes links name files (`posts/index.html`) where a server would find them (`posts/`). Here
the package's own links follow, what works only on a published site is left out, and nothing comes from elsewhere.
"""

import posixpath
import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from coursehub.site.front_matter import with_pages
from coursehub.text.permalink import permalink
from mkdocs_coursehub.publish import HubPage
from mkdocs_once.plugin import OncePlugin

WORKER = "assets/iframe-worker.js"  # by this name the offline plugin sees that it need not load its own from a network
LINK = re.compile(r'(?:(?<= href=")|(?<= src="))[^"]*')
NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


def leave_out(config: MkDocsConfig) -> None:
    """Leave out what needs a server, and addresses that a preview has none of."""
    if config.extra["preview"]:
        if isinstance(once := config.plugins.get("once"), OncePlugin):
            once.config.cache = 0  # which does not know what the links of pages are made of here
        config.extra["polyfills"] = [WORKER]
        config.extra["published"] = config.site_url
        config.site_url = config.edit_uri = None
        # which asks a server for the sitemap, and until then starts no script of ours
        config.theme["features"] = [each for each in config.theme["features"] if each != "navigation.instant"]
        config.theme.static_templates.discard("404.html")  # which only a server shows
        config.extra_javascript = [
            script for script in config.extra_javascript if getattr(script, "type", "") != "module"
        ]
        config.plugins.events["page_content"].append(_linked)  # only here: for who listens, all texts are loaded


def add_worker(files: Files, config: MkDocsConfig) -> None:
    """Add the script that replaces the search's worker."""
    if config.extra["preview"]:
        files.append(File.generated(config, WORKER, abs_src_path=str(Path(__file__).with_name("iframe-worker.js"))))


def _linked(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The page's content, where the links of a generated page name files; on a post's page, also those around it."""
    if not isinstance(page, HubPage):
        return html
    source = page.source_page
    if source.meta.post:  # MkDocs itself handles the links in a post's text
        page.show_post(with_pages(source.meta.post, lambda address: _address(address, files)))
        return html
    if source.meta.leads_to:
        page.meta = {**page.meta, "leads_to": _address(source.meta.leads_to, files)}
    here = permalink(source.path)
    html = LINK.sub(lambda match: _relative(match[0], here, page.file, files), html)
    return NOSCRIPT.sub(lambda _: _is_it_free(config.extra["published"]), html)


def _address(address: str, files: Files) -> str:
    """The address of the file, from the site's root."""
    file = _find(address, files) if address else None
    return file.url if file else address


def _relative(address: str, here: str, source: File, files: Files) -> str:
    parts = urlsplit(address)
    file = None if parts.scheme or not parts.path else _find(posixpath.join(here, parts.path), files)
    return file.url_relative_to(source) if file else address


def _find(address: str, files: Files) -> File | None:
    """The file at an address that a server would know, from the site's root."""
    path = posixpath.normpath(address)
    names = (posixpath.normpath(f"{path}/index.md"), f"{path}.md", path)
    return next(filter(None, map(files.get_file_from_path, names)), None)


def _is_it_free(published: str | None) -> str:
    where = f'<a href="{escape(published)}">the published site</a>' if published else "the published site"
    says = f"Ask on {where}, because a preview does not know the newest claims."
    return f"<p><strong>Still available?</strong> {says}</p>"
