"""The page of a post: its text, and the front matter that the template shows around it."""

import html
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote

import msgspec

from coursehub.comments import record
from coursehub.links.where import Where, where
from coursehub.markdown.contents import anchors, heading_named
from coursehub.records.assignment import Option
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.records.precedents import Precedent
from coursehub.site import citation, video
from coursehub.site.cards import card
from coursehub.site.front_matter import (
    AuthorLink,
    FrontMatter,
    OtherPost,
    Part,
    Picture,
    Player,
    PostView,
    ReadNext,
    Search,
    ShownPicture,
    ToolLink,
    TopicLink,
)
from coursehub.site.page import NEEDS_COMMENT, Page, author_url, semester_path
from coursehub.site.pictures import Published
from coursehub.site.subjects import Subjects
from coursehub.text.addresses import host
from coursehub.text.permalink import permalink

_SEPARATOR = "; "  # titles of topics have commas
_VERBS = {"video": "Watch it", "podcast": "Listen to it"}  # by format


def post_page(subjects: Subjects, post: Post, site: str, pictures: Mapping[str, Published]) -> Page:
    """The page of a post. `site` is the published site's address with a slash at its end, or empty."""
    files = _files(subjects.hub, post)
    paths = map(post.local_path, (each.address for each in post.contents.pictures))
    shown = {path: its.shown for path in paths if (its := pictures.get(files[path])) and its.shown}
    here = f"{site}{permalink(post.path)}" if site else ""
    picture = _first_picture(files, shown, post, site) if site else None
    view = _view(subjects, post, here, picture)
    view = msgspec.structs.replace(view, linked_data=_linked_data(view, subjects.hub.course.name, site, here))
    meta = FrontMatter(
        post.title,
        post.summary,
        hide=("navigation",),
        search=Search(lead=_lead(view)),
        template="post.html",
        post=view,
        pictures=shown,
    )
    instead = {path: file for path, file in files.items() if path != file}
    return Page(post.path, meta, post.body, source=post.path, instead=instead)


def _files(hub: Hub, post: Post) -> dict[str, str]:
    """Path as the text has it → the file that is meant, which may have another name."""
    contents = post.contents
    addresses = {each.address for each in (*contents.pictures, *contents.sources, *contents.links)}
    return {post.local_path(address): hub.files.target(post, address) for address in sorted(addresses)}


def _lead(view: PostView) -> str:
    """Return the summary, the tools and the authors, for the search alone: its text has none of them."""
    people = (name for author in view.authors for name in dict.fromkeys((author.name, author.login)))
    about = ", ".join([*(tool.name for tool in view.tools), *people])
    return "".join(f"<p>{html.escape(text)}</p>" for text in (view.summary, about) if text)


def _view(subjects: Subjects, post: Post, here: str, picture: Picture | None) -> PostView:
    hub, shown = subjects.hub, card(subjects, post)
    option = hub.option_of(post)
    external, player = _external(subjects, post), _player(post)
    external_url = post.external_url if external.host else ""
    return PostView(
        title=shown.title,
        summary=shown.summary,
        authors=tuple(AuthorLink(author.login, author.name, _page(author.page)) for author in shown.authors),
        option=shown.option,
        format=shown.format,
        claims=option.claims if option else "tool",
        tools=_tools(subjects, post),
        topics=tuple(
            TopicLink(hub.course.topic_by_id[topic].title, _page(subjects.topic_path(topic)))
            for topic in hub.topics(hub.claims[post.path], post.topics)
        ),
        semester=shown.semester,
        semester_page=permalink(semester_path(post.semester)) if post.semester in hub.course.order else "",
        date=shown.date,
        day=shown.day,
        minutes=shown.minutes,
        has_text=bool(post.body.strip()),
        covers=tuple(parts(option, post)) if option else (),
        external_url=external_url,
        host=shown.host,
        is_gone=bool(external.dead),
        archived=external.url if external.dead else post.archived if host(post.archived) else "",
        verb=_VERBS.get(post.format, "Watch it" if player else "Read the post"),
        video=player,
        picture=picture,
        evidence=tuple(address for address in post.evidence if host(address)),
        differences=post.differences,
        earlier=tuple(_other(subjects, precedent) for precedent in hub.earlier(subjects.by_path[post.path])),
        read_next=tuple(_read_next(subjects, post)),
        needs_comment_page=permalink(NEEDS_COMMENT) if post.semester == hub.course.open_semester else "",
        bibtex=citation.bibtex(post, hub.course.name, external_url or here),
        term=record.term(post),
        comments=shown.comments,
        discussion=subjects.counts.of(post).url if subjects.counts else "",
    )


def parts(option: Option, post: Post) -> Iterator[Part]:
    """The parts that the option asks for, each linked to the heading that the post names."""
    headings = post.contents.headings
    ids = dict(zip(headings, anchors(post.contents), strict=True))
    for requirement in option.requirements:
        if named := post.covers.get(requirement.id):
            heading = heading_named(named, headings)
            yield Part(requirement.title, named, ids[heading] if heading else "")


def tool_urls(hub: Hub, post: Post) -> dict[str, str]:
    """Tool's code → its home page, as far as the post gives one that can be linked."""
    urls = zip(post.tool, post.tool_url, strict=False)
    claims = ((hub.names.claim(name, post.option, post.semester), address) for name, address in urls if host(address))
    return {code: address for claim, address in claims for code in claim.codes}


def _page(path: str) -> str:
    return permalink(path) if path else ""


def _tools(subjects: Subjects, post: Post) -> tuple[ToolLink, ...]:
    urls = tool_urls(subjects.hub, post)
    return tuple(
        ToolLink(each.name, urls.get(each.code, ""), _page(subjects.tool_path(each.code)))
        for each in subjects.hub.claims[post.path].identities
    )


def _external(subjects: Subjects, post: Post) -> Where:
    """Where a post that is not hosted here can be read."""
    its_own = subjects.hub.precedent(post)._replace(url=post.external_url, archived=post.archived)
    return where(its_own, subjects.dead)


def _first_picture(
    files: Mapping[str, str], shown: Mapping[str, ShownPicture], post: Post, site: str
) -> Picture | None:
    """The picture that other sites show of the post."""
    pictures = ((post.local_path(each.address), each.text) for each in post.contents.pictures)
    return next((Picture(f"{site}{quote(files[path])}", text) for path, text in pictures if path in shown), None)


def _player(post: Post) -> Player | None:
    film = video.find(post.external_url)
    return Player(film.provider, film.host, film.embed) if film else None


def _read_next(subjects: Subjects, post: Post) -> Iterator[ReadNext]:
    """Two posts on the same tools or topics, two of the same semester, and one that waits for a comment; none twice."""
    hub, seen = subjects.hub, {post.path}

    def unseen(posts: Iterable[Precedent]) -> Iterator[Precedent]:
        for each in posts:
            if each.path not in seen:
                seen.update({each.path} if each.path else ())
                yield each

    def few(posts: Iterable[Precedent], most: int) -> list[Precedent]:
        return list(islice(unseen(posts), most))

    claim = hub.claims[post.path]
    topics = _SEPARATOR.join(hub.course.topic_by_id[topic].title for topic in hub.topics(claim, post.topics))
    on_tools = few(subjects.near_on_tools(post), 2)
    on_topics = few(subjects.near_on_topics(post), 2 - len(on_tools))
    waiting = few(subjects.waiting_near(post), 1)
    in_semester = few(subjects.near_in_semester(post), 2)
    groups = [
        (f"More on {claim.name}", on_tools),
        (f"More on {topics}", on_topics),
        (f"Also from {post.semester}", in_semester),
        ("Needs a comment", waiting),
    ]
    for title, posts in groups:
        if posts:
            yield ReadNext(title, tuple(_other(subjects, each) for each in posts))


def _other(subjects: Subjects, precedent: Precedent) -> OtherPost:
    """Another post, linked where it is elsewhere or has a page here."""
    place = where(precedent, subjects.dead)
    post = subjects.by_path.get(precedent.path or "")
    tools, headline = precedent.claim.name, subjects.hub.precedents.headline(precedent)
    title = headline.text if headline else precedent.title
    return OtherPost(
        title, precedent.semester, permalink(post.path) if post else "", place.url, place.host, place.dead,
        tools="" if tools.casefold() in title.casefold() else tools,
        authors=", ".join(post.cited) if post else "",
        is_from_address=bool(headline and headline.is_from_address),
    )  # fmt: skip


def _linked_data(view: PostView, course: str, site: str, here: str) -> dict[str, Any]:
    """The post for machines: https://schema.org/BlogPosting, without what is not known."""
    its = {"name": course, "url": site} if site else {"name": course}
    about = [{"@type": "Thing", "name": tool.name, "url": tool.url} for tool in view.tools]
    known = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": view.title,
        "description": view.summary,
        "datePublished": view.date,
        "author": [{"@type": "Person", "name": each.name, "url": author_url(each.login)} for each in view.authors],
        "url": view.external_url or here,
        "mainEntityOfPage": view.external_url or here,
        "image": view.picture.url if view.picture else "",
        "about": [{name: value for name, value in each.items() if value} for each in about],
        "articleSection": [topic.title for topic in view.topics],
        "timeRequired": f"PT{view.minutes}M" if view.minutes else "",
        "publisher": {} if view.external_url else {"@type": "Organization", **its},  # elsewhere, others publish
        "isPartOf": {"@type": "Blog", **its},
    }
    return {name: value for name, value in known.items() if value}
