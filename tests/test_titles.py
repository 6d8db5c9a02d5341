"""Titles: two spellings of one are one claim, and other works are others, also where their titles are alike."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursehub.names import identity, titles, works
from coursehub.names.identity import Claim, Vocabulary

TABLE = Path(__file__).parent / "fixtures/titles.tsv"
PAIRS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
VOCABULARY = Vocabulary()


def claim(title: str) -> Claim:
    return titles.claim(title, VOCABULARY)


def is_same(one: str, other: str) -> bool:
    ours, theirs = claim(one), claim(other)
    return ours.code == theirs.code or bool(titles.kinship(ours, theirs))


@pytest.mark.parametrize(("kind", "one", "other"), PAIRS)
def test_titles_are_one_work_or_two(kind: str, one: str, other: str) -> None:
    assert is_same(one, other) == is_same(other, one) == (kind == "same")


def test_the_table_has_a_hundred_titles() -> None:
    assert len({one for kind, one, _ in PAIRS if kind == "same"}) >= 100


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The Google File System", "title_google-file-system"),
        (
            "Weights & Biases, or: How to Train + Tune with Care",
            "title_weights-and-biases-or-how-to-train-tune-with-care",
        ),
        ("Vitamin A", "title_vitamin-a"),
        ("Introduction to Algorithms, 3rd ed.", "title_introduction-to-algorithms-edition-3"),
        ("arXiv:1706.03762v5", "title_arxiv-1706-03762"),
        ("https://example.org/A-Paper.pdf", "title_example-org-a-paper"),
        ("(2004)", "title_2004"),
        ("!?", ""),
        # of a long title eighty letters, and the FNV-1a sum of all
        ("word " * 40, "title_" + "-".join(["word"] * 20) + "-073906c5"),
    ],
)
def test_a_title_s_key_is_its_words_behind_a_mark_that_no_tool_has(title: str, key: str) -> None:
    assert claim(title).key == key


def test_a_title_is_one_claim_whatever_a_tool_s_name_would_be() -> None:
    listed = Vocabulary(slugs={"spark": "spark", "kafka": "kafka"}, names={"spark": "Spark", "kafka": "Kafka"})
    assert len(identity.claim("Spark with Kafka", listed).identities) == 2
    assert [each.slug for each in titles.claim("Spark with Kafka", listed).identities] == ["title_spark-with-kafka"]
    assert titles.claim("Spark", listed).code != identity.claim("Spark", listed).code


@pytest.mark.parametrize(
    ("address", "work"),
    [
        ("https://arxiv.org/abs/cs/9301115v2", "arxiv:cs/9301115"),
        ("https://doi.org/10.1145%2F359545.359563", "doi:10.1145/359545.359563"),
        ("https://dl.acm.org/doi/abs/10.1145/359545.359563#sec-terms", "doi:10.1145/359545.359563"),
        (
            "https://www.usenix.org/conference/osdi12/presentation/octocat",
            "usenix.org/conference/osdi12/presentation/octocat",
        ),
        ("https://example.org/?id=1", "example.org?id=1"),
        ("example.org", ""),
        ("", ""),
    ],
)
def test_an_address_leads_to_a_work(address: str, work: str) -> None:
    assert works.work(address) == work


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_one_title_or_none_and_its_key_leads_to_a_claim(text: str) -> None:
    its = claim(text)
    assert len(its.identities) <= 1
    for each in its.identities:
        assert each.slug.startswith(titles.PREFIX)
        assert len(each.slug.encode()) < 320
        assert claim(its.key).identities


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*"({[\"'“”:.,-–\\", "et al", "by", "The", "Part", "II", "2004", "10.1145/", "http://", " "]),
        max_size=30,
    )
)
def test_signs_of_citations_never_leave_nothing_of_a_word(pieces: list[str]) -> None:
    assert claim("Kedro" + "".join(pieces)).identities
