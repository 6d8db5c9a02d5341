"""Names of generated pages' files: safe in a path, and never two alike, even where case does not count."""

import re
from hashlib import sha256

from coursehub.names.identity import fold

_SLUG = re.compile(r"[^\W_](?:-*[^\W_])*")
_LONGEST = 100  # bytes; file systems take 255


def file_name(name: str) -> str:
    """The name of the file, without `.md`, for what bears this name.

    A slug is its own. Other names have a mark that no slug has: capitals, signs, more bytes than a file system takes,
    and `index`, which is the folder's own page.
    """
    is_slug = _SLUG.fullmatch(name) and name == name.casefold() and len(name.encode()) <= _LONGEST
    if is_slug and name != "index":
        return name
    readable = re.sub(r"[^a-z0-9]+", "-", "-".join(fold(name)))[:40].strip("-")
    return f"{readable}_{sha256(name.encode()).hexdigest()[:12]}"
