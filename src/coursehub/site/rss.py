"""A feed as RSS 2.0."""

import datetime as dt
import html
from typing import TYPE_CHECKING

import feedgenerator  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from coursehub.site.feeds import Document

NEVER = dt.datetime.fromtimestamp(0, dt.UTC)  # when a feed changed in which there is nothing yet


class _Rss(feedgenerator.Rss201rev2Feed):  # type: ignore[misc]
    """RSS that has no clock: without posts, the library would give the time of the build."""

    def latest_post_date(self) -> dt.datetime:
        latest: dt.datetime = max((item["pubdate"] for item in self.items if item["pubdate"]), default=NEVER)
        return latest


def text(document: "Document", address: str) -> str:
    """The feed as RSS. A post elsewhere links there; its `guid` stays that of its page here."""
    rss = _Rss(
        title=document.title, link=document.home_page_url, description=document.description,
        language=document.language, feed_url=address,
    )  # fmt: skip
    for item in document.items:
        rss.add_item(
            title=item.title,
            link=item.external_url or item.url,
            description=html.escape(item.content_text, quote=False),  # readers take it for HTML
            unique_id=item.id,
            unique_id_is_permalink=item.id == item.url,
            pubdate=item.date_published,
            author_name=", ".join(author.name for author in item.authors),
            categories=item.tags,
        )
    return f"{rss.writeString('utf-8')}\n"
