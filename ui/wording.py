"""Dates, numbers and what is said in more than one place, as each language writes them."""

from __future__ import annotations

from datetime import date

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
    """Say why an answer is not complete, or not in words of its own; nothing when it is."""
    told = [words.unproved_note.format(count=len(answer.unanswered))] if answer.unanswered else []
    if answer.stopped:
        told.append(words.stopped_note)
    elif answer.manner == "perhaps":
        told.append(words.perhaps_note)
    elif answer.quoted:
        told.append(words.quoted_note)
    elif answer.cut:
        told.append(words.cut_note)
    return told
