"""Run OCRmyPDF on pages whose text is known; keep what came back in output/.

python measure.py            # takes about ten minutes
"""

import csv
import os
import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from pages import FONTS, HERE, TEXT, Scan, save_pdf, scanned
from PIL import Image

OUTPUT = HERE / "output"
PLUGIN = HERE / "confidence_plugin.py"
MODEL = Path("/usr/share/tesseract-ocr/5/tessdata/eng.traineddata")
SOURCE = Path("/usr/lib/python3/dist-packages/ocrmypdf")
NOISE_IN_LOG = re.compile(r"^ *$|Opened a file|Postprocessing|Optimize ratio|[Dd]ocker|stdin/stdout")
PACKAGES = (
    "ocrmypdf tesseract-ocr tesseract-ocr-eng ghostscript unpaper qpdf poppler-utils pngquant "
    "python3-pikepdf python3-pluggy python3-img2pdf fonts-liberation"
)


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def log_lines(stderr: str) -> list[str]:
    """OCRmyPDF's messages without blank lines, progress, repetitions, usage and stack traces."""
    stderr = re.sub(r"(?s)^usage: .*?(?=^ocrmypdf: )", "", stderr, flags=re.M)
    stderr = re.sub(r"(?ms)^Traceback .*?^(?=\w+(Error|Exception):)", "", stderr)
    lines = (line.rstrip() for line in stderr.splitlines())
    return list(dict.fromkeys(line for line in lines if not NOISE_IN_LOG.search(line)))


def word_accuracy(read: str) -> float:
    """1 - (words to insert, delete or replace) / (words printed), not below 0. Strict about punctuation."""
    expected, got = TEXT.split(), read.split()
    previous = list(range(len(got) + 1))
    for i, word in enumerate(expected, 1):
        current = [i]
        for j, other in enumerate(got, 1):
            current.append(min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (word != other)))
        previous = current
    return max(0.0, 1 - previous[-1] / len(expected))


def misreadings(read: str) -> Iterable[str]:
    expected, got = TEXT.split(), read.split()
    for kind, a, b, c, d in SequenceMatcher(None, expected, got, autojunk=False).get_opcodes():
        if kind != "equal":
            yield f"{' '.join(expected[a:b])!r} -> {' '.join(got[c:d])!r}"


def text_of(pdf: Path) -> str:
    return run(pdf.parent, "pdftotext", "-raw", pdf.name, "-").stdout if pdf.exists() else ""


def pixels_of(pdf: Path) -> np.ndarray:
    """The page's stored picture, as it lies in the file."""
    with TemporaryDirectory() as name:
        run(pdf.parent, "pdfimages", "-all", pdf.name, Path(name) / "image")
        return np.asarray(Image.open(next(Path(name).iterdir())).convert("L"), dtype=int)


def write_csv(name: str, rows: list[dict[str, object]]) -> None:
    with (OUTPUT / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    print(f"{name}: {len(rows)} rows", flush=True)


# 1. How well is the page read?


def reading_plan() -> Iterable[tuple[Scan, str]]:
    for font in FONTS:
        for dpi in (300, 200, 150, 100, 75):
            yield Scan(font, dpi), ""
        yield Scan(font, 75), "--oversample 300"
        for degrees in (1, 2, 4, 8):
            for skew in (degrees, -degrees):
                for options in ("", "--deskew"):
                    yield Scan(font, skew=skew), options
        for skew in (8, -8):
            yield Scan(font, skew=skew), "--tesseract-pagesegmode 6"
        for specks in (0.01, 0.03, 0.06):
            for options in ("", "--clean"):
                yield Scan(font, specks=specks), options
        for grain in (30, 60):
            for options in ("", "--clean"):
                yield Scan(font, grain=grain), options
        for turn in (90, 180, 270):
            for options in ("", "--rotate-pages"):
                yield Scan(font, turn=turn), options
        for options in ("", "--deskew", "--clean", "--deskew --clean"):
            yield Scan(font, dpi=150, skew=2, specks=0.02), options


def read_one(job: tuple[Scan, str]) -> tuple[dict[str, object], list[str]]:
    scan, options = job
    with TemporaryDirectory() as name:
        folder = Path(name)
        save_pdf(folder / "in.pdf", [scanned(scan)], scan.dpi)
        command: list[str | Path] = ["ocrmypdf", "-j1", *options.split(), "--sidecar"]
        stock = run(folder, *command, "stock.txt", "in.pdf", "out.pdf")
        no_pdf: list[str | Path] = ["--plugin", PLUGIN, "--output-type", "none"]
        plugin = run(folder, *command, "plugin.txt", *no_pdf, "in.pdf", "-")
        sidecar = (folder / "stock.txt").read_text(encoding="utf-8")
        words, confidence = re.findall(r"read (\d+) words, mean confidence (\d+)", plugin.stderr)[0]
        row: dict[str, object] = {
            "font": scan.font,
            "scan": scan.label,
            "options": options or "(none)",
            "exit_code": stock.returncode,
            "accuracy_pdf": f"{word_accuracy(text_of(folder / 'out.pdf')):.3f}",
            "accuracy_sidecar": f"{word_accuracy(sidecar):.3f}",
            "words_read": words,
            "mean_confidence": confidence,
            "plugin_reads_the_same": sidecar == (folder / "plugin.txt").read_text(encoding="utf-8"),
            "empty_page_in_log": "Empty page!!" in stock.stderr,
        }
        return row, [f"## {scan.font}, {scan.label}, {options or '(none)'}", *misreadings(sidecar), ""]


def reading() -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(read_one, reading_plan()))
    write_csv("reading.csv", [row for row, _ in results])
    chosen = [lines for row, lines in results if 0.8 <= float(str(row["accuracy_sidecar"])) < 1]
    (OUTPUT / "misreadings.txt").write_text("\n".join(line for lines in chosen for line in lines))


# 2. What happens to the file?

FILES_PLAN = (
    (Scan(), ""),
    (Scan(), "--output-type pdf"),
    (Scan(specks=0.03), "--clean"),
    (Scan(specks=0.03), "--clean-final"),
    (Scan(skew=2), "--deskew"),
    (Scan(turn=180), "--rotate-pages"),
)


def files() -> None:
    rows: list[dict[str, object]] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        scan_pdf, out_pdf = folder / "scan.pdf", folder / "out.pdf"
        for scan, options in FILES_PLAN:
            save_pdf(scan_pdf, [scanned(scan)], scan.dpi)
            done = run(folder, "ocrmypdf", "-j1", *options.split(), "scan.pdf", "out.pdf")
            before, after = pixels_of(scan_pdf), pixels_of(out_pdf)
            claim = re.search(r"Output file is a (\S+)", done.stderr)
            row = {
                "scan": scan.label,
                "options": options or "(none)",
                "kB_before": round(scan_pdf.stat().st_size / 1000),
                "kB_after": round(out_pdf.stat().st_size / 1000),
                "stored_picture_unchanged": bool(np.array_equal(before, after)),
                "claims": claim[1] if claim else "plain PDF",
            }
            rows.append(row)
    write_csv("files.csv", rows)


# 3. What does it say when it cannot, or will not, do it?

WITH_PLUGIN = "--plugin confidence_plugin.py --min-confidence 80"
EXIT_PLAN = (
    ("a scan", "scan.pdf out.pdf"),
    ("output is the input", "same.pdf same.pdf"),
    ("output is the input, which has text", "searchable.pdf searchable.pdf"),
    ("has text already", "searchable.pdf out.pdf"),
    ("has text already", "--skip-text searchable.pdf out.pdf"),
    ("has text already", "--redo-ocr searchable.pdf out.pdf"),
    ("has text already", "--force-ocr searchable.pdf out.pdf"),
    ("contradicting options", "--skip-text --force-ocr scan.pdf out.pdf"),
    ("unknown option", "--no-such-option scan.pdf out.pdf"),
    ("no such file", "missing.pdf out.pdf"),
    ("first 600 bytes of a PDF", "cut.pdf out.pdf"),
    ("text file named .pdf", "notes.pdf out.pdf"),
    ("image without resolution", "photo.png out.pdf"),
    ("language not installed", "-l deu scan.pdf out.pdf"),
    ("no such folder for the output", "scan.pdf nowhere/out.pdf"),
    ("password needed", "locked.pdf out.pdf"),
    ("option in the help, not implemented", "--remove-background scan.pdf out.pdf"),
    ("blank page", "blank.pdf out.pdf"),
    ("8° skew", "--deskew crooked.pdf out.pdf"),
    ("Tesseract has no time", "--tesseract-timeout 0.01 scan.pdf out.pdf"),
    ("6% specks", "specks.pdf out.pdf"),
    ("2° skew", "tilted.pdf out.pdf"),
    ("heavy grain", "grain.pdf out.pdf"),
    ("a scan, plugin", f"{WITH_PLUGIN} scan.pdf out.pdf"),
    ("6% specks, plugin", f"{WITH_PLUGIN} specks.pdf out.pdf"),
    ("2° skew, plugin", f"{WITH_PLUGIN} tilted.pdf out.pdf"),
    ("8° skew, plugin", f"{WITH_PLUGIN} --deskew crooked.pdf out.pdf"),
    ("blank page, plugin", f"{WITH_PLUGIN} blank.pdf out.pdf"),
    ("two pages, one with 8° skew", "two.pdf out.pdf"),
    ("two pages, one with 8° skew, plugin", f"{WITH_PLUGIN} two.pdf out.pdf"),
)


def prepare(folder: Path) -> None:
    good, crooked = scanned(Scan()), scanned(Scan(skew=8))
    pages = {
        "scan": [good],
        "same": [good],
        "tilted": [scanned(Scan(skew=2))],
        "crooked": [crooked],
        "two": [good, crooked],
        "specks": [scanned(Scan(specks=0.06))],
        "grain": [scanned(Scan(grain=60))],
        "blank": [Image.new("L", good.size, 255)],
    }
    for name, images in pages.items():
        save_pdf(folder / f"{name}.pdf", images, 200)
    good.save(folder / "photo.png")
    run(folder, "ocrmypdf", "scan.pdf", "searchable.pdf")
    run(folder, "qpdf", "--encrypt", "secret", "secret", "256", "--", "scan.pdf", "locked.pdf")
    (folder / "cut.pdf").write_bytes((folder / "scan.pdf").read_bytes()[:600])
    (folder / "notes.pdf").write_text("Not a PDF at all.\n")
    (folder / PLUGIN.name).write_bytes(PLUGIN.read_bytes())


def exit_codes() -> None:
    """Each run finds an output file of an earlier day, so that we see whether it survives."""
    rows: list[dict[str, object]] = []
    messages: list[str] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        sidecar = folder / "out.txt"
        for case, arguments in EXIT_PLAN:
            source, target = (folder / word for word in arguments.split()[-2:])
            (folder / "out.pdf").write_text("of an earlier day")
            sidecar.unlink(missing_ok=True)
            before = [content(source), content(target)]
            done = run(folder, "ocrmypdf", "-j1", "--sidecar", "out.txt", *arguments.split())
            after = [content(source), content(target)]
            text = content(sidecar)
            row = {
                "case": case,
                "arguments": arguments,
                "exit_code": done.returncode,
                "input": "kept" if before[0] == after[0] else "replaced",
                "file_at_output": "kept" if before[1] == after[1] else "replaced",
                "words_in_sidecar": "" if text is None else len(text.split()),
                "short_sidecar": text.decode().strip() if text and len(text) < 100 else "",
            }
            rows.append(row)
            shown = log_lines(done.stderr.replace(f"{folder}/", ""))
            messages += [f"$ ocrmypdf {arguments}", *shown, f"[exit {done.returncode}]", ""]
    write_csv("exit_codes.csv", rows)
    (OUTPUT / "messages.txt").write_text("\n".join(messages))


# 4. With which versions?


def lines_in(files: Iterable[Path]) -> int:
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def versions() -> None:
    packages = run(HERE, "dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES.split()).stdout
    model = run(HERE, "combine_tessdata", "-d", MODEL)
    about_tesseract = [SOURCE / "builtin_plugins" / "tesseract_ocr.py", SOURCE / "_exec" / "tesseract.py"]
    parts = [
        packages,
        f"eng.traineddata: {MODEL.stat().st_size} bytes",
        model.stdout + model.stderr,
        f"lines of Python in OCRmyPDF: {lines_in(SOURCE.rglob('*.py'))}",
        f"lines in the plugin and the module that call Tesseract: {lines_in(about_tesseract)}",
    ]
    (OUTPUT / "versions.txt").write_text("\n".join(parts) + "\n")


if __name__ == "__main__":
    OUTPUT.mkdir(exist_ok=True)
    for step in (versions, files, exit_codes, reading):
        step()
