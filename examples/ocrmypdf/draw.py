"""Draw the post's two pictures from OCRmyPDF's own output and from output/reading.csv."""

import csv
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
from pages import HERE, Scan, save_pdf, scanned
from PIL import Image, ImageChops, ImageDraw, ImageOps

PICTURES = HERE.parents[1] / "posts" / "F2026" / "ocrmypdf"
SCAN = Scan(skew=2)
COMMANDS = (
    "ocrmypdf -q in.pdf out.pdf",
    "pdftotext -bbox out.pdf words.html",
    "pdftoppm -r 200 -png -singlefile out.pdf out",
)
WORD_BOX = re.compile(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">')
FAMILIES = (  # in reading.csv's column "scan"; the first that fits counts
    ("skew and specks", "skew .* specks", "#6a3d9a", "D"),
    ("skew", "skew", "#d55e00", "o"),
    ("specks", "specks", "#0072b2", "s"),
    ("grain", "grain", "#777777", "v"),
    ("turned page", "turn", "#009e73", "^"),
    ("straight page", "", "#000000", "P"),
)


def what_was_read() -> None:
    """The crooked page; every word that lies in the finished PDF's text layer is marked."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        save_pdf(folder / "in.pdf", [scanned(SCAN)], SCAN.dpi)
        for command in COMMANDS:
            subprocess.run(command.split(), cwd=folder, check=True)
        page = Image.open(folder / "out.png").convert("RGB")
        words = WORD_BOX.findall((folder / "words.html").read_text(encoding="utf-8"))
    marks = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(marks)
    for word in words:
        left, top, right, bottom = (float(edge) / 72 * 200 for edge in word)
        draw.rectangle((left - 2, top, right + 2, bottom), fill="#ffd24d")
    page = ImageChops.multiply(page, marks).crop((190, 160, 1040, 811))
    page = ImageOps.expand(page, border=2, fill="#999999")
    page.quantize(32).save(PICTURES / "half-read.png", optimize=True)
    print(f"half-read.png: {len(words)} words marked")


def confidence_chart() -> None:
    with (HERE / "output" / "reading.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    plt.rcParams.update({"font.size": 13, "font.family": "Liberation Sans", "svg.hashsalt": "ocr"})
    figure, axes = plt.subplots(figsize=(6.4, 5.2), layout="constrained")
    left = rows
    for label, pattern, colour, marker in FAMILIES:
        mine = [row for row in left if re.search(pattern, row["scan"])]
        left = [row for row in left if row not in mine]
        x = [float(row["mean_confidence"]) for row in mine]
        y = [100 * float(row["accuracy_pdf"]) for row in mine]
        axes.scatter(x, y, s=55, color=colour, marker=marker, alpha=0.75, label=label, linewidths=0)
    axes.set(
        xlabel="mean confidence of the words that were read",
        ylabel="words right, of 278 (%)",
        xlim=(-4, 104),
        ylim=(-4, 104),
    )
    axes.text(40, 27, "2° and 4° clockwise:\nwhole lines skipped", va="center")
    for tip in ((93.5, 48.5), (92.5, 13.5)):
        axes.annotate("", xy=tip, xytext=(72, 27), arrowprops={"arrowstyle": "->"})
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", fontsize=12)
    figure.savefig(PICTURES / "confidence.png", dpi=150, facecolor="white", metadata={"Software": None})
    print(f"confidence.png: {len(rows)} runs")


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    what_was_read()
    confidence_chart()
