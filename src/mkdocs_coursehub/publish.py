"""The pages that the package makes of posts and data, handed to MkDocs."""

import logging
import os
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

import msgspec
from markdown.extensions.toc import nest_toc_tokens
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from coursehub import site
from coursehub.markdown.render import render
from coursehub.markdown.sanitize import Resolve
from coursehub.site import feeds, navigation, stylesheet
from coursehub.site.front_matter import PostView, ShownPicture, for_themes
from coursehub.site.inputs import CARDS
from coursehub.site.inputs import read as read_inputs
from coursehub.site.page import Page as SourcePage
from coursehub.site.page import templates
from coursehub.site.pages import manual_pages
from coursehub.site.pictures import page_with_pictures
from coursehub.system.keeping import Keep, nothing_kept
from mkdocs_coursehub import settings
from mkdocs_once.page import OncePage, PageFile, Text
from mkdocs_once.plugin import OncePlugin, labels

TEMPLATES = "src/coursehub/site/templates"
MANUALS = frozenset(manual.path for manual in manual_pages.MANUALS)
log = logging.getLogger("mkdocs.coursehub.publish")


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
        """Take over the package's Markdown and front matter; the title goes before any heading."""
        source, safe = self.source_page, for_themes(self.source_page.meta)
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


def compile_ahead(config: MkDocsConfig) -> None:
    """Have another process compile the templates of pages, and then those around them."""
    once = config.plugins.get("once")
    if isinstance(once, OncePlugin) and once.compiles_ahead(config):
        around = (*sorted(file.name for file in settings.TEMPLATES.glob("*.html")), *config.theme.static_templates)
        once.compiled.begin({templates: templates().list_templates(), config.theme.get_env: around})


def add(files: Files, config: MkDocsConfig, *, with_drafts: bool) -> None:
    """Add the generated pages and files, and the pictures of published posts; `with_drafts`: of drafts, too."""
    root = Path(config.config_file_path).parent
    hub, config.extra["_hub"] = config.extra["_hub"], None  # which ends with the pages of it: it takes much memory
    keep: Callable[[str], Keep] = nothing_kept
    if isinstance(once := config.plugins.get("once"), OncePlugin):
        templates().bytecode_cache, keep = once.compiled, once.keep
    written = Path(config.config_file_path).read_text(encoding="utf-8")
    inputs = msgspec.structs.replace(
        read_inputs(root, hub, written, os.environ, log.info),
        broken=config.extra["_broken"],
        repository=config.repo_url or "",
        address=config.site_url or "",
        with_drafts=with_drafts,
        cards=root / CARDS if config.extra["cards"] else None,
        keep=keep,
        own_pages=frozenset(file.src_uri for file in files if file.is_documentation_page()),
    )
    built = site.build(hub, inputs)
    own_labels = {path: label for path, label in labels(config.nav or ()) if path in MANUALS}
    for page in built.pages:
        if page.path in inputs.own_pages:
            continue
        file = PageFile.generated(config, page.path, content=page.markdown)
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
    _join_stylesheets(files, config, keep("stylesheet"))


def _join_stylesheets(files: Files, config: MkDocsConfig, keep: Keep) -> None:
    """Put one file in place of the theme's stylesheets and those in `extra_css` that mean the same anywhere."""
    theme = sorted(file.src_uri for file in files if fnmatchcase(file.src_uri, "assets/stylesheets/*.css"))
    for source_map in [file for file in files if fnmatchcase(file.src_uri, "assets/stylesheets/*.map")]:
        files.remove(source_map)
    listed = filter(None, map(files.get_file_from_path, [*theme, *config.extra_css]))
    texts = {file: file.content_string for file in listed}
    texts = {file: css for file, css in texts.items() if file.src_uri in theme or stylesheet.can_be_joined(css)}
    for file in texts:
        files.remove(file)
    css = keep.one([*texts.values()], lambda: stylesheet.joined(texts.values()), str)
    files.append(File.generated(config, stylesheet.PATH, content=css.encode()))
    names = {file.src_uri for file in texts}
    config.extra_css = [stylesheet.PATH, *(path for path in config.extra_css if path not in names)]
