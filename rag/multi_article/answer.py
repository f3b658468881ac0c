"""A question that several articles answer gets all their answers; the rest is left to the writer.

What is counted and compared is calculated here, from values that are cited; the language model words none of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, permutations
from typing import TypeAlias

from index.schema import Hit
from index.text.normalise import fold
from rag.multi_article.answers.derived import aged, follows_from_one, most
from rag.multi_article.answers.listing import MOST, OpeningLine, WordedAnswer, day, listing
from rag.multi_article.answers.premise import denied
from rag.multi_article.answers.superlative import SMALLER, superlative
from rag.multi_article.answers.yes_no import answer_yes_no, claim_of
from rag.multi_article.bridge import bridged
from rag.multi_article.gather_evidence import (
    ScoredSentence,
    about_asked,
    agree,
    beside,
    narrowed,
    of_each_article,
    of_each_part,
    of_one_article,
    other_values,
    together,
)
from rag.multi_article.question_type import MORE, kind_of, only_wished
from rag.multi_article.values.calculate import (
    AnswerSentence,
    Calculation,
    comparable,
    difference,
    times,
    total,
)
from rag.multi_article.values.names_and_days import (
    asked_about,
    folded_words,
    is_day,
    missing,
    missing_near,
    numbered,
)
from rag.multi_article.values.quantities import Quantity, day_of, shown
from rag.proof.names import NAME, YEAR
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.calibration import Calibration
from rag.schema import Evidence, Query, Reading

_WHICH = re.compile(rf"(?<!\w)(?P<word>{MORE})(?: \w+){{0,6}}? hơn(?!\w)", re.IGNORECASE)
_RATIO = re.compile(r"(?<!\w)gấp (?:mấy|bao nhiêu)", re.IGNORECASE)
_EARLIER = re.compile(r"(?<!\w)(?:trước hay sau|sau hay trước)(?!\w)", re.IGNORECASE)
_MANY = 3
"""Articles that tell an open question from which on others are read too, if half of those that were found tell it."""
_SECOND = 0.6
"""The part of the least probability of "perhaps" at which an article counts beside one that surely tells its part."""
_DIFFER = OpeningLine("Có bài nêu khác nhau về cùng nơi, cùng năm; hãy xem ngày của từng bài:")

Further: TypeAlias = Callable[[Query, Sequence[Hit]], Sequence[Hit]]
"""Finds for a query the best passage of each further article, beside those passages."""


def _none_further(query: Query, passages: Sequence[Hit]) -> Sequence[Hit]:
    return ()


def answer_several(
    reading: Reading, reader: CalibratedReader, today: date, further: Further = _none_further
) -> WordedAnswer | None:
    """The answer of several articles, or what is calculated; ``None`` where one sentence alone answers.

    An article counts where it surely tells what is asked; of a question that asks for several, where it may.  ``today``
    is what ages and "bao nhiêu năm rồi" are counted to.  Where many of the articles tell it, those that ``further``
    finds are read as well.
    """
    calibration = reader.calibration
    if not reading.evidence:
        return None
    if claim_of(reading.query.text) is not None:
        said = answer_yes_no(narrowed(reading, reader), reader)
        return WordedAnswer(*said) if said else None
    if worded := denied(reading):
        return worded
    if worded := aged(reading, reader, today):
        return worded
    wanted = superlative(reading.query.text)
    if wanted and (worded := most(wanted, reading, reader)):
        return worded
    kind = kind_of(reading.query.text)
    if kind in ("compare", "both", "sum"):
        return _of_several(reading, of_each_part(reading, reader), calibration, kind)
    found = of_each_article(reading, reader)
    whole = [one for one in found if not missing(reading.query.text, one.evidence.hit.chunk.article)]
    if kind == "latest":
        return _newest([one for one in whole if one.probability >= calibration.perhaps])
    near = [one for one in whole if not missing_near(reading.query.text, one.evidence)]
    told = [one for one in near or whole if one.probability >= calibration.perhaps]
    if lines := _open(reading.query.text, told, calibration.sure):
        more = _told_further(reading, lines, reader, further)
        if agree([*lines, *more]):
            lines += more
            lead: OpeningLine | None = OpeningLine(f"{len(lines)} bài cùng nêu như nhau.")
        else:
            lead = _DIFFER if _contradict(reading.query.text, [*lines, *more]) else None
            lines = [other for one in lines for other in other_values(reading, one, reader)] + more
        left = {one.article for one in lines[MOST:]} - {one.article for one in lines[:MOST]}
        return WordedAnswer(listing(lines[:MOST], lead, len(left)), "sure")
    if told and told[0].probability >= calibration.sure and len(inside := of_one_article(reading)) > 1:
        lines = [ScoredSentence(one, told[0].probability) for one in inside]
        return WordedAnswer(listing(lines, OpeningLine("Bài viết nêu nhiều con số:")), "sure")
    if one := follows_from_one(reading, reader, today):
        return one
    pair = bridged(reading, reader)
    if not pair:
        return None
    return WordedAnswer(listing(pair), "sure" if pair[1].probability >= calibration.sure else "perhaps")


def _of_several(
    reading: Reading, found: Sequence[ScoredSentence], calibration: Calibration, kind: str
) -> WordedAnswer | None:
    """The lines of the articles that a question speaks of, after what is calculated from them."""
    question = reading.query.text

    def compares(one: ScoredSentence, other: ScoredSentence) -> bool:
        return difference(_values(question, (one, other))) is not None

    if kind != "both":
        found = [one for one in found if not only_wished(question, one.evidence.text)]
    chosen = together(question, found, _SECOND * calibration.perhaps, None if kind == "both" else compares)
    if len(chosen) < 2 or not _is_told(chosen, calibration):
        return None
    if kind == "both" and chosen[1].probability < calibration.perhaps and _tells_all(question, chosen[0]):
        return None  # "A và B" are one subject to it
    if kind != "both" and not all(_matches_subject(question, one) for one in chosen):
        return None
    lead = None if kind == "both" else _calculated(question, chosen, kind)
    # Which day is meant is easily mistaken: an article tells its own and those of what it tells of.
    least = calibration.sure if _EARLIER.search(question) else calibration.perhaps
    sure = all(one.probability >= least for one in chosen) and _any_sure(chosen, calibration)
    return WordedAnswer(listing(chosen, lead), "sure" if sure else "perhaps")


def _is_told(chosen: Sequence[ScoredSentence], calibration: Calibration) -> bool:
    """Whether one of the sentences surely tells its part, or each of them may."""
    return _any_sure(chosen, calibration) or all(one.probability >= calibration.perhaps for one in chosen)


def _any_sure(chosen: Sequence[ScoredSentence], calibration: Calibration) -> bool:
    return max(one.probability for one in chosen) >= calibration.sure


def _matches_subject(question: str, one: ScoredSentence) -> bool:
    """Whether a sentence, its title or its place has a name of the question in one piece, if that has any."""
    named = [name for name in asked_about(question) - numbered(question) if not is_day(name)]
    article = one.evidence.hit.chunk.article
    near = f" {folded_words(f'{article.title}. {article.place or str()}. {one.evidence.text}')} "
    return not named or any(f" {name} " in near for name in named)


def _tells_all(question: str, one: ScoredSentence) -> bool:
    """Whether the article of a sentence tells all that a question names, which is more than one thing."""
    return len(asked_about(question)) > 1 and not missing(question, one.evidence.hit.chunk.article)


def _newest(found: Sequence[ScoredSentence]) -> WordedAnswer | None:
    """What the newest article tells, where others tell it too."""
    dated = [one for one in found if one.evidence.hit.chunk.article.date]
    if len(found) < 2 or len(dated) < len(found):
        return None
    newest = max(dated, key=lambda one: str(one.evidence.hit.chunk.article.date))
    told = f"Theo bài mới nhất nói về điều này ({day(newest.evidence)}):"
    return WordedAnswer(listing([newest], OpeningLine(told)), "sure")


def _open(question: str, found: Sequence[ScoredSentence], sure: float) -> list[ScoredSentence]:
    """The articles that tell it, one of them surely; none where only one does.

    What is not told surely counts where it is a value like the first.
    """
    lines = [
        one for one in beside(found, sure) if one.probability >= sure or _values(question, (found[0], one))
    ]
    return lines if len(lines) > 1 and max(one.probability for one in lines) >= sure else []


def _told_further(
    reading: Reading, lines: Sequence[ScoredSentence], reader: CalibratedReader, further: Further
) -> list[ScoredSentence]:
    """The sentences of further articles that surely tell it, by a value like the first where that has one.

    None are looked for where few of the articles that were found tell it.  How early the search finds an article tells
    nothing here, where many tell it.
    """
    found = {hit.chunk.article.id for hit in reading.passages}
    if len({one.article for one in lines}) < max(_MANY, len(found) / 2):
        return []
    question, least = reading.query.text, reader.calibration.sure
    hits = [replace(hit, rank=1) for hit in further(reading.query, reading.passages)]
    beyond = about_asked(reader.read(reading.query, hits), reader)
    told = [
        one
        for one in of_each_article(beyond, reader)
        if one.probability >= least
        and not missing_near(question, one.evidence)
        and not only_wished(question, one.evidence.text)
        and (_values(question, (lines[0], one)) or not _values(question, lines[:1]))
    ]
    return [
        replace(one, evidence=replace(one.evidence, hit=replace(one.evidence.hit, rank=rank)))
        for rank, one in enumerate(told, len(reading.passages) + 1)
    ]


def _contradict(question: str, lines: Sequence[ScoredSentence]) -> bool:
    """Whether two articles tell another value of the same place, or of what the question names, in one year."""
    named = any(not is_day(name) for name in asked_about(question))
    return any(
        one.article != other.article
        and _year(one.evidence) == _year(other.evidence) is not None
        and (named or _place(one) == _place(other) != "")
        and len({part.amount for part in _values(question, (one, other))}) > 1
        for one, other in combinations(lines, 2)
    )


def _place(one: ScoredSentence) -> str:
    return fold(one.evidence.hit.chunk.article.place or "")


def _calculated(question: str, chosen: Sequence[ScoredSentence], kind: str) -> OpeningLine | None:
    """What follows from the chosen sentences by calculation, ``None`` where their values do not compare."""
    parts = _values(question, chosen)
    if kind == "sum":
        added = total(parts)
        return OpeningLine(f"Tổng cộng: {added.shown}.", added.result) if added else None
    if _RATIO.search(question) and (ratio := times(parts)):
        return OpeningLine(f"Gấp {ratio.result}: {ratio.shown}.", ratio.result)
    if len(parts) == 2 and parts[0].amount == parts[1].amount:
        return OpeningLine("Hai bên bằng nhau.")
    if changed := _change(question, chosen, parts):
        return changed
    found = difference(parts)
    if found and found.parts[0].dimension == "day" and _EARLIER.search(question):
        if not all(
            one.evidence.short[0] <= part.start < one.evidence.short[1]
            for one, part in zip(chosen, parts, strict=True)
        ):
            return None  # some other day of the sentence
        later, earlier = (day_of(part) for part in found.parts)
        return OpeningLine(f"Trước: {earlier}; sau: {later}, {found.shown}.", found.result)
    return _order(question, chosen, parts, found) if found else None


def _change(question: str, chosen: Sequence[ScoredSentence], parts: Sequence[Quantity]) -> OpeningLine | None:
    """From which amount to which something went over the years; ``None`` where the question compares two names."""
    years = [_year(one.evidence) for one in chosen]
    ordered = sorted(zip(years, parts, strict=False), key=lambda pair: pair[0] or 0)
    named = any(_called(one, other, question) for one, other in permutations(chosen, 2))
    if named or len(parts) != len(chosen) or None in years or len(set(years)) < len(years) or not parts:
        return None
    first, last = ordered[0][1], ordered[-1][1]
    if (found := difference((first, last))) is None or first.dimension in ("day", "clock"):
        return None
    steps = " → ".join(f"{shown(one.amount, one.unit, one.factor)} ({year})" for year, one in ordered)
    word = "Tăng" if last.amount > first.amount else "Giảm"
    return OpeningLine(f"{word}: {steps}, {found.shown}.", found.result)


def _year(evidence: Evidence) -> int | None:
    """The one year that a sentence tells of, else that of its article."""
    told = set(YEAR.findall(evidence.text))
    written_on = evidence.hit.chunk.article.date
    if told:
        return int(told.pop()) if len(told) == 1 else None
    return written_on.year if written_on else None


def _values(question: str, chosen: Sequence[ScoredSentence]) -> tuple[Quantity, ...]:
    return comparable(question, [AnswerSentence(one.evidence.text, one.evidence.short) for one in chosen])


def _order(
    question: str, chosen: Sequence[ScoredSentence], parts: Sequence[Quantity], found: Calculation
) -> OpeningLine:
    """Who has more, in the word of the question, and by how much."""
    asked = _WHICH.search(question)
    word = asked["word"].lower() if asked else ""
    names = [_called(one, other, question) for one, other in zip(chosen, reversed(chosen), strict=True)]
    if not word or not all(names) or names[0] == names[1]:
        return OpeningLine(f"Chênh lệch: {found.shown}.", found.result)
    winner = found.parts[1] if SMALLER.fullmatch(word) else found.parts[0]
    place = 0 if winner == parts[0] else 1
    return OpeningLine(f"{names[place]} {word} hơn {names[1 - place]}: {found.shown}.", found.result)


def _called(one: ScoredSentence, other: ScoredSentence, question: str) -> str:
    """How a question calls what one sentence tells of and the other does not; empty where it names no such thing."""
    own = missing_near(question, other.evidence) - missing_near(question, one.evidence)
    names = [run.group() for run in re.finditer(NAME, question) if fold(run.group()) in own]
    return names[0] if len(names) == 1 else ""
