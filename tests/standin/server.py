"""The stand-in as an httpx2 transport, and as a server on this machine."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2

from standin import graphql
from standin.descriptions import HINT, check_answer, check_request
from standin.faults import Expected, Fault
from standin.rest import ROUTES, Call, ProblemError, Reply, Route
from standin.shapes import number_for
from standin.state import World

PERMISSIONS = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "write",
    "issues": "write",
    "statuses": "write",
    "actions": "read",
    "checks": "read",
    "discussions": "read",
    "pages": "read",
}


class Received(NamedTuple):
    method: str
    path: str
    body: Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    truncated: bool = False


class NoAnswerError(Exception):
    """The request meets with silence."""


@dataclass(eq=False, repr=False)
class StandIn(World):
    """GitHub with one repository. Tests act on it as people do, set its clock `now`, `permissions` and `settings`, and
    look at what was asked of it in `requests`. What GitHub does not describe is an AssertionError: raised where the
    request was made in process, answered with 500 over HTTP, and kept in `faults_of_ours` either way.
    """

    permissions: dict[str, str] = field(default_factory=PERMISSIONS.copy)
    requests: list[Received] = field(default_factory=list)
    faults_of_ours: list[AssertionError] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._faults: list[Expected] = []
        self._lock = threading.RLock()

    def fail(self, pattern: str, fault: Fault, *, times: int | None = 1, skip: int = 0) -> None:
        """Let requests fail whose `METHOD /path?query`, or `POST /graphql OperationName`, holds the pattern: so many
        times (None: always), after so many that go well.
        """
        self._faults.append(Expected(re.compile(pattern), fault, times, skip))

    def clear_faults(self) -> None:
        """Drop all faults."""
        self._faults.clear()

    def transport(self) -> httpx2.BaseTransport:
        return _Transport(self)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """The stand-in on a port of this machine; its URL."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def answer(self, method: str, url: str, headers: dict[str, str], data: bytes) -> Answer:
        """The answer to a request; `url` is whole, header names are in lower case."""
        with self._lock:
            try:
                return self._answer(method, url, headers, data)
            except AssertionError as error:
                self.faults_of_ours.append(error)
                raise

    def _answer(self, method: str, url: str, headers: dict[str, str], data: bytes) -> Answer:
        address = urlsplit(url)
        asked = address.path + (f"?{address.query}" if address.query else "")
        sent = _read(data)
        self.requests.append(Received(method, asked, sent))
        named = f"{method} {asked}"
        if address.path == "/graphql":
            named += f" {_operation_name(sent)}"
        fault = next((each.fault for each in self._faults if each.meets(named)), None)
        if fault and not (fault.done or fault.alters):
            return self._failed(fault)
        if not headers.get("authorization", "").startswith("Bearer "):
            reply = ProblemError(401, "Requires authentication").reply
        elif address.path == "/graphql":
            reply = self._graphql(method, sent, fault)
        else:
            reply = self._rest(method, url, sent)
        if fault and not fault.alters:
            return self._failed(fault)
        body = b"" if reply.status == 204 else json.dumps(reply.body).encode()
        return self._sent(reply.status, reply.headers, body, bool(fault and fault.truncate))

    def _failed(self, fault: Fault) -> Answer:
        if fault.timeout:
            raise NoAnswerError
        if isinstance(fault.body, bytes):
            return self._sent(fault.status, {"content-type": "text/html", **fault.headers}, fault.body)
        return self._sent(fault.status, fault.headers, json.dumps(fault.body).encode())

    def _sent(self, status: int, headers: dict[str, str], body: bytes, truncated: bool = False) -> Answer:
        common = {
            "content-type": "application/json; charset=utf-8",
            "date": format_datetime(self.now.astimezone(UTC), usegmt=True),
            "x-github-media-type": "github.v3; format=json",
            "x-github-request-id": f"{len(self.requests):04X}:STANDIN",
            "x-ratelimit-limit": "1000",
            "x-ratelimit-remaining": "999",
            "x-ratelimit-reset": str(int(self.now.timestamp()) + 3600),
            "x-ratelimit-resource": "core",
        }
        return Answer(status, {**common, **headers}, body, truncated)

    def allowed(self, permission: str) -> bool:
        name, level = permission.split(":")
        return self.permissions.get(name, "none") in {"write", level}

    def _graphql(self, method: str, body: Any, fault: Fault | None) -> Reply:
        assert method == "POST", "GraphQL is asked by POST"
        assert isinstance(body, dict), f"no GraphQL request: {body!r}"
        assert {"query"} <= body.keys() <= {"query", "variables", "operationName"}, f"no GraphQL request: {body!r}"
        answered = graphql.answer(
            self, body["query"], body.get("variables") or {}, body.get("operationName"), self.allowed
        )
        data, errors = answered.data, answered.errors
        if fault:
            data, errors = _blanked(data, fault.blank), [*errors, *fault.errors]
        return Reply({"data": data, "errors": errors} if errors else {"data": data})

    def _rest(self, method: str, url: str, body: Any) -> Reply:
        address = urlsplit(url)
        path = address.path.replace(f"/repositories/{number_for(self.repository)}", f"/repos/{self.repository}", 1)
        route, given = _routed(f"{method} {path}")
        query = parse_qsl(address.query, keep_blank_values=True)
        parameters, choices = check_request(route.operation, given, query, body)
        linked = path.replace(f"/repos/{self.repository}", f"/repositories/{number_for(self.repository)}", 1)
        call = Call(parameters, choices, body, f"{address.scheme}://{address.netloc}{linked}")
        try:
            named = [call.path["owner"], call.path["repo"]] if "repo" in call.path else [call.path["org"], self.name]
            if "/".join(named).casefold() != self.repository.casefold():
                raise ProblemError(404, "Not Found")
            if not any(self.allowed(permission) for permission in route.needs):
                raise ProblemError(403, "Resource not accessible by integration")
            reply = route.answer(self, call)
        except ProblemError as problem:
            reply = problem.reply
        check_answer(route.operation, reply.status, reply.body)
        return reply


def _routed(request: str) -> tuple[Route, dict[str, str]]:
    for route in ROUTES:
        match = route.pattern.fullmatch(request)
        if match:
            return route, {name: unquote(text) for name, text in match.groupdict().items()}
    raise AssertionError(f"the stand-in has no {request}; {HINT}")


def _read(data: bytes) -> Any:
    if not data:
        return None
    try:
        return json.loads(data)
    except ValueError as error:
        raise AssertionError(f"the body is no JSON: {data[:200]!r}") from error


def _operation_name(body: Any) -> str:
    if not isinstance(body, dict):
        return ""
    match = re.search(r"\b(?:query|mutation)\s+(\w+)", str(body.get("query")))
    return body.get("operationName") or (match[1] if match else "")


def _blanked(data: Any, path: tuple[str | int, ...]) -> Any:
    """The data with null at that path."""
    if not path:
        return data
    data = json.loads(json.dumps(data))
    *way, end = path
    part = data
    for step in way:
        part = part[step]
    part[end] = None
    return data


class _Broken(httpx2.SyncByteStream):
    def __init__(self, data: bytes) -> None:
        self._data = data

    def __iter__(self) -> Iterator[bytes]:
        yield self._data
        raise httpx2.RemoteProtocolError("peer closed connection without sending complete message body")


class _Transport(httpx2.BaseTransport):
    def __init__(self, standin: StandIn) -> None:
        self._standin = standin

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            answer = self._standin.answer(request.method, str(request.url), headers, request.read())
        except NoAnswerError:
            raise httpx2.ReadTimeout("The read operation timed out", request=request) from None
        if answer.truncated:
            return httpx2.Response(
                answer.status, headers=answer.headers, stream=_Broken(answer.body[: len(answer.body) // 2])
            )
        return httpx2.Response(answer.status, headers=answer.headers, content=answer.body)


def _handler(standin: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits 40 ms for the other side to say that it has the headers

        def _do(self) -> None:
            data = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                url = f"http://{self.headers['host']}{self.path}"
                answer = standin.answer(self.command, url, headers, data)
            except NoAnswerError:
                self.close_connection = True  # as good as silence, and no test waits for it
                return
            except AssertionError as error:
                answer = Answer(500, {"content-type": "text/plain"}, f"the stand-in refuses: {error}".encode())
            body = answer.body[: len(answer.body) // 2] if answer.truncated else answer.body
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = answer.truncated

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815 - http.server's names

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler
