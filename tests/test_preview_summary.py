"""A pull request's summary of its preview, whatever its files are called."""

import html
import re
import subprocess
from pathlib import Path

import cmarkgfm
import pytest
from click.testing import CliRunner, Result

from coursehub.cli import main

HOSTILE = "posts/F2026/a``b` <img src=x> [l](mailto:x@y) @team #1 *x*|\n\n# y\u202e.md"
ARTIFACT = "https://github.com/example/course/actions/runs/1/artifacts/2"


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A branch that adds posts, of which one has no page, and a picture to another; and takes a post away."""
    git(tmp_path, "init", "--initial-branch=main")
    (tmp_path / ".git/info/exclude").write_text("preview/\n")
    write(tmp_path, "posts/F2026/old.md", "posts/F2026/gone.md")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message=base")
    git(tmp_path, "tag", "base")
    (tmp_path / "posts/F2026/gone.md").unlink()
    write(tmp_path, "posts/F2026/new.md", "posts/F2026/claimed.md", "posts/F2026/old/picture.png", "docs/x.md", HOSTILE)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--message=change")
    for path in ("index.md", "posts/F2026/new.md", "posts/F2026/old.md", HOSTILE):
        write(tmp_path / "preview", path.replace(".md", ".html"))
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["preview", str(root / "preview"), "--root", str(root), *arguments])


def test_it_names_the_file_to_open_for_each_changed_post(changed: Path) -> None:
    ran = run(changed, "--base", "base", "--artifact", ARTIFACT)
    assert (ran.exit_code, ran.stderr) == (0, "")
    shown = cmarkgfm.github_flavored_markdown_to_html(ran.stdout)
    name = HOSTILE.replace("\n", "\ufffd").replace("\u202e", "\ufffd")
    assert [html.unescape(each) for each in re.findall("<code>(.*?)</code>", shown, re.DOTALL)] == [
        name.replace(".md", ".html"),
        "posts/F2026/claimed.md",
        "posts/F2026/new.html",
        "posts/F2026/old.html",
        "index.html",
    ]
    assert "nothing for <code>posts/F2026/claimed.md</code>" in shown
    assert re.findall('href="(.*?)"', shown) == [ARTIFACT]
    assert set(re.findall(r"<(\w+)", shown)) == {"h2", "p", "a", "ul", "li", "code"}


def test_a_folder_without_a_preview_is_named(changed: Path) -> None:
    (changed / "preview/index.html").unlink()
    ran = run(changed, "--base", "base")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert (
        ran.stderr == f"coursehub: {changed}/preview has no index.html; build the site first: mkdocs build --strict\n"
    )


@pytest.mark.parametrize("against", [(), ("--base", "base", "--merge-of", "HEAD")], ids=["none", "both"])
def test_it_takes_one_thing_to_compare_with(changed: Path, against: tuple[str, ...]) -> None:
    ran = run(changed, *against)
    assert (ran.exit_code, "either --base or --merge-of" in ran.stderr) == (2, True)


def test_a_base_that_is_not_there_is_told(changed: Path) -> None:
    ran = run(changed, "--base", "nowhere")
    assert ran.exit_code == 2
    assert "nowhere" in ran.stderr


def test_posts_that_others_merged_meanwhile_are_not_listed(changed: Path) -> None:
    git(changed, "branch", "work")
    git(changed, "checkout", "-B", "main", "base")
    write(changed, "posts/F2026/others.md")
    git(changed, "add", ".")
    git(changed, "commit", "--message=others")
    git(changed, "checkout", "--force", "--detach", "main")
    git(changed, "merge", "--no-ff", "--message=merge", "work")
    ran = run(changed, "--merge-of", "work")
    assert (ran.exit_code, "posts/F2026/new" in ran.stdout, "others" in ran.stdout) == (0, True, False)
    git(changed, "checkout", "--force", "work")
    ran = run(changed, "--merge-of", "work")
    assert (ran.exit_code, "HEAD has 1 parent here" in ran.stderr) == (2, True)
