"""The desk's review: suggestions at their lines, each offered once, and no verdict that waits for it."""

import os
import re
from pathlib import Path

import pytest
from course import Office, claim
from standin import Fault, RefusedError, ReviewComment

from coursehub.desk import suggestions
from coursehub.desk.record import from_comment

pytestmark = pytest.mark.slow

F2026 = "posts/F2026"
GOLDEN = Path(__file__).parent / "fixtures/desk_review"
KEDRO = f"{F2026}/kedro.md"
MISSPELT = claim("octocat", "Kedro").replace("title:", "titel:").replace("option:", "optoin:")
REVIEWS = r"POST /repos/course/hub/pulls/\d+/reviews"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def opened(office: Office, text: str = MISSPELT, author: str = "octocat", path: str = KEDRO, **how: object) -> int:
    number = office.github.open(author, {path: text}, **how)  # type: ignore[arg-type]
    assert office.run().failures == []
    return number


def threads(office: Office, number: int = 1) -> list[ReviewComment]:
    return [it for it in office.github.threads(number) if not it.is_resolved]


def at(office: Office, number: int = 1) -> list[tuple[str, int, int]]:
    return [(it.path, it.first, it.last) for it in threads(office, number)]


def comment(office: Office, number: int = 1) -> str:
    [own] = [each.body for each in office.github.comments_on(number) if each.is_bot]
    return own


def sent(office: Office) -> list[str]:
    """The requests since the last call, without those that every look takes."""
    asked = [f"{each.method} {each.path}" + (re.search(r"query (\w+)", each.body["query"]) or [""])[0].removeprefix("query")
             if each.path == "/graphql" else f"{each.method} {each.path}" for each in office.github.requests]  # fmt: skip
    office.github.requests.clear()
    return [each for each in asked if not re.search(r"OpenPulls|/actions/runs|/pages|Arrivals|/issues\?", each)]


def text_of(office: Office, number: int, path: str = KEDRO) -> str:
    head = office.github.pulls[number].head_sha
    return (office.github.objects.blob(office.github.objects.files(head)[path].sha) or b"").decode()


def test_a_misspelt_field_gets_a_suggestion_that_one_commit_takes(office: Office) -> None:
    opened(office)
    assert at(office) == [(KEDRO, 2, 2), (KEDRO, 4, 4)]
    assert office.state_of(1) == "failure"
    assert "suggestions for 2 things under" in comment(office)
    office.at(60)
    office.github.commit_suggestions(1, [it.id for it in threads(office)], "octocat")
    assert text_of(office, 1) == claim("octocat", "Kedro")
    assert office.run().failures == []
    assert (office.state_of(1), at(office)) == ("success", [])
    assert "suggestion" not in comment(office).rpartition("\n<!--")[0]


def test_a_wrong_value_under_a_wrong_name_takes_one_commit(office: Office) -> None:
    opened(office, claim("octocat", "Kedro", toolurl="www.kedro.example"))
    [thread] = threads(office)
    assert "```suggestion\ntool_url: https://www.kedro.example\n```" in thread.body
    office.at(60)
    office.github.commit_suggestions(1, [thread.id], "octocat")
    assert office.run().failures == []
    assert (office.state_of(1), at(office)) == ("success", [])


def test_the_words_of_a_first_post(office: Office) -> None:
    """`fixtures/desk_review/told.md` is all that its author reads; `DESK_GOLDEN=write` writes it anew."""
    opened(office, (GOLDEN / "post.md").read_text())
    [review] = [each.body for each in office.github.requests if each.path.endswith("/reviews")]
    lines = [f"lines {it.get('start_line', it['line'])} to {it['line']}\n{it['body']}" for it in review["comments"]]
    head = office.github.pulls[1].head_sha
    parts = [comment(office).rpartition("\n<!--")[0], review["body"], *lines]
    text = "\n\n=====\n".join(parts).replace(head, "HEAD").replace(head[:12], "HEAD") + "\n"
    if os.environ.get("DESK_GOLDEN") == "write":
        (GOLDEN / "told.md").write_text(text)
    assert text == (GOLDEN / "told.md").read_text()


def test_verdict_and_status_come_first_and_all_of_it_takes_few_requests(office: Office) -> None:
    opened(office)
    assert sent(office) == [
        "POST /repos/course/hub/issues/1/comments",
        f"POST /repos/course/hub/statuses/{office.github.pulls[1].head_sha}",
        "POST /graphql ReviewThreads",
        "POST /repos/course/hub/pulls/1/reviews",
        f"PATCH /repos/course/hub/issues/comments/{office.github.comments_on(1)[0].id}",
    ]
    office.run()
    office.run(1)
    assert sent(office) == []


def test_nothing_is_offered_twice_wherever_its_line_moves(office: Office) -> None:
    opened(office)
    before = threads(office)
    for seconds, text in enumerate([MISSPELT.replace("---\n", "---\ntool_url: https://kedro.example\n", 1), MISSPELT]):
        office.at(60 + seconds)
        office.github.push(1, {KEDRO: text})
        assert office.run().failures == []
    office.run(1)
    office.run(again=True)
    assert threads(office) == before
    office.github.delete_comment(office.github.comments_on(1)[0].id)  # and with it, all that the desk remembers
    assert office.run().failures == []
    assert threads(office) == before
    assert "suggestions for 2 things under" in comment(office)


def test_a_suggestion_that_somebody_turned_down_does_not_come_back(office: Office) -> None:
    opened(office)
    for each in threads(office):
        each.is_resolved = True
    office.at(60)
    office.github.push(1, {KEDRO: MISSPELT.replace("About Kedro", "Kedro")})
    office.run()
    assert at(office) == []


def test_what_is_mended_by_hand_is_taken_back(office: Office) -> None:
    opened(office)
    office.at(60)
    office.github.push(1, {KEDRO: MISSPELT.replace("titel:", "title:")})
    assert office.run().failures == []
    assert at(office) == [(KEDRO, 4, 4)]
    assert "there is a suggestion under" in comment(office)
    office.at(120)
    office.github.push(1, {KEDRO: claim("octocat", "Kedro")})
    sent(office)
    assert office.run().failures == []
    assert at(office) == []
    assert [
        each.partition(" /repos/course/hub/")[2].rpartition("/")[0] for each in sent(office) if "DELETE" in each
    ] == ["pulls/comments"]


def test_a_line_that_became_another_is_told_in_words_and_not_suggested_again(office: Office) -> None:
    opened(office)
    office.at(60)
    office.github.push(1, {KEDRO: MISSPELT.replace('"About Kedro"', "Kedro")})
    assert office.run().failures == []
    assert at(office) == [(KEDRO, 4, 4)]
    assert "  - Instead of line 2, write `title: Kedro`" in comment(office)


def test_what_somebody_answered_in_words_is_left_to_people(office: Office) -> None:
    opened(office)
    first, _ = threads(office)
    office.github.reply(first.id, "teacher", "Yes, please")
    office.at(60)
    office.github.push(1, {KEDRO: claim("octocat", "Kedro")})
    assert office.run().failures == []
    assert threads(office) == [first]


def test_what_people_suggest_is_none_of_the_desks_business(office: Office) -> None:
    opened(office)
    copied = threads(office)[0].body
    office.github.review(1, "mallory", [(KEDRO, 3, 3, copied), (KEDRO, 2, 2, copied)])
    office.at(60)
    office.github.push(1, {KEDRO: claim("octocat", "Kedro")})
    assert office.run().failures == []
    assert [(it.author, it.first) for it in threads(office)] == [("mallory", 3), ("mallory", 2)]


def test_suggestions_that_overlap_or_are_out_of_date_github_refuses(office: Office) -> None:
    opened(office)
    office.github.review(1, "teacher", [(KEDRO, 1, 3, "```suggestion\nx\n```")])
    own, other = threads(office)[0], threads(office)[-1]
    with pytest.raises(RefusedError, match="Only one suggestion per line"):
        office.github.commit_suggestions(1, [own.id, other.id], "octocat")
    office.github.push(1, {KEDRO: MISSPELT.replace("titel: ", "titel:  ")})
    with pytest.raises(RefusedError, match="Outdated"):
        office.github.commit_suggestions(1, [own.id], "octocat")


@pytest.mark.parametrize(
    ("author", "text"),
    [
        ("hubot", MISSPELT),
        ("teacher", MISSPELT),
        ("hubot", MISSPELT.replace("authors: octocat", "authors: mona")),
    ],
    ids=["of a stranger", "of staff", "in another's name"],
)
def test_somebody_elses_post_gets_none(office: Office, author: str, text: str) -> None:
    office.github.commit_to_main({KEDRO: claim("octocat", "Kedro")})
    office.reload()
    opened(office, text, author)
    assert at(office) == []
    assert "suggest" not in comment(office)


def test_of_a_pull_request_that_also_touches_another_post_the_own_one_alone_gets_them(office: Office) -> None:
    luigi = f"{F2026}/luigi.md"
    office.github.commit_to_main({luigi: claim("hubot", "Luigi")})
    office.reload()
    office.github.open("octocat", {KEDRO: MISSPELT, luigi: claim("hubot", "Luigi").replace("title:", "titel:")})
    office.run()
    assert {path for path, _, _ in at(office)} == {KEDRO}


def test_a_claim_that_somebody_else_has_gets_none(office: Office) -> None:
    opened(office, claim("hubot", "Kedro"), "hubot")
    office.at(60)
    opened(office)
    assert at(office, 2) == []


def test_who_named_nobody_is_the_author_of_a_new_post(office: Office) -> None:
    opened(office, claim("octocat", "Kedro").replace("authors:", "auhtors:"))
    assert at(office) == [(KEDRO, 3, 3)]


def test_outside_the_diff_the_comment_has_the_steps(office: Office) -> None:
    long = claim("octocat", "Kedro").replace("title:", "titel:") + "".join(f"\nLine {n}\n" for n in range(20))
    office.github.commit_to_main({KEDRO: long})
    office.reload()
    opened(office, long.replace("Line 19", "The last line"))
    assert at(office) == []
    assert '  - Instead of line 2, write `title: "About Kedro"`' in comment(office)


def test_a_file_by_a_new_name_gets_them_where_github_shows_what_differs(office: Office) -> None:
    path = f"{F2026}/kedor.md"
    long = claim("octocat", "Kedro").replace("option:", "optoin:") + "".join(f"\nLine {n}\n" for n in range(20))
    office.github.commit_to_main({path: long})
    office.reload()
    office.github.open("octocat", {path: None, KEDRO: long.replace("title:", "titel:").replace("Line 19", "Last")})
    assert office.run().failures == []
    assert at(office) == [(KEDRO, 2, 2), (KEDRO, 4, 4)]
    office.at(60)
    far = f"{F2026}/far.md"
    office.github.open("octocat", {path: None, far: long.replace("Line 19", "Last")})
    assert office.run().failures == []
    assert at(office, 2) == []  # line 4 is none that differs


REFUSALS = {
    "403": Fault(403, body=b'{"message": "Resource not accessible by integration"}'),
    "422": Fault(422, body=b'{"message": "Unprocessable Entity", "errors": ["line must be part of the diff"]}'),
}
TROUBLE = {"500": Fault(500), "no answer": Fault(timeout=True), "done, and no answer": Fault(502, done=True)}


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_review_that_github_refuses_costs_no_verdict(office: Office, fault: str) -> None:
    office.github.fail(REVIEWS, REFUSALS[fault], times=None)
    office.github.open("octocat", {KEDRO: MISSPELT})
    [failure] = office.run().failures
    assert failure.startswith("#1 was judged, but GitHub did not take the suggestions: POST /repos/course/hub/pulls/1")
    assert office.state_of(1) == "failure"
    assert "suggestion" not in comment(office).rpartition("\n<!--")[0]
    assert "2 things to fix" in comment(office)
    sent(office)
    assert office.run().failures == []
    assert sent(office) == []  # it would refuse the same again
    office.github.clear_faults()
    office.at(60)
    office.github.push(1, {KEDRO: MISSPELT + "More\n"})
    assert office.run().failures == []
    assert at(office) == [(KEDRO, 2, 2), (KEDRO, 4, 4)]


@pytest.mark.parametrize("asked", [REVIEWS, "POST /graphql ReviewThreads", r"PATCH /repos/course/hub/issues/comments"])
@pytest.mark.parametrize("fault", TROUBLE)
def test_what_could_not_be_written_is_written_once_at_the_next_look(office: Office, asked: str, fault: str) -> None:
    office.github.fail(asked, TROUBLE[fault], times=3)
    office.github.open("octocat", {KEDRO: MISSPELT})
    office.run()
    assert office.state_of(1) == "failure"
    office.github.clear_faults()
    assert office.run().failures == []
    assert at(office) == [(KEDRO, 2, 2), (KEDRO, 4, 4)]
    assert "suggestions for 2 things under" in comment(office)
    sent(office)
    assert office.run().failures == []
    assert sent(office) == []


def test_a_pull_request_that_moved_on_meanwhile_gets_none(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.github.open("octocat", {KEDRO: MISSPELT})
    send = office.door.query

    def query(name: str, *rest: object, **variables: object) -> object:
        if name == "review_threads":
            office.github.push(1, {KEDRO: MISSPELT + "More\n"})
        return send(name, *rest, **variables)  # type: ignore[arg-type]

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(office.door, "query", query)
        assert office.run().failures == []
    assert at(office) == []
    office.at(60)
    assert office.run().failures == []
    assert at(office) == [(KEDRO, 2, 2), (KEDRO, 4, 4)]


def test_suggestions_wait_for_all_verdicts_and_for_the_next_look_where_requests_run_out(office: Office) -> None:
    for number, tool in enumerate(("Kedro", "Dagster", "Luigi"), 1):
        text = claim(f"student-{number}", tool).replace("title:", "titel:")
        office.github.open(f"student-{number}", {f"{F2026}/{tool.lower()}.md": text})
    outcome = office.run(requests=8)
    assert outcome.failures == ["GitHub limits requests, so suggestions from #1 on follow at the next run"]
    assert office.states() == ["failure"] * 3
    assert [at(office, number) for number in (1, 2, 3)] == [[], [], []]
    assert office.run().failures == []
    assert [len(at(office, number)) for number in (1, 2, 3)] == [1, 1, 1]


def test_without_the_right_to_delete_the_rest_is_done(office: Office) -> None:
    opened(office)
    office.github.fail("DELETE ", REFUSALS["403"], times=None)
    office.at(60)
    office.github.push(1, {KEDRO: claim("octocat", "Kedro")})
    [failure] = office.run().failures
    assert failure.startswith(
        "#1 was judged, but a suggestion that is no longer needed could not be removed: DELETE /repos/"
    )
    assert office.state_of(1) == "success"


def test_what_is_remembered_stays_small(office: Office) -> None:
    opened(office)
    assert len(from_comment(comment(office)).offers.keys) == 2
    for step in range(3):
        office.at(60 * step + 60)
        fields = "".join(f"titel{chr(97 + n)}{step}: x\n" for n in range(100))
        office.github.push(1, {KEDRO: MISSPELT.replace("---\n", f"---\n{fields}", 1)})
        office.run()
    assert len(from_comment(comment(office)).offers.keys) <= 200


LONG = claim("octocat", "Kedro").replace("title:", "titel:")
STEPS = {
    "a post elsewhere": (
        {f"{F2026}/kedor.md": claim("octocat", "Kedro")},
        ["Open `posts/F2026/kedor.md` to edit it and, in the box above the text, change its name to `kedro.md`."],
    ),
    "in another folder": (
        {"posts/S2026/kedro.md": claim("octocat", "Kedro")},
        ["Open `posts/S2026/kedro.md` to edit it and, in the box above the text, change its name to `../F2026/kedro.md`."],
    ),
    "with its picture": (
        {f"{F2026}/kedor.md": claim("octocat", "Kedro") + "![A graph](kedor/a.png)\n", f"{F2026}/kedor/a.png": b"\x89PNG"},
        [
            "Open `posts/F2026/kedor.md` to edit it and, in the box above the text, change its name to `kedro.md`.",
            "In the folder `posts/F2026/kedro`, choose “Add file” and “Upload files” for `a.png`; then delete what is in "
            "`posts/F2026/kedor`.",
            "Instead of line 9, write `![A graph](kedro/a.png)`",
        ],
    ),
    "a byte order mark": (
        {KEDRO: "\ufeff" + MISSPELT},
        [
            "GitHub cannot show a suggestion for this. On your own machine, `coursehub check --fix` does it.",
            'Instead of line 2, write `title: "About Kedro"`',
            "Instead of line 4, write `option: mlops-tool`",
        ],
    ),
    "line ends of Windows": (
        {KEDRO: LONG.replace("\n", "\r\n")},
        [
            'Instead of line 2, write `title: "About Kedro"`',
            "GitHub cannot show a suggestion for this. On your own machine, `coursehub check --fix` does it.",
        ],
    ),
    "an invisible sign": (
        {KEDRO: claim("octocat", "Kedro").replace("About", "Ab\u200bout")},
        ["GitHub cannot show a suggestion for this. On your own machine, `coursehub check --fix` does it."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "steps"), STEPS.values(), ids=STEPS)
def test_where_no_suggestion_can_be_the_comment_says_what_to_do(
    office: Office, files: dict[str, str | bytes], steps: list[str]
) -> None:
    office.github.open("octocat", files)
    assert office.run().failures == []
    assert at(office) == []
    assert re.findall("^  - (.*)$", comment(office), re.MULTILINE) == steps


@pytest.mark.parametrize("text", ["x\n" * 20_000, "x" * 500_000], ids=["lines", "bytes"])
def test_of_a_file_that_github_does_not_show_whole_nothing_is_suggested(office: Office, text: str) -> None:
    opened(office, LONG + "\n" + text)
    assert at(office) == []


def test_a_fix_that_can_not_be_costs_no_verdict(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def applied(content: bytes, edits: object) -> bytes:
        raise ValueError("line 2 has no column 99")

    office.github.open("octocat", {KEDRO: MISSPELT})
    monkeypatch.setattr(suggestions, "applied", applied)
    assert office.run().failures == ["#1 was judged, but without suggestions: line 2 has no column 99"]
    assert office.state_of(1) == "failure"
