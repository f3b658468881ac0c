"""The files of a folder become articles, and what cannot be read is said, file by file and line by line."""

from __future__ import annotations

import hashlib
import os
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from index.errors import ArticleError
from index.ingest.assemble import to_article
from index.ingest.document import Document
from index.ingest.html import read_html
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.office import OFFICE_READERS
from index.ingest.plain import read_markdown, read_text
from index.ingest.rows import ROW_SUFFIXES, read_rows
from index.schema import Article

Reader: TypeAlias = Callable[[Path, Limits], Document]

READERS: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    **OFFICE_READERS,
}
"""How the files of each ending are read; a library is loaded by its reader, when it is needed."""
CRAWLED = frozenset((".txt", ".md", ".markdown", ".html", ".htm"))
"""Formats that pages are crawled to, with the boilerplate around their articles."""
SUFFIXES = (*READERS, *ROW_SUFFIXES)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the folder; ``source`` is its path relative to the folder with ``/``, ``size`` in bytes."""

    path: Path
    source: str
    size: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read, a file or a line ``file#line``, and why, with the remedy."""

    source: str
    reason: str


def find_files(folder: Path) -> list[SourceFile]:
    """List the documents of a folder and the folders in it, sorted by path.

    Hidden files, links that leave the folder and files that are no documents are left out.
    Raises ArticleError where the folder is not there or cannot be listed.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise ArticleError(f"{folder} is not a folder; check its path.")
    files = []
    for place, folders, names in os.walk(root, onerror=_cannot_list):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if name.startswith(".") or name.startswith("~$") or _suffix(name) not in SUFFIXES:
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                continue
            if path.is_file():
                files.append(SourceFile(path, _source(path.relative_to(root)), path.stat().st_size))
    return sorted(files, key=lambda file: file.source)


def hash_file(file: SourceFile) -> str:
    """Compute the SHA-256 of a file; raises ArticleError where it cannot be opened."""
    digest = hashlib.sha256()
    try:
        with file.path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise ArticleError(f"it cannot be opened ({error.strerror}); check its permissions") from error
    return digest.hexdigest()


def read_file(file: SourceFile, limits: Limits = DEFAULT_LIMITS) -> Iterator[Article | Unreadable]:
    """Read the articles of a file, and in their place what could not be read.

    A file of rows is read row by row: ``.jsonl`` in bounded memory, a bad line costs only itself.
    """
    suffix = _suffix(file.path.name)
    try:
        if file.size > limits.file_bytes and ".jsonl" not in suffix:
            raise ArticleError(
                f"it has {file.size / 1e6:.1f} MB, more than the limit of {limits.file_bytes / 1e6:.0f} MB; "
                "split it into smaller files"
            )
        if suffix in ROW_SUFFIXES:
            yield from _read_rows(file, suffix, limits)
        else:
            document = READERS[suffix](file.path, limits)
            yield to_article(document, file.source, file.source, crawled=suffix in CRAWLED)
    except ArticleError as error:
        yield Unreadable(file.source, str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield Unreadable(file.source, f"it cannot be read ({error}); check its permissions, or copy it again")


def read_folder(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[Article | Unreadable]:
    """Read all articles of a folder, in the order of its files."""
    for file in find_files(folder):
        yield from read_file(file, limits)


def _read_rows(file: SourceFile, suffix: str, limits: Limits) -> Iterator[Article | Unreadable]:
    for line, row in read_rows(file.path, suffix, limits):
        source = f"{file.source}#{line}"
        try:
            if isinstance(row, ArticleError):
                raise row
            yield to_article(row.document, row.id or source, source)
        except ArticleError as error:
            yield Unreadable(source, str(error))


def _suffix(name: str) -> str:
    name = name.lower()
    return ".jsonl.gz" if name.endswith(".jsonl.gz") else Path(name).suffix


def _source(path: Path) -> str:
    """Write a relative path with ``/`` and in NFC, so that it is one id on every system."""
    name = path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return unicodedata.normalize("NFC", name)


def _cannot_list(error: OSError) -> None:
    raise ArticleError(
        f"{error.filename} cannot be listed ({error.strerror}); check its permissions."
    ) from error
