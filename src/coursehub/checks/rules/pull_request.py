"""Pull requests: each touches what is its own."""

from collections.abc import Iterator

from coursehub.checks.rule import Offence, change_rule
from coursehub.checks.scope import Change, post_of
from coursehub.records.finding import Place
from coursehub.records.hub import Hub
from coursehub.records.post import Post, is_post


@change_rule()
def not_your_post(change: Change, hub: Hub) -> Iterator[Offence]:
    """A pull request changes, renames or deletes a post whose authors do not include its own.

    Whose a post is, the file on main says, not in what the pull request makes of it. A new post is its author's
    own too: nobody claims for somebody else. A withdrawn claim's file is free for whoever claims the tool next. Staff
    may touch every post.

    Bad:
        hubot edits posts/F2026/evidently.md, which has authors: octocat on main

    Good:
        octocat adds hubot to the authors of posts/F2026/evidently.md; from then on, hubot may edit it

    Options:
        staff: who may change every post
    """
    for path in sorted(filter(is_post, change.paths)):
        owner = _owner(path, change, hub)
        if owner is None or hub.may_change(owner, change.actor):
            continue
        authors = ", ".join(dict.fromkeys(owner.authors))
        if owner is change.before.get(path):
            whose = f"the post of {authors}" if authors else "a post whose authors can not be read"
            help = "Undo the change of this file. If you work on it together, one of its authors adds you first."
            yield Offence(Place(path), f"{change.actor} changes {whose}", help)
        elif authors:
            help = f"Add “{change.actor}” to “authors”; everybody claims for themselves, and may name co-authors."
            yield Offence(owner.place("authors"), f"{change.actor} adds a post in the name of {authors}", help)


def _owner(path: str, change: Change, hub: Hub) -> Post | None:
    """The post that tells whose the path is: main's, unless it was withdrawn and is claimed anew."""
    before, after = change.before.get(path), hub.post_by_path.get(path)
    return after if before is None or (after and not before.is_live) else before


@change_rule()
def outside_your_post(change: Change, hub: Hub) -> Iterator[Offence]:
    """A pull request touches a file that is neither its author's post nor a picture of it.

    Whoever writes a post changes that post and nothing else: no rules, no data, no workflow, no picture of another
    post. Staff may touch all; a change to Course Hub itself is theirs to take over.

    Bad:
        posts/F2026/evidently.md and data/tools.yaml in one pull request of a student

    Good:
        posts/F2026/evidently.md and posts/F2026/evidently/dashboard.png

    Options:
        staff: who may change every file
    """
    if hub.course.is_staff(change.actor):
        return
    for path in sorted(change.paths):
        if is_post(path):
            continue
        owner = _owner(post_of(path), change, hub)
        if owner and hub.may_change(owner, change.actor):
            continue
        whose = f"a picture of {owner.path}, which is not theirs" if owner else "which is no part of their post"
        help = (
            "Take this file out of the pull request: under “Files changed”, delete it if you added it, or else edit it "
            "back. What should change outside your post, propose in an issue."
        )
        yield Offence(Place(path), f"{change.actor} changes {path}, {whose}", help)
