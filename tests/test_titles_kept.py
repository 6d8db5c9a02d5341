"""Titles of earlier posts that name no tool: which are kept as titles, and of which tools they speak.

The table `fixtures/earlier_titles.tsv` has titles as lists of courses have them, the tools that an import makes of each
(none of a sentence), and names that somebody asks for: those of which it speaks, and those of which it does not.
"""

import csv
import json
from pathlib import Path

import msgspec
import pytest
import trees
from patience import patience
from sites import HUB

from coursehub import site
from coursehub.claims import availability
from coursehub.importing import Listed, Listing, Semesters, merge, plan
from coursehub.names.mentions import mentions_in
from coursehub.names.sentences import is_sentence
from coursehub.records import prior_posts, repository
from coursehub.records.finding import Place
from coursehub.records.hub import Hub
from coursehub.site import SiteInputs

ROWS = list(csv.DictReader((Path(__file__).parent / "fixtures/earlier_titles.tsv").open(), delimiter="\t"))
REAL = repository.load(HUB)


def imported(title: str, semester: str = "S2024") -> str:
    listed = Listed(title, "https://example.org/a", "mlops-tool", None, "list", Place("list.csv", 2))
    return merged(Listing((listed,)), semester)


def merged(listing: Listing, semester: str = "S2024") -> str:
    return merge(plan("", [listing], REAL.course, REAL.names.vocabulary, Semesters({}, semester))).text


def hub_with(text: str) -> Hub:
    posts, troubles = prior_posts.read(text)
    assert troubles == ()
    return Hub(REAL.course, REAL.tools, posts)


def mentions(hub: Hub, name: str) -> list[str]:
    return [each.title for each in availability.ask(hub, [name]).mentions]


@pytest.fixture(scope="module")
def everything() -> Hub:
    """A course whose earlier posts have all of these titles."""
    places = (Place("list.csv", line) for line in range(2, len(ROWS) + 2))
    rows = zip(ROWS, places, strict=True)
    listed = [Listed(row["title"], f"https://e.org/{at.line}", "mlops-tool", None, "list", at) for row, at in rows]
    return hub_with(merged(Listing(tuple(listed))))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["title"])
def test_a_title_is_read_as_its_tools_or_kept(row: dict[str, str], everything: Hub) -> None:
    names = [row["tools"]] if row["tools"] == row["title"] else row["tools"].split(", ") if row["tools"] else []
    assert [list(prior.tools) for prior in everything.priors if prior.title == row["title"]] == [names]
    for column, is_named in (("speaks of", True), ("not of", False)):
        names = row[column].split("; ") if row[column] else []
        assert [(name, row["title"] in mentions(everything, name)) for name in names] == [
            (name, is_named) for name in names
        ]


def test_every_title_of_this_repository_names_its_tools() -> None:
    """They were read one by one when they were imported, and none of them changes its meaning."""
    titles = [title for prior in REAL.priors for title in (prior.title, *prior.spelled)]
    assert len(titles) > 397
    assert [title for title in titles if is_sentence(title, REAL.names.vocabulary)] == []


def test_a_title_of_a_later_semester_is_not_earlier() -> None:
    hub = hub_with(imported("Breaking things on purpose with Gremlin", "S2024"))
    before = msgspec.structs.replace(hub, course=msgspec.structs.replace(hub.course, open_semester="S2022"))
    assert (mentions(before, "Gremlin"), len(mentions(hub, "Gremlin"))) == ([], 1)


def test_the_newest_title_comes_first() -> None:
    old = imported("Breaking things on purpose with Gremlin", "S2022")
    new = imported("What a gremlin does to Kafka in a week", "S2023").replace("example.org/a", "example.org/b")
    hub = hub_with(old + new[new.index("- title") :])
    assert [(each.title, each.semester, each.url) for each in availability.ask(hub, ["Gremlin"]).mentions] == [
        ("What a gremlin does to Kafka in a week", "S2023", "https://example.org/b"),
        ("Breaking things on purpose with Gremlin", "S2022", "https://example.org/a"),
    ]


@pytest.mark.parametrize(
    "title", ["a " * 200_000, ": " * 200_000, " " * 400_000 + "x y z", "x" * 400_000, "(" * 400_000 + " a b"]
)
def test_a_title_as_long_as_a_book_takes_no_time(title: str) -> None:
    with patience():
        is_sentence(title, REAL.names.vocabulary)
        mentions_in([title], REAL.names.vocabulary)


def test_the_site_lists_a_title_without_tools_and_counts_it_for_none(tmp_path: Path) -> None:
    tree = f"""{trees.COURSE}
=== data/prior_posts.yaml
- {{title: Breaking things with Gremlin, tools: [], option: mlops-tool, semester: F2025, url: "https://example.org/g"}}
- {{title: Kedro, tools: [Kedro], option: mlops-tool, semester: F2025, url: "https://example.org/k"}}
"""
    trees.write(trees.parse(tree), tmp_path)
    built = site.build(repository.load(tmp_path), SiteInputs())
    pages = {page.path: page.markdown for page in built.pages}
    row = '<p><a href="https://example.org/g" rel="noopener nofollow">Breaking things with Gremlin</a></p>'
    assert row in pages["posts/F2025/index.md"]
    assert "Breaking things with Gremlin" in pages["catalog.md"]
    assert "2 posts" in pages["statistics.md"]
    assert "<small></small>" not in pages["catalog.md"]
    [listed] = [asset.content for asset in built.assets if asset.path == "api/posts.json"]
    [entry] = [each for each in json.loads(listed)["posts"] if not each["tools"]]
    assert (entry["title"], entry["key"], entry["topics"]) == ("Breaking things with Gremlin", "", [])
    assert ("Kedro" in pages["statistics.md"], "Gremlin" in pages["statistics.md"]) == (True, False)
