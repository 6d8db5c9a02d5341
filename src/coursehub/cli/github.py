"""Shared by the commands that ask GitHub: which repository, with which token."""

import functools
import os
import re
import time
from collections.abc import Callable
from typing import Any

import click

from coursehub.cli.shared import fail
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
        token = os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN")
        if not token:
            fail("GitHub asks who is there: put a token into the variable GITHUB_TOKEN (“gh auth token” prints yours)")
        api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
        graphql = os.environ.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")
        server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
        github = GitHub(repository, token, url=api, graphql_url=graphql, server=server, sleep=time.sleep)
        return command(github=github, **options)

    return asking
