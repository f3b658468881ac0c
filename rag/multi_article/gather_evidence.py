"""Which sentences of which articles answer a question together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from index.text.normalise import fold
from index.text.values import find_values, same_value
from rag.multi_article.answer_type import lacks_answer_type
from rag.multi_article.other_subject import has_other_subject
from rag.multi_article.subquestions import subquestions
from rag.multi_article.values.names_and_days import is_day, missing_names, missing_nearby, names_and_days
from rag.multi_article.values.quantities import Quantity, quantities
from rag.reader.calibrated_reader import CalibratedReader, ranking_score
from rag.schema import Evidence, Query, Reading

_NEAR = 6.0
"""How far the ``ranking_score`` of another article's sentence may lie below the best one."""
_CLOSE = 2.0
"""The same where one names what is asked in its sentence and the other elsewhere."""
_BESIDE = 4.0
"""The same for a line of its own beside the best one, where no more than one is asked for."""
_FAR = 12.0
"""The same where the question asks for several."""
_COVERS = 3.0
"""What it adds to ``ranking_score`` that an article has a name or day of the question that no chosen one has."""
_SENTENCES = 3
"""Sentences of an article among which the one is chosen that goes with those of others."""
_FITS = 2.0
"""What it adds to ``ranking_score`` that a sentence fits the first, as one with a value of the same unit does."""
_TWO = 2
"""Articles that a question about several is answered from at least."""


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """The best sentence of an article, and the calibrated probability that it tells what is asked."""

    evidence: Evidence
    probability: float

    @property
    def article(self) -> str:
        """The id of its article."""
        return self.evidence.hit.chunk.article.id


Fits: TypeAlias = Callable[[ScoredSentence, ScoredSentence], bool]
"""Tells whether a sentence goes with the first that was chosen."""


def best_per_article(reading: Reading, reader: CalibratedReader) -> tuple[ScoredSentence, ...]:
    """The best sentence of each article that is not far below the best of all, the likeliest first."""
    return tuple(
        ScoredSentence(one, reader.probability(reading.query, one))
        for one in _best_per_article(reading.evidence, _NEAR)
    )


def best_per_subquestion(reading: Reading, reader: CalibratedReader) -> tuple[ScoredSentence, ...]:
    """The best sentences of each article, read for the plain questions that a comparison is made of.

    Of the wordings the one counts by which a sentence tells most surely; one that names what its article does not tell
    counts for less.
    """
    best: dict[tuple[str, int], tuple[float, Query, Evidence]] = {}
    for wording in subquestions(reading.query.text):
        query = Query(wording, reading.query.typed)
        part = reading if wording == reading.query.text else reader.read(query, reading.passages)
        for one in _best_per_article(part.evidence, _FAR, _SENTENCES):
            article = one.hit.chunk.article
            gain = ranking_score(one) - _COVERS * len(missing_names(wording, article))
            place = article.id, one.start
            if place not in best or gain > best[place][0]:
                best[place] = gain, query, one
    return tuple(
        ScoredSentence(one, reader.probability(query, one))
        for _, query, one in sorted(best.values(), key=lambda found: found[0], reverse=True)
    )


def choose_complementary(
    question: str, found: Sequence[ScoredSentence], least: float, fit: Fits | None = None
) -> tuple[ScoredSentence, ...]:
    """The articles that answer a question about several of them, each by one sentence, the best first.

    After the best comes whichever tells most of what the question names and the chosen ones do not, as long as there
    is such a thing, but two where there is none.  Only what is at least ``least`` probable counts, and what ``fit``
    says to go with the first before others.  Empty where something that the question names is told by none of them.
    """
    wanted = names_and_days(question)
    rest = [one for one in found if one.probability >= least]
    chosen: list[ScoredSentence] = []
    uncovered = set(wanted)
    while rest and (len(chosen) < _TWO or uncovered):
        gains = [
            ranking_score(one.evidence)
            + _COVERS * _coverage(one.evidence, question, uncovered)
            + (_FITS if fit and chosen and fit(chosen[0], one) else 0)
            for one in rest
        ]
        best = rest[gains.index(max(gains))]
        covered = wanted - missing_names(question, best.evidence.hit.chunk.article)
        rest = [one for one in rest if one.article != best.article]
        if len(chosen) < _TWO or covered & uncovered:
            chosen.append(best)
            uncovered -= covered
    return tuple(chosen) if len(chosen) >= _TWO and not uncovered else ()


def only_matching_articles(reading: Reading, reader: CalibratedReader) -> Reading:
    """A reading of only the articles that tell all that the question names, as it was where none of them do.

    Of articles that tell it about as surely, those count whose sentence or heading names it.  Nothing is told where the
    best lacks a day, or a name that another passage tells, and no other article tells all.
    """
    question = reading.query.text
    if not reading.evidence or not names_and_days(question):
        return reading
    best = list(_best_per_article(reading.evidence, _NEAR))
    whole = [one for one in best if not missing_names(question, one.hit.chunk.article)]
    close = [one for one in whole if ranking_score(whole[0]) - ranking_score(one) <= _CLOSE]
    near = [one for one in close if not missing_nearby(question, one)]
    articles = {one.hit.chunk.article.id for one in near or whole}
    if not articles:
        lacks = missing_names(question, best[0].hit.chunk.article)
        found_names = (
            names_and_days(question) - missing_names(question, hit.chunk.article) for hit in reading.passages
        )
        known = {name for names in found_names for name in names}
        if any(is_day(name) or name in known for name in lacks):
            return replace(reading, evidence=(), probability=0.0)
        return reading
    kept = tuple(one for one in reading.evidence if one.hit.chunk.article.id in articles)
    if kept[0] is reading.evidence[0]:
        return reading
    return reader.reading(reading.query, reading.passages, kept)


def drop_irrelevant(reading: Reading, reader: CalibratedReader) -> Reading:
    """A reading without the sentences of another place or person than is asked, and of nothing of the asked kind.

    A passage that seemed to tell it by the sentence that is left out tells it no more surely than its others do.
    """
    query = reading.query
    out = [
        one
        for one in reading.evidence
        if has_other_subject(query.text, one.text) or lacks_answer_type(query.question, one)
    ]
    kept = tuple(one for one in reading.evidence if not any(one is other for other in out))
    if not reading.evidence or (kept and kept[0] is reading.evidence[0]):
        return replace(reading, evidence=kept)
    first: dict[tuple[str, int], Evidence] = {}
    for one in reading.evidence:
        first.setdefault(_passage(one), one)
    misread = {passage for passage, one in first.items() if any(one is other for other in out)}
    lowered = [
        replace(one, answerable=min(one.answerable, one.supporting)) if _passage(one) in misread else one
        for one in kept
    ]
    kept = tuple(sorted(lowered, key=ranking_score, reverse=True))
    rest = reader.reading(query, reading.passages, kept)
    return rest if kept else replace(rest, probability=0.0)


def _passage(evidence: Evidence) -> tuple[str, int]:
    return evidence.hit.chunk.article.id, evidence.hit.chunk.start


def comparably_likely(found: Sequence[ScoredSentence], sure: float) -> list[ScoredSentence]:
    """The first, and what is told about as surely, or surely by itself."""
    return [
        one
        for one in found
        if ranking_score(found[0].evidence) - ranking_score(one.evidence) <= _BESIDE
        or one.probability >= sure
    ]


def other_values(reading: Reading, one: ScoredSentence, reader: CalibratedReader) -> Iterator[ScoredSentence]:
    """A sentence, and those of its article that may tell its value for other days or names, in their order."""
    own = tuple(other for other in reading.evidence if other.hit.chunk.article.id == one.article)
    for other in values_of_one_article(replace(reading, evidence=own), _NEAR):
        if other is one.evidence:
            yield one
            continue
        probability = reader.probability(reading.query, other)
        if probability >= reader.calibration.perhaps:
            yield ScoredSentence(other, probability)


def values_of_one_article(reading: Reading, near: float = _CLOSE) -> list[Evidence]:
    """The sentences of the best article that tell the value of its best one for other days or names, in its order.

    Only the best where the question itself names such a day or name, or one of them.  None lies more than ``near``
    below the best by ``ranking_score``.
    """
    best, *rest = reading.evidence
    found, value = [best], _answer_quantity(best)
    if value is None:
        return found
    for one in rest:
        other = _answer_quantity(one)
        if ranking_score(best) - ranking_score(one) > near:
            break
        if one.hit.chunk.article.id != best.hit.chunk.article.id or other is None:
            continue
        alike = (other.dimension, other.noun, other.unit) == (value.dimension, value.noun, value.unit)
        if alike and other.amount != value.amount and _are_distinguished(reading.query.text, [*found, one]):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _answer_quantity(evidence: Evidence) -> Quantity | None:
    """The one quantity of the answering words, but for days."""
    start, end = evidence.short_span
    inside = [one for one in quantities(evidence.text) if start <= one.start < end]
    return inside[0] if len(inside) == 1 and inside[0].dimension not in ("day", "clock") else None


def _are_distinguished(question: str, sentences: Sequence[Evidence]) -> bool:
    """Whether each sentence has a day, or else a name, of its own, and the question none of its kind."""
    asked = names_and_days(question)
    own = [names_and_days(f"… {one.text}") for one in sentences]
    for days in (True, False):
        kinds = [{name for name in names if is_day(name) is days} for names in own]
        if not any(is_day(name) is days for name in asked) and all(
            one - set().union(*(other for other in kinds if other is not one)) for one in kinds
        ):
            return True
    return False


def agree(found: Sequence[ScoredSentence]) -> bool:
    """Whether all tell the same: the same words, or the same values."""
    return all(same_information(found[0].evidence, other.evidence) for other in found[1:])


def _coverage(evidence: Evidence, question: str, names: set[str]) -> float:
    """How many of the names an article tells: in the sentence, its title, place or day twice as much as elsewhere."""
    article = evidence.hit.chunk.article
    near = missing_nearby(question, evidence)
    return sum((name not in near) + (name not in missing_names(question, article)) for name in names) / 2


def _best_per_article(evidence: Sequence[Evidence], near: float, most: int = 1) -> Iterator[Evidence]:
    """The best sentences of each article, at most so many, the best first."""
    counts = Counter[str]()
    for one in evidence:
        if ranking_score(evidence[0]) - ranking_score(one) > near:
            return
        counts[one.hit.chunk.article.id] += 1
        if counts[one.hit.chunk.article.id] <= most:
            yield one


def same_information(one: Evidence, other: Evidence) -> bool:
    """Whether the likeliest words of two sentences tell the same, in words or in values."""
    if not one.short_answer or not other.short_answer:
        return False
    if _contains(one.short_answer, other.text) or _contains(other.short_answer, one.text):
        return True
    values, others = find_values(one.short_answer), find_values(other.short_answer)
    return bool(values) and all(any(same_value(value, known) for known in others) for value in values)


def _contains(words: str, text: str) -> bool:
    """Whether words stand in a text whole: "5" does not in "15" or "5,2"."""
    return bool(re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(fold(words))}(?!\w|[.,]\d)", fold(text)))
