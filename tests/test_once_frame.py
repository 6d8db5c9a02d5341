"""Frames: a page that is put into the frame of its kind is the page that its template renders."""

import datetime
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from mkdocs.structure.toc import AnchorLink
from mkdocs.utils import get_relative_url

from mkdocs_once.blank import squeezed
from mkdocs_once.frame import AnyPage, Frame, FrameTemplate, Kind, NoFrameError
from mkdocs_once.page import Facts

TEMPLATES = {
    "base.html": """
{% import "partials/language.html" as words with context %}
<title>{% block htmltitle %}{{ page.title }} - {{ words.site() }}{% endblock %}</title>
<meta>{% block site_meta %}<link href="{{ page.canonical_url }}">{% endblock %}</meta>
{% block extrahead %}{% endblock %}
{% if page.toc %}<a href="{{ (page.toc | first).url }}">Skip to content</a>{% endif %}
<header>{% block header %}{{ page.meta.title or page.title }}{% endblock %}</header>
{% block site_nav %}{% if "toc" not in page.meta.hide %}<aside>{% include "partials/toc.html" %}</aside>{% endif %}{% endblock %}
{% block container %}<main>{% block content %}{{ page.content }}{% endblock %}</main>{% endblock %}
<footer>{{ words.site() }}, {{ base_url }}</footer>""",
    "partials/language.html": "{% macro site() %}{{ site_name }}{% endmacro %}",
    "partials/toc.html": "{% for each in page.toc %}<a href='{{ each.url }}'>{{ each.title }}</a>{% endfor %}",
    "main.html": """{% extends "base.html" %}
{% block extrahead %}<meta name="description" content="{{ page.meta.description }}">{% endblock %}
{% block content %}<h1>{{ words.site() }}</h1>{{ super() }}<pre>

{{ page.title }}</pre>{% endblock %}""",
    "post.html": """{% extends "main.html" %}{% set greeting = "Hello" %}
{% block site_meta %}{{ super() }}<meta name="author" content="{{ page.meta.author }}">{% endblock %}
{% block container %}{{ super() }}<p>{{ greeting }}, {{ page.title }}</p>{% endblock %}""",
}


def environment(**more: str) -> jinja2.Environment:
    env = jinja2.Environment(loader=jinja2.DictLoader({**TEMPLATES, **more}), autoescape=False)

    env.template_class = FrameTemplate
    return env


def page_of(title: str, /, *headings: str, **meta: object) -> Any:
    return SimpleNamespace(
        title=title, canonical_url=f"https://example.org/{title}", content=f"<p>\n\n  On {title}", url="a/b/",
        toc=[AnchorLink(each, each.lower(), 2) for each in headings], meta={"hide": (), **meta},
        facts=Facts(start=headings[0].lower() if headings else ""),
    )  # fmt: skip


PAGES = {
    "plain": [page_of("One"), page_of("Two", description="<second>"), page_of("Three", title="Three & more")],
    "with headings": [page_of("One", "First", "Second"), page_of("Two", "Third", author="octocat")],
    "with a NUL": [page_of("One", "A \0 here"), page_of("Two", "B", description="a\0title\0b", title="a\0b")],
    "of other kinds of titles": [page_of("One", title=datetime.date(2026, 11, 3)), page_of("Two", title=["a", "b"])],
    "hidden": [page_of("One", "First", hide=("toc",)), page_of("Two", "Second", hide=("toc",))],
}


def context(page: object) -> Any:
    return {"page": page, "site_name": "Site", "base_url": "../.."}


def lines(html: str) -> list[str]:
    return squeezed(html).split()


@pytest.mark.parametrize("template_name", ["main.html", "post.html"])
@pytest.mark.parametrize("kind_of_page", PAGES)
def test_every_page_of_a_kind_is_what_its_template_renders(template_name: str, kind_of_page: str) -> None:
    template = environment().get_template(template_name)
    first, *others = PAGES[kind_of_page]
    kind = Kind(template_name, "../..", first.meta["hide"], has_contents=bool(first.toc))
    frame = Frame(template, kind, context(first))
    for page in (first, *others):
        filled = frame.filled(frame.rendered(context(page)), page)
        assert lines(filled.replace("\0", "")) == lines(template.render(context(page)).replace("\0", ""))


@pytest.mark.parametrize(
    "asked",
    [
        "page.content",
        "page.meta.author",
        "page.meta.get('author')",
        "'author' in page.meta",
        "page.url",
        "page.url | e",
        "'https://example.org/' ~ page.url",
    ],
)
def test_what_differs_from_page_to_page_is_refused_in_a_part_that_they_share(asked: str) -> None:
    overridden = environment(
        **{"own.html": f'{{% extends "main.html" %}}{{% block header %}}{{{{ {asked} }}}}{{% endblock %}}'}
    )
    kind = Kind("own.html", "../..", (), has_contents=False)
    with pytest.raises(NoFrameError, match=r"page\.(content|meta\.author|url) is asked for .* site_meta, htmltitle"):
        Frame(overridden.get_template("own.html"), kind, context(page_of("One")))


def test_links_of_a_frame_lead_up_from_as_deep_as_its_pages_are() -> None:
    page = AnyPage(Kind("main.html", "../..", (), has_contents=False))
    assert get_relative_url("tools/", page.url) == "../../tools/"
