"""Tables of a PDF page that are drawn without lines: cells stand under each other, with white between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from index.ingest.pdf.content.page import Rule
from index.ingest.pdf.lines import Segment, Word
from index.ingest.pdf.ruled import PageTable
from index.ingest.rows.grid import Cell, is_number, make_grid

Line = list[Segment]

_BULLET = re.compile(r"[-–—•●○▪■□*+➢✓o]|(?:\d{1,2}|[a-zđA-ZĐIVXivx]{1,4})[.)]|\(\w{1,2}\)")
_FARTHEST = 2.6
"""Of the letters' size: the white between two rows of one table."""
_NARROWEST_GUTTER = 2.0
_CROSSING = 0.12
"""The share of lines that may cross the white between two columns: names over several columns."""
_TEXT_WORDS = 4
_SENTENCE_WORDS = 6
"""A line by itself of so many words that ends as a sentence is the text below a table."""
_LEADER = re.compile(r"[.…_]{4,}$")
"""Dots that lead from a name to its page: a table of contents, or a form to be filled in."""
_FILLED = 0.7
_CELL_SPACE = 0.4
"""Of the letters' size: a space as wide as this, where two columns meet, parts two cells."""
_WORDS_APART = 0.5
"""The same between two words: in a text that is set to both margins spaces are wide too."""
_LEAST_ROWS = 3
_LEAST_STARTS, _NEARER = 2, 0.85
"""Rows from which their distance is known, and how much nearer the lines of one cell lie."""
_OVERLAP = 0.5
"""Points by which something lies over a column at least."""


def find_aligned(lines: Sequence[Line], rules: Sequence[Rule] = ()) -> Iterator[Line | PageTable]:
    """Yield the lines in their order, those of a table as one table."""
    number = 0
    while number < len(lines):
        is_row = len(lines[number]) > 1 and not _LEADER.search(lines[number][0].text)
        end = _end(lines, number) if is_row else number
        table = _table(lines[number:end], rules) if end > number + 1 else None
        if table is None:
            yield lines[number]
            number += 1
        else:
            yield table
            number = end


def _end(lines: Sequence[Line], start: int) -> int:
    """Where the run of lines ends that may be one table: the last line with two cells, or what its cells go on with."""
    size = median(segment.size for segment in lines[start])
    end = number = start + 1
    width = _right(lines[start]) - lines[start][0].x0
    while number < len(lines):
        line = lines[number]
        if min(segment.y0 for segment in line) - max(s.y1 for s in lines[number - 1]) > _FARTHEST * size:
            break
        if _LEADER.search(line[0].text) or (len(line) == 1 and _is_sentence(line[0].text)):
            break
        if len(line) > 1:
            end = number + 1
            width = max(width, _right(line) - line[0].x0)
        elif number - end >= 2 or line[0].x1 - line[0].x0 > 0.6 * width:
            break
        number += 1
    if end < len(lines) and len(lines[end]) == 1 and _goes_on(lines[end][0]) and end < number:
        end += 1
    return end


def _is_sentence(text: str) -> bool:
    return text.endswith(".") and text[:1].isupper() and len(text.split()) >= _SENTENCE_WORDS


def _table(lines: Sequence[Line], rules: Sequence[Rule]) -> PageTable | None:
    columns = _columns(lines)
    rows = [line for line in lines if len(line) > 1]
    if len(columns) < 2 or not _is_table(rows, columns):
        return None
    cells: list[Cell] = []
    number = -1
    last = lines[0]
    closer = _closer_lines(lines, columns[0][1])
    for line in lines:
        read = _cells(line, columns)
        goes_on = line[0].base in closer or _continues(read, cells, number, last, line, rules)
        if number < 0 or not goes_on:
            number += 1
        for first, end, text in read:
            _put(cells, number, first, end, text)
        last = line
    top, bottom = min(s.y0 for s in lines[0]), max(s.y1 for s in lines[-1])
    return PageTable(
        columns[0][0], top, columns[-1][1], bottom, make_grid(cells), tuple(left for left, _ in columns)
    )


def _put(cells: list[Cell], row: int, first: int, end: int, text: str) -> None:
    """Add a cell; what would lie over others of its row becomes one with them."""
    while True:
        over = next(
            (c for c in cells if c.row == row and c.column < end and first < c.column + c.columns), None
        )
        if over is None:
            cells.append(Cell(row, first, text, 1, end - first))
            return
        cells.remove(over)
        first, end, text = (
            min(first, over.column),
            max(end, over.column + over.columns),
            f"{over.text}\n{text}",
        )


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The spans of the columns: where hardly any line has ink there is white between two of them."""
    rows = [line for line in lines if len(line) > 1]
    allowed = max(1 if len(rows) > 2 else 0, int(_CROSSING * len(rows)))
    events = sorted(
        [(segment.x0, 1) for line in rows for segment in line]
        + [(segment.x1, -1) for line in rows for segment in line]
    )
    columns: list[tuple[float, float]] = []
    depth, start, inside = 0, 0.0, False
    for x, change in events:
        depth += change
        if not inside and depth > allowed:
            start, inside = x, True
        elif inside and depth <= allowed:
            if columns and start - columns[-1][1] < _NARROWEST_GUTTER:
                start = columns.pop()[0]
            columns.append((start, x))
            inside = False
    return list(_parted(columns, rows))


def _parted(columns: Sequence[tuple[float, float]], rows: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """Part columns that stand so near each other that no wide gap is between: all rows have a space there.

    In text the spaces of lines do not lie under each other, and few are as wide.
    """
    lines = [[word for segment in line for word in segment.words] for line in rows]
    words = sorted((word for line in lines for word in line), key=lambda word: word.x0)
    gutters: list[tuple[float, float]] = []
    reach = words[0].x1
    for word in words[1:]:
        if word.x0 > reach and _parts(reach, word.x0, lines):
            gutters.append((reach, word.x0))
        reach = max(reach, word.x1)
    for start, end in columns:
        for left, right in gutters:
            if start < left and right < end:
                yield start, left
                start = right
        yield start, end


def _parts(left: float, right: float, lines: Sequence[Sequence[Word]]) -> bool:
    """Whether the white between two places parts columns: in several rows, and widely in each."""
    both = 0
    for line in lines:
        before = max((word for word in line if word.x1 <= left), key=lambda word: word.x1, default=None)
        after = min((word for word in line if word.x0 >= right), key=lambda word: word.x0, default=None)
        if before is None or after is None:
            continue
        least = _CELL_SPACE if is_number(before.text) or is_number(after.text) else _WORDS_APART
        if after.x0 - before.x1 < least * after.size:
            return False
        both += 1
    return both >= _LEAST_ROWS


def _is_table(rows: Sequence[Line], columns: Sequence[tuple[float, float]]) -> bool:
    held: list[list[str]] = [[] for _ in columns]
    filled: list[list[float]] = [[] for _ in columns]
    for line in rows:
        for first, end, text in _cells(line, columns):
            if end == first + 1:
                held[first].append(text)
        for segment in line:
            for column, (left, right) in enumerate(columns):
                if left - 1 <= segment.x0 and segment.x1 <= right + 1:
                    filled[column].append((segment.x1 - segment.x0) / max(1.0, right - left))
    if len(rows) < 2 or any(not texts for texts in held):
        return False
    if all(median(len(text.split()) for text in texts) >= _TEXT_WORDS for texts in held) and all(
        widths and median(widths) >= _FILLED for widths in filled
    ):
        return False  # columns of prose
    if len(columns) == 2:
        if all(_BULLET.fullmatch(text) for text in held[0]):
            return False  # a list with its numbers
        numbers = sum(map(is_number, held[1])) * 2 > len(held[1])
        return len(rows) >= 3 or numbers
    return True


def _cells(line: Line, columns: Sequence[tuple[float, float]]) -> list[tuple[int, int, str]]:
    """What a line holds of each cell: first column, the one after its last, text."""
    found: list[tuple[int, int, list[Word]]] = []
    for segment in line:
        begins = True
        for phrase in _phrases(segment):
            first, end = _covered(phrase[0].x0, phrase[-1].x1, columns)
            if not begins and first < found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], end), [*found[-1][2], *phrase])
            else:
                found.append((first, end, phrase))
            begins = False
    joined: list[tuple[int, int, str]] = []
    for first, end, words in found:
        text = " ".join(word.text for word in words)
        if joined and joined[-1][1] > first:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]), f"{joined[-1][2]} {text}")
        else:
            joined.append((first, end, text))
    return joined


def _phrases(segment: Segment) -> list[list[Word]]:
    """Part a segment at the spaces that may part two cells."""
    phrases = [[segment.words[0]]]
    for before, word in pairwise(segment.words):
        if word.x0 - before.x1 > _CELL_SPACE * word.size:
            phrases.append([])
        phrases[-1].append(word)
    return phrases


def _covered(x0: float, x1: float, columns: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """The first column that something lies over and the one after the last, the nearest where it lies over none."""
    over = [n for n, (left, right) in enumerate(columns) if min(x1, right) - max(x0, left) > _OVERLAP]
    if not over:
        middle = (x0 + x1) / 2
        near = min(
            range(len(columns)), key=lambda n: max(columns[n][0] - middle, middle - columns[n][1], 0.0)
        )
        over = [near]
    return over[0], over[-1] + 1


def _closer_lines(lines: Sequence[Line], first_end: float) -> set[float]:
    """Give the lines (by where they stand) that hold nothing of the first column and lie nearer than rows do.

    Empty where they do not all lie nearer to the line above than the lines that begin a row, where they are many, or
    where one is a number: then each is a row.
    """
    starts, others = list[float](), dict[float, float]()
    for above, line in pairwise(lines):
        distance = line[0].base - above[0].base
        if line[0].x0 < first_end:
            starts.append(distance)
        elif any(is_number(segment.text) for segment in line):
            return set()
        else:
            others[line[0].base] = distance
    if not others or len(starts) < max(_LEAST_STARTS, len(others)):
        return set()
    if max(others.values()) > _NEARER * min(starts):
        return set()
    return set(others)


def _continues(
    read: Sequence[tuple[int, int, str]],
    cells: Sequence[Cell],
    number: int,
    last: Line,
    line: Line,
    rules: Sequence[Rule],
) -> bool:
    """Whether a line goes on with the cells of the row above: no line between, and text that goes on."""
    top, bottom = max(segment.base for segment in last), min(segment.base for segment in line)
    left, right = line[0].x0, _right(line)
    if any(
        top <= rule.y0 <= bottom and rule.x0 <= left + 2 and rule.x1 >= right - 2
        for rule in rules
        if rule.y0 == rule.y1
    ):
        return False
    above = {cell.column: cell.text for cell in cells if cell.row == number}
    if any(is_number(text) for _, _, text in read) or len(read) * 2 > max(2, len(above)) + 1:
        return False
    return all(first in above and _goes_on_text(text, above[first]) for first, _, text in read)


def _goes_on(segment: Segment) -> bool:
    return segment.text[:1].islower()


def _goes_on_text(text: str, above: str) -> bool:
    return text[:1].islower() or text[:1] in "(&" or above.endswith((",", "-", "–", "("))


def _right(line: Line) -> float:
    return max(segment.x1 for segment in line)
