"""A follow-up question becomes one that can be searched by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text import fold, has_accents, normalise, syllables
from index.values import Value, find_values
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
_OTHER = re.compile(
    r"(?:(?:thế|vậy|rồi|nhưng)\s+)?(?:còn\s+)?(?:(?:ở|tại|với|đối với|của|trong|vào)\s+)?(?P<other>.+?)"
    r"(?:\s+(?:thì sao|thì thế nào|thế nào|ra sao|sao))?[\s?.]*",
    re.IGNORECASE,
)
"""A question that only names another date, place or person."""
_BEFORE_DATES = frozenset(("năm", "ngày", "tháng", "đầu", "cuối", "giữa", "hồi"))
_CAPITAL = "".join(filter(str.isupper, map(chr, range(0x1F00))))
_HEADS = (
    "xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|thôn|xóm|bản|ấp|làng|trường|trạm|cầu|chợ|đình|đền|chùa|hồ|sông"
    "|HTX|hợp tác xã|công ty|ông|bà|anh|chị|cô|cụ|đồng chí"
)
_NAMED = re.compile(rf"(?<!\w)(?P<head>(?i:{_HEADS}))\s+(?P<name>[{_CAPITAL}]\w*(?:\s+[{_CAPITAL}]\w*)*)")
_POINTED = re.compile(rf"(?<!\w)(?P<head>{_HEADS})\s+(?:này|đó|ấy|kia|nói trên)(?!\w)", re.IGNORECASE)
_SHORT = 5
"""A question of at most this many syllables seldom names what it asks about."""


def needs_context(question: str) -> bool:
    """Tell whether a question leans on an earlier one: it points back, opens like a reply, or is very short."""
    asked = normalise(question).strip().lower()
    folded = fold(asked)
    points = _POINTERS.search(asked) if has_accents(asked) else _FOLDED_POINTERS.search(folded)
    return bool(points or _OPENINGS.match(folded) or len(syllables(asked)) <= _SHORT)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Write a follow-up out so that it can be searched and answered alone; one that stands alone is left as it is.

    "Còn năm 2019?" becomes the earlier question of another year, "Còn xã B thì sao?" that of another place, and
    "xã này" gets its name back.  Where none of this fits, the earlier question stands before this one.  A chain of
    follow-ups goes back to the last question that stood alone.
    """
    if not history or not needs_context(question):
        return question
    chain = [question]
    for turn in reversed(history):
        chain.append(turn.question)
        if not needs_context(turn.question):
            break
    written = chain.pop()
    while chain:
        later = chain.pop()
        written = _with_other(written, later) or _with_name(written, later) or f"{written} {later}"
    return written


def _with_other(earlier: str, later: str) -> str | None:
    """The earlier question with the date or name that is all a later one says, in place of its own."""
    found = _OTHER.fullmatch(later)
    if found is None:
        return None
    other = found["other"]
    date = next((value for value in find_values(other) if value.kind == "date"), None)
    if date is not None and set(syllables(other[: date.start])) <= _BEFORE_DATES and date.end == len(other):
        dates = [one for one in find_values(earlier) if one.kind == "date" and _form(one) == _form(date)]
        return _put(earlier, [(one.start, one.end) for one in dates], other[date.start :])
    named = _NAMED.fullmatch(other)
    if named is None:
        return None
    return _put(earlier, [one.span("name") for one in _names(earlier, named["head"])], named["name"])


def _with_name(earlier: str, later: str) -> str | None:
    """A later question with "xã này" or "huyện đó" as the earlier one names it."""
    found = _POINTED.search(later)
    names = {one["name"] for one in _names(earlier, found["head"])} if found else set()
    if found is None or len(names) != 1:
        return None
    return f"{later[: found.start()]}{found['head']} {names.pop()}{later[found.end() :]}"


def _names(text: str, head: str) -> list[re.Match[str]]:
    return [one for one in _NAMED.finditer(text) if one["head"].lower() == head.lower()]


def _form(date: Value) -> str:
    """What a date is made of: a year, a month with its year, a day of a month."""
    return re.sub(r"\d", "0", date.canonical)


def _put(text: str, places: Sequence[tuple[int, int]], other: str) -> str | None:
    """A text with other words in some places, ``None`` when there are none, or different words there."""
    if len({text[start:end] for start, end in places}) != 1:
        return None
    for start, end in reversed(places):
        text = text[:start] + other + text[end:]
    return text
