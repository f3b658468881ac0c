"""A conversation becomes a Word file that an office can print or hand on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from rag.schema import Citation
from ui.conversations.entries import Exchange
from ui.conversations.export import MOST_WRITTEN, left_out
from ui.search_scope import in_words, shown_source
from ui.strings import Words
from ui.views.formatting import about_source, citations_by_mark, shortcomings

if TYPE_CHECKING:
    from docx.document import Document

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PIECES = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BULLET = re.compile(r"\s*[-*•+]\s+")
_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s+")


def to_word(title: str, items: Sequence[Exchange], words: Words) -> bytes:
    """Write every question with its answer, its sources and the sentences quoted from them."""
    from docx import Document as new_document
    from docx.shared import Pt

    document = new_document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(13)
    document.core_properties.title = _plain(title)[:250]
    document.core_properties.author = words.product
    document.add_heading(_plain(title), 0)
    for note in left_out(items, words):
        _note(document, note)
    for item in items[-MOST_WRITTEN:]:
        _exchange(document, item, words)
    _note(document, words.may_be_wrong)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _exchange(document: Document, item: Exchange, words: Words) -> None:
    answer = item.answer
    document.add_heading(_plain(answer.question), 1)
    bounds = in_words(item.filters, words, answer.passages)
    if bounds:
        _note(document, words.asked_within.format(scope=bounds))
    for line in answer.text.splitlines():
        if line.strip():
            _line(document, line)
    for note in shortcomings(answer, words):
        _note(document, note)
    if answer.citations:
        document.add_heading(words.sources_heading, 2)
        for citation in citations_by_mark(answer):
            _source(document, citation, words)
    _note(document, f"{item.asked.astimezone():%d/%m/%Y %H:%M}")


def _line(document: Document, line: str) -> None:
    style, text = None, line
    for pattern, name in ((_BULLET, "List Bullet"), (_NUMBER, "List Number")):
        found = pattern.match(line)
        if found:
            style, text = name, line[found.end() :]
            break
    paragraph = document.add_paragraph(style=style)
    for at, piece in enumerate(_PIECES.split(text)):
        paragraph.add_run(_plain(piece)).bold = at % 2 == 1


def _source(document: Document, citation: Citation, words: Words) -> None:
    about = about_source(citation, shown_source(citation.hit.chunk.article.source), words)
    paragraph = document.add_paragraph()
    paragraph.add_run(_plain(f"[{citation.mark}] {', '.join(about)}: "))
    paragraph.add_run(_plain(f"“{citation.quote.strip()}”")).italic = True


def _note(document: Document, text: str) -> None:
    document.add_paragraph().add_run(_plain(text)).italic = True


def _plain(text: str) -> str:
    """Leave out what a Word file cannot hold."""
    return _UNPRINTABLE.sub("", text)
