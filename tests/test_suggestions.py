"""Suggestions: together they make the edits of the fixes, each at lines of its own, and show all that they do."""

from collections.abc import Sequence

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import assume, given, settings
from standin.state import rendered, suggested

from coursehub.desk.commits import Diff
from coursehub.desk.suggestions import MOST, Plan, Suggestion, body, key_of, plan, settled, tokens_in
from coursehub.records.edits import applied
from coursehub.records.finding import Edit, Finding, Severity, safe

PATH = "posts/F2026/kedro.md"
POST = "---\ntitel: Kedro\nauthors: octocat\nstatsu: claimed\n---\n\nText\n"
TITLE, STATUS = (2, 1, 2, 6, "title"), (4, 1, 4, 7, "status")
NEW_FIELD = (5, 1, 5, 1, "option: mlops-tool\n")
Edits = tuple[int, int, int, int, str]


def finding(*edits: Edits, rule: str = "unknown-field", message: str = "no field is called that") -> Finding:
    line, column = edits[0][:2]
    fix = safe("Writes it so.", tuple(Edit(PATH, *edit) for edit in edits))
    return Finding(PATH, line, column, rule, Severity.ERROR, message, "Write it so.", fix)


def planned(text: str | bytes, *findings: Finding, hunks: Sequence[range] | None = None, offered: str = "") -> Plan:
    content = text.encode() if isinstance(text, str) else text
    shown = [range(1, content.count(b"\n") + 1)] if hunks is None else hunks
    return plan(findings, {PATH: Diff(content, shown)}, {offered})


def committed(text: str, suggestions: Sequence[Suggestion]) -> str:
    """The file once all suggestions are committed, as GitHub reads each from its comment."""
    lines = text.split("\n")
    below = len(lines) + 1
    for each in sorted(suggestions, key=lambda each: -each.rewrite.first):
        assert each.rewrite.last < below, "two share a line"
        assert list(each.rewrite.before) == lines[each.rewrite.first - 1 : each.rewrite.last]
        lines[each.rewrite.first - 1 : each.rewrite.last] = suggested(body(each))
        below = each.rewrite.first
    return "\n".join(lines)


FIXES = {
    "a word": ([finding(TITLE)], [(2, 2, ["title: Kedro"])]),
    "two lines": ([finding(TITLE), finding(STATUS)], [(2, 2, ["title: Kedro"]), (4, 4, ["status: claimed"])]),
    "two words of one line": (
        [finding(STATUS), finding((4, 9, 4, 16, "draft"), rule="wrong-value")],
        [(4, 4, ["status: draft"])],
    ),
    "a new line": ([finding(NEW_FIELD)], [(5, 5, ["option: mlops-tool", "---"])]),
    "two new lines at one place, one after the other": (
        [finding(NEW_FIELD), finding((5, 1, 5, 1, "tool: Kedro\n"))],
        [(5, 5, ["option: mlops-tool", "---"])],
    ),
    "a line less": ([finding((4, 1, 5, 1, ""))], [(4, 4, [])]),
    "at the end": ([finding((8, 1, 8, 1, "More\n"))], [(7, 7, ["Text", "More"])]),
    "an empty line in place of one": ([finding((7, 1, 7, 5, ""))], [(7, 7, [""])]),
    "far apart, for one finding": (
        [finding((2, 1, 2, 1, "#"), (7, 1, 7, 1, "#"))],
        [(2, 2, ["#titel: Kedro"]), (7, 7, ["#Text"])],
    ),
    "lines that two fixes share": (
        [finding((2, 8, 3, 1, "x\n")), finding((2, 9, 3, 3, ""), rule="waits"), finding((3, 10, 3, 14, ""))],
        [(2, 3, ["titel: x", "authors: cat"])],
    ),
    "one word in two ways": ([finding(TITLE), finding((2, 1, 2, 6, "tool"))], [(2, 2, ["title: Kedro"])]),
    "nothing new": ([finding((2, 1, 2, 6, "titel"))], []),
}


@pytest.mark.parametrize(("findings", "expected"), FIXES.values(), ids=FIXES)
def test_each_line_is_suggested_once(findings: list[Finding], expected: list[tuple[int, int, list[str]]]) -> None:
    fresh = planned(POST, *findings).fresh
    assert [(each.rewrite.first, each.rewrite.last, list(each.rewrite.after)) for each in fresh] == expected
    committed(POST, fresh)


VALUES = {"kedro.example": "https://kedro.example", "https://kedro.example": "https://kedro.example/"}


def wrong_values(path: str, content: bytes) -> list[Finding]:
    """Findings in values of the field `tool_url` alone, whose fix may lead to the next one."""
    rows = [(row, line.partition(": ")) for row, line in enumerate(content.decode().split("\n"), 1)]
    return [finding((row, 11, row, 11 + len(value), VALUES[value])) for row, (field, _, value) in rows
            if field == "tool_url" and value in VALUES]  # fmt: skip


def test_what_shows_only_after_a_suggestion_is_in_it() -> None:
    text = "---\ntoolurl: kedro.example\ntitel: Kedro\ntool_url: kedro.example\n---\n"
    findings = [finding((2, 1, 2, 8, "tool_url")), finding((3, 1, 3, 6, "tool: K\ntitle"))]
    content = Diff(text.encode(), [range(1, 6)])
    fresh = settled(planned(text, *findings).fresh, {PATH: content}, wrong_values)
    assert committed(text, fresh) == (
        "---\ntool_url: https://kedro.example/\ntool: K\ntitle: Kedro\ntool_url: kedro.example\n---\n"
    )


HUNKS = {
    "in a hunk": ([range(1, 4)], finding(TITLE), (2, 2)),
    "outside": ([range(1, 4)], finding(STATUS), None),
    "across two hunks": ([range(1, 4), range(4, 8)], finding((3, 1, 5, 1, "x\n")), None),
    "a new line above the hunk's first": ([range(5, 8)], finding(NEW_FIELD), (5, 5)),
    "a new line below the hunk's last": ([range(2, 5)], finding(NEW_FIELD), (4, 4)),
    "one of two places outside": ([range(1, 4)], finding(TITLE, STATUS), None),
}


@pytest.mark.parametrize(("hunks", "each", "expected"), HUNKS.values(), ids=HUNKS)
def test_only_lines_that_github_shows_get_suggestions(
    hunks: list[range], each: Finding, expected: tuple[int, int] | None
) -> None:
    result = planned(POST, each, hunks=hunks)
    assert [(it.rewrite.first, it.rewrite.last) for it in result.fresh] == ([expected] if expected else [])
    assert bool(result.by_hand.get(each)) is (expected is None)


UNSEEN = {
    "a byte order mark": b"\xef\xbb\xbf" + POST.encode(),
    "line ends of Windows": POST.replace("\n", "\r\n").encode(),
    "a carriage return within": POST.replace("octo", "octo\r").encode(),
    "no text": POST.encode().replace(b"Kedro", b"\xff"),
    "a null": POST.encode().replace(b"octocat", b"octo\0cat"),
    "a direction turned": POST.replace("Kedro", "\u202eKedro").encode(),
    "an invisible sign": POST.replace("Kedro", "Ke\u200bdro").encode(),
    "more backticks than code may have": POST.replace("Kedro", "`" * 21).encode(),
}


@pytest.mark.parametrize("content", UNSEEN.values(), ids=UNSEEN)
def test_what_a_suggestion_would_hide_is_left_to_people(content: bytes) -> None:
    each = finding(TITLE)
    result = planned(content, each)
    assert result.fresh == ()
    assert list(result.by_hand) == [each]


@pytest.mark.parametrize("content", [POST.replace("\n", "\r\n"), f"\ufeff{POST}"])
def test_what_the_line_should_be_is_said_all_the_same(content: str) -> None:
    [[rewrite]] = planned(content, finding(TITLE)).by_hand.values()
    assert (rewrite.before, rewrite.after) == (("titel: Kedro",), ("title: Kedro",))
    assert tokens(content, finding(TITLE)) == tokens(POST, finding(TITLE))


def test_a_fix_that_would_hide_something_is_left_to_people() -> None:
    assert planned(POST, finding((2, 1, 2, 6, "ti\u202etle"))).fresh == ()


HOSTILE = (
    "@everyone #1 [x](https://evil.example) <img src=x onerror=alert(1)> https://evil.example www.evil.example $x$ "
    "``` ~~~ <!-- --> \\"
)


@pytest.mark.parametrize("hostile", [HOSTILE, "```", "````suggestion", "`" * 19, "</code></pre><script>", "--> @you"])
def test_strangers_text_is_inert(hostile: str) -> None:
    text = f"---\ntitel: {hostile}\n{hostile}\n---\n"
    each = finding((2, 1, 3, 1, f"title: {hostile}\n"), rule=f"`{hostile}`", message=f"“{hostile}” is wrong")
    each = msgspec.structs.replace(each, fix=msgspec.structs.replace(each.fix, message=f"Writes {hostile}"))
    [suggestion] = planned(text, each).fresh
    written = body(suggestion)
    assert suggested(written) == [f"title: {hostile}"]
    page = rendered(written)
    outside = page.replace(page[page.index("<pre>") : page.rindex("</pre>") + 6], "")
    for live in ("<img", "<script", "href=", "@everyone", "@you", "#1 "):
        assert live not in outside.split("<code>")[0]
    assert tokens_in(written) == suggestion.tokens


def test_a_comment_that_only_looks_like_a_suggestion_has_no_tokens() -> None:
    [suggestion] = planned(POST, finding(TITLE)).fresh
    assert tokens_in(f"See:\n{body(suggestion)}") == ()
    assert tokens_in("```suggestion\nx\n```") == ()


def tokens(text: str, *findings: Finding) -> list[str]:
    return list(planned(text, *findings).tokens.values())


def test_a_finding_keeps_its_token_while_its_line_moves() -> None:
    above = POST.replace("---\n", "---\ntool: Kedro\n", 1)
    moved = finding((5, 1, 5, 7, "status"), message="no field is called that; see line 9")
    assert tokens(POST, finding(STATUS, message="no field is called that; see line 8")) == tokens(above, moved)


def test_a_finding_whose_line_changes_elsewhere_keeps_its_key_alone() -> None:
    changed = POST.replace("statsu: claimed", "statsu: draft")
    [before], [after] = tokens(POST, finding(STATUS)), tokens(changed, finding(STATUS))
    assert before != after
    assert key_of(before) == key_of(after)
    assert planned(changed, finding(STATUS), offered=key_of(before)).fresh == ()


DIFFERENT = {
    "rule": finding(STATUS, rule="missing-field"),
    "message": finding(STATUS, message="another"),
    "text": finding((4, 1, 4, 7, "state")),
    "old text": finding((4, 1, 4, 6, "status")),
}


@pytest.mark.parametrize("other", DIFFERENT.values(), ids=DIFFERENT)
def test_other_findings_have_other_keys(other: Finding) -> None:
    [one], [another] = tokens(POST, finding(STATUS)), tokens(POST, other)
    assert key_of(one) != key_of(another)


def test_two_findings_alike_have_two_keys_in_their_order() -> None:
    twice = POST.replace("Text\n", "statsu: claimed\n")
    below = finding((7, 1, 7, 7, "status"))
    one, two = tokens(twice, finding(STATUS), below)
    assert key_of(one) != key_of(two)


def test_a_review_has_so_many_suggestions_and_the_others_wait() -> None:
    text = "x\n" * (MOST + 5)
    findings = [finding((line, 1, line, 2, "y")) for line in range(1, MOST + 6)]
    result = planned(text, *findings)
    assert len(result.fresh) == MOST
    assert len(result.tokens) == MOST + 5
    assert result.by_hand == {}


texts = st.lists(st.text("ab `~>#é", max_size=8), min_size=1, max_size=12).map("\n".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Finding]]:
    """A text, and findings whose edits do not touch each other."""
    text = draw(texts) + draw(st.sampled_from(["", "\n"]))
    lines = text.split("\n")
    places = [(row + 1, column + 1) for row, line in enumerate(lines) for column in range(len(line) + 1)]
    chosen = sorted(draw(st.lists(st.sampled_from(places), max_size=8, unique=True)))
    pairs = list(zip(chosen[::2], chosen[1::2], strict=False))
    new = st.text("xy`\n", max_size=5)
    return text, [finding((*start, *end, draw(new)), rule=f"r{at}") for at, (start, end) in enumerate(pairs)]


@settings(max_examples=100, deadline=None)
@given(edited())
def test_all_suggestions_together_make_the_edits(case: tuple[str, list[Finding]]) -> None:
    text, findings = case
    wanted = applied(text.encode(), [edit for each in findings for edit in each.fix.edits]).decode()
    assume(text.strip("\n") and text.endswith("\n") is wanted.endswith("\n"))  # GitHub keeps the last line's end
    result = planned(text, *findings, hunks=[range(1, text.count("\n") + 2)])
    offered = {token for each in result.fresh for token in each.tokens}
    edits = [edit for each in findings if result.tokens[each] in offered for edit in each.fix.edits]
    assert committed(text, result.fresh) == applied(text.encode(), edits).decode()
    skipped = [each for each in findings if result.tokens[each] not in offered and each not in result.by_hand]
    assert all(applied(text.encode(), each.fix.edits) == text.encode() for each in skipped)


def test_a_large_post_takes_no_time() -> None:
    text = "statsu: x\n" * 100_000
    findings = [finding((line, 1, line, 7, "status")) for line in range(1, 100_000, 100)]
    assert len(planned(text, *findings).tokens) == 1_000
