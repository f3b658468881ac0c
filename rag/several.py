"""A question that several articles answer, each in its own way, gets all their answers."""

from __future__ import annotations

from collections.abc import Iterator

from index.chunking import context
from index.text.normalise import fold
from index.text.values import find_values, same_value
from rag.proof.names import share_named
from rag.proof.verify import Verified, quotation
from rag.reader.calibration import Calibration
from rag.reader.model import Reader
from rag.reader.read import reading_features, weight
from rag.schema import Citation, Evidence, Reading, Statement

_MOST = 8
"""Articles that are told of in one answer."""
_NEAR = 4.0
"""How far below the best sentence, by ``weight``, that of another article may lie."""


def answers_by_article(reading: Reading, reader: Reader, calibration: Calibration) -> tuple[Evidence, ...]:
    """The best sentence of each article that surely tells what is asked, the likeliest first.

    An article counts where it tells of all that the question names.  Empty where fewer than two do, or where they all
    tell the same.
    """
    question = reading.query.text
    found: list[Evidence] = []
    for one in _best_of_each(reading):
        if len(found) == _MOST:
            break
        if share_named(question, one.hit.chunk.article) < 1:
            continue
        features = reading_features(reader, reading.query, [one])
        if calibration.probability(features) >= calibration.sure:
            found.append(one)
    return tuple(found) if any(not _tell_the_same(found[0], other) for other in found[1:]) else ()


def listing(evidence: tuple[Evidence, ...], score: float) -> Verified:
    """A line for each article: its title, place and day, and the sentence that it answers with."""
    text, statements, citations = "", [], []
    for mark, one in enumerate(evidence, 1):
        said = quotation(one, score).text.removesuffix(" [1]")
        start = len(text) + (1 if text else 0)
        line = f"- {context(one.hit.chunk.article).replace(' | ', ', ')}: {said} [{mark}]"
        text += ("\n" if text else "") + line
        statements.append(Statement(start, len(text), (mark,)))
        citations.append(Citation(mark, one.hit, one.start, one.end, score))
    return Verified(text, tuple(statements), tuple(citations))


def _best_of_each(reading: Reading) -> Iterator[Evidence]:
    """The best sentence of each article that is not far below the best of all."""
    told = set[str]()
    for one in reading.evidence:
        if weight(reading.evidence[0]) - weight(one) > _NEAR:
            return
        if one.hit.chunk.article.id not in told:
            told.add(one.hit.chunk.article.id)
            yield one


def _tell_the_same(one: Evidence, other: Evidence) -> bool:
    """Whether the words of both are alike, or hold the same values."""
    if fold(one.words) in fold(other.text) or fold(other.words) in fold(one.text):
        return True
    values, others = find_values(one.words), find_values(other.words)
    return bool(values) and all(any(same_value(value, known) for known in others) for value in values)
