"""Reads passages for a query: ranks their sentences as evidence and estimates whether they answer it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index.chunking import context
from index.schema import Hit
from index.tables import WordedPassage, in_words
from rag.proof.injection import injected_spans
from rag.proof.names import YEAR, share_of_names
from rag.reader.calibration import Calibration
from rag.reader.decode import PassageReading, SentenceReading, average
from rag.reader.model import Reader
from rag.reader.table_rows import focus_on_named_cells
from rag.schema import Evidence, Query, Reading

_AROUND = 2000
"""Characters before a passage in which a line that reaches into it may begin."""
_LOWEST = -12.0
"""The logit that stands for a missing one."""
_OTHER_YEAR = 3.0
"""What the score of a sentence loses if it names years and none that is asked for."""
_RANK = 0.5
"""What the score of a sentence loses for each rank of its passage after the first."""
_REREAD = 8
"""So many of the best sentences are read once more, each by itself."""
_REREAD_PER_ARTICLE = 2
"""So many of every article are, whatever their score."""


@dataclass(frozen=True, slots=True)
class CalibratedReader:
    """A reader with the calibration that turns its logits into one probability."""

    reader: Reader
    calibration: Calibration

    def read(self, query: Query, passages: Sequence[Hit], prefixes: Sequence[str] = ()) -> Reading:
        """Read the passages; ``prefixes``, one for each or none, are texts of other articles put before them."""
        return self.reading(query, passages, find_evidence(self.reader, query, passages, prefixes))

    def reading(self, query: Query, passages: Sequence[Hit], evidence: Sequence[Evidence]) -> Reading:
        """The reading of sentences that are in the order of their scores; without any its probability is low."""
        features = reading_features(self.reader, query, evidence)
        return Reading(
            query, tuple(passages), tuple(evidence), self.calibration.probability(features), features
        )

    def probability(self, query: Query, sentence: Evidence, **features: float) -> float:
        """The probability, in [0, 1], that a sentence answers; given ``features`` replace the computed ones."""
        return self.calibration.probability(reading_features(self.reader, query, [sentence]) | features)


def find_evidence(
    reader: Reader, query: Query, passages: Sequence[Hit], prefixes: Sequence[str]
) -> list[Evidence]:
    """The sentences of the passages as evidence, the best first; instructions injected in them are blanked out.

    A follow-up is read after the questions before it and alone, and the mean counts: after them the first question is
    easily answered again, alone it is unknown whom it is about.
    """
    before = [f"{prefix} " if prefix else "" for prefix in prefixes] or [""] * len(passages)
    worded = [_without_orders(hit) for hit in passages]
    starts = [_after_title(hit) for hit in passages]
    shown = [
        (context(hit.chunk.article), prefix + words.text[start:])
        for hit, words, start, prefix in zip(passages, worded, starts, before, strict=True)
    ]
    readings = _read_passages(reader, query, shown)
    question_years = frozenset(YEAR.findall(query.text))
    read_in = [
        one
        for hit, words, start, prefix, reading in zip(passages, worded, starts, before, readings, strict=True)
        for one in _evidence(hit, words, start - len(prefix), reading, question_years)
    ]
    evidence = focus_on_named_cells(query.text, read_in)
    evidence.sort(key=ranking_score, reverse=True)
    after = {hit: prefix for hit, prefix in zip(passages, before, strict=True) if prefix}
    return sorted(_read_again(reader, query, evidence, after), key=ranking_score, reverse=True)


def _read_again(
    reader: Reader, query: Query, evidence: Sequence[Evidence], after: Mapping[Hit, str]
) -> list[Evidence]:
    """The best sentences read once more, each by itself, with the mean of both logits.

    Among others a sentence also gets credit for what its neighbours say.  ``after`` are the prefixes by passage, which
    stay before it.
    """
    seen = Counter[str]()
    places = []
    for place, one in enumerate(evidence):
        seen[one.hit.chunk.article.id] += 1
        if place < _REREAD or seen[one.hit.chunk.article.id] <= _REREAD_PER_ARTICLE:
            places.append(place)
    prefixes = [after.get(evidence[place].hit, "") for place in places]
    shown = [
        (context(evidence[place].hit.chunk.article), prefix + evidence[place].text)
        for place, prefix in zip(places, prefixes, strict=True)
    ]
    readings = _read_passages(reader, query, shown)
    both = list(evidence)
    for place, prefix, reading in zip(places, prefixes, readings, strict=True):
        own = [sentence for sentence in reading.sentences if sentence.end > len(prefix)]
        if own:
            both[place] = _mean(evidence[place], reading.answerable, own)
    return both


def _mean(one: Evidence, answerable: float, alone: Sequence[SentenceReading]) -> Evidence:
    """The sentence with the mean of its logits and the highest of ``alone``, its parts when it is read by itself."""
    return replace(
        one,
        answerable=(one.answerable + answerable) / 2,
        supporting=(one.supporting + max(part.supporting for part in alone)) / 2,
        margin=(max(_LOWEST, one.margin) + max(_LOWEST, *(part.span.margin for part in alone))) / 2,
    )


def _read_passages(reader: Reader, query: Query, shown: Sequence[tuple[str, str]]) -> list[PassageReading]:
    """Read (heading, text) pairs for a query; a follow-up with the questions before it and alone, averaged."""
    readings = reader.read(query.text, shown)
    if not query.follow_up:
        return readings
    alone = reader.read(query.follow_up, shown)
    return [average(*both) for both in zip(readings, alone, strict=True)]


def ranking_score(evidence: Evidence) -> float:
    """The score, in logits, by which the evidence of one query is ranked; comparable within one query only."""
    score = (
        evidence.answerable + evidence.supporting + 0.25 * evidence.margin - _RANK * (evidence.hit.rank - 1)
    )
    return score - _OTHER_YEAR if evidence.other_year else score


def reading_features(reader: Reader, query: Query, evidence: Sequence[Evidence]) -> dict[str, float]:
    """The features of the calibration, by name.

    ``told``, ``telling`` and ``margin`` are the logits ``Evidence.answerable`` (the highest), ``supporting`` and
    ``margin`` (of the best) under the names that ``calibration.json`` keeps.  ``judged`` is the log-odds that the best
    sentence supports its short answer, ``named`` the share of the question's names and numbers in its article.  The
    scores of the search are not used: near misses are found as surely as answers.
    """
    if not evidence:
        return {
            "told": _LOWEST, "telling": _LOWEST, "margin": _LOWEST, "judged": _LOWEST / 2, "named": 0.0,
        }  # fmt: skip
    best = evidence[0]
    article = best.hit.chunk.article
    answer = best.short_answer or best.text
    judgement = reader.judge([(query.text, answer, context(article), best.text)])[0]
    odds = (judgement.supported + 1e-3) / (1 - judgement.supported + 1e-3)
    return {
        "told": max(one.answerable for one in evidence),
        "telling": best.supporting,
        "margin": max(_LOWEST, best.margin),
        "judged": math.log(odds),
        "named": share_of_names(query.text, article),
    }


def _evidence(
    hit: Hit, worded: WordedPassage, start: int, reading: PassageReading, question_years: frozenset[str]
) -> Iterator[Evidence]:
    """The evidence of a passage that was read from ``worded.text[start:]``; ``start`` is negative after a prefix.

    ``question_years`` are the years that the question names.
    """
    for sentence in reading.sentences:
        if start + sentence.start < 0:
            continue  # it belongs to the prefix
        begin, stop = start + sentence.start, start + sentence.end
        first, last = start + sentence.span.start, start + sentence.span.end
        years = frozenset(YEAR.findall(worded.text[begin:stop]))
        yield Evidence(
            hit,
            *worded.place(begin, stop),
            worded.text[begin:stop],
            (first - begin, last - begin),
            worded.place(first, last),
            reading.answerable,
            sentence.supporting,
            sentence.span.margin,
            bool(question_years and years) and not question_years & years,
        )


def _without_orders(hit: Hit) -> WordedPassage:
    """A passage as read, with blanks where its article has injected instructions."""
    chunk = hit.chunk
    first = max(0, chunk.start - _AROUND)
    text = chunk.article.text
    after = text.find("\n", chunk.end)
    around = text[first : after if after >= 0 else len(text)]
    worded = in_words(chunk)
    kept = list(worded.text)
    for start, end in injected_spans(around):
        for begin, left, right in worded.pieces:
            for place in range(max(left, first + start), min(right, first + end)):
                kept[begin + place - left] = " "
    return WordedPassage("".join(kept), worded.pieces)


def _after_title(hit: Hit) -> int:
    """Where the text of a chunk goes on after the title that it may begin with.

    A title is context, never an answer: headlines name the excess over a plan where people ask for the total.  Of 135
    own questions three are right only with this and three only without it; without it a headline may be cited as proof.
    """
    title = hit.chunk.article.title
    if hit.chunk.start or not hit.chunk.text.startswith(title) or hit.chunk.text.strip() == title:
        return 0
    rest = hit.chunk.text[len(title) :]
    return len(title) + len(rest) - len(rest.lstrip())
