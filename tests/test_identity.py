"""One tool, one identity: labelled pairs of names, and what holds for any name."""

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sites import HUB

from coursehub.names.identity import Claim, claim, fold
from coursehub.records import tools

TOOLS, TROUBLES = tools.read((HUB / "data/tools.yaml").read_text())
VOCABULARY = tools.vocabulary(TOOLS)
PAIRS = [
    (row["verdict"], row["a"], row["b"])
    for path in sorted((Path(__file__).parent / "data").glob("claim_pairs*.tsv"))
    for row in csv.DictReader(path.read_text().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
]


def of(*names: str) -> Claim:
    return claim(names, VOCABULARY)


# --- labelled pairs


def test_the_tools_of_the_repository_are_sound() -> None:
    assert TROUBLES == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [pair[1:] for pair in PAIRS if pair[0] == "same"],
)
def test_names_of_one_claim_are_one(one: str, other: str) -> None:
    assert of(one).code == of(other).code != ""


@pytest.mark.parametrize(("one", "other"), [pair[1:] for pair in PAIRS if pair[0] != "same"])
def test_names_of_two_claims_are_two(one: str, other: str) -> None:
    assert of(one).code != of(other).code


def test_every_pair_has_a_known_verdict() -> None:
    assert {verdict for verdict, _, _ in PAIRS} == {"same", "distinct"}
    assert len(PAIRS) > 300


# --- claim keys: the file's name

KEYS = [
    (["wandb"], "weights-and-biases"),
    (["Weights & Biases"], "weights-and-biases"),
    (["Apache Airflow"], "airflow"),
    (["Airflow", "BigQuery"], "airflow--bigquery"),
    (["Airflow + BigQuery"], "airflow--bigquery"),
    (["BigQuery and Airflow"], "airflow--bigquery"),
    (["BigQuery", "Airflow", "airflow"], "airflow--bigquery"),
    (["A Tool Nobody Listed"], "a-tool-nobody-listed"),
    (["Größenwahn 🚀"], "grossenwahn"),
    (["日本語"], "日本語"),
    (["벡터 검색"], "벡터-검색"),  # of whole syllables, as a keyboard writes them
    (["バス"], "バス"),  # no ハス
    ([unicodedata.normalize("NFD", "バス")], "バス"),
    (["Google Data"], "google-data"),  # a word that alone names no tool keeps its vendor, and so does a number
    (["IBM 2"], "ibm-2"),
    (["AWS Data"], "amazon-data"),
    (["Data Platform"], "data-platform"),  # and a tail
    (["AT&T"], "at-and-t"),  # initials are no names
    (["K&Zork"], "k-and-zork"),
    (["Kedro 0.18 ®"], "kedro"),
    (["Task Queue (Airflow)"], "task-queue"),  # what is in parentheses is a name only where it is the other's initials
    (["Weighted & Biased (W&B)"], "weights-and-biases"),  # initials, with a small word among them
    (["R2 D2"], "r2-d2"),  # a number alone is general, and not what has one
    (["AWS 2 Zork"], "2-zork"),
    (["A&Zork Db"], "a-and-zork-db"),
    (["Zork&B"], "zork-and-b"),
    (["Go & Zork"], "go--zork"),
    (["Zork & Go"], "go--zork"),
    (["Zork B & Quux"], "zork-b-and-quux"),
    (["Quux & B Zork"], "quux-and-b-zork"),
    (["& Zork"], "and-zork"),
    (["Zork &"], "zork-and"),
    (["GE (Great Expectations)"], "great-expectations"),
    (["- 2.0.1"], "2-0-1"),
    (["Apache Apache Zork"], "zork"),
    (["2.0.1"], "2-0-1"),  # a version alone is a name
    (["Zork v3 tool"], "zork"),  # whatever is behind the version
    (["MLflow AI app"], "mlflow"),
    (["Zork tool app tool"], "zork"),
    (["TICK Stack library"], "chronograf--influxdb--kapacitor--telegraf"),
    (["AIRFLOW%AIRFLOW%IO"], "airflow"),
    (["Apache Zork library"], "zork"),
    (["ɑirflow"], "airflow"),  # a Latin letter that looks like another is read as that
    (["Kedrø"], "kedro"),
    (["Ke\u02b9dro"], "kedro"),
    (["Kedro\u3164"], "kedro"),  # what nobody sees is no part of a name
    (["K\u115fe\u1160d\uffa0r\u2800o\u17b4\ufe0f\U000e0041"], "kedro"),
    (["Ked\u200dro", "Ked\u00adro", "Ked\u034fro"], "kedro"),
    (["Kedro\U0001cce0"], "kedro"),  # nor what came into Unicode after the oldest Python
    (["Москва"], "москва"),
    (["Straße"], "strasse"),
    (["Þing"], "þing"),
    (["🚀"], ""),
    ([""], ""),
    ([], ""),
]


@pytest.mark.parametrize(("names", "key"), KEYS)
def test_a_claim_key(names: list[str], key: str) -> None:
    assert of(*names).key == key


@pytest.mark.parametrize(
    ("names", "steps"),
    [
        (["Kedro"], []),
        (["kedro"], ["spelling: Kedro"]),
        (["wandb"], ["alias: Weights & Biases"]),
        (["Kedro 0.18"], ["version: Kedro"]),
        (["kedro library"], ["tail: kedro", "spelling: Kedro"]),
        (["Google BigQuery"], ["vendor: bigquery", "spelling: BigQuery"]),
        (["Intro to Zork"], ["opening: Zork"]),
        (["Zork: all of it"], ["subtitle: Zork"]),
        (["Zork (by me)"], ["gloss: Zork"]),
        (["Zork", "kedro"], ["spelling: Kedro"]),
        (["Google Data"], []),
        (["Google Kedro library"], ["vendor and tail: kedro", "spelling: Kedro"]),
        (["Zork tool app"], ["tail: zork tool", "tail: zork"]),
    ],
)
def test_a_claim_says_how_its_names_were_read(names: list[str], steps: list[str]) -> None:
    assert of(*names).steps == steps


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("Zork tool app", "Zork tool app"),  # as its author wrote it
        ("MLflow AI app", "MLflow"),
        ("TICK Stack library", "Chronograf + InfluxDB + Kapacitor + Telegraf"),
    ],
)
def test_a_claim_is_named(name: str, full: str) -> None:
    assert of(name).name == full


CRAFTED = tools.vocabulary(
    tools.Tools(
        tools={
            "ray": tools.Tool("Ray"),
            "serve": tools.Tool("Serve"),
            "amazon-ray-serve": tools.Tool("Amazon Ray Serve"),
            "ray-and-friends": tools.Tool("Ray & Friends"),
        },
        vendors={"amazon": ("Amazon", "AWS"), "x": ("y",), "y": ("x",)},
        general=("data",),
    )
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("AWS Ray Serve", "amazon-ray-serve"),  # a tool, although two are in its name
        ("Ray & Friends", "ray-and-friends"),
        ("Ray & Serve", "ray--serve"),
        ("X Data", "y-data"),  # of two vendors that stand for each other, one
    ],
)
def test_a_claim_key_by_words_of_another_course(name: str, key: str) -> None:
    assert claim(name, CRAFTED).key == key


# --- what holds for any name

LISTED = st.sampled_from(
    sorted({name for slug, tool in TOOLS.tools.items() for name in (slug, tool.name, *tool.aliases)})
)
WORDS = st.sampled_from(
    ["Airflow", "Apache", "AWS", "Google", "ml", "io", "library", "and", "with", "vs", "by", "the", "Intro to", "2.0",
     "v3", "(beta)", "TICK Stack", "app", "library", "com", "Databricks", "%", "_", "+", "&", "/", ",", "-", "–", ":", "C++", "C#", "F#", "(", ")", "tool", "app", "q", "Kedro", "ray", "serve"]
)  # fmt: skip
MADE_UP = st.lists(WORDS | LISTED | st.text(max_size=6), min_size=1, max_size=6).map(" ".join)
NAMES = LISTED | MADE_UP | st.text(max_size=40)
SOLE = LISTED | st.text(st.sampled_from("abcdeXZ "), min_size=3, max_size=20).filter(lambda name: bool(name.strip()))


@settings(max_examples=300)
@given(st.lists(NAMES, max_size=4))
@example(["((((" * 50])
@example(["a+" * 100])
@example(["A & B & C " * 20])
@example(["\ud800"])
def test_any_names_make_a_claim_of_letters_and_digits(names: list[str]) -> None:
    the_claim = of(*names)
    assert all(char.isalnum() for code in the_claim.codes for char in code)
    assert all(char.isalnum() or char == "-" for char in the_claim.key)
    assert not the_claim.key.startswith("-")
    assert not the_claim.key.endswith("-")
    assert "/" not in the_claim.key
    assert the_claim.key == the_claim.key.lower()
    assert len(set(the_claim.codes)) == len(the_claim.identities)
    if any(char.isascii() and char.isalnum() for name in names for char in name[:200]):
        assert the_claim.identities


@settings(max_examples=300)
@given(st.lists(NAMES, min_size=1, max_size=3))
@example(["Amazon Elastic MapReduce"])
@example(["TICK Stack"])
def test_a_key_leads_to_itself(names: list[str]) -> None:
    the_claim = of(*names)
    assume(len(the_claim.key) < 200)
    assert of(*the_claim.key.split("--")).code == the_claim.code


def test_a_listed_slug_is_its_own_key() -> None:
    assert [slug for slug in TOOLS.tools if of(slug).key != slug] == []


@given(st.lists(NAMES, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_tools_does_not_matter(names: list[str], random: "st.random.Random") -> None:
    shuffled = list(names)
    random.shuffle(shuffled)
    assert (of(*shuffled).code, of(*shuffled).key) == (of(*names).code, of(*names).key)


def test_a_combination_is_the_same_with_blanks_in_its_names_or_without() -> None:
    """Whatever comes first by the alphabet: a hyphen stands before all letters."""
    assert of("Zork ML", "ZorkDB").code == of("ZorkML", "ZorkDB").code == of("zork-db", "Zork-ML").code


@given(NAMES, NAMES)
def test_a_tool_named_twice_counts_once(one: str, other: str) -> None:
    assert of(one, other, one).code == of(one, other).code


SAME: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "lower case": str.lower,
    "white space around it": lambda name: f" \t{name}\n ",
    "an emoji behind it": lambda name: f"{name} 🦜🔗",
    "an emoji before it": lambda name: f"🚀 {name}",
    "full-width letters": lambda name: "".join(
        chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in name
    ),
    "NFKC": lambda name: unicodedata.normalize("NFKC", name),
    "NFD": lambda name: unicodedata.normalize("NFD", name),
    "hyphens for spaces": lambda name: name.replace(" ", "-"),
    "underscores for spaces": lambda name: name.replace(" ", "_"),
    "spaces for hyphens": lambda name: name.replace("-", " "),
    "wide spaces": lambda name: name.replace(" ", "\u3000"),
    "two spaces": lambda name: name.replace(" ", "  "),
}


@pytest.mark.parametrize("way", SAME)
@settings(max_examples=60)
@given(SOLE)
def test_a_name_written_otherwise_is_the_same(way: str, name: str) -> None:
    assert of(SAME[way](name)).code == of(name).code


@settings(max_examples=300)
@given(st.lists(LISTED, min_size=2, max_size=3), st.sampled_from([" + ", " and ", " & ", " with ", ", ", " vs. ", "+"]))
@example(["LangChain", "GPT-3.5"], " + ")
def test_a_combination_may_be_written_as_one_name(names: list[str], separator: str) -> None:
    if "&" in separator:  # between single letters it joins initials: `W & B`
        assume(all(len(words[0]) > 1 and len(words[-1]) > 1 for words in map(fold, names)))
    assert of(separator.join(names)).code == of(*names).code


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Weights & Biases", ("weights", "and", "biases")),
        ("R&D", ("r", "and", "d")),
        ("C++", ("cplusplus",)),
        ("Ｃ＋＋", ("cplusplus",)),
        ("C#", ("csharp",)),
        ("scikit_learn", ("scikit", "learn")),
        ("Don’t Panic", ("dont", "panic")),
        ("Straße ﬁle", ("strasse", "file")),
        ("Évidently", ("evidently",)),
        ("🚀 ...", ()),
    ],
)
def test_the_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    assert fold(name) == words


@given(st.text())
def test_folding_is_idempotent(name: str) -> None:
    assert fold(" ".join(fold(name))) == fold(name)


@given(st.text("aZ9é .-+#_&\t", max_size=8))
def test_a_name_of_plain_words_is_folded_as_any(name: str) -> None:
    assert fold(name) == fold(f"{name}’")  # which is no plain sign, and says nothing


def test_an_empty_vocabulary_will_do() -> None:
    assert claim("Apache Airflow + BigQuery", tools.vocabulary(tools.Tools())).key == "apache-airflow--bigquery"
