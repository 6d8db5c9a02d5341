"""The repository as everybody sees it: https://docs.github.com/en/rest/repos/repos."""

import msgspec

from coursehub.doctor.checkout import MAIN
from coursehub.doctor.setting import EDIT, SETTINGS_PAGE, Setting, unless


class Owner(msgspec.Struct):
    """The account that owns the repository: a person's, or an organization."""

    login: str
    type: str


class Repository(msgspec.Struct):
    """The repository on GitHub, which is asked for first; every question gets it."""

    full_name: str
    html_url: str
    owner: Owner
    default_branch: str
    private: bool
    has_issues: bool
    has_pages: bool
    has_discussions: bool
    allow_rebase_merge: bool | None = None  # None: this token is not shown it


SETTINGS: tuple[Setting[Repository], ...] = (
    Setting(
        "public",
        "the repository is public",
        "students fork it, readers see it, and Pages cost nothing",
        f"{SETTINGS_PAGE} → Danger Zone → Change visibility",
        f"{EDIT} --visibility public --accept-visibility-change-consequences",
        unless(lambda repository: not repository.private, "it is private"),
    ),
    Setting(
        "default-branch",
        f"the default branch is {MAIN}",
        "the workflows publish and judge by this name",
        f"{SETTINGS_PAGE} → Default branch → rename or switch",
        f"{EDIT} --default-branch {MAIN}",
        unless(lambda repository: repository.default_branch == MAIN, "it has another name"),
    ),
    Setting(
        "issues",
        "Issues are on",
        "links.yml reports dead links in one",
        f"{SETTINGS_PAGE} → Features → Issues",
        f"{EDIT} --enable-issues",
        unless(lambda repository: repository.has_issues, "they are off"),
    ),
    Setting(
        "discussions",
        "Discussions are on",
        "they hold the comments on posts",
        f"{SETTINGS_PAGE} → Features → Discussions",
        f"{EDIT} --enable-discussions",
        unless(lambda repository: repository.has_discussions, "they are off"),
    ),
)
