"""Files of rows: JSON Lines, plain or packed, and tables."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import ArticleError
from index.legacy import decode


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
