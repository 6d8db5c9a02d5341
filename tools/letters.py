"""Write the table of letters that Python and browsers share: `names/letters.json`, and `letters.js` for browsers.

Each Python and each browser has a Unicode of its own, so names could be two here and one there. The tables hold what
identity needs beyond what Unicode promises never to change: which characters there are, of which script, and which of
them look like ASCII letters (UTS 39, confusables.txt). ICU has both; run this when the oldest Python that Course Hub
supports, or Unicode's list of confusables, has changed:

    .venv/bin/uv run --no-project --with icukit-pyicu==78.3.1 tools/letters.py

The data is Unicode's: https://www.unicode.org/license.txt
"""

# mypy: disable-error-code="import-not-found,import-untyped"

import json
import unicodedata
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import icu

ROOT = Path(__file__).parents[1]
OLDEST = (14, 0)  # Unicode of Python 3.11
OWN_LETTERS = frozenset("þƿʔ")  # letters of languages, which only look like another sign
ABOVE = "// tools/letters.py wrote this, and src/coursehub/names/letters.json, from Unicode's data.\n"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
NEUTRAL = frozenset({"Common", "Inherited"})
EAST_ASIAN = frozenset({"Han", "Hiragana", "Katakana", "Bopomofo", "Hangul"})
RECOMMENDED = EAST_ASIAN | {  # https://www.unicode.org/reports/tr31/#Table_Recommended_Scripts
    "Arabic", "Armenian", "Bengali", "Cyrillic", "Devanagari", "Ethiopic", "Georgian", "Greek", "Gujarati", "Gurmukhi",
    "Hebrew", "Kannada", "Khmer", "Lao", "Latin", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu",
    "Thaana", "Thai", "Tibetan",
}  # fmt: skip


_checker = icu.SpoofChecker()


def main() -> None:
    """Write both files."""
    assigned = [char for char in map(chr, range(0x80, 0x110000)) if _is_known(char)]
    stable = [char for char in assigned if char.isalnum() and _bare(char) == char]
    latin = {char: _latin(char) for char in stable}
    table = {
        "unicode": ".".join(map(str, OLDEST)),
        "confusables": icu.UNICODE_VERSION,
        **_runs(assigned),
        "unseen": _ranges(_unseen()),
        "latin": _grouped((char, look) for char, look in latin.items() if look is not None),
        "looks": _grouped((char, look) for char in stable if latin[char] is None and (look := _look(char))),
        "capitals": _grouped(
            (char, look)
            for char in stable
            if latin[char] is None and char.upper() != char and (look := _look(char.upper())) != _look(char)
        ),
    }
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n"
    (ROOT / "src/coursehub/names/letters.json").write_text(text, encoding="utf-8")
    script = f"{ABOVE}export const LETTERS = {text.strip()};\n"
    (ROOT / "src/mkdocs_coursehub/static/assets/letters.js").write_text(script, encoding="utf-8")


def _is_known(char: str) -> bool:
    since = tuple(map(int, icu.Char.charAge(char).split(".")[:2]))
    return since <= OLDEST and unicodedata.category(char) not in ("Cn", "Co", "Cs")


def _script(char: str) -> str:
    """The script of a character; the first of those that share a letter or digit. One hardly used is `Other`."""
    script: str = icu.Script.getScript(char).getName()
    if script in NEUTRAL and char.isalnum():
        shared = _shared(char)
        if not EAST_ASIAN.intersection(shared) and shared != [script]:
            script = shared[0]
    if script in NEUTRAL:
        return "Common"
    return script if script in RECOMMENDED else "Other"


def _shared(char: str) -> list[str]:
    """The scripts that have a character, its own among them."""
    return sorted(icu.Script(code).getName() for code in icu.Script.getScriptExtensions(char))


def _runs(chars: Iterable[str]) -> dict[str, Any]:
    """Characters that follow each other and have one script: gap, length, script, each in base 36."""
    scripts: list[str] = []
    runs: list[str] = []
    end = 0x80
    for script, start, stop in _spans(chars, _script):
        if script not in scripts:
            scripts.append(script)
        runs.append(f"{_digits(start - end)},{_digits(stop - start)},{_digits(scripts.index(script))}")
        end = stop
    return {"scripts": scripts, "runs": ";".join(runs)}


def _ranges(chars: Iterable[str]) -> str:
    """Characters as the inside of brackets in a regular expression."""
    return "".join(
        chr(start) if stop - start == 1 else f"{chr(start)}-{chr(stop - 1)}"
        for _, start, stop in _spans(chars, lambda _: "")
    )


def _spans(chars: Iterable[str], kind: Callable[[str], str]) -> Iterable[tuple[str, int, int]]:
    numbered = enumerate(sorted(chars))
    for (name, _), group in groupby(numbered, lambda pair: (kind(pair[1]), ord(pair[1]) - pair[0])):
        span = [char for _, char in group]
        yield name, ord(span[0]), ord(span[-1]) + 1


def _unseen() -> list[str]:
    """Characters that nobody sees: Unicode's default ignorable code points, and the Braille pattern without dots."""
    ignorable = icu.UnicodeSet(r"[\p{Default_Ignorable_Code_Point}\u2800]")
    return [char for char in map(chr, range(0x80, 0x110000)) if ignorable.contains(char)]


def _bare(text: str) -> str:
    """The text without case, marks and forms of compatibility, as names are folded."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = (char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", "".join(letters))


def _look(text: str) -> str:
    """The ASCII letters and digits that a text looks like, small, or nothing. What looks like a capital I is an i."""
    skeleton = _checker.getSkeleton(0, text)
    if "ß" in skeleton:  # whose small form would be ss
        return ""
    look = _bare(skeleton)
    if look == "l" and text.isupper():
        return "i"
    return look if look.isascii() and look.isalnum() else ""


def _latin(char: str) -> str | None:
    """The ASCII letters that a Latin letter looks like; nothing for a quote, a blank for another sign; or None."""
    if _script(char) not in ("Latin", "Common") or char in OWN_LETTERS or char.isdigit():
        return None
    if "ß" in _checker.getSkeleton(0, char):
        return None
    look = _bare(_checker.getSkeleton(0, char))
    if look and any(map(str.isalnum, look)):
        return look if look.isascii() and look.isalnum() else None
    if unicodedata.category(char) not in ("Lm", "Lo") or EAST_ASIAN.intersection(_shared(char)):
        return None
    return "" if set(look) <= set("'\"`") else " "


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The letters that look alike as one text, under that which they look like."""
    groups: dict[str, list[str]] = {}
    for char, look in pairs:
        groups.setdefault(look, []).append(char)
    return {look: "".join(sorted(chars)) for look, chars in sorted(groups.items())}


def _digits(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"


if __name__ == "__main__":
    main()
