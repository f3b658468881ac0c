"""Questions that cannot be understood alone: "Ông ấy sinh năm nào?", "Bao nhiêu?"."""

from __future__ import annotations

import re

from index.text.normalise import fold, syllables
from rag.proof.names import has_name

_POINTS_BACK = re.compile(
    r"(?:(?:thế|vậy|còn|rồi|khi|lúc|theo|của|vì sao|tại sao|sao)\s+)?"
    r"(?:(?:ông|bà|anh|chị|cô|chú|bác|cụ|em|cậu|người|xã|phường|huyện|tỉnh|thôn|trường|nơi|chỗ|bài|vụ|việc|điều|cái|"
    r"công ty|dự án|công trình)\s+(?:ấy|đó|kia)|nó|họ|hắn)(?!\w)",
    re.IGNORECASE,
)
"""How a question begins that points at what was said before.  "Này" may point into its own text, and so may a
pronoun further on; without accents "ho" is a household as well."""
_ASKING_WORDS = """
    ai bao nhieu may gi nao dau khi luc sao tai vi the vay la o co khong a nhi ha cai thi nhu ra roi chua nguoi nam
    ngay thang ly do lam
"""
_ASKING = frozenset(_ASKING_WORDS.split())
"""Syllables that ask, without accents: a question of nothing else has no subject."""


def is_unclear(question: str) -> bool:
    """Whether a normalised question with none before it does not say whom or what it is about.

    One with a name or a number is never unclear, since that can be looked for.
    """
    words = syllables(fold(question))
    if not words or has_name(question) or any(char.isdigit() for char in question):
        return False
    return set(words) <= _ASKING or _POINTS_BACK.match(question) is not None
