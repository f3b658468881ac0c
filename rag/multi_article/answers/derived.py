"""Answers that no article states as they are asked but that follow from one: ages, the most, calculated values."""

from __future__ import annotations

from datetime import date

from index.text.values import date_parts, find_values
from rag.multi_article.answers.from_one_sentence import calculate_from_sentence, derivable_questions
from rag.multi_article.answers.listing import MAX_ARTICLES, ComposedAnswer, OpeningLine, listing
from rag.multi_article.answers.superlative import Superlative, rank_articles, rank_clauses, states_superlative
from rag.multi_article.gather_evidence import ScoredSentence, best_per_subquestion
from rag.multi_article.question_type import is_only_planned
from rag.multi_article.values.names_and_days import is_day, missing_names
from rag.multi_article.values.time_spans import age, without_age, year_of
from rag.proof.names import YEAR
from rag.reader.calibrated_reader import CalibratedReader
from rag.schema import Evidence, Query, Reading

_MOST_SENTENCES = 5
"""Sentences of a reading that are tried, the likeliest first."""


def answer_from_one_sentence(
    reading: Reading, reader: CalibratedReader, today: date
) -> ComposedAnswer | None:
    """Answer by a calculation from one of the likeliest sentences; ``None`` where nothing follows.

    A sentence also counts where it answers a question from whose answer the asked value follows
    (``derivable_questions``).  A sure sentence is preferred to one that only may answer.
    """
    question, maybe = reading.query.text, None
    for place, one in enumerate(reading.evidence[:_MOST_SENTENCES]):
        # The question alone: those before it in the conversation have their answers.
        lead = calculate_from_sentence(reading.query.question, one, today)
        if lead is None or _names_missing(question, one):
            continue
        if place == 0 and reading.probability >= reader.calibration.sure:
            return ComposedAnswer(listing([ScoredSentence(one, reading.probability)], lead), "sure")
        parts = [
            reader.read(Query(plain, reading.query.typed), [one.hit])
            for plain in derivable_questions(question)
        ]
        probabilities = [
            part.probability for part in parts if part.evidence and part.evidence[0].text == one.text
        ]
        probability = max([*probabilities, reading.probability if place == 0 else 0.0])
        if max(probabilities, default=0.0) >= reader.calibration.sure:
            return ComposedAnswer(listing([ScoredSentence(one, probability)], lead), "sure")
        if maybe is None and probability >= reader.calibration.perhaps:
            maybe = ComposedAnswer(listing([ScoredSentence(one, probability)], lead), "perhaps")
    return maybe


def answer_age(reading: Reading, reader: CalibratedReader, today: date) -> ComposedAnswer | None:
    """Answer how old a person is in the year that a question names, or was at the event that it names.

    ``None`` for other questions, and where no year of birth or age is stated.
    """
    question = reading.query.text
    rest = without_age(question)
    if rest is None:
        return None
    cited: list[ScoredSentence] = []
    year = year_of(question, today)
    if year is None:
        event = reader.read(Query(f"{rest} khi nào?", reading.query.typed), reading.passages)
        if event.probability < reader.calibration.perhaps or _names_missing(question, event.evidence[0]):
            return None
        cited.append(ScoredSentence(event.evidence[0], event.probability))
        year = _year_stated(event.evidence[0])
    found = age(question, year, reading.evidence) if year is not None else None
    if found is None:
        return None
    sentence, calculation = found
    lines = [ScoredSentence(sentence, 1.0), *(one for one in cited if one.evidence.text != sentence.text)]
    return ComposedAnswer(listing(lines, OpeningLine(f"{calculation.shown}.", calculation.result)), "sure")


def answer_superlative(
    wanted: Superlative, reading: Reading, reader: CalibratedReader
) -> ComposedAnswer | None:
    """Answer which article, or which clause of one sentence, has the most or the least of ``wanted``.

    ``None`` where a sure sentence states that itself, or fewer than two values compare.
    """
    question = reading.query.text
    if reading.probability >= reader.calibration.sure and states_superlative(
        wanted, reading.evidence[0].text
    ):
        return None
    likely = [
        one
        for one in best_per_subquestion(reading, reader)
        if one.probability >= reader.calibration.perhaps
        and not missing_names(question, one.evidence.hit.chunk.article)
        and not is_only_planned(question, one.evidence.text)
    ]
    if not likely or max(one.probability for one in likely) < reader.calibration.sure:
        return None
    for one in likely:
        if one.probability >= reader.calibration.sure and (parts := rank_clauses(wanted, one.evidence.text)):
            label, order = parts
            return ComposedAnswer(
                listing([one], OpeningLine(f"{wanted.named}: {label} ({order}).", label)), "sure"
            )
    if (ordered := rank_articles(question, wanted, likely)) is None:
        return None
    lines, lead = ordered
    return ComposedAnswer(listing(lines[:MAX_ARTICLES], lead, max(0, len(lines) - MAX_ARTICLES)), "sure")


def _names_missing(question: str, evidence: Evidence) -> bool:
    """Whether an article lacks a name of the question; a day may be what is calculated."""
    return any(not is_day(name) for name in missing_names(question, evidence.hit.chunk.article))


def _year_stated(evidence: Evidence) -> int | None:
    """The year of the event in a sentence; else the year of its article, ``None`` where several are named.

    Where several years are named, the one with a whole date counts: others may be those of a term of office.
    """
    years = {int(year) for year in YEAR.findall(evidence.short_answer) or YEAR.findall(evidence.text)}
    if len(years) > 1:
        days = [date_parts(value.canonical) for value in find_values(evidence.text) if value.kind == "date"]
        years = {year for year, _, _, day in days if year is not None and day is not None}
    if len(years) == 1:
        return years.pop()
    written_on = evidence.hit.chunk.article.date
    return written_on.year if written_on and not years else None
