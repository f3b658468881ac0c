"""The text of PDF files."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.ingest.document import Block, Document
from index.ingest.limits import Limits

if TYPE_CHECKING:
    pass

_PAGE_NUMBER = re.compile(r"(?:trang|page)?\s*-?\s*\d{1,4}\s*-?(?:\s*/\s*\d{1,4})?", re.IGNORECASE)
_DAMAGED = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    AssertionError,
    NotImplementedError,
    EOFError,
    OSError,
    struct.error,
    zlib.error,
)
"""What the libraries let through when a file is damaged."""


def read_pdf(path: Path, limits: Limits) -> Document:
    """Read the text of a PDF, its lines joined to paragraphs, page numbers and running heads left out.

    Raises ArticleError where it is damaged, locked by a password, or holds only pictures of text.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        with path.open("rb") as file:
            reader = PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise ArticleError("it is locked by a password; save an unlocked copy")
            pages = [page.extract_text().split("\n") for page in reader.pages]
    except (PyPdfError, *_DAMAGED) as error:
        raise ArticleError(f"it cannot be read as a PDF ({error}); print it to a new PDF") from error
    if not any(line.strip() for page in pages for line in page):
        raise ArticleError("its pages are pictures without text; run text recognition (OCR) on it first")
    return Document(tuple(Block("paragraph", text) for text in _join_lines(_without_running_heads(pages))))


def _without_running_heads(pages: list[list[str]]) -> list[str]:
    """Drop page numbers, and the first and last lines of a page that most pages share."""
    pages = [[line.strip() for line in page if line.strip()] for page in pages]
    edges = Counter(line for page in pages for line in {*page[:2], *page[-2:]})
    repeated = {line for line, count in edges.items() if count > max(2, len(pages) // 2)}
    return [
        line
        for page in pages
        for line in [*page, ""]
        if line not in repeated and not _PAGE_NUMBER.fullmatch(line)
    ]


def _join_lines(lines: list[str]) -> list[str]:
    """Join lines to paragraphs: one that fills the page's width goes on in the next, also over a page break."""
    lengths = sorted(len(line) for line in lines if line)
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if not line:
            continue
        if goes_on:
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
        goes_on = len(line) >= 0.75 * width and not (
            len(line) < 0.9 * width and line.endswith((".", "!", "?", ":"))
        )
    return paragraphs
