"""The catalog in a real browser: what a reader finds there, and how."""

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import markdown
import pytest
import sites
import trees
from conftest import Clock, opened, queries, visit_as_published
from sites import HUB

from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.site import catalog
from coursehub.site.pages import catalog_page
from coursehub.site.subjects import Subjects

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
HOSTILE = '<img src=x onerror="document.title=1"> & “quotes”'
TREE = f"""{trees.COURSE}topics: [{{id: watching, title: Watching}}, {{id: storing, title: Storing}}]
=== data/tools.yaml
tools:
  grafana: {{name: Grafana, topic: watching}}
  loki: {{name: Loki, topic: storing}}
  weights-and-biases: {{name: Weights & Biases, topic: watching, aliases: [wandb, wab]}}
=== data/prior_posts.yaml
- {{title: Grafana, tools: [Grafana], option: mlops-tool, semester: S2026, url: "https://medium.com/grafana"}}
- {{title: '{HOSTILE}', tools: [Hostile], option: mlops-tool, semester: F2025, url: "javascript:alert(1)"}}
- {{title: Sweeps, tools: [wandb], option: mlops-tool, semester: S2026, url: "https://www.example.org/?a=1&b=2",
   spelled: [Café sweeps, 用向量检索系统查找电影, ベクトル検索, 벡터검색엔진, การค้นหาภาพยนตร์], archived: "https://archive.example/sweeps"}}
- {{title: Gone, tools: [Clear ML, Loki], option: ml-application, semester: F2025, url: "https://gone.example/"}}
=== posts/F2026/loki.md
---
title: Loki in a night
authors: [octocat, hubot]
option: mlops-tool
tool: Loki
semester: F2026
status: published
date: 2026-11-20
format: introduction
topics: [watching, storing]
summary: Of logs.
---
=== posts/F2026/done.md
---
title: All done
authors: monalisa
option: mlops-tool
tool: Something Done
semester: F2026
status: published
date: 2026-11-21
format: comparison
external_url: https://medium.com/done
summary: Elsewhere.
---
=== posts/F2026/zeta.md
---
title: Working title
authors: octocat
option: mlops-tool
tool: Zeta
semester: F2026
status: claimed
---
"""
GONE = "Gone archived"
NEWEST_FIRST = ["All done", "Loki in a night", "Grafana", "Sweeps", HOSTILE, GONE]
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title>
<link rel="stylesheet" href="../assets/hub.css"><link rel="stylesheet" href="../assets/catalog.css">
<script src="../assets/start.js"></script>
<script>
const started = [];
window.document$ = {{ subscribe(start) {{ started.push(start); start(document); }} }};
</script>
<body class="md-typeset" data-md-color-scheme="default" data-md-color-primary="custom"><main>{page}</main>
<script type="module" src="../assets/catalog.js"></script>
</html>
"""


def write_site(the_hub: Hub, folder: Path, dead: frozenset[str] = frozenset(), most: int = 500) -> None:
    """The catalog's page, and beside it what the site has in `assets/` and `api/`."""
    shown = tuple(post for post in the_hub.posts if post.is_published)
    entries = catalog.entries(Subjects(the_hub, shown, dead))
    shutil.copytree(ROOT / "src/mkdocs_coursehub/static/assets", folder / "assets")
    for asset in catalog_page.assets(the_hub, entries):
        (folder / asset.path).parent.mkdir(exist_ok=True)
        (folder / asset.path).write_bytes(asset.content)
    text = markdown.markdown(catalog_page.page(the_hub, entries, most).markdown)
    (folder / "catalog").mkdir()
    (folder / "catalog/index.html").write_text(PAGE.format(page=text))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    root, folder = tmp_path_factory.mktemp("small"), tmp_path_factory.mktemp("site")
    trees.write(trees.parse(TREE), root)
    loaded = repository.load(root)
    assert loaded.troubles == ()
    write_site(loaded, folder, dead=frozenset({"https://gone.example/"}))
    return serve(folder)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """This repository's own posts."""
    folder = tmp_path_factory.mktemp("real")
    write_site(repository.load(HUB), folder)
    return serve(folder)


class Catalog:
    """The catalog as a person uses and sees it."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.search = page.get_by_label("Title, tool, application, topic, author or site")
        self.summary = page.locator("[data-hub-catalog-found]")
        self.rows = page.locator("table tbody tr")

    def open(self, address: str) -> "Catalog":
        self.page.goto(address)
        self.search.wait_for()
        return self

    def titles(self) -> list[str]:
        return self.page.locator("tbody td:first-child > span").all_inner_texts()

    def look_for(self, words: str, number: str) -> list[str]:
        """Titles, once the page shows this number."""
        self.search.fill(words)
        return self.wait_for_count(number)

    def choose(self, name: str, title: str, number: str) -> list[str]:
        select = self.page.get_by_label(name, exact=True)
        text = next(each for each in select.locator("option").all_text_contents() if each.startswith(title))
        select.select_option(text)
        return self.wait_for_count(number)

    def wait_for_count(self, number: str) -> list[str]:
        self.summary.get_by_text(number, exact=True).wait_for()
        return self.titles()

    def counts(self, name: str) -> list[str]:
        return self.page.get_by_label(name, exact=True).locator("option").all_text_contents()[1:]

    def settles(self, name: str, counts: list[str]) -> None:
        """Wait for a filter to show these numbers, as it does once one pauses."""
        options = self.page.get_by_label(name, exact=True).locator("option")
        for text in counts:
            options.filter(has_text=text).wait_for(state="attached")
        assert self.counts(name) == counts


@pytest.fixture
def the_catalog(page: "Page", site: str) -> Catalog:
    return Catalog(page).open(f"{site}catalog/")


def number_of(titles: list[str]) -> str:
    return {0: "None of the 6 posts matches your search", 6: "6 posts"}.get(len(titles), f"{len(titles)} of 6 posts")


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("loki", ["Loki in a night", GONE]),
        ("LÓKI night", ["Loki in a night"]),
        ("night lok", ["Loki in a night"]),
        ("oki", []),
        ("wandb", ["Sweeps"]),
        ("W&B", ["Sweeps"]),
        ("weights-and-biases", ["Sweeps"]),
        ("cafe", ["Sweeps"]),
        ("检索", ["Sweeps"]),
        ("检查", []),
        ("クトル", ["Sweeps"]),
        ("검색", ["Sweeps"]),
        ("ค้นหา", ["Sweeps"]),
        ("检索 sweeps", ["Sweeps"]),
        ("clearml", [GONE]),
        ("clear-ml", [GONE]),
        ("clear ml + loki", [GONE]),
        ("octocat", ["Loki in a night"]),
        ("medium", ["All done", "Grafana"]),
        ("medium.com", ["All done", "Grafana"]),
        ("gone.example", [GONE]),
        ("<img onerror", [HOSTILE]),
        ("working title", []),
        ("F2025", [HOSTILE, GONE]),
        ("elsewhere", ["All done"]),
        ("comparison", ["All done"]),
        ("how to use loki", ["Loki in a night", GONE]),
        ("how to", []),
        ("!?", NEWEST_FIRST),
    ],
)
def test_search_finds_all_words_wherever_they_are(words: str, titles: list[str], the_catalog: Catalog) -> None:
    assert the_catalog.look_for(words, number_of(titles)) == titles


@pytest.fixture(scope="module")
def searching(browser: "Browser", real: str) -> Catalog:
    the_catalog = Catalog(opened(browser).new_page()).open(f"{real}catalog/")
    the_catalog.search.fill("mlflow")
    the_catalog.summary.get_by_text(" of ").wait_for()  # what follows is there with each key
    return the_catalog


@pytest.mark.parametrize(("words", "address"), queries("catalog"))
def test_what_a_student_means_comes_first(words: str, address: str, searching: Catalog) -> None:
    searching.search.fill(words)
    assert address in (searching.rows.first.locator("a").first.get_attribute("href") or "")


def test_a_slip_is_said_and_what_was_meant_is_found(the_catalog: Catalog) -> None:
    page = the_catalog.page
    assert the_catalog.look_for("grafna", "1 of 6 posts") == ["Grafana"]
    remark = "No post mentions “grafna”, so these results are for “grafana”"
    the_catalog.summary.get_by_text(remark, exact=True).wait_for()
    page.get_by_role("status").get_by_text(f"1 of 6 posts. {remark}").wait_for(state="attached")
    page.wait_for_url("**/?search=grafna")
    the_catalog.look_for("grafana", "1 of 6 posts")
    assert the_catalog.summary.get_by_text("No post mentions").count() == 0
    assert the_catalog.look_for("quokka", "None of the 6 posts matches your search") == []
    assert the_catalog.summary.get_by_text("No post mentions").count() == 0


def test_who_is_named_so_comes_before_who_is_about_it(the_catalog: Catalog) -> None:
    """A tool's other name before a topic; but not where an order was chosen."""
    page = the_catalog.page
    assert the_catalog.look_for("watching", "3 of 6 posts") == ["Loki in a night", "Grafana", "Sweeps"]
    assert page.locator("th[aria-sort]").inner_text() == "Semester"
    assert the_catalog.look_for("wa", "3 of 6 posts, best matches first") == ["Sweeps", "Loki in a night", "Grafana"]
    assert page.locator("th[aria-sort]").count() == 0
    page.get_by_role("columnheader", name="Post").get_by_role("button").click()
    assert the_catalog.wait_for_count("3 of 6 posts, by title") == ["Grafana", "Loki in a night", "Sweeps"]


def test_the_next_pages_address_stays_as_it_is(clock: Clock, page: "Page", site: str) -> None:
    """Material puts it in this one's place while the question waits to get into the address."""
    the_catalog = Catalog(page).open(f"{site}catalog/")
    clock.stop()
    the_catalog.look_for("loki", "2 of 6 posts")  # only the first one gets there at once
    the_catalog.look_for("sweeps", "1 of 6 posts")
    page.evaluate("history.pushState({}, '', '/posts/'); document.querySelector('main').replaceChildren()")
    clock.run(1)
    assert page.url == f"{site}posts/"


def test_filters_combine_and_tell_how_many_each_value_would_find(the_catalog: Catalog) -> None:
    assert the_catalog.counts("Semester") == ["F2026 (2)", "S2026 (2)", "F2025 (2)"]
    assert the_catalog.counts("Topic") == ["Watching (3)", "Storing (2)", "No topic (2)"]
    assert the_catalog.counts("Hosted") == ["On this site (1)", "Elsewhere (5)"]
    assert the_catalog.choose("Topic", "Watching", "3 of 6 posts") == ["Loki in a night", "Grafana", "Sweeps"]
    assert the_catalog.choose("Hosted", "Elsewhere", "2 of 6 posts") == ["Grafana", "Sweeps"]
    the_catalog.settles("Topic", ["Watching (2)", "Storing (1)", "No topic (2)"])
    assert the_catalog.counts("Hosted") == ["On this site (1)", "Elsewhere (2)"]
    assert the_catalog.look_for("medium", "1 of 6 posts") == ["Grafana"]
    the_catalog.settles("Hosted", ["On this site (0)", "Elsewhere (1)"])
    assert the_catalog.counts("Topic") == ["Watching (1)", "Storing (0)", "No topic (1)"]
    assert the_catalog.counts("Semester") == ["F2026 (0)", "S2026 (1)", "F2025 (0)"]
    assert the_catalog.page.locator("option:disabled").count() > 0
    assert the_catalog.choose("Hosted", "Anywhere", "1 of 6 posts") == ["Grafana"]


def test_posts_without_a_topic_or_a_known_format_are_found(the_catalog: Catalog, site: str) -> None:
    formats = ["Introduction (1)", "Comparison (1)", "Combination (1)", "Not known (3)"]
    assert the_catalog.counts("Format") == formats
    assert the_catalog.choose("Format", "Not known", "3 of 6 posts") == ["Grafana", "Sweeps", HOSTILE]
    the_catalog.settles("Format", formats)
    assert the_catalog.choose("Topic", "No topic", "1 of 6 posts") == [HOSTILE]
    the_catalog.settles("Format", ["Introduction (0)", "Comparison (1)", "Combination (0)", "Not known (1)"])
    the_catalog.page.wait_for_url("**/?topic=none&format=none")
    assert the_catalog.open(f"{site}catalog/?format=combination").wait_for_count("1 of 6 posts") == [GONE]


def test_nothing_found_is_said_and_all_can_be_cleared(the_catalog: Catalog) -> None:
    page = the_catalog.page
    the_catalog.choose("Semester", "F2025", "2 of 6 posts")
    assert the_catalog.look_for("wandb", "None of the 6 posts matches your search") == []
    assert not page.locator("table").is_visible()
    page.get_by_role("button", name="Clear all").click()
    assert the_catalog.wait_for_count("6 posts") == NEWEST_FIRST
    assert page.url.endswith("/catalog/")
    assert the_catalog.search.evaluate("each => each === document.activeElement")
    assert not page.get_by_role("button", name="Clear all").is_visible()


def test_the_address_carries_the_question_and_can_be_sent_to_somebody(the_catalog: Catalog, site: str) -> None:
    page = the_catalog.page
    page.goto(f"{site}catalog/?other=1")
    the_catalog.choose("Topic", "Storing", "2 of 6 posts")
    the_catalog.look_for("loki & night", "1 of 6 posts")
    page.wait_for_url("**/?other=1&search=loki+%26+night&topic=storing")
    sent = page.url
    page.goto("about:blank")
    assert the_catalog.open(sent).wait_for_count("1 of 6 posts") == ["Loki in a night"]
    assert page.get_by_label("Topic", exact=True).input_value() == "storing"
    page.locator("tbody a").first.click()
    page.wait_for_url("**/posts/F2026/loki/")
    page.go_back()
    assert the_catalog.wait_for_count("1 of 6 posts") == ["Loki in a night"]


def test_an_address_with_unknown_values_shows_what_is_known_and_says_what_is_not(
    the_catalog: Catalog, site: str
) -> None:
    page = the_catalog.page
    page.goto(f"{site}catalog/?semester=X1999&topic=%3Cb%3E&hosted=here&sort=nonsense&format=")
    assert the_catalog.wait_for_count("1 of 6 posts") == ["Loki in a night"]
    assert page.get_by_label("Semester", exact=True).input_value() == ""
    remark = "This catalog does not know: semester “X1999”, topic “<b>”, sort “nonsense”"
    the_catalog.summary.get_by_text(remark, exact=True).wait_for()
    page.wait_for_url("**/catalog/?hosted=here")
    the_catalog.look_for("loki", "1 of 6 posts")
    assert the_catalog.summary.get_by_text("Not known").count() == 0


def test_an_address_with_nothing_but_an_unknown_value_shows_all_and_says_so(the_catalog: Catalog, site: str) -> None:
    the_catalog.page.goto(f"{site}catalog/?semester=S1999")
    the_catalog.page.wait_for_url("**/catalog/")
    assert the_catalog.summary.inner_text().split("\n") == ["6 posts", "This catalog does not know: semester “S1999”"]
    assert the_catalog.titles() == NEWEST_FIRST


def test_a_search_without_a_word_is_said_to_be_none(the_catalog: Catalog) -> None:
    page = the_catalog.page
    assert the_catalog.look_for("!?", "6 posts") == NEWEST_FIRST
    remark = "“!?” has no letters or digits to search for"
    the_catalog.summary.get_by_text(remark, exact=True).wait_for()
    page.get_by_role("status").get_by_text(f"6 posts. {remark}").wait_for(state="attached")
    the_catalog.look_for("!? loki", "2 of 6 posts")
    assert the_catalog.summary.get_by_text("to look for").count() == 0


@pytest.mark.parametrize(
    ("column", "ascending", "descending"),
    [
        (
            "Post",
            ["All done", GONE, "Grafana", HOSTILE, "Loki in a night", "Sweeps"],
            ["Sweeps", "Loki in a night", HOSTILE, "Grafana", GONE, "All done"],
        ),
        (
            "Topic",
            ["Loki in a night", "Grafana", "Sweeps", GONE, "All done", HOSTILE],
            [GONE, "Loki in a night", "Grafana", "Sweeps", "All done", HOSTILE],
        ),
        (
            "Option",
            ["All done", "Loki in a night", "Grafana", "Sweeps", HOSTILE, GONE],
            [GONE, "All done", "Loki in a night", "Grafana", "Sweeps", HOSTILE],
        ),
        ("Semester", [HOSTILE, GONE, "Grafana", "Sweeps", "All done", "Loki in a night"], NEWEST_FIRST),
        (
            "Where",
            ["Loki in a night", "Sweeps", GONE, "All done", "Grafana", HOSTILE],
            ["All done", "Grafana", GONE, "Sweeps", "Loki in a night", HOSTILE],
        ),
    ],
)
def test_a_columns_head_orders_by_it_and_the_other_way_round(
    column: str, ascending: list[str], descending: list[str], the_catalog: Catalog
) -> None:
    page = the_catalog.page
    for order, titles in (("ascending", ascending), ("descending", descending)):
        page.get_by_role("columnheader", name=column).get_by_role("button").click()
        page.locator(f"th[aria-sort={order}]").get_by_text(column).wait_for()
        assert the_catalog.titles() == titles
        assert page.locator("th[aria-sort]").count() == 1


SORTED = """async ([topics, sort]) => {
  const { Catalog } = await import("/assets/catalog-index.js");
  const all = topics.map((_, at) => at);
  const catalog = await Catalog.read({
    options: ["o"], topics: [...Array(12).keys()].map((number) => `t${number}`), topic_titles: Array(12).fill(""), summary_words: {},
    formats: [], tools: topics.map((_, at) => `Tool ${at}`),
    aliases: {}, tool_topics: {}, semester: [["S1", topics.length]], option: all.map(() => 0), format: all.map(() => -1),
    tool: all, topic: Object.fromEntries(topics.map((topic, at) => [at, topic === null ? [] : [topic]])),
    titles: all.map((at) => `Title ${at}`), also: {}, authors: all.map(() => []), links: all.map(() => null), headlines: {}, given: [], hosts: {}, dead: {}, archived: {},
  }, async () => {});
  const blank = { search: "", semester: "", topic: "", option: "", format: "", hosted: "" };
  return catalog.find({ ...blank, sort }).map((at) => topics[at]);
}"""


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("topic", [1, 8, 9, 10, 11, None, None]), ("-topic", [11, 10, 9, 8, 1, None, None])],
)
def test_more_than_ten_topics_are_in_their_order(
    page: "Page", site: str, sort: str, expected: list[int | None]
) -> None:
    page.goto(f"{site}catalog/")
    assert page.evaluate(SORTED, [[10, None, 9, 11, 1, None, 8], sort]) == expected


def test_the_order_stands_beside_the_number_unless_it_is_the_usual(page: "Page", site: str) -> None:
    """On a phone, where it is chosen is folded away."""
    page.set_viewport_size({"width": 360, "height": 740})
    the_catalog = Catalog(page).open(f"{site}catalog/?sort=semester")
    assert the_catalog.wait_for_count("6 posts, oldest first")
    the_catalog.look_for("loki", "2 of 6 posts, oldest first")
    the_catalog.look_for("octocat", "1 of 6 posts")
    the_catalog.look_for("loki", "2 of 6 posts, oldest first")
    page.get_by_label("Order").select_option("By title, backwards")
    the_catalog.wait_for_count("2 of 6 posts, by title, backwards")
    page.get_by_role("status").get_by_text("2 of 6 posts, by title, backwards").wait_for(state="attached")
    page.get_by_label("Order").select_option("Newest first")
    the_catalog.wait_for_count("2 of 6 posts")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_keyboard_is_enough(the_catalog: Catalog) -> None:
    keyboard = the_catalog.page.keyboard
    for _ in ("CSV", "JSON", "the search"):
        keyboard.press("Tab")
    keyboard.type("loki /sfpn")  # keys that Material listens to elsewhere on a page
    assert the_catalog.search.input_value() == "loki /sfpn"
    keyboard.press("ControlOrMeta+a")
    keyboard.type("loki")
    the_catalog.wait_for_count("2 of 6 posts")
    names = []
    for _ in range(4):
        keyboard.press("Tab")
        names.append(str(the_catalog.page.locator(":focus").get_attribute("name")))
    assert names == ["semester", "topic", "option", "format"]
    keyboard.press("Shift+Tab")
    keyboard.type("ML a")
    the_catalog.wait_for_count("1 of 6 posts")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Tab")
    assert the_catalog.page.locator(":focus").text_content() == "Clear all"
    keyboard.press("Tab")
    keyboard.press("Enter")
    the_catalog.page.locator("th[aria-sort=ascending]").get_by_text("Post").wait_for()
    for _ in range(5):
        keyboard.press("Tab")
    assert the_catalog.page.locator(":focus").text_content() == GONE


def test_the_number_is_said_once_one_pauses(the_catalog: Catalog) -> None:
    page = the_catalog.page
    the_catalog.look_for("loki", "2 of 6 posts")
    page.get_by_role("status").get_by_text("2 of 6 posts").wait_for(state="attached")
    assert page.locator("[role=status], [aria-live]").count() == 1
    assert the_catalog.summary.evaluate("each => !each.closest('[role=status], [aria-live]')")


def test_links_lead_where_a_post_can_be_read_and_hostile_titles_are_text(the_catalog: Catalog, site: str) -> None:
    page = the_catalog.page
    plain = cells(page)
    the_catalog.look_for("oct", "1 of 6 posts")
    the_catalog.look_for("", "6 posts")
    page.wait_for_url("**/catalog/")
    assert cells(page) == plain
    assert page.locator("tbody img, tbody script").count() == 0
    links = {name: address for name, address, _ in plain if address}
    assert links["All done"] == f"{site}posts/F2026/done/"
    assert links["Sweeps"] == "https://www.example.org/?a=1&b=2"
    assert links[GONE].startswith("https://web.archive.org/web/")
    assert HOSTILE not in links
    assert {name: text for name, _, text in plain}["Sweeps"].endswith("example.org, archived copy")


def cells(page: "Page") -> list[tuple[str, str, str]]:
    """The title of each row, where it leads, and all its words."""
    row_texts: list[tuple[str, str, str]] = page.evaluate(
        """() => [...document.querySelectorAll("tbody tr")].map((row) => [
          row.querySelector("span").innerText, row.querySelector("td a")?.href ?? "",
          [...row.cells].map((cell) => cell.innerText).join(" | "),
        ])"""
    )
    return [tuple(each) for each in row_texts]  # type: ignore[misc]


ENTRIES = """async () => {
  const [{ Catalog }, response] = await Promise.all([import("/assets/catalog-index.js"), fetch("/assets/catalog.json")]);
  return (await Catalog.read(await response.json(), async () => {})).entries;
}"""


@pytest.mark.parametrize("folder", ["site", "real"])
def test_the_browser_knows_what_the_json_says(folder: str, page: "Page", request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue(folder)
    page.goto(f"{address}catalog/")
    theirs: list[dict[str, Any]] = page.evaluate(ENTRIES)
    ours = json.loads(page.evaluate("fetch('/api/posts.json').then((response) => response.text())"))["posts"]
    assert len(ours) >= 6
    for each in ours:
        each["href"] = each["page"] or each["url"]
        each["isPage"] = each["page"] is not None
        each["named"] = each["title"] if each["headline"] else " + ".join(each["tools"])
        each["isFromAddress"] = each["headline_from"] == "address"
        each["also_titled"] = [each["title"], *each["also_titled"]] if each["headline"] else each["also_titled"]
        each["title"] = each["headline"] or each["title"]
    names = {"also": "also_titled", "dead": "dead_url"}
    for each, entry in zip(ours, theirs, strict=True):  # a format that no author gave is known to the browser alone
        each["format"] = each["format"] or entry["format"]
    assert theirs == [{name: each[names.get(name, name)] or type(value)() for name, value in entry.items()}
                      for each, entry in zip(ours, theirs, strict=True)]  # fmt: skip


TYPED = """async (questions) => {
  const [{ Catalog }, response] = await Promise.all([import("/assets/catalog-index.js"), fetch("/assets/catalog.json")]);
  const data = await response.json();
  const [one, other] = [await Catalog.read(data, async () => {}), await Catalog.read(data, async () => {})];
  return questions.map((question) => {
    other.last = undefined; // as if nothing had been asked before
    const found = other.find(question);
    return { words: question.search, isSame: one.find(question).join() === found.join(), count: found.length };
  });
}"""


def test_what_was_asked_before_does_not_change_the_answer(page: "Page", real: str) -> None:
    page.goto(f"{real}catalog/")
    chance = random.Random(7)
    written = [
        "Weights & Biases",
        "ml-flow",
        "C++",
        "medium.com",
        "Clear ML wandb",
        "great exp",
        "Ω b-c",
        "a a",
        "dvc  data",
    ]
    questions: list[dict[str, str]] = []
    for words in written * 6:
        blank = dict.fromkeys(("semester", "topic", "option", "format", "hosted", "sort"), "")
        limits = chance.choice([{}, {}, {"hosted": "elsewhere"}, {"option": "mlops-tool"}, {"sort": "title"}])
        typed = [words[:end] for end in range(len(words) + 1)]
        if chance.random() < 0.5:  # somebody goes back, and goes on elsewhere
            typed += [*typed[: chance.randrange(len(typed)) : -1], chance.choice(written)]
        questions += [{**blank, **limits, "search": each} for each in typed]
    outcomes = page.evaluate(TYPED, questions)
    assert [each for each in outcomes if not each["isSame"]] == []
    assert len({each["count"] for each in outcomes}) > 20


def test_all_of_the_real_posts_are_shown_bit_by_bit(page: "Page", real: str) -> None:
    the_catalog = Catalog(page).open(f"{real}catalog/")
    total = the_catalog.rows.count()
    assert total >= 400
    without_script = the_catalog.rows.all_inner_texts()
    assert sum("title from its address" in each for each in without_script) > 300
    assert the_catalog.choose("Option", "All", f"{total} posts")
    the_catalog.search.fill("x")
    the_catalog.search.fill("")
    page.get_by_role("button", name=f"Show 100 more of {total - 100}").click()
    assert the_catalog.rows.all_inner_texts() == without_script[:200]
    assert the_catalog.rows.nth(100).locator("a").first.evaluate("each => each === document.activeElement")


def test_of_many_posts_the_newest_are_there_and_the_others_once_asked_for(
    page: "Page", serve: Callable[[Path], str], tmp_path: Path
) -> None:
    write_site(repository.load(HUB), tmp_path, most=50)
    the_catalog = Catalog(page).open(f"{serve(tmp_path)}catalog/")
    newest = the_catalog.rows.all_inner_texts()
    assert len(newest) == 50
    assert not page.get_by_text("These are the newest 50").is_visible()  # the button below leads to the others
    page.get_by_role("button", name="Show 100 more of ").click()
    the_catalog.rows.nth(120).wait_for()
    rows = the_catalog.rows.all_inner_texts()
    assert (rows[:50], len({*rows})) == (newest, 150)
    assert the_catalog.rows.nth(50).locator("a").first.evaluate("each => each === document.activeElement")


IN_SIGHT = """number => {
  const place = document.querySelectorAll("tbody tr")[number]?.getBoundingClientRect();
  return place && place.top >= 0 && place.bottom <= innerHeight;
}"""


@pytest.mark.parametrize("latency", [0, 200], ids=["quick line", "slow line"])
def test_who_comes_back_finds_the_rows_and_the_place(
    page: "Page",
    context: "BrowserContext",
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[[Path], str],
    latency: int,
) -> None:
    """From a page that is read here, and from one that is elsewhere; whatever comes late meanwhile."""
    address = serve(sites.shared(tmp_path_factory, "sound").site)
    visit_as_published(page, address, "catalog/?sort=title")
    line = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    the_catalog = Catalog(page)
    for rows in (200, 300):
        page.get_by_role("button", name=re.compile("^Show 100 more")).click()
        assert the_catalog.rows.count() == rows
    far_down = the_catalog.rows.nth(250)
    title = far_down.inner_text()
    for leave in (page.locator("a.md-header__button.md-logo").click, lambda: page.goto("about:blank")):
        far_down.scroll_into_view_if_needed()
        page.wait_for_function("history.state?.y === scrollY && scrollY > 5000")  # Material notes it shortly after
        leave()
        the_catalog.rows.first.wait_for(state="detached")
        page.go_back()
        the_catalog.wait_for_count("403 posts, by title")
        page.wait_for_function(IN_SIGHT, arg=250)
        assert far_down.inner_text() == title
        assert the_catalog.rows.count() == 300  # not simply all


def test_without_javascript_it_is_a_plain_table(browser: "Browser", site: str) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{site}catalog/")
    assert page.locator("tbody td:first-child > span").all_inner_texts() == NEWEST_FIRST
    assert page.locator("form, [data-hub-catalog-found], button").locator("visible=true").count() == 0
    plain.close()


def test_what_can_not_be_loaded_is_said_and_tried_again(page: "Page", site: str) -> None:
    page.route("**/catalog.json", lambda route: route.abort())
    the_catalog = Catalog(page).open(f"{site}catalog/")
    the_catalog.search.fill("loki")
    page.get_by_text("Could not load the catalog.").wait_for()
    assert the_catalog.rows.count() == 6
    page.unroute("**/catalog.json")
    page.get_by_role("button", name="Try again").click()
    assert the_catalog.wait_for_count("2 of 6 posts") == ["Loki in a night", GONE]


def test_a_phone_folds_the_filters_and_has_no_sideways_scroll(page: "Page", site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    the_catalog = Catalog(page).open(f"{site}catalog/")
    topic, fold = page.get_by_label("Topic", exact=True), page.get_by_role("button", name="Filters and order")
    assert not topic.is_visible()
    fold.click()
    assert (topic.is_visible(), fold.get_attribute("aria-expanded")) == (True, "true")
    page.get_by_label("Order").select_option("By title")
    the_catalog.rows.last.get_by_text("Sweeps").wait_for()
    for words in ("", "loki", "no such"):
        the_catalog.search.fill(words)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    fold.click()
    assert not topic.is_visible()


def test_each_page_that_material_brings_in_gets_its_filters(the_catalog: Catalog) -> None:
    the_catalog.page.evaluate(
        """() => {
          const main = document.querySelector("main");
          return fetch("").then((response) => response.text()).then((text) => {
            main.replaceWith(new DOMParser().parseFromString(text, "text/html").querySelector("main"));
            for (const start of started) { start(document); start(document); }
          });
        }"""
    )
    assert the_catalog.look_for("octocat", "1 of 6 posts") == ["Loki in a night"]
    assert the_catalog.page.locator("thead button").count() == 5
