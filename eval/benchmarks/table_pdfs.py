"""Measure how many numbers of PDFs full of tables are stored: every number of the text layer against the article.

``python -m eval.benchmarks.table_pdfs FOLDER`` (or a ``.tar.xz`` of it).  The text layer is read by PDFium's own
order, not by ours; a number counts as often as it stands there.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import pypdfium2 as pdfium

from index.ingest.assemble import to_article
from index.ingest.pdf.pdf import read_pdf

_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


@dataclass(frozen=True, slots=True)
class PdfScore:
    """One file: numbers of its text layer, how many are stored, those that were left out as page numbers, the rest."""

    name: str
    pages: int
    numbers: int
    stored: int
    page_numbers: int
    lost: tuple[str, ...]
    tables: int
    seconds: float


def numbers_of(text: str) -> Counter[str]:
    """Count the numbers of a text, with their separators."""
    return Counter(_NUMBER.findall(text))


def text_layer(path: Path) -> list[str]:
    """The text of each page as PDFium gives it."""
    with closing(pdfium.PdfDocument(path)) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def score(path: Path) -> PdfScore:
    """Read a file and count what is lost."""
    layer = text_layer(path)
    started = time.monotonic()
    document = read_pdf(path)
    seconds = time.monotonic() - started
    expected = numbers_of("\n".join(layer))
    article = to_article(document, path.name, path.name)
    missing = expected - numbers_of(f"{article.title}\n{article.text}")
    removed = Counter[str]()
    for item in document.removed:
        if item.reason == "page-number":
            removed += numbers_of(item.text)
    as_page = missing & removed
    lost = tuple(sorted((missing - as_page).elements()))
    return PdfScore(
        path.name,
        len(layer),
        expected.total(),
        expected.total() - missing.total(),
        as_page.total(),
        lost,
        sum(block.table is not None for block in document.blocks),
        round(seconds, 2),
    )


def measure(folder: Path) -> Iterator[PdfScore]:
    """Score all PDFs of a folder and the folders in it."""
    for path in sorted(folder.rglob("*.pdf")):
        yield score(path)


def summary(scores: Sequence[PdfScore]) -> dict[str, float]:
    """The share of numbers that are stored, and that with page numbers counted as rightly left out."""
    numbers = sum(item.numbers for item in scores)
    stored = sum(item.stored for item in scores)
    page_numbers = sum(item.page_numbers for item in scores)
    pages = sum(item.pages for item in scores)
    return {
        "files": len(scores),
        "pages": pages,
        "numbers": numbers,
        "stored": stored / numbers,
        "stored_or_page_number": (stored + page_numbers) / numbers,
        "tables": sum(item.tables for item in scores),
        "seconds_a_page": sum(item.seconds for item in scores) / pages,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a file and the summary, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder of PDFs, or a .tar.xz of one")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not options.folder.exists():
        sys.stderr.write(f"{options.folder} is not there; name a folder of PDFs, or a .tar.xz of one.\n")
        return 1
    with tempfile.TemporaryDirectory() as unpacked:
        folder = options.folder
        if folder.is_file():
            with tarfile.open(folder) as archive:
                archive.extractall(unpacked, filter="data")
            folder = Path(unpacked)
        scores = list(measure(folder))
    if options.json:
        rows = [asdict(item) for item in scores]
        sys.stdout.write(
            json.dumps({"summary": summary(scores), "rows": rows}, ensure_ascii=False, indent=1) + "\n"
        )
        return 0
    for item in scores:
        share = item.stored / max(1, item.numbers)
        sys.stdout.write(
            f"{item.name:14} {item.pages:3} pages {item.numbers:5} numbers {share:8.2%} stored, "
            f"{item.page_numbers} page numbers, {item.tables:2} tables, {item.seconds:5.2f} s  "
            f"{' '.join(item.lost[:12])}\n"
        )
    figures = summary(scores)
    sys.stdout.write(
        f"{figures['files']:.0f} files, {figures['numbers']:.0f} numbers: {figures['stored']:.2%} stored, "
        f"{figures['stored_or_page_number']:.2%} with page numbers; {figures['seconds_a_page']:.2f} s a page\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
