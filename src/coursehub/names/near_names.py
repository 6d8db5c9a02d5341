"""Names that are not the same and that a person might take for the same: tools among tools, titles among titles.

Beside what `nearness` finds among names, those titles count that begin with the same title and have another subtitle.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from coursehub.names.identity import Claim, Identity, Vocabulary
from coursehub.names.nearness import Index, Near
from coursehub.names.titles import PREFIX, kinship, merged

SAME_HEAD = "begins with the same title"
_MOST_ALIKE = 5  # titles that begin alike: nobody reads more, and a thousand would be a million pairs


class Names:
    """Finds the names near a name: a title near a title, a tool near a tool."""

    def __init__(self, identities: Iterable[Identity], vocabulary: Vocabulary) -> None:
        identities = tuple(identities)
        self._tools = Index((identity for identity in identities if not identity.title), vocabulary)
        self._titles = _Titles(identity for identity in identities if identity.title)
        self._near: dict[Identity, list[Near]] = {}

    def near(self, identity: Identity) -> list[Near]:
        """The names near this one, by code, each with the first reason that holds."""
        if identity not in self._near:  # several rules ask
            self._near[identity] = (self._titles if identity.title else self._tools).near(identity)
        return self._near[identity]


class _Titles:
    """Titles, by code and by how they begin."""

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._by_code = merged(identities)
        self._names = Index(map(_bare, self._by_code.values()), Vocabulary())
        self._by_head: dict[str, list[Identity]] = defaultdict(list)
        for _, identity in sorted(self._by_code.items()):
            if identity.title:
                self._by_head[identity.title.head].append(identity)

    def near(self, identity: Identity) -> list[Near]:
        """The titles near this one, by code, each with the first reason that holds; not those that may be the same."""
        head = identity.title.head if identity.title else ""
        alike = (other for other in self._by_head.get(head, ()) if other.code != identity.code)
        by_code = {other.code: Near(other, SAME_HEAD) for other in islice(alike, _MOST_ALIKE)}
        for near in self._names.near(_bare(identity)):
            other = self._by_code[PREFIX + near.identity.code]
            by_code[other.code] = Near(other, near.why)
        others = (by_code[code] for code in sorted(by_code))
        return [near for near in others if not kinship(Claim((identity,)), Claim((near.identity,)))]


def _bare(identity: Identity) -> Identity:
    """The title as an index of names has it, without what tells it from a tool."""
    return identity._replace(slug=identity.slug.removeprefix(PREFIX))
