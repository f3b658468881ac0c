"""Dates, numbers and what is said in more than one place, as each language writes them."""

from __future__ import annotations

from datetime import date

from index.ingest.document import Place, Removed
from index.schema import Article, Mark
from rag.schema import SMALL_TALK_KINDS, Answer, Citation
from ui.strings import Words
from ui.views.markup import web_address


def day(value: date | None, words: Words) -> str:
    """Write a date the way the language does."""
    if value is None:
        return words.no_date
    return value.strftime("%d/%m/%Y") if words.language == "vi" else value.isoformat()


def decimal(value: float, words: Words, digits: int = 1) -> str:
    """Write a number with the language's decimal sign."""
    written = f"{value:.{digits}f}"
    return written.replace(".", ",") if words.language == "vi" else written


def grouped(value: int, words: Words) -> str:
    """Write a count with the language's thousands sign."""
    written = f"{value:,}"
    return written.replace(",", ".") if words.language == "vi" else written


def may_miss_unread(answer: Answer) -> bool:
    """Whether an answer may change once the articles are read that were still being synced."""
    unsure = answer.refused or answer.manner != "sure" or answer.kind != "question"
    return answer.still_reading and unsure and answer.kind not in SMALL_TALK_KINDS


def shortcomings(answer: Answer, words: Words) -> list[str]:
    """Say which time was understood, and why an answer is not complete or not in words of its own."""
    notes = [answer.remark] if answer.remark else []
    notes += [words.was_reading] if may_miss_unread(answer) else []
    notes += [words.unproved_note.format(count=len(answer.unanswered))] if answer.unanswered else []
    if answer.stopped:
        notes.append(words.stopped_note)
    elif answer.manner == "perhaps":
        notes.append(words.perhaps_note)
    elif answer.quoted:
        notes.append(words.quoted_note)
    elif answer.cut:
        notes.append(words.cut_note)
    return notes


def format_place(mark: Mark, words: Words) -> str:
    """Tell page, sheet and row of a text in its file, and that it was recognised; ``""`` where nothing is known."""
    parts = [_within_file(mark.place, words)]
    if mark.confidence is not None:
        parts.append(words.recognised.format(percent=round(100 * mark.confidence)))
    return " · ".join(filter(None, parts))


def citations_by_mark(answer: Answer) -> list[Citation]:
    """Give what an answer cites in the order of its marks."""
    return sorted(answer.citations, key=lambda citation: (citation.mark, citation.start))


def about_source(citation: Citation, source: str, words: Words) -> list[str]:
    """Tell where a quote stands: title, day, place, ``source``, page or row, and address, those that are known."""
    article = citation.hit.chunk.article
    stands = format_place(article.mark_at(citation.start), words)
    return [
        *about_article(article, words),
        *(fact for fact in (source, stands, web_address(article.url)) if fact),
    ]


def about_article(article: Article, words: Words) -> list[str]:
    """Tell what an article is: title, day and, if it is known, place."""
    return [fact for fact in (article.title, day(article.date, words), article.place) if fact]


def format_removal(item: Removed, words: Words) -> str:
    """Tell why a line of a file is not in its article, and where it stood."""
    return ", ".join(filter(None, (words.left_out[item.reason], _within_file(item.place, words))))


def _within_file(place: Place, words: Words) -> str:
    parts = (
        words.place_page.format(page=place.page) if place.page is not None else "",
        words.place_sheet.format(sheet=place.sheet) if place.sheet is not None else "",
        words.place_row.format(row=place.row) if place.row is not None else "",
    )
    return ", ".join(filter(None, parts))
