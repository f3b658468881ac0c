"""The files of a folder become articles, and what cannot be read is said, file by file and line by line."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.about import day_of
from index.clean import clean
from index.documents import read_docx, read_pdf
from index.errors import ArticleError
from index.legacy import decode, mend
from index.rows import json_rows, table_rows
from index.schema import Article
from index.webpage import read_page

_ROWS = (".jsonl", ".jsonl.gz", ".csv", ".tsv")
SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", *_ROWS)
_CONVERT = {
    ".doc": "save it as .docx",
    ".rtf": "save it as .docx",
    ".odt": "save it as .docx",
    ".pptx": "export it as .pdf",
    ".xlsx": "export it as .csv",
    ".xls": "export it as .csv",
    ".epub": "convert it to .html",
    ".mht": "save it as .html",
    ".mhtml": "save it as .html",
}
"""Documents that hold text but are not read: they are listed, so that nobody wonders where they are."""

_TEXT_KEYS = ("text", "content", "body", "noi_dung", "nội dung")
_TITLE_KEYS = ("title", "headline", "tieu_de", "tiêu đề")
_DATE_KEYS = ("date", "published", "publish_date", "published_at", "ngay", "ngày", "ngay_dang", "ngày đăng")
_AUTHOR_KEYS = ("author", "tac_gia", "tác giả")
_URL_KEYS = ("url", "link", "source")
_PLACE_KEYS = ("place", "location", "dia_phuong", "địa phương")


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


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file, and the largest line of a ``.jsonl`` file (which may be of any size), in bytes."""

    file_bytes: int = 20_000_000
    line_bytes: int = 20_000_000


DEFAULT_LIMITS = Limits()


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
            if name.startswith(".") or name.startswith("~$") or _suffix(name) not in (*SUFFIXES, *_CONVERT):
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
        if suffix in _CONVERT:
            raise ArticleError(f"{suffix} files are not read; {_CONVERT[suffix]}")
        if file.size > limits.file_bytes and ".jsonl" not in suffix:
            raise ArticleError(
                f"it has {file.size / 1e6:.1f} MB, more than the limit of {limits.file_bytes / 1e6:.0f} MB; "
                "split it into smaller files"
            )
        if suffix in _ROWS:
            yield from _read_rows(file, suffix, limits)
        else:
            yield _read_document(file, suffix, limits)
    except ArticleError as error:
        yield Unreadable(file.source, str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield Unreadable(file.source, f"it cannot be read ({error}); check its permissions, or copy it again")


def read_folder(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[Article | Unreadable]:
    """Read all articles of a folder, in the order of its files."""
    for file in find_files(folder):
        yield from read_file(file, limits)


def _read_document(file: SourceFile, suffix: str, limits: Limits) -> Article:
    if suffix in (".html", ".htm"):
        page = read_page(decode(file.path.read_bytes()))
        row = {"title": page.title, "text": page.text, "url": page.url or "", "author": page.author or ""}
        return _article(file.source, file.source, row, page.date)
    if suffix == ".pdf":
        text = read_pdf(file.path)
    elif suffix == ".docx":
        text = read_docx(file.path, limits.file_bytes)
    else:
        text = decode(file.path.read_bytes())
    head, text = _front_matter(text) if suffix in (".md", ".markdown") else ({}, text)
    return _article(file.source, file.source, {**head, "text": text}, None)


def _article(id_: str, source: str, row: Mapping[str, str], published: date | None) -> Article:
    """Make an article of a row's fields; raises ArticleError where it holds no text."""
    cleaned = clean(
        mend(_first(row, _TEXT_KEYS)),
        mend(_first(row, _TITLE_KEYS)),
        published or day_of(re.sub(r"[T ]\d\d:.*", "", _first(row, _DATE_KEYS))),
    )
    if not any(char.isalnum() for char in cleaned.text):
        raise ArticleError("it holds no text; remove it from the folder")
    url = _first(row, _URL_KEYS)
    return Article(
        id=id_,
        source=source,
        title=cleaned.title,
        text=cleaned.text,
        date=cleaned.date,
        author=cleaned.author or _first(row, _AUTHOR_KEYS) or None,
        place=_first(row, _PLACE_KEYS) or cleaned.place,
        url=url if url.startswith(("http://", "https://")) else None,
    )


def _read_rows(file: SourceFile, suffix: str, limits: Limits) -> Iterator[Article | Unreadable]:
    path = file.path
    rows = json_rows(path, limits.line_bytes) if ".jsonl" in suffix else table_rows(path, _TEXT_KEYS)
    for line, row in rows:
        source = f"{file.source}#{line}"
        try:
            if isinstance(row, ArticleError):
                raise row
            yield _article(row.get("id") or source, source, row, None)
        except ArticleError as error:
            yield Unreadable(source, str(error))


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Take ``key: value`` lines between two lines ``---`` off the beginning of a Markdown file."""
    text = text.replace("\r\n", "\n")
    match = re.match(r"\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|$)", text, re.DOTALL)
    if match is None:
        return {}, text
    pairs = [line.split(":", 1) for line in match[1].split("\n") if ":" in line]
    fields = {key.strip().lower(): value.strip().strip("\"'") for key, value in pairs}
    return {key: value for key, value in fields.items() if key not in _TEXT_KEYS}, text[match.end() :]


def _first(row: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((row[key].strip() for key in keys if row.get(key, "").strip()), "")


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
