"""How tables, places, and what was removed or could not be read are written into the database: compact JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from index.ingest.document import Place, Problem, Removed
from index.ingest.list_folder import Unreadable
from index.schema import Article, Mark, StoredTable

Structure: TypeAlias = tuple[
    tuple[StoredTable, ...], tuple[Mark, ...], tuple[Removed, ...], tuple[Problem, ...]
]


def pack(article: Article) -> str:
    """Write what an article has besides its text and metadata; ``""`` where that is nothing."""
    packed = {
        "tables": [
            {"header": table.header_rows, "rows": [[list(cell) for cell in row] for row in table.rows]}
            | ({"groups": list(table.groups)} if table.groups else {})
            for table in article.tables
        ],
        "marks": [[mark.start, *_place(mark.place), mark.confidence] for mark in article.marks],
        "removed": [[item.text, item.reason, *_place(item.place)] for item in article.removed],
        "problems": _problems(article.problems),
    }
    fields = {key: value for key, value in packed.items() if value}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")) if fields else ""


def unpack(packed: str) -> Structure:
    """Read what ``pack`` has written."""
    if not packed:
        return (), (), (), ()
    fields: dict[str, list[Any]] = json.loads(packed)
    return (
        tuple(
            StoredTable(
                tuple(tuple((a, b) for a, b in row) for row in table["rows"]),
                table["header"],
                tuple(table.get("groups", ())),
            )
            for table in fields.get("tables", ())
        ),
        tuple(Mark(start, Place(*place), sure) for start, *place, sure in fields.get("marks", ())),
        tuple(Removed(text, reason, Place(*place)) for text, reason, *place in fields.get("removed", ())),
        _read_problems(fields.get("problems", ())),
    )


def pack_problems(file: str, unreadable: Iterable[Unreadable]) -> str:
    """Write what could not be read of a file; ``""`` where that is nothing."""
    rows = [
        [item.source.removeprefix(file), item.reason, _problems(item.problems), item.in_part]
        for item in unreadable
    ]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def unpack_problems(file: str, packed: str) -> Iterator[Unreadable]:
    """Read what ``pack_problems`` has written."""
    for place, reason, problems, in_part in json.loads(packed or "[]"):
        yield Unreadable(file + place, reason, _read_problems(problems), in_part)


def _problems(problems: Iterable[Problem]) -> list[list[Any]]:
    return [[code, *_place(place)] for code, place in problems]


def _read_problems(rows: Iterable[list[Any]]) -> tuple[Problem, ...]:
    return tuple((code, Place(*place)) for code, *place in rows)


def _place(place: Place) -> tuple[int | str | None, ...]:
    numbers = place.page, place.sheet, place.row
    return numbers if place.picture is None else (*numbers, place.picture)


def digest(article: Article) -> str:
    """Identify what an article says, wherever it lies."""
    fields = [article.title, article.text, str(article.date), article.author, article.place, article.url]
    more = [article.number, article.lead, pack(article)]
    if any(more):
        fields += more
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
