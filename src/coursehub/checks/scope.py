"""A change: what a pull request does to the repository, and whose it is."""

from collections.abc import Iterable, Mapping

import msgspec

from coursehub.records.finding import Finding
from coursehub.records.paths import FOLDER
from coursehub.records.post import Post


class Change(msgspec.Struct, frozen=True):
    """Who changes which paths (of a rename, both), and the posts concerned as they were before.

    `before`: path → post, so that whose a post is does not depend on what the change makes of it. Where `actor` is
    empty, it is not known who makes the change, and nothing is said of what is whose. `former`: logins that the same
    account had before.
    """

    actor: str
    paths: frozenset[str]
    before: Mapping[str, Post] = {}
    former: tuple[str, ...] = ()

    @property
    def logins(self) -> tuple[str, ...]:
        """Whoever makes the change, by today's login and those of former days."""
        return (self.actor, *self.former)


def concerned(paths: Iterable[str]) -> frozenset[str]:
    """The paths, and the posts whose pictures are among them."""
    paths = frozenset(paths)
    return paths | {post_of(path) for path in paths}


def concerns(finding: Finding, touched: frozenset[str]) -> bool:
    """Whether a finding is in something touched: a picture that lost its post was touched with the post."""
    return finding.path in touched or post_of(finding.path) in touched


def post_of(path: str) -> str:
    """The post to which a picture belongs; of what lies in no post's folder, the path itself."""
    return f"{path.rpartition('/')[0]}.md" if path.startswith(f"{FOLDER}/") and path.count("/") > 2 else path
