"""The category of Discussions for comments on posts, and the file that says which sites may show them.

https://docs.github.com/en/graphql/reference/objects#discussioncategory, for giscus
https://github.com/giscus/giscus/blob/main/ADVANCED-USAGE.md, for utterances
https://github.com/utterance/utterances/blob/master/src/repo-config.ts
"""

import base64
import binascii
from urllib.parse import urlsplit

import msgspec

from coursehub.comments.settings import Widget
from coursehub.doctor.checkout import MAIN, Checkout
from coursehub.doctor.question import Question
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import Setting, UnseenError, quoted
from coursehub.github.door import GitHub, NotFoundError

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


class _File(msgspec.Struct):
    content: str


class _Origins(msgspec.Struct, rename="camel"):
    origins: list[str] = []
    origins_regex: list[str] = []


class _Shown(msgspec.Struct):
    """The file of each widget on the branch where the widget reads it, or None where it is not there."""

    repository: str
    giscus: bytes | None
    utterances: bytes | None


UTTERANCES_BRANCH = "master"  # whatever the default branch is: https://github.com/utterance/utterances/issues/523


def _files(github: GitHub, repository: Repository) -> _Shown:
    giscus, utterances = _content(github, "giscus.json", MAIN), _content(github, "utterances.json", UTTERANCES_BRANCH)
    return _Shown(repository.full_name, giscus, utterances)


def _content(github: GitHub, path: str, branch: str) -> bytes | None:
    try:
        return base64.b64decode(github.get(f"/contents/{path}", _File, ref=branch).content)
    except NotFoundError:
        return None
    except binascii.Error:
        return b""


def _other_sites(shown: _Shown, checkout: Checkout) -> str | None:
    """The problem with the file of the widget that mkdocs.yml names, or None; without comments there is none."""
    if not checkout.widget.repo:
        return None
    if checkout.widget.repo.lower() != shown.repository.lower():
        raise UnseenError(f"comments are kept in {checkout.widget.repo}")
    is_giscus = checkout.widget.provider != "utterances"
    content = shown.giscus if is_giscus else shown.utterances
    where = f"giscus.json on {MAIN}" if is_giscus else f"utterances.json on the branch {UTTERANCES_BRANCH}"
    if content is None:
        return f"there is no {where}, so any site may show them"
    try:
        named = msgspec.json.decode(content, type=_Origins)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return f"{where} cannot be read: {error}"
    if not named.origins and not (is_giscus and named.origins_regex):
        who = "any site may show them" if is_giscus else "no site may show them, not even this one"
        return f"{where} names no address, so {who}"
    address = urlsplit(checkout.site_url)
    origin = f"{address.scheme}://{address.netloc}"
    others = f"{where} names {quoted([*named.origins, *named.origins_regex])}, not “{origin}” alone"
    return None if named.origins == [origin] and not named.origins_regex else others


_NEW_BRANCH = f"git push {{home}} origin/{MAIN}:refs/heads/{UTTERANCES_BRANCH}"

FILES: Question[_Shown] = Question(
    "“Contents: read”",
    _files,
    (
        Setting(
            "comment-origins",
            "only this site may show its comments",
            "another site could show them as its own, or this one shows none",
            f"Write the site's address into giscus.json on {MAIN}; of utterances, into utterances.json on the branch "
            f"{UTTERANCES_BRANCH}, which the command recreates from {MAIN}",
            lambda _, checkout: _NEW_BRANCH if checkout.widget.provider == "utterances" else "",
            _other_sites,
        ),
    ),
)
QUESTIONS = (CATEGORIES, FILES)
