"""The paragraphs and tables of a part of a Word file, in reading order, each with what hangs on it behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from index.ingest.document import Block, BlockKind, Removed
from index.ingest.limits import Budget
from index.ingest.office.package import child, descendants, local
from index.ingest.word.numbers import Numbering
from index.ingest.word.styles import Styles
from index.ingest.word.text import Line, Picture, TextReader

_WRAPPERS = ("sdtContent", "ins", "moveTo", "customXml", "smartTag", "body", "txbxContent")


@dataclass(slots=True)
class Story:
    """What all parts of a Word file share while it is read, and what reading gathers."""

    styles: Styles
    numbering: Numbering
    budget: Budget
    note: Callable[[str, str], etree._Element | None]
    """The content of a footnote or endnote by kind and id, ``None`` once it has been given."""
    diagram: Callable[[str], Iterable[str]]
    """The lines of a diagram by its relationship."""
    picture: Callable[[Picture], Iterable[Block]]
    """What is recognised in a picture, at once where it is a page."""
    table: Callable[[etree._Element, Story], Iterator[Block]]
    removed: list[Removed] = field(default_factory=list)
    embedded: bool = False
    cut: bool = False


def read_blocks(container: etree._Element, story: Story) -> Iterator[Block]:
    """Yield the blocks of a body, a header, a note, a text box or a cell."""
    reader = TextReader()
    begun = ""
    for item in block_items(container, story):
        if story.budget.spent:
            story.cut = True
            return
        if local(item) == "tbl":
            yield from story.table(item, story)
            continue
        line = reader.read(item)
        line.text = begun + line.text
        begun = ""
        if child(item, "pPr", "rPr", "del") is not None:
            begun = line.text  # its end was deleted: it goes on in the next paragraph
            line.text = ""
        yield from _paragraph_blocks(item, line, story)
    if begun.strip():
        yield Block("paragraph", begun.strip())


def read_notes(part: etree._Element, story: Story) -> Iterator[Block]:
    """Yield a footnote, header, footer or text box: its paragraphs are notes."""
    for block in read_blocks(part, story):
        yield replace(block, kind="note") if block.table is None else block


def block_items(container: etree._Element, story: Story) -> Iterator[etree._Element]:
    """The paragraphs and tables of a container, out of all wrappers."""
    for item in container:
        name = local(item)
        if name in ("p", "tbl"):
            yield item
        elif name in ("del", "moveFrom"):
            remove(item, "tracked-deletion", story)
        elif name == "sdt" and child(item, "sdtPr", "showingPlcHdr") is not None:
            remove(item, "placeholder", story)
        elif name == "AlternateContent":
            chosen = child(item, "Choice")
            yield from block_items(item[0] if chosen is None else chosen, story) if len(item) else ()
        elif name == "altChunk":
            story.embedded = True
        elif name in _WRAPPERS or name == "sdt":
            yield from block_items(item, story)


def remove(item: etree._Element, reason: str, story: Story) -> None:
    """Note the text of an element as left out."""
    paragraphs = [
        "".join(part.text or "" for part in descendants(paragraph, "t", "delText"))
        for paragraph in descendants(item, "p")
    ]
    if text := "\n".join(filter(str.strip, paragraphs)):
        story.removed.append(Removed(text, reason))


def _paragraph_blocks(paragraph: etree._Element, line: Line, story: Story) -> Iterator[Block]:
    listed = story.styles.list_of(paragraph, story.numbering)
    number = story.numbering.number(*listed) if listed is not None else None
    text = line.text.strip()
    if not text and number is not None and any(local(above) == "tc" for above in paragraph.iterancestors()):
        text, number = number.strip(" -"), None  # the numbers of rows that a program counts
    if text:
        heading = story.styles.is_heading(paragraph)
        kind: BlockKind = "heading" if heading else "item" if number is not None else "paragraph"
        text = f"{number or ''}{text}"
        story.budget.take(len(text))
        yield Block(kind, text)
    story.removed += line.removed
    story.embedded = story.embedded or line.embedded
    for box in line.boxes:
        yield from read_notes(box, story)
    for name in line.diagrams:
        yield from (Block("note", text) for text in story.diagram(name))
    for picture in line.pictures:
        yield from story.picture(picture)
    for of_kind, id_ in line.notes:
        if (note := story.note(of_kind, id_)) is not None:
            yield from read_notes(note, story)
