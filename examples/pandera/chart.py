"""Draw the ten newest films as delivered, and where the repair moves them."""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from try_pandera import load, newest, repaired

PICTURE = Path(__file__).parents[2] / "posts" / "F2026" / "pandera" / "newest-shelf.png"
DELIVERED, REPAIRED = "#c44e00", "#00619e"

mpl.rcParams |= {"font.size": 15, "figure.facecolor": "white"}


def main() -> None:
    films = load("first")
    good, _ = repaired(films)
    shelf = newest(films)[::-1]
    delivered = shelf["Release_Date"].dt.year
    moved = good.loc[shelf.index, "Release_Date"].dt.year
    rows = range(len(shelf))
    figure, axes = plt.subplots(figsize=(8, 6.2), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.15, h_pad=0.15)
    axes.axvline(2011, color="#777777", linestyle="--")
    axes.text(2009, len(shelf) - 0.35, "the data end in 2011", ha="right", color="#555555")
    axes.hlines(rows, moved, delivered, color="#cccccc", linewidth=3, zorder=1)
    axes.scatter(delivered, rows, s=130, color=DELIVERED, label="as delivered")
    axes.scatter(moved, rows, s=130, color=REPAIRED, marker="s", label="after the repair")
    axes.set_yticks(rows, [title.replace(" and the ", " and\nthe ") for title in shelf["Title"]])
    axes.set_ylim(-0.6, len(shelf) + 0.2)
    axes.set_xlabel("Release year")
    axes.set_title("The ten “newest” films", loc="left", fontweight="bold")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=150)


if __name__ == "__main__":
    main()
