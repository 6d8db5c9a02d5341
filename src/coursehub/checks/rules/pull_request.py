"""Pull requests: each touches what is its own."""

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from urllib.parse import quote

from coursehub.checks.moves import moved
from coursehub.checks.rule import Offence, change_rule
from coursehub.checks.scope import Change, post_of
from coursehub.records import front_edits
from coursehub.records.finding import Place, Severity, safe
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER, is_former_path, is_post
from coursehub.records.post import Post
from coursehub.text.wording import with_and
from coursehub.text.yaml_writing import yaml_list


@change_rule()
def not_your_post(change: Change, hub: Hub) -> Iterator[Offence]:
    """A pull request changes, renames or deletes a post whose authors do not include its own.

    The file on main says whose post it is, not the one in the pull request. A new post has to be its author's own,
    because nobody can claim for somebody else. The file of a withdrawn claim still belongs to its author, but the
    next person to claim the same tool may replace it. Staff may touch every post.

    Bad:
        hubot edits posts/F2026/inkscape.md, which has authors: octocat on main

    Good:
        octocat adds hubot to the authors of posts/F2026/inkscape.md; from then on, hubot may edit it

    Options:
        staff: who may change every post
    """
    for path in sorted(filter(is_post, change.paths)) if change.actor else ():
        owner = _owner(path, change, hub)
        if owner is None or hub.may_change(owner, *change.logins):
            continue
        authors = ", ".join(dict.fromkeys(owner.authors))
        if owner is change.before.get(path):
            whose = f"the post of {authors}" if authors else "a post whose authors cannot be read"
            help = "Undo the change of this file. If you work on it together, one of its authors adds you first."
            yield Offence(Place(path), f"{change.actor} changes {whose}", help)
        elif authors:
            help = f"Add “{change.actor}” to “authors”; everybody claims for themselves, and may name co-authors."
            yield Offence(owner.place("authors"), f"{change.actor} adds a post in the name of {authors}", help)


def _owner(path: str, change: Change, hub: Hub) -> Post | None:
    """The post that tells whose the path is: main's, unless it was withdrawn and its claim is taken anew."""
    before, after = change.before.get(path), hub.post_by_path.get(path)
    is_anew = before and after and not before.is_live and after.is_live and hub.is_same_claim(before, after)
    return after if before is None or is_anew else before


@change_rule()
def post_out_of_season(change: Change, hub: Hub) -> Iterator[Offence]:
    """A new post is in a semester that is over, or that is still to come.

    A claim is made while its semester is open, before everybody's eyes. A post put into last semester afterwards would
    keep its tool from all who want it now. A late post is welcome: its claim was on main already. Staff may add posts
    to every semester.

    Bad:
        semester: S2026 (in a new post, while F2026 is open)

    Good:
        semester: F2026
        status: published

    Options:
        open_semester: the semester of new posts
        staff: who may add posts to every semester

    Known problems:
        A post of an earlier semester whose file moves is taken for a new one where it has another tool now and less
        than half of its lines, or no text here.
    """
    if not change.actor or hub.course.is_staff(change.actor):
        return
    now = hub.course.open_semester
    touched = [hub.post_by_path[path] for path in sorted(change.paths) if path in hub.post_by_path]
    outside = [post for post in touched if post.semester in hub.course.order and post.semester != now]
    new = [post for post in outside if not _had_claim(change.before.get(post.path), post, change, hub)]
    without = [before for path, before in sorted(change.before.items()) if path not in hub.post_by_path]
    heirs = {heir.path: before for before in without for heir in _heirs(before, new, change, hub)}
    for post in new:
        if post.path not in heirs and post.status not in ("claimed", "draft"):  # which claim-out-of-season reports
            is_over = hub.course.order[post.semester] < hub.course.order[now]
            when = "is over" if is_over else "is not open yet"
            message = f"{post.semester} {when}, and {change.actor} has no claim on “{hub.claims[post.path].name}” there"
            help = f"A new post belongs to {now}: set “semester: {now}” and move the file to {FOLDER}/{now}/."
            if is_over:
                help += f" If you did write it in {post.semester}, ask staff to add it."
            yield Offence(post.place("semester"), message, help)


def _had_claim(before: Post | None, post: Post, change: Change, hub: Hub) -> bool:
    """Whether the author had a claim in this post's semester where `before` was, also one that was withdrawn."""
    return before is not None and before.semester == post.semester and hub.may_change(before, *change.logins)


def _heirs(before: Post, new: Collection[Post], change: Change, hub: Hub) -> list[Post]:
    """The post that this one became, with the same tools or the same text; with neither it is another one."""
    own = [post for post in new if _had_claim(before, post, change, hub)]
    same = [post for post in own if hub.is_same_claim(before, post)]
    return same[:1] or [*moved([before], [post for post in own if before.body and post.body]).values()]


@change_rule()
def outside_your_post(change: Change, hub: Hub) -> Iterator[Offence]:
    """A pull request touches a file that is neither its author's post nor a picture of it.

    The author of a post changes that post and nothing else: no rules, no data, no workflow, no picture of another
    post. Staff may touch everything; if you want to change Course Hub itself, leave it to them.

    Bad:
        posts/F2026/inkscape.md and data/tools.yaml in one pull request of a student

    Good:
        posts/F2026/inkscape.md and posts/F2026/inkscape/map.png

    Options:
        staff: who may change every file
    """
    if not change.actor or hub.course.is_staff(change.actor):
        return
    for path in sorted(change.paths):
        if is_post(path):
            continue
        owner = _owner(post_of(path), change, hub)
        if owner and hub.may_change(owner, *change.logins):
            continue
        whose = f"a picture of {owner.path}, which is not theirs" if owner else "which is no part of their post"
        help = (
            "Take this file out of the pull request: under “Files changed”, delete it if you added it, or else edit it "
            "back. What should change outside your post, propose in an issue."
        )
        yield Offence(Place(path), f"{change.actor} changes {path}, {whose}", help)


@change_rule(Severity.WARNING)
def moved_without_alias(change: Change, hub: Hub) -> Iterator[Offence]:
    """A published post's file gets another path, and nothing leads there from the old one.

    Its old address is on other sites and in search engines, feed readers know it, and its comments are kept under it.
    With the old path under `aliases`, all three go on. `coursehub check --base REF --fix` adds it.

    Bad:
        git mv posts/F2026/inkscape-app.md posts/F2026/inkscape.md, and nothing more

    Good:
        aliases: posts/F2026/inkscape-app.md (in posts/F2026/inkscape.md)

    Fix:
        Adds the former path.

    Known problems:
        A post of which less than half the lines are the same is taken for another one. A claim or a draft has no
        address that anybody knows, and needs nothing.
    """
    public = [each for _, each in sorted(change.before.items()) if each.is_public]
    new = [hub.post_by_path[path] for path in change.paths - change.before.keys() if path in hub.post_by_path]
    heirs = moved((each for each in public if each.path not in hub.post_by_path), new)
    for before in public:
        now = hub.post_by_path.get(before.path) or heirs.get(before.path)
        lost = [path for path in (*before.aliases, before.path) if not _leads(path, hub)]
        if lost and (now is None or now.is_live):
            links = with_and(_linking(lost, hub))
            yield _offence(before, now, [path for path in lost if is_former_path(path)], links)


def _leads(path: str, hub: Hub) -> bool:
    return path in hub.post_by_path or path in hub.by_former_path


def _linking(lost: Collection[str], hub: Hub) -> list[str]:
    """The posts that link to these paths; of many, the first few and how many more. Few of all texts are read."""
    plain = {PurePosixPath(path).name for path in lost}
    names = plain | {quote(name, errors="surrogateescape") for name in plain}
    near = (each for each in hub.posts if each.is_published and any(name in each.body for name in names))
    paths = [each.path for each in near if any(each.local_path(link.address) in lost for link in each.contents.links)]
    return paths if len(paths) <= _NAMED + 1 else [*paths[:_NAMED], f"{len(paths) - _NAMED} more"]


_NAMED = 3


def _offence(before: Post, now: Post | None, lost: list[str], links: str) -> Offence:
    """The offence of a post that was `before` and is `now`; from the paths `lost`, aliases could lead on.

    `links`: the posts that link there, in words.
    """
    broken = f"; links break in {links}" if links else ""
    if not lost:
        message = f"a published post was at {before.path}, from where no alias can lead on{broken}"
        return Offence(Place(now.path if now else before.path), message, _NO_ALIAS)
    if now is None:
        message = f"a published post was at {before.path}, and nothing leads on from its address{broken}"
        help = f"If it moved, its new front matter needs the line {_line(lost)}. If it is meant to go, all is well."
        return Offence(Place(before.path), message, help)
    paths = dict.fromkeys((*before.aliases, before.path, *now.aliases))
    wanted = [path for path in paths if is_former_path(path) and path != now.path]
    edits = front_edits.with_values(now, "aliases", lost) if wanted == [*now.aliases, *lost] else ()
    message = f"this published post was at {with_and(lost)}: its readers, feed and comments do not follow{broken}"
    return Offence(
        now.place("aliases"),
        message,
        f"Its front matter needs the line {_line(wanted)}.",
        safe("Adds the former path.", edits),
    )


_NO_ALIAS = "Such a path can be no alias. Tell those who link to it."


def _line(paths: list[str]) -> str:
    return f"“aliases: {yaml_list(paths)}”"
