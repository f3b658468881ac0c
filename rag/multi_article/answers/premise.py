"""Questions with a false presupposition: where the articles state the opposite, that is said in place of an answer.

Only what the words show counts: a denial, a contrary word, another value or person.  On 99 questions of the training
data for reasons that finds 8 of 40 false presuppositions and takes none of 59 true ones for false; the judge of
entailment, asked about the presupposition, takes as many true ones as false ones for contradicted and is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from index.chunking import context
from rag.multi_article.answers.listing import ComposedAnswer, OpeningLine, listing
from rag.multi_article.gather_evidence import ScoredSentence
from rag.multi_article.values.names_and_days import missing_names
from rag.proof.comparable_parts import inverse_document_frequencies, years
from rag.proof.contradictions import compare, weighted_overlap
from rag.proof.polarity import opposite_words
from rag.schema import Evidence, Reading

_SAME = 0.5
"""The least weighted share of the presupposition's words that the contradicting sentence must have."""
_WHY = re.compile(
    r"^(?:(?:vì|tại|do) sao|sao|vì lý do gì|do đâu|vì đâu|(?:nguyên nhân|lý do) (?:nào|gì) (?:khiến|làm|dẫn đến)"
    r"|(?:nguyên nhân|lý do) vì sao)(?: mà| cho)? ",
    re.IGNORECASE,
)
_WHY_LAST = re.compile(
    r",? (?:là )?(?:vì|do|tại) (?:sao|đâu|lý do gì|nguyên nhân (?:gì|nào))$", re.IGNORECASE
)
_OTHERWISE = "Bài viết nêu khác:"


def presupposition(question: str) -> str | None:
    """The presupposition of a question for a reason, as a sentence; ``None`` for any other question."""
    text = question.strip().rstrip("?.! ")
    rest = _WHY.sub("", text)
    if rest == text:
        rest = _WHY_LAST.sub("", text)
    if rest == text or not rest:
        return None
    rest = re.sub(r"(?<!\w)lại (?=\w)", "", rest, count=1)
    return f"{rest[:1].upper()}{rest[1:]}."


def answer_false_premise(reading: Reading) -> ComposedAnswer | None:
    """The sentence that contradicts the presupposition of a question, from an article that has all its names.

    ``None`` where nothing contradicts it, or a later article agrees: plans change, and the asker may know the outcome.
    """
    claim = presupposition(reading.query.text)
    if claim is None:
        return None
    denials: list[ScoredSentence] = []
    agreeing: list[ScoredSentence] = []
    for sentences in _of_articles(reading):
        article = sentences[0].hit.chunk.article
        if missing_names(claim, article):
            continue
        texts = [one.text for one in sentences]
        weights = inverse_document_frequencies([claim, *texts])
        held, nearest = max(
            ((weighted_overlap(claim, one.text, weights), one) for one in sentences), key=lambda pair: pair[0]
        )
        if held < _SAME or (years(claim) and years(nearest.text) and not years(claim) & years(nearest.text)):
            continue
        differing = {one.sentence for one in compare(claim, context(article), texts).differences}
        denies = opposite_words(claim, nearest.text) or any(
            sentences[number] is nearest for number in differing
        )
        (denials if denies else agreeing).append(ScoredSentence(nearest, held))
    if not denials or any(_is_later(one, denials[0]) for one in agreeing):
        return None
    return ComposedAnswer(listing(denials[:1], OpeningLine(_OTHERWISE)), "sure")


def _is_later(one: ScoredSentence, other: ScoredSentence) -> bool:
    days = [each.evidence.hit.chunk.article.date for each in (one, other)]
    return None not in days and str(days[0]) > str(days[1])


def _of_articles(reading: Reading) -> Iterator[list[Evidence]]:
    """The sentences that were read, article by article, the article with the likeliest first."""
    order = dict.fromkeys(one.hit.chunk.article.id for one in reading.evidence)
    places = {name: place for place, name in enumerate(order)}
    ranked = sorted(reading.evidence, key=lambda one: places[one.hit.chunk.article.id])
    for _, group in groupby(ranked, key=lambda one: one.hit.chunk.article.id):
        yield list(group)
