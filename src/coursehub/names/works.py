"""Works and their numbers: the DOI, the arXiv number or the address by which a paper, book or dataset is known.

`assets/titles.js` has the same patterns, so they are of ASCII alone.
"""

import re

from coursehub.text.expressions import expression

_LONGEST = 2_000  # characters of an address
_FLAGS = re.ASCII | re.IGNORECASE
_ADDRESS = expression(r"https?://(?:[^/?#@\s]*@)?([^/?#:\s]+)(?::[0-9]*)?([^?#\s]*)((?:\?[^#\s]*)?)(?:#\S*)?", _FLAGS)
_DOI = expression(
    r"(?:\bdoi\s*:?\s*)?(?:https?://[^\s]*?/)?(?<![0-9.])(10\.[0-9]{4,9}/[\w.;:()/+'*!$%,@=~-]+)(?:[?&#]\S*)?", _FLAGS
)
_ARXIV = expression(
    r"(?:https?://)?(?:[a-z-]+\.)?(?:arxiv(?:\.org)?|ar5iv(?:\.org|\.labs\.arxiv\.org)|huggingface\.co/papers)"
    r"(?:\s*:\s*|/(?:[a-z]+/)?|\s+)([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})(?![0-9])"
    r"(?:v[0-9]+)?(?:\.pdf)?(?:\s*\[[a-z.-]+\])?",
    _FLAGS,
)
_BARE_ARXIV = expression(r"([0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?", _FLAGS)
_PAGES_OF_A_DOI = expression(r"(?:/(?:abstract|full|pdf|epub|html|meta))+$|\.pdf$", _FLAGS)
# Where the end of an address is that of a DOI: the pattern, and how the DOI begins.
_PUBLISHERS = (
    (expression(r"https?://(?:www\.)?aclanthology\.org/([a-z0-9.-]+?)(?:\.pdf)?/?", _FLAGS), "10.18653/v1/"),
    (expression(r"https?://(?:www\.)?nature\.com/articles/([a-z0-9.-]+?)(?:\.pdf)?/?", _FLAGS), "10.1038/"),
)


def work(address: str) -> str:
    """The work that an address leads to, for comparing: `doi:…`, `arxiv:…`, or host and path; empty where to none."""
    its, _ = split(address.strip()) if len(address) <= _LONGEST else ("", "")
    return its


def number(address: str) -> str:
    """The DOI or arXiv number that an address has, such as `doi:10.1145/359545.359563`; empty where it has none."""
    its = work(address)
    return its if its.startswith(("doi:", "arxiv:")) else ""


def split(text: str) -> tuple[str, str]:
    """The number of a work in a text, such as `arxiv:1706.03762`, empty where there is none; and the rest of the text.

    The version of a preprint does not count. Of an address that has no number, the number is host and path.
    """
    for publisher, start in _PUBLISHERS:
        if match := publisher.fullmatch(text):
            return f"doi:{start}{match[1].lower()}", ""
    if match := _BARE_ARXIV.fullmatch(text):
        return f"arxiv:{match[1]}", ""
    if match := _ARXIV.search(text):
        return f"arxiv:{match[1].lower()}", _cut(text, match)
    address = _ADDRESS.fullmatch(text)
    decoded = re.sub("%2f", "/", text, flags=_FLAGS) if address else text
    if match := _DOI.search(decoded):
        return _doi(match[1]), _cut(decoded, match)
    return (_page(address), "") if address else ("", text)


def _cut(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


def _doi(written: str) -> str:
    doi = _PAGES_OF_A_DOI.sub("", written.rstrip(".,;:'")).lower()
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;:'")
    number = doi.removeprefix("10.48550/arxiv.")
    return f"doi:{doi}" if number == doi else f"arxiv:{re.sub('v[0-9]+$', '', number)}"


def _page(address: re.Match[str]) -> str:
    host, path, query = address.groups()
    return f"{host.lower().removeprefix('www.')}{path.rstrip('/').removesuffix('.pdf')}{query}"
