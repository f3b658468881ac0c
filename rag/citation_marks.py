"""The marks of an answer, such as ``[1]``, that name its citations, and of the passages in a prompt."""

from __future__ import annotations

import re

MARK = re.compile(r"\[(\d{1,3})\]")
SPACED_MARK = re.compile(rf"\s*{MARK.pattern}")


def in_one_line(text: str) -> str:
    """Text of an article or a person in one line, in which nothing looks like a mark."""
    return MARK.sub(r"(\1)", " ".join(text.split()))


def without_marks(text: str) -> str:
    """The text without its marks and the white space before them."""
    return SPACED_MARK.sub("", text)
