"""A follow-up question becomes one that can be searched by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import fold, has_accents, normalise, syllables
from rag.schema import Turn

_POINTERS = re.compile(
    r"\b(?:đó|ấy|kia|nó|họ|thì sao|(?:nói|kể|nêu) trên|ông ta|bà ta|anh ta|chị ta|vì sao vậy|cùng (?:năm|kỳ) đó"
    r"|(?:xã|huyện|thôn|hội nghị|người|đơn vị|dự án|ông|bà|trường|cầu|việc|số|vụ|lễ hội|lần|dịp|nơi|cuộc họp) này)\b"
)
_FOLDED_POINTERS = re.compile(
    r"\b(?:thi sao|noi tren|ong ta|ba ta|anh ta|chi ta|(?:xa|huyen|thon|hoi nghi|nguoi|don vi|du an|ong|ba|truong"
    r"|cau|viec|so|vu|le hoi|lan|dip|noi|cuoc hop|nam|ngay|luc|khi|mo hinh|htx|cho) (?:do|ay|kia|nay))\b"
)
_OPENINGS = re.compile(
    r"(?:con|the con|the|vay|roi|nhung|nhu vay)\b(?! (?:bao nhieu|may|trau|nguoi|duong)\b)"
)
_SHORT = 5
"""A question of at most this many syllables seldom names what it asks about."""


def needs_context(question: str) -> bool:
    """Tell whether a question leans on an earlier one: it points back, opens like a reply, or is very short."""
    asked = normalise(question).strip().lower()
    folded = fold(asked)
    points = _POINTERS.search(asked) if has_accents(asked) else _FOLDED_POINTERS.search(folded)
    return bool(points or _OPENINGS.match(folded) or len(syllables(asked)) <= _SHORT)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Write a follow-up out as the earlier question and this one; one that stands alone is left as it is.

    A chain of follow-ups goes back to the last question that stood alone.
    """
    if not history or not needs_context(question):
        return question
    chain = [question]
    for turn in reversed(history):
        chain.append(turn.question)
        if not needs_context(turn.question):
            break
    return " ".join(reversed(chain))
