"""The article of a saved web page, without its menus, side columns and footers.

trafilatura says what the article is about; the blocks are our own, since it glues the lines of cells and
knows no ``rowspan``, and what it leaves out in the midst of the article is put back.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.ingest.document import Block, Document, Removed, Table
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.ingest.plain import text_blocks
from index.ingest.rows.packed import read_bytes
from index.ingest.web.blocks import PageBlock, mark_struck, page_blocks
from index.ingest.web.metadata import page_metadata, page_title, structured_text
from index.ingest.web.select import select

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_EXPORTED = re.compile(
    r"""<(?:body[^<>]* class=["'](?:[^"'<>]* )?doc-content|div[^<>]* class=["'](?:[^"'<>]* )?_a6-g)[ "']"""
)
"""How Google Docs and Facebook mark what they write for its owner: all of such a page is content.

Many sites name a part of a page ``doc-content``, with a menu beside it; only Google names the whole so.  No tag is
searched beyond the next ``<``: the time would grow with the square of tags that never end.
"""
_PROSE_CHARS = 60
"""Characters from which on a line is text, not what a page prints between its heading and the text."""
_MOST_WRITTEN = 2
"""How many times as long as what is seen of a page the article in its structured data is, where a program draws it."""


def read_html(path: Path, limits: Limits) -> Document:
    """Read a saved web page."""
    return read_page(decode(read_bytes(path, limits)))


def read_page(html: str) -> Document:
    """Take the article out of a page; all other text of it is ``removed``.

    Raises ArticleError where the page holds no text.
    """
    root = parse_page(html)
    if _EXPORTED.search(html):
        shown, aside = whole_page(html)
        return Document(tuple(shown), page_metadata(root, ()), tuple(aside))
    mark_struck(root, _sheets(root))
    found = page_blocks(root)
    blocks = [block for block in found if not block.removed]
    written = list(text_blocks(structured_text(root)))
    if not any(char.isalnum() for block in blocks for char in block.whole):
        if written:
            return Document(tuple(written), page_metadata(root, ()))
        raise ArticleError(
            "the page holds no text; save it from the browser again, as a complete web page", code="empty"
        )
    kept, heading = select(blocks, main_text(html), page_title(root))
    chosen = [block for block, keep in zip(blocks, kept, strict=True) if keep]
    left = [block for block, keep in zip(blocks, kept, strict=True) if not keep]
    metadata = page_metadata(
        root, chosen, "" if heading is None else blocks[heading].text, _below(blocks, heading, kept)
    )
    if _chars(written) > _MOST_WRITTEN * sum(len(block.whole) for block in chosen):
        return Document(tuple(written), metadata, tuple(_removed(blocks, found)))
    return Document(tuple(_joined(chosen)), metadata, tuple(_removed(left, found)))


def _sheets(root: HtmlElement) -> Iterator[str]:
    """The style sheets that stand in a page itself."""
    return (style.text or "" for style in root.iter("style"))


def _removed(left: Sequence[PageBlock], found: Sequence[PageBlock]) -> Iterator[Removed]:
    """Tell what is not in the article: blocks that were left out, and those that are no text at all."""
    for block in [*left, *(block for block in found if block.removed)]:
        if any(map(str.isalnum, block.whole)):
            yield Removed(block.whole, block.removed or "outside-article")


def _joined(blocks: Sequence[PageBlock]) -> Iterator[Block]:
    """Give the blocks, the rows of a table joined with its header where that is a table by itself."""
    header: Table | None = None
    for block in blocks:
        table = block.table
        if header is not None and table is not None and len(header.rows[0]) == len(table.rows[0]):
            if not table.header_rows:
                table = Table((*header.rows, *table.rows), len(header.rows))
        elif header is not None:
            yield Block("table", "", header)
        header = table if table is not None and _is_header(block, table) else None
        if header is None:
            yield Block(block.kind, block.text, table)
    if header is not None:
        yield Block("table", "", header)


def _is_header(block: PageBlock, table: Table) -> bool:
    """Whether a table is nothing but the names of columns."""
    return len(table.rows) == 1 and next(block.element.iter("td"), None) is None


def _below(blocks: Sequence[PageBlock], heading: int | None, kept: Sequence[bool]) -> Sequence[PageBlock]:
    """The lines between the heading and the article, where pages tell when it was published."""
    if heading is None:
        return ()
    places = range(heading + 1, len(blocks))
    end = next((at for at in places if kept[at] and len(blocks[at].whole) >= _PROSE_CHARS), heading + 1)
    return blocks[heading + 1 : end]


def _chars(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def whole_page(html: str, sheets: Sequence[str] = ()) -> tuple[list[Block], list[Removed]]:
    """Give all blocks that are shown of a page which is nothing but its text: a chapter, a letter; and the others.

    ``sheets`` are style sheets beside those of the page itself.
    """
    from lxml import etree

    try:
        root = _parsed(html)
    except etree.ParserError:  # it holds comments at most
        return [], []
    mark_struck(root, [*sheets, *_sheets(root)])
    found = page_blocks(root, shown_only=True)
    hidden = [block for block in found if block.hidden and any(map(str.isalnum, block.whole))]
    return (
        [Block(block.kind, block.text, block.table) for block in found if not block.hidden],
        [Removed(block.whole, block.removed or "hidden") for block in hidden],
    )


def parse_page(html: str) -> HtmlElement:
    """Parse a page; raises ArticleError where it is none."""
    from lxml import etree

    try:
        return _parsed(html)
    except (etree.ParserError, ValueError) as error:
        raise ArticleError(
            f"it cannot be read as a web page ({error}); save it from the browser again"
        ) from error


def main_text(html: str) -> str:
    """Give the text that trafilatura takes for the main one of a page, ``""`` where it finds none."""
    import trafilatura

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text: str | None = trafilatura.extract(html, include_comments=False, include_tables=True)
    return text or ""


def _parsed(html: str) -> HtmlElement:
    from lxml.html import HTMLParser, document_fromstring

    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
    return document_fromstring(html, parser=HTMLParser(remove_comments=True, remove_pis=True))
