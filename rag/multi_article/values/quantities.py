"""Amounts with their units, so that they can be converted, compared and calculated with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeAlias

from index.text.values import Value, date_parts, find_values

Dimension: TypeAlias = Literal[
    "count", "money", "percent", "length", "area", "mass", "volume", "minutes", "months", "day", "clock"
]

_UNITS: dict[str, tuple[Dimension, Decimal]] = {
    unit: (dimension, Decimal(factor))  # type: ignore[misc]
    for dimension, units in {
        "length": {"km": "1000", "m": "1", "cm": "0.01", "mm": "0.001"},
        "area": {"km²": "1000000", "ha": "10000", "m²": "1"},
        "mass": {"tấn": "1000", "tạ": "100", "yến": "10", "kg": "1", "g": "0.001"},
        "volume": {"m³": "1000", "lít": "1"},
        "minutes": {"tuần": "10080", "ngày": "1440", "giờ": "60", "phút": "1"},
        "months": {"năm": "12", "tháng": "1"},
    }.items()
    for unit, factor in units.items()
}
_SPELT = {
    "ki-lô-mét": "km", "kilômét": "km", "cây số": "km", "mét": "m", "km2": "km²", "ki-lô-mét vuông": "km²",
    "km vuông": "km²", "héc-ta": "ha", "hecta": "ha", "m2": "m²", "mét vuông": "m²", "m vuông": "m²",
    "ki-lô-gam": "kg", "kilôgam": "kg", "ký": "kg", "kí": "kg", "cân": "kg", "gam": "g",
    "m3": "m³", "mét khối": "m³", "m khối": "m³", "tiếng": "giờ",
}  # fmt: skip
_NAMES = sorted([*_UNITS, *_SPELT], key=len, reverse=True)
_UNIT = re.compile(rf" ?(?P<unit>{'|'.join(map(re.escape, _NAMES))})(?![\w²³])", re.IGNORECASE)
_SCALES = (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 10**3))
_SCALE = re.compile(r"(?<!\w)(tỷ|tỉ|triệu|nghìn|ngàn)(?!\w)", re.IGNORECASE)
_COUNTED = re.compile(r" (?P<noun>[^\W\d_]+)")
_ASKED = re.compile(
    rf"(?:bao nhiêu|mấy) (?P<unit>tỷ|triệu|nghìn|{'|'.join(map(re.escape, _NAMES))})(?![\w²³])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in the base unit of its dimension, as it stands at ``text[start:end]`` of a sentence.

    Bases are đồng, percent, metres, square metres, kilograms, litres, minutes, months, and for a ``day`` its ordinal.
    ``unit`` and ``factor`` are how it was written: 1,5 km is 1500 with ``km`` and 1000.  ``noun`` is what a count
    counts, empty where nothing follows; ``has_year`` is false for a day without its year.
    """

    dimension: Dimension
    amount: Decimal
    unit: str
    factor: Decimal
    noun: str
    start: int
    end: int
    has_year: bool = True


def quantities(text: str) -> list[Quantity]:
    """The quantities of a normalised text in reading order; years, quarters and months alone are none."""
    return list(_quantities(text))


def asked_unit(question: str) -> tuple[Dimension, str, Decimal] | None:
    """The unit that a question asks for, as "bao nhiêu triệu đồng" does: its dimension, name and factor."""
    found = _ASKED.search(question)
    if not found:
        return None
    unit = found["unit"].lower()
    scale = dict(_SCALES).get(unit)
    if scale:
        return "money", f"{unit} đồng", Decimal(scale)
    unit = _SPELT.get(unit, unit)
    dimension, factor = _UNITS[unit]
    return dimension, unit, factor


def shown(amount: Decimal, unit: str, factor: Decimal) -> str:
    """An amount in a unit as Vietnamese text writes it: ``1.234,5 ha``, ``14.800 triệu đồng``, ``46%``."""
    number = written(amount / factor)
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}".rstrip()


def written(number: Decimal, places: int = 4) -> str:
    """A number with full stops between thousands and a comma before decimals, of which at most ``places`` are kept."""
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    sign, digits = ("−", format(-rounded, "f")) if rounded < 0 else ("", format(rounded, "f"))
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{fraction}" if fraction else f"{sign}{grouped}"


def day_of(quantity: Quantity) -> str:
    """A day as Vietnamese text writes it, without the year where none is stated."""
    day = date.fromordinal(int(quantity.amount))
    return f"{day.day}/{day.month}/{day.year}" if quantity.has_year else f"{day.day}/{day.month}"


def _quantities(text: str) -> Iterator[Quantity]:
    for value in find_values(text):
        if value.kind == "date":
            if (day := _day(value)) is not None:
                yield day
        elif value.kind == "time":
            hours, minutes = map(int, value.canonical.split(":"))
            yield _plain(value, "clock", Decimal(60 * hours + minutes), "", Decimal(1))
        elif value.kind == "percent":
            yield _plain(value, "percent", Decimal(value.canonical), "%", Decimal(1))
        elif value.kind == "money":
            if " " not in value.canonical:
                unit, factor = _scale(text[value.start : value.end], "đồng")
                yield _plain(value, "money", Decimal(value.canonical), unit, factor)
        elif not _is_year(text, value):
            yield _number(text, value)


def _number(text: str, value: Value) -> Quantity:
    amount = Decimal(value.canonical)
    if found := _UNIT.match(text, value.end):
        unit = _SPELT.get(found["unit"].lower(), found["unit"].lower())
        dimension, factor = _UNITS[unit]
        return Quantity(dimension, amount * factor, unit, factor, "", value.start, found.end())
    scale, factor = _scale(text[value.start : value.end], "")
    noun = _COUNTED.match(text, value.end)
    return Quantity(
        "count", amount, scale, factor, noun["noun"].lower() if noun else "", value.start, value.end
    )


def _plain(value: Value, dimension: Dimension, amount: Decimal, unit: str, factor: Decimal) -> Quantity:
    return Quantity(dimension, amount, unit, factor, "", value.start, value.end)


def _day(value: Value) -> Quantity | None:
    """A day of the calendar; one without a year is put in a leap year, and only compares with such."""
    year, _, month, day = date_parts(value.canonical)
    if month is None or day is None:
        return None
    try:
        ordinal = date(year or 2000, month, day).toordinal()
    except ValueError:  # the thirtieth of February
        return None
    return Quantity("day", Decimal(ordinal), "ngày", Decimal(1), "", value.start, value.end, year is not None)


def _scale(written_as: str, base: str) -> tuple[str, Decimal]:
    """The magnitude that a number is written with, the last where there are several, and its factor."""
    words = [word.lower().replace("tỉ", "tỷ").replace("ngàn", "nghìn") for word in _SCALE.findall(written_as)]
    if not words:
        return base, Decimal(1)
    return f"{words[-1]} {base}".strip(), Decimal(dict(_SCALES)[words[-1]])


def _is_year(text: str, value: Value) -> bool:
    plain = re.fullmatch(r"(?:18|19|20|21)\d\d", text[value.start : value.end]) is not None
    return plain and (not _UNIT.match(text, value.end) and not _COUNTED.match(text, value.end))
