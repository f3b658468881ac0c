"""The blocks of a web page in reading order, whatever they are good for: text, list entries and tables as grids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.ingest.document import BlockKind, Table
from index.ingest.rows.grid import as_table

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "html", "legend", "li", "main", "menu", "nav", "noscript", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
_NO_TEXT = frozenset((
    "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "math", "meter", "object", "option",
    "progress", "rp", "rt", "script", "select", "style", "svg", "template", "textarea", "title", "video",
))
# fmt: on
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LONG_CELL = 600
_SHORT_CELL = 80
_MOST_SPAN = 60
_DEEPEST = 180
"""Elements nested deeper than this are read as text of the one above: no page of a person is so deep."""


@dataclass(slots=True)
class PageBlock:
    """A run of text between two block borders, or a table; ``linked`` of its characters are text of links.

    ``ancestors`` are the elements around it, outermost first, the block's own last; ``hidden`` ones are not shown
    when the page is opened.
    """

    ancestors: tuple[HtmlElement, ...]
    kind: BlockKind = "paragraph"
    text: str = ""
    linked: int = 0
    table: Table | None = None
    hidden: bool = False

    @property
    def element(self) -> HtmlElement:
        """The innermost element."""
        return self.ancestors[-1]

    @property
    def whole(self) -> str:
        """All its text, for comparison."""
        if self.table is None:
            return self.text
        return " ".join(cell for row in self.table.rows for cell in dict.fromkeys(row))


def page_blocks(root: HtmlElement) -> list[PageBlock]:
    """Give the blocks of a parsed page."""
    body = root.find("body")
    return list(_Walk().element(root if body is None else body, (), False))


class _Walk:
    """Goes through the elements of a page; holds the run of text that is being read."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._linked = 0
        self._marker = ""
        self._after_link = False

    def element(self, node: HtmlElement, above: tuple[HtmlElement, ...], hidden: bool) -> Iterator[PageBlock]:
        """Yield the blocks of an element of the block kind."""
        around = above if node.tag == "noscript" and above else (*above, node)
        hidden = hidden or _is_hidden(node)
        if node.tag == "table" and (grid := _data_table(node)) is not None:
            caption = node.find("caption")
            if caption is not None:
                yield PageBlock((*around, caption), text=flat(caption), hidden=hidden)
            linked = sum(len(flat(link)) for link in node.iter("a"))
            yield PageBlock(around, "table", linked=linked, table=grid, hidden=hidden)
            return
        yield from self._inside(node, around, hidden, False)
        yield from self._flush(around, hidden)

    def _inside(
        self, node: HtmlElement, around: tuple[HtmlElement, ...], hidden: bool, linked: bool
    ) -> Iterator[PageBlock]:
        self._add(node.text, linked, node)
        number = _first_number(node) if node.tag == "ol" else None
        for child in node:
            if isinstance(child.tag, str) and child.tag not in _NO_TEXT:
                if child.tag == "br":
                    self._text.append("\n")
                elif child.tag in ("dt", "dd") and not _holds_blocks(child):
                    yield from self._entry(child, around, hidden)
                elif child.tag in _BLOCKS and len(around) < _DEEPEST:
                    yield from self._flush(around, hidden)
                    if child.tag == "li":
                        self._marker = "- " if number is None else f"{number}. "
                        number = None if number is None else number + 1
                    yield from self.element(child, around, hidden)
                    if child.tag == "li":
                        self._marker = ""
                elif not _is_hidden(child):
                    if child.tag == "a" and self._text and self._after_link and not self._text[-1].isspace():
                        self._text.append(" ")  # two links of a menu without a space between them
                    yield from self._inside(child, around, hidden, linked or child.tag == "a")
            self._after_link = child.tag == "a" and not child.tail
            self._add(child.tail, linked, node)

    def _entry(self, node: HtmlElement, around: tuple[HtmlElement, ...], hidden: bool) -> Iterator[PageBlock]:
        """A term and what is said of it are one line, "- Tổng: 87"."""
        if node.tag == "dt" or not self._marker:
            yield from self._flush(around, hidden)
            self._marker = "- "
        yield from self._inside(node, (*around, node), hidden or _is_hidden(node), False)
        if node.tag == "dd":
            yield from self._flush((*around, node), hidden or _is_hidden(node))
            self._marker = ""
        else:
            self._text.append(" " if "".join(self._text).rstrip().endswith(":") else ": ")

    def _add(self, text: str | None, linked: bool, node: HtmlElement) -> None:
        if text:
            plain = text if node.tag == "pre" else re.sub(r"\s+", " ", text)
            self._text.append(plain)
            self._linked += len(plain.strip()) if linked else 0

    def _flush(self, around: tuple[HtmlElement, ...], hidden: bool) -> Iterator[PageBlock]:
        text, linked = "".join(self._text), self._linked
        self._text, self._linked = [], 0
        if not text or text.isspace():
            return
        lines = [re.sub(r"\s+", " ", line).strip() for line in text.split("\n")]
        parts = [part.strip("\n") for part in re.split(r"\n{2,}", "\n".join(lines)) if part.strip()]
        whole = sum(map(len, parts))
        for part in parts:
            kind: BlockKind = "paragraph"
            if around[-1].tag in HEADINGS:
                kind = "heading"
            elif self._marker:
                kind = "item"
            share = linked * len(part) // whole
            yield PageBlock(around, kind, self._marker + part, share, hidden=hidden)
            self._marker = ""


def flat(node: HtmlElement) -> str:
    """Give the text of an element with its lines kept apart."""
    lines: list[str] = []
    for block in _Walk().element(node, (), False):
        lines += [line for cell in (block.whole.split("\n")) for line in [cell.strip()] if line]
    return "\n".join(lines)


def _holds_blocks(node: HtmlElement) -> bool:
    return any(part.tag in _BLOCKS for part in node.iterdescendants())


def _is_hidden(node: HtmlElement) -> bool:
    return (
        "hidden" in node.attrib
        or node.get("aria-hidden") == "true"
        or _HIDDEN.search(node.get("style") or "") is not None
    )


def _first_number(node: HtmlElement) -> int:
    start = node.get("start") or "1"
    return int(start) if start.lstrip("-").isdecimal() and len(start) < 9 else 1


def _data_table(node: HtmlElement) -> Table | None:
    """Read a table that holds data; ``None`` for one that only places parts of the page side by side."""
    if node.get("role") in ("presentation", "none") or next(node.iterdescendants("table"), None) is not None:
        return None
    rows = [row for row in node.iter("tr")]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    flat_cells = [cell for row in cells for cell in row]
    if len(flat_cells) < 2 or max(map(len, cells)) < 2:
        return None
    for cell in flat_cells:
        if any(True for _ in cell.iterdescendants("h1", "h2", "form", "article", "iframe", "input")):
            return None
    texts = {cell: flat(cell) for cell in flat_cells}
    if max(map(len, texts.values())) > _LONG_CELL and not any(cell.tag == "th" for cell in flat_cells):
        return None
    grid = _grid(cells, texts)
    if len(grid) < 2 and not any(cell.tag == "th" for cell in flat_cells):
        short = max(map(len, texts.values())) < _SHORT_CELL and next(node.iterdescendants("a"), None) is None
        return Table(grid, 0) if short and len(grid) == 1 else None
    header = 0
    for row, made in zip(rows, cells, strict=True):
        parent = row.getparent()
        named = parent is not None and parent.tag == "thead"
        if not named and not (made and all(cell.tag == "th" or _is_bold(cell) for cell in made)):
            break
        header += 1
    if header >= len(grid):
        header = 0
    return as_table(grid, header)


def _is_bold(cell: HtmlElement) -> bool:
    """Tell whether all the text of a cell is in bold letters."""
    text = flat(cell)
    bold = "".join(flat(part) for part in cell.iter("b", "strong"))
    return bool(text) and re.sub(r"\s", "", bold) == re.sub(r"\s", "", text)


def _grid(cells: list[list[HtmlElement]], texts: dict[HtmlElement, str]) -> tuple[tuple[str, ...], ...]:
    """Lay the cells out, those that span several places in each of them."""
    grid: list[dict[int, str]] = [{} for _ in cells]
    for row, made in enumerate(cells):
        column = 0
        for cell in made:
            while column in grid[row]:
                column += 1
            width, height = _span(cell, "colspan", _MOST_SPAN), _span(cell, "rowspan", len(cells) - row)
            for below in range(row, min(row + height, len(cells))):
                for beside in range(column, column + width):
                    grid[below].setdefault(beside, texts[cell])
            column += width
    columns = max((max(row, default=-1) for row in grid), default=-1) + 1
    return tuple(tuple(row.get(column, "") for column in range(columns)) for row in grid if row)


def _span(cell: HtmlElement, name: str, most: int) -> int:
    told = (cell.get(name) or "1").strip()
    if not told.isdecimal() or len(told) > 6:
        return 1
    return max(1, min(int(told) or most, most))
