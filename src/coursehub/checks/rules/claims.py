"""Claims: one claim, one owner."""

import shlex
import unicodedata
from collections.abc import Iterator
from functools import partial

from coursehub.checks.post_moves import moved_to
from coursehub.checks.rule import Offence, post_rule
from coursehub.names.file_names import in_ascii
from coursehub.names.letters import mixed_words
from coursehub.names.nearness import LOOKS_THE_SAME
from coursehub.names.titles import kinship
from coursehub.records import front_edits
from coursehub.records.finding import Fix, Severity, unsafe
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER
from coursehub.records.post import Post
from coursehub.records.precedents import Precedent
from coursehub.text.wording import plural, several
from coursehub.text.yaml_writing import yaml_text


def _authors(post: Post) -> str:
    return ", ".join(dict.fromkeys(post.authors)) or "somebody"


def _written(precedent: Precedent) -> str:
    where = precedent.url or precedent.path or "no link is known"
    return f"“{precedent.title}” ({precedent.semester}, {where})"


@post_rule()
def claim_taken(post: Post, hub: Hub) -> Iterator[Offence]:
    """Somebody else holds this claim this semester.

    Each tool, combination or application is discussed once a semester; first come, first served. Of a title, other
    spellings are the same claim; where one is the other without its subtitle or edition, or both give one DOI, arXiv
    number or address, `distinct_from` says that they are two all the same.

    Bad:
        tool: psql (while octocat's “PostgreSQL” is on main)

    Good:
        tool: Comet.ml (a competitor that nobody has claimed)

    Options:
        options: `names`, with `title` where titles are claimed
    """
    if not post.is_live or post.semester not in hub.course.order:
        return
    holder = hub.holder(post)
    if not holder:
        return
    ours, theirs = hub.claims[post.path], hub.claims[holder.path]
    message = f"“{ours.name}” is already claimed in {post.semester} by {_authors(holder)}, in {holder.path}"
    word = hub.word(post)
    competitors = "" if ours.identities[0].title else " (look among competitors of this one)"
    help = f"Choose another {word}{competitors}, or join as a co-author there."
    if ours.code == theirs.code:
        yield Offence(post.place("tool"), message, help)
    elif why := kinship(ours, theirs):
        message += f", as “{theirs.name}”: {why}"
        help = f"If they are two {several(word)}, add “distinct_from: {yaml_text(theirs.name)}”. {help}"
        yield Offence(post.place("tool"), message, help)
    else:
        message += f", as “{theirs.name}”: both give the same “tool_url”"
        distinct = f"distinct_from: {yaml_text(theirs.name)}"
        help = f"If they are two tools, give yours its own address, or add “{distinct}”. {help}"
        yield Offence(post.place("tool_url"), message, help)


@post_rule()
def claim_repeats_last_semester(post: Post, hub: Hub) -> Iterator[Offence]:
    """The claim was discussed in the semester before.

    The assignment asks for something that students did not discuss last semester, whatever one would add. A claim that
    was never published was not discussed.

    Bad:
        tool: Inkscape (with a post of S2026 about it)

    Good:
        tool: Krita

    Options:
        options: `may_repeat_last_semester`, where `differences` are enough
        semesters: which one is the semester before
    """
    if not post.is_live:
        return
    blocking = [precedent for precedent in hub.earlier(post) if hub.blocks(precedent, post.semester, post.option)]
    if blocking:
        message = f"“{hub.claims[post.path].name}” was discussed last semester: {_written(blocking[0])}"
        word, is_title = hub.word(post), bool(hub.claims[post.path].identities[0].title)
        combination = "" if is_title else f", or a combination with another {word}"
        help = f"Choose a {word} that was not discussed last semester{combination}."
        yield Offence(post.place("tool"), message, help)


@post_rule()
def claim_repeats_earlier(post: Post, hub: Hub) -> Iterator[Offence]:
    """An earlier semester's post has the same claim, and `differences` does not say what this one adds.

    An old tool is welcome where the post adds substantial value: other features, another use, what changed.

    Bad:
        tool: Zotero

    Good:
        tool: Zotero
        differences: The post of 2020 collects papers; this one measures how groups share them.

    Options:
        options: `may_repeat_last_semester`, where this rule judges last semester, too
    """
    if not post.is_live or post.differences:
        return
    earlier = hub.earlier(post)
    if earlier and not hub.blocks(earlier[0], post.semester, post.option):
        more = f" and {len(earlier) - 1} more" if len(earlier) > 1 else ""
        message = f"“{hub.claims[post.path].name}” was discussed before: {_written(earlier[0])}{more}"
        word = hub.word(post)
        help = f"Read it, then add “differences: …”: a paragraph on what your post adds. Or choose another {word}."
        yield Offence(post.place("tool"), message, help)


@post_rule()
def second_live_claim(post: Post, hub: Hub) -> Iterator[Offence]:
    """An author holds more than one claim in a semester.

    A claim keeps the tool from everybody else, so each student holds one at a time; staff may hold more.

    Bad:
        octocat in posts/F2026/inkscape.md and in posts/F2026/krita.md

    Good:
        posts/F2026/krita.md, after posts/F2026/inkscape.md got “status: withdrawn”

    Options:
        staff: who may hold more
    """
    if not post.is_live or post.semester not in hub.course.order:
        return
    for index, author in enumerate(post.authors):
        if hub.course.is_staff(author):
            continue
        live = hub.live_by_author.get((post.semester, author.lower()), ())
        other = next((each for each in live if each is not post and hub.counts(each)), None)
        if other:
            message = f"{author} holds another claim in {post.semester}: {other.path}"
            help = "Keep one of the two; set “status: withdrawn” in the other, or delete its file."
            yield Offence(post.place("authors", index), message, help)


@post_rule()
def claim_out_of_season(post: Post, hub: Hub) -> Iterator[Offence]:
    """A claim or draft lies in a semester that is not open.

    New claims belong to the semester that runs now, so that nobody fills up a past or a coming one. A claim that is
    left over from a semester that is over stays in it: it is published late, or withdrawn, and not moved to the next
    one, where somebody else may claim the tool.

    Bad:
        semester: S2020
        status: claimed

    Good:
        semester: S2020
        status: withdrawn

    Options:
        open_semester: the semester that runs now
    """
    if post.status in ("claimed", "draft") and post.semester in hub.course.order:
        now = hub.course.open_semester
        if post.semester != now:
            message = f"{post.semester} is not open for claims; {now} is"
            move = f"set “semester: {now}” and move the file to {FOLDER}/{now}/."
            is_over = hub.course.order[post.semester] < hub.course.order[now]
            late = f"If it is left over from {post.semester}, publish it, or set “status: withdrawn”. If it is new, "
            yield Offence(post.place("semester"), message, late + move if is_over else f"S{move[1:]}")


@post_rule(Severity.WARNING)
def expired_claim(post: Post, hub: Hub) -> Iterator[Offence]:
    """A claim or draft is still no post after the deadline.

    The claim stays with its author until staff decide; the board shows it. Judged only as of a moment that is given
    (`coursehub check --at`).

    Bad:
        status: draft (a week after posts were due)

    Good:
        status: published

    Options:
        semesters: `post_due` of each semester

    Known problems:
        The later deadline of a single student (`extensions`) does not count here.
    """
    due = hub.course.due(post.semester) if hub.now else None
    if due and post.is_late(due, hub.now):
        message = f"the post of {_authors(post)} was due {due:%Y-%m-%d %H:%M %Z} and is “{post.status}”"
        word = hub.word(post)
        frees = f"“status: withdrawn” frees the {word}"
        help = f"Staff: talk to the author; {frees}. Author: publish, or ask for more time."
        yield Offence(post.place("status"), message, help)


@post_rule()
def misplaced_post(post: Post, hub: Hub) -> Iterator[Offence]:
    """The file's path is not its semester and its claim key.

    The path is the claim: two pull requests with one claim then meet in one file, and git itself refuses the second.

    Bad:
        posts/F2026/my-post.md with tool: Inkscape

    Good:
        posts/F2026/inkscape.md with tool: Inkscape

    Fix:
        Moves the file and its pictures, and writes their new addresses. Unsafe where the post is public: its address
        changes, see moved-without-alias.
    """
    right = hub.own_path(post)
    if right and _compared(post.path) != _compared(right):
        message = f"the file is {post.path}, and its semester and {hub.word(post)} ask for {right}"
        yield Offence(post.place("tool"), message, _rename(post, right, hub), partial(moved_to, post, hub, right))


def _rename(post: Post, right: str, hub: Hub) -> str:
    """How the file and its pictures get to `right`: by `mv`, since git knows nothing yet of a file that is new."""
    if right in hub.post_by_path:
        word = hub.word(post)
        return f"{right} is there already. If it is yours, put this text there; or else give this post another {word}."
    folder = right.rpartition("/")[0]
    pairs = [(post.path, right)]
    if post.picture_folder in hub.files.pictures_in:
        pairs.append((post.picture_folder.rstrip("/"), right.removesuffix(".md")))
    steps = [] if post.path.rpartition("/")[0] == folder else [f"mkdir -p {folder}"]
    steps += [f"mv {shlex.quote(old)} {shlex.quote(new)}" for old, new in pairs]
    return f"Rename it: {'; '.join(steps)}. In the browser, edit the file and change the name above the text."


@post_rule()
def post_named_index(post: Post, hub: Hub) -> Iterator[Offence]:
    """A post's file is `index.md`.

    That is the page that lists its semester's posts: of two pages with one address, one would be lost.

    Bad:
        posts/F2026/index.md with tool: Index

    Good:
        posts/F2026/index-search.md with tool: Index Search
    """
    if post.path.rpartition("/")[2] == "index.md":
        message = f"{post.path} is the name of the page that lists the posts of {post.semester}"
        help = "Name the file after its tool. A tool called just “Index” also needs a longer name in `tool`."
        yield Offence(post.place("tool"), message, help)


def _compared(path: str) -> str:
    """A path in whose last name the spaces of an unlisted tool's name do not count: great-tables, greattables.

    Nor do Unicode forms: a Mac may write the key of a Korean tool in another one than git has.
    """
    folder, slash, name = path.rpartition("/")
    return folder + slash + unicodedata.normalize("NFC", name).replace("--", "\0").replace("-", "")


@post_rule(Severity.NOTICE)
def claim_resembles(post: Post, hub: Hub) -> Iterator[Offence]:
    """The name of an unlisted tool is almost that of another, or the title of an earlier post speaks of the tool.

    A slip of the keyboard would hide that two claims are one. This asks, and never blocks: `distinct_from` answers it,
    and `differences` where an earlier post may be about the same, of which only a title is known.

    Bad:
        tool: Grafanna

    Good:
        tool: Grafanna
        distinct_from: Grafana

    Fix:
        Unsafe: adds `distinct_from`.

    Options:
        open_semester: the semester whose claims are looked at

    Known problems:
        In a name of four letters a changed letter makes another name, and in a shorter one a missing or added letter
        does: nobody asks then.

    References:
        https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance

    """
    if not post.is_live or post.semester != hub.course.open_semester:
        return
    for identity, near in hub.precedents.near(hub.claims[post.path], post.distinct_from):
        if near.why == LOOKS_THE_SAME and not (identity.code + near.identity.code).isascii():
            continue  # one of them imitates the other
        used = hub.precedents.by_tool.get(near.identity.code)
        known = f"; see {_written(used[-1])}" if used else ""
        message = f"“{identity.name}” may be “{near.identity.name}”, which {near.why}{known}"
        word, other = hub.word(post), near.identity.name
        help = f"If they are one {word}, write “{other}”; if not, add “distinct_from: {yaml_text(other)}”."
        yield Offence(post.place("tool"), message, help, partial(_distinct, post, other))
    if post.differences:
        return
    for tool in hub.claims[post.path].identities:
        earlier = hub.precedents.speaking_of(tool, post.semester)
        if earlier:
            more = f", and {plural(len(earlier) - 1, 'other does', 'others do')}, too" if len(earlier) > 1 else ""
            message = f"an earlier post mentions “{tool.name}”: {_written(earlier[0])}{more}"
            help = "Read it, then add “differences: …”: what your post adds, or that the other is about something else."
            yield Offence(post.place("tool"), message, help)


def _distinct(post: Post, name: str) -> Fix:
    return unsafe(f"Adds “distinct_from: {yaml_text(name)}”.", front_edits.with_values(post, "distinct_from", [name]))


@post_rule()
def claim_imitates(post: Post, hub: Hub) -> Iterator[Offence]:
    """The name looks like that of another tool, and is written in other letters.

    To everybody who reads it, it is that tool. `distinct_from` says that it is not, for staff to judge.

    Bad:
        tool: "\u039a\u0391\u03a4\u0399\u0392" (Greek letters, which look like Katib)

    Good:
        tool: Katib

    Options:
        open_semester: the semester whose claims are looked at

    Known problems:
        Letters look alike in the way that Unicode's list says, whatever the font.

    References:
        https://www.unicode.org/reports/tr39/#Confusable_Detection

    """
    if not post.is_live or post.semester != hub.course.open_semester:
        return
    for identity, near in hub.precedents.near(hub.claims[post.path], post.distinct_from):
        is_other_letters = not identity.code.isascii() and not mixed_words(identity.name)
        if near.why == LOOKS_THE_SAME and is_other_letters:
            other = near.identity.name
            message = f"“{identity.name}” looks like “{other}”, in other letters: {in_ascii(identity.name)}"
            word = hub.word(post)
            distinct = f"distinct_from: {yaml_text(other)}"
            help = f"If you mean that {word}, type “{other}”; if it is another one, add “{distinct}”."
            yield Offence(post.place("tool"), message, help)


@post_rule(Severity.NOTICE)
def claim_overlaps(post: Post, hub: Hub) -> Iterator[Offence]:
    """Another claim of this semester shares a tool with this one.

    That is allowed, and its author may be good company: link to each other, and say how the posts differ.

    Bad:
        tool: [Inkscape, Krita] (while somebody claims Inkscape)

    Good:
        tool: [Blender, Krita]

    Options:
        open_semester: the semester whose claims are looked at
    """
    if not post.is_live or post.semester != hub.course.open_semester:
        return
    code, codes = hub.claims[post.path].code, set(hub.claims[post.path].codes)
    shared = {
        other.path: (other, identity.name)
        for tool in codes
        for other, identity in hub.live_by_tool.get((post.semester, tool), ())
        if hub.claims[other.path].code != code
    }
    for _, (other, name) in sorted(shared.items()):
        message = f"{_authors(other)} also writes about {name}, in {other.path}"
        yield Offence(post.place("tool"), message, "This is allowed: link to that post and say how yours differs.")
