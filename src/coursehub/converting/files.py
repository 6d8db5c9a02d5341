"""Files around a post of another engine: where its addresses lead, in the site's folder that it lies in."""

import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

# A site's folder has one of these, and may serve files from these of its own.
_OF_SITES = (
    "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml",
    "config.yaml", "config.yml", "pelicanconf.py", "_quarto.yml", "_quarto.yaml", "gatsby-config.js",
    "docusaurus.config.js", "astro.config.mjs", "package.json", ".git", "_posts",
)  # fmt: skip
_SERVED = (
    "",
    "static",
    "content",
    "assets",
    "public",
    "source",
    "docs",
    "content/images",
    "images",
    "assets/img",
    "assets/images",
)
_JEKYLL = ("_config.yml", "_config.yaml", "_posts", "_notebooks")


def site_of(file: Path) -> Path:
    """The folder of the site that a post lies in, or its own where none is to be seen."""
    parent = file.resolve().parent
    return next(
        (each for each in (parent, *parent.parents) if any((each / name).exists() for name in _OF_SITES)), parent
    )


def is_jekyll(file: Path) -> bool:
    """Whether a post lies in a site of Jekyll's, whose Markdown is kramdown."""
    site = site_of(file)
    return file.parent.name == "_posts" or any((site / name).exists() for name in _JEKYLL)


def find(file: Path, path: str) -> Path | None:
    """The file that a path in the post means: beside it, or among those that its site serves; none outside the site."""
    site, own = site_of(file), file.resolve().parent
    relative = re.sub(r"^(?:\.?/)+", "", path)
    if not relative or "\0" in relative or PureWindowsPath(relative).anchor:  # there \\host\share would ask that host
        return None
    beside = [] if path.startswith("/") else [own / path, own / file.stem / path]
    for candidate in (*beside, *(site / folder / relative for folder in _SERVED), own / relative):
        try:
            real = candidate.resolve()
            if real.is_file() and (real.is_relative_to(site) or real.is_relative_to(own)):
                return real
        except OSError:  # a name that is too long, or in no folder
            continue
    return None


_TEXTS = (".md", ".mdx", ".markdown", ".mdown", ".qmd", ".rmd", ".ipynb", ".html", ".htm")
_NO_POSTS = re.compile(
    r"_index\.\w+|readme(?:\.\w+)?|license(?:\.\w+)?|contributing\.\w+|changelog\.\w+|404\.\w+", re.IGNORECASE
)
_NO_FOLDERS = re.compile(
    r"[._].*(?<!_posts)(?<!_drafts)(?<!_notebooks)|node_modules|public|site|themes|vendor|archetypes|layouts",
    re.IGNORECASE,
)


def posts_in(folder: Path) -> Iterator[Path]:
    """The files of a folder that can be posts, in the order of their paths; links are not followed."""
    for each in sorted(folder.iterdir()):
        if each.is_symlink():
            continue
        if each.is_dir() and not _NO_FOLDERS.fullmatch(each.name):
            yield from posts_in(each)
        elif each.is_file() and is_text(each) and not _NO_POSTS.fullmatch(each.name) and _is_exported(each):
            yield each


def _is_exported(file: Path) -> bool:
    """Whether a page of HTML is a post that Medium exported, and no template or page of a site; all else may be one."""
    return not file.suffix.lower().startswith(".htm") or b'data-field="body"' in file.read_bytes()


def is_text(file: Path) -> bool:
    """Whether a file of this name can be converted."""
    return file.suffix.lower() in _TEXTS


def bibliography(file: Path, named: object) -> str:
    """The text of the BibTeX files that a post names, or empty."""
    texts = []
    for name in named if isinstance(named, list) else [named]:
        if isinstance(name, str) and name.endswith(".bib"):
            there = find(file, name) or find(file, f"/bibliography/{name}") or find(file, f"/_bibliography/{name}")
            texts += [there.read_text(encoding="utf-8", errors="replace")] if there else []
    return "\n".join(texts)
