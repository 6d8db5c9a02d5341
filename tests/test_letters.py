"""Letters: one table for Python and browsers, words that mix scripts, names that look alike."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursehub.names import letters
from coursehub.names.identity import claim, fold
from coursehub.names.nearness import Index, Near
from coursehub.records import tools

ROOT = Path(__file__).parents[1]
VOCABULARY = tools.vocabulary(tools.Tools())


def test_browsers_have_the_same_table() -> None:
    script = (ROOT / "src/mkdocs_coursehub/static/assets/letters.js").read_text("utf-8")
    table = script.partition("LETTERS = ")[2].removesuffix(";\n")
    assert json.loads(table) == json.loads((ROOT / "src/coursehub/names/letters.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("char", "script"),
    [("a", "Latin"), ("ø", "Latin"), ("к", "Cyrillic"), ("λ", "Greek"), ("字", "Han"), ("ー", "Common"), ("1", "Common"),
     ("٥", "Arabic"), ("ガ", "Katakana"), ("글", "Hangul"), ("Ꮶ", "Other"), ("😀", "Common"), ("\U0001cce0", "Common")],
)  # fmt: skip
def test_a_letter_has_a_script(char: str, script: str) -> None:
    assert letters._script(char) == script


def mixed(name: str) -> list[tuple[str, str, str, str]]:
    """Of each word that mixes scripts: the word, its script, the foreign letters, and what is meant by them."""
    return [
        (word.word, word.script, " ".join(f"{each.char}{each.at}" for each in word.foreign), " ".join(word.meant))
        for word in letters.mixed_words(name)
    ]


MIXED = [
    ("Кеdrо", ("Кеdrо", "Latin", "К1 е2 о5", "K e o")),
    ("The Kedr\u043e Tool", ("Kedr\u043e", "Latin", "\u043e9", "o")),
    ("Κedro", ("Κedro", "Latin", "Κ1", "K")),
    ("\u0406ntel", ("\u0406ntel", "Latin", "\u04061", "I")),
    ("Kedr\u0e50", ("Kedr\u0e50", "Latin", "\u0e505", "o")),  # a Thai zero
    ("Kedr\u0665", ("Kedr\u0665", "Latin", "\u06655", "o")),  # an Arabic five
    ("Kedr〇", ("Kedr〇", "Latin", "〇5", "o")),  # a Chinese zero, where other Chinese letters may stand
    ("ke\u0501ro", ("ke\u0501ro", "Latin", "\u05013", "d")),
    ("K𝛂fka", ("K𝛂fka", "Latin", "𝛂2", "a")),  # a sign for a Greek letter
    ("Яndex", ("Яndex", "Latin", "Я1", "")),
    ("Яндекc", ("Яндекc", "Cyrillic", "c6", "\u0441")),
    ("K\u3164е\u0301dro", ("Kеdro", "Latin", "е3", "e")),  # what nobody sees, and accents, end no word
    ("카fкa", ("카fкa", "Latin", "카1 к3", " ")),
    ("カ카", ("カ카", "Katakana", "카2", "")),
]


@pytest.mark.parametrize(("name", "word"), MIXED)
def test_a_word_of_several_scripts_is_seen(name: str, word: tuple[str, str, str, str]) -> None:
    assert mixed(name) == [word]


HONEST = [
    "Kedro", "C++", "µTorrent", "μTorrent", "naïve", "Ångström", "Größenwahn", "Łukasz", "Þing", "İstanbul", "Λ", "λx",
    "λ-calculus", "Δlake", "Яндекс", "Яндекс Cloud", "Яндекс-Cloud", "日本語", "日本語Toolkit", "トランスフォーマーAI",
    "ひらカタ漢字ABC", "第〇回", "카카오AI", "카카오漢字", "向量db", "注音ㄅㄆDB", "हिन्दी", "ภาษาไทย", "فارسی", "עברית", "ՀԱՅ",
    "ქართული", "አማርኛ", "ខ្មែរ", "ＫＥＤＲＯ", "𝐊𝐞𝐝𝐫𝐨", "ⓀⒺⒹⓇⓄ", "Kedro²", "№1", "🦜️🔗 LangChain", "Ke'dro", "", "🚀",
]  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_name_is_not_refused(name: str) -> None:
    assert mixed(name) == []


# --- looks


def near(name: str, *others: str) -> list[tuple[str, str]]:
    ours = claim(name, VOCABULARY).identities[0]
    nears: list[Near] = Index((claim(other, VOCABULARY).identities[0] for other in others), VOCABULARY).near(ours)
    return [(each.identity.name, each.why) for each in nears]


@pytest.mark.parametrize(
    ("one", "other"),
    [("ΚΑΤΙΒ", "Katib"), ("Ѕору", "Sopy"), ("МОСКВА", "Mockba"), ("москва", "Mockba"), ("ᏦᎬᎠᏒᎾ", "Kedro"), ("ꓗꓰꓓꓣꓳ", "Kedro"),
     ("Кеdrо", "Kedro"), ("νου", "vou"), ("M0dem", "Modem"), ("Modem", "Modern"), ("Modu1e", "Module"), ("Ѕору", "Ѕоpy")],
)  # fmt: skip
def test_names_that_look_alike_are_near(one: str, other: str) -> None:
    assert near(one, other, "Zork") == [(other, "looks the same")]
    assert near(other, one, "Zork") == [(one, "looks the same")]


@pytest.mark.parametrize(
    ("one", "other"), [("Λ", "A"), ("日本", "日木"), ("Яндекс", "Yandex"), ("Нота", "Nota"), ("C", "G")]
)
def test_names_that_look_otherwise_are_not(one: str, other: str) -> None:
    assert near(one, other) == []


@given(st.text())
def test_case_and_what_nobody_sees_change_no_look(name: str) -> None:
    code = "".join(fold(name))
    assert "".join(fold("\u3164".join(name))) == code
    assert letters.looks(code) == letters.looks("".join(fold(" ".join(fold(name)))))


@given(st.text(st.characters(codec="utf-8")))
def test_a_name_has_no_more_foreign_letters_than_letters(name: str) -> None:
    for word in letters.mixed_words(name):
        assert len(word.foreign) == len(word.meant) >= 1
        assert all(name[each.at - 1] == each.char for each in word.foreign)


def test_unicode_did_not_change_what_the_table_has() -> None:
    """Every Python that runs this has another Unicode, and the letters of the table are the same ones in all."""
    table = json.loads((ROOT / "src/coursehub/names/letters.json").read_text("utf-8"))
    for group in ("latin", "looks", "capitals"):
        for chars in table[group].values():
            assert [char for char in chars if not char.isalnum() or unicodedata.normalize("NFKC", char) != char] == []
