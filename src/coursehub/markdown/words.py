"""How many words a text has, of a post as of a comment."""

import re

from coursehub.text.expressions import expression

# A word is a run of letters, digits, hyphens and apostrophes that has a letter or digit. So hyphens and apostrophes can
# be left out before runs are counted, and other scripts' letters be written as one.
_URL = expression(r"https?://[^\s)>]+")
_NOT_ASCII = expression(r"[^\x00-\x7f]+")
_OTHER_LETTERS = expression(r"[^\W\x00-\x7f]+")
# Scripts without blanks between words: those of which a character is about a syllable, and those that have letters.
_SYLLABLES = expression(
    "[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_LETTERS_WITHOUT_BLANKS = expression("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17dd]+")  # Thai, Lao, Burmese, Khmer
_KINDS = bytes(ord("w" if re.match(r"\w", chr(code)) else " ") for code in range(128)).ljust(256)


def count_words(prose: str) -> int:
    """Words of prose; a web address is one word.

    Where a script has no blanks between words, two syllables or five letters are one. Readers' apps, such as Medium,
    take 500 Chinese or Japanese characters a minute, and half as many English words; an English word has five letters,
    and Thai and its neighbours are spelt as English is.
    """
    prose, count = _URL.sub("w", prose), 0
    others = "" if prose.isascii() else "".join(_NOT_ASCII.findall(prose))
    for script, a_word in ((_SYLLABLES, 2), (_LETTERS_WITHOUT_BLANKS, 5)) if others else ():
        if script.search(others):
            count -= -sum(map(len, script.findall(others))) // a_word
            prose = script.sub(" ", prose)
    if others:
        prose = prose.replace("’", "")
        prose = _OTHER_LETTERS.sub("w", prose) if _OTHER_LETTERS.search(others) else prose
    kinds = b" " + prose.encode("ascii", "replace").translate(_KINDS, delete=b"'-")
    return count + kinds.count(b" w")
