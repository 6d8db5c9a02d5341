"""`coursehub server` as an editor knows it: it marks what `check` finds, and offers its fixes."""

import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import editors
import msgspec
import needs
import pytest
import test_rules
import trees
from click.testing import CliRunner
from course import claim
from editors import Editor, edited, framed
from hypothesis import given, settings
from hypothesis import strategies as st
from repositories import ENVIRONMENT, Repository

from coursehub.checks.draft import Draft, with_fixes
from coursehub.cli import main
from coursehub.editor import session
from coursehub.editor.places import Lines
from coursehub.editor.protocol import messages
from coursehub.editor.serving import serve
from coursehub.editor.session import Session
from coursehub.records import repository
from coursehub.records.finding import Edit
from coursehub.records.paths import is_post

HUB = trees.parse((Path(__file__).parent / "fixtures/cli/hub.txt").read_text())
KEDRO = "posts/F2026/kedro.md"
SLIPS = """---
title: "🦔 Kedro"
author: hubot
option: mlops-tool
tool: "🦔 Kedro 🦔"
semester: F2026
status: claimd
---
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    hub = Repository(tmp_path / "a hub é")  # whose address is not its path
    trees.write(HUB, hub.root)
    hub.commit()
    return hub.root


@pytest.fixture
def editor(root: Path) -> Iterator[Editor]:
    with editors.editor(root) as editor:
        yield editor


def contents(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}


def brief(marks: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(mark["code"], mark["range"]["start"]["line"], mark["range"]["start"]["character"]) for mark in marks]


def test_a_post_that_is_not_saved_is_marked_and_fixed_and_nothing_is_written(editor: Editor, root: Path) -> None:
    before = contents(root)
    marks = editor.open(KEDRO, SLIPS)
    assert marks == [
        {
            "range": {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 13}},
            "severity": 1,
            "code": "unknown-field",
            "source": "coursehub",
            "message": "“author” is not a field of a post\nCall it “authors” (a GitHub login, or a list of logins).",
        },
        {
            "range": {"start": {"line": 6, "character": 8}, "end": {"line": 6, "character": 14}},
            "severity": 1,
            "code": "unknown-value",
            "source": "coursehub",
            "message": "“claimd” is not one of the values of “status”\nDid you mean “claimed”?",
        },
    ]
    fix, fix_all = editor.actions(KEDRO, 6)
    assert fix == {
        "title": "Writes “claimed”.",
        "kind": "quickfix",
        "isPreferred": True,
        "diagnostics": marks[1:],
        "edit": {
            "documentChanges": [
                {
                    "textDocument": {"uri": editor.uri(KEDRO), "version": 1},
                    "edits": [{"range": marks[1]["range"], "newText": "claimed"}],
                }
            ]
        },
    }
    (change,) = fix_all["edit"]["documentChanges"]
    fixed = edited(SLIPS, change["edits"])
    assert (fix_all["title"], fixed) == (
        "Fix all: 2 safe fixes",
        SLIPS.replace("author:", "authors:").replace("claimd", "claimed"),
    )
    assert editor.change(KEDRO, fixed, 2) == []
    assert contents(root) == before


def test_what_another_file_says_counts_once_it_is_saved_or_open(editor: Editor, root: Path) -> None:
    assert editor.open(KEDRO, claim("hubot", "MLEM")) != []  # it belongs elsewhere
    assert editor.change(KEDRO, claim("hubot", "Kedro"), 2) == []
    other = root / "posts/F2026/kedro-2.md"
    other.write_text(claim("monalisa", "Kedro"))
    editor.save("posts/F2026/kedro-2.md")
    assert [code for code, _, _ in brief(editor.marks(KEDRO))] == ["claim-taken"]
    editor.notify("workspace/didChangeWatchedFiles", changes=[])
    editor.marks(KEDRO)
    other.unlink()
    tools = root / "data/tools.yaml"
    tools.write_text(f"{tools.read_text()}  kedro: {{name: Kedro, aliases: [quedro]}}\n")
    editor.save("data/tools.yaml")
    assert editor.marks(KEDRO) == []
    assert editor.change(KEDRO, claim("hubot", "Quedro"), 3) == []
    editor.open("posts/F2026/quedro.md", claim("monalisa", "Kedro"))
    editor.save(KEDRO)
    assert [code for code, _, _ in brief(editor.marks(KEDRO))] == ["claim-taken"]
    editor.notify("textDocument/didClose", textDocument={"uri": editor.uri(KEDRO)})
    assert editor.marks(KEDRO) == []
    assert editor.actions(KEDRO, 0) == []


def test_a_rename_is_offered_to_an_editor_that_can(root: Path) -> None:
    with editors.editor(root) as able, editors.editor(root, {}) as unable:
        wrong = "posts/F2026/quedro.md"
        for editor in (able, unable):
            assert [code for code, _, _ in brief(editor.open(wrong, claim("hubot", "Kedro")))] == ["misplaced-post"]
        (move,) = able.actions(wrong, 4, only=["quickfix"])
        assert move["edit"]["documentChanges"][-1] == {
            "kind": "rename", "oldUri": able.uri(wrong), "newUri": able.uri(KEDRO),
        }  # fmt: skip
        assert unable.actions(wrong, 4) == []
        unable.change(wrong, SLIPS, 2)
        (fix,) = unable.actions(wrong, 6, only=["quickfix"])
        assert list(fix["edit"]) == ["changes"]
        assert [each["newText"] for each in fix["edit"]["changes"][unable.uri(wrong)]] == ["claimed"]


def test_an_unsafe_fix_says_so_and_is_in_no_fix_of_all(editor: Editor) -> None:
    text = claim("hubot", "Apache Airflo")
    path = "posts/F2026/apache-airflo.md"
    assert [code for code, _, _ in brief(editor.open(path, text))] == ["claim-resembles"]
    line = next(number for number, line in enumerate(text.split("\n")) if line.startswith("tool:"))
    (action,) = editor.actions(path, line)
    assert action["title"] == "Adds “distinct_from: Apache Airflow”. (look at it: this is only likely)"
    assert action["isPreferred"] is False
    assert editor.actions(path, line, only=["source.fixAll"]) == []
    assert editor.actions(path, line, only=["refactor"]) == []


@pytest.mark.parametrize("path", ["README.md", "posts/F2026/notes.txt", "data/tools.yaml", "../elsewhere.md"])
def test_only_posts_are_marked(path: str, editor: Editor) -> None:
    document = {"uri": editor.uri(path), "languageId": "markdown", "version": 1, "text": SLIPS}
    editor.notify("textDocument/didOpen", textDocument=document)
    editor.notify("textDocument/didOpen", textDocument={**document, "uri": "untitled:Untitled-1"})
    assert editor.request("textDocument/codeAction", textDocument={"uri": editor.uri(path)}, context={},
                          range={"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}) == []  # fmt: skip
    assert editor.notifications == []


def test_a_course_that_can_not_be_read_is_said_once(editor: Editor, root: Path) -> None:
    course = root / "data/course.yaml"
    before = course.read_text()
    course.write_text("name: [")
    document = {"uri": editor.uri(KEDRO), "version": 1, "text": SLIPS}
    editor.notify("textDocument/didOpen", textDocument=document)
    assert editor.actions(KEDRO, 6) == []
    editor.save(KEDRO)
    course.write_text(before)
    editor.save(KEDRO)
    assert len(editor.marks(KEDRO)) == 2
    (shown,) = (each for each in editor.notifications if each["method"] == "window/showMessage")
    assert shown["params"]["message"] == f"coursehub: {KEDRO} cannot be checked: {course} cannot be read"


# --- the same as check, whatever the text


@pytest.mark.parametrize("fixture", sorted(test_rules.FIXTURES.glob("*.bad*.txt"))[::6], ids=lambda path: path.stem)
def test_the_marks_are_the_findings_of_check_and_actions_do_what_fixes_do(
    fixture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = test_rules.load(fixture, tmp_path)
    monkeypatch.chdir(tmp_path)
    its = Session()
    list(its.answer(json.dumps({"id": 0, "method": "initialize", "params": {"capabilities": {
        "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["rename"]}}}}}).encode()))  # fmt: skip
    for path in (each.path for each in hub.posts if is_post(each.path)):
        file = tmp_path / path
        if file.is_symlink() or not file.is_file():  # a pipe would be waited for
            continue
        if b"\r" in file.read_bytes() or len(file.read_bytes()) > 100_000:
            continue
        try:
            text = file.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        document = {"uri": file.as_uri(), "version": 3, "text": text}
        list(its.answer(json.dumps({"method": "textDocument/didOpen", "params": {"textDocument": document}}).encode()))
        sent = [json.loads(message.partition(b"\r\n\r\n")[2]) for message in its.publish()]
        (marks,) = (each["params"]["diagnostics"] for each in sent if each["params"]["uri"] == file.as_uri())
        reported = json.loads(CliRunner().invoke(main, ["check", path, "--format", "json"]).stdout)["findings"]
        assert [(mark["code"], mark["range"]["start"]["line"] + 1) for mark in marks] == [
            (each["rule"], each["line"] if each["path"] == path else 1) for each in reported
        ]
        for finding in session._findings(repository.load(tmp_path), path):
            own = [edit for edit in finding.fix.edits if edit.path == path]
            if own and not finding.fix.renames and not finding.fix.line_ends:
                lines = Lines(text)
                edits = [{"range": msgspec.to_builtins(lines.between(e)), "newText": lines.new_text(e)} for e in own]
                expected = with_fixes(Draft(repository.load(tmp_path)), [(path, finding.fix)]).contents[path].decode()
                assert edited(text, edits) == expected


TEXTS = st.lists(st.sampled_from(["a", "é", "🦔", "\u2028", "\t", " "]), max_size=5).map("".join)


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.randoms())
def test_a_place_is_where_utf_16_has_it(lines: list[str], newline: str, has_mark: bool, chance: random.Random) -> None:
    text = ("\ufeff" if has_mark else "") + newline.join(lines)
    line = chance.randrange(len(lines))
    column = chance.randrange(len(lines[line]) + 1)
    mark = Lines(text).position(line + 1, column + 1)
    units = len(lines[line][:column].encode("utf-16-le")) // 2 + (has_mark and line == 0)
    assert (mark.line, mark.character) == (line, units)
    beyond = Lines(text).position(line + 9, 1)
    assert beyond.line == len(lines) - 1
    assert Lines(text).new_text(Edit("a.md", 1, 1, 1, 1, "x\n")) == f"x{newline if len(lines) > 1 else chr(10)}"


# --- what no editor should send

BROKEN = [
    b"\r\n", b"nonsense\r\n\r\n", b"Content-Length: x\r\n\r\n", b"Content-Length: 2\r\n\r\n[]", b"Content-Length: 1\r\n\r\n{",
    b"Content-Length: 3\r\nContent-Type: x\r\n\r\n\"\xff\"",     framed({"jsonrpc": "2.0", "method": 7}), framed({"jsonrpc": "2.0"}), framed([]), framed({"id": {}, "method": "x"}),
    framed({"method": "textDocument/didOpen"}), framed({"method": "textDocument/didOpen", "params": {"textDocument": 3}}),
    framed({"method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///x"}, "contentChanges": []}}),
    framed({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "http://[", "version": 1, "text": ""}}}),
    framed({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///%00", "version": 1, "text": ""}}}),
    framed({"method": "$/cancelRequest", "params": {"id": 3}}), framed({"id": 9, "result": None}),
]  # fmt: skip


def test_malformed_messages_are_refused_and_the_next_is_answered(editor: Editor) -> None:
    for content in BROKEN:
        editor.send(content)
    assert editor.ask("textDocument/hover", position=1)["error"]["code"] == -32601
    assert editor.ask("textDocument/codeAction")["error"]["code"] == -32602
    assert {each["error"]["code"] for each in editor.notifications} == {-32700, -32600}
    assert len(editor.open(KEDRO, SLIPS)) == 2


@given(
    st.binary(max_size=60)
    | st.binary(max_size=40).map(lambda body: b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
)
def test_whatever_comes_is_answered_in_messages(content: bytes) -> None:
    sent = io.BytesIO()
    assert serve(io.BytesIO(content), sent) == 1
    assert all(b'"error"' in body for body in messages(io.BytesIO(sent.getvalue())))


def test_the_order_of_the_protocol_is_kept(root: Path) -> None:
    its = Session()

    def code(method: str, number: int | None = 1) -> Any:
        message = {"method": method} if number is None else {"method": method, "id": number}
        answers = [json.loads(each.partition(b"\r\n\r\n")[2]) for each in its.answer(json.dumps(message).encode())]
        return [answer.get("error", {}).get("code") for answer in answers]

    assert (code("shutdown"), code("textDocument/didOpen", None)) == ([-32002], [])
    assert (code("initialize"), code("shutdown"), code("textDocument/codeAction")) == ([None], [None], [-32600])
    assert (code("exit", None), its.exit_code) == ([], 0)


def test_a_bug_is_said_and_the_session_goes_on(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(session, "_document", lambda _: 1 / 0)
        editor.notify("textDocument/didOpen", textDocument={"uri": editor.uri(KEDRO), "version": 1, "text": SLIPS})
        assert editor.ask("nonsense")["error"]["code"] == -32601
    (shown,) = editor.notifications
    assert shown["params"]["message"] == "coursehub: textDocument/didOpen: ZeroDivisionError: division by zero"
    assert len(editor.open(KEDRO, SLIPS)) == 2


# --- as an editor starts it


def test_a_session_from_its_start_to_its_end(root: Path) -> None:
    with editors.process(root) as (editor, server):
        assert len(editor.open(KEDRO, SLIPS)) == 2
        assert editor.request("shutdown") is None
        editor.notify("exit")
        assert server.wait() == 0


@pytest.mark.parametrize("end", [b"", b"Content-Length: 5\r\n\r\n{", b"Content-Length: " + b"9" * 500 + b"\r\n\r\n{}"])
def test_an_editor_that_goes_away_or_sends_too_much_ends_it(end: bytes) -> None:
    assert serve(io.BytesIO(end), io.BytesIO()) == 1


@needs.TERMINALS
def test_who_starts_it_by_hand_reads_what_it_is_for(root: Path) -> None:
    import pty  # noqa: PLC0415  (it is missing on Windows)

    keyboard, terminal = pty.openpty()
    command = [Path(sys.executable).with_name("coursehub"), "server"]
    done = subprocess.run(command, stdin=terminal, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    os.close(keyboard)
    os.close(terminal)
    assert (done.returncode, done.stdout) == (2, "")
    assert "an editor starts this" in done.stderr
