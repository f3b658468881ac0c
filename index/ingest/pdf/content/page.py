"""What stands on a page of a PDF: letters with their places, ruled lines, filled fields, and how much are pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Glyph(NamedTuple):
    """A letter, or the value of a field: its box in points from the upper left corner, the line it stands on, its size.

    ``turn`` counts quarter turns against the clock (1: it is read upwards); -1: it stands askew.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    turn: int = 0
    bold: bool = False
    drawn: int = -1
    """Its number in the order of drawing, -1 for a field."""


class Rule(NamedTuple):
    """A straight line along an edge, horizontal where ``y0 == y1``."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page as it is drawn, in points.

    ``pictures`` is the share of it that pictures cover, ``unmapped`` the share of letters without a meaning,
    ``drawings`` the number of shapes, ``comments`` what was noted on it, ``strikes`` the lines of a reviewer that
    strike text, ``unseen`` the numbers (``drawn``) of letters that are white on white.
    """

    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule]
    pictures: float
    drawings: int
    unmapped: float
    comments: list[str]
    cut: bool = False
    strikes: list[Rule] = field(default_factory=list)
    unseen: frozenset[int] = frozenset()
