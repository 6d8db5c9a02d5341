"""Posts → an engine's source files: the path and the text of each post, and the path of its page.

    forms.py hub COUNT FOLDER [--seed SEED]

writes so many posts, and nothing else, as Course Hub has them: FOLDER/posts/. The settings and layouts of each engine
are in `settings/`; Course Hub's are this repository's own.
"""

import argparse
import datetime as dt
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from corpus import PICTURE, Post, picture, posts

from coursehub.records import course
from coursehub.records.course import Course, season

ROOT = Path(__file__).parents[1]
SETTINGS = Path(__file__).parent / "settings"
OWN = ("mkdocs.yml", "hooks", "docs", "data")
TEMPLATE = ROOT / "src/mkdocs_coursehub/theme/post.html"  # which each site has as its own, to be changed
SEED = 1


class Form(NamedTuple):
    """The files of a site, as an engine needs them.

    `surround` writes everything but the posts, which it is given, into an empty folder. Of a post, `source` and
    `picture` are the paths of its files, `text` is the content of `source`, and `page` is the path of its page in the
    folder `output`.
    """

    surround: Callable[[Path, Sequence[Post]], None]
    source: Callable[[Post], str]
    text: Callable[[Post], str]
    picture: Callable[[Post], str]
    page: Callable[[Post], str]
    output: str


def write(form: Form, folder: Path, which: Iterable[Post]) -> None:
    """Write the files of these posts."""
    for post in which:
        for path, content in ((form.source(post), form.text(post).encode()), (form.picture(post), picture())):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def remove(form: Form, folder: Path, post: Post) -> None:
    """Remove the files of a post."""
    for path in (form.source(post), form.picture(post)):
        (folder / path).unlink()


def own_course() -> Course:
    """The course of this repository. Raises `ValueError` if it is broken."""
    own, troubles = course.read((ROOT / course.PATH).read_text(encoding="utf-8"))
    if not own:
        raise ValueError(f"{course.PATH} is broken: {troubles[0].what}")
    return own


def hub(course: Course) -> Form:
    """Course Hub, with published posts that meet this course's requirements."""
    semesters = list(course.order)
    seasons = [season(semester) for semester in course.semesters]

    def place(post: Post) -> str:
        return f"posts/{semesters[post.semester]}/{post.slug}"

    def text(post: Post) -> str:
        option = course.at(semesters[post.semester]).options[-1 if post.number % 10 == 9 else 0]
        front = {
            "title": post.title, "authors": [post.author], "option": option.id, "tool": post.name,
            "tool_url": f"https://example.org/{post.slug}", "semester": semesters[post.semester],
            "status": "published", "date": _within(*seasons[post.semester], post.date),
            "summary": post.summary, "format": "introduction",
            **({"topics": _in_turn(course.topics, post).id} if course.topics else {}),
            "covers": dict(zip((each.id for each in option.requirements), post.headings, strict=False)),
            "evidence": [f"https://example.org/{post.slug}/evidence"],
        }  # fmt: skip
        return _matter(front) + post.text.replace(PICTURE, f"{post.slug}/picture.png")

    return Form(
        surround=_copy_own,
        source=lambda post: f"{place(post)}.md",
        text=text,
        picture=lambda post: f"{place(post)}/picture.png",
        page=lambda post: f"{place(post)}/index.html",
        output="site",
    )


def _within(first: dt.date, last: dt.date, date: dt.date) -> dt.date:
    return min(max(date, first), last)


def _in_turn(choices: Sequence[Any], post: Post) -> Any:  # noqa: ANN401
    return choices[post.number % len(choices)]


def _copy_own(folder: Path, _: Sequence[Post]) -> None:
    for name in OWN:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
    (folder / "overrides").mkdir()
    shutil.copy(TEMPLATE, folder / "overrides")
    settings = folder / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    own = text.replace("theme: material\n", "theme: {name: material, custom_dir: overrides}\n")
    settings.write_text(own, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)  # as a course is; a build remembers posts there


def _copy(name: str, folder: Path, _: Sequence[Post]) -> None:
    shutil.copytree(SETTINGS / name, folder, dirs_exist_ok=True)


def _copy_with_authors(name: str, folder: Path, all_posts: Sequence[Post]) -> None:
    _copy(name, folder, all_posts)
    about = {"name": "A Writer", "description": "Writes posts", "avatar": "../picture.png"}
    authors = yaml.dump({"authors": {post.author: about for post in all_posts}}, Dumper=_WithoutAnchors)
    (folder / "docs/blog/.authors.yml").write_text(authors, encoding="utf-8")


class _WithoutAnchors(yaml.CSafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _category(post: Post) -> str:
    return f"Semester {post.semester + 1}"


def _matter(front: dict[str, Any]) -> str:
    return f"---\n{yaml.dump(front, Dumper=yaml.CSafeDumper, sort_keys=False, width=1000)}---\n\n"


def _material(post: Post) -> str:
    return _of_material(post, {"tags": list(post.tags)})


def _material_pages(post: Post) -> str:
    return _of_material(post, {"authors": [post.author], "tags": [*post.tags, post.name]})


def _of_material(post: Post, more: Mapping[str, Any]) -> str:
    front = {"title": post.title, "date": post.date, "slug": post.slug, "categories": [_category(post)], **more}
    text = post.text.replace(PICTURE, f"../pictures/{post.slug}.png")
    return f"{_matter(front)}# {post.title}\n\n" + text.replace("\n\n", "\n\n<!-- more -->\n\n", 1)


def _pelican(post: Post) -> str:
    front = {"Title": post.title, "Date": post.date, "Slug": post.slug, "Category": _category(post),
             "Tags": ", ".join([*post.tags, post.name]), "Authors": post.author, "Summary": post.summary}  # fmt: skip
    head = "".join(f"{name}: {value}\n" for name, value in front.items())
    return f"{head}\n{post.text.replace(PICTURE, f'{{static}}/pictures/{post.slug}.png')}"


def _hugo(post: Post) -> str:
    front = {"title": post.title, "date": post.date, "slug": post.slug, "authors": [post.author], "tools": [post.name],
             "topics": list(post.tags), "semesters": [_category(post)], "summary": post.summary}  # fmt: skip
    return _matter(front) + post.text.replace(PICTURE, "picture.png")


def _eleventy(post: Post) -> str:
    front = {"title": post.title, "date": post.date, "permalink": f"/{post.slug}/", "semester": _category(post),
             "topics": list(post.tags), "tool": post.name, "author": post.author, "summary": post.summary}  # fmt: skip
    return _matter(front) + post.text.replace(PICTURE, f"/posts/pictures/{post.slug}.png")


MATERIAL = Form(
    surround=partial(_copy, "material"),
    source=lambda post: f"docs/blog/posts/{post.slug}.md",
    text=_material,
    picture=lambda post: f"docs/blog/pictures/{post.slug}.png",
    page=lambda post: f"blog/{post.slug}/index.html",
    output="site",
)
MATERIAL_PAGES = MATERIAL._replace(surround=partial(_copy_with_authors, "material-pages"), text=_material_pages)
PELICAN = Form(
    surround=partial(_copy, "pelican"),
    source=lambda post: f"content/{post.slug}.md",
    text=_pelican,
    picture=lambda post: f"content/pictures/{post.slug}.png",
    page=lambda post: f"{post.slug}/index.html",
    output="output",
)
HUGO = Form(
    surround=partial(_copy, "hugo"),
    source=lambda post: f"content/posts/{post.slug}/index.md",
    text=_hugo,
    picture=lambda post: f"content/posts/{post.slug}/picture.png",
    page=lambda post: f"posts/{post.slug}/index.html",
    output="public",
)
ELEVENTY = Form(
    surround=partial(_copy, "eleventy"),
    source=lambda post: f"posts/{post.slug}.md",
    text=_eleventy,
    picture=lambda post: f"posts/pictures/{post.slug}.png",
    page=lambda post: f"{post.slug}/index.html",
    output="_site",
)


def main() -> None:
    """Write the posts of Course Hub."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("form", choices=["hub"])
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    ours = own_course()
    write(hub(ours), options.folder, posts(options.count, options.seed, len(ours.semesters)))


if __name__ == "__main__":
    main()
