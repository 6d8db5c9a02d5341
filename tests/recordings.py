"""GitHub's own recordings, by the packages of their owners: events as webhooks sent them, and answers of REST.

npm installs them at the versions of package.json, with what checks the site's JavaScript.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

FOLDER = Path(__file__).parents[1] / "node_modules/@octokit"
EVENTS = FOLDER / "webhooks-examples/api.github.com/index.json"
ANSWERS = FOLDER / "fixtures/scenarios/api.github.com"
MISSING = "the tests with GitHub's own recordings (apt install npm, then make lint)"


def are_there() -> bool:
    return EVENTS.is_file() and ANSWERS.is_dir()


def events(name: str) -> list[dict[str, Any]]:
    """Payloads of an event, as GitHub sent them."""
    (recorded,) = (each["examples"] for each in json.loads(EVENTS.read_text("utf-8")) if each["name"] == name)
    payloads: list[dict[str, Any]] = recorded
    return payloads


def scenarios() -> list[str]:
    return sorted(path.name for path in ANSWERS.iterdir()) if are_there() else []


def exchanges(scenario: str) -> list[dict[str, Any]]:
    """Requests of a scenario, each with its answer, in their order."""
    read: list[dict[str, Any]] = json.loads((ANSWERS / scenario / "normalized-fixture.json").read_text("utf-8"))
    return read


class Tape(httpx2.MockTransport):
    """Answers as GitHub did, to the same requests in the same order; `left_over` are those that nobody sent yet."""

    def __init__(self, recorded: list[dict[str, Any]]) -> None:
        self._rest: Iterator[dict[str, Any]] = iter(recorded)
        super().__init__(self._answer)

    @property
    def left_over(self) -> list[str]:
        return [f"{each['method'].upper()} {each['path']}" for each in self._rest]

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        each = next(self._rest)
        assert (request.method, request.url.raw_path.decode()) == (each["method"].upper(), each["path"])
        assert f"https://{request.url.host}:443" == each["scope"]
        headers = {name: str(value) for name, value in each["headers"].items() if name != "content-encoding"}
        body = each["response"]
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        return httpx2.Response(each["status"], headers=headers, content=content)
