"""An OCRmyPDF plugin that keeps what the stock program drops: how sure Tesseract was of its words.

ocrmypdf --plugin confidence_plugin.py --min-confidence 80 scan.pdf searchable.pdf
"""

import csv
import logging
from argparse import ArgumentParser, Namespace
from copy import copy
from pathlib import Path
from statistics import mean

from ocrmypdf import hookimpl
from ocrmypdf.builtin_plugins.tesseract_ocr import TesseractOcrEngine
from ocrmypdf.exceptions import ExitCodeException

log = logging.getLogger(__name__)


class LowConfidence(ExitCodeException):
    """Ends the run with exit code 15 (other_error) before anything is written."""


def word_confidences(table: Path) -> list[float]:
    if not table.exists():  # the page timed out, or Tesseract found it empty
        return []
    with table.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [float(row["conf"]) for row in rows if row["level"] == "5" and row["text"].strip()]


class CautiousEngine(TesseractOcrEngine):
    @staticmethod
    def generate_pdf(input_file: Path, output_pdf: Path, output_text: Path, options: Namespace) -> None:
        with_table = copy(options)
        with_table.tesseract_config = [*options.tesseract_config, "tsv"]
        TesseractOcrEngine.generate_pdf(input_file, output_pdf, output_text, with_table)
        words = word_confidences(output_pdf.with_suffix(".tsv"))
        sure = mean(words) if words else 0.0
        log.info("read %d words, mean confidence %.0f", len(words), sure)
        if sure < options.min_confidence:
            raise LowConfidence(f"mean confidence {sure:.0f} is below {options.min_confidence:.0f}")


@hookimpl
def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--min-confidence", type=float, default=0.0, metavar="0-100")


@hookimpl
def get_ocr_engine() -> TesseractOcrEngine:
    return CautiousEngine()
