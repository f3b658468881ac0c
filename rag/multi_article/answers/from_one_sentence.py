"""Calculations from the values of one sentence: units, shares, remainders, earlier values, time spans.

A rule takes a normalised question, a sentence and its quantities, and returns ``None`` where it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from index.text.normalise import fold, syllables
from index.text.values import find_values, same_value
from rag.multi_article.answers.listing import OpeningLine
from rag.multi_article.values.calculate import Calculation, convert, difference, share, total
from rag.multi_article.values.quantities import Quantity, asked_unit, quantities, shown, written
from rag.multi_article.values.time_spans import duration
from rag.schema import Evidence

_PERCENT = re.compile(r"(?<!\w)(?:bao nhiêu|mấy) (?:phần trăm|%)", re.IGNORECASE)
_LEFT = re.compile(r"(?<!\w)(?:chưa|không|còn lại|còn (?:bao nhiêu|mấy))(?!\w)", re.IGNORECASE)
_DENIED = re.compile(r"(?<!\w)(?:chưa|không|còn lại)(?!\w)", re.IGNORECASE)
_SUM = re.compile(r"(?<!\w)(?:tổng (?:cộng|số)|tất cả|cộng lại|cả thảy)(?!\w)", re.IGNORECASE)
_AND = re.compile(r"(?P<one>\w+(?: \w+)?) và (?P<other>\w+(?: \w+)?)", re.IGNORECASE)
_BEFORE = re.compile(r"(?<!\w)(?:năm|vụ|mùa|tháng|quý|kỳ|lần) (?:trước|ngoái)(?!\w)", re.IGNORECASE)
_THAN = re.compile(r"[^,.;]*?(?<!\w)(?:so )?với (?P<than>[^,.;]+(?:\d/\d[^,.;]*)*)", re.IGNORECASE)
_HOW_MUCH = re.compile(r"(?<!\w)(?:bao nhiêu|mấy)(?!\w)", re.IGNORECASE)
_MORE_OR_LESS = re.compile(
    r"(?<!\w)(?:tăng|cao hơn|nhiều hơn|thêm|hơn|(?P<less>giảm|thấp hơn|ít hơn))(?: thêm| đi)?"
    r"(?: (?:so với )?(?P<than>(?:năm|vụ|mùa|tháng|quý|kỳ|cùng kỳ)[^,.;]*?))?(?: là)? $",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?<!\w)(?:tăng|giảm|thêm|bớt|hơn|kém)(?: (?:thêm|đi|lên|xuống|tới|khoảng|gần))? $", re.IGNORECASE
)
_CHANGED = re.compile(r"(?<!\w)(?:tăng|giảm|thêm|bớt|hơn|kém|lên|xuống|chênh)(?!\w)", re.IGNORECASE)
_RATE = re.compile(r"(?<!\w)(?:tỷ lệ|tỉ lệ|phần trăm)(?!\w)|%", re.IGNORECASE)
_SEXES = {"gái": "trai", "trai": "gái", "nữ": "nam", "nam": "nữ"}
_SEX = re.compile(r"(?<!\w)(?P<sex>gái|trai|nữ|nam)(?!\w)", re.IGNORECASE)
_TIME_WORDS = re.compile(r"(?:(?:vào|trong|ở|hồi) )?(?:(?:ngày|tháng|năm|quý) )?$", re.IGNORECASE)
_SINCE = re.compile(r"(?: được)? (?:bao nhiêu|mấy) năm (?:rồi|nay)", re.IGNORECASE)
_STILL = re.compile(
    r"(?<!\w)(?:còn )?(?P<many>(?:bao nhiêu|mấy) (?:\w+ ){1,3})chưa(?: được)?(?!\w)", re.IGNORECASE
)

_Rule: TypeAlias = Callable[[str, Evidence, "list[Quantity]"], Calculation | None]


def calculate_from_sentence(question: str, evidence: Evidence, today: date) -> OpeningLine | None:
    """The first calculation that a question asks for and a sentence does not state itself; else ``None``."""
    if calculation := duration(question, evidence, today):
        return OpeningLine(f"{calculation.shown}.", calculation.result)
    amounts = quantities(evidence.text)
    rules: tuple[_Rule, ...] = (_converted, _share, _left, _other_sex, _before, _added)
    for rule in rules:
        if done := rule(question, evidence, amounts):
            return OpeningLine(f"{done.shown}.", done.result)
    return None


def derivable_questions(question: str) -> tuple[str, ...]:
    """Questions from whose answers the asked value follows: without the date, of the part that has, since which year.

    For "Còn bao nhiêu hộ chưa có điện?" one of them is "bao nhiêu hộ đã có điện?".
    """
    undated = question
    for value in reversed([value for value in find_values(question) if value.kind == "date"]):
        undated = _TIME_WORDS.sub("", undated[: value.start]) + undated[value.end :]
    others = (
        undated,
        _STILL.sub(r"\g<many>đã", question),
        _BEFORE.sub("", question),
        _SINCE.sub(" năm nào", question),
        _SEX.sub(lambda found: _SEXES[found["sex"].lower()], question),
    )
    return tuple(" ".join(other.split()) for other in others if other != question)


def _converted(question: str, evidence: Evidence, amounts: list[Quantity]) -> Calculation | None:
    """The one value of the answer span in the unit that is asked for; ``None`` for the amount of a change."""
    start, end = evidence.short_span
    inside = [one for one in amounts if start <= one.start < end]
    if len(inside) != 1 or (
        _CHANGE.search(evidence.text, 0, inside[0].start) and not _CHANGED.search(question)
    ):
        return None
    return convert(question, inside[0])


def _share(question: str, evidence: Evidence, amounts: list[Quantity]) -> Calculation | None:
    """The share of a part in its whole, where a share is asked for and none is stated."""
    if not _PERCENT.search(question) or any(one.dimension == "percent" for one in amounts):
        return None
    return next((done for part, whole in _of_wholes(evidence, amounts) if (done := share(part, whole))), None)


def _left(question: str, evidence: Evidence, amounts: list[Quantity]) -> Calculation | None:
    """The whole less the part, where those that have not are asked for and only those that have are stated."""
    if not _LEFT.search(question) or _PERCENT.search(question) or _DENIED.search(evidence.text):
        return None
    for part, whole in _of_wholes(evidence, amounts):
        counted = fold(whole.noun or part.noun)
        if counted and counted.split()[0] not in syllables(fold(question)):
            continue  # something else is asked for
        done = difference((part, whole)) if part.amount < whole.amount else None
        if done and not any(one.amount == whole.amount - part.amount for one in amounts):
            return done
    return None


def _other_sex(question: str, evidence: Evidence, amounts: list[Quantity]) -> Calculation | None:
    """All less the men, where the women are asked for and only the men are stated, and the other way round."""
    in_question, in_sentence = _SEX.search(question), _SEX.search(evidence.text)
    if not in_question or not in_sentence or in_sentence["sex"].lower() != _SEXES[in_question["sex"].lower()]:
        return None
    for whole, part in pairwise(amounts):
        inside = re.search(r"(?<!\w)trong (?:đó|số đó)", evidence.text[whole.end : part.start], re.IGNORECASE)
        if (
            inside
            and in_sentence.start() > part.start
            and part.amount < whole.amount
            and whole.dimension == part.dimension
        ):
            return difference((whole, part))
    return None


def _before(question: str, evidence: Evidence, amounts: list[Quantity]) -> Calculation | None:
    """The earlier value, from the present one and the stated change."""
    if not _HOW_MUCH.search(question):
        return None
    wanted = asked_unit(question)
    dimension = wanted[0] if wanted else "percent" if _RATE.search(question) else None
    for place, change in enumerate(amounts):
        by_share = change.dimension == "percent" and dimension not in (None, "percent")
        earlier = [
            one
            for one in amounts[:place]
            if (one.dimension == dimension if by_share else _are_alike(one, change))
            and dimension in (None, one.dimension)
        ]
        # Of what an unnamed value grew by so many percent is not known.
        unclear = len(earlier) > 1 if by_share else change.dimension == "percent" != dimension
        if not earlier or unclear or change.dimension in ("day", "clock"):
            continue
        now = earlier[-1]
        found = _MORE_OR_LESS.search(evidence.text[now.end : change.start])
        after = _THAN.match(evidence.text, change.end)
        than = found and (found["than"] or (after["than"] if after else ""))
        if found and than and _same_time(question, than, evidence):
            return (_then_by_share if by_share else _then)(now, change, "+" if found["less"] else "−")
    return None


def _are_alike(one: Quantity, change: Quantity) -> bool:
    """Whether one may have changed by the other."""
    return (one.dimension, one.noun) == (change.dimension, change.noun)


def _same_time(question: str, than: str, evidence: Evidence) -> bool:
    """Whether a question asks for the time that a change is counted from: the year before, or the day that it names."""
    if _BEFORE.search(question):
        return _BEFORE.search(than) is not None
    dates = [value for value in find_values(question) if value.kind == "date"]
    if any(same_value(one, other) for one in dates for other in find_values(than) if other.kind == "date"):
        return True
    written_on = evidence.hit.chunk.article.date
    year_before = f"{written_on.year - 1}" if written_on and re.search("năm (?:trước|ngoái)", than) else "-"
    return any(value.canonical.startswith(year_before) for value in dates)


def _then(now: Quantity, change: Quantity, sign: str) -> Calculation | None:
    amount = now.amount - change.amount if sign == "−" else now.amount + change.amount
    if amount <= 0:
        return None
    smaller = min((now, change), key=lambda one: one.factor)
    unit, factor = smaller.unit, smaller.factor
    changed = shown(change.amount, "điểm phần trăm" if unit == "%" else unit, factor)
    result = shown(amount, unit, factor)
    return Calculation(
        f"{shown(now.amount, unit, factor)} {sign} {changed} = {result}", result, (now, change)
    )


def _then_by_share(now: Quantity, change: Quantity, sign: str) -> Calculation | None:
    """What was before an increase or decrease by so many percent, rounded to a tenth of the unit."""
    share = change.amount / 100
    kept = 1 + share if sign == "−" else 1 - share
    if kept <= 0:
        return None
    tenth = now.factor / 10
    amount = (now.amount / kept / tenth).quantize(Decimal(1)) * tenth
    result = shown(amount, now.unit, now.factor)
    whole = shown(now.amount, now.unit, now.factor)
    return Calculation(f"{whole} : {written(kept)} ≈ {result}", result, (now, change))


def _added(question: str, evidence: Evidence, amounts: list[Quantity]) -> Calculation | None:
    """The sum of "A và B", where the sentence states an amount after the name of each."""
    joined = _AND.search(question)
    if not _SUM.search(question) or joined is None:
        return None
    plain = fold(evidence.text)
    parts = []
    for name in (joined["one"], joined["other"]):
        place = plain.find(fold(name))
        after = [one for one in amounts if place >= 0 and one.start >= place]
        if not after:
            return None
        parts.append(after[0])
    first, other = parts
    same = first.dimension == other.dimension and first.noun == other.noun and first.start != other.start
    return total(parts) if same else None


def _of_wholes(evidence: Evidence, amounts: list[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    """Two numbers that are written as "61/64" or as "61 trong tổng số 64"."""
    for part, whole in pairwise(amounts):
        between = evidence.text[part.end : whole.start]
        if re.fullmatch(r" ?/ ?|(?: \w+)? (?:trên|trong)(?: tổng)?(?: số)? ", between):
            yield part, whole
