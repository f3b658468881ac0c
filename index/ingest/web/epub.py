"""Books (.epub): their chapters in the order in which they are read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from index.errors import ArticleError
from index.ingest.document import Block, Document, Metadata, Place, Problem, Removed
from index.ingest.encodings import decode
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.office.package import DAMAGED, Package, attribute, descendants, local
from index.ingest.problems import TOO_LONG
from index.ingest.web.html import whole_page

_PAGES = ("application/xhtml+xml", "text/html")
_UNKNOWN = ("unknown", "unknown title", "unknown author", "untitled")
"""What programs write where they know no title or author."""
_NO_LOCKS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Only fonts are hidden in these ways; any other encryption locks the text."""


def read_epub(path: Path, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a book; all text of a chapter belongs to it, there is no boilerplate.

    Raises ArticleError where it is damaged or locked, or unpacks to more than its share.
    """
    budget = limits.start()
    blocks: list[Block] = []
    removed: list[Removed] = []
    problems: list[Problem] = []
    try:
        with Package(path, limits) as package:
            if any(attribute(item, "Algorithm") not in _NO_LOCKS for item in _encryption(package)):
                raise ArticleError(
                    "it is locked by its publisher; use a copy without the lock", code="copy-protected"
                )
            main = attribute(
                next(descendants(package.xml("META-INF/container.xml"), "rootfile"), None), "full-path"
            )
            root = package.xml(main)
            sheets = [decode(package.read(name)) for name in package.names if name.endswith(".css")]
            for name in _chapters(package, root, posixpath.dirname(main)):
                if budget.spent:
                    problems.append((TOO_LONG, Place()))
                    break
                found, hidden = whole_page(decode(package.read(name)), sheets)
                removed += hidden
                budget.take(sum(len(block.text) for block in found))
                blocks += found
            return Document(tuple(blocks), _metadata(root), tuple(removed), tuple(problems))
    except DAMAGED as error:
        raise ArticleError(f"it cannot be read as a book ({error}); convert it to .epub again") from error


def _encryption(package: Package) -> Iterator[etree._Element]:
    if "META-INF/encryption.xml" in package:
        yield from descendants(package.xml("META-INF/encryption.xml"), "EncryptionMethod")


def _chapters(package: Package, root: etree._Element, folder: str) -> Iterator[str]:
    """The names of the parts of the spine, in its order; the table of contents is none."""
    items = {attribute(item, "id"): item for item in descendants(root, "item")}
    for reference in descendants(root, "itemref"):
        item = items.get(attribute(reference, "idref"))
        name = posixpath.normpath(posixpath.join(folder, unquote(attribute(item, "href"))))
        contents = "nav" in attribute(item, "properties").split()
        if attribute(item, "media-type") in _PAGES and not contents and name in package:
            yield name


def _metadata(root: etree._Element) -> Metadata:
    fields: dict[str, str] = {}
    for item in descendants(root, "title", "creator", "date"):
        text = (item.text or "").strip()
        fields.setdefault(local(item), "" if text.lower() in _UNKNOWN else text)
    return Metadata(
        title=fields.get("title", ""), author=fields.get("creator", ""), date=fields.get("date", "")
    )
