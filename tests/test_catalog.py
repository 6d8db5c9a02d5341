"""The catalog: every published post as a record, its files for programs, its page, and the index for the browser."""

import csv
import gzip
import io
import json
import random
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import entries
import jsonschema
import msgspec
import pytest
import trees
from sites import HUB

from coursehub.records import repository
from coursehub.records.fields import FORMATS
from coursehub.records.hub import Hub
from coursehub.site import catalog, catalog_index
from coursehub.site.catalog import Entry
from coursehub.site.page import Asset
from coursehub.site.pages import catalog_page, post_page
from coursehub.site.subjects import Subjects, newest_first, shown_posts
from coursehub.text.addresses import PATTERN

ROOT = Path(__file__).parents[1]
HOSTILE = "=HYPERLINK(\"https://evil.example\")<script>alert(1)</script>, 'x'"
TREE = f"""{trees.COURSE}topics: [{{id: watching, title: Watching}}, {{id: storing, title: Storing}}]
=== data/tools.yaml
tools:
  grafana: {{name: Grafana, topic: watching}}
  loki: {{name: Loki, topic: storing}}
  weights-and-biases: {{name: Weights & Biases, topic: watching, aliases: [wandb]}}
=== data/prior_posts.yaml
- {{title: Zooming out, tools: [wandb, Grafana], option: mlops-tool, semester: S2026,
   url: "https://www.example.org/z", spelled: [Zoom]}}
- {{title: Grafana, tools: [Grafana], option: mlops-tool, semester: S2026, url: "https://gone.example/grafana-at-night-0a1b2c3d4e5f",
   archived: "https://archive.example/g"}}
- {{title: Untold, tools: [Clear ML], option: ml-application, semester: F2025, headline: "Told, late"}}
- {{title: Script, tools: [Scripted], option: mlops-tool, semester: F2025, url: "javascript:alert(1)",
   archived: "javascript:alert(2)"}}
=== posts/F2026/loki.md
---
title: '{HOSTILE.replace("'", "''")}'
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
Text.
=== posts/F2026/done.md
---
title: All done
authors: monalisa
option: mlops-tool
tool: Done
semester: F2026
status: published
date: 2026-11-21
external_url: https://medium.com/done
summary: Elsewhere.
---
"""
HIDDEN = """=== posts/F2026/{name}.md
---
title: Hidden {name}
authors: octocat
option: mlops-tool
tool: {name}
semester: F2026
status: {status}
date: 2026-11-22
{more}
---
"""
SECRETS = (
    ("alpha", "claimed", ""), ("beta", "draft", ""), ("gamma", "withdrawn", ""), ("delta", "published", "private: true"),
    ("epsilon", "published", ""),
)  # fmt: skip


@pytest.fixture(scope="module")
def the_hub(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    root = tmp_path_factory.mktemp("hub")
    text = TREE + "".join(HIDDEN.format(name=name, status=status, more=more) for name, status, more in SECRETS)
    trees.write(trees.parse(text), root)
    return repository.load(root)


@pytest.fixture(scope="module")
def posts(the_hub: Hub) -> tuple[Entry, ...]:
    shown = shown_posts(the_hub, frozenset({"posts/F2026/epsilon.md"}))
    return catalog.entries(
        Subjects(the_hub, tuple(shown), dead=frozenset({"https://gone.example/grafana-at-night-0a1b2c3d4e5f"}))
    )


@pytest.fixture(scope="module")
def files(the_hub: Hub, posts: tuple[Entry, ...]) -> dict[str, bytes]:
    return by_path(catalog_page.assets(the_hub, posts))


def load(root: Path, text: str) -> Hub:
    trees.write(trees.parse(text), root)
    return repository.load(root)


def by_path(assets: Iterable[Asset]) -> dict[str, bytes]:
    return {asset.path: asset.content for asset in assets}


def test_entries_are_the_published_posts_the_newest_first(posts: tuple[Entry, ...]) -> None:
    """Claims, drafts, withdrawn, private and broken posts are not there."""
    assert [(entry.semester, entry.title) for entry in posts] == [
        ("F2026", "All done"), ("F2026", HOSTILE), ("S2026", "Grafana"), ("S2026", "Zooming out"),
        ("F2025", "Script"), ("F2025", "Untold"),
    ]  # fmt: skip


def test_earlier_posts_are_in_the_order_of_their_titles_in_capitals_or_not(tmp_path: Path) -> None:
    titles = ["dvc", "Zeno", "Élan", "airflow", "BentoML"]
    priors = "".join(
        f"- {{title: {title}, tools: [{title}], option: mlops-tool, semester: F2025}}\n" for title in titles
    )
    hub = load(tmp_path, f"{trees.COURSE}=== data/prior_posts.yaml\n{priors}")
    assert [entry.title for entry in catalog.entries(Subjects(hub, ()))] == [
        "airflow",
        "BentoML",
        "dvc",
        "Zeno",
        "Élan",
    ]


def test_json_has_all_that_is_known(files: dict[str, bytes]) -> None:
    document = json.loads(files["api/posts.json"])
    assert document["version"] == 1
    done, loki, grafana, zooming, script, untold = document["posts"]
    assert loki == {
        "key": "loki", "title": HOSTILE, "also_titled": [], "tools": ["Loki"], "semester": "F2026",
        "option": "mlops-tool", "authors": ["octocat", "hubot"], "topics": ["watching", "storing"],
        "format": "introduction", "date": "2026-11-20", "summary": "Of logs.", "hosted": "here", "host": None,
        "url": None, "dead_url": None, "archived": None, "page": "posts/F2026/loki/", "path": "posts/F2026/loki.md",
        "term": "posts/F2026/loki", "headline": None, "headline_from": None,
        "names": ["octocat", "hubot"],
    }  # fmt: skip
    assert zooming == {
        "key": "grafana--weights-and-biases", "title": "Zooming out", "also_titled": ["Zoom"],
        "tools": ["Grafana", "Weights & Biases"], "semester": "S2026", "option": "mlops-tool", "authors": [],
        "topics": ["watching"], "format": None, "date": None, "summary": None, "hosted": "elsewhere",
        "host": "example.org", "url": "https://www.example.org/z", "dead_url": None, "archived": None, "page": None,
        "path": None, "term": None, "headline": None, "headline_from": None, "names": [],
    }  # fmt: skip
    assert (done["hosted"], done["host"], done["url"], done["page"]) == (
        "elsewhere", "medium.com", "https://medium.com/done", "posts/F2026/done/",
    )  # fmt: skip
    assert (grafana["url"], grafana["dead_url"], grafana["host"]) == (
        "https://archive.example/g", "https://gone.example/grafana-at-night-0a1b2c3d4e5f", "gone.example",
    )  # fmt: skip
    headlines = [(post["title"], post["headline"], post["headline_from"]) for post in (grafana, untold)]
    assert headlines == [("Grafana", "Grafana at night", "address"), ("Untold", "Told, late", "staff")]
    assert (script["url"], script["host"], script["hosted"]) == (None, None, "elsewhere")


def test_json_follows_its_schema(files: dict[str, bytes]) -> None:
    document, schema = json.loads(files["api/posts.json"]), json.loads(files["api/posts.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == "posts.schema.json"
    for described in schema["$defs"].values():
        assert "\n " not in described.get("description", "")  # the same text from every Python
    assert complaints(document, schema) == []
    document["posts"][0]["added"] = "later"
    assert complaints(document, schema) == []


def complaints(document: Any, schema: Any) -> list[str]:
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    errors = (leaf for error in checker.iter_errors(document) for leaf in error.context or [error])
    return [each.message for each in errors if each.message[-len("of type 'null'") :] != "of type 'null'"]


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("hosted", "nowhere", "'nowhere' is not one of ['elsewhere', 'here']"),
        ("date", "yesterday", "'yesterday' is not a 'date'"),
        ("date", "2026-02-30", "'2026-02-30' is not a 'date'"),
        ("url", "medium.com/done", f"'medium.com/done' does not match {PATTERN!r}"),
        ("dead_url", "javascript:alert(1)", f"'javascript:alert(1)' does not match {PATTERN!r}"),
        ("archived", "", f"'' does not match {PATTERN!r}"),
        ("authors", "monalisa", "'monalisa' is not of type 'array'"),
        ("title", None, "None is not of type 'string'"),
    ],
)
def test_the_schema_refuses_what_no_post_has(files: dict[str, bytes], field: str, value: Any, complaint: str) -> None:
    document, schema = json.loads(files["api/posts.json"]), json.loads(files["api/posts.schema.json"])
    document["posts"][0][field] = value
    assert complaint in complaints(document, schema)


def test_the_schema_demands_every_field(files: dict[str, bytes]) -> None:
    document, schema = json.loads(files["api/posts.json"]), json.loads(files["api/posts.schema.json"])
    without = {**document, "posts": [{}]}
    del without["version"]
    missing = {*Entry.__struct_fields__, "version"}
    assert set(complaints(without, schema)) == {f"'{name}' is a required property" for name in missing}


def test_what_is_no_web_address_gets_nowhere(the_hub: Hub, posts: tuple[Entry, ...], files: dict[str, bytes]) -> None:
    assert {path for path, content in files.items() if b"javascript:" in content} == set()
    assert "javascript:" not in catalog_page.page(the_hub, posts).markdown


GONE = """=== posts/F2026/{name}.md
---
title: Gone {name}
authors: monalisa
option: mlops-tool
tool: {name}
semester: F2026
status: published
date: 2026-11-21
external_url: https://gone.example/{name}
archived: {archived}
summary: Elsewhere.
---
"""


@pytest.mark.parametrize(
    ("archived", "dead", "expected"),
    [
        ("https://copy.example/1", True, ("https://copy.example/1", "https://gone.example/here", "https://copy.example/1")),
        ("javascript:alert(1)", True, ("https://web.archive.org/web/2026/https://gone.example/here", "https://gone.example/here", None)),
        ("https://copy.example/1", False, ("https://gone.example/here", None, "https://copy.example/1")),
        ("javascript:alert(1)", False, ("https://gone.example/here", None, None)),
    ],
)  # fmt: skip
def test_of_a_post_whose_own_address_is_dead_the_catalog_says_what_its_page_says(
    tmp_path: Path, archived: str, dead: bool, expected: tuple[str | None, ...]
) -> None:
    text = trees.COURSE + GONE.format(name="here", archived=archived)
    hub = load(tmp_path, text)
    subjects = Subjects(hub, hub.posts, dead=frozenset(["https://gone.example/here"] * dead))
    (entry,) = catalog.entries(subjects)
    assert (entry.url, entry.dead_url, entry.archived, entry.host) == (*expected, "gone.example")
    view = post_page.post_page(subjects, hub.posts[0], "", {}).meta.post
    assert view
    assert view.is_gone == bool(entry.dead_url)
    assert view.archived == (entry.url if entry.dead_url else entry.archived or "")
    assert ("was on gone.example" in catalog_page.page(hub, [entry]).markdown) == dead


def test_posts_of_one_day_are_in_the_order_of_all_other_pages(tmp_path: Path) -> None:
    """By the path, whatever the titles say; a post of an earlier day comes after them, one of another list last."""

    def post(name: str, title: str, day: int) -> str:
        return (
            HIDDEN.format(name=name, status="published", more="")
            .replace(f"Hidden {name}", title)
            .replace("22", str(day))
        )

    prior = "=== data/prior_posts.yaml\n- {title: A, tools: [Ant], option: mlops-tool, semester: F2026}\n"
    text = trees.COURSE + prior + post("zebra", "A", 22) + post("crane", "B", 22) + post("auk", "C", 21)
    hub = load(tmp_path, text)
    in_order = catalog.entries(Subjects(hub, tuple(reversed(hub.posts))))
    assert [entry.key for entry in in_order] == ["crane", "zebra", "auk", "ant"]
    assert [entry.path for entry in in_order[:3]] == [post.path for post in newest_first(hub.posts)]


def test_every_field_is_documented_in_its_order() -> None:
    section = (ROOT / "docs/commands.md").read_text().partition("## The catalog, for programs")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"(?m)^\| `(\w+)` \|", section)) == Entry.__struct_fields__


def test_csv_has_the_rows_of_the_json_and_runs_nothing(files: dict[str, bytes]) -> None:
    rows = json.loads(files["api/posts.json"])["posts"]
    flat: list[dict[str, str]] = [
        {name: "; ".join(value) if isinstance(value, list) else value or "" for name, value in row.items()}
        for row in rows
    ]
    flat[1]["title"] = f"'{HOSTILE}"
    assert list(csv.DictReader(io.StringIO(files["api/posts.csv"].decode(), newline=""))) == flat


def test_without_posts_the_files_are_empty_and_sound(the_hub: Hub) -> None:
    files = by_path(catalog_page.assets(the_hub, ()))
    assert json.loads(files["api/posts.json"]) == {"posts": [], "version": 1}
    assert files["api/posts.csv"].decode() == ",".join(Entry.__struct_fields__) + "\r\n"


def test_one_post_is_no_several(the_hub: Hub) -> None:
    (entry, *_) = catalog.entries(Subjects(the_hub, the_hub.posts))
    text = " ".join(catalog_page.page(the_hub, (entry,)).markdown.split())
    assert "elsewhere: 1 post, newest first" in text
    assert "<span>1 post</span>" in text


def index(files: dict[str, bytes]) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(files["assets/catalog.json"])
    return decoded


def test_the_index_leaves_out_what_can_be_worked_out(files: dict[str, bytes]) -> None:
    data = index(files)
    assert data["semester"] == [["F2026", 2], ["S2026", 2], ["F2025", 2]]
    assert data["tools"] == ["Done", "Loki", "Grafana", "Weights & Biases", "Scripted", "Clear ML"]
    assert data["tool"] == [-1, -1, -1, [2, -1], -1, -1]
    assert data["aliases"] == {"3": ["wandb"]}
    assert data["tool_topics"] == {"1": 1, "2": 0, "3": 0}
    assert data["topic"] == {"1": [0, 1]}
    assert data["titles"] == ["All done", HOSTILE, "\t", "Zooming out", "Script", "Untold"]
    assert data["authors"] == ["monalisa", ["octocat", "hubot"], [], [], [], []]
    assert data["links"] == ["", "", "https://archive.example/g", "https://www.example.org/z", None, None]
    assert (data["hosts"], data["dead"], data["also"]) == (
        {"0": "medium.com"}, {"2": "https://gone.example/grafana-at-night-0a1b2c3d4e5f"}, {"3": ["Zoom"]},
    )  # fmt: skip
    assert data["topic_titles"] == ["Watching", "Storing"]
    assert data["summary_words"] == {"0": "elsewhere", "1": "logs"}
    assert (data["headlines"], data["given"]) == ({"2": [0, 16, 0], "5": "Told, late"}, [5])
    assert data["option"] == [0, 0, 0, 0, 0, 1]
    assert [data["formats"][number] if number >= 0 else None for number in data["format"]] == [
        None, "introduction", None, "combination", None, "application",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ({}, ""),
        ({"format": "podcast", "host": "youtu.be"}, "podcast"),
        ({"host": "youtube.com"}, "video"),
        ({"host": "youtu.be"}, "video"),
        ({"host": "vimeo.com"}, "video"),
        ({"host": "notyoutube.com"}, ""),
        ({"host": "vimeo.com", "tools": ("Auk", "Dodo"), "option": "ml-application"}, "video"),
        ({"tools": ("Auk", "Dodo"), "option": "ml-application"}, "combination"),
        ({"option": "ml-application"}, "application"),
        ({"option": "no-such"}, ""),
    ],
)
def test_a_format_that_no_author_gave_is_told_where_it_is_certain(
    the_hub: Hub, of: dict[str, Any], expected: str
) -> None:
    plain = {"option": "mlops-tool", "host": "medium.com"}
    assert catalog.format_of(the_hub, entries.entry("F2025", "Auk", **{**plain, **of})) == expected


def test_filters_offer_what_there_is_and_count_all_posts(the_hub: Hub, posts: tuple[Entry, ...]) -> None:
    """Each post once in a filter, and by topic once for each of its topics."""
    markdown = catalog_page.page(the_hub, posts).markdown
    selects = re.findall(r'<select id="[^"]+" name="(\w+)">(.+?)</select>', markdown)
    options = {name: re.findall(r'<option value="([^"]*)"[^>]*>([^<]+)', inside) for name, inside in selects}
    assert {name: options[name] for name in ("semester", "topic", "option", "format", "hosted")} == {
        "semester": [("", "All semesters"), ("F2026", "F2026 (2)"), ("S2026", "S2026 (2)"), ("F2025", "F2025 (2)")],
        "topic": [("", "All topics"), ("watching", "Watching (3)"), ("storing", "Storing (1)"), ("none", "No topic (3)")],
        "option": [("", "All options"), ("mlops-tool", "MLOps tool (5)"), ("ml-application", "ML application (1)")],
        "format": [
            ("", "All formats"), ("introduction", "Introduction (1)"), ("combination", "Combination (1)"),
            ("application", "Application (1)"), ("none", "Not known (3)"),
        ],
        "hosted": [("", "Anywhere"), ("here", "On this site (1)"), ("elsewhere", "Elsewhere (5)")],
    }  # fmt: skip


def test_a_row_tells_the_format_unless_its_option_does(the_hub: Hub, posts: tuple[Entry, ...]) -> None:
    rows = re.findall(r"(?s)<tr>\n<td>.+?</tr>", catalog_page.page(the_hub, posts).markdown)
    assert [re.findall("<td>(.*)</td>", row)[2] for row in rows] == [
        "MLOps tool", "MLOps tool, introduction", "MLOps tool", "MLOps tool, combination", "MLOps tool", "ML application",
    ]  # fmt: skip


def test_a_page_that_its_tools_do_not_name_is_told(the_hub: Hub, posts: tuple[Entry, ...]) -> None:
    odd = msgspec.structs.replace(posts[0], page="posts/F2026/other/", option="unknown")
    data = json.loads(catalog_index.build(the_hub, [odd]))
    assert (data["links"], data["option"]) == (["posts/F2026/other/"], [-1])


def test_the_page_shows_all_posts_and_hostile_ones_as_text(the_hub: Hub, posts: tuple[Entry, ...]) -> None:
    page = catalog_page.page(the_hub, posts)
    assert page.markdown.count("<tr>") == 1 + len(posts)
    assert "<script" not in page.markdown
    assert "javascript:" not in page.markdown
    assert 'href="../posts/F2026/loki/"' in page.markdown
    assert "Hidden" not in page.markdown
    assert "The newest" not in page.markdown


def test_of_many_posts_the_page_has_the_newest_and_leads_to_the_others(the_hub: Hub, posts: tuple[Entry, ...]) -> None:
    many = (posts[0],) * catalog_page.MOST_ON_THE_PAGE + posts[1:]
    text = catalog_page.page(the_hub, many).markdown
    assert text.count("<tr>") == 1 + catalog_page.MOST_ON_THE_PAGE
    assert "Zooming out" not in text
    for semester in ("F2026", "S2026", "F2025"):
        assert f'<a href="../posts/{semester}/">{semester}</a>' in text


def test_an_entry_takes_at_most_40_bytes() -> None:
    """With a third of the 15,000 entries that the limit is meant for, since addresses of earlier posts weigh most."""
    chance = random.Random(1)
    syllables = [f"{one}{other}" for one in "bdfgklmnprstvz" for other in "aeio"]
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(1500)]
    loaded = repository.load(HUB)
    entries = list(catalog.entries(Subjects(loaded, tuple(shown_posts(loaded, frozenset())))))
    assert len(entries) >= 400
    for number in range(5000):
        name = f"{chance.choice(words).capitalize()}{number:05}"
        title = f"{name}: {' '.join(chance.choices(words, k=4)).title()}"
        entries.append(
            msgspec.structs.replace(
                entries[0], key=name.lower(), title=title, tools=(name,), page=f"posts/F2026/{name.lower()}/",
                authors=(f"student{chance.randrange(99999):05}",), topics=(chance.choice(loaded.course.topics).id,),
                format=chance.choice(FORMATS),
            )
        )  # fmt: skip
    assert len(gzip.compress(catalog_index.build(loaded, entries), 9)) <= 40 * len(entries)
