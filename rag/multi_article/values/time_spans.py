"""Ages and time spans, calculated from days and years that the articles state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from index.text.values import Value, date_parts, find_values
from rag.multi_article.values.names_and_days import is_day, missing_nearby
from rag.multi_article.values.quantities import quantities, written
from rag.proof.names import YEAR
from rag.schema import Evidence

_AGE = re.compile(
    r"(?<!\w)(?:(?:khi|lúc|năm|vào lúc|từ năm) )?(?:bao nhiêu|mấy) tuổi(?: (?:rồi|thì))?(?!\w)", re.IGNORECASE
)
_NOW = re.compile(r"(?<!\w)(?:năm nay|hiện nay|bây giờ|hiện tại)(?!\w)", re.IGNORECASE)
_BORN = re.compile(
    r"(?<!\w)(?:sinh|SN)(?: vào)?(?: (?:ngày|tháng|năm))? (?:\d{1,2}[/.-]){0,2}(?P<year>(?:18|19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_OLD = re.compile(r"(?<![\w.,])(?P<age>\d{1,3}) tuổi(?!\w)", re.IGNORECASE)
_OLDEST = 120
_LONG = re.compile(
    r"(?<!\w)(?:bao lâu|(?:bao nhiêu|mấy) (?P<unit>ngày|tuần|tháng|năm))(?: (?P<since>rồi|nay))?"
    r"(?:,? (?:ạ|nhỉ|thế|vậy))?(?=[\s?.!]*$)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"^,? ?(?:cho )?(?:đến|tới|-|–)(?: hết)?(?: (?:ngày|tháng|năm))? ?$", re.IGNORECASE)
_WEEK, _MONTHS = 7, 12
_DAYS_SAID = 60
"""A span of at most so many days is given in days where no unit is asked for."""


@dataclass(frozen=True, slots=True)
class TimeCalculation:
    """A calculation of time: ``shown`` with how it was made, and ``result`` alone."""

    shown: str
    result: str


def asks_time(question: str) -> bool:
    """Whether a question asks for a length of time."""
    return _LONG.search(question) is not None


def without_age(question: str) -> str | None:
    """A question that asks for an age without that, ``None`` for any other."""
    rest = _AGE.sub("", question)
    return None if rest == question else " ".join(rest.split()).rstrip("?,. ")


def year_of(question: str, today: date) -> int | None:
    """The one year that a question names, which may be this one."""
    years = {int(year) for year in YEAR.findall(question)}
    if not years and _NOW.search(question):
        return today.year
    return years.pop() if len(years) == 1 else None


def age(question: str, year: int, sentences: Sequence[Evidence]) -> tuple[Evidence, TimeCalculation] | None:
    """The age of a person in a year and the sentence that it is calculated from; ``None`` where none allows it.

    A sentence counts that has the names of the question and a year of birth or an age.
    """
    for one in sentences:
        if any(not is_day(name) for name in missing_nearby(question, one)):
            continue
        if found := _from_birth(year, one) or _from_age(year, one):
            return one, found
    return None


def duration(question: str, sentence: Evidence, today: date) -> TimeCalculation | None:
    """How long something lasted between two days of a sentence, or how long ago its one year is.

    ``None`` where the question asks for no time span, or the sentence states one itself.
    """
    asked_span = _LONG.search(question)
    if asked_span is None or any(one.dimension in ("minutes", "months") for one in quantities(sentence.text)):
        return None
    unit = (asked_span["unit"] or "").lower()
    days = [value for value in find_values(sentence.text) if value.kind == "date"]
    for first, last in pairwise(days):
        if _JOINED.match(sentence.text[first.end : last.start]) and (
            found := _between(first, last, unit, sentence)
        ):
            return found
    years = set(YEAR.findall(sentence.text))
    found = _less(today.year, int(years.pop()), "năm") if asked_span["since"] and len(years) == 1 else None
    return found and TimeCalculation(f"Tính đến năm {today.year}, {found.shown}", found.result)


def apart(first: date, last: date, unit: str = "") -> str:
    """How far two days lie apart: in days, whole weeks, months or years, without a unit in what suits the length."""
    days = (last - first).days
    if unit == "tuần" and days % _WEEK == 0:
        return f"{days // _WEEK} tuần"
    if unit in ("ngày", "tuần") or (not unit and days <= _DAYS_SAID):
        return f"{written(Decimal(days))} ngày"
    months = _MONTHS * (last.year - first.year) + last.month - first.month - (last.day < first.day)
    years, rest = divmod(months, _MONTHS)
    if unit == "tháng" or not years:
        return f"{months} tháng"
    return f"{years} năm {rest} tháng" if rest else f"{years} năm"


def _from_birth(year: int, sentence: Evidence) -> TimeCalculation | None:
    found = _BORN.search(sentence.text)
    return _less(year, int(found["year"]), "tuổi") if found else None


def _from_age(year: int, sentence: Evidence) -> TimeCalculation | None:
    """The age in another year than the article's, from the age that it states."""
    written_on = sentence.hit.chunk.article.date
    ages = _OLD.findall(sentence.text)
    if written_on is None or len(ages) != 1 or written_on.year == year:
        return None
    then, since = int(ages[0]), year - written_on.year
    if not 0 < then + since <= _OLDEST:
        return None
    result = f"{then + since} tuổi"
    sign = "+" if since > 0 else "−"
    return TimeCalculation(
        f"{result}: năm {written_on.year} {then} tuổi, {then} {sign} {abs(since)} = {then + since}", result
    )


def _less(year: int, since: int, unit: str) -> TimeCalculation | None:
    if year <= since or (unit == "tuổi" and year - since > _OLDEST):
        return None
    result = f"{year - since} {unit}"
    return TimeCalculation(f"{result}: {year} − {since} = {year - since}", result)


def _between(first: Value, last: Value, unit: str, sentence: Evidence) -> TimeCalculation | None:
    """From one day to another, both counted, or between two months or years; ``None`` where they do not fit."""
    written_on = sentence.hit.chunk.article.date
    begin, end = _parts(first), _parts(last)
    year = begin[0] or end[0] or (written_on.year if written_on else None)
    if year is None or len(begin) != len(end):
        return None
    begin, end = (begin[0] or end[0] or year, *begin[1:]), (end[0] or year, *end[1:])
    if len(begin) == 1:
        return _less(end[0], begin[0], "năm") if unit in ("", "năm") else None
    try:
        one, other = date(*(*begin, 1)[:3]), date(*(*end, 1)[:3])
    except ValueError:  # the thirtieth of February
        return None
    if one >= other:
        return None
    result = apart(one, other, unit)
    if result.endswith("ngày") and len(begin) > 2:
        result = f"{written(Decimal((other - one + timedelta(1)).days))} ngày"
        return TimeCalculation(f"{result}, kể cả ngày đầu và ngày cuối", result)
    return TimeCalculation(result, result)


def _parts(value: Value) -> tuple[int, ...]:
    """Year, month and day as far as they are stated; the year is 0 where it is not, a quarter counts for nothing."""
    year, _, *rest = date_parts(value.canonical)
    return (year or 0, *(part for part in rest if part is not None))
