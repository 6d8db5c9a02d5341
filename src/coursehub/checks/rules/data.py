"""Data files: what `data/` has, and what lies below `posts/`."""

import itertools
from collections.abc import Iterator
from functools import partial

from coursehub.checks.rule import CHANGE_RULES, HUB_RULES, POST_RULES, Cause, Offence, hub_rule
from coursehub.names.file_names import is_hidden
from coursehub.records.course import PATH as COURSE
from coursehub.records.finding import Place, Severity
from coursehub.records.hub import Hub
from coursehub.records.paths import FOLDER
from coursehub.records.prior_posts import PATH as REGISTRY
from coursehub.records.tools import UNKNOWN_TOPIC
from coursehub.text.addresses import is_web_address
from coursehub.text.wording import nearest


@hub_rule()
def broken_data(hub: Hub) -> Iterator[Offence]:
    """A data file has something that cannot be read or contradicts itself.

    All claims are judged against these files, so that nothing in them is guessed or skipped over.

    Bad:
        - title: Zotero
          tools: Zotero

    Good:
        - title: Zotero
          tools: [Zotero]
          option: tool
          semester: S2020
    """
    for path, trouble in hub.troubles:
        if trouble.rule == UNKNOWN_TOPIC:
            continue
        yield Offence(Place(path, trouble.line, trouble.column), trouble.sentence, "Fix the file as it says.")


@hub_rule()
def unknown_topic(hub: Hub) -> Iterator[Offence]:
    """A tool in `data/tools.yaml` has a topic that the course does not have.

    Such a tool is on the page of no topic. It happens where the file comes from another course. In posts,
    [unknown-value](#unknown-value) says the same.

    Bad:
        dvc: {name: DVC, topic: versions}

    Good:
        dvc: {name: DVC, topic: versioning}

    Options:
        topics: the topics there are
    """
    for path, trouble in hub.troubles:
        if trouble.rule == UNKNOWN_TOPIC:
            message = f"the topic “{trouble.what}” is not in data/course.yaml"
            help = partial(_known_topic, trouble.what, hub)
            yield Offence(Place(path, trouble.line, trouble.column), message, help, cause=Cause(trouble.what))


def _known_topic(topic: str, hub: Hub) -> str:
    if not hub.course.topics:
        return "The course has no topics: leave it out, or add it there."
    return f"{nearest(topic, hub.course.topic_by_id)} Or leave it out."


@hub_rule()
def unknown_prior_value(hub: Hub) -> Iterator[Offence]:
    """A prior post has an option, a semester, tools or a link that cannot be.

    Such an entry would never be found when a new claim is compared with it.

    Bad:
        semester: spring

    Good:
        semester: S2024

    Options:
        options: the options there are
        semesters: the semesters there are
    """
    for prior in hub.priors:
        place = Place(REGISTRY, prior.line, 3)
        when = hub.course.other_times(prior.option, prior.semester) if prior.semester in hub.course.order else ""
        if when:
            message = f"“{prior.option}” of “{prior.title}” is an option {when}, and this post is of {prior.semester}"
            yield Offence(place, message, partial(nearest, prior.option, hub.course.at(prior.semester).option_by_id))
        for value, known in ((prior.option, hub.course.ever.option_by_id), (prior.semester, hub.course.order)):
            if value not in known:
                message = f"“{value}” of “{prior.title}” is not in data/course.yaml"
                yield Offence(place, message, partial(nearest, value, known))
        if prior.tools and not hub.names.claim(prior.tools, prior.option, prior.semester).identities:
            help = "Name the tools of the post: tools: [DVC]. Where the title is all that is known: tools: []."
            yield Offence(place, f"“{prior.title}” names no tool", help)
        if prior.url is not None and not is_web_address(prior.url):
            yield Offence(place, f"“{prior.url}” of “{prior.title}” is not a link", "Write the whole address, or null.")


@hub_rule()
def unknown_rule(hub: Hub) -> Iterator[Offence]:
    """`severities` names a rule that does not exist.

    Staff would believe that the rule had been changed.

    Bad:
        severities: {claim-resemble: off}

    Good:
        severities: {claim-resembles: off}

    Options:
        severities: the rules that are more or less severe here
    """
    names = [rule.name for rule in (*POST_RULES, *HUB_RULES, *CHANGE_RULES)]
    for name in hub.course.severities:
        if name not in names:
            yield Offence(Place(COURSE), f"severities: “{name}” is not a rule", partial(nearest, name, names))


@hub_rule(Severity.WARNING)
def unknown_pick(hub: Hub) -> Iterator[Offence]:
    """`worth_reading` names a post that nobody can read.

    The front page leaves it out. It may have been withdrawn, or its file renamed.

    Bad:
        worth_reading: [posts/S2026/zotera.md]

    Good:
        worth_reading: [posts/S2026/zotero.md, "https://example.org/inkscape"]

    Options:
        worth_reading: the posts that the front page recommends
    """
    elsewhere = {prior.url for prior in hub.priors if prior.url}
    for name in hub.course.worth_reading:
        here = (*filter(None, (hub.post_by_path.get(name),)), *hub.by_former_path.get(name, ()))
        if name not in elsewhere and not any(post.is_public for post in here):
            help = "Write the path of a published post's file, or an address as data/prior_posts.yaml has it."
            yield Offence(Place(COURSE), f"worth_reading: “{name}” is no post that can be read", help)


@hub_rule()
def prior_post_twice(hub: Hub) -> Iterator[Offence]:
    """Two prior posts have the same address.

    One post would count as two.

    Bad:
        two entries with url: https://example.org/zotero

    Good:
        one entry, with the other title under “spelled”
    """
    first: dict[str, int] = {}
    for prior in hub.priors:
        if prior.url is None:
            continue
        line = first.setdefault(prior.url, prior.line)
        if line != prior.line:
            message = f"the address {prior.url} is already on line {line}"
            yield Offence(Place(REGISTRY, prior.line, 3), message, "Make one entry of the two.")


@hub_rule()
def stray_file(hub: Hub) -> Iterator[Offence]:
    """A file in `posts/` is neither a post nor a picture of one.

    It would not be published, and nobody would notice.

    Bad:
        posts/F2026/notes.docx

    Good:
        posts/F2026/inkscape.md and posts/F2026/inkscape/map.png
    """
    folders = {post.picture_folder for post in hub.posts}
    for path in hub.pictures:
        folder = path[: path.rindex("/")]
        if f"{folder}/" not in folders and not is_hidden(path):
            help = f"Name the folder like the post's file, or write the post {folder}.md."
            yield Offence(Place(path), f"there is no post {folder}.md to which this picture belongs", help)
    for path in itertools.filterfalse(is_hidden, hub.strays):  # the rule hidden-file has the others
        help = (
            f"Posts are {FOLDER}/SEMESTER/KEY.md; PNG, JPEG, GIF, WebP and AVIF pictures go in {FOLDER}/SEMESTER/KEY/."
        )
        yield Offence(Place(path), "this file is neither a post nor a post's picture", help)
