"""The address of a post → the title that it carries.

`https://example.org/@cleo/serving-models-with-mlflow-1f2e3d4c5b6a` → “Serving models with MLflow”. Blogs make an
address of a title by writing it small, without its punctuation, and often with an id behind it or a date before it; so
its words can be read again, and the names of tools get back the spelling that a list of them has.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from coursehub.names.english import is_ordinary
from coursehub.names.identity import code, fold
from coursehub.text.addresses import host
from coursehub.text.expressions import expression

Spellings = Mapping[str, str]  # a name's words run together → the name as it is written

_LONGEST = 300  # characters of an address's part; no title is longer
_LONGEST_WRITTEN = 12 * _LONGEST  # of a letter, %F0%9F%98%80
_MOST_JOINED = 5  # words of a name
_SHORTEST_OWNER = 6  # letters of a name with its s
_WITHOUT_WORDS = frozenset({
    "youtube.com", "m.youtube.com", "youtu.be", "vimeo.com", "docs.google.com", "drive.google.com", "open.spotify.com",
    "linkedin.com",  # which writes the author's name behind it, with nothing between
})  # fmt: skip
# What some hosts write behind a title: an id with other letters than those of hexadecimal numbers.
_OWN_IDS = {
    "dev.to": expression(r"-[a-z0-9]{2,5}$"),
    "hackernoon.com": expression(r"-(?=[a-z]*\d)[a-z0-9]{8}$"),
    "hashnode.dev": expression(r"-c[a-z0-9]{20,}$"),
}
_ENDING = expression(r"\.(?:html?|md|markdown|pdf|php|aspx?|ipynb|txt|docx?|pptx?)$", re.IGNORECASE)
_DATE = expression(r"^(?:19|20)\d\d[-_.]?[01]\d[-_.]?[0-3]\d(?=[-_ ]|$)[-_ ]*")
_HEAD_ID = expression(r"^(?:\d{5,}|(?=[a-f]*\d)[0-9a-f]{8,40})[-_ ]+")
_TAIL_ID = expression(r"(?:^|[-_ ]+)(?:\d{5,}|(?=[a-f]*\d)[0-9a-f]{8,40})$")
_GENERIC = frozenset({"index", "readme", "default", "home", "post", "blog", "article", "doc", "document", "main"})
_BLANKS = expression(r"[-_\s]+|\++(?=\w)")
_EDGES = expression(r"^[^\w(]+|[^\w)?!+#%]+$")
_CAMEL = expression(r"(?:[A-Z][a-z]{2,}|[A-Z]{2,5}(?=[A-Z][a-z]{2}|$)){2,}")
_HUMP = expression(r"[A-Z][a-z]+|[A-Z]+(?=[A-Z][a-z]|$)")
_LETTERS = expression(r"[^\W\d_]")
_WORDS_ALONE = expression(r"[^\x00-\u024f]{4,}")  # in scripts that write without blanks, a title may be one word
# What many titles have and no list of tools: initials, and signs that addresses lose.
_COMMON = {
    each.lower(): each
    for each in (
        "AI", "Android", "API", "APIs", "AutoML", "CD", "CI", "CLI", "CPU", "CSV", "DevOps", "EDA", "ETL", "GPU",
        "GPUs", "HTTP", "iOS", "IoT", "Java", "JavaScript", "JSON", "Linux", "LLM", "LLMs", "LLMOps", "macOS", "ML",
        "MLOps", "NLP", "OCR", "ORM", "PDF", "PDFs", "Python", "RAG", "RDS", "SDK", "SQL", "TypeScript", "UI", "URL",
        "XAI", "XML", "YAML",
    )
} | {
    each.replace("’", ""): each
    for each in ("can’t", "doesn’t", "don’t", "here’s", "isn’t", "what’s", "you’re")
}  # fmt: skip
_SIGNS = (
    (expression(r"\ba b(?= test)", re.IGNORECASE), "A/B"),
    (expression(r"\bCI CD\b"), "CI/CD"),
    (expression(r"\bML ops\b", re.IGNORECASE), "MLOps"),
    (expression(r"\b(end) to (end)\b(?= \w)", re.IGNORECASE), r"\1-to-\2"),
    (expression(r"\b(step) by (step)\b(?= \w)", re.IGNORECASE), r"\1-by-\2"),
)


def spellings(names: Iterable[str]) -> dict[str, str]:
    """How to write these names again, of two with the same words the first.

    Left out are those of ordinary words alone, which mostly mean what they say: “make”, “great expectations”.
    """
    known = dict(_COMMON)
    for name in names:
        words = fold(name)
        if name != name.lower() and not all(map(is_ordinary, words)):
            known.setdefault("".join(words), name)
    return known


def title(address: str, known: Spellings, own: Sequence[str] = ()) -> str:
    """The title that an address carries; empty where it has an id alone, or a single word.

    `known` are `spellings`; `own` the names of the tools that the post is about, whatever words these have.
    """
    where = host(address)
    if not where or where in _WITHOUT_WORDS:
        return ""
    written = _words_of(where, _part(urlsplit(address).path))
    if len(written) < 2 and not any(map(_WORDS_ALONE.fullmatch, written)):
        return ""
    names = _own(own)
    first, *others = _spelled(written, names, known)
    is_small = first == first.lower() and first not in names.values()
    text = " ".join((first[:1].upper() + first[1:] if is_small else first, *others))
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    return text


def _own(names: Sequence[str]) -> dict[str, str]:
    """The codes of a post's own tools, also without the “and” that stands for a sign: `weights-biases`."""
    return {key: name for name in names for key in (code(name), code(name.replace("&", " "))) if key}


def _part(path: str) -> str:
    """The part of a path that may be a title: the last, or the one before a mere `index.html`."""
    parts = [part for part in path.split("/") if part][-2:]
    names = [_ENDING.sub("", unquote(part)) if len(part) <= _LONGEST_WRITTEN else "" for part in parts]
    name = next((each for each in reversed(names) if each.lower() not in ("index", "readme")), "")
    return name if len(name) <= _LONGEST and "\ufffd" not in name else ""


def _words_of(where: str, part: str) -> list[str]:
    """The words of a part of an address, without dates, numbers and ids around them."""
    for place, pattern in _OWN_IDS.items():
        if where == place or where.endswith(f".{place}"):
            part = pattern.sub("", part)
    part = _TAIL_ID.sub("", _HEAD_ID.sub("", _DATE.sub("", part)))
    if re.search(r"\w\.[a-z]{2,}$", part):  # the name of a site
        return []
    pieces = (_EDGES.sub("", piece) for piece in _BLANKS.split(part))
    words = [word for piece in pieces if piece.isprintable() for word in _humps(piece)]
    has_words = any(map(_LETTERS.search, words)) and not _GENERIC.issuperset(word.lower() for word in words)
    return words if has_words else []


def _humps(word: str) -> list[str]:
    """`DataCleanerReview` → Data, Cleaner, Review: the names in it are put together again."""
    return _HUMP.findall(word) if _CAMEL.fullmatch(word) else [word] if word else []


def _spelled(words: Sequence[str], own: Spellings, known: Spellings) -> Iterator[str]:
    """The words, with names as they are written: of several that begin at a word, the longest."""
    start = 0
    while start < len(words):
        ends = range(min(len(words), start + _MOST_JOINED), start, -1)
        names = ((end, _name(words[start:end], own, known)) for end in ends)
        start, name = next(((end, name) for end, name in names if name), (start + 1, words[start]))
        yield name


def _name(words: Sequence[str], own: Spellings, known: Spellings) -> str:
    """The name that these words are, or to which something belongs: `spotifys` → “Spotify’s”; empty where none is.

    Words beside each other are no name that is written as one, such as “open metadata”, but for a post's own tools.
    """
    run = "".join(words).lower()
    if run in own:
        return own[run]
    name = known.get(run, "")
    if name:
        return "" if len(words) > 1 and name.isalnum() else name
    owner = known.get(run[:-1], "") if run.endswith("s") and len(run) >= _SHORTEST_OWNER else ""
    return "" if not owner or is_ordinary(run) else f"{owner}’s"
