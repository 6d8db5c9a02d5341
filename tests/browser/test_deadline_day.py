"""Around a deadline: what is next by the reader's clock, and lists that one filters and orders."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import sites
from conftest import becomes, opened
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

POSTS, COMMENTS = "Fri 4 December 2026, 23:59", "Mon 7 December 2026, 23:59"  # in New York, five hours behind UTC


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    return serve(sites.shared(tmp_path_factory, "kinds").site)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (
            "2026-10-25T00:00:00Z",
            ["Claims open in 28 hours", "Posts are due in 41 days", "Comments are due in 44 days"],
        ),
        ("2026-11-29T12:00:00Z", ["Posts are due in 5 days", "Comments are due in 8 days"]),
        ("2026-12-05T04:00:00Z", ["Posts are due in 59 minutes", "Comments are due in 3 days"]),
        ("2026-12-05T04:59:00Z", ["Comments are due in 3 days"]),
        ("2026-12-10T12:00:00Z", ["Comments were due 2 days ago"]),
    ],
)
def test_the_front_page_shows_what_is_next(
    context: "BrowserContext", page: "Page", site: str, now: str, shown: list[str]
) -> None:
    context.clock.set_fixed_time(now)
    page.goto(site)
    terms = page.locator(".hub-now .hub-deadlines dt")
    becomes(page, lambda: [term.inner_text() for term in terms.all() if term.is_visible()], shown)
    assert page.locator(".hub-deadlines__next dt").all_inner_texts() == [each for each in shown[:1] if " in " in each]


def test_who_leaves_the_page_open_sees_time_pass(context: "BrowserContext", page: "Page", site: str) -> None:
    context.clock.install(time="2026-12-05T04:57:30Z")
    page.goto(site)
    next_one = page.locator(".hub-deadlines__next dt")
    expect(next_one).to_have_text("Posts are due in 1 minute")
    context.clock.run_for(120_000)
    expect(next_one).to_have_text("Comments are due in 2 days")


def test_without_scripts_all_deadlines_and_rows_are_there(browser: "Browser", site: str) -> None:
    reader = opened(browser, java_script_enabled=False)
    page = reader.new_page()
    page.goto(site)
    expect(page.locator(".hub-deadlines dt")).to_have_text(["Claims open", "Posts are due", "Comments are due"])
    assert page.locator(".hub-deadlines dd").all_inner_texts()[1:] == [POSTS, COMMENTS]
    page.goto(f"{site}claims/")
    assert page.locator("[data-hub-rows-form]").evaluate("each => getComputedStyle(each).display") == "none"
    assert page.locator(".hub-board tbody tr").count() > 5
    reader.close()


def rows(page: "Page") -> list[str]:
    return [
        row.locator("td").first.inner_text() for row in page.locator(".hub-board tbody tr").all() if row.is_visible()
    ]


def test_the_board_is_filtered_and_ordered_and_the_address_can_be_sent(page: "Page", site: str) -> None:
    page.goto(f"{site}claims/")
    form = page.get_by_role("search", name="Claims")
    before = rows(page)
    count = page.locator("[data-hub-rows-count]")
    form.get_by_label("Status").select_option(label="asked for (2)")
    assert rows(page) == ["<b>Dagster</b> + Kedro", "Dask"]
    expect(count).to_have_text(f"2 of {len(before)} claims")
    form.get_by_label("Order").select_option("By author")
    form.get_by_label("Tool or application, author or topic").fill("dágster MONA")
    assert rows(page) == ["<b>Dagster</b> + Kedro"]
    page.wait_for_url("**/claims/?search=*&status=asked-for&sort=by")
    page.reload()
    expect(count).to_have_text(f"1 of {len(before)} claims")
    form.get_by_label("Tool or application, author or topic").fill("no such thing")
    expect(count).to_have_text(f"None of {len(before)} claims")
    form.get_by_label("Tool or application, author or topic").fill("")
    form.get_by_label("Status").select_option("Any status")
    form.get_by_label("Order").select_option("Newest first")
    assert rows(page)[:2] == ["<b>Dagster</b> + Kedro", "Dask"]  # of the others is not known since when
    form.get_by_label("Order").select_option("By name")
    assert rows(page) == before
    expect(count).to_have_text(f"{len(before)} claims")


def test_an_address_with_unknown_values_shows_all(page: "Page", site: str) -> None:
    page.goto(f"{site}claims/?status=nonsense&sort=%22x&search=")
    expect(page.locator("[data-hub-rows-count]")).to_be_visible()
    assert len(rows(page)) == page.locator(".hub-board tbody tr").count()


def test_each_list_for_staff_is_filtered_by_what_its_rows_have(page: "Page", site: str) -> None:
    page.goto(f"{site}progress/")
    form = page.get_by_role("search", name="Still to do")
    form.get_by_label("Login, tool or application").fill("monalisa")
    names = [table.get_attribute("aria-label") for table in page.locator("table[data-hub-rows]").all()]
    shown = [table.locator("tbody tr:visible").count() for table in page.locator("table[data-hub-rows]").all()]
    assert dict(zip(names, shown, strict=True)) == {"People without a post": 1, "People without 2 comments": 1}
