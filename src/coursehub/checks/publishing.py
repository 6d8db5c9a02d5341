"""The way from a draft to a published post: what to ask its author, and the front matter after each answer."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from coursehub.checks import judge_posts
from coursehub.checks.draft import Draft, with_fixes
from coursehub.checks.rule import name_of
from coursehub.checks.rules.claims import claim_repeats_earlier
from coursehub.checks.rules.content import heading_for
from coursehub.checks.rules.fields import LONGEST, missing_field
from coursehub.records import front_edits
from coursehub.records.assignment import Requirement
from coursehub.records.finding import Edits, Finding, safe
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.text.located import Fields
from coursehub.text.yaml_writing import unquoted, yaml_list


class Question(NamedTuple):
    """One question: the field, what is asked, the answer that is there or likely, and the edits that write another.

    `is_there`: whether the post has that answer already. A choice may be answered by its number.
    """

    field: str
    words: str
    known: str
    edits: Callable[[Post, str], Edits]
    is_there: bool = True
    choices: tuple[str, ...] = ()

    def meant(self, answer: str) -> str:
        """The answer, or the choice whose number it is."""
        number = int(answer) if answer.isdecimal() and len(answer) < 5 else 0
        return self.choices[number - 1] if 0 < number <= len(self.choices) else answer.strip()


def questions(post: Post, hub: Hub, today: dt.date) -> Iterator[Question]:
    """The questions whose answers a published post has; `today` is the date that is offered where there is none."""
    yield Question("title", "Title", post.title, partial(_one, "title"))
    if not post.private:
        tools = hub.claim_of(post).name
        words = f"Address of {tools}: home page or repository, one for each {hub.word(post)}"
        yield Question("tool_url", words, " ".join(post.tool_url), partial(_several, "tool_url"))
        yield Question("date", "Date of publication", str(post.date or today), partial(_date, "date"), bool(post.date))
        words = f"Summary for lists and search: one or two sentences, at most {LONGEST['summary']} characters"
        yield Question("summary", words, post.summary, partial(_one, "summary"))
    option = hub.option_of(post)
    headings = tuple(heading.title for heading in post.contents.headings if heading.title)
    for requirement in option.requirements if option and post.is_hosted_here else ():
        there = post.covers.get(requirement.id, "")
        words = f"Which section shows: {requirement.title}?"
        known = there or heading_for(requirement, post)
        yield Question("covers", words, known, partial(_section, requirement), bool(there), headings)
    if post.is_hosted_here:
        words = "Evidence: links that show that you tried it"
        yield Question("evidence", words, " ".join(post.evidence), partial(_several, "evidence"))
    repeats = name_of(claim_repeats_earlier)
    if post.differences or any(finding.rule == repeats for finding in judge_posts(hub, [post])):
        words = "What does your post add to the earlier ones?"
        yield Question("differences", words, post.differences, partial(_one, "differences"))


def with_answer(draft: Draft, path: str, question: Question, answer: str) -> Draft:
    """The draft after an answer. Raises `ValueError` with the field where its place in the front matter is in doubt."""
    post = draft.hub.post_by_path[path]
    edits = question.edits(post, question.meant(answer))
    if not edits:
        raise ValueError(question.field)
    return with_fixes(draft, [(path, safe("", edits))])


def with_status(draft: Draft, path: str, status: str) -> Draft:
    """The draft in which the post has this status. Raises `ValueError` as `with_answer` does."""
    return with_answer(draft, path, Question("status", "", "", partial(_one, "status")), status)


def errors(draft: Draft, path: str) -> list[Finding]:
    """The findings that keep the post from being published."""
    return [finding for finding in judge_posts(draft.hub, [draft.hub.post_by_path[path]]) if finding.blocks]


def new_errors(before: Draft, after: Draft, path: str) -> list[Finding]:
    """The errors that an answer brings; what is still to be asked for is not among them."""
    known = {finding.message for finding in errors(before, path)}
    missing = name_of(missing_field)
    return [each for each in errors(after, path) if each.message not in known and each.rule != missing]


def _one(field: str, post: Post, answer: str) -> Edits:
    return front_edits.with_field(post, field, unquoted(" ".join(answer.split())))


def _date(field: str, post: Post, answer: str) -> Edits:
    return front_edits.with_field(post, field, answer if re.fullmatch(r"[\d-]+", answer) else unquoted(answer))


def _several(field: str, post: Post, answer: str) -> Edits:
    return front_edits.with_field(post, field, yaml_list(answer.split()))


def _section(requirement: Requirement, post: Post, answer: str) -> Edits:
    covers = post.front.value("covers") if post.front else None
    if isinstance(covers, Fields) and requirement.id in covers.nodes:
        return front_edits.with_text(post, covers.nodes[requirement.id][1], answer)
    return front_edits.with_entry(post, "covers", requirement.id, answer)
