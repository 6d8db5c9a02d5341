"""Files of another engine → what becomes of each: a post of ours that can be written, or why there is none."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from coursehub.claims import availability
from coursehub.claims.new_claim import path_of
from coursehub.converting import files, post
from coursehub.converting.front_matter import UnreadableError
from coursehub.converting.post import Converted, Foreign, Surroundings
from coursehub.converting.writing import Claimed, semester_of
from coursehub.names import file_names
from coursehub.names.identity import Claim, fold
from coursehub.records.course import Semester, season
from coursehub.records.hub import Hub
from coursehub.text.wording import with_and


class Wish(NamedTuple):
    """The wishes for all files: their option, the tools and authors where they are known, the semester or None.

    `own` is the login of whoever converts, for a post that names no other.
    """

    option: str
    tools: Sequence[str] = ()
    authors: Sequence[str] = ()
    semester: Semester | None = None
    own: Sequence[str] = ()


class Outcome(NamedTuple):
    """The fate of a file: a post to be written, or else `why` there is none."""

    file: Path
    post: Converted | None
    why: str = ""


class _Planned(NamedTuple):
    file: Path
    foreign: Foreign
    claim: Claimed
    key: str

    @property
    def path(self) -> str:
        return path_of(self.claim.semester.id, self.key)


def outcomes(hub: Hub, paths: Iterable[Path], wish: Wish) -> list[Outcome]:
    """The fate of each file, in their order. Nothing is written, and no post that is there is touched."""
    planned: list[_Planned | Outcome] = []
    by_path: dict[str, Path] = {}
    for file in paths:
        each = _planned(hub, file, wish)
        if isinstance(each, _Planned):
            other = by_path.setdefault(file_names.same(each.path), file)
            if other != file:
                why = f"{other.name} becomes {each.path}, too: give one of them another “tool:” in its front matter"
                each = Outcome(file, None, why)
        planned.append(each)
    addresses = dict(_addresses(each for each in planned if isinstance(each, _Planned)))
    return [_outcome(hub, each, addresses) if isinstance(each, _Planned) else each for each in planned]


def _planned(hub: Hub, file: Path, wish: Wish) -> _Planned | Outcome:
    try:
        foreign = post.read(file.as_posix(), file.read_bytes(), hub.course)
    except UnreadableError as error:
        return Outcome(file, None, _in_words(error))
    except OSError as error:
        return Outcome(file, None, f"it cannot be read: {error.strerror}")
    if not foreign.text.strip():
        return Outcome(file, None, "it has no text")
    tools, guess = _tools(hub, foreign, wish)
    semester = wish.semester or semester_of(hub.course, foreign.fields.date)
    if semester is None:
        return Outcome(file, None, _no_semester(hub, foreign))
    if when := hub.course.other_times(wish.option, semester.id):
        return Outcome(file, None, f"“{wish.option}” is an option {when}, and the post is of {semester.id}")
    claim = hub.names.claim(tools, wish.option, semester.id)
    if not claim.key:
        return Outcome(file, None, "its title has no letter or digit, and no tool is named")
    path = path_of(semester.id, claim.key)
    if why := file_names.too_long(path):
        return Outcome(file, None, f"{path}: {why}; convert it alone, with the tool's name")
    if path in hub.post_by_path:
        return Outcome(file, None, f"{path} is there already, and was left as it is")
    is_open = semester.id == hub.course.open_semester
    answer = availability.ask(hub, tools, wish.option) if is_open else None
    if answer and not answer.can_be_claimed:
        return Outcome(file, None, availability.sentence(answer.status, claim.name, answer.semester, ()))
    claimed = Claimed(
        tools, wish.option, semester, wish.authors or foreign.fields.logins or wish.own,
        is_repeat=_is_repeat(hub, claim, semester), guess=guess,
    )  # fmt: skip
    return _Planned(file, foreign, claimed, claim.key)


def _in_words(error: UnreadableError) -> str:
    return f"line {error.line}: {error.what}. {error.help.removesuffix('.')}"


def _tools(hub: Hub, foreign: Foreign, wish: Wish) -> tuple[Sequence[str], str]:
    """The names of the tools, and how they were guessed by the title, where nothing else names them."""
    own = foreign.fields.own.get("tool")
    named = [own] if isinstance(own, str) else own if isinstance(own, list) else []
    if names := wish.tools or [name for name in named if isinstance(name, str)]:
        return names, ""
    title = post.title_of(foreign)
    known = _listed_tools(hub, title)
    return (known, "the title has it") if known else ([title], "this is the title")


def _listed_tools(hub: Hub, title: str) -> list[str]:
    """The listed tools that a title names, by their names."""
    words, at = title.split(), 0
    slugs: dict[str, None] = {}
    while at < len(words):
        sizes = range(min(_LONGEST_NAME, len(words) - at), 0, -1)
        read = ((size, hub.names.vocabulary.slug(fold(" ".join(words[at : at + size])))) for size in sizes)
        size, slug = next(((size, slug) for size, slug in read if slug), (1, None))
        if slug:
            slugs[slug] = None
        at += size
    return [hub.tools.tools[slug].name for slug in slugs if slug in hub.tools.tools]


_LONGEST_NAME = 4  # words


def _is_repeat(hub: Hub, claim: Claim, semester: Semester) -> bool:
    order = hub.course.order
    return any(
        order.get(each.semester, len(order)) < order[semester.id] for each in hub.precedents.by_code.get(claim.code, ())
    )


def _no_semester(hub: Hub, foreign: Foreign) -> str:
    day = foreign.fields.date
    if day is None:
        return "it has no date that says its semester; give --semester"
    possible = [each.id for each in hub.course.semesters if season(each)[0] <= day <= season(each)[1]]
    which = f"can be of {with_and(possible)}" if possible else "is in the season of no semester of data/course.yaml"
    return f"its date {day} {which}; give --semester"


def _addresses(planned: Iterable[_Planned]) -> Iterator[tuple[str, str]]:
    """The names by which other posts link to each of these, old and new, with the path of its file here."""
    planned = [*planned]
    yield from ((each.key, each.path) for each in planned)
    for each in planned:
        stem = each.file.parent.name if each.file.stem == "index" else each.file.stem
        slug = each.foreign.raw.get("slug")
        undated = re.sub(r"^\d{4}-\d\d-\d\d[-_]", "", stem)
        for name in (stem, undated, slug if isinstance(slug, str) else ""):
            if name:
                yield name.lower(), each.path


def _outcome(hub: Hub, each: _Planned, addresses: dict[str, str]) -> Outcome:
    def read(path: str) -> bytes | None:
        there = files.find(each.file, path)
        try:
            return there.read_bytes() if there else None
        except OSError:
            return None

    def address_of(name: str) -> str:
        path = PurePosixPath(name.rstrip("/"))
        stem = path.parent.name if path.stem == "index" else path.stem
        there = addresses.get(stem.lower())
        if not there or there == each.path:
            return ""
        folder, _, file = there.rpartition("/")
        return file if each.path.startswith(f"{folder}/") else f"../{folder.rpartition('/')[2]}/{file}"

    around = Surroundings(
        read,
        address_of,
        files.bibliography(each.file, each.foreign.raw.get("bibliography")),
        files.is_jekyll(each.file),
    )
    try:
        converted = post.convert(each.foreign, each.claim, each.key, hub.course, around)
    except UnreadableError as error:
        return Outcome(each.file, None, _in_words(error))
    return Outcome(each.file, converted)
