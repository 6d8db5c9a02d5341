"""Lists of earlier posts, and when two mentions are one post."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from coursehub.names.identity import fold
from coursehub.records.assignment import Options
from coursehub.records.course import Course
from coursehub.records.finding import Finding, Place, Severity
from coursehub.text.addresses import is_web_address
from coursehub.text.wording import brief, plural


class Listed(NamedTuple):
    """A post as a list names it; `semester` where the list states one for this very post."""

    title: str
    url: str | None
    option: str
    semester: str | None
    listed_in: str
    place: Place


class Listing(NamedTuple):
    """The posts that a file lists, and findings about it. `semester` is stated for all of it, or None.

    `is_guess`: it was understood by its shape alone. `links`: the web addresses that the file has anywhere, as
    `web_links` sees them. `basis`: in words, what the posts were read by.
    """

    posts: tuple[Listed, ...]
    findings: tuple[Finding, ...] = ()
    semester: str | None = None
    is_guess: bool = False
    links: frozenset[str] = frozenset()
    basis: str = ""


class CannotImportError(Exception):
    """A file cannot be used at all, or something is missing without which nothing is written."""

    def __init__(self, place: Place, rule: str, message: str, help: str) -> None:
        super().__init__(f"{place}: {message}. {help}")
        self.finding = finding(place, rule, message, help, Severity.ERROR)


def finding(place: Place, rule: str, message: str, help: str, severity: Severity = Severity.WARNING) -> Finding:
    """A finding at a place."""
    return Finding(place.path, place.line, place.column, rule, severity, message, help)


def fault_of(listed: Listed) -> Finding | None:
    """Why this cannot be a post: it needs a title that can name a tool, and a link to the web or none."""
    if not fold(listed.title):
        help = "Left out. Write the tool's or application's name there, and import again."
        return finding(listed.place, "title-missing", "a post has no title", help)
    if listed.url and not is_web_address(listed.url):
        message = f"the link of “{brief(listed.title)}” is “{brief(listed.url)}”, which is no web address"
        help = "Left out. A link begins with https:// and has no blanks; leave it empty where none is known."
        return finding(listed.place, "link-unusable", message, help)
    return None


def options_of(course: Course, semester: str | None) -> Options:
    """The options of a list's semester; where that is not known or has none, all that there are in any."""
    known = course.at(semester) if semester else course.ever
    return known if known.options else course.ever


def options_in(text: str, options: Options) -> list[str]:
    """The options whose word (`tool`, `application`) the text has, in the order in which it has them."""
    words = {each.id: re.compile(rf"\b{re.escape(each.claims)}s?\b", re.IGNORECASE) for each in options.options}
    matches = [(match.start(), option) for option, word in words.items() if (match := word.search(text))]
    return [option for _, option in sorted(matches)]


def assumed(option: str, place: Place) -> Finding:
    """The note that a list does not tell its option."""
    message = f"this list does not give the option of its posts, which are taken as {option}"
    return finding(place, "option-assumed", message, "If that is wrong, give --option.", Severity.NOTICE)


_WEB_LINK = re.compile(r"https?://[^\s\"'<>|,;)\]]+", re.IGNORECASE)


def web_links(text: str) -> frozenset[str]:
    """The web addresses that a text has, wherever they are, by nothing but its characters.

    What was read from the text as a list is held against them.
    """
    return frozenset(map(plain_link, _WEB_LINK.findall(text)))


def plain_link(url: str) -> str:
    """An address up to the first character that could end it in some kind of list, without slashes at its end."""
    match = _WEB_LINK.match(url)
    return match[0].rstrip("/.") if match else url


Key = tuple[str, str]  # (address, ""), or ("", title) where there is no link


def join_key(title: str, url: str | None) -> Key:
    """The key that a row of a table and a listed post have in common."""
    return (address(url), "") if url else ("", title.strip())


_TRACKING = re.compile(r"source=friends_link\Z|sk=|utm_")


def address(url: str) -> str:
    """The part of an address that all links to a post have in common, however they were copied."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.lower().removeprefix("www.")
    query = "&".join(part for part in parts.query.split("&") if part and not _TRACKING.match(part))
    return f"{host}{parts.path.rstrip('/')}?{query}".rstrip("?")


def overruled(place: Place, posts: Sequence[Listed], semester: str | None, option: str | None) -> Iterator[Finding]:
    """Yield where posts have a semester or an option of their own, other than the one that is given for all."""
    for name, given, own in (
        ("--semester", semester, [(post, post.semester) for post in posts if post.semester]),
        ("--option", option, [(post, post.option) for post in posts]),
    ):
        others = [(post, value) for post, value in own if given and value != given]
        if others:
            post, value = others[0]
            message = (
                f"{name} {given} is not used for {plural(len(others), 'post')} to which the list gives another one"
            )
            help = f"“{brief(post.title)}” on line {post.place.line} is of {value}. The list was followed."
            yield finding(place, "row-says-otherwise", message, help, Severity.NOTICE)
