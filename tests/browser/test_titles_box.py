"""“Is your tool or paper still available?”: where an option claims titles, the box reads them as `coursehub free` does."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import trees
from conftest import becomes, call
from hypothesis import given, settings
from hypothesis import strategies as st
from test_free import CHARACTERS, SCHEMA, proposed, write_site

from coursehub import checks
from coursehub.claims import availability, new_claim, pending
from coursehub.claims.pending import Asked, Pending
from coursehub.records import post, repository
from coursehub.records.hub import Hub

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
TITLES = [
    title
    for line in (ROOT / "tests/fixtures/titles.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for title in line.split("\t")[1:]
]
SINCE = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
KNOWN = Pending(SINCE + dt.timedelta(hours=2), (
    Asked("mona", 12, SINCE, ("Raft: In Search of an Understandable Consensus Algorithm",), "F2026", "paper", "posts/F2026/x.md"),
    Asked("lisa", 13, SINCE, ("arXiv:2304.02643",), "F2026", "paper", "posts/F2026/y.md"),
))  # fmt: skip
TREE = trees.parse((ROOT / "tests/fixtures/papers.txt").read_text(encoding="utf-8"))
ASK = """async (names) => {
  const { Index } = await import("/assets/availability.js");
  window.index ??= await Index.read(await (await fetch("/assets/free.json")).json(), async () => {});
  return names.map((name) => window.index.ask(name, "paper"));
}"""


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    root = tmp_path_factory.mktemp("papers")
    trees.write(TREE, root)
    loaded = repository.load(root)
    assert loaded.troubles == ()
    return loaded


@pytest.fixture(scope="module")
def site(papers: Hub, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("site")
    write_site(papers, folder, KNOWN)
    return serve(folder)


@pytest.fixture(scope="module")
def asking(site: str, browser: "Browser") -> Iterator["Page"]:
    page = browser.new_page()
    page.goto(site)
    yield page
    page.close()


def in_python(papers: Hub, title: str) -> dict[str, Any]:
    answer = availability.ask(papers, [title], "paper", KNOWN)
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
    del plain["version"]
    return plain


def differences(papers: Hub, page: "Page", titles: list[str]) -> list[tuple[str, Any, Any]]:
    answers: list[dict[str, Any]] = call(page, ASK, titles)
    odd = []
    for title, theirs in zip(titles, answers, strict=True):
        for each in (*theirs["posts"], *theirs["overlaps"]):
            del each["hasPage"]
        ours = in_python(papers, title)
        odd += [(title, ours[field], theirs[field]) for field in ours if ours[field] != theirs[field]]
    return odd


def test_both_sides_read_known_titles_alike(papers: Hub, asking: "Page") -> None:
    written = [prior.title for prior in papers.priors] + [name for each in papers.posts for name in each.tool]
    cut = [title[: len(title) // 2] for title in TITLES]
    slips = [title[:3] + title[4:] for title in TITLES]
    assert (
        differences(
            papers, asking, [*TITLES, *written, *cut, *slips, "title_mapreduce", "Notes on Storage: Hens", "x" * 400]
        )
        == []
    )


PIECES = [
    "The ", "A ", "a", "MapReduce", "Spanner", "Deep Learning", ": ", " – ", "—", ". ", "? ", ", ", " by ", "Knuth", " et al.", ", 2004",
    " (2004)", "(OSDI '04)", "[pdf]", "Part ", "II", "vol. 3", "3rd edition", "(2nd ed., 1999)", "“", "”", '"', "{", "}", "\\\"o", "\\o ",
    "\\emph{", "$", "~", "``", "arXiv:", "1706.03762v5", "https://", "doi.org/", "10.1145/", "359545.359563", "%2F", "(", ")", "huggingface.co/papers/",
    "https://example.org/a.pdf?b=c#d", "https://aclanthology.org/N19-1423.pdf", " In Proceedings of X", ". arXiv preprint", "&", " and ",
    "é", "ſ", "K", "İ", "ı", "Σ", "\xa0", "\u2028", "\x1c", "١", "漢字" * 40, "title_", "-", "Lamport, L. (1978). ", "word " * 30,
]  # fmt: skip
NAMES = st.lists(st.sampled_from(PIECES) | st.text(CHARACTERS, max_size=3), max_size=8).map("".join)


@settings(max_examples=200)
@given(titles=st.lists(NAMES, min_size=5, max_size=5))
def test_both_sides_read_any_title_alike(titles: list[str], papers: Hub, asking: "Page") -> None:
    assert differences(papers, asking, titles) == []


def verdict(page: "Page", name: str) -> str:
    page.get_by_role("searchbox").fill(name)
    sentence = page.locator(".hub-free__verdict").filter(has_not_text="Loading")
    sentence.wait_for()
    return sentence.text_content() or ""


def test_the_option_decides_how_the_name_is_read(papers: Hub, page: "Page", site: str) -> None:
    page.goto(site)
    assert page.get_by_label("Is your tool or paper still available?", exact=True).count() == 2  # the form, and its box
    assert verdict(page, "Spanner") == "“Spanner” is free in F2026."
    page.get_by_label("Option").select_option("Paper")
    becomes(page, lambda: page.locator(".hub-free__verdict").text_content(), "“Spanner” is taken in F2026 by octocat.")
    assert verdict(page, "https://arxiv.org/pdf/1706.03762v5") == (
        "“https://arxiv.org/pdf/1706.03762v5” was discussed last semester and cannot be claimed in F2026."
    )
    assert verdict(page, "Segment Anything (arXiv:2304.02643)").startswith(
        "lisa asked for “Segment Anything” first in F2026"
    )


def test_a_title_is_claimed_with_a_file_that_the_check_accepts(papers: Hub, page: "Page", site: str) -> None:
    title = "Harvest, Yield: and Scalable “Tolerant” Systems"
    page.goto(f"{site}?option=paper&tool={title}")
    assert verdict(page, title) == f"“{title}” is free in F2026."
    page.get_by_label("Your GitHub login").fill("defunkt")
    link = page.get_by_role("link", name="Claim it")
    becomes(page, lambda: "defunkt" in (link.get_attribute("href") or ""), True)
    path, content = proposed(link.get_attribute("href") or "")
    assert path == "posts/F2026/title_harvest-yield-and-scalable-tolerant-systems.md"
    assert content.decode() == new_claim.text_of([title], "paper", "F2026", ["defunkt"], SCHEMA)
    claimed = msgspec.structs.replace(papers, posts=(*papers.posts, post.read(path, content)))
    assert [each for each in checks.judge(claimed) if each.path == path] == []


def test_another_paper_that_begins_alike_is_asked_about(page: "Page", site: str) -> None:
    page.goto(f"{site}?option=paper")
    assert verdict(page, "MapReduce: A Major Step Backwards").startswith("Did you mean “MapReduce")
    page.get_by_role("button", name="I mean another paper").click()
    becomes(
        page,
        lambda: page.locator(".hub-free__verdict").text_content(),
        "“MapReduce: A Major Step Backwards” is free in F2026.",
    )


def test_asked_by_code_knows_titles(papers: Hub) -> None:
    assert list(pending.asked_by_code(papers, KNOWN)) == [
        "title_raftinsearchofunderstandableconsensusalgorithm", "title_arxiv230402643",
    ]  # fmt: skip
