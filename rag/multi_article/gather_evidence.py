"""Chooses which sentences of which articles answer a question together."""

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
"""The same between articles that have all names of the question, of which one has them near its sentence."""
_BESIDE = 4.0
"""The same for a second line beside the best one, where the question asks for one value."""
_FAR = 12.0
"""The same where the question asks for several."""
_COVERS = 3.0
"""What it adds to ``ranking_score`` that an article has a name or day of the question that no chosen one has."""
_SENTENCES = 3
"""Sentences of an article among which the one is chosen that fits those of other articles."""
_FITS = 2.0
"""What it adds to ``ranking_score`` that a sentence fits the first, as one with a value of the same unit does."""
_TWO = 2
"""Articles from which a question about several is answered at least."""


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of an article, and the calibrated probability in [0, 1] that it answers the question."""

    evidence: Evidence
    probability: float

    @property
    def article(self) -> str:
        """The id of its article."""
        return self.evidence.hit.chunk.article.id


Fits: TypeAlias = Callable[[ScoredSentence, ScoredSentence], bool]
"""Whether the second sentence can be compared with the first, which was chosen already."""


def best_per_article(reading: Reading, reader: CalibratedReader) -> tuple[ScoredSentence, ...]:
    """The best sentence of each article, at most ``_NEAR`` below the best of all, the likeliest first."""
    return tuple(
        ScoredSentence(one, reader.probability(reading.query, one))
        for one in _best_per_article(reading.evidence, _NEAR)
    )


def best_per_subquestion(reading: Reading, reader: CalibratedReader) -> tuple[ScoredSentence, ...]:
    """The best sentences of each article for the subquestions of a comparison, the best first.

    A sentence counts with the subquestion for which its score is highest; names of that subquestion which its article
    lacks lower the score.
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
    """Choose one sentence of each article that is needed to answer a question about several, the best first.

    After the best comes whichever covers most names and days of the question that are not covered yet, until all are
    covered; two articles at least.  Only sentences of a probability of at least ``least`` count, and those that ``fit``
    the first are preferred.  Empty where the articles do not cover all names and days.
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
    """Restrict a reading to the articles that have all names and days of the question.

    Of several that are about as likely, those count that have them near the sentence.  The reading stays as it is where
    no article has all; it becomes empty, of probability 0, where the best lacks a day, or a name that another passage
    has.
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
    """Drop the sentences about another place or person than is asked for, and those without the asked type of answer.

    Where the best sentence of a passage is dropped, the passage logit of its other sentences is capped by their own
    logit: the passage may have seemed to answer by the dropped one alone.
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
    """The first sentence, those of about the same score, and those that are sure by themselves."""
    return [
        one
        for one in found
        if ranking_score(found[0].evidence) - ranking_score(one.evidence) <= _BESIDE
        or one.probability >= sure
    ]


def other_values(reading: Reading, one: ScoredSentence, reader: CalibratedReader) -> Iterator[ScoredSentence]:
    """A sentence, and those of its article that may state such a value for other days or names, in text order."""
    own = tuple(other for other in reading.evidence if other.hit.chunk.article.id == one.article)
    for other in values_of_one_article(replace(reading, evidence=own), _NEAR):
        if other is one.evidence:
            yield one
            continue
        probability = reader.probability(reading.query, other)
        if probability >= reader.calibration.perhaps:
            yield ScoredSentence(other, probability)


def values_of_one_article(reading: Reading, near: float = _CLOSE) -> list[Evidence]:
    """The sentences of the best article that state such a value for other days or names, in text order.

    Only the best one where the question itself names such a day or name.  None scores more than ``near`` below it.
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
    """The one quantity in the answer span, unless it is a day or time; else ``None``."""
    start, end = evidence.short_span
    inside = [one for one in quantities(evidence.text) if start <= one.start < end]
    return inside[0] if len(inside) == 1 and inside[0].dimension not in ("day", "clock") else None


def _are_distinguished(question: str, sentences: Sequence[Evidence]) -> bool:
    """Whether each sentence has its own day, or else its own name, and the question has none of that kind."""
    in_question = names_and_days(question)
    own = [names_and_days(f"… {one.text}") for one in sentences]
    for days in (True, False):
        kinds = [{name for name in names if is_day(name) is days} for names in own]
        if not any(is_day(name) is days for name in in_question) and all(
            one - set().union(*(other for other in kinds if other is not one)) for one in kinds
        ):
            return True
    return False


def agree(found: Sequence[ScoredSentence]) -> bool:
    """Whether all sentences give the same answer, in words or in values."""
    return all(same_information(found[0].evidence, other.evidence) for other in found[1:])


def _coverage(evidence: Evidence, question: str, names: set[str]) -> float:
    """How many of ``names`` an article has; those near the sentence count 1, those elsewhere a half."""
    article = evidence.hit.chunk.article
    near = missing_nearby(question, evidence)
    return sum((name not in near) + (name not in missing_names(question, article)) for name in names) / 2


def _best_per_article(evidence: Sequence[Evidence], near: float, most: int = 1) -> Iterator[Evidence]:
    """At most ``most`` sentences of each article, none more than ``near`` below the best of all, the best first."""
    counts = Counter[str]()
    for one in evidence:
        if ranking_score(evidence[0]) - ranking_score(one) > near:
            return
        counts[one.hit.chunk.article.id] += 1
        if counts[one.hit.chunk.article.id] <= most:
            yield one


def same_information(one: Evidence, other: Evidence) -> bool:
    """Whether the answer spans of two sentences give the same answer, in words or in values."""
    if not one.short_answer or not other.short_answer:
        return False
    if _contains(one.short_answer, other.text) or _contains(other.short_answer, one.text):
        return True
    values, others = find_values(one.short_answer), find_values(other.short_answer)
    return bool(values) and all(any(same_value(value, known) for known in others) for value in values)


def _contains(words: str, text: str) -> bool:
    """Whether words stand in a text whole: "5" does not in "15" or "5,2"."""
    return bool(re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(fold(words))}(?!\w|[.,]\d)", fold(text)))
