"""Which reader reads a format of office programs; the recogniser of scans is found when a file is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from index.ingest.document import Document
from index.ingest.limits import Limits
from index.ingest.ocr import find_recogniser
from index.ingest.pdf import read_pdf
from index.ingest.word import read_word


def _word(path: Path, limits: Limits) -> Document:
    return read_word(path, limits, find_recogniser())


def _pdf(path: Path, limits: Limits) -> Document:
    return read_pdf(path, limits, find_recogniser())


OFFICE_READERS: Mapping[str, Callable[[Path, Limits], Document]] = {
    ".docx": _word,
    ".docm": _word,
    ".pdf": _pdf,
}
