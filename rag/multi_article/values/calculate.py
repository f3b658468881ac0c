"""Differences, sums, shares, order and time spans of cited quantities, each shown with its calculation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise, zip_longest

from index.text.normalise import syllables
from index.text.values import find_values, same_value
from rag.multi_article.values.quantities import Quantity, asked_unit, quantities, shown, written

_BETWEEN = re.compile(r"[,;:(]\s|[–(]|(?<!\w)(?:và|trong đó|trong khi)(?!\w)")
_FAR_APART = 100
_FULL = Decimal(100)
_LEAP_DAY = date(2000, 2, 29).toordinal()


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence with a value, and the span ``words`` of its answer in ``text``."""

    text: str
    words: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculation: ``shown`` as ``132 − 87 = 45``, ``result`` its last part, ``parts`` its operands."""

    shown: str
    result: str
    parts: tuple[Quantity, ...]


def comparable(question: str, sentences: Sequence[AnswerSentence]) -> tuple[Quantity, ...]:
    """One quantity of each sentence that answers the question, all of one dimension; empty where there are none such.

    Quantities in the answer span are preferred to others of the sentence, and the dimension of the unit that is asked
    for to others.  Quantities that the question has itself are left out.
    """
    wanted = asked_unit(question)
    known = find_values(question)
    candidates = [_asked_for(question, one.text, _candidates(one, known)) for one in sentences]
    best: tuple[float, tuple[Quantity, ...]] = (0.0, ())
    for first, inside in candidates[0] if candidates else ():
        chosen, score = [first], float(inside)
        for others in candidates[1:]:
            fitting = [(other, near) for other, near in others if _fit(first, other)]
            if not fitting:
                break
            other, near = max(fitting, key=lambda pair: _like(first, pair[0]) + 2 * pair[1])
            chosen.append(other)
            score += near + 0.5 * _like(first, other)
        else:
            if wanted and wanted[0] == first.dimension:
                score += 1.5
            if score > best[0]:
                best = (score, tuple(chosen))
    return best[1]


def difference(parts: Sequence[Quantity]) -> Calculation | None:
    """The larger less the smaller of two quantities; ``None`` for anything else, and where both are equal.

    Quantities of which one is more than ``_FAR_APART`` times the other hardly measure the same.
    """
    if len(parts) != 2 or parts[0].amount == parts[1].amount:
        return None
    small, large = sorted(parts, key=lambda part: part.amount)
    if large.dimension not in ("day", "clock") and large.amount > _FAR_APART * small.amount:
        return None
    amount = large.amount - small.amount
    if large.dimension == "day":
        if not large.has_year and small.amount <= _LEAP_DAY < large.amount:
            return None  # without a year it is unknown how many days February has
        result = f"{written(amount)} ngày"
        return Calculation(f"cách nhau {result}", result, (large, small))
    if large.dimension == "clock":
        result = _minutes(int(amount))
        return Calculation(f"cách nhau {result}", result, (large, small))
    unit, factor = _common_unit(parts)
    result = shown(amount, "điểm phần trăm" if unit == "%" else unit, factor)
    shown_as = f"{shown(large.amount, unit, factor)} − {shown(small.amount, unit, factor)} = {result}"
    return Calculation(shown_as, result, (large, small))


def total(parts: Sequence[Quantity]) -> Calculation | None:
    """The sum of quantities that can be added; ``None`` for days, times and shares."""
    if len(parts) < 2 or parts[0].dimension in ("day", "clock", "percent"):
        return None
    unit, factor = _common_unit(parts)
    result = shown(sum((part.amount for part in parts), Decimal(0)), unit, factor)
    return Calculation(
        f"{' + '.join(shown(part.amount, unit, factor) for part in parts)} = {result}", result, tuple(parts)
    )


def ratio_of(parts: Sequence[Quantity]) -> Calculation | None:
    """How many times the larger of two quantities is the smaller; ``None`` where that means nothing."""
    if len(parts) != 2 or parts[0].dimension in ("day", "clock") or min(part.amount for part in parts) <= 0:
        return None
    small, large = sorted(parts, key=lambda part: part.amount)
    unit, factor = _common_unit(parts)
    ratio = large.amount / small.amount
    rounded = written(ratio, 2)
    sign = "=" if ratio == ratio.quantize(Decimal("0.01")) else "≈"
    result = f"{rounded} lần"
    shown_as = f"{shown(large.amount, unit, factor)} : {shown(small.amount, unit, factor)} {sign} {result}"
    return Calculation(shown_as, result, (large, small))


def share(part: Quantity, whole: Quantity) -> Calculation | None:
    """What share of a whole a part is, in percent to one decimal; ``None`` where it is none."""
    if not 0 < part.amount <= whole.amount or part.dimension != whole.dimension:
        return None
    value = part.amount / whole.amount * _FULL
    sign = "=" if value == value.quantize(Decimal("0.1")) else "≈"
    result = f"{written(value, 1)}%"
    unit, factor = _common_unit((part, whole))
    return Calculation(
        f"{shown(part.amount, unit, factor)} : {shown(whole.amount, unit, factor)} {sign} {result}",
        result,
        (part, whole),
    )


def convert(question: str, quantity: Quantity) -> Calculation | None:
    """A quantity in the unit that a question wants; ``None`` where it is written so, or the question wants none."""
    wanted = asked_unit(question)
    if wanted is None or wanted[0] != quantity.dimension or wanted[1] == quantity.unit:
        return None
    result = shown(quantity.amount, wanted[1], wanted[2])
    return Calculation(
        f"{shown(quantity.amount, quantity.unit, quantity.factor)} = {result}", result, (quantity,)
    )


def _asked_for(
    question: str, text: str, candidates: Sequence[tuple[Quantity, float]]
) -> list[tuple[Quantity, float]]:
    """Of the quantities of one dimension those whose clause has most words of the question, the plainest clause first.

    Of "1.306 hộ, hộ nghèo còn 64 hộ" 64 is how many poor households there are, of "đàn bò 466 con, đàn lợn 2.870 con"
    466 how many cattle.
    """
    asked = _words(question)
    clauses = {one.start: _words(_clause(text, one)) for one, _ in candidates}
    most = {
        dimension: max(len(clauses[one.start] & asked) for one, _ in candidates if one.dimension == dimension)
        for dimension in {one.dimension for one, _ in candidates}
    }
    kept = [pair for pair in candidates if len(clauses[pair[0].start] & asked) == most[pair[0].dimension]]
    return sorted(kept, key=lambda pair: len(clauses[pair[0].start] - asked))


def _clause(text: str, quantity: Quantity) -> str:
    """The words between two separators around a quantity."""
    start = max((found.end() for found in _BETWEEN.finditer(text, 0, quantity.start)), default=0)
    after = _BETWEEN.search(text, quantity.end)
    return text[start : after.start() if after else len(text)]


def _words(text: str) -> set[str]:
    return {word for word in syllables(text.lower()) if not word.isdigit()}


def _candidates(sentence: AnswerSentence, known: Sequence[object]) -> list[tuple[Quantity, float]]:
    """Quantities of a sentence that are not in the question, each with 1 if it is in the answer span and 0 if not."""
    values = {(value.start, value.end): value for value in find_values(sentence.text)}
    start, end = sentence.words
    found = []
    for one in parts_of_wholes(sentence.text):
        value = next((value for place, value in values.items() if place[0] == one.start), None)
        if value and any(same_value(value, other) for other in known):  # type: ignore[arg-type]
            continue
        found.append((one, 1.0 if start <= one.start < end else 0.0))
    return found


def parts_of_wholes(text: str) -> list[Quantity]:
    """The quantities of a sentence; of "11/15 xã" only the part, with the noun of the whole."""
    amounts = quantities(text)
    found = [
        replace(one, noun=one.noun or whole.noun)
        if whole and text[one.end : whole.start].strip() == "/" and one.dimension == whole.dimension
        else one
        for one, whole in zip_longest(amounts, amounts[1:])
    ]
    wholes = {other.start for one, other in pairwise(amounts) if text[one.end : other.start].strip() == "/"}
    return [one for one in found if one.start not in wholes]


def _fit(one: Quantity, other: Quantity) -> bool:
    return one.dimension == other.dimension and one.has_year == other.has_year


def _like(one: Quantity, other: Quantity) -> float:
    return (one.noun == other.noun != "") + 0.5 * (one.unit == other.unit)


def _common_unit(parts: Sequence[Quantity]) -> tuple[str, Decimal]:
    """The smallest of the units that quantities are written in."""
    small = min(parts, key=lambda part: part.factor)
    return small.unit, small.factor


def _minutes(count: int) -> str:
    hours, minutes = divmod(count, 60)
    return " ".join(
        part for part in (f"{hours} giờ" if hours else "", f"{minutes} phút" if minutes else "") if part
    )
