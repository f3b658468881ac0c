"""Which time a question means: "năm ngoái" and "tháng trước" counted from today, and days that are named."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from index.text.normalise import fold
from index.text.values import date_parts, find_values
from rag.query.language import answer_language

_WORDS: tuple[tuple[str, str, int], ...] = (
    (r"(?:hom|bua) nay", "day", 0),
    (r"(?:hom|bua) qua", "day", -1),
    (r"hom kia", "day", -2),
    (r"tuan nay", "week", 0),
    (r"tuan (?:truoc|qua|vua roi|vua qua)", "week", -1),
    (r"thang nay", "month", 0),
    (r"thang (?:truoc|qua|vua roi|vua qua)", "month", -1),
    (r"quy nay", "quarter", 0),
    (r"quy (?:truoc|vua roi|vua qua)", "quarter", -1),
    (r"nam nay", "year", 0),
    (r"nam (?:ngoai|vua roi|vua qua)", "year", -1),
    (r"nam kia", "year", -2),
    (r"hien (?:nay|tai|gio)|bay gio|luc nay|ngay nay|to date|nowadays|currently", "now", 0),
    (r"today", "day", 0),
    (r"yesterday", "day", -1),
    (r"this month", "month", 0),
    (r"last month", "month", -1),
    (r"this year", "year", 0),
    (r"last year", "year", -1),
)
# "So với năm ngoái" and "cùng kỳ năm ngoái" are counted from the day of the article that tells it.
_RELATIVE = tuple(
    (re.compile(rf"(?<!so voi )(?<!cung ky )(?<!compared to )\b(?:{pattern})\b"), unit, back)
    for pattern, unit, back in _WORDS
)
_SHARE = re.compile(r"\b(?P<count>6|9|sau|chin) thang (?P<end>dau|cuoi) nam (?P<year>(?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class Period:
    """The days ``first`` to ``last`` that ``text[start:end]``, ``phrase``, means; ``named`` is how they are called.

    ``relative`` is true where they are counted from today, ``now`` where they are the present; ``has_year`` is false
    for a month or day of no year.
    """

    first: date
    last: date
    named: str
    phrase: str
    start: int
    end: int
    relative: bool = False
    now: bool = False
    has_year: bool = True


def relative_period(text: str, today: date) -> Period | None:
    """The first time of a normalised text that is counted from today."""
    found = [
        (match, unit, back) for pattern, unit, back in _RELATIVE if (match := pattern.search(fold(text)))
    ]
    if not found:
        return None
    match, unit, back = min(found, key=lambda one: one[0].start())
    first, last, named = _counted(unit, back, today)
    phrase = text[match.start() : match.end()]
    return Period(first, last, named, phrase, match.start(), match.end(), relative=True, now=unit == "now")


def period_of(text: str, today: date, newest: date | None = None) -> Period | None:
    """The time that a normalised text speaks of; a month without a year is the last one before ``newest`` or today."""
    if (relative := relative_period(text, today)) is not None:
        return relative
    if share := _SHARE.search(fold(text)):
        return _share_of_year(text, share)
    dates = [value for value in find_values(text) if value.kind == "date"]
    if not dates:
        return None
    begin, end = dates[0], dates[-1]
    year = next((value.canonical[:4] for value in reversed(dates) if value.canonical[:2] != "--"), None)
    known = year or _year_before(begin.canonical, newest or today)
    try:
        first, last = _bounds(begin.canonical, known)[0], _bounds(end.canonical, known)[1]
    except ValueError:
        return None
    start = re.search(
        r"(?:(?:từ|trong|vào|hồi|đến) )?(?:(?:năm|tháng|ngày|nam|thang|ngay|quý|quy) )?$", text[: begin.start]
    )
    opening = begin.start if start is None else start.start()
    phrase = text[opening : end.end]
    named = phrase.removeprefix("trong ").removeprefix("hồi ").removeprefix("vào ")
    return Period(
        first, last, named if year else f"{named}/{known}", phrase, opening, end.end, has_year=year is not None
    )  # fmt: skip


def _share_of_year(text: str, share: re.Match[str]) -> Period:
    """The first or last six or nine months of a year."""
    year, months = int(share["year"]), 6 if share["count"] in ("6", "sau") else 9
    begin, end = (1, months) if share["end"] == "dau" else (13 - months, 12)
    named = text[share.start() : share.end()]
    return Period(date(year, begin, 1), _month_end(year, end), named, named, share.start(), share.end())


def remark(period: Period | None, question: str, dates: Iterable[date | None], today: date) -> str:
    """Say which time was understood, and where the newest of the articles is older; empty where nothing is to say."""
    if period is None or not period.relative:
        return ""
    newest = max((day for day in dates if day), default=None)
    older = newest is not None and newest < period.first
    if answer_language(question) == "en":
        sentence = f"“{period.phrase}” was taken as {_english(period)}, counted from today, {today:%d/%m/%Y}."
        return (
            f"{sentence} The newest article found is of {newest:%d/%m/%Y}, which is older."
            if older
            else sentence
        )
    phrase = period.phrase[:1].upper() + period.phrase[1:]
    sentence = f"“{phrase}” được hiểu là {period.named}, tính từ hôm nay {today:%d/%m/%Y}."
    if period.now:
        sentence = f"“{phrase}” được hiểu là hôm nay, {today:%d/%m/%Y}."
    return (
        f"{sentence} Bài mới nhất tìm được viết ngày {newest:%d/%m/%Y}, cũ hơn thời gian được hỏi."
        if older
        else sentence
    )


def _english(period: Period) -> str:
    return (
        f"{period.first:%d/%m/%Y}"
        if period.first == period.last
        else f"{period.first:%d/%m/%Y} to {period.last:%d/%m/%Y}"
    )


def written_as_dates(question: str, period: Period) -> str:
    """A question with the time that is counted from today written as its date."""
    return f"{question[: period.start]}{period.named}{question[period.end :]}"


def _counted(unit: str, back: int, today: date) -> tuple[date, date, str]:
    """A day, week, month, quarter or year, so many before today's."""
    if unit in ("day", "now"):
        day = today + timedelta(days=back)
        return day, day, f"ngày {day:%d/%m/%Y}"
    if unit == "week":
        first = today - timedelta(days=today.weekday() - 7 * back)
        return (
            first,
            first + timedelta(days=6),
            f"tuần {first:%d/%m/%Y} – {first + timedelta(days=6):%d/%m/%Y}",
        )
    if unit == "year":
        year = today.year + back
        return date(year, 1, 1), date(year, 12, 31), f"năm {year}"
    length = 3 if unit == "quarter" else 1
    months = (today.year * 12 + today.month - 1) // length * length + length * back
    year, month = divmod(months, 12)
    last = _month_end(year, month + length)
    named = f"quý {month // 3 + 1} năm {year}" if length == 3 else f"tháng {month + 1}/{year}"
    return date(year, month + 1, 1), last, named


def _bounds(canonical: str, year: str) -> tuple[date, date]:
    """The first and last day of a date as ``find_values`` writes it; raises ValueError where there is no such day."""
    own_year, quarter, month, day = date_parts(canonical)
    number = own_year or int(year)
    if quarter:
        return date(number, 3 * quarter - 2, 1), _month_end(number, 3 * quarter)
    if month is None:
        return date(number, 1, 1), date(number, 12, 31)
    if day:
        return date(number, month, day), date(number, month, day)
    return date(number, month, 1), _month_end(number, month)


def _year_before(canonical: str, newest: date) -> str:
    """The last year in which a date without a year was not after ``newest``."""
    try:
        first = _bounds(canonical, str(newest.year))[0]
    except ValueError:
        return str(newest.year)
    return str(newest.year if first <= newest else newest.year - 1)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


Today = Callable[[], date]
"""Returns the present day."""
