"""A document becomes an article: one text with the offsets of its tables and places, and what it tells of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from index.errors import ArticleError
from index.ingest.document import Document, Metadata, Place, Removed, Table
from index.ingest.encodings import mend
from index.ingest.list_folder import suffix_of
from index.ingest.metadata.dates import parse_date
from index.ingest.metadata.title_date_author import Described, describe
from index.ingest.problems import UnreadPartsError
from index.ingest.tables import (
    group_cells,
    group_rows,
    is_layout,
    layout_text,
    one_line,
    row_line,
    with_lines_apart,
    without_empty_rows,
)
from index.ingest.web.boilerplate import find_boilerplate
from index.schema import Article, Mark, StoredTable
from index.text.normalise import normalise

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the article to be; ``cells`` of a row of the table ``table``; ``gap``: an empty line stands before."""

    text: str
    gap: bool
    place: Place
    confidence: float | None = None
    cells: tuple[_Span, ...] = ()
    table: int | None = None


def to_article(document: Document, id_: str, source: str, *, crawled: bool = False) -> Article:
    """Make an article of a document; ``crawled`` ones may hold the boilerplate of the page that they were taken from.

    Raises ArticleError where it holds no text.
    """
    tables: list[Table] = []
    lines = list(_lines(document, tables))
    removed = list(document.removed)
    boilerplate = find_boilerplate([line.text for line in lines]) if crawled else set()
    lines = _without(lines, boilerplate, "boilerplate", removed)
    below = crawled and bool(lines) and 0 in boilerplate
    given = _given(document.metadata)
    described = describe([line.text if line.table is None else "" for line in lines], given, crawled, below)
    lines = _without(lines, described.outside, "page-line", removed)
    lines = _with_lead(lines, described)
    if not any(char.isalnum() for line in lines for char in line.text):
        if document.problems:
            raise UnreadPartsError(document.problems)
        raise ArticleError("it holds no text; remove it from the folder", code="empty")
    day = parse_date(given.date) if given.date else described.date
    if given.date and day is None:
        removed.append(Removed(given.date, "date-not-understood"))
    text, marks, stored = _joined(lines, tables)
    return Article(
        id=id_,
        source=source,
        title=described.title or _file_name(source),
        text=text,
        date=day,
        author=described.author,
        place=described.place,
        url=given.url if given.url.startswith(("http://", "https://")) else None,
        number=described.number,
        lead=described.lead,
        tables=stored,
        marks=marks,
        removed=tuple(removed),
        problems=document.problems,
    )


def _lines(document: Document, tables: list[Table]) -> Iterator[_Line]:
    """Yield the lines of the blocks; a table that is one is put into ``tables`` and its rows are lines."""
    before = None
    plain = cache(_plain)  # thousands of like lines are read once
    for block in document.blocks:
        place, sure = block.place, block.confidence
        gap = before is not None and not (before.kind == block.kind == "item")
        if block.table is not None and not is_layout(block.table):
            given = block.table if place.row is not None else with_lines_apart(block.table)
            kept, rows = without_empty_rows(given)
            for number, (text, cells) in zip(rows, _rows(kept), strict=True):
                row_place = replace(place, row=place.row + number) if place.row is not None else place
                yield _Line(text, gap, row_place, sure, cells, len(tables))
                gap, before = False, block
            tables.append(kept)
            continue
        texts = layout_text(block.table) if block.table is not None else block.text.split("\n")
        for text in texts:
            line = plain(text)
            if line:
                yield _Line(line, gap, place, sure)
                gap, before = False, block


def _rows(table: Table) -> Iterator[tuple[str, tuple[_Span, ...]]]:
    groups = set(group_rows(table))
    for number, row in enumerate(table.rows):
        cells = tuple(one_line(normalise(mend(cell))) for cell in row)
        labelled = group_cells(cells) if number in groups else cells
        text, spans = row_line(labelled)
        yield text, (*spans, *[spans[-1]] * (len(cells) - len(labelled)))


def _without(
    lines: list[_Line], removed_numbers: set[int], reason: str, removed: list[Removed]
) -> list[_Line]:
    """Take lines out and note them; what came after them still stands apart from what came before."""
    kept: list[_Line] = []
    gap = False
    for number, line in enumerate(lines):
        if number in removed_numbers and line.table is None:
            removed.append(Removed(line.text, reason, line.place))
            gap = gap or line.gap
        else:
            kept.append(replace(line, gap=True) if gap else line)
            gap = False
    return kept


def _with_lead(lines: list[_Line], described: Described) -> list[_Line]:
    """Put a lead that the text does not hold before it, after its title."""
    if not described.lead or any(described.lead in line.text for line in lines):
        return lines
    first = lines[0].text if lines else ""
    place = 1 if first.startswith("# ") or (first and first == described.title) else 0
    after = [replace(line, gap=True) if not number else line for number, line in enumerate(lines[place:])]
    return [*lines[:place], _Line(described.lead, True, Place()), *after]


def _joined(lines: list[_Line], tables: list[Table]) -> tuple[str, tuple[Mark, ...], tuple[StoredTable, ...]]:
    """Put the lines together, with the offsets of the cells and of the places."""
    text = ""
    parts: list[str] = []
    at = 0
    marks: list[Mark] = []
    last = Mark(0, Place())
    rows: dict[int, list[tuple[_Span, ...]]] = {}
    for line in lines:
        border = "" if not parts else "\n\n" if line.gap else "\n"
        at += len(border)
        if (line.place is not last.place and line.place != last.place) or line.confidence != last.confidence:
            last = Mark(at, line.place, line.confidence)
            marks.append(last)
        if line.table is not None:
            cells = tuple((at + start, at + end) for start, end in line.cells)
            rows.setdefault(line.table, []).append(cells)
        parts += [border, line.text]
        at += len(line.text)
    text = "".join(parts)
    stored = tuple(
        StoredTable(tuple(of), tables[number].header_rows, group_rows(tables[number]))
        for number, of in rows.items()
    )
    return text, tuple(marks), stored


def _file_name(source: str) -> str:
    """The name of a file without its ending: what tables tell of themselves who have no title."""
    name = source.rpartition("/")[2]
    return re.sub(r"[\s_]+", " ", name.removesuffix(suffix_of(name))).strip() or name


def _given(metadata: Metadata) -> Metadata:
    """Bring what the file says of itself into the form of the text."""
    return Metadata(
        **{name: _plain(getattr(metadata, name)) for name in ("title", "author", "place", "number", "lead")},
        date=metadata.date.strip(),
        url=metadata.url.strip(),
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", normalise(mend(text))).strip()
