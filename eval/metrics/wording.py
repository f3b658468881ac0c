"""Whether an answer says what a free wording of what is right says: "44,2 triệu đồng", "không nêu (refuse)".

A rough grade by values, names and words; what is beside the point stands in brackets.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias, get_args

from eval.metrics.answers import has_value, holds, opening_verdict
from eval.sets.check import content
from index.text.normalise import normalise
from index.text.values import find_values
from rag.citation_marks import without_marks

Grade: TypeAlias = Literal[
    "right", "refused rightly", "false with a proof mark", "false", "refused wrongly", "by eye"
]
GRADES: tuple[Grade, ...] = get_args(Grade)

ENOUGH = 0.6
"""The share of the content words of what is right that an answer must hold."""

_REFUSAL = re.compile(
    r"\brefuse\b|từ chối|hỏi lại|không nêu|không biết|không nên trả lời|không có (?:bài|trong|tin|số thật)"
)
_SOCIAL = re.compile(r"chào|đáp lại|giới thiệu|danh sách|^tóm tắt|mơ hồ|chi tiết|^tên bài|xác nhận")
_BRACKETS = re.compile(r"\(([^)]*)\)")
_OTHER_UNIT = re.compile(r"\d[\d.,]*\s?[^\W\d]\w*")
_NEGATION = re.compile(r"\b(?:không|chưa|chẳng)\b", re.IGNORECASE)
_BESIDE = re.compile(r"^[\w ]+[,;]")
_NAME = re.compile(r"[^\W\d_]\w*")


def grade(right: str, answer: str, *, refused: bool, marked: bool) -> Grade:
    """Compare what was said with what is right."""
    right, answer = normalise(right), normalise(without_marks(answer))
    if _SOCIAL.search(right) and not find_values(right):
        return "by eye"
    if refused:
        return "refused rightly" if _REFUSAL.search(right) else "refused wrongly"
    alternatives = [part for part in re.split(r"\bhoặc\b", right) if not _REFUSAL.search(part)]
    if any(tells(part, answer) for part in alternatives):
        return "right"
    return "false with a proof mark" if marked else "false"


def tells(right: str, answer: str) -> bool:
    """Whether an answer holds the yes or no, the values or the names and most words of what is right."""
    main = _BRACKETS.sub("", right).strip()
    if verdict := opening_verdict(f"{main}."):
        opened = opening_verdict(answer) or ("no" if _NEGATION.search(answer) else None)
        rest = _BESIDE.sub("", main)
        return opened == verdict if opened else _holds(rest, answer) if rest != main else verdict == "yes"
    units = [text for text in _BRACKETS.findall(right) if _OTHER_UNIT.fullmatch(text.strip())]
    return _holds(main, answer) or (bool(find_values(main)) and any(holds(answer, text) for text in units))


def _holds(wanted: str, answer: str) -> bool:
    if values := find_values(wanted):
        return all(
            has_value(answer, value)
            or re.search(rf"(?<![\d.,]){re.escape(wanted[value.start : value.end])}(?!\d|[.,]\d)", answer)
            for value in values
        )
    names = {word.lower() for word in _NAME.findall(wanted) if word[0].isupper()}
    words, held = content(wanted), content(answer)
    return bool(words) and names & words <= held and len(words & held) >= ENOUGH * len(words)
