"""The attacks of tests/data/attacks.txt, published and read in a real browser: none does any harm.

The browser is set to pass over the site's policy, which would stop much of it as well: here, what a post may hold is
tested alone.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
import sites
from conftest import listening, opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# What a reader sees of the page around the text: where it is, and that nothing lies over it.
AROUND = """() => Object.fromEntries(
  [".md-header", ".md-logo", ".md-header [data-hub-palette=default]", ".md-search__form", ".md-tabs", ".md-tabs__link", ".hub-post h1", ".hub-lead"]
    .map((selector) => {
      const each = document.querySelector(selector);
      const { x, y, width, height } = each.getBoundingClientRect();
      const seen = document.elementFromPoint(x + Math.min(width, 20) / 2, y + height / 2);
      return [selector, [x, y, width, height, each.contains(seen), getComputedStyle(each).visibility, getComputedStyle(each).color]];
    })
)"""

# What of the text is not plain text and pictures of this site; what comes after it; what scripts find by name.
WRONG = r"""() => {
  const body = document.querySelector(".hub-body");
  const wrong = [];
  const drawn = new Set(document.querySelectorAll(".hub-diagram, .hub-diagram *, .hub-diagram__note, .md-code__button, .md-code__nav"));
  for (const each of body.querySelectorAll("*")) {
    if (drawn.has(each)) continue;
    if (/^(script|style|iframe|frame|object|embed|applet|form|button|textarea|select|link|meta|base|svg|video|audio|template|dialog|area|title|nav|label)$/i.test(each.localName)) wrong.push(`<${each.localName}>`);
    for (const { name, value } of each.attributes) {
      const isMade = name === "style" && each.closest(".md-typeset__table, .md-typeset__scrollwrap, [tabindex]");
      if ((/^(on|style$|action|formaction|ping|popover|slot|is$|part$|for$|data-(?!clipboard|focus-visible))/.test(name)) && !isMade) wrong.push(`${each.localName} ${name}=${value}`);
      if (name === "name" && each.localName !== "a") wrong.push(`${each.localName} ${name}=${value}`); // an <a> is none of the document's names
      if (name === "srcset" && /:|^\\s*\/\/|,\\s*\/\//.test(value)) wrong.push(`${name}=${value}`);
      if (name === "class" && /(^|\s)(md-(?!typeset|code|annotation|nav__)|hub-|mermaid)/i.test(value) && !each.closest(".md-typeset__scrollwrap, pre")) wrong.push(`class ${value}`);
      if (name === "id" && /^(__(?!code|span|codelineno)|hub-|giscus)/.test(value)) wrong.push(`id ${value}`);
    }
  }
  for (const { href } of body.querySelectorAll("[href]")) {
    if (!/^(https?|mailto):$/.test(new URL(href, location).protocol)) wrong.push(`link ${href}`);
  }
  for (const each of body.querySelectorAll("math, math *")) {
    const { width, height } = each.getBoundingClientRect();
    if (height > 200 || width > innerWidth) wrong.push(`${each.localName} of ${width} × ${height}`);
  }
  for (const selector of [".hub-comments", ".md-footer", "script[src*=bundle]", "#__config"]) {
    const each = document.querySelector(selector);
    if (!each || body.contains(each)) wrong.push(`${selector} is gone`);
  }
  if (document.forms.search !== document.querySelector(".md-search__form")) wrong.push("the search is another");
  if (document.querySelector("#__search").type !== "checkbox") wrong.push("the toggle is another");
  if (document.title !== "A post - Course Hub") wrong.push(`title ${document.title}`);
  if (typeof document.getElementById !== "function") wrong.push("getElementById is another");
  if (typeof document$?.subscribe !== "function") wrong.push("Material does not run");
  if (document.querySelectorAll("h1").length !== 1) wrong.push("another title");
  const box = body.getBoundingClientRect();
  if (box.right > innerWidth || document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the page");
  return wrong;
}"""


PRESS = """() => {
  const all = ".hub-body :is(a[href]:not([href^=http]), b, p, h2, img, summary, input, label)";
  for (const each of document.querySelectorAll(all)) {
    for (const kind of ["mouseover", "focus", "pointerdown"]) each.dispatchEvent(new Event(kind, { bubbles: true }));
    each.click();
  }
}"""


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    built = sites.shared(tmp_path_factory, "attacked")
    assert built.code == 0, built.output
    return serve(built.site)


@pytest.fixture
def reader(browser: "Browser") -> "Iterator[Page]":
    """Somebody whose browser knows the site's policy."""
    context = opened(browser, bypass_csp=False)
    yield context.new_page()
    context.close()


def around(page: "Page") -> dict[str, Any]:
    state: dict[str, Any] = page.evaluate(AROUND)
    return state


def visit(page: "Page", site: str, group: str) -> "Page":
    page.goto(f"{site}posts/F2026/{group}/")
    page.locator("html.js").wait_for()
    return page


@pytest.fixture(scope="module")
def usual(shared_page: "Page", attacked: str) -> dict[str, Any]:
    """The surroundings of a post that does nothing."""
    return around(visit(shared_page, attacked, "harmless"))


def harm_of(
    page: "Page", site: str, group: str, texts: list[str], usual: Mapping[str, Any], *, stopped: str = ""
) -> list[str]:
    """All that the attacks of a group do, besides being read: their post is opened, and pressed wherever it can be.

    Requests to a host that is `stopped` are somebody else's to look at: the browser lists them though it sends none.
    """
    heard: list[str] = []
    harmless = (site, "data:", *([stopped] if stopped else []))
    with listening(
        page,
        dialog=lambda dialog: (heard.append(f"says {dialog.message}"), dialog.dismiss()),
        pageerror=lambda error: heard.append(f"breaks {error}"),
        request=lambda each: each.url.startswith(harmless) or heard.append(f"asks for {each.url}"),
    ):
        return [*harm_seen(page, site, group, texts, usual), *heard]


def harm_seen(page: "Page", site: str, group: str, texts: list[str], usual: Mapping[str, Any]) -> list[str]:
    visit(page, site, group)
    harm = [f"{part} is {box}, not {usual[part]}" for part, box in around(page).items() if box != usual[part]]
    harm += page.evaluate(WRONG)
    body = page.inner_text(".hub-body")
    harm += [f"text {number} is gone" for number in range(len(texts)) if f"Words before {number}." not in body]
    address = page.url.partition("#")[0]
    page.evaluate(PRESS)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    if page.url.partition("#")[0] != address:
        harm.append(f"led to {page.url}")
    frames = page.eval_on_selector_all(
        "iframe, frame, object, embed", "all => all.map((each) => each.src || each.outerHTML)"
    )
    return [*harm, *(f"frames {each}" for each in frames if not each.endswith("/assets/diagrams/frame.htm"))]


@pytest.mark.parametrize("group", [group for group in sites.attacks() if group != "diagram"])
def test_no_attack_does_any_harm(page: "Page", usual: dict[str, Any], attacked: str, group: str) -> None:
    assert harm_of(page, attacked, group, sites.attacks()[group], usual) == []


def test_no_diagram_does_any_harm(reader: "Page", usual: dict[str, Any], attacked: str) -> None:
    """With the site's policy, for what draws them is to be held by its own."""
    texts = sites.attacks()["diagram"]
    heard: list[str] = []
    # what the policy stops is listed as a request, but never sent
    reader.context.route("**://evil.example/**", lambda route: (heard.append(route.request.url), route.abort()))
    assert harm_of(reader, attacked, "diagram", texts, usual, stopped="https://evil.example/") == []
    for diagram in reader.locator("pre.diagram").all():
        diagram.scroll_into_view_if_needed()
    ends = reader.locator(".hub-diagram__box img[src], .hub-diagram__note")
    for number in range(len(texts)):
        ends.nth(number).wait_for(state="attached")
    assert reader.locator(".hub-diagram__box img").count() >= len(texts) / 2
    settled(reader)
    assert heard == []
    assert reader.evaluate(WRONG) == []
