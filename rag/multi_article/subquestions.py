"""Splits a comparison into the plain questions that each of the compared things answers by itself."""

from __future__ import annotations

import re
from itertools import pairwise

from index.text.normalise import CAPITAL
from index.text.values import find_values
from rag.multi_article.question_type import HOW_MUCH, MORE
from rag.multi_article.values.time_spans import asks_time
from rag.query.condense import with_replaced_part

_NOT_A_NAME = "(?!(?:Năm|Ngày|Tháng|Giữa|Trong|Giá|Số) )"
_NAME = rf"{_NOT_A_NAME}[{CAPITAL}]\w*(?: (?:[{CAPITAL}]\w*|\d+))*"
_ASKS = rf"(?P<asks>{HOW_MUCH})(?!\w)"
_CHANGED = "tăng|giảm|thêm|bớt|rớt|sụt|hạ|thiếu|vượt|hụt"
_HOW = "(?:thế nào|ra sao)"
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r",? (?:hơn|chênh|lệch|ít hơn|nhiều hơn)(?: nhau)? (?:mấy|bao nhiêu)(?: [^\s,?]+){0,2}(?=\?|$)", ""),
        (r"^so với [^,?]+?, ", ""),
        (rf",? so với [^,?]+?(?= (?:thì|{_HOW}|là|có|bao nhiêu|mấy)(?!\w)|[,?]|$)", ""),
        (rf"(?:nhiều|ít) hơn [^,?]+? {_ASKS}", r"\g<asks>"),
        (rf"(?P<how>(?:{MORE})(?: \w+){{0,3}}?) hơn [^,?]+? {_ASKS}", r"\g<how> \g<asks>"),
        (rf"(?<!\w)hơn [^,?]+? {_ASKS}", r"là \g<asks>"),
        (r"(?<!\w)(?:chênh lệch|chênh|lệch)(?: nhau)? (?=bao nhiêu|mấy)", "là "),
        (rf"(?<!\w)(?:{_CHANGED})(?: được| đi| lên| xuống| mất| thêm)? (?=bao nhiêu|mấy)", "có "),
        (rf"(?<!\w)(?:(?:thay )?đổi|khác nhau) {_HOW}(?!\w)", "là bao nhiêu"),
        (r"(?<!\w)(?:tăng hay giảm|giảm hay tăng|lên hay xuống)(?!\w)", "là bao nhiêu"),
        (
            r"(?<!\w)(?P<which>\w+) nào (?P<does>[^,?]*?)(?:nhiều|ít) (?P<what>\w[^,?]*?) hơn(?!\w)",
            r"\g<which> \g<does>bao nhiêu \g<what>",
        ),
        (
            rf"(?<!\w)(?P<which>\w+) nào (?P<does>[^,?]*?)(?:{MORE}) hơn(?!\w)",
            r"\g<which> \g<does>bao nhiêu",
        ),
        (
            r"(?<!\w)(?P<which>\w+) nào (?P<does>[^,?]*?)(?:nhiều|ít|đông) (?P<what>\w[^,?]*?) (?:nhất|thứ \w+)(?!\w)",
            r"mỗi \g<which> \g<does>có bao nhiêu \g<what>",
        ),
        (
            rf"(?<!\w)(?P<which>\w+) nào (?P<does>[^,?]*?)(?:{MORE}) (?:nhất|thứ \w+)(?!\w)",
            r"\g<which> \g<does>bao nhiêu",
        ),
        (
            rf"(?P<does>\w[^,?]*?) (?:{MORE}) nhất(?: (?:là|ở|tại|thuộc về))? \w+ nào(?!\w)",
            r"\g<does> là bao nhiêu",
        ),
        (r" lần lượt(?!\w)", ""),
    )
)
_COMPARED_WITH = re.compile(
    rf"(?<!\w)(?:so với|hơn|kém) (?P<other>[^,?]+?)(?= (?:thì|{_HOW}|là|có|{HOW_MUCH})(?!\w)|[,?]|$)",
    re.IGNORECASE,
)
"""The second of the compared, where it is named by itself: "so với năm 2022", "hơn xã A bao nhiêu"."""
_SMALL_WORDS = r"(?P<between>(?:của |ở |[^\W\d_A-Z]+ ){0,3})"
_JOINED = re.compile(rf"(?P<one>{_NAME}) (?:và|với|hay|hoặc|cùng) {_SMALL_WORDS}(?P<other>{_NAME})")
_APART = re.compile(
    r"^(?P<one>[^,?]+?) (?:và|với) (?P<other>[^,?]+?),? cách nhau"
    r"|^(?P<before>[^?]+?)(?: xảy ra| diễn ra)? trước hay sau (?P<after>[^,?]+)"
    r"|^(?P<first>[^,?]+?) cách (?P<second>[^,?]+?) (?=bao lâu|bao nhiêu|mấy)",
    re.IGNORECASE,
)
"""Two events between which the time is asked."""
_UNIT_OF_TIME = re.compile(r"(?:(?:đến |trong |hết )?(?:năm|ngày|tháng|hôm|quý) )?$")
_MOST = 4
"""Wordings of one question that are read: each costs as much as reading it once."""


def subquestions(question: str) -> tuple[str, ...]:
    """The subquestions of a comparison, at most ``_MOST``, the question itself first; of another question itself alone.

    "Gửi xe ở A đắt hơn ở B bao nhiêu?" is answered from two articles by "Gửi xe ở A bao nhiêu?" and the same of B.
    """
    if (two := _APART.search(question)) and (two["before"] or asks_time(question)):
        events = [event for event in two.groups() if event]
        return (question, *(f"{event[:1].upper()}{event[1:]} ngày nào?" for event in events))
    plain = question
    for pattern, replacement in _RULES:
        plain = pattern.sub(replacement, plain)
    plain = " ".join(plain.split())
    found = [question]
    for variant in (*_of_each(plain), *_of_the_second(question, plain), *_of_each(question)):
        if variant not in found:
            found.append(variant)
    return tuple(found[:_MOST])


def _of_the_second(question: str, plain: str) -> list[str]:
    """The subquestion of the second of the compared; none where that is no date or name like the first."""
    compared = _COMPARED_WITH.search(question)
    second = with_replaced_part(plain, compared["other"]) if compared else None
    return [second] if second else []


def _of_each(question: str) -> list[str]:
    """A question with "A và B" as one of A and one of B, the same for two days."""
    if found := _JOINED.search(question):
        before, after = question[: found.start()], question[found.end() :]
        return [before + found["one"] + after, before + found["between"] + found["other"] + after]
    days = [value for value in find_values(question) if value.kind == "date"]
    for one, other in pairwise(days):
        between = question[one.end : other.start]
        if re.fullmatch(r"[,]? (?:và|với|đến|tới|sang|hay)(?: \w+){0,3} ?", between):
            last = _UNIT_OF_TIME.search(between)
            start = one.end + (last.start() if last else len(between))
            before = question[: one.start]
            if last:
                before = _UNIT_OF_TIME.sub("", before)
            return [question[: one.end] + question[other.end :], before + question[start:].lstrip()]
    return [question]
