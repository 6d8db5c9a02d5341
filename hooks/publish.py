"""The pages that the package makes of posts and data, handed to MkDocs."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from coursehub import pages, sanitize


class HubPage(Page):
    """A page whose text and front matter the package gives, instead of a file in `docs/`."""

    def __init__(self, made: pages.Page, file: File, config: MkDocsConfig) -> None:
        self.made = made
        super().__init__(None, file, config)

    def read_source(self, config: MkDocsConfig) -> None:
        """Take over the package's Markdown and front matter; the title goes before any heading."""
        self.markdown, self.meta = self.made.markdown, dict(self.made.meta)
        self.title = self.meta["title"]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, and the pictures of published posts."""
    root = Path(config.config_file_path).parent
    hub, broken = config.extra["hub"], config.extra["broken"]
    for made in pages.site(hub, broken):
        file = File.generated(config, made.path, content=made.markdown)
        file.edit_uri = f"../{made.source}" if made.source else None
        file.page = HubPage(made, file, config)
        files.append(file)
    for picture in pages.pictures(hub, broken):
        files.append(File.generated(config, picture, abs_src_path=str(root / picture)))
    return files


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """What a student wrote can not run, load or cover anything."""
    is_post = isinstance(page, HubPage) and page.made.source
    return sanitize.clean(html) if is_post else html
