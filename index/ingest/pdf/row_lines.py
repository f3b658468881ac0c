"""Tables of a PDF page that are drawn with lines between their rows only, each line in pieces, one for each cell."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.ingest.pdf.content.page import Glyph, Rule
from index.ingest.rows.grid import is_number

_SAME = 1.5
"""Points within which lines lie at one height, and within which their pieces meet."""
_LEAST_PIECE = 8.0
_LEAST_COLUMNS, _LEAST_LINES = 2, 3
_MOST_LINES = 4
"""Lines that several cells of one row have beside each other."""
_NEAREST, _LINE_SPACE = 1.6, 0.8
"""Of the letters' size: how far the names of columns stand from the first line, and their lines from each other."""

_Edges = tuple[float, ...]


def implied_rules(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> list[Rule]:
    """Give the lines between columns that the ends of the pieces show, and those around the first and last row.

    The first row often has no line above it, the last one none below.
    """
    found: list[Rule] = []
    for edges, heights in _stacks(rules):
        top, bottom = heights[0], heights[-1]
        if any(
            rule.y1 - rule.y0 > _LEAST_PIECE
            and edges[0] - _SAME <= rule.x0 <= edges[-1] + _SAME
            and rule.y0 < bottom - _SAME
            and rule.y1 > top + _SAME
            for rule in rules
        ) or any(_holds_rows(edges, *band, glyphs) for band in pairwise(heights)):
            continue
        above, below = _reach(edges, top, glyphs, -1), _reach(edges, bottom, glyphs, 1)
        found += [Rule(edges[0], y, edges[-1], y) for y in {above, below} - {top, bottom}]
        found += [Rule(x, above, x, below) for x in edges]
    return found


def _stacks(rules: Sequence[Rule]) -> Iterator[tuple[_Edges, list[float]]]:
    """Lines that follow each other down the page, broken at the same places."""
    edges: _Edges = ()
    heights: list[float] = []
    for y, broken in _broken_lines(rules):
        if len(broken) != len(edges) or any(abs(a - b) > _SAME for a, b in zip(broken, edges, strict=True)):
            if len(heights) >= _LEAST_LINES:
                yield edges, heights
            edges, heights = broken, []
        heights.append(y)
    if len(heights) >= _LEAST_LINES:
        yield edges, heights


def _broken_lines(rules: Sequence[Rule]) -> Iterator[tuple[float, _Edges]]:
    """Each height at which pieces of lines meet end to end, and where they begin and end."""
    flat = sorted(
        (rule for rule in rules if rule.y1 - rule.y0 <= _SAME and rule.x1 - rule.x0 >= _LEAST_PIECE),
        key=lambda rule: (rule.y0, rule.x0),
    )
    levels: list[list[Rule]] = []
    for rule in flat:
        if levels and rule.y0 - levels[-1][0].y0 <= _SAME:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    for level in levels:
        level.sort(key=lambda rule: rule.x0)
        meets = all(abs(rule.x0 - before.x1) <= _SAME for before, rule in pairwise(level))
        if len(level) >= _LEAST_COLUMNS and meets:
            yield level[0].y0, (level[0].x0, *(rule.x1 for rule in level))


def _holds_rows(edges: _Edges, top: float, bottom: float, glyphs: Sequence[Glyph]) -> bool:
    """Whether several rows stand between two lines: text beside text again and again, or numbers below each other."""
    columns: dict[int, dict[int, str]] = {}
    for glyph in glyphs:
        if top < glyph.base < bottom and edges[0] <= glyph.x0 <= edges[-1] and not glyph.text.isspace():
            lines = columns.setdefault(bisect_right(edges, (glyph.x0 + glyph.x1) / 2), {})
            lines[round(glyph.base)] = lines.get(round(glyph.base), "") + glyph.text
    beside = Counter(base for lines in columns.values() for base in lines)
    if sum(count > 1 for count in beside.values()) > _MOST_LINES:
        return True
    return any(len(lines) > 1 and all(map(is_number, lines.values())) for lines in columns.values())


def _reach(edges: _Edges, y: float, glyphs: Sequence[Glyph], way: int) -> float:
    """How far a row reaches up (``way`` -1) or down (1) from its line: as far as text stands in most of its columns."""

    def distance(glyph: Glyph, end: float) -> float:
        return end - glyph.y1 if way < 0 else glyph.y0 - end

    beside = [
        glyph
        for glyph in glyphs
        if not glyph.text.isspace()
        and edges[0] - _SAME <= glyph.x0
        and glyph.x1 <= edges[-1] + _SAME
        and distance(glyph, y) >= -_SAME
    ]
    end, held = y, list[Glyph]()
    for glyph in sorted(beside, key=lambda glyph: distance(glyph, y)):
        if distance(glyph, end) > (_LINE_SPACE if held else _NEAREST) * glyph.size:
            break
        held.append(glyph)
        end = min(end, glyph.y0) if way < 0 else max(end, glyph.y1)
    crosses = any(glyph.x0 < x - 1 and glyph.x1 > x + 1 for glyph in held for x in edges[1:-1])
    columns = {sum(x <= (glyph.x0 + glyph.x1) / 2 for x in edges) for glyph in held}
    return y if crosses or 2 * len(columns) < len(edges) - 1 or len(columns) < 2 else end + way
