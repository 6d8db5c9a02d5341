"""What Course Hub needs to be set on GitHub and in the repository's own files: looked at, and never changed.

What GitHub is asked stands in `settings.PARTS`, each with the settings that its answer tells of. An answer that is
refused leaves those settings unseen, and the others are looked at all the same.
"""

from collections.abc import Iterator
from typing import Literal, TypeVar

import msgspec

from coursehub.doctor import answers
from coursehub.doctor.answers import Repository
from coursehub.doctor.checkout import Checkout
from coursehub.doctor.judging import UnseenError
from coursehub.doctor.settings import PARTS, Part, Setting
from coursehub.github.door import GitHub, GitHubError

State = Literal["set", "missing", "unseen"]
T = TypeVar("T")


class Row(msgspec.Struct, frozen=True):
    """A setting and how it stands. The other fields are empty where it is set: what is found instead or why it could
    not be seen, why it matters, what to do, and a command that does it, if there is one.
    """

    name: str
    state: State
    what: str
    found: str = ""
    why: str = ""
    help: str = ""
    command: str = ""


def examine(github: GitHub, here: Checkout) -> list[Row]:
    """Every setting and how it stands. Raises `GitHubError` where GitHub can not be asked at all."""
    repository = github.get("", Repository)
    return [row for part in PARTS for row in _rows(part, github, repository, here)]


def _rows(part: Part[T], github: GitHub, repository: Repository, here: Checkout) -> Iterator[Row]:
    try:
        seen = part.ask(github, repository)
    except GitHubError as error:
        refusal = answers.refusal(error)
        yield from (_unseen(setting, refusal, part.permission) for setting in part.settings)
        return
    for setting in part.settings:
        try:
            found = setting.wrong(seen, here)
        except UnseenError as error:
            yield _unseen(setting, str(error), part.permission)
            continue
        if found is None:
            yield Row(setting.name, "set", setting.what)
        else:
            texts = (
                text.format(home=repository.html_url, repository=repository.full_name)
                for text in (setting.click, setting.command)
            )
            yield Row(setting.name, "missing", setting.what, found, setting.why, *texts)


def _unseen(setting: Setting[T], why_not: str, permission: str) -> Row:
    mend = f"Ask with a token that has {permission}, or with an administrator's."
    return Row(setting.name, "unseen", setting.what, why_not, setting.why, mend)
