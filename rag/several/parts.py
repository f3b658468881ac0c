"""A question that compares becomes the questions that each of the compared tells by itself."""

from __future__ import annotations

import re

from index.text.normalise import CAPITAL
from index.text.values import find_values

_ADJECTIVE = "cao|thấp|nhiều|ít|lớn|nhỏ|đông|vắng|đắt|rẻ|dài|ngắn|lâu|nhanh|chậm|sớm|muộn|xa|gần|già|trẻ|nặng|nhẹ|rộng|hẹp|sâu|mạnh|kém|dày"
_ASKS = "bao nhiêu|bao lâu|bao xa|mấy"
_NAME = rf"(?!Năm |Ngày |Tháng |Giữa |Trong |Giá |Số )[{CAPITAL}]\w*(?: (?:[{CAPITAL}]\w*|\d+))*"
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r",? (?:hơn|chênh|lệch|ít hơn|nhiều hơn)(?: nhau)? (?:mấy|bao nhiêu)(?: [^\s,?]+){0,2}(?=\?|$)", ""),
        (r"^so với [^,?]+?, ", ""),
        (r",? so với [^,?]+?(?= (?:thì|thế nào|ra sao|là|có|bao nhiêu|mấy)(?!\w)|[,?]|$)", ""),
        (rf"(?:nhiều|ít) hơn [^,?]+? (?P<asks>{_ASKS})(?!\w)", r"\g<asks>"),
        (
            rf"(?P<adjective>(?:{_ADJECTIVE})(?: \w+){{0,3}}?) hơn [^,?]+? (?P<asks>{_ASKS})(?!\w)",
            r"\g<adjective> \g<asks>",
        ),
        (rf"(?<!\w)hơn [^,?]+? (?P<asks>{_ASKS})(?!\w)", r"là \g<asks>"),
        (r"(?<!\w)(?:chênh lệch|chênh|lệch)(?: nhau)? (?=bao nhiêu|mấy)", "là "),
        (
            r"(?<!\w)(?:tăng|giảm|tăng thêm|thêm|bớt|rớt|sụt|hạ|thiếu|vượt|hụt)(?: được| đi| lên| xuống| mất| thêm)? (?=bao nhiêu|mấy)",
            "có ",
        ),
        (
            r"(?<!\w)(?:tăng hay giảm|giảm hay tăng|lên hay xuống|thay đổi (?:thế nào|ra sao)|khác nhau (?:thế nào|ra sao)|đổi (?:thế nào|ra sao))(?!\w)",
            "là bao nhiêu",
        ),
        (
            r"(?<!\w)(?P<which>\w+) nào (?P<does>[^,?]*?)(?:nhiều|ít) (?P<what>\w[^,?]*?) hơn(?!\w)",
            r"\g<which> \g<does>bao nhiêu \g<what>",
        ),
        (
            rf"(?<!\w)(?P<which>\w+) nào (?P<does>[^,?]*?)(?:{_ADJECTIVE}) hơn(?!\w)",
            r"\g<which> \g<does>bao nhiêu",
        ),
        (r" lần lượt(?!\w)", ""),
    )
)
_JOINED = re.compile(
    rf"(?P<one>{_NAME}) (?:và|với|hay|hoặc|cùng) (?P<between>(?:của |ở |[^\W\d_A-Z]+ ){{0,3}})(?P<other>{_NAME})"
)


def plain_parts(question: str) -> tuple[str, ...]:
    """The plain questions that a comparison is made of, each of one of the two where it names them; or itself alone.

    "Gửi xe ở A đắt hơn ở B bao nhiêu?" is told by two articles as "Gửi xe ở A bao nhiêu?" is.
    """
    plain = question
    for pattern, replacement in _RULES:
        plain = pattern.sub(replacement, plain)
    plain = " ".join(plain.split())
    found = [question]
    for variant in (*_of_each(plain), *_of_each(question)):
        if variant not in found:
            found.append(variant)
    return tuple(found[:_MOST])


_MOST = 4
"""Wordings of one question that are read: each costs as much as reading it once."""


def _of_each(question: str) -> list[str]:
    """A question with "A và B" as one of A and one of B, the same for two days."""
    if found := _JOINED.search(question):
        before, after = question[: found.start()], question[found.end() :]
        return [before + found["one"] + after, before + found["between"] + found["other"] + after]
    days = [value for value in find_values(question) if value.kind == "date"]
    for one, other in zip(days, days[1:], strict=False):
        between = question[one.end : other.start]
        if re.fullmatch(r"[,]? (?:và|với|đến|tới|sang|hay)(?: \w+){0,3} ?", between):
            last = re.search(r"(?:(?:đến |trong |hết )?(?:năm|ngày|tháng|hôm|quý) )?$", between)
            start = one.end + (last.start() if last else len(between))
            return [
                question[: one.end] + question[other.end :],
                question[: one.start] + question[start:].lstrip(),
            ]
    return [question]
