"""The findings that posts had in the last build, where nothing changed that a rule may look at."""

from functools import partial
from itertools import chain

from coursehub.checks import judge_data, judge_posts
from coursehub.records import outline
from coursehub.records.finding import Finding
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.system.keeping import Keep
from forkpool import in_order


def judge(hub: Hub, keep: Keep, processes: int = 1) -> list[Finding]:
    """As `checks.judge`; only posts are judged of which `keep` has no findings yet."""
    anchors = [_anchored(post) for post in hub.posts]
    mark = outline.mark(outline.without_texts(hub), hub.files.picture_digests, anchors)

    def judge_one(number: int) -> list[Finding]:
        return judge_posts(hub, [hub.posts[number]])

    judge_new = partial(in_order, judge_one, result=list[Finding], processes=processes)
    made_of = [(mark, post.path, post.digest) for post in hub.posts]
    return sorted([*judge_data(hub), *chain.from_iterable(keep.all(made_of, judge_new, list[Finding]))])


def _anchored(post: Post) -> object:
    """All that the anchors are made of to which others link, without its place, which any change before it moves."""
    contents = post.contents
    return [heading.text for heading in contents.headings], [tag.attributes for tag in contents.tags]
