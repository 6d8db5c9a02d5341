"""The receipt: the page that a student hands in on Gradescope, as a PDF."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import msgspec

from coursehub.comments import record
from coursehub.grading.participation import FlaggedComment, in_words
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.records.precedents import Precedent
from coursehub.system import typesetting
from coursehub.text.addresses import is_web_address
from coursehub.text.permalink import permalink


class Line(msgspec.Struct, frozen=True):
    """A text, perhaps with where it leads, and what is said of it in small type.

    `address` is what is shown of `url` where the text does not tell it.
    """

    text: str
    url: str = ""
    note: str = ""
    address: str = ""


class Receipt(msgspec.Struct, frozen=True):
    """The texts on the page, in the order of the assignment's PDF. All of it is text; nothing in it is markup."""

    course: str
    semester: str
    title: str
    option: str
    authors: str
    status: str
    post: Line
    claim: Line
    evidence: tuple[Line, ...]
    differences: str
    earlier: tuple[Line, ...]
    comments: tuple[Line, ...]
    comments_read: str
    paper: str = "us-letter"


def receipt_of(
    hub: Hub, post: Post, *, since: str | None, site: str, comments: dict[str, tuple[FlaggedComment, ...]] | None,
    read: dt.datetime | None = None,
) -> Receipt:  # fmt: skip
    """The receipt of a post.

    `since`: when its claim came to main; `site`: the site's address; `comments`: what each author commented, as of
    `read`, or None where nobody looked.
    """
    option = hub.option_of(post)
    names = " + ".join(identity.name for identity in hub.claim_of(post).identities)
    claimed = f"since {_written(dt.datetime.fromisoformat(since), hub)}" if since else "not on the main branch yet"
    return Receipt(
        course=hub.course.name,
        semester=post.semester,
        title=post.title or post.stem,
        option=option.title if option else post.option,
        authors=", ".join(post.authors),
        status=post.status,
        post=_link(post, site),
        claim=Line(names or post.stem, note=f"claimed as {post.stem}, {claimed}"),
        evidence=tuple(_leading(url, url) for url in post.evidence),
        differences=post.differences,
        earlier=tuple(_earlier(each) for each in hub.earlier(post)),
        comments=tuple(_comments(hub, comments or {}, site)),
        comments_read=_written(read, hub) if read else "",
    )


def _written(moment: dt.datetime, hub: Hub) -> str:
    local = moment.astimezone(hub.course.zone)
    return f"{local.day} {local:%B %Y, %H:%M:%S} {local.tzname()}"


def _leading(text: str, url: str, note: str = "") -> Line:
    """A line that leads to a web address; anything else in its place is shown and leads nowhere."""
    url = url if is_web_address(url) else ""
    return Line(text, url, note, "" if text == url else url)


def _link(post: Post, site: str) -> Line:
    if post.private:
        return Line("Posted inside the course", note="The author chose not to post in public.")
    if post.external_url:
        return _leading(post.external_url, post.external_url)
    if not post.is_published:
        return Line("Not published yet", note=f"The file {post.path} says “{post.status}”.")
    address = f"{site.rstrip('/')}/{permalink(post.path)}"
    return _leading(address, address)


def _earlier(each: Precedent) -> Line:
    url = each.archived or each.url or ""
    return _leading(each.title, url, each.semester if url else f"{each.semester}, {each.path or 'no link is known'}")


def _comments(hub: Hub, comments: dict[str, tuple[FlaggedComment, ...]], site: str) -> Iterator[Line]:
    titles = {record.term(post): post.title for post in hub.posts if not post.private}
    for login, all_of_them in comments.items():
        for each in all_of_them:
            if not each.is_elsewhere and not each.comment.is_deleted:
                late = f", {in_words(each.late_by)} late" if each.late_by else ""
                note = f"{login}, {_written(each.comment.created, hub)}{late}"
                yield _leading(f"On “{titles.get(each.term) or each.term}”", each.comment.url, note)


def as_pdf(receipt: Receipt) -> bytes:
    """The page. The same receipt gives the same bytes: no clock is read.

    The text reaches the template as data, so none of it is run, and the template's folder holds nothing else. Only
    where the text has letters that typst's own fonts lack, the machine's fonts are looked at.
    """
    import typst  # noqa: PLC0415  (34 MB that only a receipt needs)

    data = msgspec.json.encode(_readable(msgspec.to_builtins(receipt))).decode()
    template = resources.files("coursehub.grading").joinpath("receipt.typ").read_bytes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "receipt.typ").write_bytes(template)
        pdf: bytes = typst.compile(
            folder / "receipt.typ", root=folder, sys_inputs={"receipt": data},
            ignore_system_fonts=not typesetting.needs_other_fonts(data),
            package_path=folder, package_cache_path=folder,
        )  # fmt: skip
    return pdf


def _readable(value: object) -> object:
    """Return the value with all texts in it made fit for typesetting."""
    if isinstance(value, dict):
        return {key: item if key in ("url", "paper") else _readable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_readable(item) for item in value]
    return typesetting.readable(value) if isinstance(value, str) else value
