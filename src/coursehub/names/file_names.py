"""Names of files: what some system refuses, hides or takes for another name, and the name to use instead.

Windows: https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file. What it forbids, a zip of the site's
preview cannot hold either: https://github.com/actions/upload-artifact/issues/333.
"""

import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from coursehub.text.expressions import expression

MOST_CHARACTERS = 200  # of a whole path: Windows takes 260, with the folder that the repository lies in
MOST_BYTES = 255  # of one name, on Linux

_DEVICE = expression(
    r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]|conin\$|conout\$) *(?:\..*)?", re.IGNORECASE | re.ASCII | re.DOTALL
)
_FORBIDDEN = expression(r'[<>:"\\|?*]')
_PLAIN = expression(r"[\w-]+(?:\.[\w-]+)*", re.ASCII)  # nothing is wrong with such a name, but perhaps a device's
_PLAIN_PATH = expression(
    r"(?:(?!(?:con|prn|aux|nul|(?:com|lpt)[0-9])(?:[./]|\Z))[\w-]+(?:\.[\w-]+)*(?:/|\Z))+", re.IGNORECASE | re.ASCII
)
_JOINERS = frozenset("\u200c\u200d")  # which Persian, Indic scripts and emoji need
_OF_SYSTEMS = expression(r"\._.*|\.ds_store|\.appledouble|__macosx|thumbs\.db|ehthumbs\.db|desktop\.ini", re.IGNORECASE)
_HIDDEN = expression(r"(?:^|/)(?:\.|(?:__macosx|thumbs\.db|ehthumbs\.db|desktop\.ini)(?:/|\Z))", re.IGNORECASE)
_SUFFIXES = frozenset({"avif", "gif", "jpeg", "jpg", "markdown", "md", "png", "webp"})
_BLANKS = expression(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def is_device(name: str) -> bool:
    """Whether Windows takes this name, with any extension, for a device's, and no file can have it."""
    return bool(_DEVICE.fullmatch(name))


def is_hidden(path: str) -> bool:
    """Whether a part of the path begins with a dot, or is a file that a system keeps for itself."""
    return bool(_HIDDEN.search(path))


def is_of_system(name: str) -> bool:
    """Whether macOS or Windows makes files of this name by themselves."""
    return bool(_OF_SYSTEMS.fullmatch(name))


class _Refusal(NamedTuple):
    """One reason for which a name is refused: `why` says it of a name, empty where it does not hold; `fix` ends it."""

    why: Callable[[str], str]
    fix: Callable[[str], str]


def _undecoded(name: str) -> str:
    return "is not in UTF-8" if any("\ud800" <= char <= "\udfff" for char in name) else ""


def _forbidden(name: str) -> str:
    signs = dict.fromkeys(_FORBIDDEN.findall(name))
    return f"has “{'”, “'.join(signs)}”, which Windows forbids" if signs else ""


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") and char not in _JOINERS and ord(char) < 0xE0000


def _unseen(name: str) -> str:
    char = next(filter(_is_unseen, name), None)
    return f"has the invisible character U+{ord(char):04X}" if char else ""


def _ending(name: str) -> str:
    endings = {".": "dot", " ": "blank"}
    return f"ends with a {endings[name[-1]]}, which Windows takes away" if name[-1:] in endings else ""


def _device(name: str) -> str:
    return "is a device's name on Windows" if is_device(name) else ""


def _too_long(name: str) -> str:
    size = len(name.encode("utf-8", "surrogatepass"))
    return f"has {size} bytes, and no system takes more than {MOST_BYTES}" if size > MOST_BYTES else ""


def _with_stem(name: str, change: Callable[[str], str]) -> str:
    path = PurePosixPath(name)
    return f"{change(path.stem)}{path.suffix}" if path.name else name


def _shorter(name: str, most: int = MOST_BYTES) -> str:
    room = most - len(PurePosixPath(name).suffix.encode())
    return _with_stem(name, lambda stem: stem.encode()[: max(room, 1)].decode(errors="ignore").rstrip(". ") or "file")


# In this order a name is fixed: what is cut away may leave an ending, and an ending a device.
_REFUSALS = (
    _Refusal(_undecoded, lambda name: re.sub("[\ud800-\udfff]+", "-", name)),
    _Refusal(_forbidden, lambda name: re.sub(f"{_FORBIDDEN.pattern}+", "-", name)),
    _Refusal(_unseen, lambda name: "".join(char for char in name if not _is_unseen(char))),
    _Refusal(_ending, lambda name: name.rstrip(". ") or "file"),
    _Refusal(_too_long, _shorter),
    _Refusal(_device, lambda name: re.sub(r"^([^. ]*)", r"\1_", name)),
)


def is_plain_path(path: str) -> bool:
    """Whether a path is short, and plain enough that no system refuses a part of it: true of most paths."""
    return len(path) <= MOST_CHARACTERS and _PLAIN_PATH.fullmatch(path) is not None


def refusals(name: str) -> list[str]:
    """Why some system refuses a file or folder of this name, in words that follow the name; empty for most names."""
    if _PLAIN.fullmatch(name) and len(name) < MOST_BYTES:
        return ["is a device's name on Windows"] if is_device(name) else []
    return [why for each in _REFUSALS if (why := each.why(name))]


def too_long(path: str) -> str:
    """Why a path is too long for some system, in a sentence; empty if it is not."""
    if len(path) > MOST_CHARACTERS:
        return f"the path has {len(path)} characters, and some systems take no more than {MOST_CHARACTERS}"
    why = _too_long(path.rpartition("/")[2])
    return why and f"the name {why}"


def usable(name: str) -> str:
    """The name that is nearest to this one, and that every system takes and shows."""
    name = _shown(name)
    for each in _REFUSALS:
        if each.why(name):
            name = _shown(each.fix(name))
    return name


def _shown(name: str) -> str:
    """The name without the dots that it begins with; of a suffix alone, a file's name with that suffix."""
    if not name.startswith("."):
        return name or "file"
    rest = name.lstrip(". ")
    return f"file.{rest}" if not rest or rest.lower() in _SUFFIXES else rest


def usable_path(folder: str, name: str, used: dict[str, int]) -> str:
    """A path in this folder for a file of this name: usable, short enough, and not one of those `used` (see `same`).

    From now on it is one of them. Of each, the number is the last one that was put behind its name.
    """
    name = usable(name)
    room = MOST_CHARACTERS - len(folder) - 1
    if len(name) > room:
        suffix = PurePosixPath(name).suffix
        name = _with_stem(name, lambda stem: stem[: max(room - len(suffix), 8)].rstrip(". "))
    path = first = f"{folder}/{name}"
    number = used.get(same(first), 1)
    while same(path) in used:
        number += 1
        end = f"-{number}"
        path = f"{folder}/{_with_stem(name, lambda stem: stem[: max(room - len(end) - 5, 8)] + end)}"  # noqa: B023
    used[same(first)] = number
    used.setdefault(same(path), 1)
    return path


def look(path: str) -> str:
    """How a path looks: percent signs decoded, letters with their accents as one sign, and one kind of blank.

    Two paths that look alike are one to who writes a text; to GitHub, git and Linux they are two.
    """
    if path.isascii() and "%" not in path:
        return path
    text = path if "%2f" in path.lower() else unquote(path)
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", text))


def same(path: str) -> str:
    """A key that two paths share if Windows or macOS takes them for one: capitals and Unicode forms do not count."""
    if path.isascii():
        return path.upper()
    return "".join(map(_upper, unicodedata.normalize("NFC", path)))


def in_git(path: str, system: str = sys.platform) -> str:
    """A path as git stores it: on macOS, where some programs write é as two signs, git makes it one."""
    return unicodedata.normalize("NFC", path) if system == "darwin" and not path.isascii() else path


def rough(path: str) -> str:
    """A key that two paths share if one may be meant by the other: a plus is a blank, a backslash a slash."""
    return same(look(path).lstrip("/").replace("\\", "/").replace("+", " "))


def _upper(char: str) -> str:
    upper = char.upper()
    return upper if len(upper) == 1 else char  # of “ß”, to file systems, “SS” is no capital


def in_ascii(text: str) -> str:
    r"""The text with what is not ASCII written out, such as `\u00e9`: so names differ that look the same."""
    return text.encode("ascii", "backslashreplace").decode()
