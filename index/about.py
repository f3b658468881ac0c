"""What the text of an article tells about itself: its title, its date and its author."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from index.text import CAPITAL, SMALL, fold, sentence_spans
from index.values import find_values

_TITLE_CHARS = 220
_RUBRIC_CHARS = 8
_RUBRIC_WORDS = 6
_STAMP_CHARS = 100
_OPENING_CHARS = 700
_SIGNATURE_CHARS = 90
_DERIVED_CHARS = 100
_DATE_WORDS = r"(?:(?:thu|chu) (?:hai|ba|tu|nam|sau|bay|nhat|[2-7])|t[2-7]|cn)"
_TIME = r"(?:\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?[ap]m)?|gmt ?\+ ?7|\(gmt ?\+ ?7\))"
_DAY = r"(?:\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{4}|\d{4}-\d{2}-\d{2}|(?:ngay )?\d{1,2} thang \d{1,2},? (?:nam )?\d{4})"
_DATE_LINE = re.compile(rf"(?:{_DATE_WORDS}[ ,]*)?(?:ngay[ :]*)?{_DAY}")
_STAMP = re.compile(
    r"(?:(?:dang boi|nguoi dang|tac gia|by)[ :]+.{1,30}?[ ,|-]+)?"
    r"(?:(?:[\w.]{2,20} )?(?:gui vao|dang (?:ngay|luc|vao)|ngay (?:dang|gui|xuat ban|cap nhat)|cap nhat(?: luc| ngay)?|"
    r"xuat ban(?: luc)?)[ :]*)?"
    rf"(?:(?:{_DATE_WORDS}|ngay|luc|{_TIME})[ ,|:-]*)*{_DAY}(?:[ ,|-]*(?:luc )?{_TIME})*"
)
# A day at the beginning of a sentence or clause is the article's; elsewhere it may be a document's or a birthday.
_DATELINE = re.compile(
    r"(?:^|[.!?…,;:]\s*|\n|vào |đến |giờ |phút )(?:rạng )?(?:sáng|trưa|chiều|tối|đêm|ngày|hôm)"
    r"(?: ngày| hôm| chủ nhật| thứ \w+)?[ ,]*\(?$",
    re.IGNORECASE,
)
_OFFICE = (
    "(?:(?:Báo|Ban|BQL|Cổng|Đài|Huyện|Phòng|Sở|Theo|Trang|Trường|UBND|Xã)(?: |$)"
    f"|(?:Bộ|Công|Đoàn|Hội|Trung|Văn|Ủy|[A-ZĐ]{{3,}}) [{SMALL}])"
)
_WORD = f"(?:[{CAPITAL}][{SMALL}]*|[{CAPITAL}]{{2,7}})"
_NAME = rf"(?!{_OFFICE}){_WORD}\.?(?: {_WORD}){{0,4}}(?![{SMALL}])"
_NAMES = rf"{_NAME}(?: ?(?:-|–|,|và|&) ?(?:ảnh: ?)?{_NAME})*"
_BYLINE = re.compile(
    r"[*_(]*(?P<label>(?:Bài|Tin|Bài viết|Thực hiện|Tác giả|Người viết)"
    r"(?:(?:,| và| -|/| &) (?:bài|ảnh|tin|video))* ?[:|] ?)?"
    rf"(?P<names>{_NAMES})(?P<office> ?[-–/,(] ?[^.!?…;:]{{2,60}})?[*_)]*",
)


def is_stamp(line: str) -> bool:
    """Tell whether a line is the time of publication that the page prints, not a line of the article."""
    return is_date_line(line) and not _DATE_LINE.fullmatch(_plain(line))


def is_date_line(line: str) -> bool:
    """Tell whether a line is nothing but a day, with or without a time."""
    return len(line) <= _STAMP_CHARS and _STAMP.fullmatch(_plain(line)) is not None


def day_of(text: str) -> date | None:
    """Read the first whole day, with its year, of a text; ``None`` where there is none or it never was."""
    return next((day for _, day in _days(text)), None)


def find_date(lines: list[str], title: str) -> date | None:
    """Find when an article was published, or else what day its first paragraphs tell of.

    A day without a year takes it from the same month in the title or the first paragraph (``tháng
    11/2018``), never from elsewhere.
    """
    head = [line for line in lines if line][:8]
    for line in head:
        if is_date_line(line) and (day := day_of(line)):
            return day
    opening = "\n".join(line for line in head if not is_date_line(line))[:_OPENING_CHARS]
    for start, day in _days(opening):
        if _DATELINE.search(opening[:start]):
            return day
    return _day_in_month(f"{title}\n{opening}")


def find_title(lines: list[str], after_furniture: bool) -> int | None:
    """Find the place of the line that is the title; ``None`` where the text begins without one.

    On a page that began with furniture a short line may come first, the name of the rubric.
    """
    places = [place for place, line in enumerate(lines) if line]
    for place in places[:4]:
        if lines[place].startswith("# "):
            return place
    for place, following in pairwise(places[:4]):
        line = lines[place]
        if is_date_line(line) or len(line) < _RUBRIC_CHARS:
            continue
        if not _could_be_title(line):
            return None
        if not (after_furniture and _is_rubric(line, lines[following])):
            return place
    return None


def derive_title(lines: list[str]) -> str:
    """Make a title of the beginning of the first long paragraph; it ends in ``…`` where it is cut."""
    long = next((line for line in lines if len(line) >= 100), max(lines, key=len, default=""))
    spans = sentence_spans(long)
    sentence = long[spans[0][0] : spans[0][1]] if spans else ""
    if len(sentence) <= _DERIVED_CHARS:
        return sentence.rstrip(".")
    cut = sentence[:_DERIVED_CHARS]
    return cut[: max(cut.rfind(","), cut.rfind(";"), cut.rfind(" "))].rstrip(" ,;-–") + "…"


def find_author(lines: list[str]) -> str | None:
    """Find who signed an article: the last line, or the words after its last sentence (``Thanh Vân``)."""
    tail = [line for line in lines if line and not is_date_line(line)][-3:]
    for line in reversed(tail):
        signature = _last_sentence(line)
        names = _names(signature)
        if names:
            return names
        if signature.rstrip("”\"')*_").endswith((".", "!", "?", "…")):
            return None
    return None


def byline_office(lines: list[str]) -> str:
    """Return the office after the author's name in the last line (``Trung tâm TT&VH Ba Chẽ``), or ``""``."""
    last = next((line for line in reversed(lines) if line), "")
    match = _BYLINE.fullmatch(_last_sentence(last)) if last else None
    return (match["office"] or "").strip(" -–/,()*_") if match else ""


def _last_sentence(line: str) -> str:
    ending = line[-2 * _SIGNATURE_CHARS :]
    return ending[sentence_spans(ending)[-1][0] :]


def _names(signature: str) -> str | None:
    match = _BYLINE.fullmatch(signature) if len(signature) <= _SIGNATURE_CHARS else None
    if match is None or not (match["label"] or 1 < len(match["names"].split()) <= 14):
        return None
    names = match["names"]
    return names.title() if names.isupper() else names


def _could_be_title(line: str) -> bool:
    return (
        _RUBRIC_CHARS <= len(line) <= _TITLE_CHARS
        and not line.endswith((".", ";", ":", ",", "…"))
        and line[0] not in "-+•|*"
    )


def _is_rubric(line: str, following: str) -> bool:
    """Tell whether a line is short enough for the name of a rubric, and the next one more of a title."""
    return len(line.split()) <= _RUBRIC_WORDS and _could_be_title(following) and len(following) > len(line)


def _plain(line: str) -> str:
    return re.sub(r"\s+", " ", fold(line)).strip(" *_|()-–.,")


def _days(text: str) -> list[tuple[int, date]]:
    found = []
    for value in find_values(text):
        match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value.canonical) if value.kind == "date" else None
        if match:
            try:
                found.append((value.start, date(*map(int, match.groups()))))
            except ValueError:
                continue  # 31/2 and the like
    return found


def _day_in_month(text: str) -> date | None:
    dates = [value for value in find_values(text) if value.kind == "date"]
    months = {value.canonical for value in dates if re.fullmatch(r"\d{4}-\d\d", value.canonical)}
    for value in dates:
        if re.fullmatch(r"--\d\d-\d\d", value.canonical) and _DATELINE.search(text[: value.start]):
            years = {month[:4] for month in months if month[5:] == value.canonical[2:4]}
            if len(years) == 1:
                return day_of(f"{years.pop()}-{value.canonical[2:]}")
    return None
