"""The outline of a repository: all but the texts of its posts.

Most changes are of a text, and leave the outline as it is. What is made of the outline, or of it and one post, is then
needed anew of that post alone.
"""

import hashlib
from collections.abc import Callable

import msgspec

from coursehub.markdown.contents import Contents
from coursehub.records.hub import Hub
from coursehub.records.post import Post


def without_texts(hub: Hub, words: Callable[[Post], int] = lambda _: 0) -> Hub:
    """The hub without its posts' texts, of each of which there are no more than so many `words`."""

    def without_text(post: Post) -> Post:
        contents = Contents(words=words(post))
        return msgspec.structs.replace(post, known_body="", body_line=1, digest=b"", known_contents=contents)

    return msgspec.structs.replace(hub, posts=tuple(map(without_text, hub.posts)), root=None)


def mark(outline: Hub, *inputs: object) -> bytes:
    """A hash of the outline and of other plain data."""
    answers_left_out = msgspec.structs.replace(outline, lookup=None)  # which follow from its data
    content = msgspec.msgpack.encode((answers_left_out, [_ordered(each) for each in inputs]))
    return hashlib.blake2b(content, digest_size=16).digest()


def _ordered(each: object) -> object:
    return sorted(each) if isinstance(each, frozenset) else each
