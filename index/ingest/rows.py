"""Files of rows: JSON Lines, plain or packed, and tables."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import ArticleError
from index.ingest.document import Document, Metadata
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.ingest.plain import text_blocks

ROW_SUFFIXES = (".jsonl", ".jsonl.gz", ".csv", ".tsv")
_TEXT_KEYS = ("text", "content", "body", "noi_dung", "nội dung")
_TITLE_KEYS = ("title", "headline", "tieu_de", "tiêu đề")
_DATE_KEYS = ("date", "published", "publish_date", "published_at", "ngay", "ngày", "ngay_dang", "ngày đăng")
_AUTHOR_KEYS = ("author", "tac_gia", "tác giả")
_URL_KEYS = ("url", "link", "source")
_PLACE_KEYS = ("place", "location", "dia_phuong", "địa phương")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as a document, and its own id, ``""`` where it has none."""

    id: str
    document: Document


def read_rows(path: Path, suffix: str, limits: Limits) -> Iterator[tuple[int, Row | ArticleError]]:
    """Yield the number of each line on which a row begins, and the row or why it cannot be read.

    Raises ArticleError where the file is no table, or has no column with text.
    """
    rows = json_rows(path, limits.line_bytes) if ".jsonl" in suffix else table_rows(path, _TEXT_KEYS)
    for line, row in rows:
        yield line, row if isinstance(row, ArticleError) else _row(row)


def _row(row: Mapping[str, str]) -> Row:
    metadata = Metadata(
        title=_first(row, _TITLE_KEYS),
        date=_first(row, _DATE_KEYS),
        author=_first(row, _AUTHOR_KEYS),
        place=_first(row, _PLACE_KEYS),
        url=_first(row, _URL_KEYS),
    )
    return Row(row.get("id") or "", Document(tuple(text_blocks(_first(row, _TEXT_KEYS))), metadata))


def _first(row: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((row[key].strip() for key in keys if row.get(key, "").strip()), "")


def json_rows(path: Path, largest: int) -> Iterator[tuple[int, dict[str, str] | ArticleError]]:
    """Yield the number of each line that is not empty, and its fields or why it has none.

    One line is held at a time, and none longer than ``largest`` bytes.
    """
    with _open(path) as stream:
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
                yield number, _json_fields(line.removeprefix(b"\xef\xbb\xbf"))


def _json_fields(line: bytes) -> dict[str, str] | ArticleError:
    try:
        row = json.loads(decode(line))
    except (ValueError, RecursionError) as error:
        return ArticleError(f"it is not a line of JSON ({error}); write one JSON object on each line")
    except ArticleError as error:
        return error
    if not isinstance(row, dict):
        return ArticleError('it is not a JSON object; write {"id": …, "title": …, "text": …} on each line')
    return {
        str(key).lower(): str(value) for key, value in row.items() if isinstance(value, str | int | float)
    }


def table_rows(path: Path, text_names: Sequence[str]) -> Iterator[tuple[int, dict[str, str] | ArticleError]]:
    """Yield the number of the line on which each row begins, and its fields by the names in the first line.

    Raises ArticleError where none of them is one of ``text_names``, or the file is no table.
    """
    text = decode(path.read_bytes())
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if not set(names) & set(text_names):
            raise ArticleError(
                f"it has no column named 'text' (its columns: {', '.join(names) or 'none'}); name one so"
            )
        began = reader.line_num + 1
        for row in reader:
            if any(row):
                yield began, dict(zip(names, row, strict=False))
            began = reader.line_num + 1
    except csv.Error as error:
        raise ArticleError(
            f"line {reader.line_num} is not a row of a table ({error}); check its quotation marks"
        ) from error


def _open(path: Path) -> io.BufferedIOBase:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")
