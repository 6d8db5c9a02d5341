"""Fields: what the front matter says."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from coursehub.checks.rule import Cause, Offence, post_rule
from coursehub.names.identity import fold
from coursehub.names.letters import Letter, is_unseen, mixed_words
from coursehub.records import front_edits
from coursehub.records.assignment import NameKind, Option
from coursehub.records.course import Course, Topic, season
from coursehub.records.fields import FIELDS, FORMATS, STATUSES, Wrong
from coursehub.records.finding import NO_FIX, Fix, Severity, safe, unsafe
from coursehub.records.foreign_fields import ELSEWHERE
from coursehub.records.hub import Hub
from coursehub.records.name_reader import MOST_NAMES
from coursehub.records.post import Post
from coursehub.text import located
from coursehub.text.addresses import address_meant, is_login, is_web_address, login_meant
from coursehub.text.expressions import expression
from coursehub.text.wording import nearest, slip_of, sure_slip_of, with_and
from coursehub.text.yaml_writing import yaml_list

ALWAYS = ("title", "authors", "option", "tool", "semester", "status")
PUBLISHED = ("date", "summary", "tool_url")
LONGEST = {"title": 200, "tool": 100, "summary": 600, "names": 100, "bio": 200}  # characters
LONGEST_CLAIM = {NameKind.TOOL: LONGEST["tool"], NameKind.TITLE: LONGEST["title"]}


@post_rule()
def unknown_field(post: Post, hub: Hub) -> Iterator[Offence]:
    """A field has a name that Course Hub does not know.

    Mostly it is a slip, and what it says would be lost.

    Bad:
        titel: Drawing a map with Inkscape

    Good:
        title: Drawing a map with Inkscape

    Fix:
        Writes the name that is meant. Unsafe: takes out a field for which there is no other.
    """
    troubled = {(trouble.line, trouble.column) for trouble in post.troubles}  # a key that is a list: said already
    for name, (key, _) in post.front.nodes.items() if post.unknown and post.front else ():
        if name not in FIELDS and (key.line, key.column) not in troubled:
            cause = None if _meant(name, post, hub) else Cause(name.lower() in ELSEWHERE, name)
            message = f"“{name}” is not a field of a post"
            help, fix = partial(_instead_of, name, post, hub), partial(_renamed, name, post, hub)
            yield Offence(post.at(key), message, help, fix, cause)


def _meant(name: str, post: Post, hub: Hub) -> str:
    """The field that is meant by another name, as far as one can tell; empty where one cannot, or has none."""
    ours = ELSEWHERE.get(name.lower())
    if ours == "topics" and not _has_topic(name, post, hub):
        return ""  # tags that are anybody's own
    return slip_of(name, FIELDS) if ours is None else ours


def _has_topic(name: str, post: Post, hub: Hub) -> bool:
    """Whether a field names a topic of the course, in a list or in a text as other programs write lists."""
    node = post.front.value(name) if post.front else None
    items = node.nodes if isinstance(node, located.Items) else [node]
    texts = (item.text for item in items if isinstance(item, located.Scalar))
    return any(tag in hub.course.topic_by_id for text in texts for tag in re.split(r"[,\s]+", text))


def _instead_of(name: str, post: Post, hub: Hub) -> str:
    ours = _meant(name, post, hub)
    if name.lower() not in ELSEWHERE:
        return nearest(name, FIELDS)
    if not ours:
        return f"Leave it out: posts here have no “{name}”."
    is_there = post.front is not None and ours in post.front.nodes
    return f"Leave it out: “{ours}” is there already." if is_there else f"Call it “{ours}” ({FIELDS[ours].wants})."


def _renamed(name: str, post: Post, hub: Hub) -> Fix:
    """The fix of a field's name: the one that is meant; without one, or where that is there, it goes."""
    assert post.front is not None
    key, value = post.front.nodes[name]
    is_foreign = name.lower() in ELSEWHERE or not name.strip()
    meant = _meant(name, post, hub) if is_foreign else sure_slip_of(name, FIELDS)
    if meant and meant not in post.front.nodes:
        return safe(f"Calls it “{meant}”.", front_edits.with_yaml(post, key, meant))
    other = post.front.value(meant) if meant else None
    removed = front_edits.without_lines(post, key, value)
    if other is not None and located.plain(other) == located.plain(value):
        return safe(f"Takes it out: “{meant}” says the same.", removed)
    return unsafe("Takes it out.", removed) if is_foreign or meant else NO_FIX


@post_rule()
def missing_field(post: Post, hub: Hub) -> Iterator[Offence]:
    """A field that this post needs is not given.

    Every post says what it claims and whose it is; a published one also has a date, a summary for lists and
    feeds, and an address for each tool.

    Bad:
        ---
        title: Drawing a map with Inkscape
        tool: Inkscape
        semester: F2026
        status: claimed
        ---

    Good:
        ---
        title: Drawing a map with Inkscape
        authors: octocat
        option: tool
        tool: Inkscape
        semester: F2026
        status: claimed
        ---

    Fix:
        Adds what the file's place says: the semester, a listed tool; a claim's status; the option where there is only
        one. Unsafe: adds a line for each of the others, which somebody has to fill in.
    """
    needed = _needed(post, hub)
    if all(getattr(post, name) for name in needed):
        return
    nodes = post.front.nodes if post.front else {}
    if any(name not in nodes or _is_empty(nodes[name][1]) for name in needed):
        present = {name for name, (_, value) in nodes.items() if not _is_empty(value)}
        meant = {_meant(name, post, hub) for name in present if name not in FIELDS}  # of those, `unknown_field` tells
        missing = [name for name in needed if name not in present and name not in meant]
        if missing:
            is_one = len(missing) == 1
            whose = "every post has" if set(missing) <= set(ALWAYS) else "a published post has"
            fields = f"the {'field' if is_one else 'fields'} {with_and([f'“{name}”' for name in missing])}"
            empty = [name for name in missing if post.front and name in post.front.nodes]
            what = "empty" if len(empty) == len(missing) else "missing or empty" if empty else "missing"
            message = f"{fields} {'is' if is_one else 'are'} {what}; {whose} {'it' if is_one else 'them'}"
            lines = "this line" if is_one else "these lines"
            help = f"Add {lines} to the front matter, and fill in what you know:"
            if what == "empty":
                help = f"Fill in {lines}:"
            place = post.place(empty[0]) if what == "empty" else post.at(None)
            to_paste = (_line(name, post, hub) for name in missing)
            yield Offence(place, message, "\n".join((help, *to_paste)), partial(_added, post, hub, missing))


def _needed(post: Post, hub: Hub) -> tuple[str, ...]:
    """The fields that the post needs. What `covers` needs is said of each option, where the option is known."""
    if not post.passes_for_public:
        return ALWAYS
    is_unsaid = post.is_hosted_here and not hub.option_of(post)
    return ALWAYS + PUBLISHED + (("covers",) if is_unsaid else ())


def _is_empty(node: located.Node) -> bool:
    """Whether nothing is there where a value should be."""
    return isinstance(node, located.Scalar) and (node.yaml_type == "null" or not node.text.strip())


def _added(post: Post, hub: Hub, missing: list[str]) -> Fix:
    """The fix that adds the fields whose value one can know, or else a place for each of the others."""
    absent = [name for name in missing if post.front and name not in post.front.nodes]
    known = [_line(name, post, hub) for name in absent if _known_value(post, hub, name)]
    if known:
        names = with_and([f"“{line}”" for line in known])
        return safe(f"Adds {names}.", front_edits.with_lines(post, "".join(f"{line}\n" for line in known)))
    lines = "".join(f"{_line(name, post, hub)}\n" for name in absent)
    what = "line" if len(absent) == 1 else "lines"
    return unsafe(f"Adds the {what}, to be filled in.", front_edits.with_lines(post, lines) if absent else ())


def _line(name: str, post: Post, hub: Hub) -> str:
    """A line of front matter to paste: with its value where that is known, else with what it takes."""
    if value := _known_value(post, hub, name):
        return f"{name}: {value}"
    hints = {
        "option": " or ".join(hub.course.at(post.semester).option_by_id),
        "status": "draft, or published once it is finished" if post.body.strip() else "claimed",
        "covers": "for each requirement of the option, the heading of the section on it",
    }
    return f"{name}: # {hints.get(name, FIELDS[name].wants)}"


def _known_value(post: Post, hub: Hub, name: str) -> str:
    """A missing field's value in YAML, where the file's place, its text or the course leave one only; else empty."""
    if name == "semester":
        return post.folder if post.folder in hub.course.order else ""
    if name == "option":
        options = hub.course.at(post.semester).option_by_id
        return next(iter(options)) if len(options) == 1 else ""
    if name == "status":
        return "" if post.body.strip() or post.external_url else "claimed"
    if name == "tool":
        tools = [hub.tools.tools.get(slug) for slug in post.stem.split("--")]
        return yaml_list([tool.name for tool in tools if tool]) if all(tools) else ""
    return ""


@post_rule()
def wrong_type(post: Post, hub: Hub) -> Iterator[Offence]:
    """A field's value is of another kind than the field takes.

    YAML makes true of `on` and 1.1 of 1.10 and would silently change what was written.

    Bad:
        title: on

    Good:
        title: "on"

    Fix:
        Puts in quotes what YAML would change; writes a date, true or false, or a former path as it should be; takes the
        brackets off a single value, and out a field that is empty.

    References:
        https://yaml.org/type/bool.html
        https://yaml.org/type/float.html

    """
    troubled = {(trouble.line, trouble.column) for trouble in post.troubles}  # an alias has no value: said already
    needed = _needed(post, hub)
    has_requirements = post.passes_for_public and post.is_hosted_here and hub.option_of(post)
    for name, wrongs in post.wrong.items():
        whole = post.front.value(name) if post.front else None
        for wrong in wrongs:
            if (wrong.node.line, wrong.node.column) in troubled:
                continue
            is_asked_for = name in needed if wrong.node == whole else name == "covers" and has_requirements
            if is_asked_for and _is_empty(wrong.node):
                continue  # as missing-field and requirement-not-covered say
            subject = f"“{name}”" if wrong.node == whole else f"a value in “{name}”"
            cause = None if wrong.node == whole else Cause((name, wrong.what))
            fix = partial(_corrected, post, name, wrong)
            yield Offence(post.at(wrong.node), f"{subject} {wrong.what}", wrong.help, fix, cause)


def _corrected(post: Post, name: str, wrong: Wrong) -> Fix:
    if wrong.meant:
        return safe(f"Writes {wrong.meant}.", front_edits.with_yaml(post, wrong.node, wrong.meant))
    is_whole = post.front is not None and wrong.node == post.front.value(name)
    is_nothing = _is_empty(wrong.node) or (isinstance(wrong.node, located.Items) and not wrong.node.nodes)
    return safe("Takes out the field.", front_edits.without_field(post, name) if is_whole and is_nothing else ())


@post_rule()
def unknown_value(post: Post, hub: Hub) -> Iterator[Offence]:
    """A field has a value that the course does not have.

    Options, semesters and topics are those of `data/course.yaml`, and options are those of the post's semester.

    Bad:
        status: finished

    Good:
        status: published

    Fix:
        Writes the value that is meant: of a slip, of other capitals, of a title, of `Fall 2026`.

    Options:
        options: the options, and the `requirements` that `covers` may name; from `since` to `until`, if given
        semesters: the semesters
        topics: the topics
    """
    options, topics = hub.course.at(post.semester).option_by_id, hub.course.topic_by_id
    requirements = hub.option_of(post)
    known: list[tuple[str, Iterable[str], Iterable[str], Callable[[str], str | None]]] = [
        ("option", (post.option,), options, partial(_titled, titles=options)),
        ("semester", (post.semester,), hub.course.order, partial(_semester_meant, course=hub.course)),
        ("status", (post.status,), STATUSES, _nothing),
        ("format", (post.format,), FORMATS, _nothing),
        ("topics", post.topics, topics, partial(_titled, titles=topics)),
    ]
    for name, values, allowed, meant in known:
        for index, value in enumerate(values):
            if value and value not in allowed:
                message = f"“{value}” is {_no_value_of(name, value, post, hub.course)}"
                fix = partial(_written_as, post, post.node(name, index), value, allowed, meant)
                yield Offence(post.place(name, index), message, partial(nearest, value, allowed), fix)
    if requirements and post.covers:
        allowed = [requirement.id for requirement in requirements.requirements]
        for name in post.covers:
            covers = post.node("covers") if name not in allowed else None
            if isinstance(covers, located.Fields):
                message = f"“{name}” is {_no_requirement(name, post, hub.course)}"
                free = [each for each in allowed if each not in post.covers]
                fix = partial(_written_as, post, covers.nodes[name][0], name, free, _nothing)
                yield Offence(post.at(covers.nodes[name][0]), message, partial(nearest, name, allowed), fix)


def _no_value_of(name: str, value: str, post: Post, course: Course) -> str:
    """The reason why a field cannot have a value: the course has none such, or not in the post's semester."""
    when = course.other_times(value, post.semester) if name == "option" and post.semester in course.order else ""
    return f"an option {when}, and this post is of {post.semester}" if when else f"not one of the values of “{name}”"


def _no_requirement(name: str, post: Post, course: Course) -> str:
    """The reason why `covers` cannot have a name: the option has no such requirement, or not in the post's semester."""
    when = course.times_of_requirement(post.option, name)
    what = f"requirement of the option {post.option}"
    return f"a {what} {when}, and this post is of {post.semester}" if when else f"not a {what}"


def _nothing(value: str) -> str:
    """No other way of writing it."""
    return ""


def _semester_meant(value: str, course: Course) -> str | None:
    from coursehub.records.semesters import semester_meant  # noqa: PLC0415  (slow to load, and seldom needed)

    return semester_meant(value, course)


def _titled(value: str, titles: Mapping[str, Option | Topic]) -> str:
    """The option or topic of this title; empty where none has it."""
    return next((id for id, each in titles.items() if each.title.casefold() == value.casefold()), "")


def _written_as(
    post: Post, node: located.Node | None, value: str, allowed: Iterable[str], meant: Callable[[str], str | None]
) -> Fix:
    right = meant(value) or sure_slip_of(value, allowed)
    return safe(f"Writes “{right}”.", front_edits.with_text(post, node, right)) if right else NO_FIX


@post_rule()
def date_out_of_season(post: Post, hub: Hub) -> Iterator[Offence]:
    """The date is not one on which a post of its semester can have been published.

    Lists begin with the newest post, and those who look for posts to comment on with the oldest. A post is
    published in the year in which claims open or later, until half a year after posts are due; where
    `data/course.yaml` does not say when that is, in the year of the semester's name or in the next.

    Bad:
        semester: F2026
        date: 2062-11-02

    Good:
        semester: F2026
        date: 2026-11-02

    Options:
        semesters: `claims_open` and `post_due` of each semester
    """
    semester = post.semester or post.folder
    position = hub.course.order.get(semester)
    if post.date is None or position is None or not (post.is_published or post.passes_for_public):
        return
    first, last = season(hub.course.semesters[position])
    if not first <= post.date <= last:
        when = f"before {first}" if post.date < first else f"after {last}"
        message = f"“{post.date}” is {when}, when no post of {semester} is published"
        yield Offence(post.place("date"), message, "Give the day on which you publish the post; mind the year.")


@post_rule(Severity.WARNING)
def date_to_come(post: Post, hub: Hub) -> Iterator[Offence]:
    """A published post has a date that is still to come.

    Until then it is listed before all newer ones. Judged only as of a moment that is given (`coursehub check --at`).

    Bad:
        date: 2026-12-04 (on the second of November)

    Good:
        date: 2026-11-02

    Options:
        time_zone: where the day begins
    """
    if post.date and hub.now and (post.is_published or post.passes_for_public):
        today = hub.now.astimezone(hub.course.zone).date()
        if post.date > today:
            message = f"“{post.date}” is still to come: it is {today}"
            yield Offence(post.place("date"), message, "Give the day on which you publish the post.")


@post_rule()
def not_a_login(post: Post, hub: Hub) -> Iterator[Offence]:
    """An author is not a GitHub login.

    Ownership of the post and credit for comments go by the login, not by the person's name.

    Bad:
        authors: Mona Lisa Octocat

    Good:
        authors: octocat

    Fix:
        Writes the login of `@octocat` or of a profile's address. Unsafe: makes a list of several with commas.

    Known problems:
        Nobody looks whether there is such an account. Logins that a company manages have an underscore; they are
        refused.

    References:
        https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam

    """
    for index, author in enumerate(post.authors):
        if not is_login(author):
            help = (
                "Write the name from your profile's address, github.com/NAME, without @. "
                "A person's own name can be given as “names”."
            )
            fix = partial(_logins, post, post.node("authors", index), author)
            yield Offence(post.place("authors", index), f"“{author}” is not a GitHub login", help, fix)


def _logins(post: Post, node: located.Node | None, author: str) -> Fix:
    if login := login_meant(author):
        return safe(f"Writes “{login}”.", front_edits.with_text(post, node, login))
    logins = [login_meant(part) for part in re.split(r"[,;&]| and ", author)]
    is_list = len(logins) > 1 and all(logins) and post.front is not None and node is post.front.value("authors")
    written = yaml_list(logins) if is_list else ""
    return unsafe(f"Writes {written}.", front_edits.with_yaml(post, node, written)) if is_list else NO_FIX


@post_rule()
def names_mismatch(post: Post, hub: Hub) -> Iterator[Offence]:
    """There are not as many `names`, or lines in `bio`, as `authors`.

    Each belongs to one author, by its place. With one too few, nobody can tell whose it is, and a person would be cited
    by another's name.

    Bad:
        authors: [octocat, monalisa]
        names: Mona Lisa Octocat

    Good:
        authors: [octocat, monalisa]
        names: [Octo Cat, Mona Lisa Octocat]

    Known problems:
        An author who wants to be known by the login alone gives the login as name.
    """
    one = "Give one for each author, in their order, or leave the field out."
    helps = {
        "names": f"{one} Who wants no other name than the login gives the login.",
        "bio": f"{one} A line about one of you can be in a post of that author alone.",
    }
    authors = len(post.authors)
    for name, help in helps.items():
        values = getattr(post, name)
        if values and authors and name not in post.wrong and len(values) != authors:
            message = f"“{name}” has {len(values):,} and “authors” has {authors:,}"
            yield Offence(post.place(name), message, help)


@post_rule()
def not_a_link(post: Post, hub: Hub) -> Iterator[Offence]:
    """A field that takes links has something else.

    Readers, and the check that two names mean one tool, follow these links.

    Bad:
        tool_url: github.com/inkscape/inkscape

    Good:
        tool_url: https://github.com/inkscape/inkscape

    Fix:
        Writes the address with https://, without Markdown around it or a slip in `https://`; makes a list of several.

    Known problems:
        Nobody looks here whether the address answers.

    References:
        https://url.spec.whatwg.org/#url-writing
        https://www.rfc-editor.org/rfc/rfc3987

    """
    one = {"external_url": (post.external_url,), "archived": (post.archived,)}
    links = {"tool_url": post.tool_url, **one, "evidence": post.evidence}
    for name, values in links.items():
        for index, value in enumerate(values):
            if value and not is_web_address(value):
                message = f"“{value}” in “{name}” is not a link"
                help = (
                    "Write the whole address, beginning with https:// or http://, without spaces, a password or signs "
                    "that nobody sees."
                )
                fix = partial(_addresses, post, post.node(name, index), value, is_list=name not in one)
                yield Offence(post.place(name, index), message, help, fix)


def _addresses(post: Post, node: located.Node | None, value: str, *, is_list: bool) -> Fix:
    if address := address_meant(value):
        return safe(f"Writes {address}.", front_edits.with_text(post, node, address))
    several = [part.rstrip(",;") for part in value.split()]
    is_whole = post.front is not None and any(node is other for _, other in post.front.nodes.values())
    if is_list and is_whole and len(several) > 1 and all(map(is_web_address, several)):
        return safe("Makes a list of the addresses.", front_edits.with_yaml(post, node, yaml_list(several)))
    return NO_FIX


@post_rule()
def tool_url_mismatch(post: Post, hub: Hub) -> Iterator[Offence]:
    """There are not as many `tool_url` as tools.

    Each address is a second witness of one tool, so they go in pairs, in the same order.

    Bad:
        tool: [Inkscape, Krita]
        tool_url: https://github.com/inkscape/inkscape

    Good:
        tool: [Inkscape, Krita]
        tool_url: [https://github.com/inkscape/inkscape, https://github.com/KDE/krita]
    """
    tools = len(hub.claims[post.path].identities)
    if post.tool_url and tools and len(post.tool_url) not in (tools, len(post.tool)):
        message = f"“tool_url” has {len(post.tool_url)} and “tool” names {tools}"
        help = "Give one address for each tool, in the same order: [https://…, https://…]."
        yield Offence(post.place("tool_url"), message, help)


@post_rule()
def several_titles(post: Post, hub: Hub) -> Iterator[Offence]:
    """A post of an option whose `names` are titles names more than one.

    Of tools there are combinations; of papers, books and datasets each is a claim of its own.

    Bad:
        tool: [The Google File System, "MapReduce: Simplified Data Processing on Large Clusters"]

    Good:
        tool: The Google File System

    Options:
        options: `names`, with `title` where titles are claimed
    """
    if hub.names.kind_of(post) is NameKind.TITLE and len(post.tool) > 1:
        word = hub.word(post)
        message = f"“tool” has {len(post.tool)} titles, and a post of this option is about one {word}"
        help = f"Name one {word}, without brackets around it: then a comma is part of its title."
        yield Offence(post.place("tool", 1), message, help)


@post_rule()
def nameless_tool(post: Post, hub: Hub) -> Iterator[Offence]:
    """A tool's name has no letters or digits.

    Nothing is left to compare it with other claims by.

    Bad:
        tool: "🦜"

    Good:
        tool: LangChain
    """
    for index, name in enumerate(post.tool):
        if not fold(name):
            message = f"the name “{name}” has no letters or digits"
            yield Offence(post.place("tool", index), message, "Write the tool's name in letters.")


@post_rule()
def mixed_scripts(post: Post, hub: Hub) -> Iterator[Offence]:
    r"""A word of a tool's name has letters of several scripts.

    A Cyrillic “о” cannot be told from a Latin one, and would make another tool of a name that is taken.

    Bad:
        tool: "Kedr\u043e"

    Good:
        tool: Krita

    Fix:
        Unsafe: writes the letters that they look like.

    Known problems:
        A Chinese, Japanese or Korean word may have Latin letters, and any word Greek ones that look like no Latin
        letter: “μTorrent”.

    References:
        https://www.unicode.org/reports/tr39/#Restriction_Level_Detection

    """
    for index, name in enumerate(post.tool):
        for word in mixed_words(name):
            letters = [_described(letter, meant) for letter, meant in zip(word.foreign, word.meant, strict=True)]
            if len(letters) > _MOST_LETTERS:
                letters[_MOST_LETTERS:] = [f"{len(letters) - _MOST_LETTERS} more"]
            message = f"the word “{word.word}” in “{name}” is {word.script}, but for {with_and(letters)}"
            help = (
                "Type the name yourself, in the letters of one script. If it really has two, put a space between them."
            )
            fix = partial(_in_one_script, post, post.node("tool", index), name)
            yield Offence(post.place("tool", index), message, help, fix)


def _in_one_script(post: Post, node: located.Node | None, name: str) -> Fix:
    letters = [*name]
    for word in mixed_words(name):
        for letter, meant in zip(word.foreign, word.meant, strict=True):
            letters[letter.at - 1] = meant
    right = "".join(letters)
    if mixed_words(right) or not all(letters):
        return NO_FIX
    return unsafe(f"Writes “{right}”.", front_edits.with_text(post, node, right))


_MOST_LETTERS = 4  # of one word, to be named


def _described(letter: Letter, meant: str) -> str:
    name = unicodedata.name(letter.char, "no name").lower()
    probably = f", probably meant as “{meant}”" if meant else ""
    return f"“{letter.char}” (U+{ord(letter.char):04X}, {name}, character {letter.at}{probably})"


@post_rule()
def overlong_field(post: Post, hub: Hub) -> Iterator[Offence]:
    """A title, name, summary or line is too long for lists and file names, or there are too many names.

    Cards, feeds and file names show these fields whole.

    Bad:
        tool: Inkscape, which is a library that helps to … (and so on for 300 characters)

    Good:
        tool: Inkscape
    """
    for name, longest in (LONGEST | {"tool": LONGEST_CLAIM[hub.names.kind_of(post)]}).items():
        written = getattr(post, name)
        for index, value in enumerate((written,) if isinstance(written, str) else written):
            if len(value) > longest:
                message = f"“{name}” has {len(value)} characters, and at most {longest} are shown"
                yield Offence(post.place(name, index), message, "Say it shorter; details belong in the text.")
    for name, names in {"tool": post.tool, "distinct_from": post.distinct_from}.items():
        if len(names) > MOST_NAMES:
            message = f"“{name}” has {len(names):,} names, and at most {MOST_NAMES} are read"
            yield Offence(post.place(name, MOST_NAMES), message, "Name fewer; a post is about one tool, or a few.")


@post_rule()
def invisible_character(post: Post, hub: Hub) -> Iterator[Offence]:
    r"""A field has a character that cannot be seen and changes how text reads.

    Controls and direction marks can make one name look like another.

    Bad:
        tool: "Evid\u200bently"

    Good:
        tool: Inkscape

    Fix:
        Takes such characters out.

    References:
        https://www.unicode.org/reports/tr36/

    """
    written = post.front_text
    if written.isascii() and "\\" not in written and written.replace("\n", "").isprintable():
        return  # as of most posts: no value can have one
    for scalar in located.walk(post.front):
        if scalar.text.isascii() and scalar.text.isprintable():
            continue
        base = " "
        for char in scalar.text:
            if not _is_invisible(char):
                base = char
            elif char not in "\n\t" and not _is_needed(char, base):
                name = unicodedata.name(char, "control" if unicodedata.category(char) == "Cc" else "no name")
                message = f"the value has U+{ord(char):04X} ({name.lower()}), which nobody sees"
                fix = partial(_visible, post, scalar)
                yield Offence(post.at(scalar), message, "Delete the value and type it again.", fix)
                break


def _visible(post: Post, scalar: located.Scalar) -> Fix:
    """The fix that takes out of a value what nobody sees and nothing needs."""
    written = front_edits.written_at(post, scalar)
    clean = _without_invisible(written)
    if clean != written:
        return safe("Takes out what nobody sees.", front_edits.with_source(post, scalar, clean))
    text = _without_invisible(scalar.text)  # it is written as an escape
    return safe("Takes out what nobody sees.", front_edits.with_text(post, scalar, text) if text.strip() else ())


def _without_invisible(text: str) -> str:
    chars = [*text]
    base = " "
    for at, char in enumerate(text):
        if not _is_invisible(char):
            base = char
        elif char not in "\n\t" and not _is_needed(char, base):
            chars[at] = " " if unicodedata.category(char) in ("Zl", "Zp") else ""
    return "".join(chars)


_JOINERS = "\u200c\u200d"
_VIRAMA = 9  # the combining class of what joins letters in the scripts of India
_VARIATIONS = expression("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_TAGS = expression("[\U000e0020-\U000e007f]")
_FLAG = "\U0001f3f4"  # with letters that nobody sees it is that of Scotland


def _is_invisible(char: str) -> bool:
    return is_unseen(char) or unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def _is_needed(char: str, base: str) -> bool:
    """Whether an invisible character changes the sign before it: it makes emoji, Persian words, rare Chinese signs."""
    is_sign = unicodedata.category(base)[0] in "SP" and not base.isascii()
    if char in _JOINERS:
        return is_sign or unicodedata.combining(base) == _VIRAMA or unicodedata.bidirectional(base) == "AL"
    if _VARIATIONS.match(char):
        return is_sign or base in "#*0123456789" or unicodedata.name(base, "").startswith(("CJK", "MONGOLIAN"))
    return base == _FLAG and bool(_TAGS.match(char))
