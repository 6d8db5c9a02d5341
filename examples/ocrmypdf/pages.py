"""Draw a known text on a page, then spoil the page as a scanner would."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import gmtime

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).resolve().parent
TEXT = (HERE / "page.txt").read_text(encoding="utf-8")
FONTS = {
    "serif": "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "sans": "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
}
PRINT_DPI = 600
PAGE_INCHES = (8.27, 11.69)
MARGIN_INCHES = 1.0
SEED = 2026


@dataclass(frozen=True)
class Scan:
    """What happened to the page. Angles are in degrees and count clockwise."""

    font: str = "serif"
    dpi: int = 200
    skew: float = 0
    specks: float = 0
    grain: float = 0
    turn: int = 0

    @property
    def label(self) -> str:
        forms = {"skew": "{:+g}°", "specks": "{:.0%}", "grain": "{:g}", "turn": "{}°"}
        values = {name: getattr(self, name) for name in forms}
        faults = [f"{name} {forms[name].format(value)}" for name, value in values.items() if value]
        return " ".join([f"{self.dpi} dpi", *faults])


@cache
def printed(font_name: str) -> Image.Image:
    """The page as it leaves the printer: black on white, at 600 dots per inch."""
    width, height = (round(inches * PRINT_DPI) for inches in PAGE_INCHES)
    margin = round(MARGIN_INCHES * PRINT_DPI)
    font = ImageFont.truetype(FONTS[font_name], round(11 / 72 * PRINT_DPI))
    page = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(page)
    y = margin
    for paragraph in TEXT.strip().split("\n\n"):
        line = ""
        for word in [*paragraph.split(), None]:
            longer = f"{line} {word}".strip()
            if word is None or draw.textlength(longer, font=font) > width - 2 * margin:
                draw.text((margin, y), line, font=font, fill=0)
                y += round(15 / 72 * PRINT_DPI)
                longer = word or ""
            line = longer
        y += round(9 / 72 * PRINT_DPI)
    return page


def scanned(scan: Scan) -> Image.Image:
    page = printed(scan.font)
    if scan.skew:
        page = page.rotate(-scan.skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(PRINT_DPI / scan.dpi / 2))
    width, height = (round(inches * scan.dpi) for inches in PAGE_INCHES)
    pixels = np.asarray(page.resize((width, height), Image.Resampling.BOX), dtype=float)
    random = np.random.default_rng(SEED)
    pixels = pixels + random.normal(0, scan.grain, pixels.shape) if scan.grain else pixels.copy()
    dice = random.random(pixels.shape)
    pixels[dice < scan.specks / 2] = 0
    pixels[dice > 1 - scan.specks / 2] = 255
    page = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    return page.rotate(-scan.turn, expand=True) if scan.turn else page


def save_pdf(path: Path, pages: list[Image.Image], dpi: int) -> None:
    """A PDF as an office scanner makes it: one JPEG for each page, and no text."""
    pages[0].save(
        path,
        save_all=True,
        append_images=pages[1:],
        resolution=dpi,
        quality=85,
        title="scan",
        creationDate=gmtime(0),
        modDate=gmtime(0),
    )
