"""The category of Discussions for comments on posts.

https://docs.github.com/en/graphql/reference/objects#discussioncategory
"""

import msgspec

from coursehub.comments.settings import Widget
from coursehub.doctor.checkout import Checkout
from coursehub.doctor.question import Question
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import Setting
from coursehub.github.door import GitHub

CATEGORY = Widget().category  # GitHub makes it, and only staff and the widget may open threads there


class _Category(msgspec.Struct, rename="camel"):
    name: str
    is_answerable: bool


class _Categories(msgspec.Struct):
    nodes: list[_Category]


class _Discussions(msgspec.Struct, rename="camel"):
    discussion_categories: _Categories


def _categories(github: GitHub, repository: Repository) -> list[_Category]:
    """The categories of Discussions, none where they are off."""
    if not repository.has_discussions:
        return []
    return github.query("set_up", _Discussions).discussion_categories.nodes


def _no_category(categories: list[_Category], checkout: Checkout) -> str | None:
    category = next((each for each in categories if each.name == CATEGORY), None)
    if category is None:
        return f"there is no category “{CATEGORY}”"
    return f"“{CATEGORY}” is a category for questions and answers" if category.is_answerable else None


CATEGORIES: Question[list[_Category]] = Question(
    "“Discussions: read”",
    _categories,
    (
        Setting(
            "category",
            f"Discussions have the category “{CATEGORY}”",
            "comments go there, where only staff and the comment widget open threads",
            f"Turn Discussions on, which makes it; else {{home}}/discussions/categories → “New category”: “{CATEGORY}” "
            "of the format “Announcement”",
            "",
            _no_category,
        ),
    ),
)
QUESTIONS = (CATEGORIES,)
