"""Letters of a page become words and lines by their places alone, whatever order they were drawn in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from index.ingest.pdf.content.page import Glyph

_WORD_GAP = 0.15
"""Of the letters' size: from this distance on letters belong to two words."""
_SEGMENT_GAP = 1.4
"""Of the letters' size: from this distance on words belong to two columns or cells."""
_AFTER_COMMA = 0.08
"""Of the letters' size: the distance that parts "2007, 3" where "2.007,3" has none."""
_COLUMN_GAP = 0.7
"""Of the letters' size: the gap before a word that begins where those of many lines do."""
_LEAST_BEGINS = 5
_SPACED_OUT = (0.1, 0.85)
"""Of the letters' size: between these the usual distance of a line of capitals that is spaced out."""
_SAME_LINE = 0.35
_SUPERSCRIPT = 0.82
_LONGEST_LIGATURE = 3
"""Letters that are drawn as one stand on each other too."""


class Word(NamedTuple):
    """A word with its box, the line it stands on, the size of its letters, and whether it is bold."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool


@dataclass(frozen=True)
class Segment:
    """Words of one line without a wide gap: a line of a column, or what one cell holds of a line.

    Text and size are asked for in nearly every step and worked out once, so it has no slots.
    """

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        """The words with a space between."""
        return " ".join(word.text for word in self.words)

    @property
    def x0(self) -> float:
        """Its left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Its right edge."""
        return self.words[-1].x1

    @property
    def base(self) -> float:
        """The line that it stands on."""
        return self.words[0].base

    @property
    def y0(self) -> float:
        """Its upper edge."""
        return min(word.y0 for word in self.words)

    @property
    def y1(self) -> float:
        """Its lower edge."""
        return max(word.y1 for word in self.words)

    @cached_property
    def size(self) -> float:
        """The size of most of its letters."""
        return median(word.size for word in self.words for _ in word.text)

    @property
    def bold(self) -> bool:
        """Whether all its words are bold."""
        return all(word.bold for word in self.words)


def read_upright(glyphs: Iterable[Glyph], turn: int) -> list[Glyph]:
    """Lay down letters that stand on their side or head, so that they can be read as lines."""
    if turn == 1:
        return [glyph._replace(x0=-glyph.y1, x1=-glyph.y0, y0=glyph.x0, y1=glyph.x1, base=glyph.x1, turn=0)
                for glyph in glyphs]  # fmt: skip
    if turn == 3:
        return [glyph._replace(x0=glyph.y0, x1=glyph.y1, y0=-glyph.x1, y1=-glyph.x0, base=-glyph.x0, turn=0)
                for glyph in glyphs]  # fmt: skip
    if turn == 2:
        return [glyph._replace(x0=-glyph.x1, x1=-glyph.x0, y0=-glyph.y1, y1=-glyph.y0, base=-glyph.y0, turn=0)
                for glyph in glyphs]  # fmt: skip
    return list(glyphs)


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Segment]]:
    """The lines from top to bottom, each as its segments from left to right."""
    lines = [segments for row in _rows(list(glyphs)) if (segments := _segments(row))]
    return _cut_where_columns_begin(lines)


def _cut_where_columns_begin(lines: list[list[Segment]]) -> list[list[Segment]]:
    """Cut segments also at narrower gaps, where words of many lines begin at the same place behind one."""
    begins = Counter(
        round(word.x0)
        for line in lines
        for segment in line
        for before, word in pairwise(segment.words)
        if word.x0 - before.x1 > _COLUMN_GAP * word.size
    )
    places = {
        x for x in begins if begins[x - 1] + begins[x] + begins[x + 1] >= _LEAST_BEGINS
        and sum(segment.x0 < x - 1 and x + 1 < segment.x1 and not _has_gap(segment, x) for line in lines
                for segment in line) < _LEAST_BEGINS + begins[x]
    }  # fmt: skip
    if not places:
        return lines
    return [[piece for segment in line for piece in _cut(segment, places)] for line in lines]


def _has_gap(segment: Segment, x: float) -> bool:
    return not any(word.x0 < x - 1 and x + 1 < word.x1 for word in segment.words)


def _cut(segment: Segment, places: set[int]) -> list[Segment]:
    pieces: list[list[Word]] = [[segment.words[0]]]
    for before, word in pairwise(segment.words):
        near = any(round(word.x0) + shift in places for shift in (-1, 0, 1))
        if near and word.x0 - before.x1 > _COLUMN_GAP * word.size:
            pieces.append([])
        pieces[-1].append(word)
    return [Segment(tuple(words)) for words in pieces]


def text_of(glyphs: Sequence[Glyph]) -> str:
    """The text of a cell, a line of it to a line, whichever way it is turned."""
    if not glyphs:
        return ""
    turns = [glyph.turn for glyph in glyphs]
    turn = max(set(turns), key=turns.count)
    kept = read_upright([glyph for glyph in glyphs if glyph.turn == turn], turn)
    others = [glyph for glyph in glyphs if glyph.turn != turn]
    lines = [" ".join(segment.text for segment in line) for line in lines_of(kept)]
    if others:
        lines.append(text_of(others))
    return "\n".join(lines)


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Letters that stand on one line; small raised ones belong to the line beside them."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=attrgetter("base")):
        near = rows[-1] if rows else None
        if near is not None and glyph.base - near[0].base <= _SAME_LINE * min(glyph.size, near[0].size):
            near.append(glyph)
        else:
            rows.append([glyph])
    return _with_raised(rows)


def _with_raised(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Put rows of small letters into the row that they touch from above or below."""
    merged: list[list[Glyph]] = []
    for row in rows:
        if merged and _touches(row, merged[-1]):
            small, large = sorted((row, merged[-1]), key=lambda glyphs: median(g.size for g in glyphs))
            merged[-1] = large + [glyph._replace(base=large[0].base) for glyph in small]
        else:
            merged.append(row)
    return merged


def _touches(row: list[Glyph], above: list[Glyph]) -> bool:
    small, large = sorted((row, above), key=lambda glyphs: median(glyph.size for glyph in glyphs))
    size = median(glyph.size for glyph in large)
    if median(glyph.size for glyph in small) > _SUPERSCRIPT * size or len(small) > len(large):
        return False
    if abs(small[0].base - large[0].base) > 0.6 * size:
        return False
    return any(
        abs(little.x0 - big.x1) < 0.5 * size or abs(little.x1 - big.x0) < 0.5 * size
        for little in small[:40]
        for big in large
    )


def _segments(row: list[Glyph]) -> list[Segment]:
    ordered = _once(sorted(row, key=attrgetter("x0", "x1")))
    size = median(glyph.size for glyph in ordered)
    gap_of_words = _word_gap(ordered, size)
    segments: list[list[Word]] = []
    letters: list[Glyph] = []
    spaced = False
    for glyph in ordered:
        if glyph.text.isspace():
            spaced = True
            continue
        if letters:
            gap = glyph.x0 - letters[-1].x1
            wide = gap > max(_SEGMENT_GAP * size, 1.6 * gap_of_words)
            if gap > _AFTER_COMMA * size and glyph.text.isdigit() and letters[-1].text in ",;.":
                spaced = True
            if spaced or gap > gap_of_words or _is_raised(glyph, letters[-1]) or wide:
                segments[-1].append(_word(letters))
                letters = []
                if wide:
                    segments.append([])
        else:
            segments.append([])
        letters.append(glyph)
        spaced = False
    if letters:
        segments[-1].append(_word(letters))
    return [Segment(tuple(words)) for words in segments if words]


def _word_gap(ordered: list[Glyph], size: float) -> float:
    """The distance that parts words; in a line that is spaced out it is more than that of its letters."""
    letters = [glyph for glyph in ordered if not glyph.text.isspace()]
    gaps = [after.x0 - glyph.x1 for glyph, after in pairwise(ordered)
            if not glyph.text.isspace() and not after.text.isspace()]  # fmt: skip
    usual = median(gaps) if gaps else 0.0
    least, most = _SPACED_OUT
    if len(letters) < 4 or not least * size < usual < most * size:
        return _WORD_GAP * size
    if sum(glyph.text.isalpha() for glyph in letters) < 0.5 * len(letters):
        return _WORD_GAP * size
    return 1.5 * usual + 0.1 * size


def _is_raised(glyph: Glyph, before: Glyph) -> bool:
    """Whether a number is a raised note or exponent behind another number, which it must not become part of."""
    return (
        before.text.isdigit()
        and glyph.text.isdigit()
        and not 1 / 1.2 < glyph.size / max(before.size, 0.1) < 1.2
    )


def _once(ordered: list[Glyph]) -> list[Glyph]:
    """Leave out letters that are drawn a second time upon themselves, to look bold or shadowed."""
    kept: list[Glyph] = []
    for glyph in ordered:
        near = [
            other
            for other in kept[-3:]
            if glyph.text == other.text and abs(glyph.drawn - other.drawn) > _LONGEST_LIGATURE
        ]
        if (
            not near
            or glyph.text.isspace()
            or not any(abs(glyph.x0 - other.x0) < 0.15 * glyph.size for other in near)
        ):
            kept.append(glyph)
    return kept


def _word(letters: list[Glyph]) -> Word:
    texts, _, tops, _, bottoms, _, sizes, _, bold, _ = zip(*letters, strict=True)
    return Word(
        unicodedata.normalize("NFC", "".join(texts)),
        letters[0].x0,
        min(tops),
        letters[-1].x1,
        max(bottoms),
        letters[0].base,
        sizes[0] if sizes.count(sizes[0]) == len(sizes) else median(sizes),
        all(bold),
    )
