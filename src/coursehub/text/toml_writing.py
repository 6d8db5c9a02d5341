"""Values as TOML: https://toml.io/en/v1.0.0"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from coursehub.text.expressions import expression

_BARE = expression("[A-Za-z0-9_-]+")


def table(name: str, values: Mapping[str, Any]) -> str:
    """A table with a line for each key; tables within it are inline. Keys without a value (None) are left out."""
    lines = (f"{_key(key)} = {_value(each)}" for key, each in values.items() if each is not None)
    return "\n".join([f"[{_key(name)}]", *lines, ""])


def _value(value: object) -> str:
    match value:
        case Mapping():
            pairs = (f"{_key(key)} = {_value(each)}" for key, each in value.items() if each is not None)
            return f"{{{', '.join(pairs)}}}"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # else a JSON string is one of TOML
        case Sequence():
            items = [_value(each) for each in value if each is not None]
            between = ",\n    " if any(item.startswith("{") for item in items) else ", "
            return f"[{between.join(items)}]"
    return json.dumps(value)


def _key(key: object) -> str:
    text = str(key)
    return text if _BARE.fullmatch(text) else _value(text)
