"""The kind of value that a question asks for, and the values of a passage that are of this kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from index.values import NOT_DONG, Value, find_values, same_value
from rag.marks import without_marks
from rag.question import asking

Fits: TypeAlias = Callable[[Value, str], bool]
"""Whether a value of a passage can be the answer; the text after the value is given too."""

_COUNT = re.compile(
    r"(?<!\w)(?<!thứ )(?:(?<!số )|(?<=dân số ))(?<!hạng )(?:bao nhiêu|mấy)(?!\w)(?P<after>.*)", re.IGNORECASE
)
_WORD = re.compile(r"[\w%/]+")
_MONEY = re.compile(
    rf"\s*(?:(?:(?:tỷ|tỉ|triệu|nghìn|ngàn)\s+)?đồng{NOT_DONG}|tiền|kinh phí|(?:tỷ|tỉ|triệu)\s*(?:[?.,;]|$))",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\s*(?:%|phần trăm(?!\w))", re.IGNORECASE)
_UNITS: tuple[frozenset[str], ...] = (
    frozenset(("ha", "héc", "hecta")),
    frozenset(("m", "mét")),
    frozenset(("km", "ki", "kilômét", "kilomet")),
    frozenset(("kg", "cân", "kilôgam")),
    frozenset(("m2", "mét")),
)
_UNITLESS = frozenset((
    "là", "so", "trong", "vào", "ở", "tại", "năm", "thì", "khi", "của", "cho", "từ", "ạ", "vậy", "thế", "nhỉ", "và",
))  # fmt: skip
# "Mỗi tháng mấy đồng" asks for money, not for a month.
_NOT_EACH = "".join(f"(?<!{each} )" for each in ("mỗi", "một", "hằng", "hàng", "từng"))
_AMOUNT_IN_WORDS = re.compile(
    r"(?<!\w)(?:không|chưa|chẳng|miễn phí|toàn bộ|tất cả|nửa|rưỡi|(?:một|hai|ba) phần|vài|chục|trăm|nghìn|ngàn|vạn"
    r"|triệu(?! tập)|tỷ(?! lệ)|tỉ(?! lệ))(?!\w)",
    re.IGNORECASE,
)
_UNIT = re.compile(r"%|\s+[^\W\d_]")
"""What follows a number that is an amount of something."""
_DAY = re.compile(rf"(?<!\w){_NOT_EACH}(?:ngày|hôm) (?:nào|mấy|bao nhiêu)(?!\w)", re.IGNORECASE)
_MONTH = re.compile(rf"(?<!\w){_NOT_EACH}tháng (?:nào|mấy)(?!\w)", re.IGNORECASE)
_YEAR = re.compile(rf"(?<!\w){_NOT_EACH}năm (?:nào|bao nhiêu|mấy)(?!\w)", re.IGNORECASE)
_WHEN = re.compile(
    r"(?<!\w)(?:khi nào|bao giờ|lúc nào|hồi nào|thời (?:gian|điểm) nào|mấy giờ)(?!\w)", re.IGNORECASE
)


def values_asked_for(question: str, passage: str) -> list[tuple[int, int]]:
    """Where a normalised passage has values of the kind that a normalised question asks for, begin and end.

    Empty where it asks for something else, or where nothing in the passage is of the kind.  A count prefers
    values before the very thing that is counted (``bao nhiêu ha``: ``742 ha``, not ``96 hộ``).
    """
    values = [(value, passage[value.end : value.end + 24]) for value in find_values(passage)]
    for fits in _tests(question):
        if found := [(value.start, value.end) for value, after in values if fits(value, after)]:
            return found
    return []


def lacks_amount(question: str, reply: str) -> bool:
    """Whether a normalised question asks for money or a percentage alone, and a normalised reply tells none.

    Numbers of the question do not count, nor do those of other units, as in "1.150 m2 đất".
    """
    count = _COUNT.search(question)
    if count is None or len(asking(question)) != 1 or _AMOUNT_IN_WORDS.search(reply):
        return False
    if _MONEY.match(count["after"]):
        wanted = "money"
    elif _PERCENT.match(count["after"]):
        wanted = "percent"
    else:
        return False
    told, asked = without_marks(reply), find_values(question)
    new = [value for value in find_values(told) if not any(same_value(value, one) for one in asked)]
    return not any(value.kind == wanted or not _UNIT.match(told[value.end :]) for value in new)


def _tests(question: str) -> Iterator[Fits]:
    """What the answer must be, the strictest test first."""
    if _DAY.search(question):
        yield lambda value, _: value.kind == "date" and value.canonical.count("-") >= 2
    elif _MONTH.search(question):
        yield lambda value, _: value.kind == "date" and "-" in value.canonical
    elif _YEAR.search(question):
        yield lambda value, _: value.kind == "date" and not value.canonical.startswith("--")
    elif _WHEN.search(question):
        yield lambda value, _: value.kind in ("date", "time")
    elif count := _COUNT.search(question):
        yield from _counts(count["after"])


def _counts(after: str) -> Iterator[Fits]:
    """Tests for a count of what the question names ``after`` asking for it."""
    counted = _words(after)[:2]
    first = counted[0] if counted else ""
    if _MONEY.match(after):
        yield lambda value, _: value.kind == "money"
    elif _PERCENT.match(after):
        yield lambda value, _: value.kind == "percent"
    elif first and first not in _UNITLESS:
        unit = "km" if counted == ["cây", "số"] else first
        names = {first}.union(*(unit_names for unit_names in _UNITS if unit in unit_names))
        yield lambda value, after: value.kind == "number" and _first_word(after) in names
        yield lambda value, after: value.kind == "number" and bool(names & set(_words(after)))
        yield lambda value, _: value.kind == "number"
    else:
        yield lambda value, _: value.kind in ("number", "percent", "money")


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _first_word(text: str) -> str:
    return next(iter(_words(text)), "")
