"""No dead end: where a message names a command, the command does what the message promises.

`commands` collects them from the sources, and each has to be tried below: in the state that the message speaks of, by
the words of the message, up to what it promises. Those of `coursehub doctor`, one a setting, are tried in test_doctor.
"""

import ast
import datetime as dt
import re
import shlex
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import TypeVar

import click
import pytest
import trees
from click.testing import CliRunner, Result
from course import claim
from modules import nodes
from pictures import picture
from repositories import ENVIRONMENT, Repository

from coursehub import starting
from coursehub.claims import pending
from coursehub.cli import main
from coursehub.comments import record
from coursehub.desk.by_hand import steps
from coursehub.desk.comment import MOST_ERRORS
from coursehub.desk.suggestions import Rewrite
from coursehub.links import crawl
from coursehub.records.finding import safe
from coursehub.site.pages.manual_pages import MANUALS
from coursehub.system import git

ROOT = Path(__file__).parents[1]
HUB = ROOT / "tests/fixtures/cli/hub.txt"
TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
PROGRAMS = {
    "apt": ["install"],
    "coursehub": main.list_commands(click.Context(main)),
    "gh": ["api", "auth", "repo", "run", "workflow"],
    "git": [
        "add",
        "checkout",
        "clone",
        "commit",
        "config",
        "fetch",
        "init",
        "lfs",
        "merge",
        "mv",
        "pull",
        "push",
        "rebase",
    ],
    "make": TARGETS,
    "pip": ["install"],
}
COMMAND = re.compile(
    "|".join(rf"(?<![\w/-])(?:\.venv/bin/)?({name} (?:{'|'.join(words)}))\b(?!-)" for name, words in PROGRAMS.items())
    + r"|(?:^|[: ])(mv|mkdir -p) (?:$|\{)"
)
# Nobody can try these here.
ELSEWHERE = {
    ("Makefile", "apt install"): "installs npm on Debian and Ubuntu",
    ("tools/set_up.py", "apt install"): "installs what Debian and Ubuntu leave out of Python",
    ("src/coursehub/site/pages/markdown_page.py", "make check"): "an example of a list",
    ("src/coursehub/cli/export.py", "pip install"): "installs Zensical: make renderers builds an export with it",
    ("src/coursehub/cli/github.py", "gh auth"): "prints a token; that one is asked for, and enough, is tried below",
}


def commands(path: Path) -> Iterator[str]:
    """The commands that a source names where people read them."""
    for text in texts(path):
        for match in COMMAND.finditer(text):
            yield next(filter(None, match.groups()))


def texts(path: Path) -> Iterator[str]:
    """The texts of a source that people read.

    Of a module these are its strings, and of its docstrings those of rules, which are pages, and of commands, which are
    their help. Of what a shell runs, they are what it prints; of the others, all but comments.
    """
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        tree = nodes(path)
        named = (node for node in tree if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef))
        ours = {id(node.body[0].value): node for node in named if ast.get_docstring(node)}  # type: ignore[attr-defined]
        for node in tree:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                owner = ours.get(id(node))
                if owner is None or getattr(owner, "decorator_list", ()):
                    yield node.value
    elif path.suffix == ".yml" or path.name == "Makefile":
        yield from re.findall(r"(?:echo|printf) .*|sys\.exit\(.*", text)
    else:
        yield re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*|\{#.*?#\}", "", text, flags=re.DOTALL)


def sources() -> Iterator[Path]:
    yield ROOT / "Makefile"
    patterns = (
        "src/**/*.py", "hooks/*.py", "tools/*.py", "src/**/templates/*", "src/mkdocs_coursehub/theme/**/*.html",
        "src/mkdocs_coursehub/static/assets/*.js",
        ".github/workflows/*.yml",
    )  # fmt: skip
    manual = {each.path for each in MANUALS}  # whose commands test_docs looks for
    course = ROOT / "src/coursehub/starting/templates"  # which test_adoption follows
    for pattern in patterns:
        yield from (path for path in ROOT.glob(pattern) if path.name not in manual and path.parent != course)


TRIED: Counter[tuple[str, str]] = Counter()
Test = TypeVar("Test", bound=Callable[..., None])


def tries(path: str, command: str) -> Callable[[Test], Test]:
    """Say which message a test tries: each test tries one."""
    TRIED[path, command] += 1
    return lambda test: test


def test_every_command_that_a_message_names_is_tried() -> None:
    named = Counter(
        (path.relative_to(ROOT).as_posix(), command)
        for path in sources()
        if path.parent != ROOT / "src/coursehub/doctor"
        for command in commands(path)
    )
    assert named == TRIED + Counter(dict.fromkeys(ELSEWHERE, 1))


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A course with one post, on its first commit; this process is in its folder."""
    repository = Repository(tmp_path / "hub")
    trees.write(trees.parse(HUB.read_text()), repository.root)
    repository.commit()
    monkeypatch.chdir(repository.root)
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    return repository


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, [*arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def run_as_told(message: str, pattern: str) -> Result:
    """Run the `coursehub` command that a message has, word for word."""
    return run(*shlex.split(as_told(message, pattern))[1:])


def as_told(message: str, pattern: str) -> str:
    match = re.search(pattern, " ".join(message.split()))
    assert match, message
    return match[0].removeprefix(".venv/bin/")


def in_shell(command: str, folder: Path) -> None:
    subprocess.run(command, shell=True, cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)


def rules(result: Result) -> set[str]:
    """The rules against which a check has findings."""
    return set(re.findall(r": (?:error|warning|notice)\[([\w-]+)\] ", result.output))


SENTENCE = "A text has as many words as the course asks for, which are three hundred or so.\n"
TEXT = f"## The problem\n\n{SENTENCE * 20}"
RULES = "src/coursehub/checks/rules"


# Posts


@tries(f"{RULES}/source.py", "coursehub new")
def test_new_puts_a_claim_before_a_text_without_front_matter(hub: Repository) -> None:
    hub.write("posts/F2026/kedro.md", TEXT)
    advice = run("check", "posts/F2026/kedro.md")
    assert rules(advice) == {"missing-front-matter"}
    command = as_told(advice.output, r"“(coursehub new [^”]*)”").strip("“”")
    done = run(*command.replace("TOOL", "Kedro").replace("OPTION", "mlops-tool").split()[1:], "--author", "hubot")
    assert done.exit_code == 0, done.output
    assert (hub.root / "posts/F2026/kedro.md").read_text().endswith(f"\n---\n\n{TEXT}")
    assert run("check", "posts/F2026/kedro.md").exit_code == 0


@tries(f"{RULES}/source.py", "coursehub new")
def test_new_makes_a_post_of_one_of_hugos(hub: Repository) -> None:
    post = hub.root / "posts/F2026/kedro.md"
    hub.write("posts/F2026/kedro.md", f'+++\ntitle = "A week"\ndate = 2026-11-02\n+++\n{TEXT}')
    advice = run("check", "posts/F2026/kedro.md")
    assert rules(advice) == {"missing-front-matter"}
    post.rename(hub.root / "hugo.md")
    command = as_told(advice.output, r"“(coursehub new [^”]*)”").strip("“”").replace("FILE", "hugo.md")
    done = run(*command.replace("TOOL", "Kedro").replace("OPTION", "mlops-tool").split()[1:], "--author", "hubot")
    assert done.exit_code == 0, done.output
    assert "title: A week\n" in post.read_text()
    assert post.read_text().endswith(f"\n---\n\n{TEXT}")


@pytest.mark.parametrize("name", ["posts/F2026/my post.md", "posts/F26/kedro.md", "posts/F2026/$(x).md"])
@tries(f"{RULES}/claims.py", "mv")
@tries(f"{RULES}/claims.py", "mkdir -p")
def test_a_misplaced_post_is_renamed_by_the_command(hub: Repository, name: str) -> None:
    hub.write(name, claim("hubot", "Kedro"))
    hub.write(f"{name.removesuffix('.md')}/drift.png", picture("png 40x30") or b"")
    advice = run("check", name)
    assert "misplaced-post" in rules(advice)
    in_shell(as_told(advice.output, r"(?<=Rename it: ).*?(?=\. In the browser)"), hub.root)
    assert not (hub.root / name).exists()
    assert (hub.root / "posts/F2026/kedro/drift.png").exists()
    assert run("check", "posts/F2026/kedro.md").exit_code == 0


def test_no_command_writes_over_another_post(hub: Repository) -> None:
    hub.write("posts/F2026/my-post.md", claim("hubot", "DVC"))
    advice = run("check", "posts/F2026/my-post.md").output
    assert "posts/F2026/dvc.md is there already. If it is yours, put this text there;" in advice


PUBLISHED = claim(
    "octocat", "Kedro", status="published", date="2026-11-01", summary="It is short.", tool_url="https://example.org/kedro",
    covers="{problem: The problem}",
) + TEXT  # fmt: skip


@tries(f"{RULES}/pull_request.py", "git mv")
@tries(f"{RULES}/pull_request.py", "coursehub check")
def test_fix_leads_from_the_old_address_of_a_moved_post(hub: Repository) -> None:
    hub.write("posts/F2026/kedro.md", PUBLISHED)
    hub.commit()
    hub.branch("move")
    hub.git("mv", "posts/F2026/kedro.md", "posts/F2026/luigi.md")
    path = hub.root / "posts/F2026/luigi.md"
    path.write_text(path.read_text().replace('tool: "Kedro"', "tool: Luigi"))
    hub.commit()
    assert "moved-without-alias" in rules(run("check", "--base", "main"))
    run("check", "--base", "main", "--fix")
    assert "moved-without-alias" not in rules(run("check", "--base", "main"))
    assert "aliases: posts/F2026/kedro.md\n" in path.read_text()


@tries(f"{RULES}/claims.py", "coursehub check")
def test_an_overdue_claim_is_judged_as_of_a_moment(hub: Repository) -> None:
    assert rules(run("check")) == set()
    assert "expired" not in run("check", "--at", "2026-12-04T23:00Z").output
    assert rules(run("check", "--at", "2026-12-06T00:00Z")) == {"expired-claim"}


@tries(f"{RULES}/fields.py", "coursehub check")
def test_a_date_to_come_is_judged_as_of_a_moment(hub: Repository) -> None:
    hub.write("posts/F2026/kedro.md", PUBLISHED)
    assert "date-to-come" not in rules(run("check"))
    assert "date-to-come" in rules(run("check", "--at", "2026-10-31T00:00Z"))
    assert "date-to-come" not in rules(run("check", "--at", "2026-11-02T12:00Z"))


@pytest.mark.parametrize("name", ["drift.jpg", "a $(sketch).jpg"])
@tries(f"{RULES}/pictures.py", "coursehub strip")
@tries(f"{RULES}/pictures.py", "coursehub strip")
def test_strip_takes_out_what_a_picture_tells(hub: Repository, name: str) -> None:
    hub.write(f"posts/F2026/dvc/{name}", picture("jpeg 40x30, place") or b"")
    advice = run("check", f"posts/F2026/dvc/{name}")
    assert "picture-tells-more" in rules(advice)
    done = run_as_told(advice.output, r"(?<=`)coursehub strip [^`]*")
    assert done.exit_code == 0, done.output
    assert "picture-tells-more" not in rules(run("check", f"posts/F2026/dvc/{name}"))


@tries("src/coursehub/pictures/kinds.py", "git lfs")
@tries("src/coursehub/pictures/kinds.py", "git add")
def test_without_git_lfs_the_picture_itself_is_committed(hub: Repository, tmp_path: Path) -> None:
    """Where Git LFS is set up the folder has the picture, and git a pointer to it: so do clones of others."""
    hub.git("config", "filter.lfs.clean", "cat > /dev/null; echo version https://git-lfs.github.com/spec/v1")
    hub.write(".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n")
    hub.write("posts/F2026/dvc/drift.png", picture("png 40x30") or b"")
    hub.commit()
    advice = check_of_a_clone(hub, tmp_path / "before")
    assert "a pointer of Git LFS" in advice
    hub.write(".gitattributes", "")  # what `git lfs untrack "*.png"` makes of it
    in_shell(as_told(advice, r"(?<=`)git add [^`]*"), hub.root)
    hub.git("commit", "-m", "The picture itself")
    assert "drift.png" not in check_of_a_clone(hub, tmp_path / "after")


def check_of_a_clone(hub: Repository, folder: Path) -> str:
    hub.git("clone", "-q", str(hub.root), str(folder))
    return run("check", "--root", str(folder), str(folder / "posts")).output


@pytest.mark.parametrize(
    "sign",
    ["!!! note", "::: note", "??? note", "## Part {#part}", "![x](a.png){: .wide}", '```python title="a.py"\n```'],
)
@tries("src/coursehub/site/templates/markdown.html", "coursehub check")
def test_check_names_each_sign_of_another_markdown(hub: Repository, sign: str) -> None:
    hub.write("posts/F2026/kedro.md", f"{PUBLISHED}\n{sign}\n")
    assert "foreign-markdown" in rules(run("check", "posts/F2026/kedro.md"))


@tries("src/coursehub/site/templates/rules.md", "coursehub check")
def test_check_looks_at_posts_and_data_and_says_all_at_once(hub: Repository) -> None:
    hub.write("posts/F2026/kedro.md", claim("x--y", "Kedro", status="claimd", titel="x"))
    hub.write("data/tools.yaml", "tools: []\n")
    result = run("check")
    assert {"not-a-login", "unknown-value", "unknown-field", "broken-data"} <= rules(result)
    assert result.exit_code == 1


# Claims


@tries("src/coursehub/cli/new.py", "coursehub check")
def test_check_says_why_no_claim_can_be_put_into_a_file(hub: Repository) -> None:
    unreadable, another = "---\ntitle: [Kedro\n", claim("hubot", "Luigi")
    for text, rule in ((unreadable, "unclosed-front-matter"), (another, "misplaced-post")):
        hub.write("posts/F2026/kedro.md", text)
        refused = run("new", "Kedro", "--option", "mlops-tool", "--author", "hubot")
        assert refused.exit_code == 2
        assert rules(run_as_told(refused.output, r"(?<=“)coursehub check [^”]*")) == {rule}
        assert (hub.root / "posts/F2026/kedro.md").read_text() == text


def test_a_withdrawn_claim_is_replaced_by_the_one_that_is_shown(hub: Repository) -> None:
    hub.write("posts/F2026/kedro.md", claim("octocat", "Kedro", status="withdrawn"))
    refused = run("new", "Kedro", "--option", "mlops-tool", "--author", "hubot")
    hub.write("posts/F2026/kedro.md", refused.output[refused.output.index("---\n") :].rstrip() + "\n")
    assert run("free", "Kedro").output.startswith("“Kedro” is taken in F2026 by hubot.")
    assert run("check", "posts/F2026/kedro.md").exit_code == 0


@tries("src/coursehub/cli/new.py", "coursehub free")
def test_new_refuses_in_the_words_of_free(hub: Repository) -> None:
    refused = run("new", "wandb", "--option", "mlops-tool", "--author", "hubot")
    assert refused.exit_code == 0  # it is free
    again, asked = run("new", "W&B", "--option", "mlops-tool", "--author", "octocat"), run("free", "W&B")
    assert (again.exit_code, again.output) == (asked.exit_code, asked.output) == (1, asked.output)


@tries("src/coursehub/cli/new.py", "git config")
def test_git_remembers_whose_claims_are_written(hub: Repository) -> None:
    hub.git("config", "user.email", "test@example.org")
    refused = run("new", "Kedro", "--option", "mlops-tool")
    assert refused.exit_code == 2
    in_shell(as_told(refused.output, "git config github.user LOGIN").replace("LOGIN", "hubot"), hub.root)
    assert run("new", "Kedro", "--option", "mlops-tool").exit_code == 0
    assert "authors: hubot\n" in (hub.root / "posts/F2026/kedro.md").read_text()


@tries("src/coursehub/cli/new.py", "coursehub new")
def test_new_without_a_name_says_how_it_is_called(hub: Repository) -> None:
    refused = run("new", "--option", "mlops-tool")
    assert refused.exit_code == 2
    command = as_told(refused.output, r"coursehub new NAME --option \S+").replace("NAME", "Kedro")
    assert run(*command.split()[1:], "--author", "hubot").exit_code == 0
    assert (hub.root / "posts/F2026/kedro.md").exists()


@tries("src/coursehub/cli/conversions.py", "coursehub check")
def test_check_says_what_a_converted_post_still_wants(hub: Repository, tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("---\nlayout: post\ntitle: A week with Kedro\n---\n\n" + TEXT)
    done = run("new", "Kedro", "--option", "mlops-tool", "--from", str(tmp_path / "post.md"))
    assert (hub.root / "posts/F2026/kedro.md").exists()
    assert rules(run_as_told(done.output, r"(?<=Then: )coursehub check \S+"))


@pytest.mark.parametrize(
    ("line_ends", "rewrites"),
    [("\r\n", []), ("\n", [Rewrite(1, 1, ("a",), ("b",))] * 6)],
    ids=["not shown", "too much"],
)
@tries("src/coursehub/desk/by_hand.py", "coursehub check")
@tries("src/coursehub/desk/by_hand.py", "coursehub check")
def test_fix_does_what_no_suggestion_can(hub: Repository, line_ends: str, rewrites: list[Rewrite]) -> None:
    post = claim("hubot", "Kedro", date='"Nov 2, 2026"')
    hub.write("posts/F2026/kedro.md", post.replace("\n", line_ends).encode())
    before = rules(run("check", "posts/F2026/kedro.md"))
    (step,) = steps(safe("", line_ends="\n"), rewrites)
    run_as_told(step, r"coursehub check --fix")
    assert rules(run("check", "posts/F2026/kedro.md")) < before


@tries("src/coursehub/cli/export.py", "coursehub check")
def test_check_says_why_an_export_leaves_a_post_out(hub: Repository, tmp_path: Path) -> None:
    hub.write("mkdocs.yml", "site_name: Hub\ntheme: material\n")
    hub.write("posts/F2026/kedro.md", "---\ntitle: [Kedro\n---\n")
    exported = run("export", str(tmp_path / "export"))
    assert exported.exit_code == 1
    assert "malformed-yaml" in rules(run_as_told(exported.output, r"(?<=“)coursehub check[^”]*"))


@tries("src/coursehub/cli/publish.py", "coursehub check")
def test_check_says_why_a_post_can_not_be_published(hub: Repository) -> None:
    hub.write("posts/F2026/kedro.md", "---\ntitle: [Kedro\n---\n")
    refused = run("publish", "posts/F2026/kedro.md")
    assert refused.exit_code == 2
    assert rules(run_as_told(refused.output, r"(?<=“)coursehub check [^”]*")) == {"malformed-yaml"}


@tries("src/coursehub/desk/templates/comment.md", "coursehub free")
def test_free_tells_as_the_site_does_which_tool_is_free(hub: Repository) -> None:
    assert [run("free", name).exit_code for name in ("DVC", "Kedro")] == [1, 0]


@tries("src/coursehub/desk/templates/comment.md", "coursehub check")
def test_check_lists_what_the_comment_leaves_out(hub: Repository) -> None:
    links = "".join(f"[{number}](none-{number}.md)\n" for number in range(MOST_ERRORS + 1))
    hub.write("posts/F2026/kedro.md", PUBLISHED + links)
    assert run("check", "posts/F2026/kedro.md").output.count("error[broken-link]") == MOST_ERRORS + 1


@tries("src/coursehub/cli/standard_input.py", "coursehub check")
def test_a_text_on_standard_input_gets_its_place(hub: Repository) -> None:
    command = as_told(run("check", "-").output, r"coursehub check - --stdin-filename \S+")
    result = CliRunner().invoke(main, shlex.split(command)[1:], input=claim("monalisa", "Kedro", option="mlops-tol"))
    assert "posts/F2026/kedro.md:4:9: error[unknown-value]" in result.output


# A new course


@tries("src/coursehub/cli/init.py", "git add")
@tries("src/coursehub/cli/init.py", "git commit")
@tries("src/coursehub/cli/init.py", "git push")
@tries("src/coursehub/cli/init.py", "coursehub doctor")
@tries("src/coursehub/cli/init.py", "coursehub import")
def test_a_new_course_is_pushed_as_its_last_words_say(tmp_path: Path) -> None:
    course, there = tmp_path / "course", tmp_path / "there/octocat/letters"
    subprocess.run(["git", "init", "-q", "--bare", there], check=True)
    (tmp_path / "list.csv").write_text("title,url,semester\nOne,https://example.org/1,S1999\n")
    earlier = ["--from", str(tmp_path / "list.csv"), "--earlier", "S2026"]
    ran = run("init", str(course), "--yes", "--repo", "octocat/letters", "--semester", "F2026", *earlier)
    assert "“coursehub import”" in ran.stderr  # whose list has a semester that the course does not have
    (tmp_path / "list.csv").write_text("title,url,semester\nOne,https://example.org/1,S2026\n")
    assert run("import", str(tmp_path / "list.csv"), "--root", str(course)).exit_code == 0
    for setting in (f"url.{tmp_path}/there/.insteadOf https://github.com/", "user.name O", "user.email o@example.org"):
        in_shell(f"git config {setting}", course)
    for line in re.findall(r"^ {7}(.+)", ran.stdout, re.MULTILINE):
        in_shell(line, course)
    pushed = subprocess.run(["git", "-C", there, "show", "main:data/prior_posts.yaml"], check=True, capture_output=True)
    assert b"https://example.org/1" in pushed.stdout
    examined = run_as_told(ran.stdout, "coursehub doctor --repository octocat/letters")
    assert "GITHUB_TOKEN" in examined.stderr  # and where to get one


@tries("src/coursehub/cli/init.py", "git init")
def test_a_course_in_another_repository_is_moved_out_of_it(tmp_path: Path) -> None:
    other, own = tmp_path / "other", tmp_path / "my course"
    Repository(other)
    ran = run("init", str(other / "my course"), "--yes", "--repo", "octocat/letters")
    assert f"The folder lies in the git repository {other.resolve()}, and" in ran.stdout
    (other / "my course").rename(own)
    assert git.top(own) is None
    in_shell(as_told(ran.stdout, r"git init --\S+"), own)
    assert git.top(own) == own.resolve()


# Git and files


@tries("src/coursehub/cli/shared.py", "git fetch")
@tries("src/coursehub/site/inputs.py", "git fetch")
def test_the_whole_history_dates_claims(hub: Repository, tmp_path: Path) -> None:
    hub.write("posts/F2026/dvc-2.md", claim("monalisa", "DVC"))  # who of the two came first?
    hub.commit("Another", date="2026-11-02T12:00:00")
    shallow = tmp_path / "shallow"
    hub.git("clone", "-q", "--depth", "1", f"file://{hub.root}", str(shallow))
    warning = run("check", "--root", str(shallow)).output
    assert git.is_shallow(shallow)
    in_shell(as_told(warning, "git fetch --unshallow"), shallow)
    assert not git.is_shallow(shallow)
    assert "shallow" not in run("check", "--root", str(shallow)).output
    assert git.since(shallow, ["posts/F2026/dvc.md"])


@tries("src/coursehub/system/git.py", "git fetch")
def test_the_whole_history_has_the_base(hub: Repository, tmp_path: Path) -> None:
    hub.commit("Another")
    shallow = tmp_path / "shallow"
    hub.git("clone", "-q", "--depth", "1", f"file://{hub.root}", str(shallow))
    call = ("check", "--base", "HEAD~1", "--root", str(shallow))
    refused = run(*call)
    assert (refused.exit_code, "Not a valid object name HEAD~1; this clone is shallow" in refused.output) == (2, True)
    in_shell(as_told(refused.output, "git fetch --unshallow"), shallow)
    assert run(*call).exit_code == 0


@tries("src/coursehub/cli/prior.py", "coursehub check")
def test_check_says_what_keeps_a_list_from_being_imported(hub: Repository, tmp_path: Path) -> None:
    tools = (hub.root / "data/tools.yaml").read_text()
    hub.write("data/tools.yaml", f"{tools}  kedro: {{name: Kedro, colour: red}}\n")
    (tmp_path / "list.csv").write_text("title,tool,url,semester\nKedro,Kedro,https://example.org/kedro,S2026\n")
    arguments = ("import", str(tmp_path / "list.csv"), "--option", "mlops-tool")
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert "data/tools.yaml:4:10: error[broken-data]" in run_as_told(refused.output, r"(?<=“)coursehub check").output
    hub.write("data/tools.yaml", tools)
    assert run(*arguments).exit_code == 0


@tries("src/coursehub/importing/yamltext.py", "coursehub import")
def test_import_adds_and_changes_nothing_that_is_corrected(hub: Repository, tmp_path: Path) -> None:
    rows = ["title,tool,url,semester", "Kedro,Kedro,https://example.org/kedro,S2026"]
    (tmp_path / "list.csv").write_text("\n".join(rows))
    arguments = ("import", str(tmp_path / "list.csv"), "--option", "mlops-tool")
    (hub.root / "data/prior_posts.yaml").unlink()
    run(*arguments)
    path = hub.root / "data/prior_posts.yaml"
    path.write_text(path.read_text().replace("title: Kedro", "title: Kedro, by hand"))
    corrected = path.read_text()
    (tmp_path / "list.csv").write_text("\n".join([*rows, "Luigi,Luigi,https://example.org/luigi,S2026"]))
    run(*arguments)
    assert path.read_text().startswith(corrected)
    assert "title: Luigi\n" in path.read_text().removeprefix(corrected)


# What one command writes for another

READ = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)


@tries("src/coursehub/cli/participation.py", "coursehub comments")
@tries("src/coursehub/cli/participation.py", "coursehub comments")
@tries("src/coursehub/cli/receipt.py", "coursehub comments")
def test_what_comments_writes_is_read(hub: Repository, tmp_path: Path) -> None:
    roster, comments = tmp_path / "roster.csv", tmp_path / "comments.json"
    roster.write_text("login,name,id\noctocat,Octo Cat,1\n")
    arguments = ("participation", "--roster", str(roster), "--comments", str(comments))
    course = (hub.root / "data/course.yaml").read_text()
    hub.write("data/course.yaml", course.replace("post_due", "comments_due: 2026-12-07 23:59, post_due"))
    comments.write_text("{}")
    assert "is not what `coursehub comments` writes" in run(*arguments).output
    comments.write_bytes(record.write(record.Discussions("giscus", READ, ())))
    assert run(*arguments).exit_code == 0
    assert run("receipt", "dvc", "--comments", str(comments), "--output", str(tmp_path / "dvc.pdf")).exit_code == 0


@tries("src/coursehub/cli/claims.py", "coursehub pending")
def test_what_pending_writes_is_read(hub: Repository, tmp_path: Path) -> None:
    asked = pending.Asked("hubot", 7, READ, ("Kedro",), "F2026", "mlops-tool", "posts/F2026/kedro.md")
    (tmp_path / "claims.json").write_bytes(pending.write(pending.Pending(READ, (asked,))))
    assert "asked for" in run("free", "Kedro", "--pending", str(tmp_path / "claims.json")).output


@tries("src/coursehub/cli/receipt.py", "coursehub check")
def test_check_says_why_there_is_no_receipt(hub: Repository) -> None:
    hub.write("posts/F2026/kedro.md", "---\ntitle: [Kedro\n---\n")
    refused = run("receipt", "posts/F2026/kedro.md")
    assert refused.exit_code == 2
    assert rules(run_as_told(refused.output, r"(?<=“)coursehub check [^”]*")) == {"malformed-yaml"}


def test_a_token_in_the_variable_is_enough_for_github(hub: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run("free", "Kedro", "--repository", "octocat/hub")
    assert refused.exit_code == 2
    monkeypatch.setenv(as_told(refused.output, "GITHUB_TOKEN"), "token")
    monkeypatch.setenv("GITHUB_GRAPHQL_URL", "http://127.0.0.1:9/graphql")
    assert "put a token" not in run("free", "Kedro", "--repository", "octocat/hub").output


# The end of the term


@tries("src/coursehub/cli/rollover.py", "git push")
def test_a_new_semester_is_pushed_to_a_branch_of_its_own(hub: Repository, tmp_path: Path) -> None:
    hub.git("init", "-q", "--bare", str(tmp_path / "github.git"))
    hub.git("remote", "add", "origin", str(tmp_path / "github.git"))
    advice = run("rollover", "S2027", "--post-due", "2027-04-30 23:59")
    in_shell(as_told(advice.output, r"git push origin \S+[^\s,]"), hub.root)
    assert hub.git("ls-remote", "origin") == f"{hub.git('rev-parse', 'HEAD')}\trefs/heads/open-S2027"
    assert run("check").exit_code == 0


# Another release


@tries("src/coursehub/cli/upgrade.py", "coursehub upgrade")
def test_how_a_changed_file_differs_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = _course_of_its_own(tmp_path, monkeypatch)
    with (course.root / "hooks/check.py").open("a") as hook:
        hook.write("# ours\n")
    shown = run_as_told(run("upgrade").output, "coursehub upgrade --dry-run")
    assert "hooks/check.py: changed by the course" in shown.stderr
    assert "\n  -# ours\n" in shown.stderr


@tries("src/coursehub/cli/upgrade.py", "coursehub override")
def test_an_override_that_is_copied_again_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = _course_of_its_own(tmp_path, monkeypatch)
    course.write("mkdocs.yml", "theme: {name: material, custom_dir: overrides}\n")
    course.write("overrides/main.html", "ours\n")
    advice = run("upgrade").output
    assert advice.startswith("overrides/main.html: does not say")
    (course.root / "overrides/main.html").rename(course.root / "overrides/before.html")
    assert run_as_told(f"{as_told(advice, 'coursehub override')} main.html", ".*").exit_code == 0
    assert run("upgrade").output.startswith("Nothing to do")


def _course_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A course that `init` wrote with a package that knows its commit, which is the current folder."""
    product = starting.Product("coursehub @ git+https://example.org/hub@main", "main")
    monkeypatch.setattr(starting, "product", lambda: product)
    assert run("init", str(folder), "--yes", "--repo", "octocat/hub").exit_code == 0
    monkeypatch.chdir(folder)
    return Repository(folder)


# Packages


@tries("src/coursehub/cli/receipt.py", "pip install")
def test_what_sets_receipts_is_a_package_of_the_lock() -> None:
    for lock in ("requirements/site.txt", "requirements/dev.txt"):
        assert re.search("^typst==", (ROOT / lock).read_text(), re.MULTILINE)


@tries("src/coursehub/links/crawl.py", "pip install")
def test_what_follows_links_is_a_package_of_the_lock() -> None:
    """The package that is named brings the program, of that name, that is missing; nothing is installed here."""
    package = as_told(crawl.MISSING, r"pip install (\w+)").removeprefix("pip install ")
    assert [
        each.name for each in entry_points(group="console_scripts") if each.dist and each.dist.name.lower() == package
    ] == [crawl.PROGRAM]
    for lock in ("requirements/site.txt", "requirements/dev.txt"):
        assert re.search(f"^{package}==", (ROOT / lock).read_text(), re.MULTILINE)


@tries("tools/marked.py", "make docs")
def test_make_docs_writes_what_is_marked_with_it() -> None:
    marked = {
        path.name
        for path in (ROOT, ROOT / "docs")
        for path in path.glob("*.md")
        if ": make docs -->" in path.read_text()
    }
    assert marked == {"CONTRIBUTING.md"}  # test_house holds it against what it writes
    assert re.findall(
        r"tools/(\w+)\.py", re.split("^docs:", (ROOT / "Makefile").read_text(), flags=re.M)[1].split("\n\n")[0]
    ) == ["house", "written"]  # test_upgrade holds what the other one writes
