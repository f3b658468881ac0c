"""Days as Vietnamese sites, offices and files write them, and the lines of a page that tell when it was published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache

from index.text.normalise import fold

_VIETNAM = timezone(timedelta(hours=7))
_VIETNAMESE_MONTHS = (
    "mot gieng", "hai", "ba", "tu bon", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi_mot", "muoi_hai chap",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
_MONTHS = {
    name: number
    for months in (_VIETNAMESE_MONTHS, _ENGLISH_MONTHS)
    for number, names in enumerate(months, start=1)
    for name in names.split()
}
_MONTH_WORDS = "|".join(sorted((name.replace("_", " ") for name in _MONTHS), key=len, reverse=True))
_ENGLISH_WORDS = "|".join(" ".join(_ENGLISH_MONTHS).split())
"""Only these may stand without "tháng": "6 năm 2018" is no sixth of May."""
_YEAR = r"(?P<y>(?:19|20|21)\d\d)"
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_YEAR}(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)(?!\d)",
        rf"(?<![\d/.-])(?P<d>\d\d?)(?: ?(?P<s>[-/.]) ?)(?P<m>\d\d?)(?: ?(?P=s) ?){_YEAR}(?!\d)",
        rf"(?<![\d/.-])(?P<d>\d\d?) ?[-/.] ?(?P<m>\d\d?) nam {_YEAR}(?!\d)",
        rf"(?<![\d/.-])(?P<d>\d\d?),? thang (?P<m>\d\d?|{_MONTH_WORDS})(?: |, ?| - |-|/)(?:nam )?{_YEAR}(?!\d)",
        rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th)?[ -](?P<m>{_ENGLISH_WORDS})\.?,?[ -]{_YEAR}(?!\d)",
        rf"(?<!\w)(?P<m>(?<=thang )(?:{_MONTH_WORDS})|{_ENGLISH_WORDS})\.?"
        rf" (?P<d>\d\d?)(?:st|nd|rd|th)?,? {_YEAR}(?!\d)",
        r"(?<![\d/.-])(?P<d>\d\d?)(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<y>\d\d)(?![\d/.-]|[.,]\d)",
    )
)
_ISO_UTC = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|\+00:?00)\b", re.IGNORECASE)
_EXCEL_DAYS = range(25_569, 60_000)
"""Days since 30/12/1899, from 1970 on: how spreadsheets keep a date whose format was lost."""

_WEEKDAY = r"(?:(?:thu|chu) ?(?:hai|ba|tu|nam|sau|bay|nhat|[2-7])|t ?[2-7]|cn)(?![\w/])"
_TIME = (
    r"(?:\d{1,2} ?[:h] ?\d{1,2}(?: ?: ?\d{1,2})?'?(?: ?phut)?(?: ?(?:[ap]m|sa|ch|sang|trua|chieu|toi|dem))?"
    r"|\d{1,2} ?(?:gio|h)(?: ?\d{1,2}(?: ?phut)?)?)(?!\w)"
)
_ZONE = r"\(?gmt ?\+ ?0?7\)?"
_LABEL = (
    r"(?:ngay |lan |thoi gian )?(?:(?:da )?dang(?: (?:tin|bai|tai))?|gui(?: bai)?|xuat ban|cap nhat(?: lan cuoi| cuoi)?"
    r"|viet bai|tao|ban hanh tin|posted|published|updated|last updated)(?: (?:vao|luc|ngay|on|at|boi|by))*(?: ?:)?"
)
_PERSON = (
    r"(?:(?:nguoi|duoc) (?:dang|viet|gui)(?: (?:bai viet|bai|tin|boi))*|tac gia|boi|by)[ :]+[^|•–—\d]{1,40}?"
)
_RUBRIC = r"(?:chuyen muc|danh muc)[ :]+[^|•–—\d]{2,40}?"
_COUNTER = (
    r"(?:(?:so )?luot (?:xem|doc|truy cap)|da (?:xem|doc)|xem|views?)[ :]*\(?[\d.,]+\)?"
    r"|[\d.,]+ (?:luot xem|views?)"
)
_USER = r"[\w.]{2,20}(?= gui vao)"
_PARTS = re.compile(rf"{_ZONE}|{_COUNTER}|{_USER}|{_WEEKDAY}|{_TIME}|{_LABEL}|\b(?:ngay|luc|vao)\b")
_PERSONS = re.compile(
    rf"(?:^|[|•–—,-] ?|(?<= )(?=by )){_PERSON}(?=$|[|•–—-])|(?:^|[|•–—,-] ?){_RUBRIC}(?=$|[|•–—-])"
)
_CATEGORY = re.compile(r"^[ ,.;()'–—•-]*\|[^|\d]{3,40}$|^[^|\d]{3,40}\|[ ,.;()'–—•-]*$")
_RANGE = re.compile(rf"{_TIME} ?(?:-|–|den) ?{_TIME}")
_OWN_DAY = re.compile(r"ngay (?:bao gia|lap(?: (?:phieu|bieu|hoa don))?|ban hanh|phat hanh|ky|xuat ban) ?:")
"""How a form says that the day is its own; the line is a part of it."""
_MASTHEAD = re.compile(
    r"(?:bao(?! (?:cao(?! bang)|gia(?! lai)|hiem|ve)\b)|tap chi|ban tin|noi san|dac san)"
    r"(?: [^\W\d_]+){1,6}[ ,|·•–—-]+(?:so[ :]+[\d./() -]*\d\)?)?[ ,|·•–—()-]*"
)
"""The name of a paper with the number of its issue.

A report ("báo cáo") or an offer ("báo giá") is none.  Báo Cao Bằng and Báo Gia Lai are, and look alike without marks.
"""
_LINE_CHARS = 140
_FEWEST_DIGITS = 4
"""Of the shortest day, ``1/2/21``."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that is nothing but a day and what pages print beside it.

    ``labelled``: it says that it is the day of publication; ``bare``: it is the day alone, without a time.
    """

    day: date
    labelled: bool
    bare: bool


def parse_date(text: str) -> date | None:
    """Read a date that a file gives of itself; ``None`` where it is not understood or never was.

    A time in UTC is taken to Vietnam's.  Day and month change places only where no other reading is a date.
    """
    text = text.strip()
    number = re.fullmatch(r"(\d+)(?:\.\d+)?", text)
    if number:
        return _of_number(number[1])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        moment = None
    if moment is None and (match := _ISO_UTC.match(text)):
        moment = datetime.fromisoformat(
            re.sub(r"(?i)z$|\+00:?00$", "+00:00", re.sub(r"\.\d+", "", match.group()))
        )
    if moment is not None:
        utc = moment.utcoffset() == timedelta(0)
        return (moment.astimezone(_VIETNAM) if utc else moment).date()
    found = find_day(text)
    return found[0] if found else None


def find_day(text: str) -> tuple[date, tuple[int, int]] | None:
    """Find the first whole day of a text and where it stands in ``fold`` of the text."""
    return _find_folded(fold(text))


def _find_folded(plain: str) -> tuple[date, tuple[int, int]] | None:
    if len(re.findall(r"\d", plain)) < _FEWEST_DIGITS:
        return None
    best = None
    for pattern in _DAYS:
        for match in pattern.finditer(plain):
            day = _day(match)
            if day is not None and (best is None or match.start() < best[1][0]):
                best = day, match.span()
                break
    return best


@lru_cache(maxsize=32_768)  # of a text every line is asked several times
def date_line(line: str) -> DateLine | None:
    """Read a line that tells when a page was published; ``None`` for any other."""
    if len(line) > _LINE_CHARS or re.search(r"\d", line) is None:
        return None
    plain = re.sub(r"\s+", " ", fold(line)).strip(" *_")
    found = _find_folded(plain)
    if found is None:
        return None
    day, (start, end) = found
    rest = f"{plain[:start]} {plain[end:]}".strip()
    if _OWN_DAY.fullmatch(rest):
        return DateLine(day, labelled=True, bare=True)
    if _find_folded(rest) is not None or _RANGE.search(rest):
        return None
    labelled = re.search(rf"(?:{_LABEL}|{_COUNTER}|{_PERSON}|{_ZONE})", rest) is not None
    rest = _PARTS.sub(" ", _PERSONS.sub(" ", rest))
    if _CATEGORY.match(rest.strip()):
        labelled, rest = True, ""
    if re.search(r"[^\W_]", rest):
        return DateLine(day, labelled=False, bare=True) if _MASTHEAD.fullmatch(rest.strip()) else None
    bare = not labelled and re.search(_TIME, plain[:start] + " " + plain[end:]) is None
    return DateLine(day, labelled, bare)


def _of_number(digits: str) -> date | None:
    if len(digits) == 8:
        return _made(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if len(digits) in (12, 14) and digits.startswith(("19", "20")):
        return _made(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    if len(digits) in (10, 13, 16, 19):
        seconds = int(digits[:10])
        return datetime.fromtimestamp(seconds, _VIETNAM).date()
    if int(digits) in _EXCEL_DAYS:
        return date(1899, 12, 30) + timedelta(days=int(digits))
    return None


def _day(match: re.Match[str]) -> date | None:
    month = match["m"].replace(" ", "_")
    number = int(month) if month.isdigit() else _MONTHS[month]
    year = int(match["y"])
    if len(match["y"]) == 2:
        year += 2000 if year < 70 else 1900
    day = int(match["d"])
    if number > 12 >= day and len(match["y"]) == 4:
        day, number = number, day
    return _made(year, number, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
