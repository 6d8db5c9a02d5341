"""A course in which one option claims tools and one claims papers: from a claim to the desk, the list and the site."""

import datetime as dt
from pathlib import Path

import course as rehearsal
import msgspec
import pytest
import trees
from click.testing import CliRunner, Result

from coursehub import checks
from coursehub.claims import availability
from coursehub.claims.availability import Status
from coursehub.claims.pending import Asked, Pending
from coursehub.claims.replay import Verdict, replay
from coursehub.cli import main
from coursehub.importing import Semesters, merge, plan
from coursehub.importing.listing import Listed, Listing
from coursehub.records import post, prior_posts, repository
from coursehub.records.finding import Place
from coursehub.records.hub import Hub
from coursehub.site import SiteInputs, build

TREE = trees.parse((Path(__file__).parent / "fixtures/papers.txt").read_text(encoding="utf-8"))
SPANNER = "Spanner: Google's Globally-Distributed Database"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    trees.write(TREE, tmp_path)
    return tmp_path


@pytest.fixture
def papers(root: Path) -> Hub:
    return repository.load(root)


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--root", str(root)], catch_exceptions=False)


def claimed(author: str, title: str, path: str = "title_x", option: str = "paper") -> post.Post:
    front = f'title: A post\nauthors: {author}\noption: {option}\ntool: "{title}"\nsemester: F2026\nstatus: claimed'
    return post.read(f"posts/F2026/{path}.md", f"---\n{front}\n---\n".encode())


def test_the_course_has_nothing_to_fix(papers: Hub) -> None:
    assert checks.judge(papers) == []


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Spanner", Status.TAKEN),
        ("spanner - Google’s globally distributed database (OSDI ’12)", Status.TAKEN),
        ("https://www.usenix.org/conference/osdi12/technical-sessions/presentation/corbett", Status.TAKEN),
        ("https://doi.org/10.1038/nature14539", Status.TAKEN),
        ("Spanner: Becoming a SQL System", Status.FREE),
        ("SQLite", Status.FREE),
        ("Attention Is All You Need", Status.LAST_SEMESTER),
        ("https://arxiv.org/abs/1706.03762v5", Status.LAST_SEMESTER),
        ("MapReduce", Status.EARLIER),
        ("Introduction to Algorithms", Status.EARLIER),
        ("Introduction to Algorithms, 4th edition", Status.FREE),
        ("Kafka with Spark", Status.FREE),
        ("“”", Status.NAMELESS),
    ],
)
def test_a_title_meets_the_posts_about_it(title: str, status: Status, papers: Hub) -> None:
    assert availability.ask(papers, [title], "paper").status is status


def test_of_many_papers_that_begin_alike_a_few_are_near(papers: Hub) -> None:
    near = availability.ask(papers, ["Notes on Storage: Of Hens"], "paper").near
    assert [each.name.rpartition(" ")[2] for each in near] == ["Ants", "Bees", "Cats", "Dogs", "Eels"]


def test_a_tool_is_free_though_a_paper_has_its_name(papers: Hub) -> None:
    assert availability.ask(papers, ["Spanner"], "tool").status is Status.FREE
    assert availability.ask(papers, ["SQLite"], "tool").status is Status.TAKEN
    assert availability.ask(papers, ["Kafka", "Spark"], "tool").status is Status.LAST_SEMESTER


def test_what_a_pull_request_asks_for_is_asked_for_by_each_of_its_names(papers: Hub) -> None:
    moment = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    asked = Asked("mona", 12, moment, ("Segment Anything (arXiv:2304.02643)",), "F2026", "paper", "posts/F2026/x.md")
    known = Pending(moment, (asked,))
    for name in ("segment anything", "2304.02643", "https://arxiv.org/pdf/2304.02643v1"):
        answer = availability.ask(papers, [name], "paper", known)
        assert (answer.status, answer.asked and answer.asked.login) == (Status.ASKED, "mona")
    assert availability.ask(papers, ["Segment Anything"], "tool", known).status is Status.FREE


def test_new_writes_a_claim_that_the_check_accepts_and_that_is_then_taken(root: Path) -> None:
    title = "Harvest, Yield, and Scalable Tolerant Systems"
    written = run(root, "new", *title.split(), "--option", "paper", "--author", "defunkt")
    path = "posts/F2026/title_harvest-yield-and-scalable-tolerant-systems.md"
    assert (
        written.output.splitlines()[-1] == f"Written to {path}. Commit it and open a pull request to claim the paper."
    )
    assert f'\ntool: "{title}"\n' in (root / path).read_text()
    assert run(root, "check").exit_code == 0
    answer = run(root, "free", "--option", "paper", "Harvest, yield & scalable tolerant systems (Fox and Brewer, 1999)")
    assert (answer.exit_code, answer.output.splitlines()[0]) == (
        1, "“Harvest, yield & scalable tolerant systems” is taken in F2026 by defunkt."
    )  # fmt: skip


def test_an_option_that_is_none_is_refused_with_the_one_that_is_meant(root: Path) -> None:
    for command in (["free", "Spanner"], ["compare", "a", "b"], ["new", "Spanner"]):
        refused = run(root, *command, "--option", "papr")
        assert refused.exit_code == 2
        assert "--option: “papr” is not one of the options. Did you mean “paper”?" in refused.output


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (SPANNER, "Spanner", "same: one is the other without its subtitle, edition or part"),
        ("Segment Anything arXiv:2304.02643v1", "2304.02643", "same: both are arxiv:2304.02643"),
        ("The Tail at Scale", "Tail at scale", "same: both lead to title_tail-at-scale"),
        (SPANNER, "Spanner: Becoming a SQL System",
         "near: “Spanner: Becoming a SQL System” begins with the same title (“Spanner: Google's Globally-Distributed"
         " Database”)"),
        ("Kafka", "Spark", "distinct: no step makes them one name"),
    ],
)  # fmt: skip
def test_compare_says_which_step_decides(one: str, other: str, verdict: str, root: Path) -> None:
    compared = run(root, "compare", "--option", "paper", one, other)
    assert compared.output.splitlines()[0] == verdict
    assert compared.exit_code == (0 if verdict.startswith("same") else 1)


def test_main_s_holder_is_named_whatever_the_spelling(papers: Hub) -> None:
    rival = claimed("hubot", "Spanner", "title_spanner")
    hub = msgspec.structs.replace(papers, posts=(*papers.posts, rival))
    assert [each.path for each in hub.rivals(rival)] == [
        "posts/F2026/title_spanner-googles-globally-distributed-database.md"
    ]
    assert hub.is_same_claim(claimed("a", SPANNER), claimed("b", "Spanner"))
    assert not hub.is_same_claim(claimed("a", SPANNER), claimed("b", "Spanner: Becoming a SQL System"))
    assert not hub.is_same_claim(claimed("a", "Spanner"), claimed("b", "Spanner", option="tool"))


@pytest.mark.slow
def test_the_desk_keeps_a_paper_for_who_asked_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, str | bytes] = {name: text for name, text, _ in TREE.files}
    monkeypatch.setattr(rehearsal, "files_of_main", lambda: {**files, "README.md": "The course\n"})
    office = rehearsal.Office(tmp_path)
    title, option = "The Tail at Scale", {"option": "paper"}
    for second, (author, key, name) in enumerate([
        ("ada", "title_tail-at-scale", title), ("bob", "title_tail-at-scale-an-essay", f"{title}: An Essay"),
        ("eve", "title_spanner", "Spanner"), ("zoe", "spanner", "Spanner"),
    ]):  # fmt: skip
        office.at(second)
        how = option if key.startswith("title_") else {"option": "tool"}
        office.github.open(author, {f"posts/F2026/{key}.md": rehearsal.claim(author, name, **how)})
    office.run()
    assert [office.status(number) for number in office.github.pulls] == [
        ("success", "“The Tail at Scale” is free, and yours is the first claim"),
        ("failure", "“The Tail at Scale: An Essay” is taken: ada came first"),
        ("failure", "“Spanner” is taken: octocat came first"),
        ("success", "“Spanner” is free, and yours is the first claim"),
    ]
    office.github.faults_of_ours.clear()


def test_earlier_papers_are_judged_again_as_titles(papers: Hub) -> None:
    terms = {term.semester: term for term in replay(papers.course, papers.names.vocabulary, papers.priors)}
    assert [case.verdict for case in terms["S2025"].cases] == [
        Verdict.NEW, Verdict.NEW, Verdict.SAME_SEMESTER, Verdict.NEW, *[Verdict.NEW] * 7,
    ]  # fmt: skip
    assert [case.verdict for case in terms["S2026"].cases] == [Verdict.EARLIER, Verdict.NEW]


def test_an_imported_title_is_no_combination(papers: Hub) -> None:
    place = Place("list.md", 1, 1)
    listed = Listed("Scaling Kafka with Spark and Care", None, "paper", "S2025", "list", place)
    imported = merge(plan("", [Listing((listed,))], papers.course, papers.names.vocabulary, Semesters()))
    [added], _ = prior_posts.read(imported.text)
    assert added.tools == ("Scaling Kafka with Spark and Care",)
    spelled = listed._replace(title="Scaling Kafka with Spark & Care (2020)", listed_in="other")
    again = merge(plan(imported.text, [Listing((spelled,))], papers.course, papers.names.vocabulary, Semesters()))
    assert (len(again.added), len(again.conflicts)) == (0, 0)


def test_the_site_has_a_page_for_a_paper_beside_that_of_the_tool_of_its_name(papers: Hub) -> None:
    published = next(each for each in papers.posts if each.is_published)
    tool = msgspec.structs.replace(published, path="posts/F2026/deep-learning.md", option="tool", authors=("defunkt",))
    hub = msgspec.structs.replace(papers, posts=(*papers.posts, tool))
    pages = {page.path for page in build(hub, SiteInputs(repository="https://github.com/course/hub")).pages}
    assert {"tools/deep-learning.md", "tools/title_deep-learning.md"} <= pages
