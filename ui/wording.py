"""Dates and numbers as each language writes them."""

from __future__ import annotations

from datetime import date

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
