"""The article of a saved web page, without its menus, side columns and footers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.ingest.dates import parse_date
from index.ingest.document import Block, Document, Metadata
from index.ingest.encodings import decode
from index.ingest.limits import Limits
from index.text import normalise

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# fmt: off
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
_NO_TEXT = frozenset((
    "aside", "audio", "button", "canvas", "dialog", "footer", "head", "iframe", "input", "nav", "noscript", "object",
    "option", "script", "select", "style", "svg", "template", "textarea", "video",
))
# fmt: on
_HEADINGS = ("h1", "h2", "h3", "h4")
_ROLES = frozenset(("banner", "complementary", "contentinfo", "dialog", "menu", "navigation", "search"))
_FURNITURE_NAME = re.compile(
    r"(?<![a-z])(?:ads?|advert\w*|banner|breadcrumbs?|comments?|cookies?|counter|footer|menu|nav(?:bar|igation)?|"
    r"newsletter|paging|pagination|popup|related|share|sharing|sidebar|social|tags|toolbar|widget)(?![a-z])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PROSE_CHARS = 80
_MOST = 0.75
"""The part of the page's prose that the element with the article holds at least."""
_LINKED = 0.6
"""A block is a menu entry when more of it than this is link text."""


@dataclass(slots=True)
class _Block:
    """A run of text between two block borders, and how much of it is link text."""

    element: HtmlElement
    text: str = ""
    linked: int = 0
    ancestors: list[HtmlElement] = field(default_factory=list)

    @property
    def is_menu(self) -> bool:
        return self.linked > _LINKED * len(self.text) and not self.is_sentence

    @property
    def is_sentence(self) -> bool:
        return len(self.text) >= _PROSE_CHARS and self.text.rstrip("\"”')").endswith(
            (".", "!", "?", "…", ";")
        )


def read_html(path: Path, limits: Limits) -> Document:
    """Read a saved web page."""
    return read_page(decode(path.read_bytes()))


def read_page(html: str) -> Document:
    """Take the article out of a page.

    The article is what lies between its heading and the end of the smallest element that holds most of
    the page's prose.  Raises ArticleError where the page holds no text.
    """
    root = _parse(html)
    body = root.find("body")
    blocks = list(_blocks(root if body is None else body, len(_plain(root.text_content())), []))
    if not blocks:
        raise ArticleError("the page holds no text; save it from the browser again, as a complete web page")
    title = _plain(_meta(root, "og:title") or root.findtext(".//title") or "")
    core = _core(blocks)
    inside = [place for place, block in enumerate(blocks) if core in (block.element, *block.ancestors)]
    heading = _heading(blocks[: inside[-1] + 1], title)
    first = inside[0] if heading is None else min(heading, inside[-1])
    kept = [block.text for block in blocks[first : inside[-1] + 1] if not block.is_menu]
    return Document(
        tuple(Block("paragraph", text) for text in kept),
        Metadata(
            title=title if heading is None else _plain(blocks[heading].text),
            date=_published(root) or "",
            author=_author(root) or "",
            url=_url(root) or "",
        ),
    )


def _parse(html: str) -> HtmlElement:
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
    try:
        return document_fromstring(html, parser=HTMLParser(remove_comments=True, remove_pis=True))
    except (etree.ParserError, ValueError) as error:
        raise ArticleError(
            f"it cannot be read as a web page ({error}); save it from the browser again"
        ) from error


def _blocks(element: HtmlElement, page_chars: int, ancestors: list[HtmlElement]) -> Iterator[_Block]:
    """Yield the blocks of text in reading order, page furniture left out."""
    block = _Block(element, ancestors=ancestors)

    def flush() -> Iterator[_Block]:
        nonlocal block
        text = "\n".join(_plain(line) for line in block.text.split("\n"))
        text = re.sub(r"\n{3,}", "\n\n", text).strip()
        if text:
            prefix = "- " if element.tag == "li" else ""
            yield _Block(element, prefix + text, block.linked, ancestors)
        block = _Block(element, ancestors=ancestors)

    def add(text: str | None, linked: bool) -> None:
        plain = re.sub(r"\s+", " ", text or "")
        block.text += plain
        block.linked += len(plain) if linked else 0

    def inline(node: HtmlElement, linked: bool) -> Iterator[_Block]:
        add(node.text, linked)
        for child in node:
            if not _is_furniture(child, page_chars):
                if child.tag == "br":
                    block.text += "\n"
                elif child.tag == "tr" and _is_data_row(child):
                    yield from flush()
                    cells = " | ".join(_plain(cell.text_content()) for cell in child)
                    yield _Block(child, cells, 0, [*ancestors, element])
                elif child.tag in _BLOCKS:
                    yield from flush()
                    yield from _blocks(child, page_chars, [*ancestors, element])
                else:
                    yield from inline(child, linked or child.tag == "a")
            add(child.tail, linked)

    yield from inline(element, False)
    yield from flush()


def _is_furniture(element: HtmlElement, page_chars: int) -> bool:
    if not isinstance(element.tag, str) or element.tag in _NO_TEXT:
        return True
    if "hidden" in element.attrib or _HIDDEN.search(element.get("style") or ""):
        return True
    if element.find(".//h1") is not None or element.find(".//article") is not None:
        return False  # some pages name the column of their article a side bar
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.get("role") in _ROLES or _FURNITURE_NAME.search(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", named)):
        return len(_plain(element.text_content())) * 3 < page_chars
    return False


def _is_data_row(row: HtmlElement) -> bool:
    """Tell a row of figures from one that only places parts of the page side by side."""
    cells = list(row)
    plain = all(not any(node.tag in _BLOCKS - {"p"} for node in cell.iterdescendants()) for cell in cells)
    return (
        len(cells) > 1
        and plain
        and all(len(cell.text_content()) < 200 for cell in cells)
        and not row.findall(".//a")
    )


def _core(blocks: list[_Block]) -> HtmlElement:
    """Find the smallest element that holds most of the prose."""
    prose = (
        [block for block in blocks if block.is_sentence]
        or [block for block in blocks if not block.is_menu]
        or blocks
    )
    total = sum(len(block.text) for block in prose)
    chars: dict[HtmlElement, int] = {}
    for block in prose:
        for element in (*block.ancestors, block.element):
            chars[element] = chars.get(element, 0) + len(block.text)
    enough = [element for element, count in chars.items() if count >= _MOST * total]
    return max(enough, key=lambda element: sum(1 for _ in element.iterancestors()))


def _heading(blocks: list[_Block], title: str) -> int | None:
    """Find the heading that is the page's title, else the first main heading."""
    headings = [
        place for place, block in enumerate(blocks) if block.element.tag in _HEADINGS and len(block.text) >= 8
    ]
    for place in headings:
        text = _plain(blocks[place].text)
        if text in title or (len(title) >= 8 and title in text):
            return place
    return next((place for place in headings if blocks[place].element.tag == "h1"), None)


def _published(root: HtmlElement) -> str | None:
    names = ("article:published_time", "datePublished", "pubdate", "publishdate", "DC.date.issued", "date")
    told = [_meta(root, name) for name in names]
    told += [element.get("datetime") or element.text_content() for element in root.iter("time")]
    return next((text for text in told if text and parse_date(text)), None)


def _author(root: HtmlElement) -> str | None:
    author = _plain(_meta(root, "author") or _meta(root, "article:author") or "")
    return author if 2 < len(author) <= 60 and "/" not in author and "." not in author else None


def _url(root: HtmlElement) -> str | None:
    links = [link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"]
    return next(
        (url for url in [*links, _meta(root, "og:url")] if url and url.startswith(("http://", "https://"))),
        None,
    )


def _meta(root: HtmlElement, name: str) -> str | None:
    for meta in root.iter("meta"):
        if name.lower() in ((meta.get(key) or "").lower() for key in ("property", "name", "itemprop")):
            return meta.get("content")
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", normalise(text)).strip()
