"""Follow all links of a built site, within it and to other sites, and keep the record of those that are dead.

    dead_links.py SITE --folder FOLDER --date DATE

FOLDER/dead_links.json is the record: it is read, if it is there, and replaced. FOLDER/report.md lists what is wrong,
and is empty if nothing is. Exit 0; 2 if not every link could be followed, and then both files stay as they were.
"""

import argparse
import datetime as dt
import html
import os
import socket
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin

from crawl import linkchecker, scratch, served
from mkdocs.config import load_config

from coursehub.links import dead_links, link_places, link_report
from coursehub.links.dead_links import Answer
from coursehub.links.link_places import Links
from coursehub.links.link_report import Inner
from coursehub.links.linkchecker import Row, UnfinishedError, answer, rows, somebody_answered
from coursehub.system import actions_log, files
from coursehub.text.wording import plural

SOURCES = (
    "data/*.yaml",
    "posts/*/*.md",
    "docs/*.md",
    "src/coursehub/*/templates/*",
    "src/mkdocs_coursehub/theme/**/*.html",
    "mkdocs.yml",
)
OWN = ("edit", "commits", "new")  # pages of this repository on GitHub that every page of the site links to


def main() -> int:
    """Read, crawl, and write only once all is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--date", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--timeout", type=int, default=30, help="seconds that a host has to answer (default: 30)")
    parser.add_argument("--a-second", type=int, default=1, help="requests to one host at most (default: 1)")
    options = parser.parse_args()
    if not (options.site / "index.html").is_file():
        parser.error(f"{options.site} has no index.html; build the site first: make site")
    record = options.folder / dead_links.NAME
    try:
        before = dead_links.read(record.read_bytes()) if record.exists() else {}
    except ValueError as error:
        return _fail(f"{record} is no record of dead links: {error}. Take it away to begin anew")
    repository = (load_config("mkdocs.yml").repo_url or "").rstrip("/")
    links = link_places.on_pages(_texts(options.site, ["**/*.html"]))
    outer = [url for url in links.outer if not url.startswith(tuple(f"{repository}/{page}/" for page in OWN))]
    try:
        inner = _inner(options.site, links)
        rows_by_url = _ask(outer, f"CourseHub/1.0 (+{repository})", options.timeout, options.a_second)
    except UnfinishedError as error:
        return _fail(f"{error}; the record stays as it was")
    answers = {url: answer(row, _is_unknown) for url, row in rows_by_url.items()}
    after = dead_links.after(before, answers, options.date)
    text = link_report.build(inner, after, answers, _places(after, links))
    report = text if link_report.needs_someone(inner, after) else ""
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        files.write(options.folder / "report.md", report.encode())
        files.write(record, dead_links.write(after))
    except OSError as error:
        return _fail(f"{error.filename} cannot be written: {error.strerror}")
    _print_summary(inner, answers, after)
    return 0


def _fail(message: str) -> int:
    print(f"dead_links.py: {message}", file=sys.stderr)
    return 2


def _texts(folder: Path, patterns: Iterable[str]) -> dict[str, str]:
    paths = sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8", errors="replace") for path in paths}


def _run(*arguments: str, a_second: int) -> list[Row]:
    """The rows of a complete run of linkchecker, or `UnfinishedError`.

    It exits with 1 if a link is broken, and also if it crashes; interrupted, it ends its output as if it was complete.
    """
    ran = linkchecker("--output=csv/utf-8", "--no-warnings", *arguments, a_second=a_second)
    try:
        if ran.returncode in (0, 1) and " interrupt; " not in ran.stderr:
            return rows(ran.stdout)
    except UnfinishedError:
        pass
    last = ran.stderr.strip().rpartition("\n")[2]
    raise UnfinishedError(f"linkchecker broke off with exit code {ran.returncode} ({last or 'it says nothing'})")


def _inner(site: Path, links: Links) -> list[Inner]:
    """The site's broken links to itself."""
    with served(site) as home:
        all_rows = _run("--no-robots", "--threads=4", "--verbose", home, a_second=1000)
    if not any(row.url == home and row.is_valid for row in all_rows):
        raise UnfinishedError("the site's home page could not be read")
    broken = {}
    for row in all_rows:
        try:
            address = urldefrag(urljoin(row.parent, row.url)).url
        except ValueError:
            continue  # no address within the site
        if not row.is_valid and address.startswith(home):
            target = "/" + address.removeprefix(home)
            pages = links.inner.get(target) or [row.parent.removeprefix(home)]
            broken[target] = Inner(target, tuple(map(link_places.page_name, pages)), row.result)
    return list(broken.values())


def _ask(urls: Iterable[str], agent: str, timeout: int, a_second: int) -> dict[str, Row]:
    """A row for every address, or `UnfinishedError`.

    They are in a file, so that linkchecker sends no page as referrer, and skips what is no address. Of two that it
    takes for the same it requests one, so the missing ones are requested again. It sends a host `a_second` requests a
    second at most, and waits up to six times as long.
    """
    rows_by_url: dict[str, Row] = {}
    missing = list(urls)
    with scratch() as folder:
        while missing:
            listed = folder / "list.html"
            listed.write_text("".join(f'<p><a href="{html.escape(url)}">link</a>\n' for url in missing), "utf-8")
            answers = {
                row.url: row for row in _run(
                    "--check-extern", "--recursion-level=1", "--threads=8", "--verbose", f"--timeout={timeout}",
                    f"--user-agent={agent}", f"file://{quote(str(listed))}", a_second=a_second,
                )
            }  # fmt: skip
            known = {url: answers[url] for url in missing if url in answers}
            if not known:
                raise UnfinishedError(
                    f"linkchecker says nothing of {plural(len(missing), 'link')}, {missing[0]!r} the first"
                )
            rows_by_url |= known
            missing = [url for url in missing if url not in known]
    if rows_by_url and not somebody_answered(rows_by_url.values()):
        raise UnfinishedError("no other site answered at all, so this machine is offline")
    return rows_by_url


@cache
def _is_unknown(host: str) -> bool:
    """Whether DNS has no such host; false if DNS is out of reach."""
    try:
        socket.getaddrinfo(host, 443)
    except socket.gaierror as error:
        return error.errno in (socket.EAI_NONAME, socket.EAI_NODATA)
    except UnicodeError:
        pass
    return False


def _places(urls: Iterable[str], links: Links) -> dict[str, list[tuple[str, int]]]:
    """Each address with the files and lines that have it, or else the pages that show it, with line 0."""
    in_files = link_places.in_files(urls, _texts(Path(), SOURCES))
    return {
        url: places or [(link_places.page_name(page), 0) for page in links.outer.get(url, ())]
        for url, places in in_files.items()
    }


def _print_summary(inner: list[Inner], answers: Mapping[str, Answer], record: dead_links.Record) -> None:
    counts = ", ".join(
        f"{sum(each.kind is kind for each in answers.values())} {kind.value}" for kind in dead_links.Kind
    )
    within = plural(len(inner), "broken link")
    print(f"{within} within the site. Of {plural(len(answers), 'link')} to other sites: {counts}.")
    print(f"{plural(len(dead_links.dead(record)), 'counts', 'count')} as dead.")


if __name__ == "__main__":
    actions_log.guard(os.environ)
    sys.exit(main())
