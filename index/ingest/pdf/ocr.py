"""Text recognition (OCR) of pictures of pages with Tesseract, where it and its Vietnamese data are installed."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.ingest.document import Block, Place
from index.ingest.pdf.page_image import prepare
from index.platform import run_program

if TYPE_CHECKING:
    from PIL.Image import Image

INSTALL = {
    "darwin": "brew install tesseract tesseract-lang",
    "win32": "winget install UB-Mannheim.TesseractOCR (and tick Vietnamese)",
}.get(sys.platform, "sudo apt-get install tesseract-ocr tesseract-ocr-vie")
"""The one command that makes scans readable."""
_WINDOWS = Path("C:/Program Files/Tesseract-OCR/tesseract.exe")
"""Where the installer for Windows puts it, without telling the system."""
_LANGUAGE = "vie"
_WORD = "5"
"""The level of a word in Tesseract's table; the levels above are page, block, paragraph and line."""
_LEAST_CONFIDENCE = 0.35
"""Lines below are stains, stamps and pictures, no text."""

NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Tesseract with Vietnamese; ``seconds`` bounds one page."""

    program: str
    seconds: float = 120.0

    def read(self, image: Image, place: Place = NOWHERE, dpi: float = 0.0) -> tuple[Block, ...]:
        """Recognise a page: its paragraphs, each with the mean confidence of its words.

        ``dpi`` is the resolution of the picture, 0 where it is not known: then it is taken for a whole page.
        Raises ArticleError where Tesseract fails or takes longer than it may.
        """
        stream = io.BytesIO()
        prepare(image, dpi).save(stream, "PNG")
        command = [self.program, "stdin", "stdout", "-l", _LANGUAGE, "--dpi", "300", "--psm", "3", "tsv"]
        try:
            done = subprocess.run(
                command,
                input=stream.getvalue(),
                capture_output=True,
                timeout=self.seconds,
                check=True,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ArticleError(
                f"text recognition failed ({error}); run it again, or install: {INSTALL}"
            ) from error
        return tuple(_blocks(done.stdout.decode("utf-8", "replace"), place))


@lru_cache(maxsize=1)
def find_recogniser() -> Recogniser | None:
    """Find Tesseract with its Vietnamese data, ``None`` where one of both is missing."""
    program = shutil.which("tesseract") or (str(_WINDOWS) if _WINDOWS.is_file() else None)
    if program is None:
        return None
    try:
        listed = run_program([program, "--list-langs"], timeout=20)
    except (OSError, subprocess.SubprocessError):
        return None
    found = listed.returncode == 0 and _LANGUAGE in listed.stdout.split()
    return Recogniser(program) if found else None


def _blocks(table: str, place: Place) -> Iterator[Block]:
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["level"] == _WORD and row["text"].strip()]
    for _, paragraph in groupby(words, lambda row: (row["block_num"], row["par_num"])):
        lines = [list(line) for _, line in groupby(paragraph, lambda row: row["line_num"])]
        kept = [line for line in lines if _confidence(line) >= _LEAST_CONFIDENCE]
        if kept:
            text = _joined([" ".join(row["text"] for row in line) for line in kept])
            yield Block("paragraph", text, None, place, _confidence([row for line in kept for row in line]))


def _joined(lines: list[str]) -> str:
    """Join the lines of a paragraph; one that ends short of the others' length by far is a line by itself."""
    width = max(map(len, lines))
    text = lines[0]
    for before, line in pairwise(lines):
        text += f"{' ' if len(before) > 0.7 * width else chr(10)}{line}"
    return text


def _confidence(words: Sequence[dict[str, str]]) -> float:
    return sum(max(0.0, float(word["conf"])) for word in words) / len(words) / 100
