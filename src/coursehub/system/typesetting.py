"""Text of strangers for typst, which sets the receipt and the cards: as data, never as markup."""

import re

_BEYOND_OWN_FONTS = re.compile("[^\u0000-\u052f\u1e00-\u206f\u20a0-\u20bf\u2190-\u22ff]")
_LONGEST = 20
_UNBROKEN = re.compile(rf"[^\s\u200b/.&?=_-]{{{_LONGEST}}}(?=[^\s])")


def needs_other_fonts(text: str) -> bool:
    """Whether the text has letters that typst's own fonts may lack, so that the machine's fonts are looked at."""
    return bool(_BEYOND_OWN_FONTS.search(text))


def readable(text: str) -> str:
    """Return the text without signs that cannot be shown, and with places where an endless word may be broken."""
    shown = "".join(char if char.isprintable() or char in "\u200d\u200c" else " " for char in text)
    return _UNBROKEN.sub("\\g<0>\u200b", shown)
