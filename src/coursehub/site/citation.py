"""A post as an entry of a BibTeX file.

Text is written so that LaTeX prints what the author wrote. Braces are written as commands, since BibTeX counts braces
even where a backslash precedes them.
"""

import re
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import quote

from coursehub.records.post import Post

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COMMANDS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    # T1, TU and OT1 have it at this place (OT1 only the curly one); \textquotedbl stops LaTeX in OT1, its default, and
    # a plain quote is a command in babel's German. The braces end the number, and change nothing of what follows.
    '"': r"{\char34}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
_LATEX = str.maketrans(_COMMANDS)
# Signs that TeX's fonts join: -- and --- into dashes, `` '' ,, into quotation marks, ?` and !` into Spanish marks.
_JOINED = re.compile(r"-(?=-)|[`?!](?=`)|'(?=')|,(?=,)")
# Signs that an address may have as they are; the rest would end the field, or the line.
_PLAIN_IN_ADDRESS = ":/?#[]@!$&'()*+,;=%~"


def bibtex(post: Post, course: str, address: str) -> str:
    """The entry: `address` is where the post is read, empty where that is not known."""
    fields = {
        "author": " and ".join(map(_author, post.authors, post.cited)),
        "title": f"{{{latex(post.title)}}}",
        "howpublished": latex(f"{course}, {post.semester}"),
        "url": quote(address, safe=_PLAIN_IN_ADDRESS),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    if post.date:
        lines[2:2] = [f"  year = {{{post.date.year}}},", f"  month = {_MONTHS[post.date.month - 1]},"]
    return "\n".join([f"@misc{{{key(post.path)},", *lines, "}"])


# A name that BibTeX divides as its bearer would: words, with perhaps a comma behind the last name. It takes “and” for
# the end of a name, and “others” for more authors.
_DIVIDED = re.compile(r"(?!.*\b(?:and|others)\b)[^,]*[^\s,](?:,\s[^,]*[^\s,])?", re.IGNORECASE)


def _author(login: str, name: str) -> str:
    """An author in BibTeX; a login has no first and last name, and stays whole in braces."""
    is_divided = name != login and _DIVIDED.fullmatch(name)
    return latex(name) if is_divided else f"{{{latex(name)}}}"


def key(path: str) -> str:
    """The name to cite a post by. It comes from the post's path alone, which stays when titles change."""
    semester, name = PurePosixPath(path).parent.name, PurePosixPath(path).stem
    readable = re.sub(r"[^A-Za-z0-9-]+", "", f"{name}-{semester}")
    is_whole = readable == f"{name}-{semester}"
    return readable if is_whole else f"{readable}-{sha256(path.encode()).hexdigest()[:8]}"


def latex(text: str) -> str:
    """The text for LaTeX, in one line."""
    return _JOINED.sub(r"\g<0>{}", " ".join(text.split()).translate(_LATEX))
