"""WCAG 2.2 AA by axe on a page of every kind, narrow and wide, light and dark; and what axe cannot see."""

import re
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest
import sites
from kinds import KINDS
from looks import shift

expect = pytest.importorskip("playwright.sync_api", reason="no playwright: make test sets it up").expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OFF = {
    # No rules of WCAG, and Material's own: its skip link lies outside of all landmarks, its copy buttons are in unnamed ones.
    "region": {"enabled": False},
    "landmark-unique": {"enabled": False},
}
# A palette changes colours and nothing else.
COLOURS = ["color-contrast", "link-in-text-block"]
PALETTES = ["default", "slate"]
WIDTHS = [360, 1280]
# Colours are the same at each width, but for those of what only one of them shows.
PALETTE_AT = dict(zip(WIDTHS, PALETTES, strict=True))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    return serve(sites.shared(tmp_path_factory, "kinds").site)


# Texts of the page: of those whose colours, sizes and backgrounds are the same, the first three. Contrast is nine tenths
# of what axe takes, and a list of a hundred links has one.
TEXTS = """() => {
  const around = new Map([[document.documentElement, ""]]);
  const behind = (each) => {
    if (!around.has(each)) {
      const { backgroundColor, backgroundImage, color, filter, opacity } = getComputedStyle(each);
      around.set(each, [behind(each.parentElement), backgroundColor, backgroundImage, color, filter, opacity].join());
    }
    return around.get(each);
  };
  const hasText = (each) => [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const seen = new Map();
  return [...document.body.querySelectorAll("*")].filter((each) => {
    if (!(hasText(each) || each.matches("input, select, textarea")) || !each.checkVisibility()) return false;
    const { fontSize, fontWeight, textShadow } = getComputedStyle(each);
    const look = [behind(each), fontSize, fontWeight, textShadow].join();
    seen.set(look, (seen.get(look) ?? 0) + 1);
    return seen.get(look) <= 3;
  });
}"""
ALIKE = "tbody tr:nth-child(n+30)"  # axe looks at each against all others


def violations(page: "Page", palettes: Sequence[str] = PALETTES) -> list[str]:
    """The violations that axe finds, those of colours in these palettes, a line for each element."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    without_colours = OFF | {name: {"enabled": False} for name in COLOURS}
    lines = _violations(page, f"{{ exclude: [['{ALIKE}']] }}", {"runOnly": TAGS, "rules": without_colours})
    for palette in palettes:
        page.locator(f".hub-palette button:not([data-hub-palette={palette}])").evaluate("each => each.click()")
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", palette)
        lines += [
            f"{palette}: {line}" for line in _violations(page, f"{{ include: ({TEXTS})() }}", {"runOnly": COLOURS})
        ]
    return [f"{(page.viewport_size or {})['width']}: {line}" for line in lines]


def _violations(page: "Page", context: str, options: dict[str, object]) -> list[str]:
    run = f"(options) => axe.run({context}, options).then((found) => found.violations)"
    broken_rules = page.evaluate(run, {**options, "resultTypes": ["violations"]})
    return [f"{each['id']}: {node['target']} {node['html'][:120]}" for each in broken_rules for node in each["nodes"]]


@pytest.fixture(params=WIDTHS)
def looked_at(page: "Page", request: pytest.FixtureRequest) -> "Page":
    """A page on a phone, and on a desk."""
    page.set_viewport_size({"width": request.param, "height": 800})
    return page


def settle(page: "Page") -> None:
    """Wait until scripts have done to the page what they do."""
    page.wait_for_function("window.document$")
    for diagram in page.locator("pre.diagram").all():
        diagram.scroll_into_view_if_needed()
    page.wait_for_function("!document.querySelector('.hub-body > pre.diagram:not(:has(+ .hub-diagram__note))')")


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(page: "Page", site: str, kind: str) -> None:
    """On a phone, and on a desk: the window is made wider, as a phone is turned."""
    lines, too_wide = [], []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if width == WIDTHS[0]:
            response = page.goto(site + KINDS[kind])
            assert response
            assert response.status == 200
        expect(page.locator(".md-tabs").get_by_role("link", name="Catalog")).to_be_visible(visible=width > 1000)
        settle(page)
        if width == WIDTHS[0]:
            moved, what = shift(page)
            assert moved <= 0.02, what
        # What only one width shows, as menu and tabs, is on every page.
        lines += violations(page, PALETTES if kind == "post" else [PALETTE_AT[width]])
        too_wide += [width] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
    assert lines == []
    assert too_wide == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Dask", "monalisa asked for “Dask” first in F2026, in #13"),
        ("Zyxwv", "is free in F2026"),
        ("日" * 190, "too long for GitHub"),
    ],
)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_the_boxs_answers(page: "Page", site: str, name: str, shown: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}claims/?tool={name}")
    page.locator("[data-hub-free]").get_by_text(shown).first.wait_for()
    page.locator("[data-hub-free-more]").evaluate("each => { each.open = true; }")
    assert violations(page, [PALETTE_AT[width]]) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_board_says_who_asks_for_what_and_as_of_when(page: "Page", site: str) -> None:
    page.goto(f"{site}claims/")
    table = page.get_by_role("table", name="Claims")
    rows = [row.inner_text().split("\t") for row in table.get_by_role("row", name="asked for").all()]
    assert rows == [
        [
            "<b>Dagster</b> + Kedro",
            "monalisa",
            "Pipeline automation and best practices",
            "asked for in #12",
            "2026-12-04",
        ],
        ["Dask", "monalisa", "Pipeline automation and best practices", "asked for in #13", "2026-12-04"],
    ]
    as_of = page.locator("time[data-hub-ago]")
    expect(as_of).to_have_text(re.compile("ago$|^just now$"))
    expect(as_of).to_have_attribute("title", re.compile(r"^December \d, 2026 at "))


def test_axe_finds_nothing_in_the_open_search(looked_at: "Page", site: str) -> None:
    looked_at.goto(site)
    looked_at.keyboard.press("/")
    looked_at.keyboard.type("quokkasentence")
    looked_at.wait_for_selector(".md-search-result__item")
    assert violations(looked_at) == []


def test_axe_finds_nothing_in_the_open_menu(page: "Page", site: str) -> None:
    """On a phone; on a desk it is always open."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    page.goto(site)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Posts", exact=True).first.wait_for()
    assert violations(page) == []


# What has the focus after each Tab. The page itself notes it: to ask it after each takes as long again as the key.
NOTE = """() => {
const focused = () => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const look = (of) => {
    const style = getComputedStyle(of);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.color, style.backgroundColor, style.borderColor].join();
  };
  const parts = [each, each.nextElementSibling, each.parentElement].filter(Boolean);
  const box = (each.offsetWidth ? each : each.parentElement).getBoundingClientRect(); // a toggle shows by its label
  const seen = parts.map(look).join();
  each.blur();
  const unseen = parts.map(look).join();
  each.focus({ preventScroll: true });
  return { what: (each.outerHTML.split(">")[0] + ">").slice(0, 100), shows: seen !== unseen, onPage: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
};
window.stops = [];
addEventListener("keyup", (event) => { if (event.key === "Tab") window.stops.push(focused()); });
}"""


@pytest.mark.parametrize("width", [1280, 1024, 360])
@pytest.mark.parametrize("kind", ["home", "post", "catalog", "claims", "video post"])
def test_focus_is_seen_wherever_tab_leads(page: "Page", site: str, kind: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + KINDS[kind])
    settle(page)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(NOTE)
    for _ in range(45):
        page.keyboard.press("Tab")
    stops = [*takewhile(bool, page.evaluate("stops"))]
    hidden = [each["what"] for each in stops if not (each["shows"] and each["onPage"])]
    assert hidden == []
    assert len(stops) > 10


def test_keys_open_the_menu_of_small_screens_and_close_it(page: "Page", site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(site + KINDS["post"])
    button = page.get_by_role("button", name="Menu")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(button).to_be_focused()
    page.keyboard.press(" ")
    while "For students" not in page.evaluate("document.activeElement.textContent"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.get_by_role("link", name="The assignment").wait_for()
    page.keyboard.press("Shift+Tab")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.locator(".md-sidebar--primary :focus")).to_have_count(1)


def test_the_menu_closes_where_focus_leaves_it(page: "Page", site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(site + KINDS["post"])
    page.get_by_role("button", name="Menu").press("Enter")
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_focused()
    page.locator("article a").first.focus()
    expect(page.get_by_role("button", name="Menu")).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(("width", "is_shown"), [(360, True), (1024, True), (1280, False)])
def test_the_menu_has_a_button_where_the_sections_stand_nowhere_else(
    page: "Page", site: str, width: int, is_shown: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site)
    settle(page)
    assert page.get_by_role("button", name="Menu").is_visible() == is_shown
    assert page.locator(".md-tabs").get_by_role("link", name="Catalog").is_visible() != is_shown


@pytest.mark.parametrize(("width", "is_shown"), [(360, True), (1280, False)])
def test_a_post_has_its_contents_above_where_there_is_no_room_beside(
    page: "Page", site: str, width: int, is_shown: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + KINDS["post"])
    assert page.locator("summary", has_text="Contents").is_visible() == is_shown
    assert page.locator(".md-sidebar--secondary").get_by_role("link", name="Code and tables").is_visible() != is_shown
    if is_shown:
        page.locator("summary", has_text="Contents").click()
        page.get_by_role("link", name="Formulas and diagrams").click()
        assert page.url.endswith("#formulas-and-diagrams")


@pytest.mark.parametrize("kind", ["home", "post", "catalog"])
def test_nothing_moves_for_those_who_asked_for_less_motion(page: "Page", site: str, kind: str) -> None:
    page.goto(site + KINDS[kind])
    settle(page)
    page.evaluate("document.querySelectorAll('a, button, input, summary').forEach((each) => each.focus())")
    moving = page.evaluate(
        "document.getAnimations().filter((each) => each.effect.getComputedTiming().duration > 10).map((each) => each.effect.target.className)"
    )
    assert moving == []


def test_pages_are_no_wider_than_a_phone_without_javascript(browser: "Browser", site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    wide = []
    for kind, address in KINDS.items():
        page.goto(site + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        wide += [f"{kind}: {width}"] if width > 360 else []
    context.close()
    assert wide == []
