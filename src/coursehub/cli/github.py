"""Shared by the commands that ask GitHub: which repository, with which token."""

import functools
import os
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from coursehub.cli.shared import fail

if TYPE_CHECKING:
    from coursehub.github.door import GitHub


def _repository(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", value or "", re.ASCII):
        raise click.BadParameter(f"“{value or ''}” is not a repository on GitHub such as owner/name")
    return str(value)


def github_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--repository` to a command, which gets a `GitHub` with the token and the addresses of the environment.

    GitHub's own runners set all of them but the token:
    https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    """

    @click.option(
        "--repository",
        metavar="OWNER/NAME",
        envvar="GITHUB_REPOSITORY",
        show_envvar=True,
        callback=_repository,
        help="The repository on GitHub.",
    )
    @functools.wraps(command)
    def asking(*, repository: str, **options: Any) -> Any:  # noqa: ANN401
        token = _token()
        if not token:
            fail(_NO_TOKEN)
        return command(github=_door(repository, token, time.sleep), **options)

    return asking


def github_if_known_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--repository` to a command that can do without: where a token or the repository is missing, it gets None.

    Nothing waits for GitHub to get better.
    """

    @click.option(
        "--repository", metavar="OWNER/NAME", envvar="GITHUB_REPOSITORY", show_envvar=True,
        callback=lambda context, parameter, value: value and _repository(context, parameter, value),
        help="The repository on GitHub, to ask it too; that takes a token in GITHUB_TOKEN.",
    )  # fmt: skip
    @functools.wraps(command)
    def asking(*, repository: str | None, **options: Any) -> Any:  # noqa: ANN401
        token = _token()
        source = click.get_current_context().get_parameter_source("repository")
        if source is ParameterSource.COMMANDLINE and not token:
            fail(_NO_TOKEN)
        github = _door(repository, token, lambda seconds: None) if repository and token else None
        return command(github=github, **options)

    return asking


_NO_TOKEN = "GitHub asks who is there: put a token into the variable GITHUB_TOKEN (“gh auth token” prints yours)"


def _token() -> str | None:
    return os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN")


def _door(repository: str, token: str, sleep: Callable[[float], None]) -> "GitHub":
    from coursehub.github.door import GitHub  # noqa: PLC0415 - it takes time to load, which `free` mostly does without

    api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    graphql = os.environ.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return GitHub(repository, token, url=api, graphql_url=graphql, server=server, sleep=sleep)
