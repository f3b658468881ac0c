"""The article of a saved web page, without its menus, side columns and footers.

trafilatura says what the article is about; the blocks are our own, since it glues the lines of cells and
knows no ``rowspan``, and what it leaves out in the midst of the article is put back.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.ingest.document import Block, Document, Removed
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.ingest.rows.packed import read_bytes
from index.ingest.web.blocks import page_blocks
from index.ingest.web.metadata import page_metadata, page_title
from index.ingest.web.select import select

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def read_html(path: Path, limits: Limits) -> Document:
    """Read a saved web page."""
    return read_page(decode(read_bytes(path, limits)))


def read_page(html: str) -> Document:
    """Take the article out of a page; all other text of it is ``removed``.

    Raises ArticleError where the page holds no text.
    """
    root = parse_page(html)
    blocks = page_blocks(root)
    if not any(char.isalnum() for block in blocks for char in block.whole):
        raise ArticleError("the page holds no text; save it from the browser again, as a complete web page")
    kept, heading = select(blocks, main_text(html), page_title(root))
    chosen = [block for block, keep in zip(blocks, kept, strict=True) if keep]
    return Document(
        tuple(Block(block.kind, block.text, block.table) for block in chosen),
        page_metadata(root, chosen, "" if heading is None else blocks[heading].text),
        tuple(
            Removed(block.whole, "outside-article")
            for block, keep in zip(blocks, kept, strict=True)
            if not keep and any(map(str.isalnum, block.whole))
        ),
    )


def whole_page(html: str) -> list[Block]:
    """Give all blocks that are shown of a page which is nothing but its text: a chapter, a letter."""
    from lxml import etree

    try:
        root = _parsed(html)
    except etree.ParserError:  # it holds comments at most
        return []
    return [Block(block.kind, block.text, block.table) for block in page_blocks(root) if not block.hidden]


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
