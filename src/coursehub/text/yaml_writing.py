"""A text as a value in YAML."""

import json
import re
from collections.abc import Sequence

_PLAIN = re.compile(r"[a-z](?:[\w .+&/()-]*[\w.+&/)-])?", re.ASCII | re.IGNORECASE)
_YAML_WORDS = re.compile(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # what YAML takes for no character, or a line's end


def yaml_text(text: str) -> str:
    """A text as YAML, in quotes unless it is plainly a text; `docs/assets/availability.js` does the same."""
    if _PLAIN.fullmatch(text) and not _YAML_WORDS.fullmatch(text):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """A text as YAML, in quotes."""
    written = json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string, but for these characters
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def yaml_list(texts: Sequence[str]) -> str:
    """One text as it is, or several as a list in brackets."""
    written = [yaml_text(text) for text in texts]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"
