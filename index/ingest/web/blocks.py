"""The blocks of a web page in reading order, whatever they are good for: text, list entries and tables as grids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.ingest.document import BlockKind, Table
from index.ingest.web.tables import data_table, is_hidden, mark_tables

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
_WHITE = re.compile(r"\s+")
_STRUCK = ("del", "s", "strike")
_LINE_THROUGH = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_STRUCK_CLASS = re.compile(r"\.([\w-]+)\s*\{[^{}]*line-through")
_STAYS = re.compile(r"\s*(?:tel:|mailto:|#?\s*$)", re.IGNORECASE)
_NUMBER_BEGINS = re.compile(r"\s*\d[\d.,]+(?!\w)")
_STOPS = ("data-to-value", "data-count", "data-end-val")
_STOPS_ELSEWHERE = ("data-target", "data-to", "data-stop")
"""The same on what is marked as a counter in another way too, since sliders and tabs are marked with them."""
_COUNTER = re.compile(r"count|number|odometer", re.IGNORECASE)
_COUNTED = re.compile(r"\d{1,15}(?:\.\d{1,6})?")
_LONGEST_ENTRY = 300
_DEEPEST = 180
"""Elements nested deeper than this are read as text of the one above: no page of a person is so deep."""


@dataclass(slots=True)
class PageBlock:
    """A run of text between two block borders, or a table; ``linked`` of its characters are text of links.

    ``ancestors`` are the elements around it, outermost first, the block's own last; ``hidden`` ones are not shown
    when the page is opened.  ``removed`` is the code of the reason why it is no text at all, ``""`` where it may be.
    """

    ancestors: tuple[HtmlElement, ...]
    kind: BlockKind = "paragraph"
    text: str = ""
    linked: int = 0
    table: Table | None = None
    hidden: bool = False
    removed: str = ""

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


def mark_struck(root: HtmlElement, sheets: Iterable[str]) -> None:
    """Make struck text of what the style sheets strike through by its class."""
    classes = {name for sheet in sheets for name in _STRUCK_CLASS.findall(sheet)}
    for node in root.iter("span", "p", "div", "li") if classes else ():
        if classes & set((node.get("class") or "").split()):
            node.tag = "s"


def page_blocks(root: HtmlElement, shown_only: bool = False) -> list[PageBlock]:
    """Give the blocks of a parsed page; ``shown_only`` where rows that it hides are none, as in an exported sheet."""
    body = root.find("body")
    mark_tables(root)
    _stop_counters(root)
    return list(_Walk(shown_only).element(root if body is None else body, (), False))


def _stop_counters(root: HtmlElement) -> None:
    """Write the number at which a counter stops, which the page holds as an attribute: its text is where it begins."""
    for node in root.iter("span", "div", "strong", "b"):
        text = (node.text or "").strip()
        counts = text == "0" or _COUNTER.search(node.get("class") or "") is not None
        names = (*_STOPS, *_STOPS_ELSEWHERE) if counts else _STOPS
        attribute_value = next((value for name in names if (value := node.get(name))), "")
        if len(node) or text not in ("", "0") or not _COUNTED.fullmatch(attribute_value):
            continue
        whole, dot, part = attribute_value.partition(".")
        between = node.get("data-delimiter") or ""
        node.text = (f"{int(whole):,}".replace(",", between) if between else whole) + dot + part


class _Walk:
    """Goes through the elements of a page; holds the run of text that is being read."""

    def __init__(self, shown_only: bool = False) -> None:
        self._shown_only = shown_only
        self._text: list[str] = []
        self._linked = 0
        self._marker = ""
        self._term = ""
        """What the entries of a list of definitions tell of."""
        self._after_link = False

    def element(self, node: HtmlElement, above: tuple[HtmlElement, ...], hidden: bool) -> Iterator[PageBlock]:
        """Yield the blocks of an element of the block kind."""
        around = above if node.tag == "noscript" and above else (*above, node)
        hidden = hidden or is_hidden(node)
        if node.tag == "table" and (read := data_table(node, flat, self._shown_only)) is not None:
            titles, grid = read
            caption = node.find("caption")
            if caption is not None:
                yield PageBlock((*around, caption), text=flat(caption), hidden=hidden)
            for row in node.iter("tr") if self._shown_only else ():
                if is_hidden(row) and (text := " | ".join(flat(cell) for cell in row)).strip(" |"):
                    yield PageBlock((*around, row), text=text, hidden=True, removed="hidden")
            for title in titles:
                yield PageBlock(around, text=title, hidden=hidden)
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
                elif child.tag in _STRUCK or _LINE_THROUGH.search(child.get("style") or ""):
                    yield from self._unread(child, around, "struck-out")
                elif _refers_to_note(child):
                    pass  # the note itself has its number
                elif child.tag in ("dt", "dd") and _is_short(child):
                    yield from self._entry(child, around, hidden)
                elif child.tag in _BLOCKS and len(around) < _DEEPEST:
                    yield from self._flush(around, hidden)
                    if child.tag == "li":
                        self._marker = "- " if number is None else f"{number}. "
                        number = None if number is None else number + 1
                    yield from self.element(child, around, hidden)
                    if child.tag == "li":
                        self._marker = ""
                elif is_hidden(child):
                    yield from self._unread(child, around, "hidden")
                else:
                    if child.tag == "a" and self._text and self._after_link and not self._text[-1].isspace():
                        self._text.append(" ")  # two links of a menu without a space between them
                    elif child.tag == "sup" and self._ends_in_digit() and (child.text or "")[:1].isdigit():
                        self._text.append("^")  # 10<sup>6</sup> is not 106
                    elif self._runs_into(child):
                        self._text.append(" ")
                    yield from self._inside(child, around, hidden, linked or _leads_away(child))
            self._after_link = child.tag == "a" and not child.tail
            self._add(child.tail, linked, node)

    def _entry(self, node: HtmlElement, around: tuple[HtmlElement, ...], hidden: bool) -> Iterator[PageBlock]:
        """A term and what is said of it are one line, "- Tổng: 87", and so is each thing more that is said of it."""
        hidden = hidden or is_hidden(node)
        if node.tag == "dt" or not self._marker:
            yield from self._flush(around, hidden)
            self._marker = "- " if node.tag == "dt" or not self._term else f"- {self._term}: "
        if _holds_blocks(node):
            self._text.append("; ".join(flat(node).split("\n")))
        else:
            yield from self._inside(node, (*around, node), hidden, False)
        if node.tag == "dd":
            yield from self._flush((*around, node), hidden)
            self._marker = ""
        else:
            self._term = re.sub(r"\s+", " ", "".join(self._text)).strip().rstrip(":").rstrip()
            self._text = [f"{self._term}: "]

    def _unread(self, node: HtmlElement, around: tuple[HtmlElement, ...], reason: str) -> Iterator[PageBlock]:
        """What is struck through or not shown within a line is no part of it."""
        if text := re.sub(r"\s+", " ", str(node.text_content())).strip():
            yield PageBlock((*around, node), text=text, hidden=True, removed=reason)

    def _runs_into(self, node: HtmlElement) -> bool:
        """Whether a number stands right behind a word of the element before: a style sheet draws them apart."""
        before = node.getprevious()
        if before is None or before.tail or node.tag != "span" or not self._text:
            return False
        return self._text[-1][-1:].isalpha() and _NUMBER_BEGINS.match(str(node.text_content())) is not None

    def _ends_in_digit(self) -> bool:
        return bool(self._text) and self._text[-1][-1:].isdigit()

    def _add(self, text: str | None, linked: bool, node: HtmlElement) -> None:
        if text:
            plain = text if node.tag == "pre" else " " if text.isspace() else _WHITE.sub(" ", text)
            self._text.append(plain)
            self._linked += len(plain.strip()) if linked else 0

    def _flush(self, around: tuple[HtmlElement, ...], hidden: bool) -> Iterator[PageBlock]:
        if not self._text:
            return
        text, linked = "".join(self._text), self._linked
        self._text, self._linked = [], 0
        if not text or text.isspace():
            return
        lines = [" ".join(line.split()) for line in text.split("\n")]
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
        if block.hidden:
            continue
        lines += [line for cell in (block.whole.split("\n")) for line in [cell.strip()] if line]
    return "\n".join(lines)


def _leads_away(node: HtmlElement) -> bool:
    """Whether an element is a link to another page: others fold a text open, dial a number or write a letter."""
    return node.tag == "a" and not _STAYS.match(node.get("href") or "")


def _refers_to_note(node: HtmlElement) -> bool:
    """Whether an element is the raised number of a footnote, which would become part of what it stands behind."""
    marks = node.iter("a") if node.tag in ("sup", "a") else ()
    is_reference = any(
        "noteref" in f"{mark.get('epub:type') or ''} {mark.get('role') or ''}" for mark in marks
    )
    return is_reference and not any(map(str.isalpha, str(node.text_content())))


def _is_short(node: HtmlElement) -> bool:
    """Whether all that is said of a term fits in its line."""
    return not _holds_blocks(node) or (
        next(node.iterdescendants("table", "dl", *HEADINGS), None) is None
        and len(flat(node)) <= _LONGEST_ENTRY
    )


def _holds_blocks(node: HtmlElement) -> bool:
    return any(part.tag in _BLOCKS for part in node.iterdescendants())


def _first_number(node: HtmlElement) -> int:
    start = node.get("start") or "1"
    return int(start) if start.lstrip("-").isdecimal() and len(start) < 9 else 1
