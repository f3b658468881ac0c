"""A follow-up question becomes one that can be searched by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.text.normalise import fold, normalise, syllables
from index.text.values import Value, find_values
from rag.proof.names import NAME, YEAR
from rag.schema import Turn

_OTHER = re.compile(
    r"(?:(?:the|vay|roi|nhung)\s+)?(?:(?:[aou]\s+)?(?:khong|nham|lon)(?: roi)?[,.]?\s+)?"
    r"(?:(?:y )?(?:toi|minh|em)\s+(?:(?:muon )?(?:hoi|noi|biet)|la)\s+(?:la\s+)?)?"
    r"(?:con\s+)?(?:(?:o|tai|voi|doi voi|cua|trong|vao)\s+)?(?P<other>.+?)"
    r"(?:\s+thi sao|\s+thi the nao|\s+the nao|\s+ra sao)?(?:\s+(?:a|vay|nhi|ha|nua|co))?[\s?.]*"
)
"""A question that only names another date, place or person, or puts one right ("Nhầm, ý tôi là …"), without accents."""
_BEFORE_DATES = frozenset(("nam", "ngay", "thang"))
_NEIGHBOURS = {
    "nam sau": 1, "nam sau do": 1, "nam tiep theo": 1, "nam ke tiep": 1,
    "nam truoc": -1, "nam truoc do": -1, "nam lien truoc": -1,
}  # fmt: skip
"""How many years later than the one that was asked for."""
_PLACES = "xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố|thôn|xóm|làng"
_PERSONS = "ông|bà|anh|chị|cô|cụ|đồng chí"
_NOT_A_NAME = "Chủ|Phó|Bí|Giám|Trưởng|Hiệu|Tổng|Đảng"  # "ông Chủ tịch" is not called so
_WITHIN_A_WORD = "".join(
    f"(?<!{before} )" for before in ("gia", "thị", "môi", "văn", "yêu", "nhu", "biên", "đồng")
)
_NAMED = re.compile(
    rf"(?<!\w){_WITHIN_A_WORD}(?P<head>(?i:{_PLACES}|{_PERSONS}))\s+(?P<name>(?!{_NOT_A_NAME}){NAME})"
)
_POINTED = re.compile(
    rf"(?<!\w){_WITHIN_A_WORD}(?P<head>{_PLACES}|{_PERSONS})\s+(?:này|đó|ấy|kia|nói trên)(?!\w)",
    re.IGNORECASE,
)
_SHORT = 5
"""A question of at most this many syllables seldom names what it asks about."""


@dataclass(frozen=True, slots=True)
class Condensed:
    """A question, and the earlier one that it needs as context, empty for most; ``text`` is both."""

    question: str
    context: str = ""

    @property
    def text(self) -> str:
        """The earlier question and this one, as they are searched and read."""
        return f"{self.context} {self.question}".lstrip()


def condense(question: str, history: Sequence[Turn], is_follow_up: Callable[[str], bool]) -> Condensed:
    """Write a normalised follow-up out so that it can be searched and answered alone.

    "Còn năm 2019?" becomes the earlier question of another year, "Còn xã B thì sao?" that of another place.
    "Xã này" gets the name of the earlier one, and that is all the question needs unless a year is named there.
    Otherwise the earlier question is its context.  A chain of follow-ups goes back to the last question that stood
    alone; ``is_follow_up`` tells whether a question does not, and what is very short never does.
    """
    chain = [question]
    for turn in reversed(history):
        chain.append(normalise(turn.question))
        if not (is_follow_up(chain[-1]) or len(syllables(chain[-1])) <= _SHORT):
            break
    condensed = Condensed(chain.pop())
    while chain:
        condensed = _condense_one(condensed, chain.pop(), is_follow_up)
    return condensed


def _condense_one(earlier: Condensed, later: str, is_follow_up: Callable[[str], bool]) -> Condensed:
    """Condense a normalised follow-up with the one question before it."""
    question, context = (with_replaced_part(text, later) for text in (earlier.question, earlier.context))
    if question or context:
        return Condensed(question or earlier.question, context or earlier.context)
    named = _with_name(earlier.text, later)
    same_year = YEAR.search(named) or not YEAR.search(earlier.text)
    if named != later and same_year and not is_follow_up(named):
        return Condensed(named)
    return Condensed(named, earlier.text)


def with_replaced_part(earlier: str, later: str) -> str | None:
    """The earlier question with the date or name that is all a normalised later one says, in place of its own.

    ``None`` where the earlier one has several, so that it is not clear what takes whose place.
    """
    found = _OTHER.fullmatch(fold(later))
    if found is None:
        return None
    other = later[slice(*found.span("other"))]
    date = next((value for value in find_values(other) if value.kind == "date"), None)
    if date and date.end == len(other) and set(syllables(fold(other[: date.start]))) <= _BEFORE_DATES:
        dates = [value for value in find_values(earlier) if value.kind == "date"]
        if len(dates) != 1 or _form(dates[0]) != _form(date) or len(YEAR.findall(earlier)) > 1:
            return None
        return _put(earlier, (dates[0].start, dates[0].end), other[date.start :])
    if year := _other_year(earlier, other):
        return year
    named = _NAMED.fullmatch(other)
    if named is None and re.fullmatch(NAME, other):
        runs = [
            run for run in re.finditer(NAME, earlier) if run.start()
        ]  # the first letter is always a capital
        return _put(earlier, runs[0].span(), other) if len(runs) == 1 else None
    names = list(_NAMED.finditer(earlier))
    if named is None or len(names) != 1 or names[0]["head"].lower() != named["head"].lower():
        return None
    return _put(earlier, names[0].span("name"), named["name"])


def _other_year(earlier: str, other: str) -> str | None:
    """The earlier question of the year that "2023" or "năm sau" is; ``None`` where it names another date or none."""
    dates = [value for value in find_values(earlier) if value.kind == "date"]
    step = _NEIGHBOURS.get(fold(other))
    if len(dates) != 1 or not YEAR.fullmatch(dates[0].canonical) or not (step or YEAR.fullmatch(other)):
        return None
    year = YEAR.search(earlier, dates[0].start)
    return _put(earlier, year.span(), str(int(year[0]) + step) if step else other) if year else None


def _with_name(earlier: str, later: str) -> str:
    """A later question with "xã này" or "huyện đó" as the earlier one names it, once."""
    found = _POINTED.search(later)
    if found is None or _names(later, found["head"]):
        return later
    names = _names(earlier, found["head"])
    if len(names) != 1:
        return later
    return _put(later, found.span(), f"{found['head']} {names.pop()}")


def _names(text: str, head: str) -> set[str]:
    return {one["name"] for one in _NAMED.finditer(text) if one["head"].lower() == head.lower()}


def _form(date: Value) -> str:
    """What a date is made of: a year, a month with its year, a day of a month."""
    return re.sub(r"\d", "0", date.canonical)


def _put(text: str, place: tuple[int, int], other: str) -> str:
    return f"{text[: place[0]]}{other}{text[place[1] :]}"
