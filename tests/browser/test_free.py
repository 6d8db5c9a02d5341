"""“Is your tool still available?” in a real browser: it knows what `coursehub free` knows, and everybody can use it."""

import csv
import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import msgspec
import pytest
import slips
import trees
from conftest import Clock, becomes, call
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import HUB

from coursehub import checks
from coursehub.claims import availability, new_claim, pending
from coursehub.claims.pending import Asked, Pending
from coursehub.names import identity, mentions
from coursehub.names.english import is_ordinary
from coursehub.records import post, repository
from coursehub.records.hub import Hub
from coursehub.records.prior_posts import PriorPost
from coursehub.site import browser_index
from coursehub.site.page import templates

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

ROOT = Path(__file__).parents[2]
REPOSITORY = "https://github.com/example/course"
PUBLISHED = "https://example.org/course/"
SCHEMA = "https://example.org/course/api/front-matter.schema.json"  # of which a new claim tells editors
HOSTILE = '<img src=x onerror="document.title=1"> & “quotes”'
TREE = f"""{trees.COURSE}topics: [{{id: watching, title: Watching, examples: [Grafana, Loki, Prometheus]}}]
=== data/tools.yaml
tools:
  grafana: {{name: Grafana, topic: watching}}
  loki: {{name: Loki, topic: watching}}
  prometheus: {{name: Prometheus, topic: watching}}
  weights-and-biases: {{name: Weights & Biases, aliases: [wandb]}}
=== data/prior_posts.yaml
- {{title: Grafana, tools: [Grafana], option: mlops-tool, semester: S2026, url: "https://example.org/grafana"}}
- {{title: '{HOSTILE}', tools: [Hostile], option: mlops-tool, semester: F2025, url: "javascript:alert(1)"}}
- {{title: Breaking things with Gremlin, tools: [], option: mlops-tool, semester: F2025, url: "https://example.org/g"}}
- {{title: Sweeps, tools: [wandb], option: mlops-tool, semester: F2025, url: "https://example.org/?a=1&b=2"}}
=== posts/F2026/loki.md
---
title: Logs with Loki
authors: [octocat, hubot]
option: mlops-tool
tool: Loki
semester: F2026
status: claimed
---
=== posts/F2026/done.md
---
title: All done
authors: monalisa
option: mlops-tool
tool: Done
semester: F2026
status: published
---
"""
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Test</title>
<link rel="stylesheet" href="assets/hub.css"><link rel="stylesheet" href="assets/free.css">
<script>
const started = [];
window.document$ = {{ subscribe(start) {{ started.push(start); start(document); }} }};
</script>
<body class="md-typeset" data-md-color-scheme="default"><main>{box}</main>
<script type="module" src="assets/free.js"></script>
</html>
"""


def write_site(the_hub: Hub, folder: Path, known: Pending | None = None) -> None:
    """A page with the box, and beside it what the site has in `assets/`."""
    shutil.copytree(ROOT / "src/mkdocs_coursehub/static/assets", folder / "assets")
    asked = pending.asked_by_code(the_hub, known)
    (folder / browser_index.PATH).write_bytes(
        browser_index.build(the_hub, REPOSITORY, published=PUBLISHED, asked=asked, pending=known)
    )
    box = (
        templates()
        .get_template("free.html")
        .module.free_box(  # type: ignore[attr-defined]
            the_hub.course.now, lambda path: path.removesuffix(".md") + "/", "catalog.md", "claims.md"
        )
    )
    (folder / "index.html").write_text(PAGE.format(box=box))


@pytest.fixture(scope="module")
def small_hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    root = tmp_path_factory.mktemp("small")
    trees.write(trees.parse(TREE), root)
    loaded = repository.load(root)
    assert loaded.troubles == ()
    return loaded


@pytest.fixture(scope="module")
def site(small_hub: Hub, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("site")
    write_site(small_hub, folder)
    return serve(folder)


SINCE = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
READ = SINCE + dt.timedelta(hours=2)


def asking(*tools: str, login: str = "mona", pull: int = 12) -> Asked:
    return Asked(login, pull, SINCE, tools, "F2026", "mlops-tool", "posts/F2026/x.md")


KNOWN = Pending(READ, (
    asking("nanny ML"), asking("Prometheus", pull=13), asking("W&B", login=HOSTILE), asking("Loki"), asking("constructor"),
    asking("Grafana + Zeno", pull=14),
))  # fmt: skip


@pytest.fixture(scope="module")
def asked_site(small_hub: Hub, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("asked")
    write_site(small_hub, folder, KNOWN)
    return serve(folder)


@pytest.fixture
def asked_box(page: "Page", asked_site: str) -> "Box":
    page.goto(asked_site)
    return Box(page)


# --- the same answers


@pytest.fixture(scope="module")
def real_hub() -> Hub:
    return repository.load(HUB)


ASK = """async (names) => {
  const [{ Index }, { claim }] = await Promise.all([import("/assets/availability.js"), import("/assets/identity.js")]);
  window.index ??= await Index.read(await (await fetch("/assets/free.json")).json(), async () => {});
  return names.map((name) => ({ ...window.index.ask(name), code: claim(name, window.index.vocabulary).code }));
}"""


class Sides:
    """Python's and the browser's answers, on this repository's own data."""

    def __init__(self, the_hub: Hub, page: "Page", known: Pending | None = None) -> None:
        self.hub = the_hub
        self.page = page
        self.known = known

    def browser(self, names: list[str]) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = call(self.page, ASK, names)
        for answer in answers:
            for each in (*answer["posts"], *answer["overlaps"]):
                del each["hasPage"]
        return answers

    def python(self, name: str) -> dict[str, Any]:
        answer = msgspec.json.decode(msgspec.json.encode(availability.ask(self.hub, [name], known=self.known)))
        del answer["version"]
        return {**answer, "code": self.hub.names.claim(name).code}

    def differences(self, names: list[str]) -> list[tuple[str, Any, Any]]:
        """Name and both answers, as far as they differ."""
        disagreements = []
        for name, theirs in zip(names, self.browser(names), strict=True):
            ours = self.python(name)
            odd = [field for field in ours if ours[field] != theirs[field]]
            if odd:
                disagreements.append((name, [ours[field] for field in odd], [theirs[field] for field in odd]))
        return disagreements


@pytest.fixture(scope="module")
def sides(
    real_hub: Hub, browser: "Browser", serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    folder = tmp_path_factory.mktemp("real")
    write_site(real_hub, folder)
    page = browser.new_page()
    page.goto(serve(folder))
    yield Sides(real_hub, page)
    page.close()


@pytest.mark.parametrize(
    "name",
    ["NannyML", "prometheus", "Loki", "W&B", "Grafana", "Zeno & Grafana", "constructor", "__proto__", "toString"],
)
def test_both_sides_answer_the_same_to_what_is_asked_for(
    name: str, page: "Page", asked_site: str, small_hub: Hub
) -> None:
    page.goto(asked_site)
    assert Sides(small_hub, page, KNOWN).differences([name]) == []


PAIRS = [
    row[1:3]
    for path in sorted((ROOT / "tests/data").glob("claim_pairs*.tsv"))
    for row in list(csv.reader(path.open(), delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
]
KNOWN_NAMES: dict[str, Callable[[Hub], Iterable[str]]] = {
    "titles of earlier posts": lambda hub: (title for prior in hub.priors for title in (prior.title, *prior.spelled)),
    "tools of earlier posts": lambda hub: (" + ".join(prior.tools) for prior in hub.priors),
    "listed tools": lambda hub: (
        name for slug, tool in hub.tools.tools.items() for name in (slug, tool.name, *tool.aliases)
    ),
    "stacks": lambda hub: hub.tools.combinations,
    "examples": lambda hub: (name for topic in hub.course.topics for name in topic.examples),
    "pairs": lambda _: chain.from_iterable(PAIRS),
    "combinations": lambda _: (
        f"{one} {word} {other}" for (one, other), word in zip(PAIRS, cycle(("+", "and", "vs.")), strict=False)
    ),
    "slips": lambda _: (name[:2] + name[3:] for name in chain.from_iterable(PAIRS) if len(name) > 4),
    "slips of listed tools": lambda hub: slips.slips((tool.name for tool in hub.tools.tools.values()), "one"),
    "near names": lambda _: (
        line.split("\t")[0] for line in (ROOT / "tests/fixtures/near_names.tsv").read_text().splitlines()
    ),
    "other tools": lambda _: (ROOT / "tests/data/other_tools.txt").read_text().splitlines(),
}


@pytest.mark.parametrize("kind", KNOWN_NAMES)
def test_both_sides_answer_the_same_to_known_names(kind: str, sides: Sides) -> None:
    names = [*KNOWN_NAMES[kind](sides.hub)]
    assert names
    assert sides.differences(names) == []


def test_all_earlier_posts_are_asked(real_hub: Hub) -> None:
    assert len([*KNOWN_NAMES["tools of earlier posts"](real_hub)]) >= 397


CHARACTERS = st.characters(
    exclude_categories=("Cs",)
)  # of any Unicode, older or newer than this Python's and the browser's
PIECES = [
    "Apache ", "AWS ", "Google Cloud ", "Microsoft Azure ", "The ", "Introduction to ", "USING ", "usıng ", "UsİNG ",
    "Airflow", "Weights & Biases", "W&B", "wandb", "Grafanna", "scikit-learn", "Great Expectations", "MLflow", "C++",
    "C#", "ELK Stack", "TFX", "Alibi Detect", "Model Context Protocol", "MCP", "Foo Bar Baz", "Straße", "ΣΊΣΥΦΟΣ",
    "ﬁne", "Ⅷ", "①", "हिन्दी", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "ꭰꮿ", "İstanbul", "é", "e\u0301", "\u0345", "😀", "\u200d", "AI", "2",
    "Кеdrо", "Kedro\u3164", "ΚΑΤΙΒ", "Kedrø", "μ", "〇", "ᏦᎬ", "トAI", "Kedr", "о", "๐", "𝛂", "\ufe0f", "\u115f", "\U0001cce0",
    "modem", "modern", "v3", "tool", "app", " + ", " & ", " and ", " with ", " WİTH ", " vs. ", " / ", "/", ", ", ": ", " - ", " – ", "—", " by ", "(", ")",
    "Aux", "con", "COM1", "com¹", " ", "-", "_", "'", "’", ".io", " 1.2", " v2", " library", " AI", " open source", "\x85", "\x1c", "\xa0", "\ufeff",
]  # fmt: skip
NAMES = st.one_of(
    st.lists(st.sampled_from(PIECES) | st.text(CHARACTERS, max_size=3), max_size=7).map("".join),
    st.text(CHARACTERS, max_size=230),
)


@settings(max_examples=400)
@given(names=st.lists(NAMES, min_size=5, max_size=5))
def test_both_sides_answer_the_same_to_any_name(names: list[str], sides: Sides) -> None:
    assert sides.differences(names) == []


def earlier_titles() -> list[dict[str, str]]:
    return list(csv.DictReader((ROOT / "tests/fixtures/earlier_titles.tsv").open(), delimiter="\t"))


def test_both_sides_find_the_same_earlier_titles(
    real_hub: Hub, page: "Page", serve: Callable[[Path], str], tmp_path: Path
) -> None:
    rows = earlier_titles()
    semesters = [semester.id for semester in real_hub.course.semesters]
    priors = tuple(
        PriorPost(row["title"], tuple(filter(None, [row["tools"]])), "mlops-tool", semesters[number % len(semesters)],
                  f"https://example.org/{number}", line=number + 1)
        for number, row in enumerate(rows)
    )  # fmt: skip
    titled = Hub(real_hub.course, real_hub.tools, priors)
    assert len(titled.precedents.titled) > 15
    write_site(titled, tmp_path)
    page.goto(serve(tmp_path))
    sides = Sides(titled, page)
    names = [name for row in rows for column in row.values() for name in column.split("; ") if name]
    assert sum(bool(sides.python(name)["mentions"]) for name in names) > 30
    assert sides.differences(names) == []


CODES = """async ([titles, ordinary]) => {
  const { Mentions } = await import("/assets/mentions.js");
  return titles.map((title) => {
    const mentions = new Mentions(window.index.vocabulary, ordinary);
    mentions.add(title, 0);
    return [...mentions.byCode.keys()].sort();
  });
}"""
TITLE_PIECES = [
    *PIECES,
    "the ",
    "Using ",
    "keeping ",
    "Clever Cloud",
    "Clever ",
    "Terraform's ",
    "doctests",
    "Aim",
    "aim ",
    "AWS ",
]


@settings(max_examples=100)
@given(titles=st.lists(st.lists(st.sampled_from(TITLE_PIECES), max_size=9).map("".join), min_size=5, max_size=5))
def test_both_sides_find_the_same_names_in_any_title(titles: list[str], sides: Sides) -> None:
    sides.browser(["Kedro"])  # which loads the index
    vocabulary = sides.hub.names.vocabulary
    ours = [sorted({*mentions._codes(title, vocabulary)}, key=utf_16) for title in titles]
    words = {word.folded for title in titles for phrase in mentions.phrases(title) for word in phrase}
    ordinary = [*filter(is_ordinary, words | set(vocabulary.vendors.values()))]
    assert call(sides.page, CODES, [titles, ordinary]) == ours


def utf_16(text: str) -> bytes:
    """The code units of a text, by which JavaScript sorts."""
    return text.encode("utf-16-be")


SURROGATES = {*range(0xD800, 0xE000)}


def test_both_sides_fold_every_character_alike(sides: Sides) -> None:
    """One by one where scripts are; elsewhere, where most are ideographs or nothing, many in one name."""
    many = [*range(0x3400, 0xA000, 256), *range(0xAC00, 0xD700, 256), *range(0xE000, 0xF900, 256), *range(0x20000, 0x110000, 256)]  # fmt: skip
    known = [f"a{'b'.join(map(chr, range(start, start + 256)))}b" for start in many]
    one_by_one = {*range(0x20000)} - {number for start in many for number in range(start, start + 256)} - SURROGATES
    known += [f"a{chr(number)}b" for number in sorted(one_by_one)]
    theirs = call(
        sides.page,
        """async (names) => { const { code } = await import("/assets/identity.js"); return names.map(code); }""",
        known,
    )
    pairs = zip(known, map(identity.code, known), theirs, strict=True)
    assert [(f"from U+{ord(name[1]):04X}", ours, code) for name, ours, code in pairs if ours != code] == []


def test_both_sides_find_the_same_name_in_an_address(sides: Sides) -> None:
    addresses = [line.split("\t") for line in (ROOT / "tests/fixtures/home_pages.tsv").read_text().splitlines()]
    theirs = call(
        sides.page,
        """async (texts) => { const { nameIn } = await import("/assets/home-pages.js"); return texts.map(nameIn); }""",
        [address for address, _ in addresses],
    )
    assert theirs == [name for _, name in addresses]


# --- the box


class Box:
    """The box as a person uses and sees it."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.input = page.get_by_label("Is your tool still available?", exact=True).and_(page.locator("input"))
        self.answer = page.locator("[data-hub-free-answer]")
        self.spoken = page.get_by_role("status")
        self.claim = page.get_by_role("link", name="Claim it")

    def verdict(self, name: str) -> str:
        self.input.fill(name)
        return self.sentence()

    def sentence(self) -> str:
        sentence = self.answer.locator(".hub-free__verdict").filter(has_not_text="Loading")
        sentence.wait_for()
        return sentence.text_content() or ""


@pytest.fixture
def box(page: "Page", site: str) -> Box:
    page.goto(site)
    return Box(page)


def first_line(the_hub: Hub, name: str) -> str:
    return availability.in_words(availability.ask(the_hub, [name])).splitlines()[0]


@pytest.mark.parametrize(
    "name", ["loki", "done", "W&B", "Grafana", "Evidently", "Loki + Grafana", "Grafanna", "!?", "Кеdrо"]
)
def test_the_verdict_is_that_of_the_command_line(name: str, box: Box, small_hub: Hub) -> None:
    assert box.verdict(name) == first_line(small_hub, name)


@pytest.mark.parametrize("name", ["loki", "W&B", "Grafana", "Evidently", "Zeno + Great Tables", "!?", "Кеdrо"])
def test_the_file_of_the_claim_is_that_of_the_command_line(name: str, box: Box, small_hub: Hub) -> None:
    box.verdict(name)
    lines = [line.strip() for line in availability.in_words(availability.ask(small_hub, [name])).splitlines()]
    assert box.answer.locator(".hub-free__file").all_text_contents() == [
        line for line in lines if line.startswith("Its file is ")
    ]


def test_it_answers_while_one_types(box: Box) -> None:
    box.input.press_sequentially("loki")
    assert box.sentence() == "“Loki” is taken in F2026 by octocat, hubot."
    box.input.press_sequentially("xy")
    assert box.answer.locator(".hub-free__verdict").text_content() == "“lokixy” is free in F2026."
    box.input.fill("")
    assert box.answer.text_content() == ""


def test_the_next_pages_address_stays_as_it_is(clock: Clock, page: "Page", site: str) -> None:
    """Material puts it in this one's place while the name waits to get into the address."""
    page.goto(site)
    clock.stop()
    Box(page).verdict("Loki")
    page.evaluate("history.pushState({}, '', '/posts/'); document.querySelector('main').replaceChildren()")
    clock.run(1)
    assert page.url == f"{site}posts/"


def test_posts_are_linked_where_they_can_be_read(box: Box, site: str) -> None:
    def link(name: str) -> str | None:
        box.verdict(name)
        return box.answer.locator("li").get_by_role("link").get_attribute("href")

    assert link("Loki") == f"{REPOSITORY}/blob/main/posts/F2026/loki.md"
    assert link("Done") == f"{site}posts/F2026/done/"
    assert link("wandb") == "https://example.org/?a=1&b=2"
    box.verdict("Loki")
    assert box.answer.locator("li").text_content() == "F2026: Logs with Loki by octocat, hubot, claimed"


def test_what_students_wrote_stays_text(box: Box) -> None:
    box.verdict("Hostile")
    assert HOSTILE in (box.answer.locator("li").text_content() or "")
    assert box.answer.locator("img, li a").count() == 0
    box.verdict("<img src=x onerror=alert(1)>")
    assert box.answer.locator("img").count() == 0


def test_a_name_like_another_is_asked_about_before_it_can_be_claimed(box: Box) -> None:
    question = "Did you mean “Grafana”? “Grafana” was discussed last semester and cannot be claimed in F2026."
    assert box.verdict("Grafanna") == question
    assert not box.claim.is_visible()
    box.spoken.filter(has_text=question).wait_for()
    box.answer.get_by_role("button", name="I mean another tool").click()
    assert box.sentence() == "“Grafanna” is free in F2026."
    assert box.claim.is_visible()
    assert box.verdict("Prometheuss") == "Did you mean “Prometheus”? “Prometheus” is free in F2026."
    assert box.verdict("Grafanna") == "“Grafanna” is free in F2026."  # that was answered
    assert box.verdict("Loki") == "“Loki” is taken in F2026 by octocat, hubot."


def test_an_address_is_taken_for_its_tool(box: Box) -> None:
    assert box.verdict("https://github.com/grafana/loki") == "“Loki” is taken in F2026 by octocat, hubot."
    assert box.verdict("https://pypi.org/project/zyxwv/") == "“zyxwv” is free in F2026."
    assert "filename=posts/F2026/zyxwv.md" in (box.claim.get_attribute("href") or "")


def test_near_names_and_free_tools_can_be_asked_for(box: Box) -> None:
    box.verdict("Grafanna")
    box.answer.get_by_role("button", name="“Grafana”").click()
    assert box.input.input_value() == "Grafana"
    assert "last semester" in box.sentence()
    box.answer.get_by_role("button", name="Prometheus").click()
    assert box.sentence() == "“Prometheus” is free in F2026."


def test_earlier_titles_that_speak_of_the_tool_are_shown(box: Box) -> None:
    assert box.verdict("Gremlin") == "“Gremlin” is free in F2026."
    assert box.answer.get_attribute("data-status") == "near"
    assert "An earlier post mentions Gremlin:" in (box.answer.text_content() or "")
    link = box.answer.get_by_role("link", name="Breaking things with Gremlin")
    assert link.get_attribute("href") == "https://example.org/g"
    assert box.claim.is_visible()
    box.verdict("Things")
    assert box.answer.get_attribute("data-status") == "free"


def test_a_shared_tool_is_told(box: Box) -> None:
    box.verdict("Loki + Prometheus")
    assert "These overlap with it, which is allowed:" in (box.answer.text_content() or "")
    assert box.answer.locator("li a").text_content() == "Logs with Loki"


def test_the_keyboard_is_enough(box: Box) -> None:
    keyboard = box.page.keyboard
    keyboard.press("Tab")
    keyboard.type("Grafanna")
    assert box.sentence().startswith("Did you mean “Grafana”?")
    keyboard.press("Tab")
    focused = box.page.locator(":focus")
    assert focused.text_content() == "“Grafana”"
    assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    keyboard.press("Enter")
    assert (box.input.input_value(), focused.get_attribute("id")) == ("Grafana", "hub-free")
    keyboard.press("ControlOrMeta+a")
    keyboard.type("Evidently")
    seen = [_after_tab(box, focused) for _ in range(4)]
    assert seen == ["A", "SELECT", "INPUT", "A"]  # the first leads to the open pull requests
    assert (focused.get_attribute("href") or "").startswith(f"{REPOSITORY}/new/main?")
    assert _after_tab(box, focused) == "BUTTON"
    keyboard.press("Enter")
    box.spoken.filter(has_text=re.compile("^Copied|copy it yourself")).wait_for()


def _after_tab(box: Box, focused: "Locator") -> str:
    box.page.keyboard.press("Tab")
    return str(focused.evaluate("element => element.tagName"))


def test_the_verdict_is_said_once_one_pauses(box: Box) -> None:
    box.page.evaluate(
        """() => {
          window.verdicts = [];
          const spoken = document.querySelector("[role=status]");
          const note = () => window.verdicts.push(spoken.textContent);
          new MutationObserver(note).observe(spoken, { childList: true, characterData: true, subtree: true });
        }"""
    )
    box.verdict("x")  # loads
    box.input.press_sequentially("yzwu")
    box.spoken.filter(has_text="xyzwu").wait_for()
    verdicts = box.page.evaluate("verdicts")
    assert len(verdicts) <= 2, verdicts
    assert box.answer.locator("[aria-live], [role=status]").count() == 0
    assert box.answer.evaluate("element => !element.closest('[aria-live], [role=status]')")


def test_enter_says_the_verdict_at_once_and_stays_here(box: Box) -> None:
    box.page.evaluate("() => { const real = setTimeout; window.setTimeout = (run, time) => (time ? 0 : real(run)); }")
    box.verdict("Loki")
    assert box.spoken.text_content() == ""
    box.input.press("Enter")
    assert box.spoken.text_content() == "“Loki” is taken in F2026 by octocat, hubot."
    assert box.page.url.endswith("/?tool=Loki")


def test_an_address_carries_the_question(page: "Page", site: str) -> None:
    page.goto(f"{site}?tool=W%26B&other=1")
    box = Box(page)
    assert "“Weights & Biases” can be claimed" in box.sentence()
    box.input.fill("A + B")
    page.wait_for_url("**/?tool=A+%2B+B&other=1")
    box.input.fill("")
    page.wait_for_url("**/?other=1")


def test_each_page_that_material_brings_in_gets_its_box(box: Box) -> None:
    box.page.evaluate(
        """() => {
          const main = document.querySelector("main");
          main.innerHTML = main.innerHTML.replace("<form ", "<form hidden ");
          for (const start of started) { start(document); start(document); }
        }"""
    )
    assert box.verdict("Loki") == "“Loki” is taken in F2026 by octocat, hubot."


def test_without_javascript_it_says_where_else_to_look(browser: "Browser", site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    assert not page.locator("input").first.is_visible()
    assert (
        page.locator("noscript p").inner_text() == "Is your tool still available? To find out here, turn on JavaScript."
    )
    assert page.get_by_role("link", name="catalog").get_attribute("href") == "catalog/"
    assert page.get_by_role("link", name="this semester’s claims").get_attribute("href") == "claims/"
    assert page.get_by_text("your pull request is checked").is_visible()
    context.close()


def test_a_missing_index_is_told_and_can_be_asked_for_again(page: "Page", site: str) -> None:
    page.route("**/free.json", lambda route: route.fulfill(status=404))
    page.goto(site)
    box = Box(page)
    assert box.verdict("Loki") == "Could not load the list of claims."
    page.unroute("**/free.json")
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("is taken in F2026").first.wait_for()


def test_it_says_that_it_is_loading(page: "Page", site: str) -> None:
    held: list[Any] = []
    page.route("**/free.json", lambda route: held.append(route))  # noqa: PLW0108  (Playwright marks it)
    page.goto(site)
    box = Box(page)
    box.input.fill("Loki")
    page.get_by_text("Loading the list of claims").first.wait_for()
    becomes(page, lambda: len(held), 1)  # the page says so before the request has arrived here
    held[0].continue_()
    assert box.sentence() == "“Loki” is taken in F2026 by octocat, hubot."


# --- asked for in a pull request


@pytest.mark.parametrize("name", ["NannyML", "Prometheus", "wandb", "Loki", "Grafana + Zeno"])
def test_the_verdict_on_what_is_asked_for_is_that_of_the_command_line(
    name: str, asked_box: Box, small_hub: Hub
) -> None:
    answer = availability.ask(small_hub, [name], known=KNOWN)
    assert asked_box.verdict(name) == availability.in_words(answer).splitlines()[0]
    assert not asked_box.claim.is_visible()


def test_who_asks_is_named_and_nothing_offers_the_tool(asked_box: Box) -> None:
    assert asked_box.verdict("Nanny ML") == "mona asked for “Nanny ML” first in F2026, in #12 at 2026-11-01 12:00 UTC."
    assert "It is free again if pull request #12 is closed without being merged." in (
        asked_box.answer.text_content() or ""
    )
    assert asked_box.answer.get_by_role("link").get_attribute("href") == f"{REPOSITORY}/pull/12"
    assert asked_box.answer.get_attribute("data-status") == "asked"
    assert not asked_box.page.get_by_role("button", name="Copy the text").is_visible()
    asked_box.verdict("Grafana")
    assert asked_box.answer.get_by_role("button", name="Prometheus").count() == 0


def test_the_login_of_who_asks_stays_text(asked_box: Box) -> None:
    assert HOSTILE in asked_box.verdict("wandb")
    assert asked_box.answer.locator("img").count() == 0


@pytest.mark.parametrize(
    ("later", "words"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (7_200, "2 hours ago"), (86_400, "1 day ago"), (-5, "just now")],
)  # fmt: skip
def test_the_answer_says_how_old_it_is(
    context: "BrowserContext", page: "Page", asked_site: str, later: int, words: str
) -> None:
    context.clock.set_fixed_time(READ + dt.timedelta(seconds=later))
    page.goto(asked_site)
    box = Box(page)
    box.verdict("Evidently")
    assert f"Open pull requests last checked {words}." in (box.answer.text_content() or "")
    time = box.answer.locator("time")
    assert time.get_attribute("datetime") == "2026-11-01T14:00:00Z"
    assert (time.get_attribute("title") or "").startswith("November 1, 2026 at ")


def test_where_pull_requests_were_not_read_the_box_says_so(box: Box) -> None:
    box.verdict("Evidently")
    assert "This only covers what is merged. Somebody may already have asked for it in an open pull request." in (
        box.answer.text_content() or ""
    )
    assert box.answer.get_by_role("link").get_attribute("href") == f"{REPOSITORY}/pulls"


# --- claim it

TYPED = [
    "NannyML", "Great Tables", "A + B", "Airflow & BigQuery", "C++ Builder", "C#", "100% Tool?", "a/b", "#1", "yes",
    "1.10", "2026-01-31", "Foo: bar", "“quoted” 'and' \"so\"", "back\\slash", "[x]", "{x}", "- x", "ü日本語😀", "wandb",
    "x\u2028y", "x\x7fy", "on=1&value=2",
]  # fmt: skip


def proposed(href: str) -> tuple[str, bytes]:
    """Path and text of the file that GitHub's page would open with."""
    address = urlsplit(href)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{REPOSITORY}/new/main"
    values = parse_qs(address.query, strict_parsing=True, keep_blank_values=True)
    assert values.keys() == {"filename", "value"}
    return values["filename"][0], values["value"][0].encode()


def findings(the_hub: Hub, written: post.Post) -> list[tuple[str, int]]:
    extended = msgspec.structs.replace(the_hub, posts=(*the_hub.posts, written))
    return [(finding.rule, finding.line) for finding in checks.judge_posts(extended, [written]) if finding.blocks]


@pytest.mark.parametrize("name", TYPED)
def test_claim_it_leads_to_a_file_that_the_check_accepts(name: str, page: "Page", site: str, small_hub: Hub) -> None:
    page.goto(f"{site}?tool={quote(name)}")
    box = Box(page)
    box.sentence()
    path, content = proposed(box.claim.get_attribute("href") or "")
    assert path == new_claim.path_of("F2026", small_hub.names.claim(name).key)
    written = post.read(path, content)
    fields = (written.title, written.tool, written.option, written.semester, written.status)
    assert fields == (name, (name,), "mlops-tool", "F2026", "claimed")
    open_ends = {"authors", "differences"} if "was discussed before" in box.sentence() else {"authors"}
    assert {written.front.nodes[field][1].line for field in open_ends} == {  # type: ignore[union-attr]
        line for rule, line in findings(small_hub, written) if rule in ("missing-field", "wrong-type")
    }
    rules = {rule for rule, _ in findings(small_hub, written)}
    assert rules <= {
        "missing-field",
        "wrong-type",
        "claim-repeats-earlier",
        *(["invisible-character"] if not name.isprintable() else []),
    }


def test_claim_it_takes_option_and_logins(box: Box, small_hub: Hub) -> None:
    box.verdict("NannyML")
    box.page.get_by_label("Option").select_option("ML application")
    box.page.get_by_label("Your GitHub login").fill("@mona")
    path, content = proposed(box.claim.get_attribute("href") or "")
    assert content.decode() == new_claim.text_of(["NannyML"], "ml-application", "F2026", ["mona"], SCHEMA)
    assert findings(small_hub, post.read(path, content)) == []
    box.page.get_by_label("Your GitHub login").fill("mona, 123 @lisa")
    _, content = proposed(box.claim.get_attribute("href") or "")
    assert post.read(path, content).authors == ("mona", "123", "lisa")


@pytest.mark.parametrize("name", ["Loki", "Grafana", "!?"])
def test_what_is_not_free_can_not_be_claimed(name: str, box: Box) -> None:
    box.verdict(name)
    assert not box.claim.is_visible()


# --- by hand, for nobody promises that GitHub keeps what the link fills in


def text_of(box: Box) -> str:
    return str(box.page.locator("[data-hub-free-text]").input_value())


def test_the_text_can_be_copied_and_is_the_one_that_the_link_fills_in(
    context: "BrowserContext", page: "Page", site: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site)
    box = Box(page)
    box.verdict("NannyML")
    page.get_by_label("Your GitHub login").fill("mona")
    copy = page.get_by_role("button", name="Copy the text")
    copy.click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == new_claim.text_of(["NannyML"], "mlops-tool", "F2026", ["mona"], SCHEMA)
    path, content = proposed(box.claim.get_attribute("href") or "")
    assert (path, content.decode()) == ("posts/F2026/nannyml.md", copied)
    assert box.spoken.text_content() == "Copied"
    by_hand = page.locator("[data-hub-free-claim]")
    assert "paste the text. Name it posts/F2026/nannyml.md" in (by_hand.text_content() or "")
    assert page.get_by_role("link", name="make a new file").get_attribute("href") == f"{REPOSITORY}/new/main"
    page.get_by_label("Your GitHub login").fill("hubot")  # another text, which is not copied yet
    copy.wait_for()


def test_what_is_said_of_the_copy_is_not_said_over(
    context: "BrowserContext", clock: Clock, page: "Page", site: str
) -> None:
    """Whoever copies at once, before the verdict is said, hears both in their order."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(site)
    clock.stop()
    box = Box(page)
    box.verdict("NannyML")
    page.get_by_role("button", name="Copy the text").click()
    page.get_by_role("button", name="Copied").wait_for()
    clock.run(1)
    assert box.spoken.text_content() == "Copied"


def test_where_the_browser_does_not_copy_the_text_is_there_to_be_copied(box: Box) -> None:
    box.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    box.verdict("NannyML")
    box.page.get_by_role("button", name="Copy the text").click()
    field = box.page.get_by_label("The text of the file")
    field.wait_for()
    assert field.evaluate("each => each.value.slice(each.selectionStart, each.selectionEnd)") == text_of(box)
    assert "copy it yourself" in (box.spoken.text_content() or "")


@pytest.mark.parametrize("name", ["日" * 190, "x" * 4_000])
def test_an_address_that_is_too_long_is_not_offered(page: "Page", site: str, name: str) -> None:
    page.goto(f"{site}?tool={quote(name)}")
    box = Box(page)
    box.sentence()
    page.get_by_text("too long for GitHub").wait_for()
    assert not box.claim.is_visible()
    assert page.get_by_role("button", name="Copy the text").is_visible()
    assert page.get_by_role("link", name="make a new file").is_visible()
    assert name in text_of(box)
    box.verdict("NannyML")
    assert box.claim.is_visible()
    assert not page.get_by_text("too long for GitHub").is_visible()


def test_an_address_that_is_offered_is_short_enough_even_after_a_sign_in(page: "Page", site: str) -> None:
    page.goto(f"{site}?tool={quote('日' * 100)}")
    box = Box(page)
    box.sentence()
    address = box.claim.get_attribute("href") or ""
    assert 1_000 < len(quote(f"https://github.com/login?return_to={quote(address, safe='')}", safe=":/?=%")) < 8_191
