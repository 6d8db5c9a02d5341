"""Posts for benchmarks: seed and number → a post, as a record that knows of no engine; `forms` writes them.

A post has about 900 words of made-up language: headings, links, code, a table, two lists, a picture. It depends on the
seed and its own number alone, so a smaller corpus is the beginning of a larger one.
"""

import datetime as dt
import struct
import textwrap
import zlib
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from random import Random

import msgspec

PICTURE = "PICTURE"  # stands in a text where the picture's address goes
FIRST_YEAR = 2019
_SYLLABLES = [consonant + vowel for consonant in "bdfghklmnprstvz" for vowel in "aeiou"]
_TAGS = ("build", "cloud", "data", "drift", "edge", "fairness", "features", "labels", "latency", "models", "pipelines",
         "privacy", "quality", "search", "security", "serving", "testing", "tracking")  # fmt: skip


class Post(msgspec.Struct, frozen=True):
    """A post. `semester` is a position: two a year, from the first year on. The text has no first-level heading."""

    number: int
    name: str
    title: str
    author: str
    date: dt.date
    semester: int
    tags: tuple[str, ...]
    summary: str
    headings: tuple[str, ...]
    text: str

    @property
    def slug(self) -> str:
        """The post's name in addresses and of files."""
        return self.name.lower()


def posts(count: int, seed: int, semesters: int) -> Iterator[Post]:
    """So many posts, spread evenly over so many semesters."""
    return (post(number, seed, semesters) for number in range(count))


def post(number: int, seed: int, semesters: int) -> Post:
    """The post of this number."""
    language = Language(seed, number)
    semester = number % semesters
    start = dt.date(FIRST_YEAR + semester // 2, 8 * (semester % 2) + 1, 10)
    name = f"{language.word().capitalize()}{number:05}"
    headings = tuple(language.title(3) for _ in range(6))
    summary = language.sentence(14)
    beginning = (f"{summary}\n{language.paragraph(5)}", language.paragraph(5))
    return Post(
        number=number,
        name=name,
        title=f"{name}: {language.title(4)}",
        author=f"writer{number:05}",
        date=start + dt.timedelta(days=language.chance.randrange(100)),
        semester=semester,
        tags=tuple(language.chance.sample(_TAGS, 3)),
        summary=summary,
        headings=headings,
        text="\n\n".join([*beginning, *_sections(language, headings)]),
    )


def _sections(language: "Language", headings: Sequence[str]) -> Iterator[str]:
    """The sections: each has two paragraphs and an element of its own; every second also a smaller heading."""
    for index, (heading, part) in enumerate(zip(headings, _PARTS, strict=True)):
        yield f"## {heading}"
        yield language.paragraph(5)
        yield part(language)
        if index % 2:
            yield f"### {language.title(2)}"
        yield language.paragraph(3)


class Language:
    """Words as they come in texts: few of them often, most of them seldom."""

    def __init__(self, seed: int, number: int) -> None:
        self.chance = Random(f"{seed}/{number}")
        self._words = _vocabulary(seed)

    def word(self) -> str:
        """A word."""
        weights = _weights()
        return self._words[bisect(weights, self.chance.random() * weights[-1])]

    def words(self, count: int) -> list[str]:
        """So many words."""
        return [self.word() for _ in range(count)]

    def title(self, count: int) -> str:
        """So many words, each with a capital."""
        return " ".join(self.words(count)).title()

    def sentence(self, count: int) -> str:
        """So many words, without any markup."""
        return " ".join(self.words(count)).capitalize() + "."

    def paragraph(self, count: int) -> str:
        """So many sentences, most of which have a link, code, or a word that is marked."""
        return textwrap.fill(" ".join(self._marked(12) for _ in range(count)), 100)

    def _marked(self, count: int) -> str:
        words = self.words(count)
        place = self.chance.randrange(1, count)
        words[place] = self.chance.choice(_MARKS).format(words[place])
        return " ".join([words[0].capitalize(), *words[1:]]) + "."


_MARKS = ("{}", "{}", "`{}()`", "**{}**", "*{}*", "[{0}](https://example.org/{0})")


def _picture(language: Language) -> str:
    return f"![{language.title(2)}]({PICTURE})"


def _code(language: Language) -> str:
    kind, method, first, second = language.words(4)
    return textwrap.dedent(f'''\
        ```python
        import json
        from pathlib import Path


        class {kind.capitalize()}:
            """{language.sentence(7)}"""

            def __init__(self, {first}: Path, limit: int = {language.chance.randrange(1000)}) -> None:
                self.{first} = {first}
                self.limit = limit

            def {method}(self, {second}: list[str]) -> dict[str, int]:
                # {language.sentence(6)}
                found = {{}}
                for index, line in enumerate(self.{first}.read_text().splitlines()):
                    if index < self.limit and line not in {second}:
                        found[line] = len(line) * {language.chance.random():.4f}
                return found


        if __name__ == "__main__":
            print(json.dumps({kind.capitalize()}(Path("{first}.txt")).{method}({language.words(4)})))
        ```''')


def _points(language: Language) -> str:
    return "\n".join(f"- {language.sentence(7)}" for _ in range(6))


def _table(language: Language) -> str:
    head = f"| {' | '.join(language.title(1) for _ in range(4))} |\n| --- | :---: | ---: | --- |"
    rows = (
        f"| {language.word()} | {language.word()} | {language.chance.randrange(10_000)} | `{language.word()}` |"
        for _ in range(6)
    )
    return "\n".join([head, *rows])


def _steps(language: Language) -> str:
    return "\n".join(f"{step}. {language.sentence(7)}" for step in range(1, 6))


def _quotation(language: Language) -> str:
    return f"> {language.sentence(12)}"


_PARTS: tuple[Callable[[Language], str], ...] = (_picture, _code, _points, _table, _steps, _quotation)


@cache
def _vocabulary(seed: int) -> list[str]:
    chance = Random(seed)
    words = {"".join(chance.choices(_SYLLABLES, k=2 + length % 3)): None for length in range(5000)}
    return list(words)[:4000]


@cache
def _weights() -> list[float]:
    return list(accumulate(1 / rank for rank in range(2, 4002)))


def picture() -> bytes:
    """A small PNG. The format: https://www.w3.org/TR/png-3/"""
    width, height = 64, 40
    lines = (bytes([0, *(channel for x in range(width) for channel in (4 * x, 6 * y, 128))]) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
