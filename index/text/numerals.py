"""Numbers written out in Vietnamese words."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGITS = {
    **{"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5},
    **{"sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9},
}
MAGNITUDES = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
"""Words that multiply a number, written out or in digits."""

_DIGIT = "(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)"
_AFTER_TEN = "(?:một|hai|ba|bốn|lăm|nhăm|sáu|bảy|bẩy|tám|chín)"  # never `năm`: `mười năm` is ten years
_TENS = f"(?:mười(?: {_AFTER_TEN})?|{_DIGIT} mươi(?: (?:mốt|tư|{_AFTER_TEN}))?)"
_HUNDREDS = f"(?:(?:không|{_DIGIT}) trăm(?: (?:linh|lẻ) (?:tư|{_DIGIT})| {_TENS})?)"
_MAGNITUDE = f"(?:{'|'.join(MAGNITUDES)})"
_NUMERAL = re.compile(
    rf"(?<!\w)(?:{_HUNDREDS}|{_TENS}|{_DIGIT})"
    rf"(?: {_MAGNITUDE}(?: (?:{_HUNDREDS}|{_TENS})| {_DIGIT}(?= {_MAGNITUDE}))?)*(?!\w)",
    re.IGNORECASE,
)
# A word like `ba` (three, father) or `năm` (five, year) is a number only before what is counted.
_COUNTED = re.compile(
    r" (?:"
    r"ấp|anh|bà|bài|bản|bệnh|buổi|buôn|bức|ca|cá|cái|cán|căn|cầu|cây|chị|chi|chỉ|chiếc|chương|con|cột|cơ|"
    r"công|cụm|cuộc|cuốn|cửa|dãy|doanh|dự|đảng|đập|điểm|đoàn|đội|đồng|đợt|đơn|em|giai|giải|giáo|giọng|"
    r"giờ|hạng|héc|hộ|hồ|học|hợp|huy|huyện|ki-lô|kg|km|làng|lần|lít|loại|lớp|lượt|mẫu|máy|mét|mô|môn|mục|"
    r"nạn|năm|ngày|nghị|người|ngôi|nhà|nhiệm|nhịp|nhóm|nội|ông|phần|phòng|phút|phường|quận|quý|quyển|sản|"
    r"sào|suất|tàu|tạ|tấm|tấn|tập|tháng|thành|thôn|thuyền|thửa|tiêu|tỉnh|tòa|tổ|trạm|trận|trụ|trường|"
    r"tuần|tuyến|vụ|xã|xe|xóm|yến"
    r")(?!\w)"
)
_ORDINAL_BEFORE = re.compile(r"(?<!\w)(?:thứ|tháng|giải|hạng|mùng|mồng|anh|ông|bà|chú) $", re.IGNORECASE)
_YEAR_AFTER = re.compile(" tháng| học(?! sinh| viên)")
_YEAR_BEFORE = re.compile(
    r"(?:trong|cả|đầu|cuối|mỗi|một|hằng|hàng|qua|các|những|mấy|giữa|nhiều|vài|hết|từng|theo|của|lâu"
    r"|\d[\d.,]*) $",
    re.IGNORECASE,
)


def written_numerals(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield (number, start, end) of what is clearly a number; ``một`` alone is an article, not a number."""
    for match in _NUMERAL.finditer(text):
        if " " in match.group() or _counts(text, match):
            yield _number(match.group().lower()), match.start(), match.end()


def _counts(text: str, match: re.Match[str]) -> bool:
    word = match.group().lower()
    before, after = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 12]
    if word == "một" or _ORDINAL_BEFORE.search(before) or not _COUNTED.match(after):
        return False
    return not (word == "năm" and (_YEAR_AFTER.match(after) or _YEAR_BEFORE.search(before)))


def _number(words: str) -> int:
    total = part = digit = 0
    for word in words.split():
        if word in MAGNITUDES:
            part += digit
            alone = 0 < total < MAGNITUDES[word]  # it multiplies all before it: `hai nghìn tỷ`
            total = (total + part) * MAGNITUDES[word] if alone else total + part * MAGNITUDES[word]
            part = digit = 0
        elif word == "trăm":
            part, digit = digit * 100, 0
        elif word == "mươi":
            part, digit = part + digit * 10, 0
        elif word == "mười":
            part += 10
        elif word in _DIGITS:
            digit = _DIGITS[word]
    return total + part + digit
