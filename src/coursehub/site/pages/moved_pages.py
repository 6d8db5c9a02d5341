"""Pages at addresses that posts had before, which lead on to where they are."""

from collections.abc import Iterator

from coursehub.records.post import Post
from coursehub.site.front_matter import FrontMatter, Search
from coursehub.site.page import Page, link, templates
from coursehub.site.subjects import Subjects
from coursehub.text.permalink import permalink


def moved_pages(subjects: Subjects) -> Iterator[Page]:
    """A page for each former path of the posts that are shown.

    None is where a post is, or where another one's is already: also not where only capitals differ, since some disks
    have one file for both.
    """
    used = {post.path.casefold() for post in subjects.hub.posts}
    for post in subjects.shown:
        for path in post.aliases:
            if path.casefold() not in used:
                used.add(path.casefold())
                yield _page(post, path)


def _page(post: Post, path: str) -> Page:
    title, target = post.title or post.stem, link(path, post.path)
    meta = FrontMatter(
        title, "This post has moved.", hide=("navigation", "toc"), search=Search(exclude=True), template="moved.html",
        leads_to=permalink(post.path),
    )  # fmt: skip
    text = templates().get_template("moved.html").render(title=title, target=target)
    return Page(path, meta, text, is_html=True)
