"""PDF files: the text of each page in reading order, tables as grids, pictures of pages recognised or reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ArticleError
from index.ingest.document import Block, Document, Place, Problem, Removed
from index.ingest.limits import DEFAULT_LIMITS, Budget, Limits, locked_by_password
from index.ingest.office.package import DAMAGED
from index.ingest.office.properties import metadata
from index.ingest.pdf.ocr import Recogniser
from index.ingest.problems import DAMAGED_PAGE, NOTHING_RECOGNISED, PICTURE_OF_TEXT, TOO_LONG

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

    from index.ingest.pdf.aligned import Line
    from index.ingest.pdf.content.page import Glyph, PageContent, Rule
    from index.ingest.pdf.ruled import PageTable

_HARDLY_ANY_TEXT = 40
"""Letters; a page with fewer and a picture over it is a scan."""
_PICTURE_SHARE = 0.3
_MANY_DRAWINGS = 300
"""Shapes; a page without text that has so many has its text as shapes."""
_UNREADABLE = 0.3
"""The share of letters without a meaning from which on the text of a page is none."""
_DPI = 300
_MOST_PIXELS = 5_000


@dataclass(slots=True)
class _Page:
    """A page as it was read; ``recognised`` is what a picture of text holds, ``None`` where it is none."""

    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[PageTable]
    rules: list[Rule]
    aside: list[str]
    recognised: tuple[Block, ...] | None = None

    @property
    def place(self) -> Place:
        return Place(page=self.number)


@dataclass(slots=True)
class _Reading:
    """What reading a file gathers."""

    limits: Limits
    budget: Budget
    recogniser: Recogniser | None
    blocks: list[Block] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    recognised: int = 0


def read_pdf(
    path: Path,
    limits: Limits = DEFAULT_LIMITS,
    recogniser: Recogniser | None = None,
) -> Document:
    """Read a PDF; pages that are pictures are read by the recogniser, or reported as problems with their page.

    Raises ArticleError where it is damaged or locked by a password.
    """
    import pypdfium2 as pdfium

    reading = _Reading(limits, limits.start(), recogniser)
    try:
        with closing(pdfium.PdfDocument(path)) as pdf:
            pdf.init_forms()
            pages = list(_pages(pdf, reading))
            properties = pdf.get_metadata_dict()
    except (pdfium.PdfiumError, *DAMAGED) as error:
        if "password" in str(error).lower():
            raise locked_by_password() from error
        raise ArticleError(f"it cannot be read as a PDF ({error}); print it to a new PDF") from error
    _assemble(pages, reading)
    document_metadata = metadata(properties.get("Title", ""), properties.get("Author", ""))
    return Document(tuple(reading.blocks), document_metadata, tuple(reading.removed), tuple(reading.problems))


def _pages(pdf: PdfDocument, reading: _Reading) -> Iterator[_Page]:
    import pypdfium2 as pdfium

    for index in range(len(pdf)):
        if index >= reading.limits.pages or reading.budget.spent:
            unread = range(index + 1, len(pdf) + 1)
            reading.problems += [(TOO_LONG, Place(page=number)) for number in unread]
            return
        try:
            with closing(pdf[index]) as page:
                yield _read_page(pdf, page, index + 1, reading)
        except pdfium.PdfiumError:
            reading.problems.append((DAMAGED_PAGE, Place(page=index + 1)))
        reading.limits.on_page(index + 1, len(pdf))


def _read_page(pdf: PdfDocument, page: PdfPage, number: int, reading: _Reading) -> _Page:
    from index.ingest.pdf.content.read_page import read_content
    from index.ingest.pdf.lines import lines_of, text_of
    from index.ingest.pdf.margins import stamp_lines
    from index.ingest.pdf.rotated import upright
    from index.ingest.pdf.ruled import ruled_tables

    content = read_content(page, pdf.formenv.raw if pdf.formenv is not None else None)
    place = Place(page=number)
    reading.removed += [Removed(text, "comment", place) for text in content.comments]
    if content.cut:
        reading.problems.append((TOO_LONG, place))
    seen = upright(content)
    readable, rules = _readable(seen, place, reading)
    tables, glyphs = ruled_tables(rules, readable)
    lines = lines_of(glyph for glyph in glyphs if glyph.turn == 0)
    turned = [[glyph for glyph in glyphs if glyph.turn == turn] for turn in (1, 2, 3)]
    askew = "".join(glyph.text for glyph in glyphs if glyph.turn == -1)
    aside = [text for text in (*map(text_of, turned), askew) if text.strip()]
    for at, reason in sorted(stamp_lines(lines).items(), reverse=True):
        reading.removed.append(Removed(_line_text(lines.pop(at)), reason, place))
    read = _Page(number, seen.width, seen.height, lines, tables, rules, aside)
    cells = sum(len(row) for table in tables for row in table.rows)
    reading.budget.take(len(readable), cells)
    if _is_picture(content, read):
        read.recognised = _recognise(page, content, place, reading)
    return read


def _readable(content: PageContent, place: Place, reading: _Reading) -> tuple[list[Glyph], list[Rule]]:
    """The letters that a reader of the printed page reads, and the lines; what is struck or unseen is noted."""
    from index.ingest.pdf.lines import text_of
    from index.ingest.pdf.struck_text import split_struck

    if content.unmapped > _UNREADABLE:
        return [], content.rules
    hidden = [glyph for glyph in content.glyphs if glyph.drawn in content.unseen]
    shown = (
        [glyph for glyph in content.glyphs if glyph.drawn not in content.unseen] if hidden else content.glyphs
    )
    shown, struck, rules = split_struck(shown, content.rules, content.strikes)
    for reason, glyphs in (("hidden", hidden), *(("struck-out", of) for of in struck)):
        if text := text_of(glyphs).strip():
            reading.removed.append(Removed(text, reason, place))
    return shown, rules


def _is_picture(content: PageContent, page: _Page) -> bool:
    """Whether a page holds its text as a picture, as shapes, or as letters without a meaning."""
    if content.unmapped > _UNREADABLE:
        return True
    texts = chain(
        (segment.text for line in page.lines for segment in line),
        (cell for table in page.tables for row in table.rows for cell in row),
    )
    letters = sum(1 for _ in islice(filter(str.isalnum, chain.from_iterable(texts)), _HARDLY_ANY_TEXT))
    if letters >= _HARDLY_ANY_TEXT:
        return False
    return content.pictures >= _PICTURE_SHARE or (not letters and content.drawings >= _MANY_DRAWINGS)


def _recognise(page: PdfPage, content: PageContent, place: Place, reading: _Reading) -> tuple[Block, ...]:
    """Recognise a page; letters that it holds as text are covered, since they are read already."""
    if reading.recogniser is None:
        reading.problems.append((PICTURE_OF_TEXT, place))
        return ()
    if reading.recognised >= reading.limits.recognised_pages:
        reading.problems.append((TOO_LONG, place))
        return ()
    reading.recognised += 1
    scale = min(_DPI / 72, _MOST_PIXELS / max(*page.get_size(), 1.0))
    image = page.render(scale=scale, grayscale=True).to_pil()
    for glyph in content.glyphs if content.unmapped <= _UNREADABLE else ():
        image.paste(255, tuple(round(side * scale) for side in (glyph.x0, glyph.y0, glyph.x1, glyph.y1)))
    with reading.budget.paused():
        found = reading.recogniser.read(image, place, dpi=scale * 72)
    if not found:
        reading.problems.append((NOTHING_RECOGNISED, place))
    return found


def _assemble(pages: Sequence[_Page], reading: _Reading) -> None:
    """Put the pages together: margins are left out, paragraphs and tables that go on over a page's end are joined."""
    from index.ingest.pdf.continuation import Flow, mended
    from index.ingest.pdf.flow import read_page
    from index.ingest.pdf.margins import margin_lines

    margins = margin_lines([page.lines for page in pages], [page.height for page in pages])
    heads: dict[str, Block] = {}
    flow = Flow(reading.blocks)
    for at, page in enumerate(pages):
        kept = []
        for number, line in enumerate(page.lines):
            reason = margins.get((at, number))
            text = _line_text(line)
            if reason is None:
                kept.append(line)
            elif reason == "running-head" and text not in heads:
                heads[text] = Block("note", mended(text), place=page.place)
            else:
                reading.removed.append(Removed(text, reason, page.place))
        for item in read_page(kept, page.tables, page.rules, page.width):
            flow.add(item, page.place)
        flow.add_blocks([Block("note", mended(text), place=page.place) for text in page.aside])
        flow.add_blocks(page.recognised or ())
        flow.end_page()
    flow.close(list(heads.values()))


def _line_text(line: Line) -> str:
    return " ".join(segment.text for segment in line)
