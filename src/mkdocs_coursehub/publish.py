"""The pages that the package makes of posts and data, handed to MkDocs."""

import logging
import os
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import partial
from html import escape
from pathlib import Path
from typing import TypeVar

import msgspec
from markdown.extensions.toc import nest_toc_tokens
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

import forkpool
from coursehub import site, workflows
from coursehub.claims import pending
from coursehub.comments import record
from coursehub.links import dead_links
from coursehub.markdown.render import render
from coursehub.markdown.sanitize import Resolve
from coursehub.site import feeds, stylesheet
from coursehub.site.front_matter import PostView, ShownPicture
from coursehub.site.page import Keep, anew, templates
from coursehub.site.page import Page as SourcePage
from coursehub.site.pages import manual_pages
from coursehub.site.pictures import page_with_pictures
from coursehub.system import git
from coursehub.text import mkdocs_yaml
from mkdocs_coursehub import navigation
from mkdocs_once.page import OncePage, Text
from mkdocs_once.plugin import OncePlugin, labels

TEMPLATES = "src/coursehub/site/templates"
MANUALS = frozenset(manual.path for manual in manual_pages.MANUALS)
CARDS, PICTURES = ".cache/cards", ".cache/pictures"
log = logging.getLogger("mkdocs.coursehub.publish")
Known = TypeVar("Known")


class HubPage(OncePage):
    """A page whose text and front matter the package gives, instead of a file in `docs/`.

    `post` is what its template shows of a post, if it is one; `label` is the title that the navigation gives it.
    """

    def __init__(self, source_page: SourcePage, file: File, config: MkDocsConfig, label: str = "") -> None:
        self.source_page, self.post, self.label = source_page, source_page.meta.post, label
        shown = source_page.meta.pictures
        self.to_text = partial(_post_text, source_page.path, shown) if source_page.source else None
        self.instead = source_page.instead
        super().__init__(None, file, config)

    def read(self, config: MkDocsConfig) -> None:
        """Take over the package's Markdown and front matter; the title goes before any heading.

        Themes and the search box take title and description for HTML, so both are escaped here.
        """
        source, meta = self.source_page, self.source_page.meta
        safe = msgspec.structs.replace(meta, title=escape(meta.title), description=escape(meta.description))
        self.markdown, self.is_html, self.meta = source.markdown, source.is_html, msgspec.to_builtins(safe)
        self.title = self.label or safe.nav or safe.title

    def show_post(self, post: PostView) -> None:
        """Have the template show this of the post."""
        self.post, self.meta = post, {**self.meta, "post": msgspec.to_builtins(post)}


def _post_text(here: str, shown: Mapping[str, ShownPicture], markdown: str, resolve: Resolve) -> Text:
    page = page_with_pictures(here, shown, markdown, resolve)
    return Text(
        page.html, nest_toc_tokens([{"level": level, "id": id, "name": title} for level, id, title in page.sections])
    )


def prepare(config: MkDocsConfig) -> None:
    """Refuse a broken converter, and let every page's footer lead to the feed, where the site has an address."""
    _try_converter()
    if config.site_url:
        feed = {"icon": "material/rss", "link": f"{config.site_url}{feeds.RSS}", "name": "Subscribe to all posts"}
        config.extra["social"] = [*config.extra.get("social", []), feed]


def _try_converter() -> None:
    """Raise `PluginError` if a trivial text is not converted: then no post would be."""
    try:
        html = render("A *word*.").html.strip()
    except Exception as error:
        raise PluginError(f"No post can be converted, not even “A *word*.”: {type(error).__name__}: {error}") from error
    if html != "<p>A <em>word</em>.</p>":
        raise PluginError(f"No post can be converted: of “A *word*.” it makes “{html}”")


def add(files: Files, config: MkDocsConfig, *, with_drafts: bool) -> None:
    """Add the generated pages and files, and the pictures of published posts; `with_drafts`: of drafts, too."""
    root = Path(config.config_file_path).parent
    hub = config.extra["_hub"]
    keep: Keep = anew
    if isinstance(once := config.plugins.get("once"), OncePlugin):
        templates().bytecode_cache, keep = once.compiled, once.memo.keep
    if git.is_repository(root) and git.is_shallow(root):
        log.info("The board does not say since when tools are claimed: this clone is shallow (git fetch --unshallow)")
    claims = [post.path for post in hub.posts if post.semester == hub.course.open_semester]  # what the board shows
    inputs = site.SiteInputs(
        broken=config.extra["_broken"],
        since=git.since(root, claims) if git.is_repository(root) else {},
        repository=config.repo_url or "",
        address=config.site_url or "",
        published=mkdocs_yaml.site_url(Path(config.config_file_path).read_text(encoding="utf-8"), os.environ),
        with_drafts=with_drafts,
        dead=_dead_links(os.environ.get("COURSEHUB_DEAD_LINKS")),
        comments=_comments(os.environ.get("COURSEHUB_COMMENTS")),
        pending=_pending(os.environ.get("COURSEHUB_PENDING")),
        cards=root / CARDS if config.extra["cards"] else None,
        pictures=root / PICTURES,
        keep=keep,
        processes=forkpool.processes(),
        own_pages=frozenset(file.src_uri for file in files if file.is_documentation_page()),
        has_task=(root / ".vscode/tasks.json").is_file(),
        checks=workflows.checks(root),
    )
    built = site.build(hub, inputs)
    own_labels = {path: label for path, label in labels(config.nav or ()) if path in MANUALS}
    for page in built.pages:
        if page.path in inputs.own_pages:
            continue
        file = File.generated(config, page.path, content=page.markdown)
        source = page.source or f"{TEMPLATES}/{page.path}"  # in the product's own repository
        is_there = page.source or (page.path in MANUALS and (root / source).is_file())
        file.edit_uri = f"../{source}" if is_there else None
        file.page = HubPage(page, file, config, own_labels.get(page.path, ""))
        files.append(file)
    for asset in built.assets:
        files.append(File.generated(config, asset.path, content=asset.content))
    for picture in built.pictures:
        files.append(File.generated(config, picture.path, abs_src_path=picture.file))
    for card in built.cards:
        files.append(File.generated(config, card.path, abs_src_path=str(card.file)))
    if config.nav is None:
        config.nav = navigation.of_course(hub.course, [file.src_uri for file in files if file.is_documentation_page()])
    _join_stylesheets(files, config)


def _join_stylesheets(files: Files, config: MkDocsConfig) -> None:
    """Put one file in place of the theme's stylesheets and those in `extra_css` that mean the same anywhere."""
    theme = sorted(file.src_uri for file in files if fnmatchcase(file.src_uri, "assets/stylesheets/*.css"))
    for source_map in [file for file in files if fnmatchcase(file.src_uri, "assets/stylesheets/*.map")]:
        files.remove(source_map)
    listed = filter(None, map(files.get_file_from_path, [*theme, *config.extra_css]))
    texts = {file: file.content_string for file in listed}
    texts = {file: css for file, css in texts.items() if file.src_uri in theme or stylesheet.can_be_joined(css)}
    for file in texts:
        files.remove(file)
    files.append(File.generated(config, stylesheet.PATH, content=stylesheet.joined(texts.values()).encode()))
    names = {file.src_uri for file in texts}
    config.extra_css = [stylesheet.PATH, *(path for path in config.extra_css if path not in names)]


def _dead_links(path: str | None) -> frozenset[str]:
    """The dead links of the record at this path; without one, nothing is marked."""
    known = _read(path, dead_links.read, "No link is marked as dead, for %s is no record of dead links: %s")
    return dead_links.dead(known) if known else frozenset()


def _comments(path: str | None) -> record.Discussions | None:
    """The comments in the file at this path; without one, none are counted."""
    discussions = _read(path, record.read, "No comments are counted, because %s cannot be used: %s")
    if discussions:
        log.info("Comments are counted as of %s", discussions.read)
    return discussions


def _pending(path: str | None) -> pending.Pending | None:
    """The claims of open pull requests in the file at this path."""
    known = _read(path, pending.read, "Only main's claims are shown, because %s cannot be used: %s")
    if known:
        log.info("Claims of open pull requests are shown as of %s", known.read)
    return known


def _read(path: str | None, read: Callable[[bytes], Known], without: str) -> Known | None:
    """The contents of the file at this path. One that cannot be read stops no build: the log says what is left out."""
    if not path:
        return None
    try:
        return read(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        log.info(without, path, error)
        return None
