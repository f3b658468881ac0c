"""Filters as Milvus reads them.  Names of files come from strangers: every one is written as a quoted literal."""

from __future__ import annotations

from datetime import date

from index.schema import Filters

NO_DAY = 0
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def day_number(day: date | None) -> int:
    """Write a day as the number that is stored: days since the year 1, ``NO_DAY`` for none."""
    return day.toordinal() if day else NO_DAY


def expression(filters: Filters) -> str:
    """Write filters as the condition that a chunk passes; empty for all."""
    conditions = []
    if filters.from_date is not None:
        conditions.append(f"day >= {day_number(filters.from_date)}")
    if filters.to_date is not None:
        conditions.append(f"day > {NO_DAY} and day <= {day_number(filters.to_date)}")
    if filters.sources:
        conditions.append("(" + " or ".join(map(_of_source, filters.sources)) + ")")
    return " and ".join(conditions)


def literal(text: str) -> str:
    """Quote a text."""
    return f'"{text.translate(_ESCAPES)}"'


def _of_source(source: str) -> str:
    """The condition that a chunk comes from a file, a folder or a row.

    What lies below it has names from ``source/`` or ``source#`` up to the next character.
    """
    below = " or ".join(
        f"(source >= {literal(source + first)} and source < {literal(source + chr(ord(first) + 1))})"
        for first in "/#"
    )
    return f"source == {literal(source)} or {below}"
