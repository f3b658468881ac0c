"""Dates, numbers and what is said in more than one place, as each language writes them."""

from __future__ import annotations

from datetime import date

from index.ingest.document import Place, Removed
from index.schema import Mark
from rag.schema import Answer
from ui.strings import Words


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


def shortcomings(answer: Answer, words: Words) -> list[str]:
    """Say which time was understood, and why an answer is not complete or not in words of its own."""
    told = [answer.remark] if answer.remark else []
    told += [words.unproved_note.format(count=len(answer.unanswered))] if answer.unanswered else []
    if answer.stopped:
        told.append(words.stopped_note)
    elif answer.manner == "perhaps":
        told.append(words.perhaps_note)
    elif answer.quoted:
        told.append(words.quoted_note)
    elif answer.cut:
        told.append(words.cut_note)
    return told


def place_told(mark: Mark, words: Words) -> str:
    """Tell page, sheet and row of a text in its file, and that it was recognised; ``""`` where nothing is known."""
    told = [_within_file(mark.place, words)]
    if mark.confidence is not None:
        told.append(words.recognised.format(percent=round(100 * mark.confidence)))
    return " · ".join(filter(None, told))


def removal_told(item: Removed, words: Words) -> str:
    """Tell why a line of a file is not in its article, and where it stood."""
    reason = {
        "boilerplate": words.left_boilerplate,
        "outside-article": words.left_outside,
        "page-line": words.left_page_line,
        "above-header": words.left_above_header,
        "date-not-understood": words.left_date,
        "picture-data": words.left_picture,
        "page-number": words.left_page_number,
        "running-head": words.left_running_head,
        "scanner-stamp": words.left_stamp,
        "signature-stamp": words.left_stamp,
        "tracked-deletion": words.left_deletion,
        "comment": words.left_comment,
        "hidden": words.left_hidden,
        "struck-out": words.left_struck_out,
        "placeholder": words.left_placeholder,
    }[item.reason]
    return ", ".join(filter(None, (reason, _within_file(item.place, words))))


def _within_file(place: Place, words: Words) -> str:
    told = (
        words.place_page.format(page=place.page) if place.page is not None else "",
        words.place_sheet.format(sheet=place.sheet) if place.sheet is not None else "",
        words.place_row.format(row=place.row) if place.row is not None else "",
    )
    return ", ".join(filter(None, told))
