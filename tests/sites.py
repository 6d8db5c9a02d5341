"""The site as MkDocs really builds it, from a scratch copy of this repository with posts and data of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import makefile
import msgspec
import pytest
import trees
import warm

ROOT = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "fixtures/built"
# Posts, data and the course's pages as they once were: a test must not fail because somebody claims a tool or a semester begins.
HUB = Path(__file__).parent / "fixtures/hub"
SOURCES = {
    **dict.fromkeys(("mkdocs.yml", "hooks", "docs"), ROOT),
    **dict.fromkeys(("data", "posts"), HUB),
}  # fmt: skip
# What each course sets for itself in mkdocs.yml.
SETTINGS = {
    "site_name": "Course Hub",
    "site_url": '!ENV [COURSEHUB_SITE_URL, "https://coursehub-staff.github.io/coursehub/"]',
    "repo_url": '!ENV [COURSEHUB_REPO_URL, "https://github.com/coursehub-staff/coursehub"]',
    "cards": "false", "provider": "giscus", "load": "click", "repo": '""', "repo_id": '""', "category_id": '""',
}  # fmt: skip
# So that each rule lets what it stands against come as far as the page.
LET_THROUGH = (
    "unsafe-html", "unknown-prior-value", "picture-without-alternative", "picture-elsewhere", "not-a-link", "not-a-login", "unknown-value", "misplaced-post",
    "missing-picture", "requirement-not-covered", "broken-link",
)  # fmt: skip
AFTER_THE_DEADLINE = "2026-12-06T00:00:00+00:00"


class Build(NamedTuple):
    """A build: the repository that it was made from, its exit code, its output."""

    root: str
    code: int
    output: str
    folder: str = "site"

    @property
    def site(self) -> Path:
        return Path(self.root, self.folder)

    def page(self, address: str) -> "Document":
        return Document.read(self.site / address / "index.html")

    def files(self) -> dict[str, bytes]:
        paths = (path for path in self.site.rglob("*") if path.is_file())
        return {str(path.relative_to(self.site)): path.read_bytes() for path in sorted(paths)}

    def mentions(self, word: bytes) -> list[str]:
        return [path for path, content in self.files().items() if word in content or word.decode() in path]


def copy(root: Path, *fixtures: str) -> None:
    """A repository like this one, with the posts of these fixtures."""
    root.mkdir(parents=True, exist_ok=True)  # where `with_cache` was there before
    for name, origin in SOURCES.items():
        source, target = origin / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    shutil.copytree(HUB / "docs", root / "docs", dirs_exist_ok=True)
    configure(root, SETTINGS)
    for name in fixtures:
        trees.write(trees.parse((FIXTURES / f"{name}.txt").read_text()), root)
    edit(root / "data/course.yaml", "body_words: 300", "body_words: 3")


def keep_few_earlier(root: Path) -> None:
    """Leave two earlier posts, so that a build takes half as long."""
    path = root / "data/prior_posts.yaml"
    path.write_text(path.read_text().partition("\n- title: Apache Spark")[0] + "\n")


def with_cache(built: Build, root: Path) -> None:
    """Begin a repository with the pages that another build kept, so that its first build makes only what differs."""
    shutil.copytree(Path(built.root, ".cache"), root / ".cache")


def configure(root: Path, settings: dict[str, str]) -> None:
    """Give settings of mkdocs.yml these values, as YAML has them."""
    path = root / "mkdocs.yml"
    text = path.read_text()
    for name, value in settings.items():
        text, count = re.subn(rf"(?m)^( *){name}: .*$", lambda line, new=f"{name}: {value}": line[1] + new, text)
        assert count == 1, f"mkdocs.yml has no setting {name}, or several"
    path.write_text(text)


def own_template(root: Path, name: str) -> Path:
    """The file of a template that the course has in place of the package's, from which it begins."""
    path = root / "overrides" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "src/mkdocs_coursehub/theme" / name, path)
    settings = (root / "mkdocs.yml").read_text()
    plain = settings.replace("theme: material\n", "theme: {name: material, custom_dir: overrides}\n")
    (root / "mkdocs.yml").write_text(plain)
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path} has no {old!r} to replace"
    path.write_text(text.replace(old, new, 1))


def environment(**more: str) -> dict[str, str]:
    """The environment of a build: this process's own, with no settings of Course Hub but these."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("COURSEHUB_")}
    return {**own, "NO_MKDOCS_2_WARNING": "1", **more}


def build(root: Path, *arguments: str, **more: str) -> Build:
    env = environment(**more)
    if warm.can_run(env):
        return Build(str(root), *warm.run("mkdocs", ["build", *arguments], root, env))
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *arguments], cwd=root, env=env, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
    )  # fmt: skip
    return Build(str(root), ran.returncode, ran.stdout)


def _sound(root: Path) -> Build:
    copy(root, "sound")
    return build(root, "--strict", PYTHONHASHSEED="1")


def _again(root: Path) -> Build:
    copy(root, "sound")
    return build(root, PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C")


def _strict(root: Path) -> Build:
    copy(root, "sound", "broken")
    return build(root, "--strict")


def _lenient(root: Path) -> Build:
    copy(root, "sound", "broken")
    return build(root)


def _commented(
    root: Path, *fixtures: str, is_preview: bool = False, address: str | None = None, **changes: str
) -> Build:
    """A site with these settings of comments, whatever the repository's own are; one post's discussion is known."""
    copy(root, "sound", *fixtures)
    settings = {"provider": "giscus", "load": "click", "repo": "example/course", "repo_id": "R_example"}
    settings |= {"category": "Announcements", "category_id": "DIC_example", "label": "comments", **changes}
    configure(root, {name: f'"{value}"' for name, value in settings.items()})
    known = {"term": "posts/F2026/pandera", "url": "https://github.com/example/course/discussions/3"}
    record = {"version": 1, "provider": "giscus", "read": "2026-12-05T00:00:00Z", "discussions": [known]}
    (root / "comments.json").write_bytes(msgspec.json.encode(record))
    asked = {
        "login": "monalisa", "pull": 12, "since": "2026-12-04T12:00:00Z", "tools": ["Kedro", "<b>Dagster</b>"],
        "semester": "F2026", "option": "mlops-tool", "path": "posts/F2026/dagster--kedro.md",
    }  # fmt: skip
    pending = {
        "version": 1,
        "read": "2026-12-05T00:00:00Z",
        "claims": [asked, {**asked, "pull": 13, "tools": ["Dask"]}],
    }
    (root / "pending.json").write_bytes(msgspec.json.encode(pending))
    environment = {
        "COURSEHUB_COMMENTS": "comments.json",
        "COURSEHUB_PENDING": "pending.json",
        "COURSEHUB_PREVIEW": str(is_preview).lower(),
    }
    return build(root, "--strict", **environment, **({"COURSEHUB_SITE_URL": address} if address else {}))


def _reading(root: Path) -> Build:
    copy(root, "reading")
    return build(root, "--strict")


def _late(root: Path) -> Build:
    """A site with drafts and cards, as of a moment after the deadline."""
    copy(root, "sound")
    edit(root / "mkdocs.yml", "cards: false", "cards: true")
    return build(root, COURSEHUB_DRAFTS="1", COURSEHUB_NOW=AFTER_THE_DEADLINE)


def _preview(root: Path) -> Build:
    """A site as `make preview` builds it, with a real picture in the draft."""
    copy(root, "sound")
    shutil.copyfile(ROOT / "Makefile", root / "Makefile")
    shutil.copyfile(HUB / "posts/F2026/pandera/newest-shelf.png", root / "posts/F2026/draftorama/zygote.png")
    ran = subprocess.run(
        ["make", "--old-file=.venv/site.stamp", f"BIN={Path(sys.executable).parent}", "preview"],
        cwd=root, env=makefile.ENVIRONMENT, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
    )  # fmt: skip
    return Build(str(root), ran.returncode, ran.stdout, "preview")


def let_through(root: Path) -> None:
    off = ", ".join(f"{name}: off" for name in LET_THROUGH)
    edit(root / "data/course.yaml", "severities: {}", f"severities: {{{off}}}")


def _hostile(root: Path) -> Build:
    copy(root, "hostile")
    let_through(root)
    with (root / "data/prior_posts.yaml").open("a") as priors:
        priors.write(
            "- title: '<img src=x onerror=alert(90)> Hostilium before'\n"
            "  tools: ['<img src=x onerror=alert(91)>']\n"
            "  option: mlops-tool\n  semester: S2020\n  url: https://evil.example/?<script>alert(92)</script>\n"
        )
    return build(root)


def attacks() -> dict[str, list[str]]:
    """The texts in each post of the site `attacked`, by the attacks' group."""
    parts = re.split(r"(?m)^=== (.+?): .+\n", (ROOT / "tests/data/attacks.txt").read_text())[1:]
    texts: dict[str, list[str]] = {"harmless": ["Nothing here does any harm."]}
    for group, text in zip(parts[::2], parts[1::2], strict=True):
        texts.setdefault(group.replace(" ", "-"), []).append(text)
    return texts


def _attacked(root: Path) -> Build:
    copy(root)
    let_through(root)
    for group, texts in attacks().items():
        front = {
            "title": "A post", "authors": f"eve-{group}", "option": "mlops-tool", "tool": group, "semester": "F2026",
            "tool_url": f"https://example.org/{group}", "status": "published", "date": "2026-11-03", "summary": "About it.",
        }  # fmt: skip
        lines = "".join(f"{name}: {value}\n" for name, value in front.items())
        body = "".join(f"Words before {number}.\n\n{text}\n\n" for number, text in enumerate(texts))
        (root / f"posts/F2026/{group}.md").write_text(f"---\n{lines}---\n{body}Words at the end.\n")
    return build(root)


def _scripts(root: Path) -> Build:
    """A site with posts in several scripts."""
    copy(root, "scripts")
    return build(root, "--strict")


_SITES = {
    "sound": _sound, "reading": _reading, "scripts": _scripts, "again": _again, "strict": _strict, "lenient": _lenient, "late": _late, "preview": _preview,
    "hostile": _hostile, "attacked": _attacked, "giscus": _commented,
    "kinds": lambda root: _commented(root, "kinds", address="https://course.example/"),  # a page of every kind, and a post with all that a text can hold
    "utterances": lambda root: _commented(root, provider="utterances"),
    "automatic": lambda root: _commented(root, load="automatic"),
    "moved": lambda root: _commented(root, "moved", address="https://course.example/hub/"),
    "moved-preview": lambda root: _commented(root, "moved", is_preview=True),
    "silent": lambda root: _commented(root, repo=""),
    "commented-preview": lambda root: _commented(root, is_preview=True),
    "disqus": lambda root: _commented(root, provider="disqus"),
    "without-ids": lambda root: _commented(root, repo_id="", category_id=""),
    "misspelt": lambda root: _commented(root, load="never", repo='https://github.com/o/n"\n    repo-id: "x'),
}  # fmt: skip


# Built with nothing kept: the others begin with what the first of them kept, as the second build of a repository does.
COLD = ("sound", "again")

SharedSite = Callable[[str], Build]  # the fixture `shared_site`: a site of _SITES by its name


def shared(factory: pytest.TempPathFactory, name: str) -> Build:
    """A site that is built once a run, by whichever of pytest's processes needs it first."""
    import fcntl  # noqa: PLC0415  (it is missing on Windows, where no site is shared)

    first = None if name in COLD else shared(factory, COLD[0])
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    record = base / f"site-{name}.json"
    with (base / f"site-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            if first:
                with_cache(first, base / f"site-{name}")
            record.write_bytes(msgspec.json.encode(_SITES[name](base / f"site-{name}")))
        return msgspec.json.decode(record.read_bytes(), type=Build)


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    within: tuple["Element", ...]

    def is_in(self, name: str) -> bool:
        """Whether an element of this tag, or of this class, is around it."""
        return any(name == each.tag or name in each.attributes.get("class", "").split() for each in self.within)


class Document(HTMLParser):
    """A page as a browser without scripts would read it: its elements, its texts, and what each lies in."""

    EMPTY = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.elements: list[Element] = []
        self.texts: list[tuple[str, Element]] = []

    @classmethod
    def read(cls, path: Path) -> "Document":
        document = cls()
        document.feed(path.read_text())
        document.close()
        return document

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(element)
        if tag not in self.EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for index in reversed(range(len(self.open))):
            if self.open[index].tag == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.append((data, self.open[-1]))

    def find(self, tag: str, within: str = "html") -> Iterator[Element]:
        return (each for each in self.elements if each.tag == tag and each.is_in(within))

    def text(self, within: str, *but: str) -> str:
        """The words in an element of that tag or class, but for those in the others."""

        def lies(element: Element, name: str) -> bool:
            return Element("", {}, (*element.within, element)).is_in(name)

        chosen = (
            data for data, element in self.texts if lies(element, within) and not any(lies(element, x) for x in but)
        )
        return " ".join("".join(chosen).split())

    @property
    def ids(self) -> set[str]:
        return {each.attributes["id"] for each in self.elements if "id" in each.attributes}

    @property
    def title(self) -> str:
        return self.text("title", "svg")
