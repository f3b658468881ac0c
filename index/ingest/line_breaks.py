"""Where a line ends in the midst of a sentence or a name, judged by the words on both sides of its end."""

from __future__ import annotations

import re

from index.text.normalise import CAPITAL

_LEADS_ON = re.compile(
    r"(?:,|\b(?:và|với|của|cho|tại|ở|từ|đến|là|gồm|do|theo|về|trong|các|những|trên|dưới|đạt|nghị định|quyết định))$"
)
"""Ends of lines after which a name, a figure or the rest of a list is still to come."""
_FIGURES = "ngày|tháng|năm|số|thứ|khoảng|hơn|gần|điều|khoản"
_FIGURE_NEXT = re.compile(rf"(?:\b(?:{_FIGURES})|^(?:{'|'.join(map(str.capitalize, _FIGURES.split('|')))}))$")
"""Ends of lines after which a figure is still to come, if one does: "Nguyễn Văn Năm" is a name, "Mã số" the name of a
column."""
_PLACES = "thôn|làng|ấp|xã|phường|thị trấn|thị xã|huyện|quận|thành phố|tỉnh|công ty|trường|đồng chí"
_NAME_NEXT = re.compile(
    rf"(?:\b(?:ông|bà|anh|chị|em|cháu|(?<!văn )(?<!Văn )bản|{_PLACES})"
    rf"|^(?:{'|'.join(word.capitalize() for word in _PLACES.split('|'))}))\n[{CAPITAL}]"
)
"""Words of what bears a name before it; with a capital only where they begin the line: "Tiếng Anh" is none."""


def leads_on(before: str, line: str) -> bool:
    """Tell whether what a line ends with has to go on in the next one: ``Chủ tịch UBND huyện`` before ``Yên Hạ``."""
    if _LEADS_ON.search(before) or (line[:1].isdigit() and _FIGURE_NEXT.search(before)):
        return True
    return line[:1].isupper() and _NAME_NEXT.search(f"{before}\n{line}") is not None
