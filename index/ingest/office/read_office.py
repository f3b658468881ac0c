"""Which reader reads a format of office programs; the recogniser of scans is found when a file is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from index.ingest.document import Document, Reader
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.ingest.office.old import read_old
from index.ingest.office.opendocument import read_opendocument
from index.ingest.office.rtf import read_rtf
from index.ingest.office.sheets import read_sheets
from index.ingest.office.slides import read_slides
from index.ingest.pdf.ocr import find_recogniser
from index.ingest.pdf.read_pdf import read_pdf
from index.ingest.plain import read_markdown, read_text
from index.ingest.rows.packed import read_bytes
from index.ingest.rows.read_rows import read_table
from index.ingest.web.epub import read_epub
from index.ingest.web.html import read_html, whole_page
from index.ingest.web.mail import read_mail, read_mhtml
from index.ingest.word.read_docx import read_word


def _word(path: Path, limits: Limits) -> Document:
    return read_word(path, limits, find_recogniser())


def _pdf(path: Path, limits: Limits) -> Document:
    return read_pdf(path, limits, find_recogniser())


def _slides(path: Path, limits: Limits) -> Document:
    return read_slides(path, limits, find_recogniser())


def _mail(path: Path, limits: Limits) -> Document:
    return read_mail(path, limits, {**OFFICE_READERS, **_ATTACHED})


def _old(path: Path, limits: Limits) -> Document:
    return read_old(path, limits, {**OFFICE_READERS, ".html": _exported_page})


def _exported_page(path: Path, limits: Limits) -> Document:
    """Read a page that a program wrote for Word or Excel: all of it is the document."""
    blocks, removed = whole_page(decode(read_bytes(path, limits)))
    return Document(tuple(blocks), removed=tuple(removed))


_ATTACHED: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".csv": read_table,
    ".tsv": read_table,
}
"""What is attached to letters beside files of office programs."""

OFFICE_READERS: Mapping[str, Reader] = {
    ".pdf": _pdf,
    ".docx": _word,
    ".docm": _word,
    ".xlsx": read_sheets,
    ".xlsm": read_sheets,
    ".pptx": _slides,
    ".odt": read_opendocument,
    ".ods": read_opendocument,
    ".odp": read_opendocument,
    ".rtf": read_rtf,
    ".epub": read_epub,
    ".eml": _mail,
    ".mhtml": read_mhtml,
    ".mht": read_mhtml,
    ".doc": _old,
    ".xls": _old,
    ".ppt": _old,
}
