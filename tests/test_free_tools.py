"""Free tools to choose from: on its page, on a topic's, in the answer to a question about another tool."""

import datetime as dt
import re
from pathlib import Path

import pytest
import trees

from coursehub import site
from coursehub.claims import availability
from coursehub.claims.pending import Asked, Pending
from coursehub.records import repository, tools
from coursehub.records.hub import Hub

NOW = dt.datetime(2026, 11, 1, 12, 0, tzinfo=dt.UTC)
TREE = (
    trees.COURSE
    + """\
topics:
  - {id: watching, title: Watching, about: Seeing <what> happens., examples: [Heron, Old Owl, The Unlisted]}
  - {id: big data, title: Big data}
=== data/tools.yaml
tools:
  auk: {name: Auk, topic: watching, about: Sees <far>., home: "https://www.auk.example.org/"}
  crane: {name: Crane, topic: watching}
  dodo: {name: Dodo, topic: watching, suggest: false, about: Is extinct.}
  emu: {name: Emu, topic: watching, suggest: true, about: Runs.}
  grebe: {name: Grebe, topic: watching, about: Dives.}
  heron: {name: Heron, topic: watching, about: Waits.}
  ibis: {name: Ibis, topic: watching, about: Probes.}
  jay: {name: Jay, topic: watching, about: Hides things.}
  kite: {name: "Kite & Co", topic: big data, about: Soars.}
  lark: {name: Lark, about: Sings.}
  merlin: {name: Merlin, topic: nowhere, about: Hunts.}
  old-owl: {name: Old Owl, topic: watching, suggest: false, about: Sleeps.}
=== data/prior_posts.yaml
- {title: Grebe and Raven, tools: [Grebe, Raven], option: mlops-tool, semester: S2026}
- {title: Grebe again, tools: [Grebe], option: mlops-tool, semester: S2026}
=== posts/F2026/ibis.md
---
title: Ibis
authors: octocat
option: mlops-tool
tool: Ibis
semester: F2026
status: claimed
---
"""
)


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    trees.write(trees.parse(TREE), tmp_path)
    return repository.load(tmp_path)


def asked_for(*names: str) -> Pending:
    return Pending(NOW, (Asked("hubot", 7, NOW, names, "F2026", "mlops-tool", "posts/F2026/x.md"),))


def page(hub: Hub, path: str, pending: Pending | None = None) -> str:
    built = site.build(hub, site.SiteInputs(repository="https://github.com/o/r", pending=pending))
    return next(each.markdown for each in built.pages if each.path == path)


def by_topic(text: str) -> dict[str, list[str]]:
    """Heading → the names that can be claimed below it, in their order."""
    sections = re.findall(r'<h2 id="[^"]*">([^<]*)(.*?)</section>', text, re.DOTALL)
    return {heading: re.findall(r"<li><(?:b|a [^>]*)>([^<]*)", section) for heading, section in sections}


def test_the_page_has_what_no_post_is_about_by_topic_and_what_is_suggested_first(hub: Hub) -> None:
    assert by_topic(page(hub, "free.md")) == {
        "Watching": ["Emu", "Heron", "The Unlisted", "Auk", "Jay", "Crane"],
        "Big data": ["Kite &amp; Co"],
        "Other": ["Lark", "Merlin"],
    }


@pytest.mark.parametrize(("names", "rest"), [(["Jay"], ["Auk", "Crane"]), (["Auk", "Raven"], ["Jay", "Crane"])])
def test_what_a_pull_request_asks_for_is_not_shown_as_free(hub: Hub, names: list[str], rest: list[str]) -> None:
    text = page(hub, "free.md", asked_for(*names))
    assert by_topic(text)["Watching"][3:] == rest
    assert "leaves out what open pull requests asked for by 2026-11-01 12:00 UTC" in text
    assert "This list does not know about open pull requests" in page(hub, "free.md")


def test_each_has_its_sentence_its_home_page_and_a_way_to_claim_it(hub: Hub) -> None:
    text = page(hub, "free.md")
    assert (
        '<li><b>Auk</b><p>Sees &lt;far&gt;.</p><a href="https://www.auk.example.org/" rel="noopener nofollow">'
        'auk.example.org</a> <a href="../?tool=Auk" aria-label="Claim Auk">Claim</a></li>' in text
    )
    assert '<a href="../?tool=Kite%20%26%20Co" aria-label="Claim Kite &amp; Co">Claim</a>' in text
    assert '<li><a href="../?tool=Crane">Crane</a></li>' in text  # nobody said what it does
    assert "Seeing &lt;what&gt; happens." in text
    assert "these 9 tools" in text


def test_links_to_a_topic_end_where_the_topic_is(hub: Hub) -> None:
    text = page(hub, "free.md")
    anchors = re.findall(r'<h2 id="([^"]*)"', text)
    assert re.findall(r'<a href="#([^"]*)"', text) == anchors
    assert re.findall(r'href="\.\./\.\./free/#([^"]*)"', page(hub, "tools/grebe.md")) == anchors[:1]


def test_a_topics_page_shows_a_few_and_leads_to_all(tmp_path: Path) -> None:
    more = "".join(f"  t{number}: {{name: T{number}, topic: watching}}\n" for number in range(9))
    trees.write(trees.parse(TREE.replace("  auk:", f"{more}  auk:", 1)), tmp_path)
    text = page(repository.load(tmp_path), "topics/watching.md")
    assert re.findall(r'aria-label="Claim ([^"]*)"', text) == ["Emu", "Heron", "The Unlisted", "Auk", "Jay", "Crane"]
    assert '<a href="../../free/#watching">All 15 that are still free on this topic</a>' in text


def test_a_course_that_lists_nothing_says_so(tmp_path: Path) -> None:
    text = re.sub(r"topics:.*?===", "===", TREE, flags=re.DOTALL)
    trees.write(trees.parse(re.sub(r"tools:\n.*?===", "===", text, flags=re.DOTALL)), tmp_path)
    free = page(repository.load(tmp_path), "free.md")
    assert "Nothing on the course’s list is free any more." in free
    assert "<h2" not in free


def test_an_answer_names_suggested_tools_and_then_those_that_follow_in_the_alphabet(hub: Hub) -> None:
    assert availability.ask(hub, ["Grebe"]).alternatives == ("Heron", "The Unlisted", "Emu", "Jay", "Auk", "Crane")
    assert availability.ask(hub, ["Auk"]).alternatives == ("Emu", "Heron", "The Unlisted", "Crane", "Jay")
    answer = availability.ask(hub, ["Grebe"], known=asked_for("Heron", "Raven"))
    assert answer.alternatives == ("The Unlisted", "Emu", "Jay", "Auk", "Crane")
    assert availability.ask(hub, ["Lark"]).alternatives == ()  # it has no topic


def test_an_answer_names_no_more_than_a_reader_takes_in(tmp_path: Path) -> None:
    more = "".join(f"  t{number}: {{name: T{number}, topic: watching}}\n" for number in range(20))
    trees.write(trees.parse(TREE.replace("  auk:", f"{more}  auk:", 1)), tmp_path)
    assert len(availability.ask(repository.load(tmp_path), ["Grebe"]).alternatives) == 8


@pytest.mark.parametrize("home", ["auk.example.org", "javascript:alert(1)", "https://"])
def test_a_home_page_that_is_no_address_is_told(home: str) -> None:
    _, troubles = tools.read(f'tools:\n  auk:\n    name: Auk\n    home: "{home}"\n')
    assert [(each.line, each.what) for each in troubles] == [
        (4, f"tools: the home of auk, “{home}”, is no web address: write https://example.org/tool")
    ]


def test_a_course_that_claims_something_else_reads_of_no_tools(tmp_path: Path) -> None:
    gadgets = "options: [{id: mlops-tool, title: A gadget, claims: gadget, requirements: []}]\n"
    trees.write(trees.parse(re.sub(r"options:\n(  - .*\n)+", gadgets, TREE, count=1)), tmp_path)
    pages = site.build(repository.load(tmp_path), site.SiteInputs(repository="https://github.com/o/r")).pages
    shared = ("rules.md", "markdown.md")  # which are the same in all courses
    no_words = r"(?s)```.*?```|`[^`\n]*`|<[^>]*>|\w+/tools\b"  # code names the field, and tags say nothing
    texts = {page.path: re.sub(no_words, " ", page.markdown) for page in pages if page.path not in shared}
    texts |= {
        f"{page.path}, about": f"{page.meta.title} {page.meta.description}" for page in pages if page.path in texts
    }
    assert {path: re.findall(r".{0,30}\btools?\b.{0,30}", text, re.IGNORECASE) for path, text in texts.items()} == {
        path: [] for path in texts
    }
    assert "picks a gadget that nobody else has picked" in texts["index.md"]
    assert "Is your gadget still available?" in texts["index.md"]
