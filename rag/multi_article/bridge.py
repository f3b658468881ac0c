"""Bridge questions: one article names what a question describes, another says what is asked of it.

Such a question has words that only the one article has and words that only the other one has, and both sentences
share something that is not in the question: the name of what it describes ("chị Mùa" is the owner of "đại lý Tân
Phát"), or the words for what it names ("cụ Mận", "the woman with the broken arm").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.chunking import context
from index.schema import Article
from index.text.abbreviations import ABBREVIATIONS
from index.text.normalise import fold, normalise, syllables
from rag.multi_article.gather_evidence import ScoredSentence
from rag.multi_article.other_subject import has_other_subject
from rag.multi_article.values.names_and_days import (
    folded_words,
    is_day,
    missing_names,
    names_and_days,
    numbered,
)
from rag.proof.names import folded_names
from rag.reader.calibrated_reader import CalibratedReader, ranking_score
from rag.schema import Evidence, Reading

_ARTICLES = 4
"""Articles whose best sentences are paired, the likeliest first."""
_MOST = 3
"""Pairs whose second sentence is read again with the first before it."""
_GAIN = 2.0
"""How much the ``ranking_score`` of an answer must gain from the bridge before it, unless a name joins the two."""
_DESCRIBED = 0.7
"""Factor on the probability where shared words join two sentences and no name does: they may describe another."""
_ONE_SIDE = 2
"""Question words that only one article must have, where the other one has none of its own."""
_OFFICES = frozenset(folded_words(short) for short in ABBREVIATIONS)
"""What is written as an abbreviation, as the people's committee of any commune is, and names nothing alone."""
_EMPTY_WORDS = """
    bao nhiêu mấy gì nào ai đâu khi lúc sao thế là có của ở tại trong và với cho đến từ thì mà này nay đó được bị đã sẽ
    còn các những một người số năm ngày tháng vào ra về sau trước nhất làm phải không rồi hay vì cũng vẫn đang
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
"""Syllables of a question that say nothing of its subject."""
_MEASURE_WORDS = "đồng tỷ triệu nghìn ngàn phần trăm kg tấn tạ ha km mét đơn vị lượt"
_MEASURES = frozenset(_MEASURE_WORDS.split())
"""Syllables that two sentences may share though they speak of different things."""
_NOT_SHARED = frozenset(map(fold, _EMPTY | _MEASURES))


@dataclass(frozen=True, slots=True)
class _Pair:
    """The ``bridge`` that may name what is described, and the sentence of another article that may ``answer``.

    ``named`` is true where a name joins them.  ``first`` and ``second`` count the question words that the one sentence
    has and the other's article lacks.
    """

    bridge: Evidence
    answer: Evidence
    named: bool
    first: int
    second: int

    @property
    def is_mutual(self) -> bool:
        """Whether neither article can answer without the other."""
        return self.first > 0 and self.second > 0


def find_bridge(reading: Reading, reader: CalibratedReader) -> tuple[ScoredSentence, ...]:
    """The bridge and the sentence of another article that answers, in this order; empty where there is no such pair.

    The best sentence of the reading is one of them.  The answer is read with the bridge before it, and counts where it
    then reaches the "perhaps" probability.  Where the best sentence alone is sure, only a pair counts that a name joins
    and of which neither article can answer alone.
    """
    calibration = reader.calibration
    alone = reading.probability >= calibration.sure
    pairs = [pair for pair in _pairs(reading) if not alone or (pair.named and pair.is_mutual)]
    pairs.sort(key=lambda pair: (pair.named, pair.is_mutual, pair.first + pair.second), reverse=True)
    best: tuple[ScoredSentence, ...] = ()
    for pair in pairs[:_MOST]:
        part = reader.read(reading.query, [pair.answer.hit], [pair.bridge.text])
        answer = next((one for one in part.evidence if one.start == pair.answer.start), None)
        if answer is None or has_other_subject(reading.query.text, answer.text):
            continue
        if not (pair.named and pair.is_mutual) and ranking_score(answer) - ranking_score(pair.answer) < _GAIN:
            continue
        described = 1 if pair.named else _DESCRIBED
        probability = described * reader.probability(reading.query, answer, named=1.0)
        if probability >= calibration.perhaps and (not best or probability > best[1].probability):
            best = ScoredSentence(pair.bridge, probability), ScoredSentence(answer, probability)
    return best


def _pairs(reading: Reading) -> Iterator[_Pair]:
    """Pairs of the best sentences of two articles that answer only together."""
    question = reading.query.text
    best: dict[str, Evidence] = {}
    for one in reading.evidence:
        best.setdefault(one.hit.chunk.article.id, one)
    likeliest = list(best.values())[:_ARTICLES]
    for bridge in likeliest:
        for answer in likeliest:
            if bridge is answer or not any(one is reading.evidence[0] for one in (bridge, answer)):
                continue
            named = _share_a_name(question, bridge, answer)
            if not (named or _describes(reading, bridge, answer)):
                continue
            first, second = (
                _exclusive_words(question, bridge, answer),
                _exclusive_words(question, answer, bridge),
            )
            if (first and second) or (named and max(first, second) >= _ONE_SIDE):
                yield _Pair(bridge, answer, named, first, second)


def _exclusive_words(question: str, one: Evidence, other: Evidence) -> int:
    """How many words and days of the question one sentence or its article has and the other article lacks."""
    article, other_article = one.hit.chunk.article, other.hit.chunk.article
    question_words = {run for run in _runs(question) if not set(run.split()) & _EMPTY}
    days = set(filter(is_day, missing_names(question, other_article) - missing_names(question, article)))
    return len(question_words & _runs(one.text) - _article_words(other_article)) + len(days)


def _runs(text: str) -> set[str]:
    """The syllables of a text, and each two in a row."""
    words = syllables(text.lower())
    return {*words, *map(" ".join, pairwise(words))}


def _article_words(article: Article) -> set[str]:
    return _runs(normalise(f"{article.title}. {article.place or ''}. {article.text}"))


def _share_a_name(question: str, bridge: Evidence, answer: Evidence) -> bool:
    """Whether one of two sentences has a name that the other one has too, and the question has not."""
    question_names = _names(question) | _OFFICES
    return any(
        " " in name and f" {name} " in f" {folded_words(other.text)} "
        for one, other in ((bridge, answer), (answer, bridge))
        for name in _names(one.text) - question_names
    )


def _names(text: str) -> set[str]:
    """Names and numbered things, but for parts of a law, which every law has."""
    return {
        name
        for name in folded_names(f"… {text}") | numbered(text)
        if name.split()[0] not in ("dieu", "khoan")
    }


def _describes(reading: Reading, bridge: Evidence, answer: Evidence) -> bool:
    """Whether the bridge shares words with the answer that describe what the question names.

    The article of the answer lacks that name, the words stand neither in the question nor in a passage of a third
    article, and the answer names nothing that its own title is about.
    """
    question = reading.query.text
    both = {one.hit.chunk.article.id for one in (bridge, answer)}
    others = [folded_words(hit.chunk.text) for hit in reading.passages if hit.chunk.article.id not in both]
    heading = f" {folded_words(context(answer.hit.chunk.article))} "
    if any(f" {name} " in heading for name in _names(answer.text)):
        return False
    first, second = (f" {folded_words(normalise(one.hit.chunk.article.text))} " for one in (bridge, answer))
    named = {name for name in names_and_days(question) if not is_day(name)}
    if not any(f" {name} " in first and f" {name} " not in second for name in named):
        return False
    words, there = folded_words(bridge.text).split(), f" {folded_words(answer.text)} "
    elsewhere = f" {' / '.join((folded_words(question), *others))} "
    runs = (f" {one} {other} " for one, other in pairwise(words) if not {one, other} & _NOT_SHARED)
    return any(run in there and run not in elsewhere for run in runs)
