"""Files of rows, each an article: JSON Lines, JSON and tables with a column of text, plain or packed."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.errors import ArticleError
from index.ingest.document import Block, Document, Metadata, Removed
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.ingest.plain import text_blocks
from index.ingest.rows.areas import sheet_blocks
from index.ingest.rows.delimited import cells, read_delimited
from index.ingest.rows.fields import field_of, fields_of
from index.ingest.rows.packed import open_bytes, read_bytes

JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
TABLE_SUFFIXES = (".csv", ".tsv")
ROW_SUFFIXES = tuple(
    suffix + packed for suffix in (*JSON_SUFFIXES, *TABLE_SUFFIXES) for packed in ("", ".gz")
)
_LISTS = ("data", "articles", "items", "rows", "posts", "results", "documents", "news")
_DEEPEST = 3
_MARKUP = re.compile(
    r"<(?:/?(?:p|br|div|span|table|ul|ol|li|h\d|a|b|i|strong|em|img|figure|script)\b|!--)", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[\da-f]{2,6}|[a-z]{2,8}\d?);", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a document; ``id`` is its own, ``""`` where it has none, ``key`` a hash of what it says."""

    id: str
    key: str
    document: Document


def read_rows(path: Path, suffix: str, limits: Limits) -> Iterator[tuple[int, Row | ArticleError]]:
    """Yield the number of each line or entry, from 1, and the row or why it cannot be read.

    A table without a column of text is one article, line 0.  Raises ArticleError where the file is no table.
    """
    if suffix.removesuffix(".gz") in JSON_SUFFIXES:
        for number, item in _json_rows(path, suffix, limits):
            yield number, item if isinstance(item, ArticleError) else _row(item)
    else:
        yield from _table_rows(decode(read_bytes(path, limits)))


def read_table(path: Path, limits: Limits) -> Document:
    """Read a whole table as one document; raises ArticleError where it is none."""
    return _whole_table(decode(read_bytes(path, limits))).document


def _json_rows(
    path: Path, suffix: str, limits: Limits
) -> Iterator[tuple[int, dict[str, Any] | ArticleError]]:
    """Yield the objects of a file: one a line, held one at a time, or a whole file that is one list or object."""
    if ".json" not in suffix.replace(".jsonl", "") and not _is_one_object(path):
        yield from _json_lines(path, limits.line_bytes)
        return
    try:
        content = json.loads(decode(read_bytes(path, limits)), strict=False)
    except (ValueError, RecursionError) as error:
        if ".jsonl" in suffix:  # only its first line looked like a list
            yield from _json_lines(path, limits.line_bytes)
            return
        raise _not_rows(f"it is not JSON ({error}); write one JSON object on each line") from error
    entries = _entries(content)
    if not any(isinstance(entry, dict) and _row(entry).document.blocks for entry in entries):
        raise _not_rows('it holds no articles; write objects with the fields "title" and "text"')
    for number, entry in enumerate(entries, start=1):
        yield number, entry if isinstance(entry, dict) else _not_rows("it is not a JSON object; write one")


def _entries(content: object, depth: int = 0) -> list[object]:
    """The entries of a whole file: of a list, of the list or the numbered objects that an object holds, or itself."""
    if isinstance(content, list):
        return _named(content) if content and all(isinstance(row, list) for row in content) else content
    if not isinstance(content, dict) or any(field_of(str(key)) == "text" for key in content):
        return [content]
    for key in _LISTS:
        inner = content.get(key)
        if isinstance(inner, list):
            return inner
        if isinstance(inner, dict) and depth < _DEEPEST:
            return _entries(inner, depth + 1)
    if len(content) > 0 and all(isinstance(value, dict) for value in content.values()):
        return list(content.values())
    return [content]


def _named(rows: list[list[object]]) -> list[object]:
    """Give rows of cells the names that the first of them holds."""
    names = [str(name) for name in rows[0]]
    return [dict(zip(names, row, strict=False)) for row in rows[1:]]


def _is_one_object(path: Path) -> bool:
    """Tell whether the first line of a file is no JSON by itself but begins a list or object of several lines."""
    with open_bytes(path) as stream:
        line = stream.readline(1 << 16).strip().removeprefix(b"\xef\xbb\xbf")
    return line in (b"{", b"[") or line.startswith(b"[")


def _json_lines(path: Path, largest: int) -> Iterator[tuple[int, dict[str, Any] | ArticleError]]:
    with open_bytes(path) as stream:
        number = 0
        while line := stream.readline(largest + 1):
            number += 1
            if len(line) > largest:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(largest)
                yield (
                    number,
                    ArticleError(
                        f"the line is longer than {largest / 1e6:.0f} MB; split the article",
                        code="row-too-long",
                    ),
                )
            elif line.strip():
                yield number, _json_line(line.removeprefix(b"\xef\xbb\xbf"))


def _json_line(line: bytes) -> dict[str, Any] | ArticleError:
    try:
        row = json.loads(decode(line), strict=False)
    except (ValueError, RecursionError) as error:
        return _not_rows(f"it is not a line of JSON ({error}); write one JSON object on each line")
    except ArticleError as error:
        return error
    if not isinstance(row, dict):
        return _not_rows('it is not a JSON object; write {"id": …, "title": …, "text": …} on each line')
    return row


def _table_rows(text: str) -> Iterator[tuple[int, Row | ArticleError]]:
    """Yield the rows of a table with a column of text; one without it is an article itself."""
    table = read_delimited(text, lambda names: "text" in map(field_of, names))
    if table is None:
        yield 0, _whole_table(text)
        return
    place = [field_of(name) for name in table.names].index("text")
    for number, row in table.rows:
        row = table.fitted(row, place)
        pairs = dict(zip(table.names, row, strict=False))
        made = _row(pairs)
        above = tuple(Removed(line, "above-header") for line in table.above)
        document = replace(made.document, removed=(*above, *made.document.removed))
        yield number, Row(made.id, made.key, document)


def _not_rows(reason: str) -> ArticleError:
    return ArticleError(reason, code="not-rows")


def _whole_table(text: str) -> Row:
    """Read a table of figures as one article; a line with a single cell above it is its title."""
    rows = [[cell.strip() for cell in row] for row in cells(text)]
    blocks = tuple(Block(block.kind, block.text, block.table) for block in sheet_blocks(None, rows))
    if not any(block.table is not None for block in blocks):
        raise _not_rows("it is no table with a column named 'text', nor one of figures; check its separators")
    lines = [block.text for block in blocks[:1] if block.table is None]
    return Row("", "", Document(blocks, Metadata(title=lines[0] if lines else "")))


def _row(values: Mapping[str, Any]) -> Row:
    fields = fields_of(values)
    text = fields.get("text", "")
    metadata = Metadata(
        **{key: _bare(fields.get(key, "")) for key in ("title", "author", "place", "lead", "number")},
        date=fields.get("date", ""),
        url=fields.get("url", ""),
    )
    content = json.dumps([text, metadata.title, metadata.date, metadata.lead], ensure_ascii=False)
    marked = _MARKUP.search(text) is not None
    blocks, removed = _html_blocks(text) if marked else (text_blocks(_unescaped(text)), [])
    document = Document(tuple(blocks), metadata, tuple(removed))
    return Row(fields.get("id", ""), hashlib.sha256(content.encode()).hexdigest()[:10], document)


def _unescaped(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _bare(text: str) -> str:
    """Take marks and entities out of a field that is one line."""
    return _unescaped(re.sub(r"<[^<>]{1,200}>", " ", text) if _MARKUP.search(text) else text)


def _html_blocks(text: str) -> tuple[list[Block], list[Removed]]:
    """Give all blocks of a piece of a web page: whoever exported it has chosen the article already."""
    from index.ingest.web.html import whole_page

    return whole_page(f"<html><body>{text}</body></html>")
