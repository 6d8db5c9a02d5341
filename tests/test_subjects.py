"""Pages of tools, topics and authors: who has one, at which address, what is on it, and what a new post changes."""

import datetime as dt
import posixpath
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
import trees
from hypothesis import given
from hypothesis import strategies as st
from sites import Document

from coursehub import site
from coursehub.comments.counts import Counts, Thread
from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.site.front_matter import Search
from coursehub.site.page import Page, file_name
from coursehub.site.pages.post_page import post_page
from coursehub.site.subjects import Subjects, newest_first

TREE = (
    trees.COURSE.replace(
        "application, requirements: []", "application, requirements: [], may_repeat_last_semester: true"
    )
    + """\
topics:
  - {id: watching, title: Watching & waiting, examples: [Grafana, Loki, Zipkin]}
  - {id: storing, title: Storing, examples: [Redis]}
  - {id: Empty, title: Nothing yet, examples: [Nobody]}
=== data/tools.yaml
tools:
  grafana: {name: Grafana, topic: watching, aliases: [Grafana Labs], home: "https://grafana.example.org/", about: Draws & shows.}
  loki: {name: Loki, topic: watching}
  redis: {name: Redis, topic: storing}
  zipkin: {name: Zipkin, topic: watching}
=== data/prior_posts.yaml
- {title: Once, tools: [Once], option: mlops-tool, semester: F2025, url: "https://example.org/once"}
- {title: Seeing, tools: [grafana], option: mlops-tool, semester: F2025, url: "https://www.example.org/seeing"}
- {title: Both, tools: [Grafana, Redis], option: mlops-tool, semester: S2026}
- {title: Old Redis, tools: [Redis], option: mlops-tool, semester: F2025, url: "https://example.org/redis"}
=== data/other.txt
"""
)


def post(path: str, tool: str, **fields: str) -> str:
    front = {
        "title": f"On {tool}", "authors": "octocat", "option": "mlops-tool", "tool": tool, "tool_url": "https://example.org/",
        "semester": path.split("/")[1], "status": "published", "date": "2026-11-03", "summary": "Short.", **fields,
    }  # fmt: skip
    return f"=== {path}\n---\n" + "".join(f"{name}: {value}\n" for name, value in front.items()) + "---\nWords.\n"


POSTS = [
    post("posts/F2026/loki.md", "Loki", authors="Octocat", tool_url="https://example.org/loki", date="2026-11-04"),
    post("posts/F2026/grafana--quokka-db.md", "[Grafana, Quokka DB]", authors="[mona, OCTOCAT]",
         tool_url='["https://example.org/new", "javascript:alert(1)"]'),
    post("posts/F2025/quokkadb.md", "QuokkaDB", authors="mona", date="2025-11-03", topics="storing"),
    post("posts/F2026/zipkin.md", "Zipkin", authors="hubot", status="claimed"),
    post("posts/F2026/secret.md", "Secret", authors="hubot", private="true"),
    post("posts/F2026/odd.md", "Odd", authors="'../../evil'"),
    post("posts/F2026/index--loki.md", "[Index, Loki]", authors="index"),
]  # fmt: skip


def load(root: Path, *posts: str) -> Hub:
    trees.write(trees.parse(TREE + "".join(posts or POSTS)), root)
    return repository.load(root)


def pages_of(hub: Hub) -> dict[str, Page]:
    built = site.build(hub, site.SiteInputs(repository="https://github.com/o/r"))
    return {page.path: page for page in built.pages}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    return pages_of(load(tmp_path_factory.mktemp("hub")))


def read(page: Page) -> Document:
    document = Document()
    document.feed(f"<html>{page.markdown}</html>")
    return document


def links(page: Page) -> dict[str, str]:
    """Words of each link → where it leads, for pages here as a path from the root."""
    here = posixpath.dirname(page.path) if page.path.endswith("index.md") else page.path.removesuffix(".md")
    pairs = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)', page.markdown)
    return {
        words.strip(): address if "://" in address else posixpath.normpath(posixpath.join(here, address))
        for address, words in pairs
    }


def in_folder(pages: dict[str, Page], folder: str) -> set[str]:
    return {path.removeprefix(f"{folder}/").removesuffix(".md") for path in pages if path.startswith(f"{folder}/")}


# Who has a page


def test_a_tool_with_a_post_here_or_several_elsewhere_has_a_page(pages: dict[str, Page]) -> None:
    named = in_folder(pages, "tools") - {"index"}
    assert named - {file_name("index")} == {"grafana", "loki", "redis", "quokkadb", "odd"}
    assert pages[f"tools/{file_name('index')}.md"].meta.title == "Index"


def test_topics_of_which_there_is_something_to_read_have_a_page(pages: dict[str, Page]) -> None:
    assert in_folder(pages, "topics") == {"watching", "storing"}


def test_an_author_has_one_page_however_the_login_is_spelled(pages: dict[str, Page]) -> None:
    assert in_folder(pages, "authors") == {"octocat", "mona", file_name("index")}
    page = pages["authors/octocat.md"]
    assert page.meta.title == "Octocat"
    assert links(page) == {
        "Octocat on GitHub": "https://github.com/Octocat",
        "On Loki": "posts/F2026/loki",
        "On [Grafana, Quokka DB]": "posts/F2026/grafana--quokka-db",
        "Octocat": "authors/octocat",
        "mona": "authors/mona",
        "OCTOCAT": "authors/octocat",
    }


def test_a_site_without_posts_has_no_page_in_vain(tmp_path: Path) -> None:
    hub = load(tmp_path, post("posts/F2026/zipkin.md", "Zipkin", status="claimed"))
    (tmp_path / "data/prior_posts.yaml").write_text("[]\n")
    pages = pages_of(repository.load(tmp_path))
    assert (in_folder(pages, "tools"), in_folder(pages, "topics"), in_folder(pages, "authors")) == (
        {"index"},
        set(),
        set(),
    )
    assert "Nothing is published yet" in read(pages["tools/index.md"]).text("html")
    assert hub.priors


EMPTY = TREE.partition("=== data/prior_posts.yaml")[0] + "=== data/prior_posts.yaml\n[]\n"


@pytest.mark.parametrize(
    ("path", "says", "leads_to"),
    [
        ("posts/index.md", "Nothing is published yet. How to claim a tool or an application and write about it", {"claim"}),
        ("catalog.md", "Nothing is published yet. How to claim a tool or an application and write about it", {"claim"}),
        ("tools/index.md", "Nothing is published yet. How to claim a tool or an application and write about it", {"claim"}),
        ("needs-comment.md", "Nothing is published in F2026 yet. How to claim a tool or an application and write about it", {"claim"}),
        ("posts/F2026/index.md", "There is nothing from F2026 to read yet. How to claim a tool or an application and write about it",
         {"claim", "claims", "posts"}),
        ("numbers.md", "The course lists no posts from earlier semesters, so there is nothing to judge.", set()),
        ("claims/index.md", "Nobody has claimed anything yet this semester.",
         {"catalog", "free", "https://github.com/o/r/pulls"}),
    ],
)  # fmt: skip
def test_a_course_that_begins_is_told_so_and_led_to_nothing_in_vain(
    tmp_path: Path, path: str, says: str, leads_to: set[str]
) -> None:
    trees.write(trees.parse(EMPTY), tmp_path)
    page = pages_of(repository.load(tmp_path))[path]
    assert says in " ".join(read(page).text("html").split())
    assert {each for each in links(page).values() if "api/" not in each} == leads_to
    assert ("<table" in page.markdown, "Every case" in page.markdown) == (False, False)


def test_tools_that_were_only_written_about_elsewhere_are_in_the_catalog(tmp_path: Path) -> None:
    priors = "- {title: Once, tools: [Once], option: mlops-tool, semester: F2025, url: 'https://example.org/once'}\n"
    trees.write(trees.parse(EMPTY.replace("[]\n", priors)), tmp_path)
    pages = pages_of(repository.load(tmp_path))
    assert "No tool or application has a post on this site" in pages["tools/index.md"].markdown
    assert "It found none: no two of them are about the same" in pages["numbers.md"].markdown
    assert "Every case" not in pages["numbers.md"].markdown
    assert {"catalog", "claim"} <= set(links(pages["posts/index.md"]).values())


# Addresses


NAMES = st.one_of(
    st.text(),
    st.from_regex(r"[A-Za-z0-9-]{1,8}", fullmatch=True),
    st.sampled_from(["index", "..", "a/b", "", "CON.", "ß"]),
)


@given(NAMES)
def test_a_page_stays_in_its_folder(name: str) -> None:
    file = file_name(name)
    assert re.fullmatch(r"[\w-]+", file)
    assert (file.lower(), len(f"{file}.md".encode()) <= 255) == (file, True)
    assert file != "index"


@given(NAMES, NAMES)
def test_no_two_pages_share_a_file_even_where_case_does_not_count(one: str, other: str) -> None:
    if one != other:
        assert file_name(one).casefold() != file_name(other).casefold()


@pytest.mark.parametrize("name", ["dvc", "weights-and-biases", "7zip", "日本", "octo-cat"])
def test_a_plain_name_is_its_own_file(name: str) -> None:
    assert file_name(unicodedata.normalize("NFC", name)) == name


def test_all_paths_of_a_site_differ(tmp_path: Path) -> None:
    built = site.build(load(tmp_path), site.SiteInputs())
    paths = [each.path.casefold() for each in (*built.pages, *built.assets)]
    assert sorted({*paths}) == sorted(paths)


# What stands on them


def test_a_tool_page_tells_all_about_the_tool(pages: dict[str, Page]) -> None:
    page = pages["tools/grafana.md"]
    text = read(page).text("html")
    assert "Also called Grafana Labs" in text
    assert "Draws & shows." in text
    assert "“Grafana” can be claimed in F2026" in text  # alone: the claim here is a combination
    assert links(page) == {
        "Tools and applications": "tools",
        "Watching &amp; waiting": "topics/watching",
        "Claim Grafana": "?tool=Grafana",
        "All claims this semester": "claims",
        "Home page of Grafana": "https://grafana.example.org/",
        "On [Grafana, Quokka DB]": "posts/F2026/grafana--quokka-db",
        "mona": "authors/mona",
        "OCTOCAT": "authors/octocat",
        "Seeing": "https://www.example.org/seeing",
        "QuokkaDB": "tools/quokkadb",
        "Redis": "tools/redis",
        "Loki": "tools/loki",
        "Everything on this topic": "topics/watching",
        "What nobody has written about yet": "free/#watching",
    }
    rows = re.findall(r"<tr>(.*?)</tr>", page.markdown, re.DOTALL)[1:]
    cells = [re.sub(r"<[^>]*>", " ", row).split() for row in rows]
    assert cells == [
        ["Both", "Grafana", "+", "Redis", "S2026", "no", "known", "link"],
        ["Seeing", "Grafana", "F2025", "example.org"],
    ]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("tools/loki.md", "“Loki” is taken in F2026 by Octocat."),
        ("tools/redis.md", "“Redis” can be claimed in F2026, but was discussed before"),
        ("tools/quokkadb.md", "“QuokkaDB” can be claimed in F2026, but was discussed before"),
    ],
)
def test_a_tool_page_says_whether_the_tool_is_free(pages: dict[str, Page], path: str, says: str) -> None:
    assert says in read(pages[path]).text("html")


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("mlops-tool", "“Seek” was discussed last semester and cannot be claimed in F2026."),
        ("ml-application", "“Seek” can be claimed in F2026, but was discussed before"),
    ],
)
def test_what_last_semester_rules_out_depends_on_the_option(tmp_path: Path, option: str, says: str) -> None:
    pages = pages_of(load(tmp_path, post("posts/S2026/seek.md", "Seek", option=option, date="2026-04-03")))
    assert says in read(pages["tools/seek.md"]).text("html")


@pytest.mark.parametrize(
    ("count", "beside"),
    [
        (1, ""), (2, "b"), (9, "bcdefghi"),
        (11, "bcdehijk"),  # four on either side, as in a ring
    ],
)  # fmt: skip
def test_a_tool_page_leads_to_a_few_others_of_its_topic_and_to_none_twice(
    tmp_path: Path, count: int, beside: str
) -> None:
    names = "abcdefghijk"[:count]
    posts = [post(f"posts/F2026/zork{name}.md", f"Zork{name}", topics="watching") for name in names]
    page = pages_of(load(tmp_path, *posts))["tools/zorka.md"]
    assert re.findall(r'<a href="\.\./zork(.)/"', page.markdown) == list(beside)


def test_a_topic_page_has_posts_tools_and_what_nobody_wrote_about(pages: dict[str, Page]) -> None:
    by_title = links(pages["topics/watching.md"])
    assert {by_title[title] for title in ("On Loki", "On [Index, Loki]", "Seeing")} == {
        "posts/F2026/loki", "posts/F2026/index--loki", "https://www.example.org/seeing",
    }  # fmt: skip
    assert {by_title["Grafana"], by_title["Loki"]} == {"tools/grafana", "tools/loki"}
    assert "Zipkin" not in by_title  # claimed, so somebody is about to write
    assert "On QuokkaDB" in links(pages["topics/storing.md"])  # its author says so, though nobody listed the tool


def test_examples_that_nobody_took_lead_to_the_box_that_tells_whether_they_are_free(tmp_path: Path) -> None:
    page = pages_of(load(tmp_path, post("posts/F2026/loki.md", "Loki")))["topics/watching.md"]
    assert re.findall(r'<a href="(\.\./\.\./\?tool=[^"]*)" aria-label="([^"]*)', page.markdown) == [
        ("../../?tool=Zipkin", "Claim Zipkin")
    ]


@pytest.mark.parametrize(("path", "claims"), [("tools/loki.md", []), ("tools/redis.md", ["../../?tool=Redis"])])
def test_a_tool_page_claims_only_what_can_be_claimed(pages: dict[str, Page], path: str, claims: list[str]) -> None:
    assert re.findall(r'<a href="([^"]*)"[^>]*>Claim ', pages[path].markdown) == claims


def test_a_tool_page_says_what_each_post_adds_to_those_before(tmp_path: Path) -> None:
    posts = [
        post("posts/F2025/loki.md", "Loki", title="First", date="2025-11-03"),
        post("posts/S2026/loki.md", "Loki", title="Second", date="2026-04-03", differences="It counts <lines>."),
        post("posts/F2026/loki.md", "Loki", title="Third", differences="It runs for a month."),
    ]
    page = pages_of(load(tmp_path, *posts))["tools/loki.md"]
    additions = re.findall(
        r'<li><a href="([^"]*)"[^>]*>(\w+)</a> <small>(\w+)</small><p dir="auto">([^<]*)', page.markdown
    )
    assert additions == [
        ("../../posts/S2026/loki/", "Second", "S2026", "It counts &lt;lines&gt;."),
        ("../../posts/F2026/loki/", "Third", "F2026", "It runs for a month."),
    ]


def test_the_index_has_every_tool_with_a_page_by_topic(pages: dict[str, Page]) -> None:
    document = read(pages["tools/index.md"])
    headings = re.findall(r"<h2>(?:<a[^>]*>)?([^<]*)", pages["tools/index.md"].markdown)
    assert headings == ["Watching &amp; waiting", "Storing", "Other"]
    assert document.text("hub-names") == "Grafana 3 Loki 2 Redis 2 Index 1 Odd 1 QuokkaDB 2"


def test_search_reads_names_and_no_lists(pages: dict[str, Page]) -> None:
    for path in ("tools/grafana.md", "topics/watching.md", "authors/octocat.md"):
        search = pages[path].meta.search or Search()
        assert (search.exclude, search.text) == (False, True)
        headings = re.findall(r"<h2[^>]*>", pages[path].markdown)
        assert [each for each in headings if "data-search-exclude" not in each] in ([], ["<h2>"])
    index = pages["tools/index.md"].meta.search
    assert index
    assert (index.text, index.lead) == (
        False,
        "<p>All tools and applications with a post here or several elsewhere, by topic.</p>",
    )


def test_an_authors_name_and_line_are_those_of_the_newest_post_that_has_them(tmp_path: Path) -> None:
    old = post("posts/F2025/auk.md", "Auk", authors="[mona, Octocat]", names="[mona, Cat]", bio="[Old., Older.]")
    new = post("posts/F2026/bee.md", "Bee", authors="octocat", names="Octo Cat", date="2026-11-04")
    newest = post("posts/F2026/cow.md", "Cow", authors="mona", names="Mona", date="2026-11-05")
    wrong = post(
        "posts/F2026/dog.md", "Dog", authors="[hubot, octocat]", names="Hu Bot", bio="Mine.", date="2026-11-06"
    )
    pages = pages_of(load(tmp_path, old, new, newest, wrong))
    shown = {path: (page.meta.title, read(page).text("hub-subject__bio"), page.meta.description)
             for path, page in pages.items() if path.startswith("authors/")}  # fmt: skip
    assert shown == {
        "authors/octocat.md": ("Octo Cat", "Older.", "Older."),
        "authors/mona.md": ("Mona", "Old.", "Old."),
        "authors/hubot.md": ("hubot", "", "Posts by hubot in Course."),
    }


def test_of_a_private_post_the_name_is_not_shown_either(tmp_path: Path) -> None:
    secret = post("posts/F2026/secret.md", "Secret", authors="hubot", names="Hu Bot", private="true")
    page = pages_of(load(tmp_path, secret))["posts/F2026/index.md"]
    assert "hubot" in page.markdown
    assert "Hu Bot" not in page.markdown


# What to read next


def crowd(count: int, topic: str = "watching") -> list[str]:
    return [
        post(f"posts/F2026/tool{index:03}.md", f"Tool{index:03}", topics=topic, date=f"2026-11-{index + 1:02}",
             authors=f"a{index}")
        for index in range(count)
    ]  # fmt: skip


def next_titles(page: Page) -> dict[str, list[str]]:
    return dict(groups_of(page))


def groups_of(page: Page) -> list[tuple[str, list[str]]]:
    """The heading of each group of posts to read next, and their titles."""
    assert page.meta.post
    return [(group.title, [each.title for each in group.posts]) for group in page.meta.post.read_next]


def test_next_come_posts_on_the_tool_or_else_its_topic_and_then_of_the_semester(pages: dict[str, Page]) -> None:
    """After and before, here sooner than elsewhere, and no post twice."""
    assert groups_of(pages["posts/F2026/loki.md"]) == [
        ("More on Loki", ["On [Index, Loki]"]),
        ("More on Watching & waiting", ["On [Grafana, Quokka DB]"]),
        ("Also from F2026", ["On Odd"]),
    ]
    assert groups_of(pages["posts/F2025/quokkadb.md"]) == [
        ("More on QuokkaDB", ["On [Grafana, Quokka DB]"]),  # a year later
        ("More on Storing", ["Both"]),
    ]
    assert groups_of(pages["posts/F2026/odd.md"]) == [("Also from F2026", ["On Loki", "On [Index, Loki]"])]


def test_an_earlier_post_with_the_same_claim_is_said_above_and_a_later_one_here(tmp_path: Path) -> None:
    old, new = (post(f"posts/{each}/loki.md", "Loki", title=each) for each in ("F2025", "F2026"))
    pages = pages_of(load(tmp_path, old, new))
    assert next_titles(pages["posts/F2025/loki.md"])["More on Loki"] == ["F2026"]
    later = pages["posts/F2026/loki.md"]
    assert "More on Loki" not in next_titles(later)
    assert later.meta.post
    assert [each.title for each in later.meta.post.earlier] == ["F2025"]


def test_the_nearest_after_and_before_come_first_and_only_two(tmp_path: Path) -> None:
    pages = pages_of(load(tmp_path, *crowd(20)))
    assert groups_of(pages["posts/F2026/tool012.md"]) == [
        ("More on Watching & waiting", ["On Tool013", "On Tool011"]),
        ("Also from F2026", ["On Tool014", "On Tool010"]),
    ]
    assert groups_of(pages["posts/F2026/tool019.md"]) == [
        ("More on Watching & waiting", ["On Tool018", "On Tool017"]),
        ("Also from F2026", ["On Tool000", "On Tool001"]),
    ]


def test_every_post_leads_on_and_is_led_to(tmp_path: Path) -> None:
    """Also those without a topic, about tools that nobody else wrote about."""
    pages = pages_of(load(tmp_path, *crowd(9, topic="Empty"), *crowd(20)[9:], *crowd(30, topic="[]")[20:]))
    titles = {path: [title for _, titles in groups_of(page) for title in titles]
              for path, page in pages.items() if page.meta.post}  # fmt: skip
    assert {path for path, each in titles.items() if len(each) < 2} == set()
    led_to = Counter(title for each in titles.values() for title in each)
    assert {path for path, page in pages.items() if page.meta.post and led_to[page.meta.title] < 2} == set()


@pytest.mark.parametrize(
    ("by_others", "waiting"),
    [
        ((0, 0, 0, 0, 0, 0, 0), {0: "On Tool003", 2: "On Tool004", 6: "On Tool000"}),
        ((0, 1, 1, 1, 0, 1, 0), {0: "On Tool004", 5: "On Tool000", 6: "On Tool000"}),
        ((1, 1, 1, 1, 1, 1, 0), {0: "On Tool006", 6: None}),  # not its own
        ((2, 2, 2, 2, 2, 2, 2), {0: None, 3: None}),  # the course asks for two
        (None, {0: None}),
    ],
)
def test_the_next_of_those_with_the_fewest_comments_is_asked_for(
    tmp_path: Path, by_others: tuple[int, ...] | None, waiting: dict[int, str | None]
) -> None:
    hub = load(tmp_path, *crowd(7))
    paths = [each.path for each in hub.posts]
    threads = {
        path: Thread(comments=count, by_others=count) for path, count in zip(paths, by_others or (), strict=False)
    }
    counts = Counts(dt.datetime(2026, 12, 5, tzinfo=dt.UTC), threads) if by_others else None
    subjects = Subjects(hub, tuple(newest_first(hub.posts)), counts=counts)
    for number, title in waiting.items():
        page = post_page(subjects, hub.posts[number], "", {})
        assert next_titles(page).get("Needs a comment") == (title and [title])
        assert page.meta.post
        assert page.meta.post.needs_comment_page == "needs-comment/"


def test_a_tool_named_as_its_topic_has_both_lists(tmp_path: Path) -> None:
    trees.write(trees.parse((TREE + "".join(POSTS)).replace("Watching & waiting", "Loki")), tmp_path)
    page = pages_of(repository.load(tmp_path))["posts/F2026/loki.md"]
    assert groups_of(page) == [
        ("More on Loki", ["On [Index, Loki]"]),
        ("More on Loki", ["On [Grafana, Quokka DB]"]),
        ("Also from F2026", ["On Odd"]),
    ]


@pytest.mark.parametrize("day", ["2026-11-30", "2026-11-08"])
def test_a_new_post_changes_few_pages(tmp_path: Path, day: str) -> None:
    before = pages_of(load(tmp_path, *crowd(20)))
    (tmp_path / "posts/F2026/newcomer.md").write_text(
        post("posts/F2026/newcomer.md", "Newcomer", topics="watching", date=day, authors="new").partition("\n")[2]
    )
    after = pages_of(repository.load(tmp_path))
    changed = {path for path in before if before[path] != after[path]}
    assert set(after) - set(before) == {"posts/F2026/newcomer.md", "tools/newcomer.md", "authors/new.md"}
    assert len([path for path in changed if path.startswith("posts/") and not path.endswith("index.md")]) <= 4
    assert len([path for path in changed if path.startswith("tools/") and path != "tools/index.md"]) <= 8
    assert [path for path in changed if path.startswith("authors/")] == []
