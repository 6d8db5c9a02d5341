"""Content: what a published post says."""

import re
from collections.abc import Iterator
from functools import partial

from coursehub.checks.rule import Offence, post_rule
from coursehub.markdown.contents import heading_named
from coursehub.records import front_edits
from coursehub.records.assignment import Requirement
from coursehub.records.finding import Fix, Severity, unsafe
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.located import Fields, Node
from coursehub.text.wording import most_like, nearest, plural


def _is_read_here(post: Post) -> bool:
    return post.passes_for_public and post.is_hosted_here and not post.contents.unread


@post_rule()
def requirement_not_covered(post: Post, hub: Hub) -> Iterator[Offence]:
    """A content requirement of the option is not met by any section, or `covers` names no section.

    The grade depends on these parts, and readers jump to them from the top of the page.

    Bad:
        covers:
          problem: What is a projection?

    Good:
        covers:
          problem: What is a projection?
          example: A map of our town
          limitations: What Inkscape cannot see

    Fix:
        Unsafe: names the heading that is nearest to what `covers` says, or to the requirement.

    Options:
        options: the `requirements` of each option
    """
    option = hub.option_of(post)
    if not option or not _is_read_here(post):
        return
    for requirement in option.requirements:
        heading = post.covers.get(requirement.id)
        if heading is None:
            message = f"“{requirement.id}” ({requirement.title}) is not covered"
            help = f"Write a section on it and name its heading: covers: → {requirement.id}: The heading."
            yield Offence(post.place("covers"), message, help, partial(_covered, requirement, post))
        elif not heading_named(heading, post.contents.headings):
            covers = post.node("covers")
            node = covers.nodes[requirement.id][1] if isinstance(covers, Fields) else None
            message = f"“{heading}”, which covers “{requirement.id}”, is no heading of this post"
            fix = partial(_renamed, heading, post, node)
            yield Offence(post.at(node), message, partial(_nearest_heading, heading, post), fix)


def _renamed(heading: str, post: Post, node: Node | None) -> Fix:
    titles = [each.title for each in post.contents.headings if each.title]
    near = most_like(heading, titles, _LEAST)
    return unsafe(f"Writes “{near}”.", front_edits.with_text(post, node, near) if near else ())


def _covered(requirement: Requirement, post: Post) -> Fix:
    best = heading_for(requirement, post)
    edits = front_edits.with_entry(post, "covers", requirement.id, best) if best else ()
    return unsafe(f"Adds “{requirement.id}: {best}” to “covers”.", edits)


def heading_for(requirement: Requirement, post: Post) -> str:
    """The heading that has most of a requirement's words and covers no other one; empty where none has any."""
    used = set(post.covers.values())
    free = [each.title for each in post.contents.headings if each.title and each.title not in used]
    wanted = _words(f"{requirement.id} {requirement.title}")
    scores = {title: len(wanted & _words(title)) / (1 + len(_words(title))) for title in free}
    best = max(scores, key=lambda title: scores[title], default="")
    return best if best and scores[best] else ""


_LEAST = 0.5  # of the letters, in common with a heading
_SMALL = frozenset({"about", "and", "from", "how", "its", "that", "the", "this", "what", "which", "with"})


def _words(text: str) -> set[str]:
    """The words of a text that say something, without the s of a plural."""
    return {word.removesuffix("s") for word in re.findall(r"\w{3,}", text.lower()) if word not in _SMALL}


def _nearest_heading(heading: str, post: Post) -> str:
    titles = [each.title for each in post.contents.headings]
    return nearest(heading, titles) if titles else _NO_HEADING


_NO_HEADING = "The post has no headings; write them as “## The heading”."


@post_rule(needs_front_matter=False)
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
    count, least = post.contents.words, hub.course.at(post.semester).limits.body_words
    if count < least:
        message = f"the post has {plural(count, 'word')} of text, and a published one needs at least {least}"
        help = "Go on writing, or set “status: draft”. Code and comments are not counted."
        yield Offence(post.body_place(), message, help)


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
        message = "the post is private, but everybody can read its text here"
        yield Offence(post.body_place(), message, "Take the text out, or set “private: false”.")
