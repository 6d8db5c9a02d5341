"""Pages that staff follow once: their commands, word for word, in one shell. Only Python's and pip's are stand-ins."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import adopted
import pytest
import test_adoption
import trees
from pages import section
from repositories import ENVIRONMENT, Repository

pytestmark = pytest.mark.slow
BIN = Path(sys.executable).parent
PRODUCT, COURSE = "https://github.com/coursehub-staff/coursehub", "https://github.com/octocat/databases"
# Neither makes an environment nor installs: what is to be there is this one's. A site that is shown is not shown for ever.
STANDINS = f"""\
python3() {{
  [ "$*" = "-m venv .venv" ] && mkdir -p .venv/bin && ln -s {BIN}/coursehub .venv/bin/ || return
  printf '#!/bin/sh\\n[ "$2" != -r ] || test -s "$3"\\n' > .venv/bin/pip
  printf '#!/bin/sh\\n[ "$1" = serve ] || exec {BIN}/mkdocs "$@"\\n' > .venv/bin/mkdocs
  chmod +x .venv/bin/pip .venv/bin/mkdocs
}}
"""


def steps(page: str, heading: str) -> list[str]:
    """The commands of each step below a heading, or its YAML where it has no commands."""
    parts = re.split(r"^\d+\. ", section(page, heading), flags=re.MULTILINE)[1:]
    return [
        "".join(textwrap.dedent(block) for block in re.findall(r"^ *```(?:sh|yaml)\n(.*?)^ *```$", part, re.M | re.S))
        for part in parts
    ]


def follow(script: str, folder: Path, github: Path, answers: str = "") -> str:
    """Run commands up to the first that fails, which is none, and return the output of all."""
    config = folder.parent / "gitconfig"
    names = "[user]\nname = octocat\nemail = octocat@example.org\n[pull]\nff = only\n"
    places = [f'[url "{github / name}"]\ninsteadOf = {url}\n' for name, url in (("p", PRODUCT), ("c", COURSE))]
    config.write_text(names + "".join(places))
    plain = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("COURSEHUB_")}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", STANDINS + script], cwd=folder, input=answers, text=True, check=False,
        env={**plain, "GIT_CONFIG_GLOBAL": str(config), "NO_MKDOCS_2_WARNING": "1", "HOME": str(folder.parent)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_course_is_adopted_by_the_pages_own_commands(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    script = "".join(steps("docs/adopt.md", "## A site on your machine"))
    output = follow(script, tmp_path / "home", tmp_path, "octocat/databases\n" + "\n" * 5)
    course = tmp_path / "home/my-course"
    assert "0 posts checked: nothing to fix." in output
    assert (course / "site/index.html").is_file()
    (pushed,) = steps("docs/adopt.md", "## The same on GitHub")[:1]
    Repository(tmp_path / "c").git("config", "receive.denyCurrentBranch", "ignore")
    follow(pushed.replace("OWNER/NAME", "octocat/databases"), course, tmp_path)
    assert len(Repository(tmp_path / "c").git("ls-tree", "-r", "--name-only", "main").splitlines()) == 15


# A copy as it was before the split: `product/` is what it was made from, `course/` what the course changed, and the rest
# what a student changed. Its Makefile has the pages that an old site of it had.
COPY = trees.parse((Path(__file__).parent / "fixtures/copy.txt").read_text())
STUDENTS = ("monalisa", "hubot")
OF_PRODUCT = {"adopt", "commands", "dependencies", "set-up", "speed"}  # pages that a course does not have
OWN = {"data/tools.yaml", "data/prior_posts.yaml", "docs/hours.md", "docs/rubric.md", "giscus.json", "utterances.json"}


def part(name: str) -> trees.Tree:
    files = [(path.removeprefix(f"{name}/"), *how) for path, *how in COPY.files if path.startswith(f"{name}/")]
    return trees.Tree([(path, text, how) for path, text, how in files], "")


def copied(folder: Path, *, is_clone: bool) -> Path:
    """The folder where a course works on its copy, whose repository on GitHub and the product's are `c` and `p`."""
    product = Repository(folder / "p")
    trees.write(part("product"), product.root)
    product.commit("Course Hub")
    if is_clone:
        product.git("clone", "-q", str(product.root), str(folder / "once"))
    else:
        trees.write(part("product"), folder / "once")
        Repository(folder / "once").commit("Initial commit")
    product.git("commit", "-q", "--allow-empty", "-m", "Course Hub is a package")
    copy = Repository(folder / "once")
    copy.git("rm", "-rq", "posts")
    for author in ("course", *STUDENTS):
        trees.write(part(author), copy.root)
        copy.git("add", "--all")
        copy.git("-c", f"user.name={author}", "-c", "user.email=test@example.org", "commit", "-q", "-m", "A change")
    copy.git("clone", "-q", "--bare", str(copy.root), str(folder / "c"))
    copy.git("clone", "-q", str(folder / "c"), str(folder / "work/databases"))
    return folder / "work/databases"


@pytest.mark.parametrize("is_clone", [True, False], ids=["a clone", "from the template"])
def test_a_copy_is_moved_by_the_pages_own_commands(tmp_path: Path, is_clone: bool) -> None:
    today = copied(tmp_path, is_clone=is_clone)
    *first, settings, override, compare, commit, _ = steps("docs/move-to-the-package.md", "## What to do")
    listed = follow("".join(first) + "echo $base > ../base", today, tmp_path)
    own = {("M" if path != "docs/hours.md" else "A", path) for path, *_ in part("course").files if path[:5] != "data/"}
    assert set(re.findall(r"^([MA])\t(.*)", listed, re.MULTILINE)) == own

    moved = today.with_name("moved")
    lines = (moved / "mkdocs.yml").read_text().splitlines()
    (moved / "mkdocs.yml").write_text(
        "\n".join([*(line for line in lines if line.partition(":")[0] not in settings), settings])
    )
    base = f"base={today.with_name('base').read_text()}"
    (mark,) = re.findall(r"^\+(<meta.*)", follow(base + override, moved, tmp_path), re.MULTILINE)
    adopted.edit(moved / "overrides/main.html", "{% block extrahead %}", f"{{% block extrahead %}}\n{mark}")

    compared = follow(compare.replace("\ndiff ", "\n! diff "), moved, tmp_path)
    assert "3 posts checked: nothing to fix.\n" in compared
    assert set(re.findall(r"^< \./(.*)/index\.html$", compared, re.MULTILINE)) == OF_PRODUCT
    assert not re.findall(r"^[<>] \./posts/.*", compared, re.MULTILINE)
    assert mark in (moved / "site/posts/F2026/sqlite/index.html").read_text()

    follow(commit, moved, tmp_path)
    there = Repository(moved)
    files = there.git("ls-tree", "-r", "--name-only", "origin/to-the-package").splitlines()
    rest = {path for path in files if not path.startswith("posts/")}
    assert rest == test_adoption.FILES | OWN | {"overrides/main.html"}
    assert there.git("log", "--follow", "--format=%an", "posts/F2026/sqlite.md").split() == [*reversed(STUDENTS)]
