"""What the browser sends is read with distrust."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

import gradio as gr

_FIRST_YEAR = 1000


class Press:
    """The values that came with a pressed button or a sent form; whatever does not fit reads as absent."""

    def __init__(self, event: gr.EventData) -> None:
        data: Any = event._data
        self._values: dict[str, object] = data if isinstance(data, dict) else {}

    def text(self, name: str) -> str:
        """Give a value as trimmed text, empty when absent."""
        value = self._values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """Give a value as a count, ``None`` when absent."""
        value = self.text(name)
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def read_day(text: str, *, last: bool = False) -> date | None:
    """Read a day as people type it (15/10/2020, 15-10-2020, 2020-10-15); a month or a year gives its first day.

    ``last`` gives the last day of the month or year instead.  ``None`` when it is no date.
    """
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if not re.fullmatch(r"\d{1,4}(?:\s*[/.-]\s*\d{1,4}){0,2}", text.strip()):
        return None
    year, month, day = (parts if parts[0] > 31 else parts[::-1]) + [0, 0, 0][len(parts) :]
    if year < _FIRST_YEAR:
        return None
    try:
        if day:
            return date(year, month, day)
        if month:
            return date(year, month, monthrange(year, month)[1] if last else 1)
        return date(year, 12, 31) if last else date(year, 1, 1)
    except ValueError:
        return None


def visitor_of(request: gr.Request) -> str:
    """Tell one browser from another."""
    return request.username or ""


def window_of(request: gr.Request) -> str:
    """Tell one browser window from another."""
    return request.session_hash or ""
