"""A course that somebody edits at random: its posts, pictures, data, pages, settings, templates, code, and what it has on disk.

An edit is a method of `Course`. `LOCAL` ones concern a few pages, `GLOBAL` ones most.
"""

import json
import os
import random
import re
import shutil
import struct
import zlib
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pictures
import sites
from repositories import Repository

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
# Fields, and what one of them may be set to; `{word}`, `{post}` and `{tool}` stand for a word, a path, and a name in use.
FIELDS = {
    "status": ("claimed", "draft", "published", "withdrawn"),
    "date": ("2026-11-10", "2026-11-30", "2025-01-01"),
    "summary": ("A summary of {word}.", "See [{word}](https://example.org/{word}) & more."),
    "topics": ("[operations]", "[pipelines, testing]", "[cloud]"),
    "format": ("introduction", "video", "comparison"),
    "authors": ("[{word}, 'a{word}']", "mona-example", "{word}"),
    "names": ("{word} Example", "[A. {word}, B. {word}]"),
    "bio": ("Knows about {word}.",),
    "tool": ("{tool}", "[{tool}, {word}]", "{word}"),
    "tool_url": ("https://example.org/{word}", "https://example.com/tool"),
    "semester": ("F2025", "S2026", "F2026"),
    "external_url": ("https://www.example.org/{word}", "https://www.youtube.com/watch?v=aaaaaaaaaaa"),
    "archived": ("https://archive.example/{word}",),
    "private": ("true", "false"),
    "covers": ("{{problem: A heading about {word}}}",),
    "evidence": ("https://example.org/{word}", "[https://example.org/a, https://example.org/{word}]"),
    "differences": ("It has learned {word} since.",),
    "distinct_from": ("{tool}",),
    "aliases": ("posts/F2025/{word}.md", "[posts/S2026/{word}.md, {post}]"),
}
SETTINGS = """
theme: {name: material, custom_dir: overrides, features: [navigation.instant, navigation.tabs, navigation.top]}
extra_css: [own.css]
markdown_extensions:
  - toc: {permalink: true, permalink_title: Link to this section}
"""
EXTENSIONS = "markdown_extensions:\n"
PACKAGE = """
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

class Sign(Postprocessor):
    def run(self, text):
        return text + "<p>Set by version {version}</p>" if "<p>" in text else text  # not of a heading alone

class Signing(Extension):
    def extendMarkdown(self, md):
        md.postprocessors.register(Sign(md), "sign", 0)

def makeExtension(**settings):
    return Signing(**settings)
"""
HOOKS = {
    "markdown": "def on_page_markdown(markdown, page, **_):\n    return f'{markdown}\\n\\n{words.SAID}' if 'commands' in page.url else None\n",
    "content": "def on_page_content(html, **_):\n    return f'{html}<p>{words.SAID}</p>'\n",
    "context": "def on_page_context(context, **_):\n    return {**context, 'course_note': words.SAID}\n",
    "env": "def on_env(env, **_):\n    env.globals['course_note'] = words.SAID\n    return env\n",
    "page": "def on_post_page(output, **_):\n    return output.replace('</body>', f'<!-- {words.SAID} --></body>')\n",
    "files": "from mkdocs.structure.files import File\n\ndef on_files(files, config):\n    files.append(File.generated(config, 'own.md', content=f'# Own\\n\\n{words.SAID}\\n'))\n    return files\n",
    "config": "def on_config(config):\n    config.site_description = words.SAID\n",
}  # fmt: skip
SIZES = ((40, 30), (500, 300), (1700, 8))  # for the text alone, for a card too, and with smaller versions


def picture(width: int, height: int, chance: random.Random) -> bytes:
    """A grey PNG, of as many bytes as any other of this size."""
    rows = b"".join(b"\0" + chance.randbytes(1) * width for _ in range(height))
    header = pictures.chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + pictures.chunk(b"IDAT", zlib.compress(rows, 0)) + pictures.chunk(b"IEND", b"")
    )


class Course:
    """A course with posts and pictures, templates, styles, a hook and a package of its own.

    `environment`: of its builds. `is_other_program`: whether an edit since the last build needs a new process to be seen.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.random = root, random.Random(seed)
        self.environment = {
            "PYTHONPATH": str(root / "packages"), "PYTHONDONTWRITEBYTECODE": "1",
            "SOURCE_DATE_EPOCH": "1796083200",  # else a build before midnight differs from one behind it
        }  # fmt: skip
        self.is_other_program = False
        self.commits = count(1)
        self.waiting: list[Path] = []
        sites.copy(root, "kinds", "moved", "sound")
        sites.let_through(root)
        sites.keep_few_earlier(root)
        sites.own_template(root, "partials/source.html")
        (root / "overrides/partials/content.html").write_text("{{ course_note }}{{ page.content }}")
        (root / "docs/own.css").write_text(".own { color: red }\n")
        (root / "docs/hand-out.txt").write_text("A hand-out.\n")
        (root / "included.md").write_text("At the end of each page.\n")
        (root / "hooks/words.py").write_text("SAID = 'nothing'\n")
        (root / "hooks/own.py").write_text("")
        (root / ".gitignore").write_text(".cache/\nwarm/\ncold/\n")
        sites.edit(root / "mkdocs.yml", "[hooks/check.py]", "[hooks/check.py, hooks/own.py]")
        sites.edit(root / "mkdocs.yml", "theme: {name: material, custom_dir: overrides}\n", SETTINGS)
        shutil.copytree(
            sites.ROOT / "src/mkdocs_coursehub", root / "packages/mkdocs_coursehub",
            ignore=shutil.ignore_patterns("__pycache__", "mermaid.js"),
        )  # fmt: skip
        self.install("1.0")
        if seed % 2 == 0:  # the texts of pages that no such extension changes are kept
            sites.edit(root / "mkdocs.yml", EXTENSIONS, f"{EXTENSIONS}  - signing\n")
        for _ in range(4):
            self.add_post()
        self.repository = Repository(root)
        self.commit()

    # What edits are made of

    def word(self) -> str:
        return "".join(self.random.choices("aeioukrstlm", k=7))

    def posts(self) -> list[Path]:
        return sorted(self.root.glob("posts/*/*.md"))

    def post(self) -> Path:
        """A post; each in turn, so that edits at a time hide little of each other."""
        self.waiting = [post for post in self.waiting if post.exists()] or self.random.sample(
            self.posts(), k=len(self.posts())
        )
        return self.waiting.pop()

    def drawn(self) -> list[Path]:
        return sorted(self.root.glob("posts/*/*/*.png"))

    def change(self, path: Path, pattern: str, replacement: str) -> None:
        text = path.read_text()
        path.write_text(re.sub(pattern, lambda _: replacement, text, count=1, flags=re.MULTILINE))

    def append(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        with (self.root / path).open("a") as file:
            file.write(text)

    def install(self, version: str) -> None:
        """A package, which each page of this version's site is signed by."""
        for before in self.root.glob("packages/signing-*"):
            before.rmdir()
        (self.root / f"packages/signing-{version}.dist-info").mkdir(parents=True)
        (self.root / "packages/signing.py").write_text(PACKAGE.format(version=version))

    def draw(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture(*self.random.choice(SIZES), self.random))

    def name(self, variable: str, content: object) -> None:
        """A file that the environment names."""
        path = self.root / f".cache/{variable.lower()}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content))
        self.is_other_program |= variable not in self.environment
        self.environment[variable] = str(path)

    def set(self, variable: str, value: str) -> None:
        self.environment[variable] = value
        self.is_other_program = True

    # Posts

    def add_post(self) -> None:
        tool, other = self.word(), self.post()
        values = {
            "title": f"On {tool}", "author": f"a{self.word()}", "tool": tool.capitalize(), "key": tool, "words": self.word(),
            "semester": self.random.choice(["F2025", "S2026", "F2026"]), "day": self.random.randint(1, 9),
            "topic": self.random.choice(["operations", "pipelines"]), "link": f"../{other.parent.name}/{other.name}",
        }  # fmt: skip
        path = self.root / f"posts/{values['semester']}/{tool}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(POST.format(**values))
        self.draw(path.with_suffix("") / "picture.png")

    def edit_text(self) -> None:
        with self.post().open("a") as post:
            post.write(f"\nAlso {self.word()}.\n\n## A heading about {self.word()}\n")

    def edit_markdown(self) -> None:
        """Add what the engine reads in a way of its own."""
        word = self.word()
        text = self.random.choice([
            f"$${word}^2$$", f"> [!NOTE]\n> {word}", f"- [x] {word}", f"A note[^{word}].\n\n[^{word}]: {word}", f":rocket: {word}",
            f"```mermaid\nflowchart LR\n  {word} --> b\n```", f"<details><summary>{word}</summary>\n\n*{word}*\n\n</details>",
        ])  # fmt: skip
        with self.post().open("a") as post:
            post.write(f"\n{text}\n")

    def link_posts(self) -> None:
        one, other = self.post(), self.post()
        with one.open("a") as post:
            post.write(
                f"\nSee [{self.word()}](../{other.parent.name}/{other.name}#{self.random.choice(['then', 'limits'])}).\n"
            )

    def edit_title(self) -> None:
        self.change(self.post(), "^title: .*", f"title: {self.word()}")

    def edit_tool(self) -> None:
        self.change(self.post(), "^tool: .*", f"tool: {self.word()}")

    def edit_field(self) -> None:
        field = self.random.choice(sorted(FIELDS))
        post, other = self.post(), self.random.choice(self.posts())
        value = self.random.choice(FIELDS[field]).format(
            word=self.word(), post=other.relative_to(self.root).as_posix(), tool=other.stem.capitalize()
        )
        self.change(post, rf"^{field}: .*\n(?:[ -].*\n)*", "")
        if self.random.random() < 0.8:
            self.change(post, "^---\n", f"---\n{field}: {value}\n")

    def withdraw(self) -> None:
        self.change(self.post(), "^status: .*", "status: withdrawn")

    def claim(self) -> None:
        tool = self.word()
        front = f"title: On {tool}\nauthors: a{self.word()}\noption: mlops-tool\ntool: {tool}\nsemester: F2026\nstatus: claimed\n"
        path = self.root / f"posts/F2026/{tool}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\n{front}---\n")

    def rename_post(self) -> None:
        post = self.post()
        post.rename(post.with_name(f"{self.word()}.md"))

    def move_post(self) -> None:
        """To another semester, with its pictures, and with an alias for those who have its address."""
        post = self.post()
        target = self.root / f"posts/{self.random.choice(['F2025', 'S2026', 'F2026'])}/{self.word()}.md"
        target.parent.mkdir(exist_ok=True)
        self.change(post, "^---\n", f"---\naliases: {post.relative_to(self.root).as_posix()}\n")
        self.change(post, "^semester: .*", f"semester: {target.parent.name}")
        if post.with_suffix("").is_dir():
            post.with_suffix("").rename(target.with_suffix(""))
        post.rename(target)

    def move_folder(self) -> None:
        """All of a semester's posts, into the folder of another that has none."""
        folder = self.random.choice(self.posts()).parent
        free = [name for name in ("F2024", "F2025", "S2026", "F2026") if not (self.root / "posts" / name).exists()]
        if free:
            folder.rename(folder.with_name(self.random.choice(free)))

    def delete_post(self) -> None:
        self.post().unlink()

    def break_post(self) -> None:
        self.change(self.post(), "^title: .*", "title: [")

    # Pictures

    def edit_picture(self) -> None:
        self.draw(self.random.choice(self.drawn()))

    def replace_picture(self) -> None:
        """By another of the same size, in pixels and in bytes, with the same time."""
        path = self.random.choice(self.drawn())
        before = path.stat()
        width, height = struct.unpack(">II", path.read_bytes()[16:24])
        path.write_bytes(picture(width, height, self.random))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def add_picture(self) -> None:
        """Sometimes to a text that names it already."""
        post = self.post()
        name = f"{self.random.choice('abc')}.png"
        with post.open("a") as text:
            text.write(f"\n![{self.word()}]({post.stem}/{name})\n")
        if self.random.random() < 0.7:
            self.draw(post.with_suffix("") / name)

    def photograph(self) -> None:
        """A picture that has to be cleaned before it is published."""
        post = self.post()
        post.with_suffix("").mkdir(exist_ok=True)
        line = self.random.choice(["jpeg 60x40, place", "jpeg 61x40, turned", "jpeg 40x60, place, turned"])
        (post.with_suffix("") / "photo.jpg").write_bytes(pictures.picture(line) or b"")
        with post.open("a") as text:
            text.write(f"\n![{self.word()}]({post.stem}/photo.jpg)\n")

    def rename_picture(self) -> None:
        path = self.random.choice(self.drawn())
        path.rename(path.with_name(f"{self.random.choice('abc')}.png"))

    def delete_picture(self) -> None:
        self.random.choice(self.drawn()).unlink()

    def break_picture(self) -> None:
        path = self.random.choice(self.drawn())
        path.write_bytes(path.read_bytes()[:50])

    # Data

    def add_tool(self) -> None:
        """A listed one, to which a post's tool then belongs."""
        name = self.post().stem.replace("-", " ").title()
        self.append(
            "data/tools.yaml",
            f"  {self.word()}: {{name: {self.word()}, topic: pipelines, about: A {self.word()}., aliases: [{name}]}}\n",
        )

    def rename_tool(self) -> None:
        self.change(
            self.root / "data/tools.yaml",
            r"^  kedro: .*",
            f"  kedro: {{name: Kedro, home: 'https://example.org/{self.word()}'}}",
        )

    def add_earlier_post(self) -> None:
        tool = self.random.choice([self.word(), self.post().stem])
        self.append(
            "data/prior_posts.yaml",
            f"- {{title: {self.word()}, tools: [{tool}], option: mlops-tool, semester: S2021}}\n",
        )

    def edit_earlier_post(self) -> None:
        self.change(self.root / "data/prior_posts.yaml", "^  url: .*", f"  url: https://example.org/{self.word()}")

    def edit_deadline(self) -> None:
        self.change(
            self.root / "data/course.yaml", "post_due: .*", f"post_due: 2026-12-0{self.random.randint(1, 6)} 23:59"
        )

    def edit_topic(self) -> None:
        self.change(self.root / "data/course.yaml", "title: Big data.*", f"title: Big data {self.word()}")

    def recommend(self) -> None:
        path = self.post().relative_to(self.root).as_posix()
        self.change(self.root / "data/course.yaml", "^worth_reading: .*", f"worth_reading: [{path}]")

    def judge_otherwise(self) -> None:
        """A rule again, or no more: posts are left out, or are there again."""
        level = self.random.choice(["error", "off"])
        self.change(self.root / "data/course.yaml", "misplaced-post: (off|error)", f"misplaced-post: {level}")

    # The course's pages

    def edit_page(self) -> None:
        self.append("docs/commands.md", f"\n{self.word()}\n")

    def add_page(self) -> None:
        """One that a post links to, or one in place of the product's own."""
        name = self.random.choice(["claim.md", "publish.md", f"{self.word()}.md"])
        self.append(f"docs/{name}", f"# {self.word()}\n\n## Then\n\nSee [the claims](claims/index.md).\n")

    def delete_page(self) -> None:
        for name in ("claim.md", "publish.md", "grading.md"):
            (self.root / "docs" / name).unlink(missing_ok=True)

    def edit_file(self) -> None:
        self.append(
            self.random.choice(["docs/own.css", "docs/hand-out.txt", "included.md"]),
            f".{self.word()} {{ color: red }}\n",
        )

    # Git's history, and files from elsewhere

    def commit(self) -> None:
        """Since when tools are claimed is read from git's history."""
        self.repository.commit(date=f"2026-11-{next(self.commits) % 28 + 1:02}T12:00:00")

    def comment(self) -> None:
        term = self.post().relative_to(self.root).as_posix().removesuffix(".md")
        url = "https://github.com/example/course/discussions/3"
        one = {
            "url": f"{url}#1",
            "author": self.word(),
            "created": "2026-11-20T00:00:00Z",
            "text": "Some words on that.",
        }
        record = {"version": 1, "provider": "giscus", "read": "2026-12-05T00:00:00Z",
                  "discussions": [{"term": term, "url": url, "comments": [one] * self.random.randint(0, 2)}]}  # fmt: skip
        self.name("COURSEHUB_COMMENTS", record)

    def ask(self) -> None:
        """A claim of an open pull request, sometimes of a tool that a post has."""
        tool = self.random.choice([self.word(), self.post().stem])
        asked = {"login": "monalisa", "pull": self.random.randint(1, 99), "since": "2026-12-04T12:00:00Z", "tools": [tool],
                 "semester": "F2026", "option": "mlops-tool", "path": f"posts/F2026/{tool}.md"}  # fmt: skip
        self.name("COURSEHUB_PENDING", {"version": 1, "read": "2026-12-05T00:00:00Z", "claims": [asked]})

    def lose_links(self) -> None:
        links = re.findall(r"(?m)^  url: (.*)", (self.root / "data/prior_posts.yaml").read_text())
        failed = {"first": "2026-11-01", "last": "2026-11-09", "what": "404", "times": self.random.randint(1, 3)}
        self.name("COURSEHUB_DEAD_LINKS", {"version": 1, "links": {self.random.choice(links): failed}})

    def pass_time(self) -> None:
        day = self.random.randint(1, 9)
        self.set("COURSEHUB_NOW", f"2026-12-0{day}T00:00:00+00:00")
        self.set("SOURCE_DATE_EPOCH", str(1_796_083_200 + 86_400 * day))

    # Settings and templates

    def edit_page_template(self) -> None:
        self.change(
            self.root / "packages/mkdocs_coursehub/theme/post.html",
            'class="hub-lead[^"]*"',
            f'class="hub-lead {self.word()}"',
        )

    def edit_shared_template(self) -> None:
        self.append("overrides/partials/source.html", f"<p>{self.word()}</p>\n")

    def add_template(self) -> None:
        (self.root / "overrides/partials/top.html").write_text(f"<p>{self.word()}</p>")

    def delete_template(self) -> None:
        (self.root / "overrides/partials/top.html").unlink(missing_ok=True)

    def replace_file_of_theme(self) -> None:
        self.append(
            self.random.choice(["docs/assets/post.css", "overrides/assets/tables.js"]), f"/* {self.word()} */\n"
        )

    def rename_site(self) -> None:
        self.change(self.root / "mkdocs.yml", "^site_name: .*", f"site_name: {self.word()}")

    def move_site(self) -> None:
        variable, address = self.random.choice([
            ("COURSEHUB_SITE_URL", "https://course.example/{}/"), ("COURSEHUB_REPO_URL", "https://github.com/example/{}"),
        ])  # fmt: skip
        self.set(variable, address.format(self.word()))

    def edit_navigation(self) -> None:
        self.change(self.root / "mkdocs.yml", "^      - [^:]+: adopt.md", f"      - {self.word()}: adopt.md")

    def leave_out_of_navigation(self) -> None:
        self.change(self.root / "mkdocs.yml", r"^  - [^:\n]+: (catalog|statistics)\.md\n", "")

    def edit_feature(self) -> None:
        self.change(self.root / "mkdocs.yml", "(navigation.top|toc.integrate)", "toc.integrate")

    def edit_extension(self) -> None:
        self.change(self.root / "mkdocs.yml", "permalink_title: [^}]*", f"permalink_title: {self.word()}")

    def add_extension(self) -> None:
        """One that depends on the text alone, or one that puts a file into it."""
        added = ["smarty: {{substitutions: {{ellipsis: {}}}}}", "pymdownx.snippets: {{auto_append: [included.md]}}"]
        extension = self.random.choice(added).format(self.word())
        self.change(self.root / "mkdocs.yml", EXTENSIONS, f"{EXTENSIONS}  - {extension}\n")

    def edit_search(self) -> None:
        self.change(
            self.root / "mkdocs.yml", r"^plugins: .*", f"plugins: [coursehub, search: {{separator: '[{self.word()}]'}}]"
        )

    def draw_cards(self) -> None:
        sites.configure(self.root, {"cards": self.random.choice(["true", "false"])})

    def set_up_comments(self) -> None:
        settings = {"repo": f"example/{self.word()}", "repo_id": "R_example", "category_id": "DIC_example"}
        sites.configure(self.root, settings)

    def edit_course(self) -> None:
        self.change(self.root / "data/course.yaml", "^name: .*", f"name: {self.word()}")

    def show_drafts(self) -> None:
        self.set("COURSEHUB_DRAFTS", self.random.choice(["", "1"]))

    # Code

    def update(self) -> None:
        self.install(f"{self.random.randint(2, 9)}.{self.random.randint(0, 9)}")
        self.is_other_program = True

    def edit_hook(self) -> None:
        text = "".join(f"\n\n{HOOKS[event]}" for event in self.random.sample(sorted(HOOKS), k=2))
        (self.root / "hooks/own.py").write_text(f"import words\n{text}\n# {self.word()}\n")
        self.is_other_program = True

    def edit_module_of_hook(self) -> None:
        (self.root / "hooks/words.py").write_text(f"SAID = '{self.word()}'\n")
        self.is_other_program = True

    def edit_program(self) -> None:
        publish = self.root / "packages/mkdocs_coursehub/publish.py"
        self.change(publish, r"page\.html[^,\n]*, nest", f"page.html + '<i>{self.word()}</i>', nest")
        self.is_other_program = True

    # Files of the builds before

    def damage_cache(self) -> None:
        for name in (".cache/pages.sqlite", ".git/coursehub/posts"):
            if (path := self.root / name).exists():
                content = bytearray(path.read_bytes())
                content[self.random.randrange(len(content))] ^= 1 + self.random.randrange(255)
                path.write_bytes(content[: self.random.choice([None, len(content) // 2])])

    def damage_site(self) -> None:
        for page in sorted(self.root.glob("warm/**/index.html"))[:3]:
            page.write_text("Somebody was here.")

    def take_site_away(self) -> None:
        shutil.rmtree(self.root / "warm", ignore_errors=True)

    def nothing(self) -> None:
        pass


Edit = Callable[[Course], None]
LOCAL: tuple[Edit, ...] = (
    Course.edit_text, Course.edit_text, Course.edit_markdown, Course.link_posts, Course.edit_title, Course.edit_tool,
    Course.edit_field, Course.edit_field, Course.edit_field, Course.withdraw, Course.claim, Course.add_post,
    Course.rename_post, Course.move_post, Course.move_folder, Course.delete_post, Course.break_post, Course.edit_picture,
    Course.replace_picture, Course.add_picture, Course.photograph, Course.rename_picture, Course.delete_picture,
    Course.break_picture, Course.add_tool, Course.rename_tool, Course.add_earlier_post, Course.edit_earlier_post,
    Course.edit_deadline, Course.edit_topic, Course.recommend, Course.judge_otherwise, Course.edit_page, Course.add_page,
    Course.delete_page, Course.edit_file, Course.commit, Course.comment, Course.ask, Course.lose_links, Course.pass_time,
    Course.damage_site, Course.nothing,
)  # fmt: skip
GLOBAL: tuple[Edit, ...] = (
    Course.edit_page_template, Course.edit_shared_template, Course.add_template, Course.delete_template,
    Course.replace_file_of_theme, Course.rename_site, Course.move_site, Course.edit_navigation, Course.leave_out_of_navigation,
    Course.edit_feature, Course.edit_extension, Course.add_extension, Course.edit_search, Course.draw_cards,
    Course.set_up_comments, Course.edit_course, Course.show_drafts, Course.update, Course.edit_hook,
    Course.edit_module_of_hook, Course.edit_program, Course.damage_cache, Course.take_site_away,
)  # fmt: skip
