"""Word files (.docx, .docm): the text that a reader of the printed page sees, and what is left out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from lxml import etree

from index.errors import ArticleError
from index.ingest.document import Block, Document, Place, Removed
from index.ingest.limits import DEFAULT_LIMITS, Limits
from index.ingest.office.package import DAMAGED, Package, attribute, child, descendants, drawn_lines, local
from index.ingest.office.pictures import Pictures
from index.ingest.office.properties import read_properties
from index.ingest.pdf.ocr import Recogniser
from index.ingest.problems import EMBEDDED_FILE, TOO_LONG
from index.ingest.word.body import Story, read_blocks, read_notes, remove
from index.ingest.word.numbers import read_numbering
from index.ingest.word.styles import read_styles
from index.ingest.word.tables import read_table

_PAGE_NUMBER = re.compile(r"(?:trang|page)?[\W\d]*(?:of|trên)?[\W\d]*", re.IGNORECASE)
"""What is left of a page number in a margin: the number itself is a field, or was typed."""


def read_word(path: Path, limits: Limits = DEFAULT_LIMITS, recogniser: Recogniser | None = None) -> Document:
    """Read a Word file; pictures of pages are read by the recogniser, or reported as problems.

    Raises ArticleError where it is damaged, locked, or unpacks to more than its share.
    """
    try:
        with Package(path, limits) as package:
            return _read(package, limits, recogniser)
    except DAMAGED as error:
        raise ArticleError(f"it cannot be read as a Word file ({error}); save it as .docx again") from error


def _read(package: Package, limits: Limits, recogniser: Recogniser | None) -> Document:
    main = package.root_part("officeDocument")
    related = package.related(main)

    def part(kind: str) -> etree._Element | None:
        name = next((name for of, name in related.values() if of == kind and name in package), None)
        return package.xml(name) if name is not None else None

    notes = {
        (local(item), attribute(item, "id")): item
        for found in map(part, ("footnotes", "endnotes"))
        for item in (found if found is not None else ())
        if local(item) in ("footnote", "endnote") and attribute(item, "type", "normal") == "normal"
    }
    pictures = Pictures(package, related, recogniser)
    story = Story(
        styles=read_styles(part("styles")),
        numbering=read_numbering(part("numbering")),
        budget=limits.start(),
        note=lambda kind, id_: notes.pop((kind, id_), None),
        diagram=partial(_diagram, package, related),
        picture=pictures.read,
        table=read_table,
    )
    root = package.xml(main)
    blocks = list(read_blocks(root[0] if len(root) else root, story))
    blocks += [block for item in list(notes.values()) for block in read_notes(item, story)]
    blocks += _margins(package, root, related, part("settings"), story)
    if (comments := part("comments")) is not None:
        for comment in comments:
            remove(comment, "comment", story)
    blocks += pictures.rest(blocks)
    problems = [*pictures.problems]
    if story.embedded:
        problems.append((EMBEDDED_FILE, Place()))
    if story.cut:
        problems.append((TOO_LONG, Place()))
    return Document(tuple(blocks), read_properties(package), tuple(story.removed), tuple(problems))


def _margins(
    package: Package,
    root: etree._Element,
    related: dict[str, tuple[str, str]],
    settings: etree._Element | None,
    story: Story,
) -> Iterator[Block]:
    """Yield what stands in the headers and footers that are printed, each text once."""
    even = child(settings, "evenAndOddHeaders") is not None
    seen: set[str] = set()
    for section in descendants(root, "sectPr"):
        first = child(section, "titlePg") is not None
        for reference in section:
            if local(reference) not in ("headerReference", "footerReference"):
                continue
            kind = attribute(reference, "type", "default")
            name = related.get(attribute(reference, "id"), ("", ""))[1]
            unseen = (kind == "first" and not first) or (kind == "even" and not even)
            if name in seen or name not in package or unseen:
                continue
            seen.add(name)
            for block in read_notes(package.xml(name), story):
                if block.table is not None:
                    yield block
                elif not _PAGE_NUMBER.fullmatch(block.text):
                    yield from () if block.text in seen else (block,)
                    seen.add(block.text)
                else:
                    story.removed.append(Removed(block.text, "page-number"))


def _diagram(package: Package, related: dict[str, tuple[str, str]], id_: str) -> Iterable[str]:
    name = related.get(id_, ("", ""))[1]
    if name in package:
        yield from drawn_lines(package.xml(name))
