"""Requests to GitHub that return the whole answer or raise an error with what happened."""

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from typing import Generic, TypeVar

import httpx2
import msgspec

from coursehub.text.wording import plural

Content = Mapping[str, object]
T = TypeVar("T")

ATTEMPTS = 3
LONGEST_WAIT = 60  # seconds that a request waits for a rate limit; beyond that it gives up
FREE_WRITES, PAUSE = 20, 0.8  # after so many that write, so many seconds lie between two: GitHub takes 80 in a minute
TIMEOUT = httpx2.Timeout(30, connect=10)
VERSION = "2022-11-28"  # of the REST API: https://docs.github.com/en/rest/about-the-rest-api/api-versions


class GitHubError(Exception):
    """GitHub is not reached, refuses, or does not answer in full; the message has what happened."""


class RefusedError(GitHubError):
    """GitHub understood and does not do it; asking again would not help."""


class NotFoundError(RefusedError):
    """GitHub has no such thing, or this token may not see it."""


class GitHub:
    """One repository on GitHub, asked with one token.

    `transport` carries the requests, `sleep` waits some seconds between attempts. Reading is tried again after trouble
    on GitHub's side; writing is not, since it may have happened, and many that write are spaced. `answer_time` is
    GitHub's own time of its latest answer, `requests` is how many were sent so far, and `cost` the points that queries
    have cost, as far as they ask for that.
    """

    def __init__(
        self,
        repository: str,
        token: str,
        *,
        url: str,
        graphql_url: str,
        server: str,
        sleep: Callable[[float], None],
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.server, self.token = server, token
        self._name(repository)
        self._url, self._graphql_url, self._sleep = url.rstrip("/"), graphql_url, sleep
        self.answer_time: dt.datetime | None = None
        self.cost = self.requests = self._writes = 0
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": VERSION,
            "User-Agent": "coursehub",
        }
        self._client = httpx2.Client(headers=headers, timeout=TIMEOUT, transport=transport)

    def _name(self, repository: str) -> None:
        self.repository = repository
        self.owner, _, self.name = repository.partition("/")
        self.home = f"{self.server}/{repository}"  # its pages

    def at(self, repository: str) -> "GitHub":
        """Return the door to another repository, with this one's token."""
        other = copy.copy(self)
        other._name(repository)
        return other

    def get(self, path: str, shape: type[T], **parameters: str | int) -> T:
        """Return the answer at a path below the repository. Raises `GitHubError`."""
        return _shaped(self._read("GET", self._address(path), params=parameters), shape)

    def organization(self, shape: type[T]) -> T:
        """Return what GitHub shows of the organization that owns the repository. Raises `GitHubError`."""
        return _shaped(self._read("GET", f"{self._url}/orgs/{self.owner}"), shape)

    def pages(self, path: str, shape: type[T], **parameters: str | int) -> Iterator[T]:
        """Yield the pages of a list, to the last. Raises `GitHubError`."""
        answer = self._read("GET", self._address(path), params={"per_page": 100, **parameters})
        yield _shaped(answer, shape)
        while following := answer.links.get("next"):
            if not following["url"].startswith(f"{self._url}/"):
                raise GitHubError(f"GitHub's answer goes on at another host: {following['url']}")
            answer = self._read("GET", following["url"])
            yield _shaped(answer, shape)

    def write(self, method: str, path: str, body: Content | None = None) -> None:
        """Send a body to a path below the repository. Raises `GitHubError`."""
        self._write(method, path, body)

    def create(self, path: str, body: Content, shape: type[T]) -> T:
        """Post a body to a path below the repository and return the answer. Raises `GitHubError`."""
        return _shaped(self._write("POST", path, body), shape)

    def _write(self, method: str, path: str, body: Content | None) -> httpx2.Response:
        self._writes += 1
        if self._writes > FREE_WRITES:
            self._sleep(PAUSE)
        return self._request(method, self._address(path), json=body)

    def query(self, name: str, shape: type[T], **variables: str | int | None) -> T:
        """Return the repository as `queries/<name>.graphql` asks for it. Raises `GitHubError`.

        An answer with any error in it counts as none: what is missing could be what matters.
        """
        data = self._graphql(name, shape, {"owner": self.owner, "name": self.name, **variables})
        if data is None or data.repository is None:
            raise NotFoundError(f"GitHub knows no repository {self.repository}, or this token may not read it")
        return data.repository

    def node(self, name: str, shape: type[T], **variables: str | int | None) -> T:
        """Return a node, by its id, as `queries/<name>.graphql` asks for it. Raises `GitHubError` as `query` does."""
        data = self._graphql(name, shape, variables)
        if data is None or data.node is None:
            raise NotFoundError(f"what the query “{name}” asks about is gone, or this token may not read it")
        return data.node

    def nodes(self, name: str, shape: type[T], ids: Iterable[str]) -> list[T]:
        """Return nodes, by their ids, as `queries/<name>.graphql` asks for them. Raises `GitHubError` like `query`."""
        data = self._graphql(name, shape, {"ids": list(ids)})
        return [node for node in data.nodes if node is not None] if data else []

    def _graphql(self, name: str, shape: type[T], variables: Content) -> "_Data[T] | None":
        text = resources.files("coursehub.github").joinpath(f"queries/{name}.graphql").read_text(encoding="utf-8")
        answer = self._read("POST", self._graphql_url, json={"query": text, "variables": variables})
        if errors := _shaped(answer, _Errors).errors:
            messages = "; ".join(error.message for error in errors)
            raise GitHubError(f"GitHub did not answer the query “{name}” in full: {messages}")
        data: _Data[T] | None = _shaped(answer, _Answer[shape]).data  # type: ignore[valid-type]
        if data and data.rate_limit:
            self.cost += data.rate_limit.cost
        return data

    def _address(self, path: str) -> str:
        return f"{self._url}/repos/{self.repository}{path}"

    def _read(
        self, method: str, url: str, *, params: Mapping[str, str | int] | None = None, json: Content | None = None
    ) -> httpx2.Response:
        for attempt in range(1, ATTEMPTS):
            try:
                return self._request(method, url, params=params, json=json)
            except NotFoundError:
                raise
            except _WaitError as error:
                if error.seconds > LONGEST_WAIT:
                    raise
                self._sleep(error.seconds)
            except _TroubleError:
                self._sleep(float(4**attempt))
        return self._request(method, url, params=params, json=json)

    def _request(
        self, method: str, url: str, *, params: Mapping[str, str | int] | None = None, json: Content | None = None
    ) -> httpx2.Response:
        what = f"{method} {url.removeprefix(self._url)}"
        self.requests += 1
        try:
            answer = self._client.request(method, url, params=params, json=json)
            if (address := self._moved_to(answer)) is not None:
                answer = self._client.request(method, address, json=json)
        except httpx2.HTTPError as error:
            raise _TroubleError(f"{what}: {str(error) or type(error).__name__}") from error
        if answer.is_success and (answer.status_code == 204 or _is_json(answer)):
            self.answer_time = _date(answer)
            return answer
        if answer.is_success:
            raise _TroubleError(f"{what}: GitHub's answer is cut off or no JSON")
        message = f"{what}: GitHub answered {answer.status_code}, {_message(answer)}"
        if (wait := _seconds_to_wait(answer)) is not None:
            raise _WaitError(message, wait)
        if answer.status_code >= 500:
            raise _TroubleError(message)
        raise (NotFoundError if answer.status_code in (404, 410, 422) else RefusedError)(message)

    def _moved_to(self, answer: httpx2.Response) -> str | None:
        """Where to ask again with the same method, as GitHub says of a repository with a new name; None elsewhere.

        https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
        """
        keeps_method = answer.status_code in (307, 308) or answer.request.method == "GET"
        address = answer.headers.get("location", "")
        return (
            address if answer.has_redirect_location and keeps_method and address.startswith(f"{self._url}/") else None
        )


class _Error(msgspec.Struct):
    message: str


class _RateLimit(msgspec.Struct):
    cost: int


class _Data(msgspec.Struct, Generic[T], rename="camel"):
    repository: T | None = None
    node: T | None = None
    nodes: list[T | None] = []
    rate_limit: _RateLimit | None = None


class _Answer(msgspec.Struct, Generic[T]):
    data: _Data[T] | None = None


class _Errors(msgspec.Struct):
    errors: list[_Error] = []


def _shaped(answer: httpx2.Response, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise GitHubError(f"GitHub's answer to {answer.request.url.path} is not as described: {error}") from error


def _is_json(answer: httpx2.Response) -> bool:
    try:
        msgspec.json.decode(answer.content, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


class _TroubleError(GitHubError):
    """Trouble on the way or on GitHub's side, which may be over soon."""


class _WaitError(GitHubError):
    """A rate limit; `seconds` until it ends."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(f"{message} ({plural(round(seconds), 'second')} to wait)")
        self.seconds = seconds


def _message(answer: httpx2.Response) -> str:
    try:
        return msgspec.json.decode(answer.content, type=_Error).message
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer.reason_phrase


def _seconds_to_wait(answer: httpx2.Response) -> float | None:
    """Return the seconds until a rate limit ends, or None where the answer is about something else.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    if answer.status_code not in (403, 429):
        return None
    after = answer.headers.get("retry-after", "")
    if after.isdecimal():
        return float(after)
    if answer.headers.get("x-ratelimit-remaining") == "0":
        ends = answer.headers.get("x-ratelimit-reset", "")
        now = _date(answer)
        return max(float(ends) - now.timestamp(), 0.0) + 1 if ends.isdecimal() and now else float(LONGEST_WAIT + 1)
    return float(LONGEST_WAIT) if answer.status_code == 429 else None


def _date(answer: httpx2.Response) -> dt.datetime | None:
    """Return the time of an answer by GitHub's own clock, or None where it has none."""
    try:
        date = dt.datetime.strptime(answer.headers.get("date", ""), "%a, %d %b %Y %H:%M:%S GMT")
    except ValueError:
        return None
    return date.replace(tzinfo=dt.UTC)
