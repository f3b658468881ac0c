"""Files of rows, each an article: JSON Lines, JSON and tables with a column of text, plain or packed."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ArticleError
from index.ingest.document import Block, Document, Metadata, Removed
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.ingest.plain import text_blocks
from index.ingest.rows.delimited import cells, read_delimited
from index.ingest.rows.grid import as_table
from index.ingest.rows.packed import open_bytes, read_bytes
from index.text.normalise import fold, normalise

JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
TABLE_SUFFIXES = (".csv", ".tsv")
ROW_SUFFIXES = tuple(
    suffix + packed for suffix in (*JSON_SUFFIXES, *TABLE_SUFFIXES) for packed in ("", ".gz")
)
_NAMES = {
    "id": "id",
    "text": "text content body noidung articletext articlebody maintext fulltext contenthtml bodytext vanban",
    "title": "title headline tieude name tenbai",
    "date": "date published publishdate publishedat publishedtime pubdate datepublished ngay ngaydang ngayxuatban "
    "publicationdate createdat created time timestamp thoigian",
    "author": "author authors tacgia nguoiviet creator byline",
    "url": "url link source permalink",
    "place": "place location diaphuong diadiem",
    "lead": "lead description sapo summary abstract excerpt tomtat mota",
    "number": "number sohieu sokyhieu",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
_ORDER = {name: place for place, name in enumerate(_FIELDS)}
_LISTS = ("data", "articles", "items", "rows", "posts", "results", "documents", "news")
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
            yield number, item if isinstance(item, ArticleError) else _row(_flat(item))
    else:
        yield from _table_rows(decode(read_bytes(path, limits)))


def _json_rows(
    path: Path, suffix: str, limits: Limits
) -> Iterator[tuple[int, dict[str, Any] | ArticleError]]:
    """Yield the objects of a file: one a line, held one at a time, or a whole file that is one list or object."""
    if ".json" not in suffix.replace(".jsonl", "") and not _is_one_object(path):
        yield from _json_lines(path, limits.line_bytes)
        return
    try:
        told = json.loads(decode(read_bytes(path, limits)))
    except (ValueError, RecursionError) as error:
        if ".jsonl" in suffix:  # only its first line looked like a list
            yield from _json_lines(path, limits.line_bytes)
            return
        raise ArticleError(f"it is not JSON ({error}); write one JSON object on each line") from error
    entries = _entries(told)
    if not any(isinstance(entry, dict) and _row(_flat(entry)).document.blocks for entry in entries):
        raise ArticleError('it holds no articles; write objects with the fields "title" and "text"')
    for number, entry in enumerate(entries, start=1):
        yield number, entry if isinstance(entry, dict) else ArticleError("it is not a JSON object; write one")


def _entries(told: object) -> list[object]:
    if isinstance(told, list):
        return told
    if isinstance(told, dict):
        return next((told[key] for key in _LISTS if isinstance(told.get(key), list)), [told])
    return [told]


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
                    ArticleError(f"the line is longer than {largest / 1e6:.0f} MB; split the article"),
                )
            elif line.strip():
                yield number, _json_line(line.removeprefix(b"\xef\xbb\xbf"))


def _json_line(line: bytes) -> dict[str, Any] | ArticleError:
    try:
        row = json.loads(decode(line))
    except (ValueError, RecursionError) as error:
        return ArticleError(f"it is not a line of JSON ({error}); write one JSON object on each line")
    except ArticleError as error:
        return error
    if not isinstance(row, dict):
        return ArticleError('it is not a JSON object; write {"id": …, "title": …, "text": …} on each line')
    return row


def _table_rows(text: str) -> Iterator[tuple[int, Row | ArticleError]]:
    """Yield the rows of a table with a column of text; one without it is an article itself."""
    table = read_delimited(text, lambda names: "text" in map(_field, names))
    if table is None:
        yield 0, _whole_table(text)
        return
    fields = [_field(name) for name in table.names]
    place = fields.index("text")
    for number, row in table.rows:
        more = len(row) - len(fields)
        if more > 0:  # separators within the text that no quotation marks guard
            row[place : place + more + 1] = [
                ", ".join(cell.strip() for cell in row[place : place + more + 1])
            ]
        pairs = dict(zip(table.names, row, strict=False))
        made = _row(_flat(pairs))
        removed = tuple(Removed(line, "above-header") for line in table.above)
        document = Document(made.document.blocks, made.document.metadata, removed)
        yield number, Row(made.id, made.key, document)


def _whole_table(text: str) -> Row:
    """Read a table of figures as one article; lines with a single cell above it are its title."""
    rows = [[cell.strip() for cell in row] for row in cells(text)]
    titles: list[str] = []
    while rows and sum(map(bool, rows[0])) == 1 and len(rows) > 1:
        titles.append(next(filter(None, rows.pop(0))))
    width = max(map(len, rows), default=0)
    if width < 2 or len(rows) < 2:
        raise ArticleError(
            "it is no table with a column named 'text', nor one of figures; check its separators"
        )
    grid = [tuple(row + [""] * (width - len(row))) for row in rows]
    blocks = (*(Block("paragraph", title) for title in titles), Block("table", table=as_table(grid)))
    return Row("", "", Document(blocks, Metadata(title=titles[0] if titles else "")))


def _row(told: Mapping[str, str]) -> Row:
    fields: dict[str, str] = {}
    for name in sorted(told, key=lambda name: _ORDER.get(_name(name), len(_ORDER))):
        if told[name].strip():
            fields.setdefault(_field(name), told[name].strip())
    text = fields.get("text", "")
    metadata = Metadata(
        **{key: _bare(fields.get(key, "")) for key in ("title", "author", "place", "lead", "number")},
        date=fields.get("date", ""),
        url=fields.get("url", ""),
    )
    said = json.dumps([text, metadata.title, metadata.date, metadata.lead], ensure_ascii=False)
    blocks = tuple(_html_blocks(text) if _MARKUP.search(text) else text_blocks(_unescaped(text)))
    return Row(
        fields.get("id", ""), hashlib.sha256(said.encode()).hexdigest()[:10], Document(blocks, metadata)
    )


def _field(name: str) -> str:
    return _FIELDS.get(_name(name), "")


def _name(name: str) -> str:
    return re.sub(r"[^a-z]", "", fold(normalise(name.rpartition(".")[2])))


def _flat(row: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Give the fields of an object as text, those of objects within it with a dot, after its own."""
    told: dict[str, str] = {}
    inner: dict[str, str] = {}
    for key, value in row.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and depth < 3:
            inner |= _flat(value, f"{name}.", depth + 1)
        else:
            text = _text(value, "\n\n" if _field(str(key)) == "text" else ", ")
            if text:
                told[name] = text
    return told | inner


def _text(value: object, between: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if isinstance(value, list):
        return between.join(filter(None, (_text(item, between) for item in value)))
    if isinstance(value, dict):
        return next(
            (str(value[key]) for key in ("text", "content", "name") if isinstance(value.get(key), str)), ""
        )
    return ""


def _unescaped(text: str) -> str:
    return html.unescape(text) if _ENTITY.search(text) else text


def _bare(text: str) -> str:
    """Take marks and entities out of a field that is one line."""
    return _unescaped(re.sub(r"<[^<>]{1,200}>", " ", text) if _MARKUP.search(text) else text)


def _html_blocks(text: str) -> list[Block]:
    """Give all blocks of a piece of a web page: whoever exported it has chosen the article already."""
    from index.ingest.web.blocks import page_blocks
    from index.ingest.web.html import parse_page

    blocks = page_blocks(parse_page(f"<html><body>{text}</body></html>"))
    return [Block(block.kind, block.text, block.table) for block in blocks]
