"""The reading order of a PDF page: columns one after the other, lines joined to paragraphs, tables in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from index.ingest.document import BlockKind
from index.ingest.pdf.aligned import Line, find_aligned
from index.ingest.pdf.content.page import Rule
from index.ingest.pdf.lines import Segment
from index.ingest.pdf.ruled import PageTable
from index.text.normalise import CAPITAL

_LEAST_LINES = 5
"""Lines that a column of prose has at least."""
_PROSE_WORDS = 3
_FILLED = 0.6
_BEGINS_ITEM = re.compile(
    r"(?:[-–—•●○▪■➢✓*+]|\d{1,3}(?:\.\d{1,2})*[.)/]|[a-zđ]\)|\([a-zđ\d]{1,2}\)|[IVXLC]{1,5}[.)])\s|"
    rf"(?:\d{{1,2}}[.)]|[a-zđ]\))[{CAPITAL}]|"
    r"(?:Điều|Chương|Mục|Phần|Khoản|Phụ lục)\s+[\dIVXLC]+\b"
)
_ENDS = (".", "!", "?", ":", ";", "”", '"')
_RIGHT_MARGIN = 1.3
"""Times the left margin of a page: its right margin is hardly ever wider."""
_GUTTER = 12.0
"""Points of white between two columns."""
_DEEPEST = 3
_LOOSE = 1.3
"""Times the usual distance of lines from which on a paragraph is over."""
_RAGGED = 0.25
"""The part of its width by which a line of running text may fall short."""
_OTHER_SIZE = 1.08
_HEADING_SIZE = 1.15
_LONGEST_HEADING = 200


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; ``y0`` and ``y1`` tell where on the page they stand."""

    kind: BlockKind
    text: str
    y0: float
    y1: float
    lines: int = 1


def read_page(
    lines: Sequence[Line], tables: Sequence[PageTable], rules: Sequence[Rule], width: float
) -> list[Paragraph | PageTable]:
    """Order what stands on a page and join its lines.

    ``tables`` are those that were found by their rules, ``width`` is that of the page, in points.
    """
    segments = [(number, segment) for number, line in enumerate(lines) for segment in line]
    margin = min((segment.x0 for _, segment in segments), default=0.0)
    whole = _Column([*segments, *tables], width - _RIGHT_MARGIN * margin)
    page = _Page(rules, _body_size(lines))
    return [item for column in _columns(whole) for item in _items(column, page)]


@dataclass(frozen=True, slots=True)
class _Page:
    """What holds for a whole page: its lines that are drawn, and the size of most letters."""

    rules: Sequence[Rule]
    body: float


_Piece: TypeAlias = "tuple[int, Segment] | PageTable"
"""A segment with the number of its line, or a table."""


@dataclass(frozen=True, slots=True)
class _Column:
    """What is read from top to bottom, and how far to the right its lines may reach."""

    pieces: list[_Piece]
    edge: float


def _items(column: _Column, page: _Page) -> Iterator[Paragraph | PageTable]:
    run: dict[int, Line] = {}
    for piece in sorted(column.pieces, key=_height):
        if isinstance(piece, PageTable):
            yield from _run_items(run, column.edge, page)
            run = {}
            yield piece
        else:
            run.setdefault(piece[0], []).append(piece[1])
    yield from _run_items(run, column.edge, page)


def _run_items(run: dict[int, Line], edge: float, page: _Page) -> Iterator[Paragraph | PageTable]:
    prose: list[Line] = []
    for item in find_aligned([sorted(run[number], key=_left) for number in sorted(run)], page.rules):
        if isinstance(item, PageTable):
            yield from _paragraphs(prose, edge, page.body)
            prose = []
            yield item
        else:
            prose.append(item)
    yield from _paragraphs(prose, edge, page.body)


def _left(segment: Segment) -> float:
    return segment.x0


def _box(piece: _Piece) -> Segment | PageTable:
    return piece if isinstance(piece, PageTable) else piece[1]


def _height(piece: _Piece) -> tuple[float, float]:
    box = _box(piece)
    return (box.y0 if isinstance(box, PageTable) else box.base - 0.7 * box.size, box.x0)


def _columns(whole: _Column, depth: int = 0) -> list[_Column]:
    """Cut a page into runs that are read from top to bottom; what lies across columns parts those above from below."""
    segments = [piece[1] for piece in whole.pieces if not isinstance(piece, PageTable)]
    gutter = _gutter(segments) if depth < _DEEPEST else None
    if gutter is None:
        return [whole] if whole.pieces else []
    cut: list[_Column] = []
    across: list[_Piece] = []
    band: list[_Piece] = []
    for piece in [*sorted(whole.pieces, key=_height), None]:
        lies_across = piece is not None and _box(piece).x0 < gutter < _box(piece).x1
        if piece is None or lies_across:
            if band:
                cut += [_Column(across, whole.edge)] if across else []
                left = [item for item in band if _box(item).x0 < gutter]
                right = [item for item in band if _box(item).x0 >= gutter]
                cut += _columns(_Column(left, gutter - _GUTTER), depth + 1)
                cut += _columns(_Column(right, whole.edge), depth + 1)
                across, band = [], []
            across += [piece] if piece is not None else []
        else:
            band.append(piece)
    return cut + ([_Column(across, whole.edge)] if across else [])


def _gutter(segments: Sequence[Segment]) -> float | None:
    """Where a column of prose begins beside another one, ``None`` on a page of one column."""
    starts = sorted(segment.x0 for segment in segments)
    best: tuple[int, float] | None = None
    for place in sorted({round(start) for start in starts}):
        x = place - 2.0
        right = [segment for segment in segments if segment.x0 >= x]
        begins = [segment for segment in right if abs(segment.x0 - place) < 3]
        left = [segment for segment in segments if segment.x1 <= x]
        if len(begins) < _LEAST_LINES or len(left) < _LEAST_LINES:
            continue
        crossing = len(segments) - len(right) - len(left)
        if crossing > min(len(left), len(right)) or not (_is_prose(left) and _is_prose(right)):
            continue
        if best is None or crossing < best[0]:
            best = (crossing, x)
    return best[1] if best is not None else None


def _is_prose(segments: Sequence[Segment]) -> bool:
    widths = [segment.x1 - segment.x0 for segment in segments]
    return (
        median(len(segment.words) for segment in segments) >= _PROSE_WORDS
        and median(widths) >= _FILLED * sorted(widths)[-max(1, len(widths) // 10)]
        and sum(any(char.isalpha() for char in segment.text) for segment in segments) >= 0.8 * len(segments)
    )


def _body_size(lines: Sequence[Line]) -> float:
    segments = [segment for line in lines for segment in line]
    sizes = [size for of in segments for size in [of.size] * max(1, len(of.text) // 10)]
    return median(sizes) if sizes else 0.0


def _paragraphs(lines: Sequence[Line], edge: float, body: float) -> Iterator[Paragraph]:
    """Join the lines that belong together: runs of even distance, and in them those that go on."""
    joined = [Segment(tuple(word for segment in line for word in segment.words)) for line in lines]
    if not joined:
        return
    pitches = sorted(after.base - before.base for before, after in pairwise(joined))
    usual = pitches[len(pitches) // 4] if pitches else 0.0
    right = max(edge, sorted(line.x1 for line in joined)[-max(1, len(joined) // 20 + 1)])
    run = [joined[0]]
    for before, after in pairwise(joined):
        if _is_apart(before, after, usual):
            yield from _run_paragraphs(run, right, body)
            run = []
        run.append(after)
    yield from _run_paragraphs(run, right, body)


def _run_paragraphs(run: Sequence[Segment], right: float, body: float) -> Iterator[Paragraph]:
    """Join the lines of a run, unless none of many begins as if it went on: an agenda, a poem, a list of names."""
    prose = any(line.text[:1].islower() for line in run[1:])
    each = len(run) >= _LEAST_LINES and not prose
    group = [run[0]]
    for before, after in pairwise(run):
        if not each and _goes_on(before, after, right, group, prose):
            group.append(after)
        else:
            yield _paragraph(group, body)
            group = [after]
    yield _paragraph(group, body)


def _is_apart(before: Segment, after: Segment, usual: float) -> bool:
    """Whether white, or letters of another size or weight, part two lines."""
    pitch = after.base - before.base
    size = max(before.size, after.size)
    if pitch > 2.6 * size or (pitch > _LOOSE * usual and pitch > 1.1 * size):
        return True
    return size / max(0.1, min(before.size, after.size)) > _OTHER_SIZE or before.bold != after.bold


def _goes_on(before: Segment, after: Segment, right: float, group: Sequence[Segment], prose: bool) -> bool:
    """Whether a line goes on in the next: it begins small, or its first word had no room above."""
    if _BEGINS_ITEM.match(after.text):
        return False
    if after.text[:1].islower():
        return True
    left = min(line.x0 for line in group)
    if len(group) > 1 and after.x0 > left + 0.8 * after.size and before.x0 <= left + 0.8 * before.size:
        return False
    room = right - before.x1
    needed = after.words[0].x1 - after.words[0].x0 + 0.3 * after.size
    if before.text.endswith(_ENDS):
        return room < min(needed, _RAGGED * (right - left))
    return room < (max(needed, _RAGGED * (right - left)) if prose else needed)


def _paragraph(group: Sequence[Segment], body: float) -> Paragraph:
    text = group[0].text
    for line in group[1:]:
        hyphened = re.search(r"\w[-\u00ad]$", text) is not None and line.text[:1].islower()
        text = text.removesuffix("\u00ad") + ("" if hyphened else " ") + line.text
    kind: BlockKind = (
        "heading" if _is_heading(group, body) else "item" if _BEGINS_ITEM.match(text) else "paragraph"
    )
    return Paragraph(kind, text, group[0].y0, group[-1].y1, len(group))


def _is_heading(group: Sequence[Segment], body: float) -> bool:
    text = " ".join(line.text for line in group)
    larger = median(line.size for line in group) > _HEADING_SIZE * body
    bold = all(line.bold for line in group)
    return (
        (larger or bold)
        and len(text) < _LONGEST_HEADING
        and len(group) <= 3
        and not text.endswith((".", ";", ","))
    )


def join_over_pages(before: Paragraph, after: Paragraph) -> Paragraph | None:
    """Join the last paragraph of a page with the first of the next where it goes on there, else ``None``."""
    goes_on = after.text[:1].islower() and not _BEGINS_ITEM.match(after.text)
    if not goes_on or before.text.endswith((".", "!", "?", ":")) or after.kind == "heading":
        return None
    return replace(before, text=f"{before.text} {after.text}", lines=before.lines + after.lines)
