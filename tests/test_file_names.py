"""Names of files: whatever a picture is called, either the check reports it, or the site shows it."""

import os
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

import needs
import pytest
import sites
import trees
from hypothesis import example, given
from hypothesis import strategies as st
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, set_exclusions

from coursehub import checks
from coursehub.markdown.render import render
from coursehub.names import file_names
from coursehub.records import course, post, repository
from coursehub.records.hub import Hub
from coursehub.records.paths import is_picture
from coursehub.site.page import file_name
from coursehub.site.pages.post_page import post_page
from coursehub.site.subjects import Subjects, pictures
from mkdocs_once.links import resolver

PATH, FOLDER = "posts/F2026/evidently.md", "posts/F2026/evidently"
COURSE, _ = course.read(trees.parse(trees.COURSE).files[0][1])
PICTURE = sites.HUB / "posts/F2026/pandera/newest-shelf.png"
POST = """---
title: Watching a recommender
authors: octocat
option: mlops-tool
tool: Evidently
tool_url: https://example.org/evidently
semester: F2026
status: published
date: 2026-11-20
summary: It sees drift.
---
Enough words.

![What it shows]({address})
"""


def hub_with(address: str, *names: str) -> Hub:
    assert COURSE
    the_post = post.read(PATH, POST.format(address=address).encode())
    return Hub(COURSE, posts=(the_post,), pictures={f"{FOLDER}/{name}": 10 for name in names})


def reported(hub: Hub) -> set[str]:
    """The rules that report something in the names of files, or in what the post shows."""
    names = {rule.name for rule in checks.RULES if rule.group == "Names of files" and rule.name != "inexact-address"}
    return {finding.rule for finding in checks.judge(hub)} & {*names, "missing-picture", "picture-elsewhere"}


@cache
def mkdocs_config() -> MkDocsConfig:
    config = MkDocsConfig()
    config.load_dict({"site_name": "Test"})
    config.validate()
    return config


def shown(hub: Hub) -> str:
    """The file that a browser asks for on the post's page, if the site has it."""
    config = mkdocs_config()
    files = Files([File(path, "docs", "site", True) for path in (PATH, *pictures(hub, hub.posts))])
    set_exclusions(files, config)
    page = post_page(Subjects(hub, hub.posts), hub.posts[0], "", {})
    html = render(page.markdown, resolver(files.src_uris[PATH], files, config, page.instead)).html
    addresses = re.findall(r'<img src="([^"]*)"', html)
    wanted = unquote(urljoin(files.src_uris[PATH].url, unescape(addresses[0]))) if addresses else ""
    published = {file.dest_uri for file in files if file.inclusion.is_included()}
    return wanted if wanted in published else ""


SIGNS = st.sampled_from(
    [*'.: %+#?&\\"<>[]()~*`_-', "aux", "%20", "%2F", "\xa0", "\u202f", "é", "e\u0301", "\u200b", "\udce9", "ß"]
)
LETTERS = st.characters(exclude_characters="/\0", exclude_categories=["Cs"])
STEMS = st.lists(SIGNS | LETTERS, max_size=8).map("".join)
NAMES = st.builds("{}{}".format, STEMS, st.sampled_from([".png", ".JPG", ".png ", ".webp."]))


@given(NAMES)
@example("10:15:00.png")
@example(".a.png")
@example("100%25 C# a+b (1) [2].png")
def test_a_picture_of_any_name_is_reported_or_shown(name: str) -> None:
    hub = hub_with(f"evidently/{quote(name, errors='surrogateescape')}", name)
    if not is_picture(f"{FOLDER}/{name}"):
        hub = Hub(hub.course, posts=hub.posts, strays=(f"{FOLDER}/{name}",))
    assert reported(hub) or shown(hub) == f"{FOLDER}/{name}"


VARIANTS = [
    lambda name: unicodedata.normalize("NFC", name),
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace("\u202f", " ").replace("\xa0", " "),
    lambda name: name.replace(" ", "\u202f"),
    unquote,
    str.lower,
    str.upper,
    lambda name: name.replace(" ", "+"),
]


@given(NAMES, st.sampled_from(VARIANTS), NAMES)
def test_an_inexact_address_is_reported_or_leads_to_a_file(name: str, change: Callable[[str], str], other: str) -> None:
    names = [each for each in (name, other) if is_picture(f"{FOLDER}/{each}")]
    hub = hub_with(f"evidently/{quote(change(name), errors='surrogateescape')}", *names)
    assert reported(hub) or shown(hub) in hub.pictures


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("evidently/Screenshot%2010.15%20AM.png", "Screenshot 10.15\u202fAM.png"),
        ("<evidently/Screenshot 10.15 AM.png>", "Screenshot 10.15\u202fAM.png"),
        ("evidently/Screenshot%2010.15%E2%80%AFAM.png", "Screenshot 10.15 AM.png"),
        ("evidently/caf\xe9.png", "cafe\u0301.png"),
        ("evidently/cafe\u0301.png", "caf\xe9.png"),
        ("evidently/caf%C3%A9.png", "cafe\u0301.png"),
        ("./evidently/./a%20b.png", "a b.png"),
        ("<evidently/a b.png>", "a b.png"),
        ("evidently/a%20b.png", "a%20b.png"),
        ("evidently/a%2520b.png", "a%20b.png"),
        ("evidently/a+b.png", "a+b.png"),
        ("evidently/a%2Bb.png", "a+b.png"),
        ("evidently/C%23.png", "C#.png"),
        ("evidently/100%.png", "100%.png"),
    ],
)
def test_a_name_that_looks_the_same_leads_to_the_file(address: str, name: str) -> None:
    hub = hub_with(address, name)
    assert (reported(hub), shown(hub)) == (set(), f"{FOLDER}/{name}")


def test_the_exact_name_comes_first_and_two_that_look_alike_are_not_guessed_between() -> None:
    names = ["a\xa0b.png", "a\u202fb.png", "a b.png"]
    assert shown(hub_with("evidently/a%20b.png", *names)) == f"{FOLDER}/a b.png"
    assert reported(hub_with("evidently/a%20b.png", *names[:2])) == {"missing-picture"}


@pytest.mark.parametrize(
    ("address", "name", "write"),
    [
        ("evidently/Chart.png", "chart.png", "evidently/chart.png"),
        ("Evidently/chart.png", "chart.png", "evidently/chart.png"),
        ("evidently\\chart.png", "chart.png", "evidently/chart.png"),
        ("chart.png", "chart.png", "evidently/chart.png"),
        ("/posts/F2026/evidently/chart.png", "chart.png", "evidently/chart.png"),
        ("evidently/chart.jpg", "chart.png", "evidently/chart.png"),
        ("evidently/a+b.png", "a b.png", "evidently/a%20b.png"),
        ("evidently/my-chart.png", "my chart.png", "evidently/my%20chart.png"),
        ("<evidently/My chart (1).png>", "my chart (1).png", "evidently/my%20chart%20%281%29.png"),
        ("evidently/CAF\xc9.png", "cafe\u0301.png", "evidently/cafe%CC%81.png"),
    ],
)
def test_a_missing_picture_is_told_the_file_that_is_there(address: str, name: str, write: str) -> None:
    hub = hub_with(address, name)
    helps = [finding.help for finding in checks.judge(hub) if finding.rule == "missing-picture"]
    assert len(helps) == 1
    assert f"{FOLDER}/{name} is there" in helps[0]
    assert f"write ({write})" in helps[0]
    assert (reported(hub_with(write, name)), shown(hub_with(write, name))) == (set(), f"{FOLDER}/{name}")


PARTS = st.sampled_from(["a", "a.png", "con", "con.md", "Lpt1", "com", "com1-a", ".x", "x.", "", "é", "x" * 199])


@given(st.lists(NAMES | PARTS, min_size=1, max_size=3))
@example([f"{'x' * 255}.md"])
@example(["console.aux.md"])
@example(["aux.md"])
def test_of_a_plain_path_no_system_refuses_a_part(parts: list[str]) -> None:
    path = "/".join([FOLDER, *parts])
    if file_names.is_plain_path(path):
        assert [why for part in path.split("/") for why in file_names.refusals(part)] == []
        assert file_names.too_long(path) == ""


def test_most_paths_are_plain() -> None:
    plain = ["posts/F2026/weights-and-biases--dvc.md", "posts/F2026/weights-and-biases/Map_2.v1.png"]
    assert [path for path in plain if not file_names.is_plain_path(path)] == []


@given(NAMES | st.text(LETTERS, min_size=1))
@example("\x8e\x1e")
@example(".aux.png")
def test_the_name_to_use_is_taken_by_every_system(name: str) -> None:
    better = file_names.usable(name)
    assert (file_names.refusals(better), file_names.is_hidden(better), file_names.usable(better)) == ([], False, better)
    path = file_names.usable_path(FOLDER, name, {file_names.same(f"{FOLDER}/{better}"): 1})
    assert len(path) <= 200
    assert file_names.same(path) != file_names.same(f"{FOLDER}/{better}")


@needs.RAW_NAMES
def test_a_name_that_is_not_utf_8_is_reported_with_one_to_use(tmp_path: Path) -> None:
    trees.write(trees.parse(trees.COURSE), tmp_path)
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.png")).write_bytes(b"")
    (tmp_path / PATH).write_text(POST.format(address="evidently/caf.png"))
    findings = [each for each in checks.judge(repository.load(tmp_path)) if each.rule == "name-refused"]
    assert [(each.path, each.help) for each in findings] == [
        (f"{FOLDER}/caf\udce9.png", f"Rename it to {FOLDER}/caf-.png, and write that name in the text, too.")
    ]


@pytest.mark.parametrize("name", ["Aux", "CON", "nul", "com¹", "LPT9", "prn:"])
def test_a_tool_named_like_a_device_has_a_key_that_is_a_file_everywhere(name: str) -> None:
    assert COURSE
    key = Hub(COURSE).names.claim(name).key
    assert file_names.refusals(f"{key}.md") == []
    assert Hub(COURSE).names.claim(key).key == key  # so the key can be asked about, too
    assert file_name(key.removesuffix("_")) != key.removesuffix("_")


@pytest.mark.parametrize("name", ["Auxiliary", "Icon", "COM10", "Aux + BigQuery", "Console", "NUL terminator"])
def test_other_keys_have_no_mark(name: str) -> None:
    assert COURSE
    assert "_" not in Hub(COURSE).names.claim(name).key


def test_a_key_in_another_unicode_form_is_in_its_place() -> None:
    assert COURSE
    for form in ("NFC", "NFD"):
        path = unicodedata.normalize(form, "posts/F2026/한글.md")
        the_post = post.read(path, POST.format(address="x").replace("Evidently", "한글").encode())
        hub = Hub(COURSE, posts=(the_post,))
        assert "misplaced-post" not in {finding.rule for finding in checks.judge(hub)}


@pytest.mark.slow
def test_the_built_site_has_them(tmp_path: Path) -> None:
    """And is built anew where another file is meant."""
    root = tmp_path / "hub"
    sites.copy(root, "sound")
    sites.keep_few_earlier(root)
    folder, page = root / "posts/F2026/wibbleflow", root / "posts/F2026/wibbleflow.md"
    addresses = {
        "wibbleflow/Screenshot%2010.15%20AM.png": "Screenshot 10.15\u202fAM.png", "wibbleflow/caf\xe9.png": "cafe\u0301.png",
        "wibbleflow/a%2520b.png": "a%20b.png", "wibbleflow/C%23.png": "C#.png", "wibbleflow/a+b.png": "a+b.png",
    }  # fmt: skip
    for name in addresses.values():
        (folder / name).write_bytes(PICTURE.read_bytes())
    text = "".join(f"\n![It is here]({address})\n" for address in addresses)
    page.write_text(page.read_text() + text)
    claim = (root / "posts/F2026/draftorama.md").read_text()
    (root / "posts/F2026/aux_.md").write_text(
        re.sub("(?m)^(tool|title): .*", r"\1: Aux", claim).replace("authors: ", "authors: aux-")
    )

    def sources(build: sites.Build) -> list[str]:
        html = (build.site / "posts/F2026/wibbleflow/index.html").read_text()
        sources = re.findall(
            r'<img[^>]* src="([^"]*)"[^>]* alt="It is here"|<img alt="It is here"[^>]* src="([^"]*)"', html
        )
        return [unquote(urljoin("posts/F2026/wibbleflow/", unescape(a or b))) for a, b in sources]

    build = sites.build(root)
    assert sources(build) == [f"posts/F2026/wibbleflow/{name}" for name in addresses.values()], build.output
    assert all((build.site / path).is_file() for path in sources(build))
    (folder / "cafe\u0301.png").rename(folder / "caf\xe9.png")
    again = sites.build(root)
    assert sources(again)[1] == "posts/F2026/wibbleflow/caf\xe9.png"
    refused = [path for path in again.files() if any(map(file_names.refusals, path.split("/")))]
    assert refused == []
