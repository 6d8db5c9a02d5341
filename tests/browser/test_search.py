"""The search, as readers use it: which posts a question finds. The posts are in `fixtures/built/scripts.txt`."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
import sites
from conftest import becomes, listening, opened, queries, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = "posts/F2026/"
SIGNS = "plinthplusplus"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    return serve(sites.shared(tmp_path_factory, "scripts").site)


def ask(page: "Page", words: str) -> None:
    """Ask anew, once the last answer is gone."""
    page.fill(".md-search__input", "")
    page.keyboard.press("End")
    page.get_by_text("Type to start searching").wait_for()
    page.fill(".md-search__input", words)
    page.keyboard.press("End")
    page.locator(".md-search-result__meta", has_text="matching document").wait_for()


def answer(page: "Page", site: str) -> list[str]:
    """The posts in the results, and in brackets the lists of posts; not the course's own pages, which have any words."""
    links = page.locator(".md-search-result__item > .md-search-result__link").all()
    places = [unquote(urlsplit(link.get_attribute("href") or "").path) for link in links]
    paths = [place.removeprefix(urlsplit(site).path).strip("/") for place in places]
    shown = {path.removeprefix(HERE) if path.startswith(HERE) else f"({path})" for path in paths if "/" in path}
    return sorted(shown)


def first(page: "Page", site: str) -> str | None:
    """The page of the first result, from the site's root."""
    link = page.locator(".md-search-result__item > .md-search-result__link").first
    return urlsplit(link.get_attribute("href") or "").path.removeprefix(urlsplit(site).path)


@pytest.fixture(scope="module")
def searching(browser: "Browser", site: str) -> "Page":
    page = opened(browser).new_page()
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type("quokka")
    page.get_by_text("No matching documents").wait_for()
    return page


@pytest.mark.parametrize(
    ("words", "places"),
    [
        # Chinese: words within a sentence, in a title, in a summary, beside Latin ones, longer than what is indexed
        ("检索", ["vectorium"]),
        ("嵌入", ["vectorium"]),
        ("相似度", ["vectorium"]),
        ("近似最近邻搜索", ["vectorium"]),
        ("Ragtimer", ["vectorium"]),
        ("使用Ragtimer", ["vectorium"]),
        ("索", ["decoys", "vectorium"]),
        ("电影 检索", ["vectorium"]),
        # Japanese: all its scripts, whatever their width, and a tool's name
        ("分布", ["監視くん"]),
        ("システム", ["監視くん"]),
        ("ドリフト", ["監視くん"]),
        ("異常検知", ["監視くん"]),
        ("監視くん", ["(tools/監視くん)", "監視くん"]),
        # Korean: within a compound, and before a particle
        ("검색", ["hangulia"]),
        ("품질검사", ["hangulia"]),
        ("모델", ["hangulia"]),
        # Thai
        ("ค้นหา", ["siamese"]),
        ("คุณภาพ", ["siamese"]),
        ("แดชบอร์ด", ["siamese"]),
        ("แนะนำ", ["siamese"]),
        # Names with signs, and words beside signs
        ("w&b", ["(posts/S2023)", "(tools/weights-and-biases)", SIGNS]),
        ("AT&T", [SIGNS]),
        ("C++", [SIGNS]),
        ("F#", [SIGNS]),
        (".NET", [SIGNS]),
        ("asp.net", [SIGNS]),
        ("k8s", ["(tools/kubernetes)", SIGNS]),
        ("node.js", [SIGNS]),
        ("nodejs", [SIGNS]),
        ("scikit-learn", ["(posts/S2020)", "(posts/S2024)", SIGNS]),  # two addresses of posts elsewhere have it
        ("scikitlearn", [SIGNS]),
        ("Plinth++", ["(tools/plinthplusplus)", SIGNS]),
        ("zigzag", [SIGNS]),
        ("quickly", [SIGNS]),
        ("Zürich", [SIGNS]),
        ("zurich", [SIGNS]),
        # An author, and what no post has
        ("kim-example", ["(authors/kim-example)", "hangulia"]),
        ("检系", []),
        ("检索检索", []),
    ],
)
def test_a_word_is_found_in_its_posts_alone(searching: "Page", site: str, words: str, places: list[str]) -> None:
    ask(searching, words)
    becomes(searching, lambda: answer(searching, site), places)


@pytest.mark.parametrize(("words", "place"), queries("site"))
def test_what_a_student_means_comes_first(searching: "Page", site: str, words: str, place: str) -> None:
    ask(searching, words)
    becomes(searching, lambda: first(searching, site), place)


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("近似最近邻", "所以我们使用Ragtimer进行近似最近邻搜索"),
        ("c++", "C++"),
        ("node", "Node.js."),
        ("at&t", "AT&T"),
        ("kuberntes", "Kubernetes"),
    ],
)
def test_what_was_found_is_marked_once_in_the_results(searching: "Page", words: str, marked: str) -> None:
    ask(searching, words)
    becomes(searching, lambda: marked in searching.locator(".md-search-result__item mark").all_inner_texts(), True)
    assert "mark>" not in searching.inner_text(".md-search-result__list")


def test_a_page_that_was_found_marks_the_word(page: "Page", site: str) -> None:
    page.goto(f"{site}?q=最近邻")
    page.locator(".md-search-result__link", has_text="最近邻").first.click()
    page.wait_for_url("**/vectorium/**")
    page.locator(".hub-body mark").first.wait_for()
    assert "".join(page.locator(".hub-body mark").all_inner_texts()) in ("最近", "最近邻")


def test_the_language_of_words_comes_with_the_search_alone(page: "Page", site: str) -> None:
    asked: list[str] = []
    with listening(page, request=lambda each: asked.append(each.url)):
        page.goto(site)
        settled(page)
        assert [each for each in asked if "lunr" in each] == []
