"""Names that may be slips: nearly every slip of a listed name is suggested, and few names of other tools are."""

from pathlib import Path

import pytest
import slips
from sites import HUB

from coursehub.names.identity import code
from coursehub.records import repository
from coursehub.records.hub import Hub

TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def hub() -> Hub:
    return repository.load(HUB)


def near(hub: Hub, name: str) -> dict[str, str]:
    return {near.identity.name: near.why for _, near in hub.precedents.near(hub.names.claim(name))}


def lines(path: str) -> list[str]:
    return [line for line in (TESTS / path).read_text().splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("line", lines("fixtures/near_names.tsv"))
def test_names_are_suggested(hub: Hub, line: str) -> None:
    written, *expected = line.split("\t")
    names, why = expected or ("", "")
    assert near(hub, written) == dict.fromkeys(filter(None, names.split("; ")), why)
    assert not any(identity.is_listed for identity in hub.names.claim(written).identities if identity.name in names)


@pytest.mark.parametrize("seed", ["one", "two", "three"])
def test_of_slips_in_listed_names_97_of_100_are_suggested(hub: Hub, seed: str) -> None:
    listed = {tool.name for tool in hub.tools.tools.values()}
    wrong = slips.slips(listed, seed)
    hidden = [wrong_name for wrong_name, name in wrong.items() if name not in near(hub, wrong_name)]
    assert len(wrong) > 850
    assert len(hidden) <= 0.03 * len(wrong), hidden


def test_of_names_of_other_tools_3_of_100_are_near_a_listed_one_and_none_is_read_as_it(hub: Hub) -> None:
    others = [name for name in lines("data/other_tools.txt") if code(name) not in hub.names.vocabulary.slugs]
    assert len(others) > 900
    taken_for_listed = [name for name in others if any(each.is_listed for each in hub.names.claim(name).identities)]
    assert taken_for_listed == []
    suspected = [name for name in others if near(hub, name)]
    assert len(suspected) <= 0.03 * len(others), suspected
