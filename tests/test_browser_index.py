"""The file that “Is your tool still available?” loads: complete, small, and the same for the same repository."""

import gzip
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import trees
from sites import HUB

from coursehub.records import repository
from coursehub.records.hub import Hub
from coursehub.records.post import Post
from coursehub.site import browser_index

REPOSITORY = "https://github.com/example/course/"
TREE = """=== data/course.yaml
name: Course
staff: [staff]
time_zone: UTC
open_semester: F2026
semesters: [{id: S2026}, {id: F2026}]
options: []
topics: [{id: watching, title: Watching, examples: [Grafana, Loki, Prometheus]}]
=== data/tools.yaml
vendors: {amazon: [Amazon, AWS, Amazon Web Services]}
tools:
  grafana: {name: Grafana, topic: watching}
  prometheus: {name: Prometheus, topic: watching}
  weights-and-biases: {name: Weights & Biases, aliases: [wandb]}
=== data/prior_posts.yaml
- {title: Watching with Grafana, tools: [Grafana], option: mlops-tool, semester: S2026, url: "https://example.org/"}
- {title: AWS Glow Worm, tools: [AWS Glow Worm], option: mlops-tool, semester: S2026,
   url: "https://example.org/2024/02/a-night-with-glow-worms.html"}
- {title: Grafana in practice, tools: [Grafana, Glow Worm], option: mlops-tool, semester: X1999}
=== posts/F2026/zeta.md
---
title: Zeta at work
authors: octocat
tool: Zeta
semester: F2026
status: published
---
=== posts/F2026/misplaced.md
---
authors: [octocat, hubot]
tool: [Zeta, wandb]
semester: F2026
status: draft
---
=== posts/F2026/gone.md
---
tool: Gone
semester: F2026
status: withdrawn
---
"""


def built(the_hub: Hub, **values: Any) -> dict[str, Any]:
    decoded: dict[str, Any] = msgspec.json.decode(browser_index.build(the_hub, REPOSITORY, **values))
    return decoded


def small(tmp_path: Path) -> Hub:
    trees.write(trees.parse(TREE), tmp_path)
    return repository.load(tmp_path)


def test_tools_have_numbers_and_what_can_be_worked_out_is_left_out(tmp_path: Path) -> None:
    index = built(small(tmp_path))
    assert index["listed"] == {
        "slugs": ["grafana", "prometheus", "weights-and-biases"],
        "names": ["Grafana", "Prometheus", "Weights & Biases"],
        "topics": [0, 0, None],
        "aliases": {"wandb": "weights-and-biases"},
    }
    assert index["unlisted"] == {"names": ["Glow Worm", "Zeta"], "slugs": {}}
    assert index["vendors"] == {"amazon": "amazon", "aws": "amazon", "amazon web services": "amazon"}
    assert index["free"] == [[[["Loki", "loki", ["loki"]], ["Prometheus", "prometheus", ["prometheus"]]], []]]


def test_a_new_claim_names_the_schema_where_the_site_has_an_address(tmp_path: Path) -> None:
    assert built(small(tmp_path))["schema"] == ""
    schema = built(small(tmp_path), published="https://example.org/course/")["schema"]
    assert schema == "https://example.org/course/api/front-matter.schema.json"


def test_a_slug_that_is_not_the_name_is_told(tmp_path: Path) -> None:
    text = TREE.replace("- {title: Grafana in practice, tools: [Grafana, Glow Worm]", "- {title: x, tools: [Grafana]")
    trees.write(trees.parse(text), tmp_path)
    assert built(repository.load(tmp_path))["unlisted"] == {
        "names": ["AWS Glow Worm", "Zeta"],
        "slugs": {"0": "glow-worm"},
    }


def test_earlier_posts(tmp_path: Path) -> None:
    assert built(small(tmp_path))["elsewhere"] == {
        "semesters": [["S2026", 2], ["X1999", 1]],
        "tools": [0, -1, [3, 0]],
        "titles": ["Watching with Grafana", "AWS Glow Worm", "Grafana in practice"],
        "urls": ["https://example.org/", "https://example.org/2024/02/a-night-with-glow-worms.html", None],
        "headlines": {"1": [0, 23, 0]},
    }


def test_titles_that_may_speak_of_tools(tmp_path: Path) -> None:
    sentence = "- {title: What broke with Gremlin, tools: [], option: mlops-tool, semester: S2026}\n"
    subtitled = '- {title: "Zeta: Loki in a box", tools: [Zeta], option: mlops-tool, semester: S2026}\n'
    text = TREE.replace("=== posts/F2026/zeta.md", f"{sentence}{subtitled}=== posts/F2026/zeta.md")
    trees.write(trees.parse(text), tmp_path)
    index = built(repository.load(tmp_path))
    assert index["elsewhere"]["titles"][3:] == ["\t: Loki in a box", "What broke with Gremlin"]
    assert index["elsewhere"]["tools"][4] == []
    assert index["titles"] == {"posts": [4, 3], "ordinary": ["a", "box", "broke", "in", "what", "with"]}


def test_a_post_whose_address_is_dead_leads_to_a_copy(tmp_path: Path) -> None:
    first, *others = built(small(tmp_path), dead=frozenset({"https://example.org/"}))["elsewhere"]["urls"]
    assert re.fullmatch(r"https://web\.archive\.org/web/\d+/https://example\.org/", first)
    assert others == ["https://example.org/2024/02/a-night-with-glow-worms.html", None]


def test_posts_and_claims_of_this_repository(tmp_path: Path) -> None:
    the_hub = small(tmp_path)
    here = built(the_hub)["here"]
    assert here == {
        "semesters": [["F2026", 2]],
        "tools": [[2, -1], 4],
        "titles": ["misplaced", "\t at work"],
        "authors": [["octocat", "hubot"], "octocat"],
        "statuses": ["draft", "published"],
        "status": [0, 1],
        "pages": [0, 1],
        "paths": {"0": "posts/F2026/misplaced.md"},
    }
    assert built(the_hub, broken=frozenset({"posts/F2026/zeta.md"}))["here"]["pages"] == [0, 0]


def test_the_path_is_left_out_where_it_is_that_of_the_claim(tmp_path: Path) -> None:
    trees.write(trees.parse(TREE.replace("F2026/misplaced.md", "F2026/weights-and-biases--zeta.md")), tmp_path)
    assert built(repository.load(tmp_path))["here"]["paths"] == {}


def test_where_a_claim_is_made(tmp_path: Path) -> None:
    index = built(small(tmp_path))
    assert index["new_file"] == "https://github.com/example/course/new/main"
    assert index["files"] == "https://github.com/example/course/blob/main"
    assert (index["semester"], index["semesters"]) == ("F2026", ["S2026", "F2026"])


def test_the_same_repository_gives_the_same_bytes() -> None:
    command = "import sys; from pathlib import Path; from coursehub.records import repository; from coursehub.site import browser_index; " \
        "sys.stdout.buffer.write(browser_index.build(repository.load(Path(sys.argv[1])), 'https://example.org'))"  # fmt: skip
    outputs = {
        subprocess.run(
            [sys.executable, "-c", command, str(HUB)], env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1


def test_an_entry_takes_at_most_40_bytes() -> None:
    """With a third of the 15,000 claims that the limit is meant for, since the tools' names weigh most with few."""
    chance = random.Random(1)
    syllables = [f"{one}{other}" for one in "bdfgklmnprstvz" for other in "aeio"]
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(1500)]
    posts = []
    for number in range(5000):
        name = f"{chance.choice(words).capitalize()}{number:05}"
        title = f"{name}: {' '.join(chance.choices(words, k=4)).title()}"
        path = f"posts/F2026/{name.lower()}.md"
        posts.append(
            Post(path, title=title, tool=(name,), authors=(f"student{chance.randrange(99999):05}",), semester="F2026",
                 status="published")
        )  # fmt: skip
    whole = msgspec.structs.replace(repository.load(HUB), posts=tuple(sorted(posts, key=lambda post: post.path)))
    content = browser_index.build(whole, REPOSITORY)
    assert len(gzip.compress(content, 6)) <= 40 * len(whole.precedents.all)
