"""Hand-written pages of this repository, as tests read them: their sections, tables and words in code."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The pages in docs/ that are on the product; the others are this repository's own course's.
MANUAL = (
    "adopt", "commands", "course-files", "dependencies", "end-of-term", "move-to-the-package", "renderers", "set-up",
    "speed",
)  # fmt: skip
MANUAL_FILES = [ROOT / f"docs/{name}.md" for name in MANUAL]


def text(name: str) -> str:
    return (ROOT / name).read_text()


def section(name: str, heading: str) -> str:
    """The text below a heading of a page, down to the next one that is no smaller."""
    return below(heading, text(name), name)


def below(heading: str, words: str, name: str) -> str:
    """The text below a heading of these words, which are those of a page of this name."""
    level = heading.partition(" ")[0]
    _, _, below = words.partition(f"\n{heading}\n")
    assert below, f"{name} has no heading “{heading}”"
    in_fence, lines = False, []
    for line in below.splitlines():
        in_fence ^= line.lstrip().startswith("```")
        if not in_fence and re.match(rf"#{{1,{len(level)}}} ", line):
            break
        lines.append(line)
    return "\n".join(lines)


def words_in_code(words: str) -> set[str]:
    """Words in `code`; of a span with several, each."""
    return {word for span in re.findall(r"`([^`\n]+)`", words) for word in re.findall(r"[\w.-]+", span)}


def rows(words: str) -> list[list[str]]:
    """The cells of a page's tables, but for their heads."""
    lines = [line for line in words.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = {index for index, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    return [row for index, row in enumerate(cells) if index not in heads and index + 1 not in heads]
