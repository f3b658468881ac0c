"""Rows of tables as evidence: prefers the row and narrows the answer to the cell that a question names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.ingest.rows.grid import is_number
from index.tables import TableCell, is_group, row_cells, row_in_words, rows_between
from index.text.normalise import fold, syllables
from rag.schema import Evidence

_OTHER_ROW = 4.0
"""What the logit of a row loses if the question names another row of the same table."""
_COUNTED = re.compile(r"(?<!\w)(?:bao nhieu|may) (\w+)")
_SEVERAL = re.compile(r",| và | các | những |;", re.IGNORECASE)
"""Signs of a question for more than one cell."""
_NAMED = 0.5
"""The share of a cell's syllables beyond which a question names it."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: its table, its cells, and the syllables of its first cell and of those that are no numbers.

    Syllables of the title are left out, since they distinguish no row: Pá Chiềng is a commune, Pá Chiềng Cuông a hamlet
    of it.
    """

    table: tuple[str, int]
    cells: tuple[TableCell, ...]
    names: tuple[frozenset[str], ...]


def focus_on_named_cells(question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Rank rows that a normalised question names before others of their table, and narrow their answer to one cell.

    A reader of sentences confuses similar rows, and its spans cross the borders of cells.
    """
    question_words = set(syllables(fold(question)))
    counted = _COUNTED.search(fold(question))
    noun = counted[1] if counted else ""
    rows = {number: row for number, one in enumerate(evidence) if (row := _row(one)) is not None}
    named = _rows_named(question_words, rows)
    return [
        _with_cell_span(
            one, rows[number], question_words, noun, one.supporting - _OTHER_ROW * (not named[number])
        )
        if number in rows
        else one
        for number, one in enumerate(evidence)
    ]


def cell_sentence(question: str, evidence: Evidence) -> tuple[str, int] | None:
    """The one cell of a row that a question asks for, as a line such as "Hộ cận nghèo của xã Khe Mây: 45".

    Returns the line and where the value begins in it; ``None`` where the question may ask for more than that cell.
    """
    row = _row(evidence)
    question_words = set(syllables(fold(question)))
    if row is None or _SEVERAL.search(question):
        return None
    text = evidence.hit.chunk.article.text
    names = [cell for cell in row.cells if not is_number(text[cell.start : cell.end])]
    open_cells = [cell for cell in row.cells if cell not in names[:1]]
    matches = {cell: _column_matches(cell.name, question_words) for cell in open_cells}
    best = [cell for cell, of in matches.items() if of and of == max(matches.values())]
    if len(best) != 1 or not names or (best[0].start, best[0].end) != evidence.article_span:
        return None
    of, above = names[0], row.cells[0].label.removesuffix(f"{row.cells[0].name}: ").rstrip("; ")
    who = text[of.start : of.end]
    named = set(syllables(fold(who)))
    if len(named & question_words) <= _NAMED * len(named):
        return None
    kind = syllables(of.name)
    if len(kind) == 1 and kind != syllables(who)[:1] and fold(kind[0]) != "ten":
        who = f"{of.name.lower()} {who}"
    line = f"{best[0].name} của {who}{f' ({above})' if above else ''}: "
    return line + text[best[0].start : best[0].end], len(line)


def _row(one: Evidence) -> _Row | None:
    """The row that a piece of evidence is, ``None`` for any other sentence."""
    article = one.hit.chunk.article
    for table, number in rows_between(article, one.start, one.end)[:1]:
        is_data_row = number >= table.header_rows and not is_group(table, number)
        if is_data_row and row_in_words(article, table, number) == one.text:
            cells = row_cells(article, table, number)
            texts = [article.text[cell.start : cell.end] for cell in cells]
            names = [text for place, text in enumerate(texts) if not place or not is_number(text)]
            title = frozenset(syllables(fold(article.title)))
            return _Row(
                (article.id, table.start),
                tuple(cells),
                tuple(frozenset(syllables(fold(text))) - title for text in names),
            )
    return None


def _rows_named(question_words: set[str], rows: dict[int, _Row]) -> dict[int, bool]:
    """Whether the question names a row, or none of its table."""
    tables: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, row in rows.items():
        tables[row.table].append(number)
    named: dict[int, bool] = {}
    for of in tables.values():
        everywhere = frozenset.intersection(*(frozenset().union(*rows[number].names) for number in of))
        counts = {number: _named_syllables(rows[number], question_words, everywhere) for number in of}
        best = max(counts.values())
        named |= {number: count == best for number, count in counts.items()}
    return named


def _named_syllables(row: _Row, question_words: set[str], everywhere: frozenset[str]) -> int:
    """How many syllables that distinguish the row stand in the question, in cells that it names."""
    return len(
        {
            word
            for name in row.names
            if name and len(name & question_words) > _NAMED * len(name)
            for word in name & question_words - everywhere
        }
    )


def _with_cell_span(
    one: Evidence, row: _Row, question_words: set[str], noun: str, supporting: float
) -> Evidence:
    """Narrow the answer span to one cell: that of the column which the question names, else the one that was read.

    Where it names none, the counted ``noun`` chooses the column, if only one has it in its name.
    """
    text = one.hit.chunk.article.text
    open_cells = [
        cell for cell in row.cells if not set(syllables(fold(text[cell.start : cell.end]))) <= question_words
    ]
    matches = [_column_matches(cell.name, question_words) for cell in open_cells]
    best = [cell for cell, of in zip(open_cells, matches, strict=True) if of and of == max(matches)]
    if not best and noun:
        counting = [cell for cell in open_cells if noun in syllables(fold(cell.name))]
        best = counting if len(counting) == 1 else []
    start, end = one.article_span
    read = [cell for cell in row.cells if cell.start < end and cell.end > start]
    if (len(read) == 1 and (not best or read[0] in best)) or not (best or read):
        return replace(one, supporting=supporting)
    cell = best[0] if best else next((cell for cell in read if cell in open_cells), read[0])
    begin = _begin(row.cells, cell)
    return replace(
        one,
        supporting=supporting,
        short_span=(begin, begin + cell.end - cell.start),
        article_span=(cell.start, cell.end),
    )


def _column_matches(name: str, question_words: set[str]) -> int:
    """How many syllables the parts of a column's name have that stand in the question wholly."""
    parts = [set(syllables(fold(part.partition("(")[0]))) for part in name.split(" – ")]
    return sum(len(part) for part in parts if part <= question_words)


def _begin(cells: Sequence[TableCell], wanted: TableCell) -> int:
    """Where a cell stands in the words of its row."""
    at = 0
    for number, cell in enumerate(cells):
        at += len(cell.label) + (2 if number else 0)
        if cell == wanted:
            return at
        at += cell.end - cell.start
    raise AssertionError("a cell of another row")
