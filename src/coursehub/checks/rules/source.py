"""The file and its front matter: what python-frontmatter and YAML would have forgiven."""

import re
from collections.abc import Iterator
from functools import partial

from coursehub.checks.readable import readable
from coursehub.checks.rule import Offence, PostJudge, name_of, trouble_rule
from coursehub.records import front_edits
from coursehub.records.finding import NO_FIX, Edit, Place, Severity, safe
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER
from coursehub.records.post import MAX_BYTES, Post, is_about_crlf
from coursehub.text.expressions import expression
from coursehub.text.located import Trouble


def _troubles(post: Post, rule: PostJudge) -> Iterator[tuple[Place, Trouble]]:
    for trouble in post.troubles:
        if trouble.rule == name_of(rule):
            yield Place(post.path, trouble.line, trouble.column), trouble


@trouble_rule()
def not_utf_8(post: Post, hub: Hub) -> Iterator[Offence]:
    """The file's bytes are not UTF-8 text.

    Other encodings turn letters such as é or “ into garbage, and which encoding it was cannot be known.

    Bad:
        a file saved as Windows-1252 or UTF-16

    Good:
        the same file saved as UTF-8
    """
    for place, trouble in _troubles(post, not_utf_8):
        help = "Save the file as UTF-8 (in most editors: Save with Encoding → UTF-8)."
        yield Offence(place, f"the byte {trouble.what} is not UTF-8", help)


@trouble_rule()
def file_too_large(post: Post, hub: Hub) -> Iterator[Offence]:
    """The post's file is larger than any text.

    A post is text of some kilobytes; a file of megabytes is data or a picture pasted into it.

    Bad:
        a post of 50 MB with a picture pasted in as text

    Good:
        the text alone, with the picture in the folder beside it
    """
    for place, trouble in _troubles(post, file_too_large):
        message = f"the file has {trouble.what} bytes, and a post has at most {MAX_BYTES:,}; it was not read"
        yield Offence(place, message, "Keep pictures and data out of the Markdown file.")


@trouble_rule()
def symbolic_link(post: Post, hub: Hub) -> Iterator[Offence]:
    """The post is a symbolic link instead of a file.

    A link could publish any file of the machine that builds the site, so links are never followed.

    Bad:
        posts/F2026/inkscape.md → /etc/passwd

    Good:
        posts/F2026/inkscape.md as an ordinary file
    """
    for place, trouble in _troubles(post, symbolic_link):
        message = f"this is a link or no ordinary file (“{trouble.what}”); it was not read"
        yield Offence(place, message, "Replace it by a file with the post's text.")


@trouble_rule()
def byte_order_mark(post: Post, hub: Hub) -> Iterator[Offence]:
    """The file begins with an invisible byte order mark.

    Many readers then miss the front matter and treat the whole file as text.

    Bad:
        U+FEFF before the first ---

    Good:
        --- as the very first characters of the file

    Fix:
        Takes the mark out.

    References:
        https://www.unicode.org/faq/utf_bom.html

    """
    for place, _ in _troubles(post, byte_order_mark):
        help = "Save the file as UTF-8 without BOM."
        fix = safe("Takes the mark out.", (Edit(post.path, 1, 0, 1, 1, ""),))
        yield Offence(place, "there is an invisible byte order mark (U+FEFF) before the front matter", help, fix)


@trouble_rule(Severity.WARNING)
def windows_line_endings(post: Post, hub: Hub) -> Iterator[Offence]:
    """Lines end with a carriage return.

    The site is the same, but every later edit by another editor then changes every line of the file. Where git puts
    such line ends into files by itself, and takes them out of commits, as it is set on Windows (`core.autocrlf`), there
    is nothing to say.

    Bad:
        lines that end with CR LF

    Good:
        lines that end with LF

    Fix:
        Ends all lines with LF.

    References:
        https://docs.github.com/en/get-started/git-basics/configuring-git-to-handle-line-endings

    """
    for place, trouble in _troubles(post, windows_line_endings):
        if hub.commits_lf and is_about_crlf(trouble):
            continue
        help = "Set your editor's line endings to LF (Unix), and save the file again."
        fix = safe("Ends all lines of the file with LF.", line_ends="\n")
        yield Offence(place, "the line ends with a carriage return (CR)", help, fix)


_FROM_HUGO = (
    f"Move the file out of {FOLDER}/. “coursehub new TOOL --option OPTION --from FILE” makes a post of it, with its "
    "pictures."
)


@trouble_rule()
def missing_front_matter(post: Post, hub: Hub) -> Iterator[Offence]:
    """The file does not begin with front matter.

    Without it nobody knows what the post is about and who wrote it.

    Bad:
        # My post about Inkscape

    Good:
        ---
        title: Drawing a map with Inkscape
        ---

    Fix:
        Takes out empty lines above the front matter.
    """
    for place, trouble in _troubles(post, missing_front_matter):
        help = (
            "Begin the file with a line --- followed by fields. “coursehub new TOOL --option OPTION” writes them into "
            f"{FOLDER}/{hub.course.open_semester}/TOOL.md, before the text that is there."
        )
        if not trouble.what:
            yield Offence(place, "the file is empty", help)
        elif trouble.what.startswith("---") and not trouble.what.strip("- "):
            message = "there is something before the line --- that opens the front matter"
            edits = (Edit(post.path, 1, 1, place.line, place.column, ""),)
            fix = safe("Removes what is above it.", edits if place != Place(post.path) else ())
            yield Offence(place, message, "Make --- the very first line of the file.", fix)
        elif trouble.what == "+++":
            message = "the file begins with fields in TOML, as Hugo has them, not with a line ---"
            yield Offence(place, message, _FROM_HUGO)
        else:
            yield Offence(place, f"the file begins with “{trouble.what}”, not with a line ---", help)


@trouble_rule()
def unclosed_front_matter(post: Post, hub: Hub) -> Iterator[Offence]:
    """The line --- that ends the front matter is missing.

    All fields would then be taken for text, or all text for fields.

    Bad:
        ---
        title: Drawing a map with Inkscape

        The text begins…

    Good:
        ---
        title: Drawing a map with Inkscape
        ---

        The text begins…
    """
    for place, _ in _troubles(post, unclosed_front_matter):
        message = "the front matter opens here and no line --- closes it"
        yield Offence(place, message, "Put a line --- after the last field, before the text.")


@trouble_rule()
def malformed_yaml(post: Post, hub: Hub) -> Iterator[Offence]:
    """The front matter is not a plain list of fields.

    Whatever is not “name: value” would be dropped or misread. YAML's tags and second documents are not
    needed, and refused.

    Bad:
        title: Inkscape: drawing a map

    Good:
        title: "Inkscape: drawing a map"

    Fix:
        Puts a value in quotes, a blank behind a colon, a bracket at a list's end, or takes out a character that nobody
        sees, where YAML can then be read further.

    References:
        https://yaml.org/spec/1.1/

    """
    for place, trouble in _troubles(post, malformed_yaml):
        help = 'Write one “name: value” a line, and put a value with a colon or a quote in it in "quotes".'
        yield Offence(place, f"the front matter {trouble.what}", help, partial(readable, post, trouble))


@trouble_rule()
def alias_in_yaml(post: Post, hub: Hub) -> Iterator[Offence]:
    """The front matter uses an anchor or an alias.

    A few aliases of aliases expand to billions of values; a post needs none.

    Bad:
        title: &name Inkscape
        tool: *name

    Good:
        title: Inkscape
        tool: Inkscape

    Fix:
        Puts a value that only looks like an anchor or an alias in quotes.

    References:
        https://en.wikipedia.org/wiki/Billion_laughs_attack

    """
    anchors = {trouble.what for trouble in post.troubles if trouble.what.startswith("&")}
    for place, trouble in _troubles(post, alias_in_yaml):
        help = "Write the value itself; if it is meant as text, put it in quotes."
        is_text = trouble.what.startswith("*") and f"&{trouble.what[1:]}" not in anchors
        fix = partial(readable, post, trouble) if is_text else NO_FIX
        yield Offence(place, f"“{trouble.what}” is a YAML anchor or alias", help, fix)


@trouble_rule()
def duplicate_field(post: Post, hub: Hub) -> Iterator[Offence]:
    """A field is given twice.

    YAML would silently keep the last and drop the first.

    Bad:
        tool: Inkscape
        tool: Krita

    Good:
        tool: [Inkscape, Krita]

    Fix:
        Takes the second one out where both have the same value.
    """
    for place, trouble in _troubles(post, duplicate_field):
        message = f"the field “{trouble.what}” is given again; it is already on line {trouble.first_line}"
        fix = safe("Takes out the line, which says the same again.", front_edits.without_repeated_line(post, trouble))
        yield Offence(place, message, "Keep one of the two; several values are a list: [A, B].", fix)


@trouble_rule()
def tab_in_front_matter(post: Post, hub: Hub) -> Iterator[Offence]:
    """The front matter has a tab.

    YAML forbids tabs for indentation and readers differ on the others.

    Bad:
        title:→Drawing a map (→ is a tab)

    Good:
        title: Drawing a map

    Fix:
        Writes two blanks for each tab before a line's first word, and one for tabs elsewhere.

    References:
        https://yaml.org/spec/1.1/

    """
    for place, _ in _troubles(post, tab_in_front_matter):
        edits = front_edits.everywhere(post, _TABS, lambda tabs: "  " * len(tabs[0]) if _is_indent(tabs) else " ")
        fix = safe("Writes blanks for the tabs.", edits)
        yield Offence(place, "there is a tab character in the front matter", "Replace it by spaces.", fix)


_TABS = expression("\t+")


def _is_indent(match: re.Match[str]) -> bool:
    """Whether only blanks and tabs stand before it on its line."""
    start = match.string.rfind("\n", 0, match.start()) + 1
    return not match.string[start : match.start()].strip()
