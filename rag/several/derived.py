"""What no article tells as it is asked, and what follows from what one tells: ages, the most, what is left."""

from __future__ import annotations

from datetime import date

from rag.proof.names import YEAR
from rag.reader.calibration import Calibration
from rag.reader.model import Reader
from rag.reader.read import read
from rag.schema import Evidence, Query, Reading
from rag.several.gather import Found, of_each_part
from rag.several.lines import MOST, Lead, Worded, listing
from rag.several.most import Superlative, of_articles, of_clauses, told_as_most
from rag.several.named import is_day, missing
from rag.several.plan import only_wished
from rag.several.single import followed, told_instead
from rag.several.time_spans import age, without_age, year_of

_LOOKED = 5
"""Sentences of a reading that are looked at, the likeliest first."""


def follows_from_one(
    reading: Reading, reader: Reader, calibration: Calibration, today: date
) -> Worded | None:
    """What is calculated from a sentence that surely tells what is asked, or what the asked follows from."""
    question = reading.query.text
    for place, one in enumerate(reading.evidence[:_LOOKED]):
        lead = followed(reading.query.question, one, today)  # what was asked before has its answer
        if lead is None or _names_missing(question, one):
            continue
        if place == 0 and reading.probability >= calibration.sure:
            return Worded(listing([Found(one, reading.probability)], lead), "sure")
        for plain in told_instead(question):
            part = read(reader, Query(plain, reading.query.typed), [one.hit], calibration)
            if part.probability >= calibration.sure and part.evidence[0].text == one.text:
                return Worded(listing([Found(one, part.probability)], lead), "sure")
    return None


def aged(reading: Reading, reader: Reader, calibration: Calibration, today: date) -> Worded | None:
    """How old a person is in the year that a question names, or was at what it tells; ``None`` for other questions."""
    question = reading.query.text
    rest = without_age(question)
    if rest is None:
        return None
    cited: list[Found] = []
    year = year_of(question, today)
    if year is None:
        event = read(reader, Query(f"{rest} khi nào?", reading.query.typed), reading.passages, calibration)
        if event.probability < calibration.perhaps or _names_missing(question, event.evidence[0]):
            return None
        cited.append(Found(event.evidence[0], event.probability))
        year = _year_told(event.evidence[0])
    found = age(question, year, reading.evidence) if year is not None else None
    if found is None:
        return None
    told, reckoned = found
    lines = [Found(told, 1.0), *(one for one in cited if one.evidence.text != told.text)]
    return Worded(listing(lines, Lead(f"{reckoned.shown}.", reckoned.result)), "sure")


def most(wanted: Superlative, reading: Reading, reader: Reader, calibration: Calibration) -> Worded | None:
    """Which article, or which part of a sentence, has the most; ``None`` where one tells that itself."""
    question = reading.query.text
    if reading.probability >= calibration.sure and told_as_most(wanted, reading.evidence[0].text):
        return None
    told = [
        one
        for one in of_each_part(reading, reader, calibration)
        if one.probability >= calibration.perhaps
        and not missing(question, one.evidence.hit.chunk.article)
        and not only_wished(question, one.evidence.text)
    ]
    if not told or max(one.probability for one in told) < calibration.sure:
        return None
    for one in told:
        if one.probability >= calibration.sure and (parts := of_clauses(wanted, one.evidence.text)):
            label, order = parts
            return Worded(listing([one], Lead(f"{wanted.named}: {label} ({order}).", label)), "sure")
    if (ordered := of_articles(question, wanted, told)) is None:
        return None
    lines, lead = ordered
    return Worded(listing(lines[:MOST], lead, max(0, len(lines) - MOST)), "sure")


def _names_missing(question: str, evidence: Evidence) -> bool:
    """Whether an article lacks a name of the question; a day may be what is calculated."""
    return any(not is_day(name) for name in missing(question, evidence.hit.chunk.article))


def _year_told(evidence: Evidence) -> int | None:
    """The one year that a sentence names, else that of its article."""
    years = {int(year) for year in YEAR.findall(evidence.words) or YEAR.findall(evidence.text)}
    if len(years) == 1:
        return years.pop()
    written_on = evidence.hit.chunk.article.date
    return written_on.year if written_on and not years else None
