"""Where a line ends in the midst of a sentence or a name, told by the words on both sides of its end."""

from __future__ import annotations

import re

from index.text.normalise import CAPITAL

_LEADS_ON = re.compile(
    r"(?:,|\b(?:và|với|của|cho|tại|ở|từ|đến|là|gồm|do|theo|về|trong|các|những|ngày|tháng|năm|số|thứ|khoảng|hơn|gần|trên"
    r"|dưới|đạt|điều|khoản|nghị định|quyết định))$",
    re.IGNORECASE,
)
"""Ends of lines after which a name, a figure or the rest of a list is still to come."""
_NAME_NEXT = re.compile(
    r"\b(?:ông|bà|anh|chị|em|cháu|đồng chí|thôn|bản|làng|ấp|xã|phường|thị trấn|thị xã|huyện|quận|thành phố|tỉnh|công ty"
    rf"|trường)\n[{CAPITAL}]",
    re.IGNORECASE,
)


def leads_on(before: str, line: str) -> bool:
    """Tell whether what a line ends with has to go on in the next one: ``Chủ tịch UBND huyện`` before ``Yên Hạ``."""
    if _LEADS_ON.search(before):
        return True
    return line[:1].isupper() and _NAME_NEXT.search(f"{before}\n{line}") is not None
