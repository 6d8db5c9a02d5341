"""Markdown: what the text is written in, and where it leads."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby, pairwise
from urllib.parse import quote, unquote

from coursehub.checks.rule import Cause, Offence, post_rule
from coursehub.checks.similar_files import address_of, similar_target
from coursehub.markdown.allowed import MOST_NESTED, SAFE_SCHEMES, SAFE_TAGS
from coursehub.markdown.engine import MOST_MARKS
from coursehub.markdown.maths import UnreadableError, mathml
from coursehub.markdown.parts import Foreign, Heading, Tag, Target
from coursehub.markdown.places import START
from coursehub.names.identity import fold
from coursehub.records import text_edits
from coursehub.records.finding import NO_FIX, Fix, Severity, safe, unsafe
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER, split_address
from coursehub.records.post import Post
from coursehub.text.addresses import is_web_address, scheme
from coursehub.text.wording import brief, most_like


@post_rule(needs_front_matter=False)
def broken_link(post: Post, hub: Hub) -> Iterator[Offence]:
    """A link to another post or picture leads nowhere.

    The file is not there, or it is not published.

    Bad:
        [an earlier post](../S2024/evidentli.md)

    Good:
        [an earlier post](../S2024/inkscape.md)

    Fix:
        Writes the address of the file whose name differs in capitals, blanks, slashes or `.md` alone.

    Known problems:
        Links to other sites are not followed here.
    """
    if not post.passes_for_public:
        return
    for link in post.contents.links:
        if is_web_address(link.address):
            continue
        parts = split_address(link.address)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        path = hub.files.target(post, link.address)
        if _successor(path, hub):
            continue  # which outdated-link reports
        if path.startswith(f"{FOLDER}/") and path not in hub.published and path not in hub.pictures:
            message = f"the link “{brief(link.address)}” leads to {brief(path)}, where no published post or picture is"
            help, fix = partial(_where_it_is, post, hub, path), partial(_to_similar, post, hub, path, link)
            yield Offence(post.body_place(link.at), message, help, fix, Cause(path))


def _where_it_is(post: Post, hub: Hub, path: str) -> str:
    if near := similar_target(hub, path):
        return f"{near} is there. If it is meant, write ({address_of(post, near)})."
    return "Give the path of the file, relative to this one, with .md at its end."


def _to_similar(post: Post, hub: Hub, path: str, link: Target) -> Fix:
    near = similar_target(hub, path)
    return _to(post, link, f"{address_of(post, near)}{_behind_path(link.address)}") if near else NO_FIX


def _behind_path(address: str) -> str:
    """The part of an address that leads on within the file."""
    return address[len(address.partition("#")[0]) :]


def _to(post: Post, link: Target, address: str) -> Fix:
    return safe(f"Writes {brief(address)}.", text_edits.with_address(post, link, address))


def _successor(path: str, hub: Hub) -> Post | None:
    """The published post that was at this path before, and to which the site leads from there."""
    if path in hub.post_by_path:
        return None
    return next((each for each in hub.by_former_path.get(path, ()) if each.path in hub.published), None)


@post_rule(Severity.WARNING, needs_front_matter=False)
def outdated_link(post: Post, hub: Hub) -> Iterator[Offence]:
    """A link leads to a post by a path that its file no longer has.

    The site leads on to the post, but to its beginning; on GitHub nothing is there.

    Bad:
        [an earlier post](inkscape-app.md)

    Good:
        [an earlier post](inkscape.md)

    Fix:
        Writes the path that the post has now.
    """
    if not post.passes_for_public:
        return
    for link in post.links_here:
        address, sign, anchor = link.address.partition("#")
        if not address:
            continue
        path = post.local_path(address)
        if successor := _successor(path, hub):
            message = f"the link “{brief(link.address)}” leads to {brief(path)}, and that post is {successor.path} now"
            right = f"{address_of(post, successor.path)}{sign}{anchor}"
            yield Offence(post.body_place(link.at), message, f"Write “{right}”.", _to(post, link, right))


@post_rule(Severity.WARNING, needs_front_matter=False)
def broken_anchor(post: Post, hub: Hub) -> Iterator[Offence]:
    """A link leads to a heading that is not there.

    The reader arrives at the top of the page and has to search. A heading's anchor is its words in small letters,
    without signs, and with a hyphen for each blank, as on GitHub.

    Bad:
        [the limits](#limitations) (below “## Strengths & limitations”)

    Good:
        [the limits](#strengths--limitations)

    Fix:
        Writes the anchor that differs in capitals, signs or hyphens alone.
    """
    if not post.passes_for_public:
        return
    for link in post.contents.links:
        path, sign, anchor = link.address.partition("#")
        if not (sign and anchor) or scheme(path) or path.startswith("/"):
            continue
        target = hub.post_by_path.get(hub.files.target(post, path)) if path else post
        if not target or (target is not post and target.path not in hub.published):
            continue
        wanted = unquote(anchor)
        if wanted not in target.anchors:
            where = "this post" if target is post else target.path
            message = f"the link “{brief(link.address)}” leads to a heading that {where} does not have"
            help, fix = partial(_nearest_anchor, wanted, target), partial(_to_anchor, post, link, wanted, target)
            yield Offence(post.body_place(link.at), message, help, fix)


def _nearest_anchor(wanted: str, target: Post) -> str:
    near = most_like(wanted.lower(), target.anchors, 0)
    return f"The nearest one is #{near}." if near else "It has no headings; leave the part from # out."


def _to_anchor(post: Post, link: Target, wanted: str, target: Post) -> Fix:
    alike = [anchor for anchor in target.anchors if fold(anchor) == fold(wanted)]
    path = link.address.partition("#")[0]
    return _to(post, link, f"{path}#{quote(alike[0])}") if len(alike) == 1 else NO_FIX


@post_rule(needs_front_matter=False)
def unsafe_html(post: Post, hub: Hub) -> Iterator[Offence]:
    """The text has HTML that could run, load or cover something on the page.

    Scripts, styles, frames, forms, event handlers and addresses that run code are taken out of the page; better
    say so than publish half of what was meant.

    Bad:
        <iframe src="https://www.youtube.com/embed/…"></iframe>

    Good:
        external_url: https://www.youtube.com/watch?v=…

    Known problems:
        Of each tag, and of all attributes, there is one finding, wherever they are.

    References:
        https://owasp.org/www-community/attacks/xss/

    """
    for _, piece in groupby(post.contents.tags if post.contents.tags and post.body else (), key=lambda tag: tag.piece):
        tags = [*piece]
        offences = [offence for tag in tags for offence in _not_allowed(tag, post)]
        if offences and any("dataframe" in tag.attributes.get("class", "") for tag in tags):
            message = "a table as pandas writes it in HTML is not allowed in posts"
            help = "Write it as a Markdown table; pandas prints one: print(df.to_markdown())."
            yield Offence(offences[0].place, message, help, cause=Cause("dataframe"))
        else:
            yield from offences
    pictures = post.contents.pictures
    for target in (*post.contents.links, *pictures):
        its = "" if is_web_address(target.address) else scheme(target.address)
        if its and its not in SAFE_SCHEMES and not (its == "data" and target in pictures):  # see picture-elsewhere
            message = f"the address “{brief(target.address)}” begins with “{its}:”, which is not allowed in posts"
            yield Offence(post.body_place(target.at), message, "Link to https:// addresses, or to files here.")


def _not_allowed(tag: Tag, post: Post) -> Iterator[Offence]:
    place, allowed = post.body_place(tag.at), SAFE_TAGS.get(tag.name)
    if allowed is None:
        help = "Use Markdown instead, or show it as code between `backticks`."
        yield Offence(place, f"the HTML tag <{tag.name}> is not allowed in posts", help, cause=Cause(tag.name))
        return
    for name in tag.attributes:
        if name not in allowed:
            message = f"the attribute “{brief(name, 30)}” of <{tag.name}> is not allowed in posts"
            help = "Leave it out; the site sees to the looks."
            yield Offence(place, message, help, cause=Cause("attributes", f"{brief(name, 30)} of <{tag.name}>"))


@post_rule(needs_front_matter=False)
def nested_too_deeply(post: Post, hub: Hub) -> Iterator[Offence]:
    """The text has a hundred things inside each other: lists, quotations, emphasis or HTML elements.

    No reader can follow that, and browsers give up on it. Mostly it is a rule drawn in the text, or data pasted into
    it: as code it does no harm.

    Bad:
        > > > > > > > > (and so on for a whole screen) Results

    Good:
        ## Results
    """
    place = post.contents.too_deep
    if place and not post.contents.unread and post.body:
        message = f"here more than {MOST_NESTED} things are inside each other"
        help = "Close what is open, or show it as code between lines of ```. A line is drawn with --- alone."
        yield Offence(post.body_place(place), message, help)


@post_rule(needs_front_matter=False)
def too_much_markup(post: Post, hub: Hub) -> Iterator[Offence]:
    r"""The text has so much markup that it is not read.

    It would take minutes, or more memory than there is. Such are formulas that begin ten thousand times and never end,
    quotations thousands of levels deep, and more than 100,000 marks such as `*`, `[`, `<` and line breaks. Mostly it is
    data pasted into it; a long post has some thousands.

    Bad:
        $`a $`a $`a (and so on, ten thousand times)

    Good:
        $`a`$
    """
    if post.contents.unread and post.will_be_public and post.body:
        message, help = _NOT_READ[post.contents.unread]
        yield Offence(post.body_place(post.contents.too_deep or START), message, help)


_NOT_READ = {
    "marks": (
        f"the text has more than {MOST_MARKS:,} marks that may be Markdown, and was not read",
        "Leave data out of the text: link to where it is, or show the few lines that matter.",
    ),
    "quotations": (
        "here thousands of quotations are inside each other, and the text was not read",
        "A quotation needs one > before each line; a line is drawn with --- alone.",
    ),
    "formulas": (
        "here thousands of formulas begin that do not end, and the text was not read",
        "End each as it begins: $`a`$. Leave data out of the text; it may be linked to.",
    ),
}


@post_rule(Severity.NOTICE, needs_front_matter=False)
def unreadable_formula(post: Post, hub: Hub) -> Iterator[Offence]:
    r"""A formula has something that is not understood.

    Readers see its source instead.

    Bad:
        $\unknown{x}$

    Good:
        $\hat{x}$

    Known problems:
        GitHub understands some LaTeX that is not understood here, and the other way round.
    """
    if not post.passes_for_public:
        return
    for formula in post.contents.formulas:
        try:
            mathml(formula.latex, is_display=formula.is_display)
        except UnreadableError as error:
            message = f"the formula “{brief(' '.join(formula.latex.split()))}” is shown as its source: {error}"
            help = "Write it with what LaTeX itself has; what is no formula needs \\$ for its dollars."
            what, _, unknown = str(error).partition('"')
            cause = Cause(what, unknown.partition('"')[0])
            yield Offence(post.body_place(formula.at), message, help, cause=cause)


_OF_ANOTHER_ENGINE = "Write what it shows in Markdown. Show an example as code between `backticks`."
_GITHUBS_WAY = {
    "admonition": "Write an alert: a line “> [!NOTE]”, and below it the text with “> ” before each line.",
    "alert": "GitHub shows a plain quotation here: write the text in the lines below “> [!NOTE]”, not behind it.",
    "callout": "Write one of [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] and [!CAUTION], alone in its line.",
    "container": "Write an alert: a line “> [!NOTE]”, and below it the text with “> ” before each line.",
    "details": "Write <details><summary>What it is</summary>, an empty line, the text, an empty line and </details>.",
    "attributes": "Leave it out. A heading's anchor comes from its words; a picture's width needs <img width=…>.",
    "link": "Put an address with blanks between < and >, and nothing behind it but a title in quotes.",
    "liquid": _OF_ANOTHER_ENGINE,
    "shortcode": _OF_ANOTHER_ENGINE,
    "wikilink": "Write ![what it shows](TOOL/NAME.png) for a picture, [text](address) for a link.",
    "options": "Name the language alone. What the code is can be said in a line above it.",
}


@post_rule(Severity.NOTICE, needs_front_matter=False)
def foreign_markdown(post: Post, hub: Hub) -> Iterator[Offence]:
    """The text has signs of another kind of Markdown.

    GitHub's Preview shows them as they are typed, and so does the site.

    Bad:
        !!! note

    Good:
        > [!NOTE]

    Fix:
        Writes an alert for `!!!`, `:::` and the callouts of other programs, `<details>` for `???`, an alert's text
        below its first line, and an address with blanks between < and >. Unsafe: takes out lists of attributes, and
        what is behind the language of code.

    References:
        https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax

    """
    if not post.passes_for_public:
        return
    for each in post.contents.foreign:
        fault = "is no title of an alert for GitHub" if each.kind == "alert" else "means nothing in GitHub's Markdown"
        message = f"“{brief(each.text)}” {fault}"
        fix = partial(_in_githubs_way, post, each)
        yield Offence(post.body_place(each.at), message, _GITHUBS_WAY[each.kind], fix, Cause(each.kind))


def _in_githubs_way(post: Post, foreign: Foreign) -> Fix:
    if foreign.kind in ("attributes", "options"):
        return unsafe("Takes it out.", text_edits.without_sign(post, foreign))
    return safe("Writes it in GitHub's Markdown.", text_edits.in_githubs_way(post, foreign))


@post_rule(Severity.WARNING, needs_front_matter=False)
def title_in_text(post: Post, hub: Hub) -> Iterator[Offence]:
    """The text has a first-level heading.

    The page prints the title from the front matter, and two would confuse readers and screen readers: on the page, all
    headings of such a text go down one level.

    Bad:
        # Drawing a map with Inkscape

    Good:
        ## What is a projection?

    Fix:
        Moves the heading one level down, with all below it up to the next one of the first level.
    """
    if not post.passes_for_public:
        return
    headings = post.contents.headings
    firsts = [index for index, heading in enumerate(headings) if heading.level == 1]
    for index, end in pairwise((*firsts, len(headings))):
        heading = headings[index]
        if heading.title:
            message = f"“{heading.title}” is a first-level heading, and the title already is one"
            fix = partial(_one_level_down, post, headings[index:end])
            yield Offence(post.body_place(heading.at), message, "Begin sections with ##.", fix, Cause("level"))


def _one_level_down(post: Post, headings: Sequence[Heading]) -> Fix:
    return safe("Moves it one level down, with all below it.", text_edits.one_level_down(post, headings))
