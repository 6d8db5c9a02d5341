"""Ways in which programs and people write one sheet of claims: each is the bytes of a file with the same three posts.

The quirks are those of real programs: Excel saves CSV in the code page and with the list separator of the country, its
“Unicode text” is UTF-16 with tabs, and only workbooks and formulas keep a link behind a word.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable

from openpyxl import Workbook
from openpyxl.styles import PatternFill

KEDRO, CAFE, DVC = "Kedro", "Café Müller", "DVC"
POSTS = [
    (KEDRO, "https://example.org/kedro", "S2024"),
    (CAFE, "https://example.org/caf%C3%A9?a=1&b=2", "S2024"),
    (DVC, "https://medium.com/@octocat/dvc-1f2e", "F2024"),
]
URLS = {title: url for title, url, _ in POSTS}
HEADER = ("Tool", "Link", "Semester")
Rows = Iterable[Iterable[object]]


def delimited(rows: Rows, delimiter: str = ",", end: str = "\r\n", encoding: str = "utf-8", **more: int) -> bytes:
    """The rows as a program writes them."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, **more).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode(encoding)


def table(
    header: Iterable[str] = HEADER, row: Callable[[str, str, str], Iterable[object]] = lambda *cells: cells
) -> Rows:
    """A header, and a row of each post."""
    return [header, *(row(*post) for post in POSTS)]


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(rows: Rows, change: Callable[[Workbook], None] = lambda book: None) -> bytes:
    """A workbook with these rows, changed before it is saved."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    change(book)
    return saved(book)


def _linked_words(book: Workbook) -> None:
    for row, title in enumerate(URLS, 2):
        book.active.cell(row, 2, "post").hyperlink = URLS[title]


def _linked_titles(book: Workbook) -> None:
    for row, title in enumerate(URLS, 2):
        book.active.cell(row, 1).hyperlink = URLS[title]


def _merged(book: Workbook) -> None:
    book.active.merge_cells("C2:C3")


def _second_sheet(book: Workbook) -> None:
    notes = book.create_sheet("Read me", 0)
    notes["A1"] = "Claim a tool on the next sheet"
    hidden = book.create_sheet("Lists")
    hidden.append(HEADER)
    hidden.sheet_state = "hidden"


def _formatted_far_below(book: Workbook) -> None:
    book.active["C900000"].fill = PatternFill("solid", "FFFF00")


def _formulas(book: Workbook) -> None:
    for row, title in enumerate(URLS, 2):
        book.active.cell(row, 2, f'=HYPERLINK("{URLS[title]}","post")')


def _merged_rows(title: str, url: str, semester: str) -> Iterable[object]:
    return title, url, "" if title == CAFE else semester


_DAYS = {KEDRO: dt.datetime(2024, 3, 1), CAFE: dt.datetime(2024, 3, 1, 12, 30), DVC: dt.datetime(2024, 10, 31)}
_TERM = {"S2024": "Spring", "F2024": "Fall"}

WAYS: dict[str, bytes] = {
    "UTF-8": delimited(table()),
    "UTF-8 with a mark, as Excel's CSV UTF-8": delimited(table(), encoding="utf-8-sig"),
    "Windows-1252, as Excel's CSV": delimited(table(), encoding="cp1252"),
    "Windows-1252 with semicolons, as Excel's CSV in Europe": delimited(table(), ";", encoding="cp1252"),
    "UTF-16 with tabs, as Excel's Unicode text": delimited(table(), "\t", encoding="utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + delimited(table(), "\t", encoding="utf-16-be"),
    "UTF-16 without a mark, as PowerShell pipes it": delimited(table(), encoding="utf-16-le"),
    "first line sep=;": b"sep=;\r\n" + delimited(table(), ";"),
    "first line sep=| in quotes": b'"sep=|"\r\n' + delimited(table(), "|"),
    "tabs": delimited(table(), "\t"),
    "everything quoted": delimited(table(), quoting=csv.QUOTE_ALL),
    "line ends of old Macs": delimited(table(), end="\r"),
    "a title and empty rows above": delimited([("Claims of our course", "", ""), ("", "", ""), *table()]),
    "a form's answers": delimited(
        table(
            ("Timestamp", "Email Address", "Which tool do you claim?", "Paste the link to your blog post", "Semester"),
            lambda title, url, semester: ("2024/03/01 9:00:00 AM", "octocat@example.org", title, url, semester),
        )
    ),
    "headings of a paper course": delimited(
        table(("Semester", "Paper", "Authors", "URL"), lambda t, u, s: (s, t, "x", u))
    ),
    "headings of a project course": delimited(table(("Topic", "Repository", "Term"))),
    "headings in German": delimited(table(("Thema", "Link zum Beitrag", "Semester")), ";"),
    "headings in Spanish": delimited(table(("Herramienta", "Enlace", "Semestre")), ";"),
    "headings in French": delimited(table(("Outil", "Lien vers l'article", "Semestre")), ";"),
    "formulas =HYPERLINK(,)": delimited(table(row=lambda t, u, s: (t, f'=HYPERLINK("{u}","read it")', s))),
    "formulas =HYPERLINK(;)": delimited(
        table(("Tool", "Semester"), lambda t, u, s: (f'=HYPERLINK("{u}";"{t}")', s)), ";"
    ),
    "links in Markdown": delimited(table(row=lambda t, u, s: (t, f"[post]({u})", s))),
    "titles as links in Markdown": delimited(table(("Project", "Semester"), lambda t, u, s: (f"[{t}]({u})", s))),
    "addresses without https://": delimited(table(row=lambda t, u, s: (t, u.removeprefix("https://"), s))),
    "semester in merged cells": delimited(table(row=_merged_rows)),
    "semesters as headings": delimited(
        [("Tool", "Link"), ("Spring 2024", ""), *(post[:2] for post in POSTS[:2]), ("Fall 2024", ""), POSTS[2][:2]]
    ),
    "year and season in two columns": delimited(
        table(("Year", "Season", "Tool", "Link"), lambda t, u, s: (s[1:], _TERM[s], t, u))
    ),
    "semesters under another heading": delimited(table(("Project", "Post", "When"))),
    "words around the link": delimited(table(row=lambda t, u, s: (t, f"Medium: {u} (open)", s))),
    "workbook": workbook(table()),
    "workbook with words that are links": workbook(table(), _linked_words),
    "workbook with titles that are links": workbook(
        table(("Tool", "Semester"), lambda t, u, s: (t, s)), _linked_titles
    ),
    "workbook with formulas": workbook(table(), _formulas),
    "workbook with merged cells": workbook(table(row=_merged_rows), _merged),
    "workbook with other sheets": workbook(table(), _second_sheet),
    "workbook with colour in row 900,000": workbook(table(), _formatted_far_below),
    "workbook with numbers and dates": workbook(
        table(("Date", "Year", "Term", "Tool", "Link"), lambda t, u, s: (_DAYS[t], int(s[1:]), _TERM[s], t, u))
    ),
}
