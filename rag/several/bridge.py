"""One article names what a question describes, another tells what it asks of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.schema import Hit
from index.text.values import find_values
from rag.proof.names import names
from rag.reader.read import CalibratedReader, weight
from rag.schema import Evidence, Reading
from rag.several.gather import ScoredSentence
from rag.several.named import asked_about, folded_words, missing, numbered
from rag.several.other_subject import tells_of_another

_CLUES = 6
"""Sentences that may name what is described."""
_MOST = 8
"""Pairs of a sentence and a passage that are read together."""
_LEAST = -1.0
"""The ``weight`` that it must then have."""
_GAIN = 2.0
"""How much surer, by ``weight``, an article must tell it once the sentence of the other stands before it."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A sentence with names that the question has not, and a passage of another article that tells them too."""

    clue: Evidence
    hit: Hit
    links: frozenset[str]


def bridged(reading: Reading, reader: CalibratedReader, least: float) -> tuple[ScoredSentence, ...]:
    """The sentence that names what is described, and the one of another article that then tells it; or neither.

    The second article is read with the sentence of the first before it.  It counts where it is then at least ``least``
    probable and told much surer than without, where the sentence or its title has the name that joins both, and where
    both tell all that the question names.
    """
    pairs = list(_pairs(reading))[:_MOST]
    if not pairs:
        return ()
    alone: dict[str, float] = {}
    for one in reading.evidence:
        article = one.hit.chunk.article.id
        alone[article] = max(alone.get(article, weight(one)), weight(one))
    best: tuple[float, tuple[ScoredSentence, ...]] = (_LEAST, ())
    for pair in pairs:
        part = reader.read(reading.query, [pair.hit], [pair.clue.text])
        if not part.evidence:
            continue
        told = part.evidence[0]
        if tells_of_another(reading.query.text, told.text):
            continue
        line = f" {folded_words(f'{told.hit.chunk.article.title} / {told.text}')} "
        if not any(f" {name} " in line for name in pair.links):
            continue
        gain = weight(told) - alone.get(told.hit.chunk.article.id, weight(told))
        probability = reader.probability(reading.query, told, named=1.0)
        if weight(told) <= _best_other(reading, pair.clue):
            continue
        if gain >= _GAIN and probability >= least and weight(told) > best[0]:
            best = weight(told), (ScoredSentence(pair.clue, probability), ScoredSentence(told, probability))
    return best[1]


def _best_other(reading: Reading, clue: Evidence) -> float:
    """The ``weight`` of the likeliest sentence but the clue; a clue that is read as a value is an answer itself."""
    others = (weight(one) for one in reading.evidence if one is not clue or find_values(clue.words))
    return max(others, default=_LEAST)


def _pairs(reading: Reading) -> Iterator[_Pair]:
    """Sentences with a name that the question has not, before passages of other articles that tell it."""
    question = reading.query.text
    wanted = asked_about(question)
    for clue in reading.evidence[:_CLUES]:
        own = clue.hit.chunk.article
        found = (names(f"… {clue.text}") | numbered(clue.text)) - names(f"… {question}") - numbered(question)
        for hit in reading.passages:
            other = hit.chunk.article
            if other.id == own.id or wanted & missing(question, own) & missing(question, other):
                continue
            text = f" {folded_words(hit.chunk.text)} "
            if links := frozenset(name for name in found if " " in name and f" {name} " in text):
                yield _Pair(clue, hit, links)
