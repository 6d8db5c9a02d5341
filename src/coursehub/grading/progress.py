"""How far each student is, from what everybody can see: claims and posts, open pull requests, comments.

There is no roster here, so nobody is here who has claimed nothing, and nothing that is graded.
"""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from coursehub.claims.pending import Asked
from coursehub.comments.record import Discussions
from coursehub.grading import participation
from coursehub.grading.roster import Student
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.addresses import is_login


class Person(msgspec.Struct, frozen=True):
    """Somebody who has claimed something in a semester, or asks for it.

    `posts` are theirs: those that are live, or else the withdrawn ones. `commented_on`: the posts of others that they
    commented on in time; None where comments were not read.
    """

    login: str
    posts: tuple[Post, ...]
    asked: tuple[Asked, ...]
    commented_on: tuple[Post, ...] | None

    @property
    def has_published(self) -> bool:
        """Whether there is a post to read, if only inside the course."""
        return any(post.is_published for post in self.posts)


def people(hub: Hub, semester: str, asked: Iterable[Asked], discussions: Discussions | None) -> tuple[Person, ...]:
    """All who have claimed something in a semester or ask for it, by login, but for staff."""
    spelled: dict[str, str] = {}
    posts: dict[str, list[Post]] = defaultdict(list)
    asking: dict[str, list[Asked]] = defaultdict(list)
    for post in sorted(hub.posts, key=lambda post: post.path):
        for login in post.authors if post.semester == semester else ():
            posts[spelled.setdefault(login.lower(), login).lower()].append(post)
    for each in asked:
        asking[spelled.setdefault(each.login.lower(), each.login).lower()].append(each)
    students = [login for login in sorted(spelled) if is_login(login) and not hub.course.is_staff(login)]
    commented_on = _commented_on(hub, semester, students, discussions)
    return tuple(
        Person(spelled[login], _own(posts[login]), tuple(asking[login]), commented_on.get(login)) for login in students
    )


def _own(posts: list[Post]) -> tuple[Post, ...]:
    return tuple(post for post in posts if post.is_live) or tuple(posts)


def _commented_on(
    hub: Hub, semester: str, logins: Iterable[str], discussions: Discussions | None
) -> dict[str, tuple[Post, ...]]:
    """Login → the posts that count as commented on; empty where comments were not read."""
    if discussions is None:
        return {}
    roster = [Student(line=0, login=login, name="", id="") for login in logins]
    by_term = participation.by_term(hub)
    entries = participation.ledger(hub, semester, discussions, roster).entries
    return {entry.student.login: tuple(by_term[term] for term in entry.counted) for entry in entries}
