"""What the text of an article tells about itself: its title, its date and its author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from index.ingest.document import Metadata
from index.ingest.metadata.dates import DateLine, date_line, parse_date
from index.ingest.metadata.official import (
    after_letterhead,
    is_kind,
    is_place_and_day,
    issued_on,
    kind_with_subject,
    official_head,
)
from index.ingest.metadata.place import find_place
from index.text.normalise import CAPITAL, SMALL, fold, normalise, sentence_spans
from index.text.values import Value, find_values

_TITLE_CHARS = 220
_RUBRIC_CHARS = 8
_RUBRIC_WORDS = 6
_HEAD_LINES = 8
_TAIL_LINES = 3
_DATELINE_CHARS = 60
_LIST_LINES = 60
_SENTENCE_ENDS = (".", "!", "?", "…", ".”", '."')
_PROSE_CHARS = 100
_SIGNATURE_CHARS = 90
_DERIVED_CHARS = 100
_DATELINE = re.compile(
    r"(?:(?:khoảng|vào|lúc|hồi) )*(?:\d{1,2} ?(?:giờ|h)(?: ?\d{1,2}(?: phút)?)?,? )?(?:rạng )?"
    r"(?:sáng|trưa|chiều|tối|đêm|ngày|hôm)(?: sớm)?(?: ngày| hôm| chủ nhật| thứ \w+)?[ ,]*\(?",
    re.IGNORECASE,
)
"""What stands before the day where news begins with it (``Sáng 14/8/2019, Huyện ủy họp …``)."""
_REPORTED = re.compile(r"\)?,? ?(?:[^\W\d_]+,? ){3}")
"""What follows that day: a clause, not the hours of a schedule."""
_TO_COME = re.compile(r"(?:thong bao|lich|ke hoach|giay moi|thu moi|chuong trinh)\b")
"""How titles begin (folded) whose articles tell of days to come."""
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


_HEAD_BYLINE = re.compile(
    rf"(?i:ghi chép|phóng sự|ký sự|bút ký|tản văn|tùy bút|truyện ngắn|thơ|bài|bài viết)"
    rf"(?i: của|:) ?(?P<names>{_NAMES})"
)
_BYLINE_LINES = 5


@dataclass(frozen=True, slots=True)
class Described:
    """What a document tells of itself; ``outside`` are the lines that the page printed around the article."""

    title: str
    date: date | None
    author: str | None
    place: str | None
    number: str | None
    lead: str | None
    outside: set[int]


def describe(lines: Sequence[str], given: Metadata, crawled: bool, after_boilerplate: bool) -> Described:
    """Find out title, date, author, place and number of an article; what the file gives goes first.

    ``lines`` are those of its text, empty for the rows of tables.  Of a ``crawled`` page the line with the time
    of publication is no part of the article, and where ``after_boilerplate`` it lay under a menu, nor is the
    name of the rubric before its title.
    """
    official = official_head(lines)
    dated = _publication(lines)
    outside = {dated[0]} if dated and crawled and not dated[1].bare and dated[0] < len(lines) else set()
    title = given.title or (
        official.title if official else kind_with_subject(lines[after_letterhead(lines) :])
    )
    if not title:
        place = find_title(lines, crawled and after_boilerplate, dated[0] if dated else None)
        if place is not None:
            if crawled and after_boilerplate:
                outside |= {at for at in range(place) if lines[at] and date_line(lines[at]) is None}
            title = lines[place].removeprefix("#").strip("#*_ ")
    content = [line for at, line in enumerate(lines) if line and at not in outside]
    title = title or derive_title(content).replace("**", "").strip("*_# ")
    lead = re.sub(r"\s+", " ", normalise(given.lead)).strip() or None
    return Described(
        title=title,
        date=(official.date if official else None)
        or (dated[1].day if dated else None)
        or issued_on(lines)
        or _day_stated(content, title),
        author=given.author or find_author(_could_sign(lines, outside, title)) or _head_byline(content),
        place=given.place or find_place(title, content, byline_office(content)),
        number=given.number or (official.number if official else "") or None,
        lead=lead,
        outside=outside,
    )


def _publication(lines: Sequence[str]) -> tuple[int, DateLine] | None:
    """Find the line with the day of publication: in the head, or a labelled one at the end.

    Where several lines are days without saying so, they are a schedule.
    """
    found = [
        (at, stated) for at, line in enumerate(lines) if line and (stated := date_line(line)) is not None
    ]
    labelled = [(at, stated) for at, stated in found if stated.labelled]
    filled = [at for at, line in enumerate(lines) if line]
    head = set(
        filled[: next((n for n, at in enumerate(filled) if _is_prose(lines[at])), len(filled))][:_HEAD_LINES]
    )
    tail = set(filled[-_TAIL_LINES:])
    for at, stated in labelled:
        if at in head:
            return at, stated
    if len(found) == 1 and found[0][0] in head:
        return found[0]
    return next(((at, stated) for at, stated in labelled if at in tail), None)


def _is_prose(line: str) -> bool:
    return len(line) >= _PROSE_CHARS or (len(line) >= _PROSE_CHARS // 2 and line.endswith((".", ":", ";")))


def _day_stated(lines: Sequence[str], title: str) -> date | None:
    """Find the day that news begins with; a day anywhere else is that of an event, a document or a birthday.

    A list of days, a notice and a plan tell no day of their own.  A day without a year takes it from the same
    month in the title or the first paragraph (``tháng 11/2018``), never from elsewhere.
    """
    opening = next((line for line in lines[:_HEAD_LINES] if line.endswith(_SENTENCE_ENDS)), "")
    value = _dateline(opening)
    if value is None or _TO_COME.match(fold(title)):
        return None
    if any(
        found.canonical != value.canonical
        for line in lines[:_LIST_LINES]
        if (found := _dateline(line)) is not None
    ):
        return None
    sentence = opening[: next((end for _, end in sentence_spans(opening)), 0)]
    if not _REPORTED.match(opening[value.end :]) or re.search(r"\bsẽ\b", sentence):
        return None
    if value.canonical.startswith("--"):
        return _with_year(value.canonical, f"{title}\n{opening}")
    return parse_date(value.canonical)


def _dateline(line: str) -> Value | None:
    """Find the day that a line begins with, with its year or without."""
    if _DATELINE.match(line) is None:
        return None
    for value in find_values(line[:_DATELINE_CHARS]):
        whole = re.fullmatch(r"(?:\d{4}|-)-\d\d-\d\d", value.canonical) if value.kind == "date" else None
        if whole and _DATELINE.fullmatch(line[: value.start]):
            return value
    return None


def find_title(lines: Sequence[str], after_boilerplate: bool, dated: int | None) -> int | None:
    """Find the place of the line that is the title; ``None`` where the text begins without one.

    ``dated`` is the line with the day of publication.  On a page that began with boilerplate a short line may
    come first, the name of the rubric.
    """
    first = after_letterhead(lines)
    places = [place for place, line in enumerate(lines) if line and place != dated and place >= first]
    for place in places[:4]:
        if lines[place].startswith("# "):
            return place
    for place, following in pairwise(places[:4]):
        line = lines[place]
        if date_line(line) is not None or is_place_and_day(line) or len(line) < _RUBRIC_CHARS:
            continue
        if not _could_be_title(line):
            return None
        if not (after_boilerplate and _is_rubric(line, lines[following])):
            return place
    return None


def derive_title(lines: Sequence[str]) -> str:
    """Make a title of the beginning of the first long paragraph; it ends in ``…`` where it is cut."""
    long = next((line for line in lines if len(line) >= 100), max(lines, key=len, default=""))
    spans = sentence_spans(long)
    sentence = long[spans[0][0] : spans[0][1]] if spans else ""
    if len(sentence) <= _DERIVED_CHARS:
        return sentence.rstrip(".")
    cut = sentence[:_DERIVED_CHARS]
    return cut[: max(cut.rfind(","), cut.rfind(";"), cut.rfind(" "))].rstrip(" ,;-–") + "…"


def find_author(lines: Sequence[str]) -> str | None:
    """Find who signed an article: the last line, or the words after its last sentence (``Thanh Vân``).

    What is all that an article says has no signature, unless it says that it is one; a list of names is none.
    """
    candidates = [line for line in lines if line and date_line(line) is None and not is_place_and_day(line)]
    if _ends_in_list_of_names(candidates):
        return None
    for line in reversed(candidates[-3:]):
        signature = _last_sentence(line)
        names = _names(signature)
        if names and (len(candidates) > 1 or signature != line or ":" in signature):
            return names
        if signature.rstrip("”\"')*_").endswith((".", "!", "?", "…")):
            return None
    return None


def _head_byline(lines: Sequence[str]) -> str | None:
    """Find who wrote a piece of a paper where the line below its title tells it (``Ghi chép của Thanh Vân``)."""
    found = (_HEAD_BYLINE.fullmatch(line) for line in lines[1:_BYLINE_LINES])
    return next((match["names"] for match in found if match), None)


def _ends_in_list_of_names(lines: Sequence[str]) -> bool:
    """Tell whether the last lines are two names or more that a line with a colon announces."""
    above = next((at for at in range(len(lines) - 1, -1, -1) if _names(lines[at]) is None), -1)
    return 0 <= above < len(lines) - 2 and lines[above].endswith(":")


def _could_sign(lines: Sequence[str], outside: set[int], title: str) -> list[str]:
    """The lines that a signature may be among: no title, no name of a table or sheet right above its rows."""
    below = [*lines[1:], "end"]
    return [
        line for at, line in enumerate(lines) if line and at not in outside and line != title and below[at]
    ]


def byline_office(lines: Sequence[str]) -> str:
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
    if is_kind(names):
        return None
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


def _with_year(day: str, text: str) -> date | None:
    """Give a day ``--11-02`` the year that a text tells of its month, if it tells one."""
    months = {value.canonical for value in find_values(text) if re.fullmatch(r"\d{4}-\d\d", value.canonical)}
    years = {month[:4] for month in months if month[5:] == day[2:4]}
    return parse_date(f"{years.pop()}-{day[2:]}") if len(years) == 1 else None
