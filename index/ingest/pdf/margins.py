"""What stands in the margins of PDF pages: page numbers that run on, heads that repeat, stamps of scanner apps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.ingest.pdf.aligned import Line

_PAGE_NUMBER = re.compile(
    r"(?:trang|page|tr\.)?\s*[-–—|]*\s*(\d{1,5}|[ivxlc]{1,7})\s*[-–—|]*(?:\s*(?:/|of|trên)\s*\d{1,5})?",
    re.IGNORECASE,
)
_SECTION_NUMBER = re.compile(r"(?:[A-Z\d]{1,3}\s*[-–.]\s*)(\d{1,4})")
_SCANNER = re.compile(
    r"(?:scanned|quét|được quét|scan)\s*(?:with|by|bằng|bởi|with the)?\s*[\w ]{0,25}|(?:cs\s*)?camscanner|"
    r"(?:tap|adobe|genius|office)\s*(?:scanner|scan|lens)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:người ký|ký bởi|được ký bởi|signed by|digitally signed by|email|e-mail|cơ quan|tổ chức|đơn vị|chức vụ|"
    r"thời gian ký|ngày ký|signing time|date|reason|location|signature (?:valid|not verified))\s*:?.*",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"người ký|ký bởi|signed by", re.IGNORECASE)
_SIGNED_AT = re.compile(r"(?:thời gian ký|ngày ký|signing time|date)\s*:?.*\d{1,2}:\d{2}", re.IGNORECASE)
_EDGE = 0.075
"""The part of a page's height at its edges where text is no part of the page's own."""
_NEAR_EDGE = 0.12
"""Up to here it is not where white parts it from the page's own text."""
_DEEPEST = 3
_SAME_HEIGHT = 4.0
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class _Edge:
    page: int
    line: int
    text: str
    y: float
    kind: str
    parted: bool
    """Whether it stands in the margin, parted from the rest."""
    outermost: bool


def margin_lines(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> dict[tuple[int, int], str]:
    """Find the lines that are no text: (page, line) from 0 to ``page-number`` or ``running-head``.

    Page numbers are lines at the edge whose numbers run on from page to page; heads stand in the margin, at the same
    height, on more than half of at least three pages, numbers aside.
    """
    edges = [edge for number, lines in enumerate(pages) for edge in _edges(number, lines, heights[number])]
    found = _page_numbers(edges, len(pages))
    for kind in ("top", "bottom"):
        at_edge = [edge for edge in edges if edge.kind == kind and edge.parted]
        seen: dict[str, set[int]] = {}
        for edge in at_edge:
            seen.setdefault(_masked(edge.text), set()).add(edge.page)
        heights_of = Counter((_masked(edge.text), round(edge.y / _SAME_HEIGHT)) for edge in at_edge)
        for edge in at_edge:
            key = _masked(edge.text)
            level = round(edge.y / _SAME_HEIGHT)
            level_count = sum(heights_of[key, level + shift] for shift in (-1, 0, 1))
            if (
                len(seen[key]) >= 3
                and level_count >= 3
                and (2 * len(seen[key]) > len(pages) or _alternates(seen[key]))
            ):
                found.setdefault((edge.page, edge.line), "running-head")
    return found


def stamp_lines(lines: Sequence[Line]) -> dict[int, str]:
    """Find the lines of a page that a scanner app or a signature stamped on it."""
    texts = [" ".join(segment.text for segment in line) for line in lines]
    found = {number: "scanner-stamp" for number, text in enumerate(texts) if _SCANNER.fullmatch(text.strip())}
    near = [number for number, text in enumerate(texts) if _SIGNATURE.fullmatch(text.strip())]
    if any(_SIGNED_AT.search(texts[number]) for number in near) and any(
        _SIGNED.search(texts[n]) for n in near
    ):
        found |= {number: "signature-stamp" for number in near}
    return found


def _edges(page: int, lines: Sequence[Line], height: float) -> list[_Edge]:
    order = sorted(range(len(lines)), key=lambda number: lines[number][0].base)
    found = []
    for kind, sequence in (("top", order[:_DEEPEST]), ("bottom", order[::-1][:_DEEPEST])):
        for depth, number in enumerate(sequence):
            line = lines[number]
            y0, y1 = min(s.y0 for s in line), max(s.y1 for s in line)
            depth_of = (y1 if kind == "top" else height - y0) / height
            inner = sequence[depth + 1] if depth + 1 < len(sequence) else None
            white = 99.0 if inner is None else abs(lines[inner][0].base - line[0].base)
            parted = depth_of < _EDGE or (depth_of < _NEAR_EDGE and white > 1.8 * line[0].size)
            text = " ".join(segment.text for segment in line)
            found.append(_Edge(page, number, text, y0, kind, parted, depth == 0))
            if not parted and depth:
                break
    return found


def _page_numbers(edges: Sequence[_Edge], pages: int) -> dict[tuple[int, int], str]:
    """Lines whose numbers run on with the pages: two at least in a margin, nearly all where no margin tells."""
    numbered = []
    for edge in edges:
        match = _PAGE_NUMBER.fullmatch(edge.text.strip()) or _SECTION_NUMBER.fullmatch(edge.text.strip())
        if match is not None and (edge.parted or edge.outermost):
            numbered.append((edge, _value(match[1]) - edge.page))
    found: dict[tuple[int, int], str] = {}
    for kind in ("top", "bottom"):
        shifts = Counter(shift for edge, shift in numbered if edge.kind == kind and edge.parted)
        anywhere = Counter(shift for edge, shift in numbered if edge.kind == kind and edge.outermost)
        for edge, shift in numbered:
            runs_on = edge.parted and shifts[shift] >= 2
            everywhere = edge.outermost and pages >= 3 and anywhere[shift] >= max(3, pages - 1)
            if edge.kind == kind and (runs_on or everywhere):
                found[edge.page, edge.line] = "page-number"
    return found


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    values = [_ROMAN[letter] for letter in number.lower()]
    return sum(-value if value < max([*values[at + 1 :], 0]) else value for at, value in enumerate(values))


def _masked(text: str) -> str:
    return re.sub(r"\d+", "0", text).strip().casefold()


def _alternates(pages: set[int]) -> bool:
    """Whether a head stands on every other page, as those of books do."""
    ordered = sorted(pages)
    return len(ordered) >= 3 and all(after - before == 2 for before, after in pairwise(ordered))
