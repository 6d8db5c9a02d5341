"""A site's outline: all that is shown of posts elsewhere than on their own pages.

Most changes are of a post's text, and leave it as it is: then a build needs nothing of it anew.
"""

import hashlib

import msgspec

from coursehub.markdown.contents import Contents
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.site.cards import WORDS_A_MINUTE, minutes


def without_texts(hub: Hub) -> Hub:
    """The hub without its posts' texts, of which there is no more than how long it takes to read them."""
    return msgspec.structs.replace(hub, posts=tuple(map(_without_text, hub.posts)), root=None)


def _without_text(post: Post) -> Post:
    words = Contents(words=minutes(post) * WORDS_A_MINUTE)
    return msgspec.structs.replace(post, front_text="", body="", body_line=1, digest=b"", known_contents=words)


def mark(hub: Hub, *inputs: object) -> bytes:
    """A hash of all that pages are made of: a hub without texts, and other plain data."""
    answers_left_out = msgspec.structs.replace(hub, lookup=None)  # which follow from its data
    content = msgspec.msgpack.encode((answers_left_out, [_ordered(each) for each in inputs]))
    return hashlib.blake2b(content, digest_size=16).digest()


def _ordered(each: object) -> object:
    return sorted(each) if isinstance(each, frozenset) else each
