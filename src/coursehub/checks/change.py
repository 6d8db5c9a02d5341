"""Rules on a pull request: each touches what is its own."""

from collections.abc import Iterator

from coursehub.change import Change, post_of
from coursehub.checks.rule import Offence, change_rule
from coursehub.finding import Place
from coursehub.hub import Hub
from coursehub.post import is_post


@change_rule()
def not_your_post(change: Change, hub: Hub) -> Iterator[Offence]:
    """A pull request changes, renames or deletes a post whose authors do not include its own.

    Whose a post is stands in the file on main, not in what the pull request makes of it. A new post is its author's
    own too: nobody claims for somebody else. Staff may touch every post.

    Bad:
        hubot edits posts/F2026/evidently.md, which has authors: octocat on main

    Good:
        octocat adds hubot to the authors of posts/F2026/evidently.md; from then on, hubot may edit it
    """
    for path in sorted(filter(is_post, change.paths)):
        before, after = change.before.get(path), hub.post_by_path.get(path)
        if before and not hub.may_change(before, change.actor):
            owners = ", ".join(dict.fromkeys(before.authors))
            whose = f"the post of {owners}" if owners else "a post whose authors can not be read"
            help = "Undo the change of this file. If you work on it together, one of its authors adds you first."
            yield Offence(Place(path), f"{change.actor} changes {whose}", help)
        elif not before and after and after.authors and not hub.may_change(after, change.actor):
            message = f"{change.actor} adds a post in the name of {', '.join(dict.fromkeys(after.authors))}"
            help = f"Add “{change.actor}” to “authors”; everybody claims for themselves, and may name co-authors."
            yield Offence(after.place("authors"), message, help)


@change_rule()
def outside_your_post(change: Change, hub: Hub) -> Iterator[Offence]:
    """A pull request touches a file that is neither its author's post nor a picture of it.

    Whoever writes a post changes that post and nothing else: no rules, no data, no workflow, no picture of another
    post. Staff may touch all; a change to Course Hub itself is theirs to take over.

    Bad:
        posts/F2026/evidently.md and data/tools.yaml in one pull request of a student

    Good:
        posts/F2026/evidently.md and posts/F2026/evidently/dashboard.png
    """
    if hub.course.is_staff(change.actor):
        return
    for path in sorted(change.paths):
        if is_post(path):
            continue
        owner = change.before.get(post_of(path)) or hub.post_by_path.get(post_of(path))
        if owner and hub.may_change(owner, change.actor):
            continue
        whose = f"a picture of {owner.path}, which is not theirs" if owner else "which is no part of their post"
        help = (
            "Take this file out of the pull request: under “Files changed”, delete it if you added it, or else edit it "
            "back. What should change outside your post, propose in an issue."
        )
        yield Offence(Place(path), f"{change.actor} changes {path}, {whose}", help)
