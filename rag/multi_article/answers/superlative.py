"""Superlatives: which of several articles, or of the clauses of one sentence, has the most or the least."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.text.normalise import CAPITAL, fold
from rag.multi_article.answers.listing import OpeningLine
from rag.multi_article.gather_evidence import ScoredSentence
from rag.multi_article.question_type import MORE
from rag.multi_article.values.calculate import AnswerSentence, comparable
from rag.multi_article.values.quantities import Quantity, quantities, shown
from rag.proof.names import YEAR

_MOST = re.compile(
    rf"(?<!\w)(?P<word>{MORE}) (?:(?!nhất|nào|thứ)[^\W\d]+ ){{0,4}}?(?P<rank>nhất|thứ (?:hai|nhì|ba|tư))(?!\w)",
    re.IGNORECASE,
)
_WHICH = re.compile(r"(?<!\w)(?P<kind>thị xã|thị trấn|thành phố|\w+) nào(?!\w)", re.IGNORECASE)
_RANKS = {"nhất": 1, "thứ hai": 2, "thứ nhì": 2, "thứ ba": 3, "thứ tư": 4}
SMALLER = re.compile("ít|thấp|nhỏ|rẻ|ngắn|sớm|kém|trẻ|hẹp|nhẹ|gần|nhanh|vắng", re.IGNORECASE)
_PLACES = frozenset(
    ("xã", "phường", "thị trấn", "huyện", "quận", "thị xã", "thành phố", "tỉnh", "thôn", "bản")
)
_CLAUSE = re.compile(r"[,;:]\s+|\s+và\s+|\s+còn\s+")


@dataclass(frozen=True, slots=True)
class Superlative:
    """A superlative that is asked for: ``word`` as "thấp", ``rank`` 1 for the first, and which ``kind`` of thing."""

    word: str
    rank: int
    kind: str

    @property
    def smallest(self) -> bool:
        """Whether the least comes first."""
        return SMALLER.fullmatch(self.word) is not None

    @property
    def named(self) -> str:
        """As it begins a line: "Thấp nhất"."""
        rank = next(name for name, place in _RANKS.items() if place == self.rank)
        return f"{self.word[:1].upper()}{self.word[1:].lower()} {rank}"


def parse_superlative(question: str) -> Superlative | None:
    """Parse a superlative such as "xã nào có tỷ lệ hộ nghèo thấp nhất"; ``None`` for any other question."""
    most, which = _MOST.search(question), _WHICH.search(question)
    if most is None or which is None:
        return None
    return Superlative(most["word"].lower(), _RANKS[most["rank"].lower()], which["kind"].lower())


def states_superlative(wanted: Superlative, text: str) -> bool:
    """Whether a sentence states itself which is the most, so that nothing is to be compared."""
    return wanted.rank == 1 and f"{fold(wanted.word)} nhat" in fold(text)


def rank_clauses(wanted: Superlative, text: str) -> tuple[str, str] | None:
    """The clause of a sentence that has the wanted rank, and all amounts in order.

    The clauses of "khối 6 có 198 em, khối 7 có 187 em" are compared by the quantity that each has.  ``None`` where
    fewer than two clauses name a thing of the wanted kind with comparable amounts.
    """
    if "nhat" in fold(text).split() and (wanted.rank == 1 or wanted.smallest):
        return None  # the sentence states the first itself, and does not list all
    parts: list[tuple[str, Quantity]] = []
    for clause in _CLAUSE.split(text):
        amounts = [one for one in quantities(clause) if not _numbers_thing(clause, one, wanted.kind)]
        if amounts and _names_kind(clause, wanted.kind):
            parts.append((clause.strip(" ."), amounts[-1]))
    if len(parts) < 2 or not all(_alike(parts[0][1], other) for _, other in parts):
        return None
    return _ordered(wanted, parts)


def rank_articles(
    question: str, wanted: Superlative, found: Sequence[ScoredSentence]
) -> tuple[list[ScoredSentence], OpeningLine] | None:
    """The sentences ordered by their amounts, and the opening line with the one of the wanted rank.

    Articles are distinguished by their places, or for "năm nào" by their years.  ``None`` where fewer than two compare.
    """
    rated: list[tuple[ScoredSentence, str, Quantity]] = []
    for one in found:
        label = _label(wanted.kind, one)
        if not label or any(label == other for _, other, _ in rated):
            continue
        against = (
            [AnswerSentence(rated[0][0].evidence.text, rated[0][0].evidence.short_span)] if rated else []
        )
        stated = AnswerSentence(one.evidence.text, one.evidence.short_span)
        if not (parts := comparable(question, [*against, stated])):
            continue
        if not rated or (_alike(rated[0][2], parts[-1]) and parts[0] == rated[0][2]):
            rated.append((one, label, parts[-1]))
    if len(rated) < 2:
        return None
    order = _ordered(wanted, [(label, amount) for _, label, amount in rated])
    if order is None:
        return None
    rated.sort(key=lambda one: one[2].amount, reverse=not wanted.smallest)
    label, calculation = order
    lead = f"{wanted.named} trong {len(rated)} bài có nêu: {label} ({calculation})."
    return [one for one, _, _ in rated], OpeningLine(lead, label)


def _ordered(wanted: Superlative, parts: Sequence[tuple[str, Quantity]]) -> tuple[str, str] | None:
    """The label of the wanted rank, and all amounts in order; ``None`` where two share the rank."""
    ranked = sorted(parts, key=lambda part: part[1].amount, reverse=not wanted.smallest)
    amounts = [quantity.amount for _, quantity in ranked]
    if wanted.rank > len(ranked) or amounts.count(amounts[wanted.rank - 1]) > 1:
        return None
    sign = " < " if wanted.smallest else " > "
    amounts_shown = [shown(one.amount, one.unit, one.factor) for _, one in ranked]
    order = amounts_shown[0]
    for (one, other), shown_as in zip(pairwise(amounts), amounts_shown[1:], strict=True):
        order += f"{' = ' if one == other else sign}{shown_as}"
    return ranked[wanted.rank - 1][0], order


def _label(kind: str, found: ScoredSentence) -> str:
    """The place of an article, or the year that it speaks of; empty where it is no thing of the asked kind."""
    article = found.evidence.hit.chunk.article
    if kind == "năm":
        years = set(YEAR.findall(found.evidence.text)) or set(YEAR.findall(article.title))
        if len(years) == 1:
            return f"năm {years.pop()}"
        return f"năm {article.date.year}" if article.date and not years else ""
    place = (article.place or "").partition(",")[0].strip()
    return place if place.lower().startswith(kind) or (kind not in _PLACES and not place) else ""


def _names_kind(clause: str, kind: str) -> bool:
    """Whether a clause names a thing of the kind that is asked for; for places any capitalised name counts."""
    if re.search(rf"(?<!\w){re.escape(kind)}(?!\w)", clause, re.IGNORECASE):
        return True
    return kind in _PLACES and re.search(rf"(?<!^)(?<!\w)[{CAPITAL}]\w+", clause) is not None


def _numbers_thing(clause: str, quantity: Quantity, kind: str) -> bool:
    """Whether a number belongs to the name of the thing, as in "khối 6"."""
    return clause[: quantity.start].lower().rstrip().endswith(kind)


def _alike(one: Quantity, other: Quantity) -> bool:
    return (
        one.dimension == other.dimension and one.noun == other.noun and one.dimension not in ("day", "clock")
    )
