"""A generated class: 120 students, 120 posts, 400 comments, and what each student did, known from how it was made.

Nothing here calls the program. Deadlines are written down as instants in UTC by hand: posts were due at
2026-10-30 23:59 EDT, comments at 2026-11-02 23:59 EST; between them clocks went back, on 1 November at 06:00 UTC.
"""

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any, NamedTuple

from repositories import Repository

FIXTURES = Path(__file__).parent / "fixtures/grading"
POST_DUE = dt.datetime(2026, 10, 31, 3, 59, tzinfo=dt.UTC)
COMMENTS_DUE = dt.datetime(2026, 11, 3, 4, 59, tzinfo=dt.UTC)
EXTENDED = dt.datetime(2026, 11, 6, 4, 59, tzinfo=dt.UTC)  # 2026-11-05 23:59 EST
READ = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)
STUDENTS, POSTS, COMMENTS = 120, 120, 400
GOOD = "I ran this on our own ratings as well, and the second plot looked quite different from yours."
TEAMS = 5  # of two


class Expected(NamedTuple):
    counted: int
    comments: list[tuple[str, str, str]]  # link, post, flags; the earliest first
    points: int | None  # for two comments


def login(number: int) -> str:
    return f"student-{number:03}"


def unit(number: int) -> int:
    """The number of a student's post: the first ten write in pairs."""
    return (number + 1) // 2 if number <= 2 * TEAMS else number - TEAMS


def key(post: int) -> str:
    """A tool for each post, by letters, as digits could be taken for versions."""
    return "tool" + "".join("abcdefghij"[int(digit)] * 2 for digit in f"{post:03}")


def term(post: int) -> str:
    return f"posts/F2026/{key(post)}"


class Classroom:
    def __init__(self) -> None:
        self.comments: list[tuple[str, dict[str, Any]]] = []
        self.expected: dict[str, Expected] = {}
        self.in_course: dict[str, str] = {}
        self.in_roster: dict[int, str] = {}
        self._by_author: dict[str, list[tuple[dt.datetime, str, str, str]]] = {}

    def say(
        self, author: str | None, where: str, at: dt.datetime, flags: str = "", *, text: str = GOOD, **more: Any
    ) -> str:
        """A comment, and the flags that it must get."""
        link = f"https://github.com/octocat/hub/discussions/{len(self.comments) + 1000}#discussioncomment-{len(self.comments)}"
        record = {"url": link, "author": author, "created": at.isoformat(), "text": text, **more}
        self.comments.append((where, record))
        if author:
            self._by_author.setdefault(author.lower(), []).append((at, link, where, flags))
        return link

    def student(self, number: int) -> tuple[int, int | None]:
        """Act as the student of this number; return how many posts count, and the points for comments."""
        who, own = login(number), unit(number)
        one, two = (term((own + step - 1) % (POSTS - TEAMS) + 1) for step in (7, 31))
        inside = COMMENTS_DUE - DAY
        match number % 15:
            case 0:
                self.say(who, one, dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC))  # 01:30 EDT
                self.say(who, two, dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC))  # 01:30 EST
                return 2, 10
            case 1:
                self.say(who, one, inside)
                self.say(who, one, inside + SECOND)
                return 1, None
            case 2:
                self.say(who, one, COMMENTS_DUE)
                self.say(who, two, COMMENTS_DUE + SECOND, "late by 1 s")
                return 1, None
            case 3:
                self.say(who, one, COMMENTS_DUE - SECOND)
                self.say(who, two, COMMENTS_DUE)
                return 2, 10
            case 4:
                self.say(who, term(own), inside, "on the own post")
                self.say(who, one, inside + SECOND)
                return 1, None
            case 5:
                above = self.say(who, one, inside)
                self.say(who, two, inside + SECOND, "a reply", reply_to=above)
                return 2, 10
            case 6:
                self.say(who, one, inside, "edited after the window", edited=(COMMENTS_DUE + SECOND).isoformat())
                self.say(who, two, inside + SECOND)
                return 2, None
            case 7:
                self.say(who, one, inside, edited=COMMENTS_DUE.isoformat())
                self.say(who, two, inside + SECOND)
                return 2, 10
            case 8:
                self.say(who, one, inside, "deleted", is_deleted=True, text="")
                self.say(who, one, inside + SECOND, "hidden", is_hidden=True)
                self.say(who, two, inside + 2 * SECOND)
                return 1, None
            case 9:
                self.say(who, one, inside, "short (2 words)", text="Looks good!")
                self.say(who, two, inside + SECOND)
                return 2, None
            case 10:
                self.say(who, one, POST_DUE, "before posts were due")
                self.say(who, two, POST_DUE + SECOND)
                return 2, 10
            case 11:
                return 0, 0
            case 12:
                self.say(who.upper(), one, inside)
                self.say(who.title(), two, COMMENTS_DUE + 90061 * SECOND, "late by 1 d 1 h 1 min 1 s")
                self.say(who, two, inside + SECOND)
                return 2, 10
            case 13:
                self.say(who, "posts/F2026/example", inside, "on a post of the staff")
                self.say(who, "posts/F2026/gone", inside + SECOND, "on a withdrawn post")
                self.say(who, "posts/S2026/before", inside + 2 * SECOND, "on a post of another semester")
                self.say(who, "posts/F2026/never", inside + 3 * SECOND, "on no post that is here")
                return 0, None
        if number % 2:
            self.in_course[who.upper()] = "2026-11-05 23:59"
        else:
            self.in_roster[number] = "2026-11-05 23:59"
        self.say(who, one, EXTENDED)
        self.say(who, two, EXTENDED + SECOND, "late by 1 s")
        return 1, None

    def fill(self) -> None:
        for where, number in ((term(1), 2), (term(2), 3)):  # two accounts are gone
            for step in range(number):
                self.say(None, where, COMMENTS_DUE - DAY + step * SECOND)
        for step in range(10):
            self.say("helpful-app", term(step + 1), COMMENTS_DUE - DAY, is_bot=True)
        for step in range(4):
            self.say("hubot", term(step + 1), COMMENTS_DUE - DAY)
        self.say("coursehub-staff", term(9), COMMENTS_DUE - DAY)
        talkers = [number for number in range(1, STUDENTS + 1) if number % 15 == 0]
        while len(self.comments) < COMMENTS:  # more of the same on the same post
            number = talkers[len(self.comments) % len(talkers)]
            where = term((unit(number) + 6) % (POSTS - TEAMS) + 1)
            self.say(login(number), where, COMMENTS_DUE - DAY + len(self.comments) * SECOND)


def generate() -> Classroom:
    room = Classroom()
    outcome = {login(number): room.student(number) for number in range(1, STUDENTS + 1)}
    room.fill()
    for who, (counted, points) in outcome.items():
        mine = sorted(room._by_author.get(who, []))
        room.expected[who] = Expected(counted, [(link, where, flags) for _, link, where, flags in mine], points)
    return room


def discussions(
    room: Classroom, *, read: dt.datetime = READ, comments: list[tuple[str, dict[str, Any]]] | None = None
) -> bytes:
    """Comments as `coursehub comments` writes them, in an order that nobody should rely on."""
    by_term: dict[str, list[dict[str, Any]]] = {}
    shuffled = list(room.comments if comments is None else comments)
    random.Random(7).shuffle(shuffled)
    for where, record in shuffled:
        by_term.setdefault(where, []).append(record)
    threads = [
        {"term": where, "url": f"https://github.com/octocat/hub/discussions/{index}", "comments": records}
        for index, (where, records) in enumerate(by_term.items(), 1)
    ]
    return json.dumps({"provider": "giscus", "read": read.isoformat(), "discussions": threads, "version": 1}).encode()


def roster(room: Classroom) -> str:
    rows = [
        f'{login(number).upper() if number % 30 == 12 else login(number)},"Planted, Name{number:03}",{770000 + number},sis{number:03},planted{number:03}@example.edu,'
        f"A,{room.in_roster.get(number, '')}"
        for number in range(1, STUDENTS + 1)
    ]
    return "\r\n".join(["login,name,id,sis_login_id,email,section,comments_due", *rows]) + "\r\n"


def post(authors: str, tool: str, **fields: str) -> str:
    front = {"title": f"About {tool}", "authors": authors, "option": "mlops-tool", "tool": tool, "semester": "F2026",
             "status": "published", "date": "2026-10-20", "summary": f"All of {tool}", "covers": "{problem: The problem}",
             "tool_url": f"https://github.com/octocat/{tool}", **fields}  # fmt: skip
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in front.items()) + "---\n## The problem\n\nText.\n"


def write(room: Classroom, root: Path) -> Repository:
    """The repository of the class, 117 posts claimed in time; the last two a second before and after posts were due."""
    repository = Repository(root)
    course = (FIXTURES / "course.yaml").read_text()
    granted = ", ".join(f'{who}: {{comments_due: "{due}"}}' for who, due in room.in_course.items())
    repository.write("data/course.yaml", course.replace("F2026: {}", f"F2026: {{{granted}}}"))
    repository.write("data/tools.yaml", "tools: {}\n")
    repository.write("data/prior_posts.yaml", "[]\n")
    repository.write(".gitignore", "/private/\n/site/\n")
    units: dict[int, list[str]] = {}
    for number in range(1, STUDENTS + 1):
        units.setdefault(unit(number), []).append(login(number))
    texts = {f"{term(which)}.md": post(f"[{', '.join(who)}]", key(which)) for which, who in units.items()}
    texts["posts/F2026/example.md"] = post("coursehub-staff", "example")
    texts["posts/F2026/sample.md"] = post("coursehub-staff", "sample")
    texts["posts/F2026/model.md"] = post("coursehub-staff", "model")
    texts["posts/F2026/gone.md"] = post("student-001", "gone", status="withdrawn")
    texts["posts/S2026/before.md"] = post("mona", "before", semester="S2026")
    assert len(texts) == POSTS
    last = list(texts)[len(units) - 2 : len(units)]
    for path, text in texts.items():
        if path not in last:
            repository.write(path, text)
    repository.commit(date="2026-10-20T12:00:00+00:00")
    for path, moment in zip(last, (POST_DUE, POST_DUE + SECOND), strict=True):
        repository.write(path, texts[path])
        repository.commit(date=moment.isoformat())
    return repository
