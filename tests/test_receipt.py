"""`coursehub receipt`: the page for Gradescope, as somebody reads it who opens the PDF."""

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import classroom
import pytest
from classroom import COMMENTS_DUE, DAY, SECOND, Classroom
from click.testing import CliRunner, Result
from pypdf import PdfReader
from repositories import Repository

from coursehub.cli import main
from coursehub.grading import receipt as paper
from coursehub.grading.receipt import Line, Receipt

PRIOR = "- title: Zeno in brief\n  tools: [Zeno]\n  option: mlops-tool\n  semester: F2025\n  url: https://example.org/zeno\n"
LINK = "https://github.com/octocat/zeno-on-movies/blob/main/run.sh"


def words(pdf: bytes) -> str:
    """The text of all pages, with single blanks."""
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\u200b", "").split()
    )


def links(pdf: bytes) -> list[str]:
    notes = [note.get_object() for page in PdfReader(io.BytesIO(pdf)).pages for note in page.get("/Annots") or ()]
    return list(dict.fromkeys(str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})))


@pytest.fixture
def repository(a_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in ("COURSEHUB_SITE_URL", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return Repository(shutil.copytree(a_course, tmp_path / "hub"))


@pytest.fixture(scope="module")
def a_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    repository = Repository(tmp_path_factory.mktemp("course") / "hub")
    course = (
        (classroom.FIXTURES / "course.yaml").read_text().replace("  - id: S2026\n", "  - id: F2025\n  - id: S2026\n")
    )
    repository.write("data/course.yaml", course)
    repository.write("data/tools.yaml", "tools: {}\n")
    repository.write("data/prior_posts.yaml", PRIOR)
    repository.write(".gitignore", "build/\n")
    repository.write("mkdocs.yml", 'site_url: !ENV [COURSEHUB_SITE_URL, "https://octocat.github.io/hub/"]\n')
    repository.write(
        "posts/F2026/zeno.md",
        classroom.post(
            "[octocat, mona]", "Zeno", evidence=LINK, differences="It measures what the older one only describes."
        ),
    )
    repository.write("posts/F2026/other.md", classroom.post("hubot", "Other", title="Other things"))
    repository.commit(date="2026-10-20T12:00:00+00:00")
    return repository.root


def run(repository: Repository, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["receipt", "--root", str(repository.root), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def pdf(repository: Repository, *arguments: str) -> bytes:
    output = repository.root.parent / "out.pdf"
    result = run(repository, *arguments, "--output", str(output))
    assert (result.exit_code, result.stdout) == (0, f"Written to {output}.\n"), result.stderr
    return output.read_bytes()


def comments(repository: Repository) -> Path:
    room = Classroom()
    room.say("OctoCat", "posts/F2026/other", COMMENTS_DUE - DAY)
    room.say("mona", "posts/F2026/other", COMMENTS_DUE + SECOND)
    room.say("mona", "posts/F2026/zeno", COMMENTS_DUE)
    room.say("hubot", "posts/F2026/zeno", COMMENTS_DUE)
    path = repository.root.parent / "comments.json"
    path.write_bytes(classroom.discussions(room))
    return path


def test_the_page_has_all_that_the_assignment_asks_for(repository: Repository) -> None:
    page = pdf(repository, "zeno", "--comments", str(comments(repository)))
    assert words(page) == (
        "A course in the week in which clocks are set back F2026 About Zeno "
        "Option MLOps tool "
        "Post https://octocat.github.io/hub/posts/F2026/zeno/ "
        "Claim Zeno claimed as zeno, since 20 October 2026, 08:00:00 EDT "
        "Authors octocat, mona "
        "Status published "
        f"Evidence and additional material 1. {LINK} "
        "Differences to earlier posts It measures what the older one only describes. "
        "Earlier posts with this claim: 1. Zeno in brief F2025 https://example.org/zeno "
        "Comments on other posts "
        "1. On “Other things” octocat, 1 November 2026, 23:59:00 EST https://github.com/octocat/hub/discussions/1000#discussioncomment-0 "
        "2. On “Other things” mona, 2 November 2026, 23:59:01 EST, 1 s late https://github.com/octocat/hub/discussions/1001#discussioncomment-1 "
        "As of 20 November 2026, 07:00:00 EST. "
        "octocat, mona Page 1 of 1"
    )
    assert links(page) == [
        "https://octocat.github.io/hub/posts/F2026/zeno/", LINK, "https://example.org/zeno",
        "https://github.com/octocat/hub/discussions/1000#discussioncomment-0",
        "https://github.com/octocat/hub/discussions/1001#discussioncomment-1",
    ]  # fmt: skip


def test_the_same_receipt_is_the_same_file(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    first = pdf(repository, "zeno")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert pdf(repository, "zeno") == first
    assert b"CreationDate" not in first


def test_an_earlier_post_is_linked_where_a_copy_of_it_is_kept(repository: Repository) -> None:
    repository.write("data/prior_posts.yaml", f"{PRIOR}  archived: https://archive.example/zeno\n")
    assert "https://archive.example/zeno" in links(pdf(repository, "zeno"))


@pytest.mark.parametrize("option", ["--comments", "--output"])
def test_a_folder_is_no_file(repository: Repository, option: str) -> None:
    result = run(repository, "zeno", option, str(repository.root))
    assert (result.exit_code, f"'{repository.root}' is a directory" in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize(
    ("arguments", "size"), [((), (612, 792)), (("--paper", "letter"), (612, 792)), (("--paper", "a4"), (595, 842))]
)
def test_the_paper(repository: Repository, arguments: tuple[str, ...], size: tuple[int, int]) -> None:
    box = PdfReader(io.BytesIO(pdf(repository, "zeno", *arguments))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize("name", ["zeno", "zeno.md", "posts/F2026/zeno.md"])
def test_a_post_is_named_by_its_file_or_its_key(
    repository: Repository, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"".join([pdf(repository, name)]) == pdf(repository, "zeno")
    monkeypatch.chdir(repository.root / "posts")
    assert pdf(repository, "F2026/zeno.md") == pdf(repository, "zeno")


def test_without_an_output_it_lies_where_git_does_not_look(repository: Repository) -> None:
    result = run(repository, "zeno")
    assert result.exit_code == 0
    assert (repository.root / "build/receipts/zeno.pdf").read_bytes() == pdf(repository, "zeno")
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"private": "true"}, "Post Posted inside the course The author chose not to post in public. Claim"),
        ({"status": "draft"}, "Post Not published yet The file posts/F2026/zeno.md says “draft”. Claim"),
        ({"external_url": "https://example.org/mine"}, "Post https://example.org/mine Claim"),
        ({}, "Evidence and additional material None is linked besides the post itself. Differences"),
        ({}, "Earlier posts have this claim, and no differences are given."),
        ({}, "Comments on other posts They were not read for this page."),
    ],
)
def test_what_there_is_not_is_said(repository: Repository, fields: dict[str, str], sentence: str) -> None:
    repository.write("posts/F2026/zeno.md", classroom.post("octocat", "Zeno", **fields))
    assert sentence in words(pdf(repository, "zeno"))


def test_a_claim_that_is_not_committed_has_no_date(repository: Repository) -> None:
    repository.write("posts/F2026/mlem.md", classroom.post("octocat", "mlem"))
    text = words(pdf(repository, "mlem"))
    assert "claimed as mlem, not on the main branch yet" in text
    assert "No earlier post has this claim." in text


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nothing", "there is no post “nothing”"),
        ("posts/F2026/broken.md", "cannot be read; “coursehub check posts/F2026/broken.md” says why"),
    ],
)
def test_no_such_post(repository: Repository, name: str, why: str) -> None:
    repository.write("posts/F2026/broken.md", "---\ntitle: [\n---\n")
    result = run(repository, name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert why in result.stderr


def test_typst_is_loaded_only_for_a_receipt() -> None:
    code = "import sys, coursehub.cli.receipt; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Text of students

HOSTILE = [
    '#read("/etc/passwd")', "#import \"@preview/cetz:0.3.4\": *", '#image("../../secret.png")', "*strong* _emph_ `raw` $x^2$",
    "= Heading", "- item", "@label <label>", "\\ #link(\"https://evil.example\")[x]", "// comment", "/* */", "#{panic()}",
    "]#panic()[", "\"); panic(\"", "#sys.inputs", "https://evil.example/auto",
]  # fmt: skip


def a_receipt(text: str, url: str = "") -> Receipt:
    line = Line(text, url, text, url)
    return Receipt(text, text, text, text, text, text, line, line, (line,), text, (line,), (line,), text)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_text_is_run(text: str) -> None:
    page = paper.as_pdf(a_receipt(text))
    assert words(page).replace(" ", "").count(text.replace(" ", "")) >= 12
    assert links(page) == []


def test_signs_that_cannot_be_shown_are_blanks() -> None:
    """Such as the one that turns the direction of what follows it."""
    assert "One Two" in words(paper.as_pdf(a_receipt("One\u202eTwo")))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://a b",
        "//evil.example",
        "HTTPS//x",
        "\nhttps://a",
    ],
)
def test_only_web_addresses_lead_somewhere(url: str) -> None:
    assert paper._leading("x", url).url == ""
    assert paper._leading("x", "https://example.org/a?b#c").url == "https://example.org/a?b#c"


def test_letters_of_many_kinds() -> None:
    text = "Ångström naïve Łódź œuvre ß Ελλάδα Привет — “quoted” … → ≤ €"
    page = paper.as_pdf(a_receipt(text))
    assert text in words(page)
    fonts = {
        re.sub(r"^/[A-Z]{6}\+", "", str(font.get_object()["/BaseFont"]))
        for each in PdfReader(io.BytesIO(page)).pages
        for font in each["/Resources"]["/Font"].values()
    }
    assert all(font.startswith("Libertinus") or font.startswith(("NewCM", "DejaVu")) for font in fonts), fonts


@pytest.mark.parametrize(
    "text", ["推荐系统", "ひらがな", "🎬", "עברית", "a\x00b\x1b[31m", "\u202etxet", "x\u2028y", ""]
)
def test_letters_that_the_own_fonts_lack_do_no_harm(text: str) -> None:
    assert paper.as_pdf(a_receipt(text)).startswith(b"%PDF-")


@pytest.mark.slow
def test_endless_words_stay_on_the_page() -> None:
    page = paper.as_pdf(a_receipt("W" * 1000, f"https://example.org/{'W' * 500}"))
    beyond: list[float] = []

    def look(text: str, _: object, matrix: list[float], *__: object) -> None:
        if text.strip() and matrix[4] > 612 - 72:
            beyond.append(matrix[4])

    for each in PdfReader(io.BytesIO(page)).pages:
        each.extract_text(visitor_text=look)
    assert words(page).replace(" ", "").count("W") >= 1000 * 12
    assert beyond == []


def test_much_text_takes_more_pages() -> None:
    page = paper.as_pdf(a_receipt("A sentence that says little. " * 150))
    number = len(PdfReader(io.BytesIO(page)).pages)
    assert number > 1
    assert f"Page {number} of {number}" in words(page)
