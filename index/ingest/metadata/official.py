"""The head of decisions and official letters (Decree 30/2020/NĐ-CP): number, day, kind and subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.ingest.metadata.dates import find_day
from index.text.normalise import fold

_KINDS = (
    "NGHỊ QUYẾT|QUYẾT ĐỊNH|CHỈ THỊ|QUY CHẾ|QUY ĐỊNH|THÔNG CÁO|THÔNG BÁO|HƯỚNG DẪN|CHƯƠNG TRÌNH|KẾ HOẠCH|PHƯƠNG ÁN|ĐỀ ÁN"
    "|DỰ ÁN|BÁO CÁO|BIÊN BẢN|TỜ TRÌNH|HỢP ĐỒNG|CÔNG ĐIỆN|BẢN GHI NHỚ|BẢN THỎA THUẬN"
    "|GIẤY ỦY QUYỀN|GIẤY MỜI|GIẤY GIỚI THIỆU"
    "|THÔNG TƯ|NGHỊ ĐỊNH|LUẬT|PHÁP LỆNH|KẾT LUẬN|LỜI KÊU GỌI|CÔNG VĂN|THƯ MỜI|PHIẾU TRÌNH"
)
_KIND = re.compile(rf"({_KINDS})(?: (?:LIÊN TỊCH|CÁ BIỆT))?", re.IGNORECASE)
_SUFFIX = r"[A-ZĐ][A-ZĐa-zđ]*\d{0,2}(?:[-–&./][A-ZĐ][A-ZĐa-zđ&]*\d{0,2})*"
_NUMBER = re.compile(
    rf"(?:Số|SỐ|số) ?: ?(?P<number>\d{{1,5}}[a-zA-Z]? ?(?:/ ?\d{{4}})? ?[/-] ?{_SUFFIX})(?=$|[\s,.;)])"
)
_ISSUED = re.compile(r"^.{2,50}, ?ngày .{1,30}năm \d{4}\.?$", re.IGNORECASE)
_ISSUED_SHORT = re.compile(r"[^\W\d_][^\d,.;:]{1,30}, (?:ngày )?\d{1,2}([/.-])\d{1,2}\1\d{4}")
_MOTTO = re.compile(r"cong hoa xa hoi chu nghia viet nam|doc lap ?[-–] ?tu do ?[-–] ?hanh phuc")
_SUBJECT = re.compile(r"(?:V/v|Về việc|Về|Vv)\b[ :]*", re.IGNORECASE)
_ABOUT = re.compile(r"(?:V/v|Về việc)[ :]+", re.IGNORECASE)
_ENDS_SUBJECT = re.compile(
    r"^(?:căn cứ|kính gửi|theo |xét |thực hiện|để |nhằm |điều \d|chương |phần |[ivx\d]+[.)/]|số ?:)"
    r"|^(?:chủ tịch|hội đồng|ủy ban|bộ trưởng|giám đốc|thủ tướng|chính phủ|hiệu trưởng)"
    r"|^(?:ban |đảng |thường trực|sở |phòng (?!chống|ngừa|cháy|bệnh|dịch|trừ))",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:UBND|ỦY BAN|UỶ BAN|HĐND|HỘI ĐỒNG|SỞ|PHÒNG|TRƯỜNG|BỘ|BAN|TRUNG TÂM|CHI CỤC|CỤC|CÔNG TY|HỘI|ĐẢNG|ĐOÀN)\b"
)
"""How the names of offices begin, which stand over a letter in capitals."""
_BEGINS_TITLE = re.compile(
    rf"(?:{_KINDS}|DANH SÁCH|BIỂU|BẢNG|LỊCH|PHỤ LỤC|NỘI QUY|QUY ƯỚC|PHIẾU|ĐƠN|THÔNG TIN|KẾT QUẢ|TỔNG HỢP)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"(?:Hôm nay|Vào hồi)\b")
"""How the day of minutes and contracts begins."""
_LETTERHEAD_LINES = 10
_HEAD_LINES = 24
_TITLE_LINES = 5
_SUBJECT_CHARS = 400


@dataclass(frozen=True, slots=True)
class OfficialHead:
    """What the head of an official letter tells; ``title`` is kind, number and subject in one line."""

    title: str
    number: str
    date: date | None


def official_head(lines: Sequence[str]) -> OfficialHead | None:
    """Read the head of an official letter; ``None`` where the lines begin with none.

    A number after ``Số:`` and the motto of the state, the place and day of issue, or the kind of document make it one.
    """
    head = [line for line in lines if line][:_HEAD_LINES]
    number = next((match for line in head if (match := _NUMBER.search(line))), None)
    motto = any(_MOTTO.search(fold(line)) for line in head)
    issued = next((line for line in head if _ISSUED.match(line)), None)
    kind, subject = _kind_and_subject(head)
    numbered = kind and any(_NUMBER.search(line) for line in head[:_TITLE_LINES])
    numbered = numbered or (subject and any(_NUMBER.match(line) for line in head[:2]))
    if not (motto and (number or issued)) and not (number and issued) and not numbered:
        return None
    code = re.sub(r"\s", "", number["number"]) if number else ""
    found = find_day(issued) if issued else None
    if not subject and not (kind and code):
        return None
    named = kind.capitalize() if kind else "Công văn"
    joined = " ".join(part for part in (named, code, _lowered(subject)) if part).replace(" : ", ": ")
    return OfficialHead(joined, code, found[0] if found else None)


def is_place_and_day(line: str) -> bool:
    """Tell whether a line is the place and day of issue, ``Yên Hạ, ngày 05 tháng 3 năm 2021``, ``Yên Hạ, 5/3/2021``."""
    return _ISSUED.match(line) is not None or _ISSUED_SHORT.fullmatch(line) is not None


def issued_on(lines: Sequence[str]) -> date | None:
    """Find the day of issue: under a letterhead the one with its place, in minutes the one of the meeting."""
    head = [line for line in lines if line][:_LETTERHEAD_LINES]
    today = next((line for line in head if _TODAY.match(line)), "")
    under = lines if after_letterhead(lines) else ()
    found = find_day(today) or next((find_day(line) for line in under if _ISSUED.match(line)), None)
    return found[0] if found else None


def after_letterhead(lines: Sequence[str]) -> int:
    """Give the place of the first line below the offices and the motto over a letter, 0 where none stands over it."""
    filled = [place for place, line in enumerate(lines) if line][:_LETTERHEAD_LINES]
    motto = [at for at, place in enumerate(filled) if _MOTTO.search(fold(lines[place]))]
    if not motto:
        offices = next((at for at, place in enumerate(filled) if not _is_office(lines[place])), 0)
        return filled[offices] if offices and _BEGINS_TITLE.match(lines[filled[offices]]) else 0
    for place in filled[motto[0] + 1 :]:
        line = lines[place]
        if not (_is_office(line) or _MOTTO.search(fold(line)) or _NUMBER.search(line) or _ISSUED.match(line)):
            return place
    return 0


def _is_office(line: str) -> bool:
    return line.isupper() and _OFFICE.match(line) is not None


def is_kind(line: str) -> bool:
    """Tell whether a line is the kind of an official document and nothing else, ``THÔNG BÁO``."""
    return _KIND.fullmatch(line.strip(" *_#")) is not None


def kind_with_subject(lines: Sequence[str]) -> str:
    """Make one title of a kind in the first line and the subject soon under it; ``""`` where one is missing."""
    head = [line.strip(" *_#") for line in lines if line][:_TITLE_LINES]
    if not head or not is_kind(head[0]):
        return ""
    place = next((place for place, line in enumerate(head) if place and _ABOUT.match(line)), None)
    return "" if place is None else f"{head[0].capitalize()} {_lowered(_subject(head[place:]))}"


def _kind_and_subject(head: Sequence[str]) -> tuple[str, str]:
    """Find the line with the kind of document and the lines under it that say what it is about."""
    for place, line in enumerate(head):
        match = _KIND.fullmatch(line.strip(" *_#"))
        if match and (line.isupper() or match[0][0].isupper()):
            return match[0], _subject(head[place + 1 :])
    for place, line in enumerate(head):
        match = _ABOUT.match(line.strip(" *_("))
        if match:
            return "", _subject(head[place:])
    return "", ""


def _subject(lines: Sequence[str]) -> str:
    """Join the lines up to whoever issues the document, its grounds, or a whole sentence."""
    parts: list[str] = []
    for line in lines:
        line = line.strip(" *_#")
        if not line or _NUMBER.search(line) or _ISSUED.match(line) or _MOTTO.search(fold(line)):
            if parts:
                break
            continue
        if _ENDS_SUBJECT.search(line) and not (not parts and _SUBJECT.match(line)):
            break
        if parts and line[0].isupper() and not (parts[0].isupper() and line.isupper()):
            break  # a subject in capitals goes on in capitals, another one in small letters
        parts.append(line)
        if len(" ".join(parts)) > _SUBJECT_CHARS or line.endswith((".", ";")):
            break
    return " ".join(parts).strip(" .;")


def _lowered(subject: str) -> str:
    """Write a subject as it goes on after the number: ``về việc …``; names in capitals stay as they are."""
    match = _SUBJECT.match(subject)
    if match is None:
        return subject and f": {subject}"
    return ("về việc " if match[0].lower().startswith(("v/v", "vv", "về việc")) else "về ") + subject[
        match.end() :
    ]
