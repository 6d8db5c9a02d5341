"""Content: what a published post says and shows."""

import html
import re
from collections.abc import Iterable, Iterator

from coursehub.checks.rule import Offence, post_rule
from coursehub.records.finding import Severity
from coursehub.records.hub import Hub
from coursehub.records.post import FOLDER, Post, split_address
from coursehub.text import markup
from coursehub.text.addresses import is_web_address
from coursehub.text.located import Fields
from coursehub.text.markup import SAFE_SCHEMES, SAFE_TAGS
from coursehub.text.wording import nearest, plural


def _is_read_here(post: Post) -> bool:
    return post.is_published and post.is_hosted_here


def _is_shown(post: Post) -> bool:
    """Whether readers see the text: also below a link to where the post is."""
    return post.is_published and not post.private


@post_rule()
def requirement_not_covered(post: Post, hub: Hub) -> Iterator[Offence]:
    """A content requirement of the option is not met by any section, or `covers` names no section.

    The grade depends on these parts, and readers jump to them from the top of the page.

    Bad:
        covers:
          problem: What is drift?

    Good:
        covers:
          problem: What is drift?
          example: Drift in a week of movie ratings
          limitations: What Evidently cannot see

    Options:
        options: the `requirements` of each option
    """
    option = hub.course.option_by_id.get(post.option)
    if not option or not _is_read_here(post):
        return
    headings = {heading.text for heading in post.markup.headings}
    covers = post.front.value("covers") if post.front else None
    for requirement in option.requirements:
        heading = post.covers.get(requirement.id)
        if heading is None:
            message = f"“{requirement.id}” ({requirement.title}) is not covered"
            help = f"Write a section on it and name its heading: covers: → {requirement.id}: The heading."
            yield Offence(post.place("covers"), message, help)
        elif heading not in headings and not _is_named(heading, headings):
            node = covers.nodes[requirement.id][1] if isinstance(covers, Fields) else None
            message = f"“{heading}”, which covers “{requirement.id}”, is no heading of this post"
            yield Offence(post.at(node), message, _nearest_heading(heading, post))


def _is_named(heading: str, headings: Iterable[str]) -> bool:
    name = markup.heading_name(heading)
    return any(markup.heading_name(each) == name for each in headings)


def _nearest_heading(heading: str, post: Post) -> str:
    sections = {markup.heading_name(each.text): each.text for each in post.markup.headings}
    return nearest(heading, sections.values()) if sections else _NO_HEADING


_NO_HEADING = "The post has no headings; write them as “## The heading”."


@post_rule()
def body_too_short(post: Post, hub: Hub) -> Iterator[Offence]:
    """A published post has hardly any text.

    A reader who follows the link finds a stub; until the post is written, its status is `draft`.

    Bad:
        status: published (above three lines of text)

    Good:
        status: draft (above three lines of text)

    Options:
        limits.body_words: the least number of words

    Known problems:
        Of a script without blanks between words, such as Thai, words are counted by their letters.
    """
    if not _is_read_here(post):
        return
    count, least = post.markup.words, hub.course.limits.body_words
    if count < least:
        message = f"the post has {plural(count, 'word')} of text, and a published one needs at least {least}"
        help = "Go on writing, or set “status: draft”. Code and comments are not counted."
        yield Offence(post.body_place(0), message, help)


@post_rule()
def picture_without_alternative(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture has no text alternative.

    People who cannot see it, and everybody while it loads, get nothing.

    Bad:
        ![](evidently/drift.png)

    Good:
        ![Drift of the rating distribution over four weeks](evidently/drift.png)

    Known problems:
        Nobody looks whether the text says what the picture shows.

    References:
        https://www.w3.org/WAI/tutorials/images/

    """
    for picture in _pictures(post):
        if not picture.text.strip():
            help = "Say in a few words what the picture shows: ![what it shows](address)."
            yield Offence(
                post.body_place(picture.offset), f"the picture “{picture.address}” has no text alternative", help
            )


@post_rule()
def missing_picture(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture is not where the post says.

    Readers would see a broken picture.

    Bad:
        ![Drift over four weeks](drift.png)

    Good:
        ![Drift over four weeks](evidently/drift.png)
    """
    for picture in _pictures(post):
        if _is_elsewhere(picture.address):
            continue
        path = post.local_path(picture.address)
        if path not in hub.pictures or not path.startswith(post.picture_folder):
            message = f"the picture “{picture.address}” is not in {post.picture_folder}"
            help = f"Put the file into {post.picture_folder} and write ({post.stem}/NAME.png)."
            yield Offence(post.body_place(picture.offset), message, help)


@post_rule()
def picture_elsewhere(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture is loaded from another site.

    It tells that site who reads the post, and it is gone when that site is.

    Bad:
        ![Drift over four weeks](https://i.example.com/drift.png)

    Good:
        ![Drift over four weeks](evidently/drift.png)
    """
    for picture in _pictures(post):
        if _is_elsewhere(picture.address):
            message = f"the picture “{picture.address[:80]}” is loaded from elsewhere"
            help = f"Save it into {post.picture_folder} if you may, and name its source in the text."
            yield Offence(post.body_place(picture.offset), message, help)


@post_rule()
def picture_too_large(post: Post, hub: Hub) -> Iterator[Offence]:
    """A picture's file is too large for a page.

    On a phone it costs the reader seconds and money.

    Bad:
        evidently/drift.png of 6 MB

    Good:
        evidently/drift.png of 120 kB

    Options:
        limits.image_kilobytes: the most that one picture may have
    """
    most = hub.course.limits.image_kilobytes * 1000
    for picture in _pictures(post):
        size = hub.pictures.get(post.local_path(picture.address), 0)
        if size > most:
            message = f"“{picture.address}” has {-(-size // 1000):,} kB, and a picture may have {most // 1000:,} kB"
            help = "Scale it down to at most 1600 pixels width, or save it as WebP or JPEG."
            yield Offence(post.body_place(picture.offset), message, help)


@post_rule()
def broken_link(post: Post, hub: Hub) -> Iterator[Offence]:
    """A link to another post or picture leads nowhere.

    The file is not there, or it is not published.

    Bad:
        [an earlier post](../S2024/evidentli.md)

    Good:
        [an earlier post](../S2024/evidently.md)

    Known problems:
        Nobody looks whether the part after # is there. Links to other sites are not followed here.
    """
    if not _is_shown(post):
        return
    for link in post.markup.links:
        if is_web_address(link.address):
            continue
        parts = split_address(link.address)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        path = post.local_path(link.address)
        if path.startswith(f"{FOLDER}/") and path not in hub.published and path not in hub.pictures:
            message = f"the link “{link.address}” leads to {path}, where no published post or picture is"
            help = "Give the path of the file, relative to this one, with .md at its end."
            yield Offence(post.body_place(link.offset), message, help)


@post_rule()
def unsafe_html(post: Post, hub: Hub) -> Iterator[Offence]:
    """The text has HTML that could run, load or cover something on the page.

    Scripts, styles, frames, forms, event handlers and addresses that run code are taken out of the page; better
    say so than publish half of what was meant.

    Bad:
        <iframe src="https://www.youtube.com/embed/…"></iframe>

    Good:
        external_url: https://www.youtube.com/watch?v=…

    References:
        https://owasp.org/www-community/attacks/xss/

    """
    if not post.body:
        return
    for tag in post.markup.tags:
        allowed = SAFE_TAGS.get(tag.name)
        if allowed is None:
            help = "Use Markdown instead, or show it as code between `backticks`."
            yield Offence(post.body_place(tag.offset), f"the HTML tag <{tag.name}> is not allowed in posts", help)
            continue
        for name in tag.attributes.keys() - allowed:
            message = f"the attribute “{name}” of <{tag.name}> is not allowed in posts"
            yield Offence(post.body_place(tag.offset), message, "Leave it out; the site sees to the looks.")
    for target in (*post.markup.links, *post.markup.pictures):
        if is_web_address(target.address):
            continue
        scheme = _scheme(target.address)
        if scheme and scheme not in SAFE_SCHEMES:
            message = f"the address “{target.address[:80]}” begins with “{scheme}:”, which is not allowed in posts"
            yield Offence(post.body_place(target.offset), message, "Link to https:// addresses, or to files here.")


_UNSEEN = re.compile(r"[\x00-\x20\x7f]+")


def _scheme(address: str) -> str:
    """The scheme as a browser sees it: entities decoded, white space and controls passed over."""
    seen = _UNSEEN.sub("", html.unescape(address))
    head, colon, _ = seen.partition(":")
    return head.lower() if colon and "/" not in head and "?" not in head and "#" not in head else ""


_NESTED = {
    "quote": "quotations", "list": "lists", "indentation": "lists", "emphasis": "* or _", "bracket": "brackets",
    "element": "HTML elements",
}  # fmt: skip


@post_rule()
def nested_too_deeply(post: Post, hub: Hub) -> Iterator[Offence]:
    """The text has a hundred things inside each other: lists, quotations, brackets, emphasis or HTML elements.

    What makes a page of it would take for ever or give up. Mostly it is a rule drawn in the text, or data pasted into
    it: as code it does no harm.

    Bad:
        ************(and so on for a whole screen)Results************

    Good:
        ## Results
    """
    if not post.body:
        return
    if construct := markup.nested_too_deeply(post.body, post.markup):
        what, offset = construct
        message = f"here {markup.MOST_NESTED} or more {_NESTED[what]} are inside each other"
        help = "Close what is open, or show it as code between lines of ```. A line is drawn with --- alone."
        yield Offence(post.body_place(offset), message, help)


@post_rule(Severity.WARNING)
def private_text(post: Post, hub: Hub) -> Iterator[Offence]:
    """A private post has its text in this repository.

    Everybody can read the repository and its history, whether the site shows the text or not.

    Bad:
        private: true (above the whole post)

    Good:
        private: true (and no text; it is posted inside the course)
    """
    if post.private and post.body.strip():
        message = "the post is private, and its text stands here for everybody to read"
        yield Offence(post.body_place(0), message, "Take the text out, or set “private: false”.")


@post_rule(Severity.WARNING)
def title_in_text(post: Post, hub: Hub) -> Iterator[Offence]:
    """The text has a first-level heading.

    The page prints the title from the front matter, and two would confuse readers and screen readers: on the page, all
    headings of such a text go down one level.

    Bad:
        # Watching a recommender with Evidently

    Good:
        ## What is drift?
    """
    if not _is_shown(post):
        return
    for heading in post.markup.headings:
        if heading.level == 1:
            message = f"“{heading.text}” is a first-level heading, and the title already is one"
            yield Offence(post.body_place(heading.offset), message, "Begin sections with ##.")


def _pictures(post: Post) -> Iterator[markup.Target]:
    if post.status in ("draft", "published") and not post.private:
        yield from post.markup.pictures


def _is_elsewhere(address: str) -> bool:
    return bool(_scheme(address)) or address.startswith("//")
