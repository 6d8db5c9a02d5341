"""Whether GitHub and the repository's own files are set as Course Hub needs it; nothing is changed.

A module for each subject has its questions to GitHub, each with the settings that the answer decides. An answer that is
refused leaves those settings unseen, and the others are looked at all the same.
"""

from typing import Any

from coursehub.doctor import (
    access,
    actions,
    code_owners,
    comments,
    link_report,
    main_branch,
    own_files,
    pages,
    repository,
)
from coursehub.doctor.checkout import Checkout
from coursehub.doctor.question import Question, Row, rows, without_request
from coursehub.doctor.repository import Repository
from coursehub.github.door import GitHub

QUESTIONS: tuple[Question[Any], ...] = (
    without_request(repository.SETTINGS),
    *own_files.QUESTIONS,
    *code_owners.QUESTIONS,
    *access.QUESTIONS,
    *main_branch.QUESTIONS,
    *link_report.QUESTIONS,
    *actions.QUESTIONS,
    *pages.QUESTIONS,
    *comments.QUESTIONS,
)


def examine(github: GitHub, checkout: Checkout) -> list[Row]:
    """Return a row for every setting. Raises `GitHubError` where GitHub cannot be asked at all."""
    record = github.get("", Repository)
    return [row for question in QUESTIONS for row in rows(question, github, record, checkout)]
