"""Measure how many numbers of PDFs full of tables are stored: every number of the text layer against the article.

``python -m eval.benchmarks.formats.table_pdfs FOLDER`` (or a ``.tar.xz`` of it).  The text layer is read by PDFium's
own order, not by ours; a number counts as often as it stands there.
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from eval.benchmarks.figures import clocked
from eval.command_options import command_parser, print_json, print_text, run_command
from eval.errors import EvaluationError
from index.ingest.document_to_article import to_article
from index.ingest.pdf.read_pdf import read_pdf

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
    document, (seconds, _) = clocked(lambda: read_pdf(path))
    expected = numbers_of("\n".join(layer))
    article = to_article(document, path.name, path.name)
    missing = expected - numbers_of(f"{article.title}\n{article.text}")
    removed = Counter[str]()
    for item in document.removed:
        if item.reason == "page-number":
            removed += numbers_of(item.text)
    as_page = missing & removed
    lost = tuple(sorted((missing - as_page).elements()))
    numbers, tables = expected.total(), sum(block.table is not None for block in document.blocks)
    stored = numbers - missing.total()
    return PdfScore(path.name, len(layer), numbers, stored, as_page.total(), lost, tables, round(seconds, 2))


def measure(folder: Path) -> Iterator[PdfScore]:
    """Score all PDFs of a folder and the folders in it."""
    for path in sorted(folder.rglob("*.pdf")):
        yield score(path)


def summary(scores: Sequence[PdfScore]) -> dict[str, float]:
    """The share of numbers that are stored, and that with page numbers counted as rightly left out."""
    names = ("pages", "numbers", "stored", "page_numbers", "tables", "seconds")
    total = {name: sum(getattr(item, name) for item in scores) for name in names}
    return {
        "files": len(scores),
        "pages": total["pages"],
        "numbers": total["numbers"],
        "stored": total["stored"] / total["numbers"],
        "stored_or_page_number": (total["stored"] + total["page_numbers"]) / total["numbers"],
        "tables": total["tables"],
        "seconds_a_page": total["seconds"] / total["pages"],
    }


def _measure(args: argparse.Namespace) -> None:
    folder: Path = args.folder
    if not folder.exists():
        raise EvaluationError(f"{folder} is not there; name a folder of PDFs, or a .tar.xz of one.")
    with tempfile.TemporaryDirectory() as unpacked:
        if folder.is_file():
            with tarfile.open(folder) as archive:
                archive.extractall(unpacked, filter="data")
            folder = Path(unpacked)
        scores = list(measure(folder))
    figures = summary(scores)
    if args.json:
        return print_json({"summary": figures, "rows": scores})
    for item in scores:
        print_text(
            f"{item.name:14} {item.pages:3} pages {item.numbers:5} numbers "
            f"{item.stored / max(1, item.numbers):8.2%} stored, {item.page_numbers} page numbers, "
            f"{item.tables:2} tables, {item.seconds:5.2f} s  {' '.join(item.lost[:12])}\n"
        )
    print_text(
        f"{figures['files']:.0f} files, {figures['numbers']:.0f} numbers: {figures['stored']:.2%} stored, "
        f"{figures['stored_or_page_number']:.2%} with page numbers; {figures['seconds_a_page']:.2f} s a page\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a file and the summary, or JSON."""
    parser = command_parser("eval.benchmarks.formats.table_pdfs", __doc__, "json")
    parser.add_argument("folder", type=Path, help="a folder of PDFs, or a .tar.xz of one")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
