"""The values of spreadsheet cells as a spreadsheet program shows them in Vietnam: 1.250,5 and 05/03/2021."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

_DECIMALS = re.compile(r"\.([0#?]+)")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_SECTION_MARKS = re.compile(r"\[[^\]]*\]|_.|\*.")
_CURRENCY = re.compile(r"\[\$([^-\]]+)[^\]]*\]")
"""The sign of a currency, ``[$₫-42A]``."""
_SIGNIFICANT = 15
"""Digits that a spreadsheet keeps of a number."""


def shown(value: object, number_format: str = "General") -> str:
    """Write a value; numbers with the decimals, thousands, percent and unit of their format."""
    if isinstance(value, bool):
        return "Đúng" if value else "Sai"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, date) and (shorter := _part_of_day(value, number_format)):
        return shorter
    if isinstance(value, datetime):
        day = value.strftime("%d/%m/%Y")
        clock = _clock(value.time())
        return f"{day} {clock}" if clock != "00:00" else day
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()


def _part_of_day(value: date, number_format: str) -> str:
    """Write a month or a year, where the format shows no day; ``""`` where it shows one."""
    parts = set(_LITERAL.sub("", _SECTION_MARKS.sub("", number_format.split(";")[0])).lower())
    if "y" not in parts or parts & set("dhs"):
        return ""
    return value.strftime("%m/%Y") if "m" in parts else value.strftime("%Y")


def _number(value: float, number_format: str) -> str:
    section = _SECTION_MARKS.sub("", _CURRENCY.sub(r'"\1"', number_format.split(";")[0]))
    plain = _LITERAL.sub("", section)
    literals = [match[1] or match[2] or "" for match in _LITERAL.finditer(section)]
    unit = "".join(literals).strip() if plain.strip()[-1:] in "0#?%" else ""
    percent = "%" in plain
    if percent:
        value = round(value * 100, 10)
    decimals = _DECIMALS.search(plain)
    if "0" in plain and "E" not in plain and "?" not in plain and "/" not in plain:
        text = f"{value:,.{len(decimals[1]) if decimals else 0}f}"
        if decimals and "#" in decimals[1]:
            text = text.rstrip("0").rstrip(".")
        if _rounds_away(value, text) and not percent:
            text = _general(value)
        elif "," not in plain:
            text = text.replace(",", "")
        width = len(re.sub(r"[^0]", "", plain.split(".")[0]))
        if width > 1 and "," not in plain and "#" not in plain and text.isdigit():
            text = text.zfill(width)
    else:
        text = _general(value)
    text = text.translate(str.maketrans(",.", ".,"))
    return f"{text}{'%' if percent else ''}{f' {unit}' if unit else ''}"


def _rounds_away(value: float, text: str) -> bool:
    """Whether a format hides what a number is: 0,4 shown as 0."""
    return value != 0 and float(text.replace(",", "")) == 0


def _general(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**_SIGNIFICANT:
        return str(int(value))
    return f"{value:.{_SIGNIFICANT}g}" if isinstance(value, float) else str(value)


def _clock(value: time) -> str:
    return value.strftime("%H:%M:%S") if value.second else value.strftime("%H:%M")
