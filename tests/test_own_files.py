"""Files that commands write: nothing is lost, none is half, and what is in the way is said in one sentence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import trees
from course import claim
from pictures import picture
from repositories import Repository

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent
TEXT = (Path(__file__).parent / "fixtures/cli/hub.txt").read_text()
NOT_UTF8 = os.fsdecode(b"caf\xe9")
MOVED = {"title": '"Moved"', "status": "published", "date": "2026-11-20", "summary": '"A text."'}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository in which each command that writes has something to write."""
    repository = Repository(tmp_path / "hub")
    trees.write(trees.parse(TEXT), repository.root)
    repository.write("posts/F2026/kedro-old.md", claim("hubot", "Kedro", **MOVED))
    repository.commit()
    repository.git("mv", "posts/F2026/kedro-old.md", "posts/F2026/kedro.md")
    photo = picture("jpeg 40x30, place")
    assert photo
    repository.write("posts/F2026/kedro/a.jpg", photo)
    return repository.root


CALLS = {  # what it writes → the command
    "posts/F2026/zonkwell.md": ["new", "Zonkwell", "--option", "mlops-tool", "--author", "octocat"],
    "data/prior_posts.yaml": ["import", "../list.csv", "--semester", "S2026", "--option", "mlops-tool"],
    "posts/F2026/kedro.md": ["check", "--base", "HEAD", "--fix"],
    "posts/F2026/kedro/a.jpg": ["strip", "posts/F2026/kedro/a.jpg"],
    "out/receipt.pdf": ["receipt", "posts/F2026/dvc.md", "--output", "out/receipt.pdf"],
}  # fmt: skip
every_call = pytest.mark.parametrize("path", CALLS)


def listed(root: Path, number: int = 1) -> Path:
    file = root.parent / ("list.csv" if number == 1 else f"list-{number}.csv")
    file.write_text(f"Tool,Blog post link\nTool {chr(96 + number) * 5},https://example.org/{number}\n")
    return file


def run(
    root: Path, *command: str, before: list[str] | None = None, **settings: int
) -> subprocess.CompletedProcess[str]:
    (root / "out").mkdir(exist_ok=True)
    listed(root)
    limit = settings.get("largest_file")

    def prepare() -> None:
        if limit is not None:
            import resource  # noqa: PLC0415  (it is missing on Windows)

            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [*(before or []), BIN / "coursehub", *command], cwd=root, capture_output=True, text=True, check=False,
        preexec_fn=prepare,
    )  # fmt: skip


def stored(root: Path) -> dict[str, bytes]:
    files = [path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def assert_one_sentence(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert words in done.stderr.splitlines()[-1]


@every_call
def test_each_command_writes_its_file(root: Path, path: str) -> None:
    before = stored(root)
    done = run(root, *CALLS[path])
    assert stored(root).get(path) not in (None, before.get(path)), done.stderr
    assert {name for name in stored(root).keys() - before.keys() if name != path} == set()


@every_call
def test_on_a_full_disk_all_files_stay_as_they_were(root: Path, path: str) -> None:
    """A limit of a file's size stands for a full disk: the first bytes are written, the next ones refused."""
    before = stored(root)
    done = run(root, *CALLS[path], largest_file=10)
    assert_one_sentence(done, "File too large")
    assert stored(root) == before


@every_call
def test_in_a_folder_that_may_not_be_written_all_files_stay_as_they_were(root: Path, path: str) -> None:
    without_override = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if without_override and not shutil.which("setpriv"):
        pytest.skip("as root, every folder may be written")
    before = stored(root)
    (root / "out").mkdir()
    folder = (root / path).parent
    folder.chmod(0o555)
    done = run(root, *CALLS[path], before=without_override)
    folder.chmod(0o755)
    assert_one_sentence(done, f"{path} cannot be")
    assert "Permission denied" in done.stderr
    assert stored(root) == before


def test_six_imports_at_once_keep_all_six(root: Path) -> None:
    lists = [listed(root, number) for number in range(2, 8)]
    running = [
        subprocess.Popen([BIN / "coursehub", "import", each, "--semester", "S2026", "--option", "mlops-tool"], cwd=root,
                         stdout=subprocess.PIPE, text=True)
        for each in lists
    ]  # fmt: skip
    assert [each.communicate()[0].split(": ")[-1][:7] for each in running] == ["1 added"] * 6
    text = (root / "data/prior_posts.yaml").read_text()
    assert [f"https://example.org/{number}\n" in text for number in range(2, 8)] == [True] * 6
    assert sorted(path.name for path in (root / "data").iterdir()) == ["course.yaml", "prior_posts.yaml", "tools.yaml"]


@pytest.mark.parametrize(
    "command",
    [
        ["check"], ["check", "--format", "json"], ["check", "--format", "github"], ["free", "Kedro"],
        ["compare", "a", "b"], ["replay"], ["--help"],
    ],
)  # fmt: skip
def test_where_no_output_fits_that_is_said(root: Path, command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [BIN / "coursehub", *command], cwd=root, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (
        2, "coursehub: the output, or a file, cannot be written: No space left on device\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        ["free", NOT_UTF8], ["compare", "a", NOT_UTF8], ["check", NOT_UTF8], ["check", "--base", "HEAD", "--actor", NOT_UTF8],
        ["new", NOT_UTF8, "--option", "mlops-tool", "--author", "a"], ["new", "a", "--option", NOT_UTF8],
        ["import", NOT_UTF8], ["receipt", NOT_UTF8], ["strip", NOT_UTF8], ["desk", "--bot", NOT_UTF8], [NOT_UTF8],
        ["comments", "--output", NOT_UTF8], ["check", f"--at={NOT_UTF8}"],
    ],
)  # fmt: skip
def test_an_argument_that_is_not_utf8_is_refused(root: Path, command: list[str]) -> None:
    before = stored(root)
    done = run(root, *command)
    assert_one_sentence(done, "caf\\udce9” is not UTF-8")
    assert stored(root) == before | {}


def test_a_file_whose_name_is_not_utf8_can_be_given_all_the_same(root: Path) -> None:
    shutil.copy(root / "posts/F2026/kedro/a.jpg", root / f"{NOT_UTF8}.jpg")
    done = run(root, "strip", f"{NOT_UTF8}.jpg")
    assert (done.returncode, done.stderr) == (0, "")
    shutil.copy(listed(root), root / f"{NOT_UTF8}.csv")
    done = run(root, "import", f"{NOT_UTF8}.csv")
    assert "has a name that is not UTF-8" in done.stderr


def test_a_shallow_clone_says_that_it_can_not_date_claims(root: Path, tmp_path: Path) -> None:
    another = (root / "posts/F2026/kedro.md").read_text()
    (root / "posts/F2026/kedro-2.md").write_text(another)  # who of the two came first?
    Repository(root).commit()
    subprocess.run(["git", "clone", "--quiet", "--depth=1", root.as_uri(), tmp_path / "clone"], check=True)
    sentence = "coursehub: this clone is shallow, so it cannot date claims"
    assert sentence in run(tmp_path / "clone", "check").stderr
    assert sentence not in run(root, "check").stderr
    done = run(tmp_path / "clone", *CALLS["out/receipt.pdf"])
    assert (done.returncode, "cannot date claims" in done.stderr) == (2, True)
    assert not (tmp_path / "clone/out/receipt.pdf").exists()
