"""Extractive answers: the best sentence itself, and possible answers where none is sure.

Of 49 answerable development questions that were neither surely answered nor refused, the best sentence answered 37 and
one of the first two 48: so both are given where their scores are near.
"""

from __future__ import annotations

from dataclasses import replace

from rag.multi_article.gather_evidence import same_information
from rag.multi_article.place_and_time import with_place_and_time, with_prefix
from rag.proof.verify import Verified, cell_answer, quotation
from rag.query.language import answer_language
from rag.reader.calibrated_reader import ranking_score
from rag.schema import Evidence, Reading

_NEAR = 4.0
"""How far the ``ranking_score`` of a second possible answer may lie below the first."""
_LOOKED_AT = 3
"""Sentences among which the second possible answer is looked for."""


def extractive_answer(reading: Reading, evidence: Evidence, mark: int = 1) -> tuple[Verified, bool]:
    """The cell that is asked for, or the sentence as a quotation, and whether it is a quotation."""
    cell = cell_answer(reading.query.text, evidence, reading.probability, mark)
    return (cell, False) if cell else (quotation(evidence, reading.probability, mark), True)


def possible_answers(reading: Reading) -> tuple[Verified, bool]:
    """The best sentence as a possible answer, under it another one of about the same score with another answer.

    Returned with whether sentences are quoted.  The words before them are in the language of the question.
    """
    question = reading.query.text
    english = answer_language(question) == "en"
    first, *others = reading.evidence[:_LOOKED_AT]
    answer, quoted = extractive_answer(reading, first)
    answer = with_prefix(
        "This may be what you look for: " if english else "Có thể là: ", with_place_and_time(answer, question)
    )
    for other in others:
        if ranking_score(first) - ranking_score(other) <= _NEAR and not same_information(first, other):
            second, also_quoted = extractive_answer(reading, other, mark=2)
            second = with_prefix("Or: " if english else "Hoặc là: ", with_place_and_time(second, question))
            return _under(answer, second), quoted or also_quoted
    return answer, quoted


def _under(answer: Verified, other: Verified) -> Verified:
    """Two texts, one under the other; the short answer is that of the first."""
    below = with_prefix(f"{answer.text}\n", other)
    return replace(
        answer,
        text=below.text,
        statements=(*answer.statements, *below.statements),
        citations=(*answer.citations, *below.citations),
    )
