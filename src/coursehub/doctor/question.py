"""A question to GitHub, the settings that its answer decides, and how each of them is."""

from collections.abc import Callable, Iterator
from typing import Generic, Literal, TypeVar

import msgspec

from coursehub.doctor.checkout import Checkout
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import Setting, UnseenError
from coursehub.github.door import GitHub, GitHubError, NotFoundError, RefusedError

State = Literal["set", "missing", "unseen"]
T = TypeVar("T")
ADMINISTRATION = "“Administration: read”"  # the permission of several questions


class Question(msgspec.Struct, Generic[T], frozen=True):
    """A question to GitHub, the permission that a token needs for it, and the settings that its answer decides.

    `ask` only reads, by GET or by a query, and raises `GitHubError`.
    """

    permission: str
    ask: Callable[[GitHub, Repository], T]
    settings: tuple[Setting[T], ...]


class Row(msgspec.Struct, frozen=True):
    """A setting and its state. The fields after `what` are empty where it is set: what is set instead or why it is
    not shown, why it matters, what to do, and a command that does it, if there is one.
    """

    name: str
    state: State
    what: str
    problem: str = msgspec.field(name="found", default="")
    why: str = ""
    help: str = ""
    command: str = ""


def without_request(settings: tuple[Setting[Repository], ...]) -> Question[Repository]:
    """Return settings as a question that sends no request: the repository and its own files decide them."""
    return Question("“Metadata: read”", lambda github, repository: repository, settings)


def rows(question: Question[T], github: GitHub, repository: Repository, checkout: Checkout) -> Iterator[Row]:
    """Ask, and yield a row for each setting; all are unseen where GitHub refuses. Raises `GitHubError`."""
    try:
        answer = question.ask(github, repository)
    except GitHubError as error:
        reason = refusal(error)
        yield from (_unseen(setting, reason, question.permission) for setting in question.settings)
        return
    for setting in question.settings:
        try:
            problem = setting.problem(answer, checkout)
        except UnseenError as error:
            yield _unseen(setting, str(error), question.permission)
            continue
        if problem is None:
            yield Row(setting.name, "set", setting.what)
        else:
            words = {
                "home": repository.html_url,
                "repository": repository.full_name,
                "owner": repository.owner.login,
                "server": repository.html_url.removesuffix(f"/{repository.full_name}"),
            }
            command = setting.command if isinstance(setting.command, str) else setting.command(answer, checkout)
            texts = (text.format_map(words) for text in (setting.click, command))
            yield Row(setting.name, "missing", setting.what, problem, setting.why, *texts)


def refusal(error: GitHubError) -> str:
    """Return GitHub's words where it refused one thing; trouble with GitHub as a whole is raised again.

    That trouble, such as a rate limit or a broken line, has its own classes, and no other question would fare better.
    """
    if type(error) not in (GitHubError, RefusedError, NotFoundError):
        raise error
    return str(error)


def _unseen(setting: Setting[T], reason: str, permission: str) -> Row:
    advice = f"Ask with a token that has {permission}, or with an administrator's."
    return Row(setting.name, "unseen", setting.what, reason, setting.why, advice)
