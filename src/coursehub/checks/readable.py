"""Front matter that YAML cannot read, and the one line that is to blame."""

from collections.abc import Iterator

from coursehub.records.fields import FIELDS
from coursehub.records.finding import NO_FIX, Edit, Fix, safe
from coursehub.records.post import Post
from coursehub.text import located
from coursehub.text.expressions import expression
from coursehub.text.located import Trouble
from coursehub.text.yaml_writing import quoted, unquoted

_FIELD = expression(r"( *(?:- +)?(?:[\w-]+|\"[^\"\n]*\") *: +)(\S.*)")
_COMMENT = expression(r"[ \t]#")
_TAG = expression(r"^!!\w+ +")
_BREAKS = expression("[\x85\u2028\u2029]")
_UNSEEN = expression("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LISTS = ("authors", "tool", "tool_url", "topics", "evidence", "distinct_from", "names", "aliases")
_MOST_LINES = 2000  # of front matter that is read again for each way to fix it


def readable(post: Post, trouble: Trouble) -> Fix:
    """The fix after which YAML reads the front matter further; `NO_FIX` where none of those that are tried helps."""
    lines = post.front_text.split("\n")
    if len(lines) > _MOST_LINES:
        return NO_FIX
    for number in (trouble.line - post.front_line, trouble.line - post.front_line - 1):
        if not 0 <= number < len(lines):
            continue
        for message, line in _ways(lines[number]):
            after = "\n".join((*lines[:number], line, *lines[number + 1 :]))
            if _goes_further(after, trouble, post.front_line):
                at = post.front_line + number
                return safe(message, (Edit(post.path, at, 1, at, len(lines[number]) + 1, line),))
    return NO_FIX


def _ways(line: str) -> Iterator[tuple[str, str]]:
    """The lines that may have been meant by one, each below what that does to it, the likeliest first."""
    if _UNSEEN.search(line):
        yield "Takes out a character that nobody sees.", _UNSEEN.sub("", _BREAKS.sub(" ", line))
    name, _, value = line.partition(":")
    if name in FIELDS and value[:1].strip():
        yield "Puts a blank behind the colon.", f"{name}: {value}"
    if name in _LISTS and value.strip().startswith("[") and not _COMMENT.search(value):
        items = [unquoted(item) for part in value.strip(" []").split(",") if (item := part.strip(" '\""))]
        yield "Writes the list with its brackets and quotes.", f"{name}: [{', '.join(items)}]"
    if field := _FIELD.fullmatch(line.rstrip()):
        comment = _COMMENT.search(field[2])
        value = field[2][: comment.start()] if comment else field[2]
        yield "Puts the value in quotes.", f"{field[1]}{quoted(_bare(value.rstrip()))}{field[2][len(value.rstrip()) :]}"


def _bare(value: str) -> str:
    """The text of a value, without a tag of YAML, and the quotes that are around all of it and close too early."""
    value = _TAG.sub("", value)
    for sign in "'\"":
        if len(value) > 1 and value[0] == value[-1] == sign:
            return value[1:-1]
    return value


def _goes_further(text: str, trouble: Trouble, first_line: int) -> bool:
    """Whether this trouble is no more in the text, and nothing that cannot be read is above it."""
    root, troubles = located.parse(text, first_line)
    here = trouble.line, trouble.column
    is_there = any(each.rule == trouble.rule and (each.line, each.column) == here for each in troubles)
    unread = [(each.line, each.column) for each in troubles if each.rule == "malformed-yaml"]
    is_mapping = isinstance(root, located.Fields) or root is None
    return is_mapping and not is_there and all(place > here for place in unread)
