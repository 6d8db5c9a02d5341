"""Findings in Markdown, for the summary of a workflow's job: all of them, where annotations are few."""

from collections import Counter
from collections.abc import Iterator, Sequence

from coursehub.github.markdown import code, code_block, escape
from coursehub.records.finding import Finding, Severity
from coursehub.text.wording import plural, with_and

LONGEST = 900_000  # bytes: GitHub refuses a step's summary of more than 1 MiB


def as_markdown(findings: Sequence[Finding]) -> str:
    """Return the findings in their order as a list, with nothing in it that a stranger's text could make of it.

    A list that GitHub would refuse ends with how many more there are.
    """
    counts = Counter(finding.severity for finding in findings)
    numbers = with_and([plural(counts[severity], severity.value) for severity in Severity if counts[severity]])
    return "".join((f"## What the check says: {numbers}\n\n", *_lines(findings), "\n"))


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    room = LONGEST
    for number, finding in enumerate(findings):
        line = _line(finding)
        room -= len(line.encode())
        if room < 0:
            yield f"- … and {plural(len(findings) - number, 'finding')} more, which the command prints as text\n"
            return
        yield line


def _line(finding: Finding) -> str:
    place = f"{code(finding.path)}, line {finding.line}"
    help, *to_paste = finding.help.split("\n")
    message = f"{escape(finding.message)} ({code(finding.rule)}). {escape(help)}"
    return f"- **{finding.severity.value}** in {place}: {message}\n{code_block(to_paste)}"
