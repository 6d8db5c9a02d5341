"""A site that is built again after a few edits is, byte for byte, the site that is built from nothing.

Each sequence of edits is random and named by its number, so that one that fails can be run again. More of them:
`COURSEHUB_SEQUENCES=100 pytest -n auto tests/test_once_builds.py`.
"""

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pictures
import pytest
import sites

pytestmark = pytest.mark.slow

SEQUENCES = int(os.environ.get("COURSEHUB_SEQUENCES", "2"))
LENGTH = 4
NOTHING_KEPT = {"COURSEHUB_CACHE": "0", "COURSEHUB_PROCESSES": "1"}

POST = """---
title: {title}
authors: {author}
option: mlops-tool
tool: {tool}
tool_url: https://example.org/{author}
semester: {semester}
status: published
date: 2026-11-0{day}
summary: What {tool} is about.
topics: [{topic}]
---
{words} [the one before]({link}), and ![a picture]({key}/picture.png).

```python
print("{words}")
```
"""
SETTINGS = """
theme: {name: material, custom_dir: overrides, features: [navigation.instant, navigation.tabs, navigation.top]}
markdown_extensions:
  - toc: {permalink: true, permalink_title: Link to this section}
  - signing
"""
PACKAGE = """
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

class Sign(Postprocessor):
    def run(self, text):
        return text + "<p>Set by version {version}</p>"

class Signing(Extension):
    def extendMarkdown(self, md):
        md.postprocessors.register(Sign(md), "sign", 0)

def makeExtension(**settings):
    return Signing(**settings)
"""


class Repository:
    """A repository that somebody edits at random."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.random = root, random.Random(seed)
        sites.copy(root, "kinds")
        sites.let_through(root)
        sites.keep_few_earlier(root)
        sites.own_template(root, "partials/source.html")
        sites.edit(root / "mkdocs.yml", "theme: {name: material, custom_dir: overrides}\n", SETTINGS)
        shutil.copytree(
            sites.ROOT / "src/mkdocs_coursehub", root / "packages/mkdocs_coursehub",
            ignore=shutil.ignore_patterns("__pycache__", "mermaid.js"),
        )  # fmt: skip
        self.install("1.0")
        for _ in range(3):
            self.add()

    def install(self, version: str) -> None:
        """A package, which each page of this version's site is signed by."""
        for before in self.root.glob("packages/signing-*"):
            before.rmdir()
        (self.root / f"packages/signing-{version}.dist-info").mkdir(parents=True)
        (self.root / "packages/signing.py").write_text(PACKAGE.format(version=version))

    def word(self) -> str:
        return "".join(self.random.choices("aeioukrstlm", k=7))

    def posts(self) -> list[Path]:
        return sorted(self.root.glob("posts/*/*.md"))

    def post(self) -> Path:
        return self.random.choice(self.posts())

    def add(self) -> None:
        tool, other = self.word(), self.post()
        values = {
            "title": f"On {tool}", "author": f"a{self.word()}", "tool": tool.capitalize(), "key": tool, "words": self.word(),
            "semester": self.random.choice(["F2025", "S2026", "F2026"]), "day": self.random.randint(1, 9),
            "topic": self.random.choice(["operations", "pipelines"]), "link": f"../{other.parent.name}/{other.name}",
        }  # fmt: skip
        path = self.root / f"posts/{values['semester']}/{tool}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(POST.format(**values))
        self.draw(path)

    def draw(self, post: Path) -> None:
        post.with_suffix("").mkdir(exist_ok=True)
        (post.with_suffix("") / "picture.png").write_bytes(
            pictures.png(*(self.random.randint(1, 99) for _ in range(2)))
        )

    def change(self, path: Path, pattern: str, replacement: str) -> None:
        text = path.read_text()
        path.write_text(re.sub(pattern, lambda _: replacement, text, count=1, flags=re.MULTILINE))

    def edit_text(self) -> None:
        with self.post().open("a") as post:
            post.write(f"\nAlso {self.word()}.\n\n## A heading about {self.word()}\n")

    def edit_title(self) -> None:
        self.change(self.post(), "^title: .*", f"title: {self.word()}")

    def edit_tool(self) -> None:
        self.change(self.post(), "^tool: .*", f"tool: {self.word()}")

    def withdraw(self) -> None:
        self.change(self.post(), "^status: .*", "status: withdrawn")

    def rename(self) -> None:
        post = self.post()
        post.rename(post.with_name(f"{self.word()}.md"))

    def delete(self) -> None:
        self.post().unlink()

    def edit_picture(self) -> None:
        self.draw(self.post())

    def edit_page_template(self) -> None:
        self.change(
            self.root / "packages/mkdocs_coursehub/theme/post.html",
            'class="hub-lead[^"]*"',
            f'class="hub-lead {self.word()}"',
        )

    def edit_shared_template(self) -> None:
        with (self.root / "overrides/partials/source.html").open("a") as template:
            template.write(f"<p>{self.word()}</p>\n")

    def add_template(self) -> None:
        (self.root / "overrides/partials/top.html").write_text(f"<p>{self.word()}</p>")

    def edit_page_of_docs(self) -> None:
        with (self.root / "docs/commands.md").open("a") as page:
            page.write(f"\n{self.word()}\n")

    def rename_site(self) -> None:
        self.change(self.root / "mkdocs.yml", "^site_name: .*", f"site_name: {self.word()}")

    def edit_navigation(self) -> None:
        self.change(self.root / "mkdocs.yml", "^  - [^:]+: claims/index.md", f"  - {self.word()}: claims/index.md")

    def edit_feature(self) -> None:
        self.change(self.root / "mkdocs.yml", "(navigation.top|toc.integrate)", "toc.integrate")

    def edit_extension(self) -> None:
        self.change(self.root / "mkdocs.yml", "permalink_title: [^}]*", f"permalink_title: {self.word()}")

    def edit_course(self) -> None:
        self.change(self.root / "data/course.yaml", "^name: .*", f"name: {self.word()}")

    def add_tool(self) -> None:
        name = self.change_case(self.post().stem)
        with (self.root / "data/tools.yaml").open("a") as tools:
            tools.write(f"  {self.word()}: {{name: {self.word()}, topic: pipelines, aliases: [{name}]}}\n")

    def change_case(self, name: str) -> str:
        return name.replace("-", " ").title()

    def add_prior_post(self) -> None:
        with (self.root / "data/prior_posts.yaml").open("a") as priors:
            priors.write(f"- {{title: {self.word()}, tools: [{self.word()}], option: mlops-tool, semester: S2021}}\n")

    def update(self) -> None:
        self.install(f"{self.random.randint(2, 9)}.{self.random.randint(0, 9)}")

    def damage_cache(self) -> None:
        cache = self.root / ".cache/pages.sqlite"
        if cache.exists():
            content = bytearray(cache.read_bytes())
            content[self.random.randrange(len(content))] ^= 1 + self.random.randrange(255)
            cache.write_bytes(content[: self.random.choice([None, len(content) // 2])])

    def damage_site(self) -> None:
        for page in sorted(self.root.glob("warm/**/index.html"))[:3]:
            page.write_text("Somebody was here.")

    def take_site_away(self) -> None:
        shutil.rmtree(self.root / "warm", ignore_errors=True)

    def nothing(self) -> None:
        pass


EDITS: list[Callable[[Repository], None]] = [
    Repository.edit_text, Repository.edit_text, Repository.edit_title, Repository.edit_tool, Repository.withdraw,
    Repository.add, Repository.rename, Repository.delete, Repository.edit_picture, Repository.edit_page_template,
    Repository.edit_shared_template, Repository.add_template, Repository.edit_page_of_docs, Repository.rename_site,
    Repository.edit_navigation, Repository.edit_feature, Repository.edit_extension, Repository.edit_course,
    Repository.add_tool, Repository.add_prior_post, Repository.update, Repository.damage_cache, Repository.damage_site,
    Repository.take_site_away, Repository.nothing,
]  # fmt: skip


def build(repository: Repository, folder: str, **environment: str) -> sites.Build:
    packages = {"PYTHONPATH": str(repository.root / "packages"), "PYTHONDONTWRITEBYTECODE": "1"}
    built = sites.build(repository.root, "--site-dir", folder, **packages, **environment)
    return built._replace(folder=folder)


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_no_sequence_of_edits_leaves_anything_stale(seed: int, tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository", seed)
    done = []
    for _ in range(LENGTH):
        edits = repository.random.sample(EDITS, k=repository.random.choice([1, 1, 1, 2]))
        for edit in edits:
            edit(repository)
        done.append([edit.__name__ for edit in edits])
        warm, cold = build(repository, "warm"), build(repository, "cold", **NOTHING_KEPT)
        assert (warm.code, cold.code) == (0, 0), f"{done}\n{warm.output}\n{cold.output}"
        warm_files, expected = warm.files(), cold.files()
        assert warm_files.keys() == expected.keys(), done
        assert [path for path in warm_files if warm_files[path] != expected[path]] == [], done
        assert _warnings(warm) == _warnings(cold), done


def _warnings(built: sites.Build) -> list[str]:
    """Warnings, in any order."""
    return sorted(line for line in built.output.splitlines() if line.startswith("WARNING"))
