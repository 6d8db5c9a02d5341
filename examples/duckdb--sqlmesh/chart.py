"""Draw the places on the shelves that a change keeps, empties and fills."""

import csv
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.patches import Patch, Rectangle

HERE = Path(__file__).parent
PICTURE = HERE.parents[1] / "posts" / "F2026" / "duckdb--sqlmesh" / "shelves.png"
STAYS, GOES, COMES = "#c8c8c8", "#c44e00", "#00619e"

mpl.rcParams |= {"font.size": 15, "figure.facecolor": "white"}


class Spot(NamedTuple):
    """A film at a place on the shelf of a decade."""

    decade: int
    place: int
    title: str


def read(schema: str) -> set[Spot]:
    with (HERE / "output" / f"4-{schema}.csv").open(encoding="utf-8", newline="") as lines:
        return {Spot(int(row["decade"]), int(row["place"]), row["title"]) for row in csv.DictReader(lines)}


def main() -> None:
    prod, dev = read("shelves"), read("shelves__dev")
    decades = sorted({spot.decade for spot in prod | dev})
    figure, axes = plt.subplots(figsize=(8, 8.6), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.15, h_pad=0.15)
    for left, shelves, changed in (0, prod, GOES), (6.5, dev, COMES):
        for spot in shelves:
            corner = (left + spot.place - 0.94, decades.index(spot.decade) - 0.42)
            color = STAYS if spot in prod & dev else changed
            axes.add_patch(Rectangle(corner, 0.88, 0.84, color=color))
    axes.set(xlim=(-0.1, 11.6), ylim=(len(decades) - 0.4, -0.6), yticks=range(len(decades)))
    axes.set_yticklabels([f"{decade}s" for decade in decades])
    axes.set_xticks([2.5, 9], ["prod: before", "dev: after"], fontweight="bold")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    labels = {
        STAYS: f"{len(prod & dev)} in both",
        GOES: f"{len(prod - dev)} only in prod",
        COMES: f"{len(dev - prod)} only in dev",
    }
    handles = [Patch(color=color, label=label) for color, label in labels.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False, columnspacing=1.2)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=125)


if __name__ == "__main__":
    main()
