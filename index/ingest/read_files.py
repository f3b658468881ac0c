"""The files of a folder become articles, and what cannot be read is said, file by file and line by line."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.errors import ArticleError
from index.ingest.document import Place, Reader
from index.ingest.document_to_article import to_article
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.list_folder import Listing, SourceFile, Unreadable, list_folder, suffix_of
from index.ingest.office.read_office import OFFICE_READERS
from index.ingest.plain import read_markdown, read_text
from index.ingest.problems import unreadable
from index.ingest.rows.read_rows import ROW_SUFFIXES, read_rows
from index.ingest.web.html import read_html
from index.models.fingerprint import sha256
from index.schema import Article

LOG = logging.getLogger(__name__)
_TEXT_READERS: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
}
READERS: Mapping[str, Reader] = {
    **_TEXT_READERS,
    **{f"{suffix}.gz": read for suffix, read in _TEXT_READERS.items()},
    **OFFICE_READERS,
}
"""How the files of each ending are read; a library is loaded by its reader, when it is needed."""
READING = "8"
"""The version of how files are read: a store whose files were read otherwise reads them again."""
CRAWLED = frozenset(suffix for suffix in READERS if suffix.removesuffix(".gz") in _TEXT_READERS)
"""Formats that pages are crawled to, with the boilerplate around their articles."""
SUFFIXES = (*READERS, *ROW_SUFFIXES)


def find_files(folder: Path) -> list[SourceFile]:
    """List the documents of a folder and the folders in it, sorted by path.

    Raises ArticleError where the folder is not there or cannot be listed.
    """
    return list(list_documents(folder).files)


def list_documents(folder: Path) -> Listing:
    """List the documents of a folder, and all that is passed over or cannot be listed."""
    return list_folder(folder, SUFFIXES)


def hash_file(file: SourceFile) -> str:
    """Compute the SHA-256 of a file; raises ArticleError where it cannot be opened."""
    try:
        return sha256(file.path)
    except OSError as error:
        raise ArticleError(
            f"it cannot be opened ({error.strerror}); check its permissions", code="cannot-open"
        ) from error


def is_still(file: SourceFile, sha256: str) -> bool:
    """Tell whether a file can be opened here and holds what it held when it was hashed."""
    try:
        return hash_file(file) == sha256
    except ArticleError:
        return False


def read_file(file: SourceFile, limits: Limits = DEFAULT_LIMITS) -> Iterator[Article | Unreadable]:
    """Read the articles of a file, and in their place what could not be read.

    A file of rows is read row by row: ``.jsonl`` in bounded memory, a bad line costs only itself.
    """
    suffix = suffix_of(file.path.name)
    try:
        if file.size > limits.file_bytes and not suffix.startswith((".jsonl", ".ndjson")):
            raise ArticleError(
                f"it has {file.size / 1e6:.1f} MB, more than the limit of {limits.file_bytes / 1e6:.0f} MB; "
                "split it into smaller files",
                code="too-big",
            )
        if suffix in ROW_SUFFIXES:
            yield from _read_rows(file, suffix, limits)
        else:
            document = READERS[suffix](file.path, limits)
            yield to_article(document, file.source, file.source, crawled=suffix in CRAWLED)
    except ArticleError as error:
        yield unreadable(file.source, error)
    except (OSError, EOFError, zlib.error, RecursionError, MemoryError) as error:
        reason = f"it cannot be read ({error}); check its permissions, or copy it again"
        yield Unreadable(file.source, reason, (("cannot-open", Place()),))
    except (
        Exception
    ) as error:  # a fault of a reader or a library must not cost the other files; the log has it all
        LOG.info("Reading %s failed.", file.source, exc_info=True)
        reason = f"its reader failed ({type(error).__name__}: {error})"
        yield Unreadable(file.source, f"{reason}; save it again, or in another format")


def read_folder(folder: Path) -> Iterator[Article | Unreadable]:
    """Read all articles of a folder, in the order of its files."""
    for file in find_files(folder):
        yield from read_file(file)


def _read_rows(file: SourceFile, suffix: str, limits: Limits) -> Iterator[Article | Unreadable]:
    for line, row in read_rows(file.path, suffix, limits):
        source = f"{file.source}#{line}"
        try:
            if isinstance(row, ArticleError):
                raise row
            row_source = row.id or (f"{file.source}#{row.key}" if line else file.source)
            yield to_article(row.document, row_source, source if line else file.source)
        except ArticleError as error:
            yield unreadable(source, error)
