"""Whether the title of an earlier post names its tools, or is a sentence that may speak of some.

`Airflow + BigQuery` names two tools. `Chaos Engineering made easy with Gremlin` has a separator in it, too, and names
none: whoever cuts it claims “Chaos Engineering made easy”. So a title is a sentence if one of the names that it would
be cut into is a phrase, which nobody would call a tool by. A tool that is listed is a name whatever its words are.
"""

from collections.abc import Sequence, Set

from coursehub.names.english import JOINING, is_ordinary
from coursehub.names.identity import Vocabulary, Words, claim, has_opening, has_subtitle
from coursehub.text.expressions import expression

_FEWEST_WORDS = 3  # of a sentence; a shorter title is a name, whatever it says
_LONGEST_NAME = 4  # words
_SHORT_REST = 2  # words behind a name that stay a part of it: `Sacred by IDSIA`
_WORD = expression(r"\w+")


def is_sentence(title: str, vocabulary: Vocabulary) -> bool:
    """Whether a title is no name of a tool or of a combination, so that it has to be kept as a title."""
    if len(title.split()) < _FEWEST_WORDS:
        return False
    tools = claim(title, vocabulary).identities
    small = {word for word in _WORD.findall(title) if word == word.lower()}
    is_cut = len(tools) > 1 and "+" not in title  # whoever writes a + means names
    names = [tuple(tool.slug.split("-")) for tool in tools if not tool.is_listed]
    rest = len(title.split()) - _SHORT_REST if has_subtitle(title) else 0
    return any(_is_phrase(name, small, vocabulary, is_part=is_cut or len(name) < rest) for name in names)


def says_more(title: str, tools: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether a title says more than its post's claim: `Strimzi: Kafka on Kubernetes`, `Comparing npm and yarn`."""
    return not tools or has_subtitle(title) or has_opening(title, vocabulary)


def _is_phrase(words: Words, small: Set[str], vocabulary: Vocabulary, *, is_part: bool) -> bool:
    """Whether these words are no name. `small` are the words that the title writes in small letters.

    Of what is only a part of its title less is forgiven: a name that stands alone may be `Semantic Web`.
    """
    ordinary = [vocabulary.is_general((word,)) or is_ordinary(word) for word in words]
    more = 0 if is_part else 1
    return (
        len(words) > _LONGEST_NAME
        or not JOINING.isdisjoint(words)
        or (all(ordinary) and (is_part or len(words) == _LONGEST_NAME))
        or (ordinary[-1] and words[-1] in small and len(words) > 1 + more)
        or (ordinary[0] and words[0].endswith("ing") and len(words) > 1 + more)
        or (is_part and len(words) > 2 and (ordinary[0] or ordinary[-1]))
    )
