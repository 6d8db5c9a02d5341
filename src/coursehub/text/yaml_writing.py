"""A text as a value in YAML."""

import json
import re
from collections.abc import Sequence

from coursehub.text import located
from coursehub.text.expressions import expression

_PLAIN = expression(r"[a-z](?:[\w .+&/()-]*[\w.+&/)-])?", re.ASCII | re.IGNORECASE)
_YAML_WORDS = expression(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
_UNSEEN = expression("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # what YAML takes for no character, or a line's end


def yaml_text(text: str) -> str:
    """A text as YAML, in quotes unless it is plainly a text; `assets/availability.js` does the same."""
    if _PLAIN.fullmatch(text) and not _YAML_WORDS.fullmatch(text):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text as YAML, in quotes."""
    written = json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string, but for these characters
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def unquoted(text: str) -> str:
    """A text as YAML, in quotes only where it needs them, also within brackets: an address is plain."""
    within, alone = located.parse(f"[{text}]").root, located.parse(f"a: {text}").root
    is_plain = located.plain(within) == [text] and located.plain(alone) == {"a": text}
    return text if is_plain and "\n" not in text and not text.startswith(_MARKS) else quoted(text)


_MARKS = ("'", '"', "[", "{", "&", "*", "!")


def yaml_list(texts: Sequence[str]) -> str:
    """One text as it is, or several as a list in brackets."""
    written = [unquoted(text) for text in texts]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"
