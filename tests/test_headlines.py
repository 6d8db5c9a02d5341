"""The titles that earlier posts themselves have: read from their addresses, or written by staff."""

import csv
from pathlib import Path

import pytest
import trees
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import patience
from sites import HUB

from coursehub.records import headlines, repository
from coursehub.records import tools as tools_file
from coursehub.records.hub import Hub
from coursehub.records.precedents import Headline
from coursehub.records.tools import Tools

ROWS = [
    row
    for row in csv.reader((Path(__file__).parent / "fixtures/address_titles.tsv").open(encoding="utf-8"), "excel-tab")
    if not row[0].startswith("#")
]


@pytest.fixture(scope="module")
def known() -> headlines.Spellings:
    tools, troubles = tools_file.read((HUB / "data/tools.yaml").read_text("utf-8"))
    assert troubles == ()
    return tools_file.spellings(tools)


@pytest.mark.parametrize(("address", "tool", "title"), ROWS)
def test_an_address_carries_a_title(known: headlines.Spellings, address: str, tool: str, title: str) -> None:
    own = () if tool == "-" else (tool,)
    assert headlines.title(address, known, own) == ("" if title == "-" else title)


def test_a_name_is_written_as_it_is_listed_first_and_also_without_its_vendor() -> None:
    tools = Tools(
        tools={
            "apache-kafka": tools_file.Tool("Apache Kafka", aliases=("KAFKA",)),
            "make": tools_file.Tool("Make"),
            "dbt": tools_file.Tool("dbt", aliases=("Data Build Tool",)),
        },
        vendors={"apache": ("Apache",)},
    )
    known = tools_file.spellings(tools)
    assert {name: known.get(name) for name in ("apachekafka", "kafka", "apache", "make", "dbt", "databuildtool")} == {
        "apachekafka": "Apache Kafka", "kafka": "Kafka", "apache": "Apache", "make": None, "dbt": None,
        "databuildtool": None,
    }  # fmt: skip


@settings(max_examples=50)
@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=3))
def test_of_any_address_there_is_a_title_of_its_words_or_none(path: str, own: list[str]) -> None:
    title = headlines.title(f"https://example.org/{path}", {}, own)
    assert title == title.strip()
    assert title.isprintable()


@pytest.mark.parametrize("part", ["a-", "A", "%20", "a%E2%80%AE-", "-_", "1-", "a/"])
def test_a_long_address_costs_little(part: str) -> None:
    with patience():
        headlines.title(f"https://example.org/{part * (1_000_000 // len(part))}", {})


TREE = f"""{trees.COURSE}
=== data/tools.yaml
tools:
  bentoml: {{name: BentoML}}
openings: [intro to]
=== data/prior_posts.yaml
- {{title: BentoML, tools: [BentoML], option: mlops-tool, semester: S2026, url: "https://example.org/why-bentoml-works"}}
- {{title: bento, tools: [bentoml], option: mlops-tool, semester: S2026, url: "https://example.org/why-bentoml-works-1"}}
- {{title: BentoML, tools: [BentoML], option: mlops-tool, semester: S2026, url: "https://example.org/b/why-bentoml-woks",
   headline: "Why BentoML works, twice"}}
- {{title: BentoML, tools: [BentoML], option: mlops-tool, semester: S2026, url: "https://example.org/notes-on-things",
   headline: ""}}
- {{title: BentoML, tools: [BentoML], option: mlops-tool, semester: S2026, headline: Nowhere to be read}}
- {{title: BentoML, tools: [BentoML], option: mlops-tool, semester: S2026, url: "https://example.org/intro-to-bentoml"}}
- {{title: BentoML, tools: [BentoML], option: mlops-tool, semester: S2026, url: "https://example.org/bentoml-2"}}
- {{title: "BentoML: boxes for models", tools: [BentoML], option: mlops-tool, semester: S2026,
   url: "https://example.org/bentoml-boxes-for-models"}}
- {{title: Packing models for lunch, tools: [], option: mlops-tool, semester: S2026,
   url: "https://example.org/packing-models-for-lunch-and-dinner"}}
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    root = tmp_path_factory.mktemp("headlines")
    trees.write(trees.parse(TREE), root)
    loaded = repository.load(root)
    assert loaded.troubles == ()
    return loaded


def test_a_headline_is_from_the_address_unless_staff_wrote_one_or_it_says_no_more_than_the_list(hub: Hub) -> None:
    assert [hub.precedents.headline(prior) for prior in hub.priors] == [
        Headline("Why BentoML works", is_from_address=True),
        Headline("Why BentoML works 1", is_from_address=True),
        Headline("Why BentoML works, twice", is_from_address=False),
        None,  # staff say so
        Headline("Nowhere to be read", is_from_address=False),
        None,  # an introduction to BentoML claims BentoML
        None,
        None,  # the list has a real title
        None,
    ]


def test_a_post_is_the_same_as_an_entry_and_as_a_precedent(hub: Hub) -> None:
    priors = {each.place: each for each in (*hub.precedents.all, *hub.precedents.titled)}
    assert [hub.precedents.headline(priors[prior.line]) for prior in hub.priors] == [
        hub.precedents.headline(prior) for prior in hub.priors
    ]


def test_of_this_courses_earlier_posts_most_have_a_headline() -> None:
    here = repository.load(HUB)
    titles = [headline.text for headline in map(here.precedents.headline, here.priors) if headline]
    assert len(titles) >= 324
    assert {"Using BentoML to serve scikit models", "Tracking experiments with Aim"} < set(titles)
    assert [
        each for each in titles if any(char.isdigit() for char in each.split()[-1]) and len(each.split()[-1]) > 7
    ] == []
