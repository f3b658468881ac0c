"""Answers that are composed from the sentences of several articles, or calculated; the rest is left to the writer.

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
from rag.multi_article.answers.derived import answer_age, answer_from_one_sentence, answer_superlative
from rag.multi_article.answers.listing import MAX_ARTICLES, ComposedAnswer, OpeningLine, day, listing
from rag.multi_article.answers.premise import answer_false_premise
from rag.multi_article.answers.superlative import SMALLER, parse_superlative
from rag.multi_article.answers.yes_no import answer_yes_no, yes_no_claim
from rag.multi_article.bridge import find_bridge
from rag.multi_article.gather_evidence import (
    ScoredSentence,
    agree,
    best_per_article,
    best_per_subquestion,
    choose_complementary,
    comparably_likely,
    drop_irrelevant,
    only_matching_articles,
    other_values,
    values_of_one_article,
)
from rag.multi_article.question_type import MORE, classify_question, is_only_planned
from rag.multi_article.values.calculate import (
    AnswerSentence,
    Calculation,
    comparable,
    difference,
    ratio_of,
    total,
)
from rag.multi_article.values.names_and_days import (
    folded_words,
    is_day,
    missing_names,
    missing_nearby,
    names_and_days,
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
"""The share of the "perhaps" threshold that a sentence must reach beside one that is sure of its part."""
_DIFFER = OpeningLine("Có bài nêu khác nhau về cùng nơi, cùng năm; hãy xem ngày của từng bài:")

Further: TypeAlias = Callable[[Query, Sequence[Hit]], Sequence[Hit]]
"""Finds for a query the best passage of each further article, beside those passages."""


def _none_further(query: Query, passages: Sequence[Hit]) -> Sequence[Hit]:
    return ()


def answer_several(
    reading: Reading, reader: CalibratedReader, today: date, further: Further = _none_further
) -> ComposedAnswer | None:
    """Compose the answer of several articles or a calculated one; ``None`` where one sentence alone answers.

    An article counts where its sentence answers with the "sure" probability, and in a question that asks for several
    articles with the "perhaps" one.  ``today`` is what ages and "bao nhiêu năm rồi" are counted to.  Where many of the
    articles answer, those that ``further`` finds are read as well.
    """
    calibration = reader.calibration
    if not reading.evidence:
        return None
    if yes_no_claim(reading.query.text) is not None:
        yes_or_no = answer_yes_no(only_matching_articles(reading, reader), reader)
        return ComposedAnswer(*yes_or_no) if yes_or_no else None
    if composed := answer_false_premise(reading):
        return composed
    if composed := answer_age(reading, reader, today):
        return composed
    wanted = parse_superlative(reading.query.text)
    if wanted and (composed := answer_superlative(wanted, reading, reader)):
        return composed
    kind = classify_question(reading.query.text)
    if kind in ("compare", "both", "sum"):
        return _answer_comparison(reading, best_per_subquestion(reading, reader), calibration, kind)
    found = best_per_article(reading, reader)
    whole = [one for one in found if not missing_names(reading.query.text, one.evidence.hit.chunk.article)]
    if kind == "latest":
        return _answer_latest([one for one in whole if one.probability >= calibration.perhaps])
    near = [one for one in whole if not missing_nearby(reading.query.text, one.evidence)]
    likely = [one for one in near or whole if one.probability >= calibration.perhaps]
    if lines := _several_answers(reading.query.text, likely, calibration.sure):
        more = _further_answers(reading, lines, reader, further)
        if agree([*lines, *more]):
            lines += more
            lead: OpeningLine | None = OpeningLine(f"{len(lines)} bài cùng nêu như nhau.")
        else:
            lead = _DIFFER if _contradict(reading.query.text, [*lines, *more]) else None
            lines = [other for one in lines for other in other_values(reading, one, reader)] + more
        left = {one.article for one in lines[MAX_ARTICLES:]} - {one.article for one in lines[:MAX_ARTICLES]}
        return ComposedAnswer(listing(lines[:MAX_ARTICLES], lead, len(left)), "sure")
    if (
        likely
        and likely[0].probability >= calibration.sure
        and len(inside := values_of_one_article(reading)) > 1
    ):
        lines = [ScoredSentence(one, likely[0].probability) for one in inside]
        return ComposedAnswer(listing(lines, OpeningLine("Bài viết nêu nhiều con số:")), "sure")
    if one := answer_from_one_sentence(reading, reader, today):
        return one
    pair = find_bridge(reading, reader)
    if not pair:
        return None
    return ComposedAnswer(listing(pair), "sure" if pair[1].probability >= calibration.sure else "perhaps")


def _answer_comparison(
    reading: Reading, found: Sequence[ScoredSentence], calibration: Calibration, kind: str
) -> ComposedAnswer | None:
    """Answer a comparison, sum or pair (``kind``) by one line for each article, after what is calculated from them.

    ``None`` where fewer than two articles answer their parts, or where one article answers the whole question.
    """
    question = reading.query.text

    def compares(one: ScoredSentence, other: ScoredSentence) -> bool:
        return difference(_values(question, (one, other))) is not None

    if kind != "both":
        found = [one for one in found if not is_only_planned(question, one.evidence.text)]
    chosen = choose_complementary(
        question, found, _SECOND * calibration.perhaps, None if kind == "both" else compares
    )
    if len(chosen) < 2 or not _is_supported(chosen, calibration):
        return None
    if kind == "both" and chosen[1].probability < calibration.perhaps and _has_all_names(question, chosen[0]):
        return None  # "A và B" are one subject to it
    if kind != "both" and not all(_matches_subject(question, one) for one in chosen):
        return None
    lead = None if kind == "both" else _calculated(question, chosen, kind)
    # Which day is meant is easily mistaken: an article has its own date and those of the events that it reports.
    least = calibration.sure if _EARLIER.search(question) else calibration.perhaps
    sure = all(one.probability >= least for one in chosen) and _any_sure(chosen, calibration)
    return ComposedAnswer(listing(chosen, lead), "sure" if sure else "perhaps")


def _is_supported(chosen: Sequence[ScoredSentence], calibration: Calibration) -> bool:
    """Whether one sentence is sure to answer its part, or each of them may."""
    return _any_sure(chosen, calibration) or all(one.probability >= calibration.perhaps for one in chosen)


def _any_sure(chosen: Sequence[ScoredSentence], calibration: Calibration) -> bool:
    return max(one.probability for one in chosen) >= calibration.sure


def _matches_subject(question: str, one: ScoredSentence) -> bool:
    """Whether a name of the question stands whole in the sentence, its title or place; true where it has none."""
    named = [name for name in names_and_days(question) - numbered(question) if not is_day(name)]
    article = one.evidence.hit.chunk.article
    near = f" {folded_words(f'{article.title}. {article.place or str()}. {one.evidence.text}')} "
    return not named or any(f" {name} " in near for name in named)


def _has_all_names(question: str, one: ScoredSentence) -> bool:
    """Whether a question names more than one thing and the article of a sentence has all of them."""
    return len(names_and_days(question)) > 1 and not missing_names(question, one.evidence.hit.chunk.article)


def _answer_latest(found: Sequence[ScoredSentence]) -> ComposedAnswer | None:
    """Answer by the newest of several dated articles; ``None`` for fewer than two, or where one has no date."""
    dated = [one for one in found if one.evidence.hit.chunk.article.date]
    if len(found) < 2 or len(dated) < len(found):
        return None
    newest = max(dated, key=lambda one: str(one.evidence.hit.chunk.article.date))
    opening = f"Theo bài mới nhất nói về điều này ({day(newest.evidence)}):"
    return ComposedAnswer(listing([newest], OpeningLine(opening)), "sure")


def _several_answers(question: str, found: Sequence[ScoredSentence], sure: float) -> list[ScoredSentence]:
    """The sentences of two or more articles that answer an open question; none where fewer do or none is sure.

    A sentence that is not sure counts where its value compares with that of the first.
    """
    lines = [
        one
        for one in comparably_likely(found, sure)
        if one.probability >= sure or _values(question, (found[0], one))
    ]
    return lines if len(lines) > 1 and max(one.probability for one in lines) >= sure else []


def _further_answers(
    reading: Reading, lines: Sequence[ScoredSentence], reader: CalibratedReader, further: Further
) -> list[ScoredSentence]:
    """The sentences of further articles that surely answer, by a value like the first where that has one.

    None are looked for where few of the articles that were found answer.  How early the search finds an article tells
    nothing here, where many answer.
    """
    found = {hit.chunk.article.id for hit in reading.passages}
    if len({one.article for one in lines}) < max(_MANY, len(found) / 2):
        return []
    question, least = reading.query.text, reader.calibration.sure
    hits = [replace(hit, rank=1) for hit in further(reading.query, reading.passages)]
    beyond = drop_irrelevant(reader.read(reading.query, hits), reader)
    answering = [
        one
        for one in best_per_article(beyond, reader)
        if one.probability >= least
        and not missing_nearby(question, one.evidence)
        and not is_only_planned(question, one.evidence.text)
        and (_values(question, (lines[0], one)) or not _values(question, lines[:1]))
    ]
    return [
        replace(one, evidence=replace(one.evidence, hit=replace(one.evidence.hit, rank=rank)))
        for rank, one in enumerate(answering, len(reading.passages) + 1)
    ]


def _contradict(question: str, lines: Sequence[ScoredSentence]) -> bool:
    """Whether two articles tell another value of the same place, or of what the question names, in one year."""
    named = any(not is_day(name) for name in names_and_days(question))
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
    """The opening line with the sum, ratio, change, order or difference of the chosen sentences' values.

    ``None`` where their values do not compare.
    """
    parts = _values(question, chosen)
    if kind == "sum":
        added = total(parts)
        return OpeningLine(f"Tổng cộng: {added.shown}.", added.result) if added else None
    if _RATIO.search(question) and (ratio := ratio_of(parts)):
        return OpeningLine(f"Gấp {ratio.result}: {ratio.shown}.", ratio.result)
    if len(parts) == 2 and parts[0].amount == parts[1].amount:
        return OpeningLine("Hai bên bằng nhau.")
    if changed := _change(question, chosen, parts):
        return changed
    found = difference(parts)
    if found and found.parts[0].dimension == "day" and _EARLIER.search(question):
        if not all(
            one.evidence.short_span[0] <= part.start < one.evidence.short_span[1]
            for one, part in zip(chosen, parts, strict=True)
        ):
            return None  # some other day of the sentence
        later, earlier = (day_of(part) for part in found.parts)
        return OpeningLine(f"Trước: {earlier}; sau: {later}, {found.shown}.", found.result)
    return _order(question, chosen, parts, found) if found else None


def _change(question: str, chosen: Sequence[ScoredSentence], parts: Sequence[Quantity]) -> OpeningLine | None:
    """The change of an amount over the years; ``None`` where the question compares two names or a year is unknown."""
    years = [_year(one.evidence) for one in chosen]
    ordered = sorted(zip(years, parts, strict=False), key=lambda pair: pair[0] or 0)
    named = any(_name_of(one, other, question) for one, other in permutations(chosen, 2))
    if named or len(parts) != len(chosen) or None in years or len(set(years)) < len(years) or not parts:
        return None
    first, last = ordered[0][1], ordered[-1][1]
    if (found := difference((first, last))) is None or first.dimension in ("day", "clock"):
        return None
    steps = " → ".join(f"{shown(one.amount, one.unit, one.factor)} ({year})" for year, one in ordered)
    word = "Tăng" if last.amount > first.amount else "Giảm"
    return OpeningLine(f"{word}: {steps}, {found.shown}.", found.result)


def _year(evidence: Evidence) -> int | None:
    """The one year that a sentence names, else that of its article; ``None`` where it names several."""
    years = set(YEAR.findall(evidence.text))
    written_on = evidence.hit.chunk.article.date
    if years:
        return int(years.pop()) if len(years) == 1 else None
    return written_on.year if written_on else None


def _values(question: str, chosen: Sequence[ScoredSentence]) -> tuple[Quantity, ...]:
    return comparable(
        question, [AnswerSentence(one.evidence.text, one.evidence.short_span) for one in chosen]
    )


def _order(
    question: str, chosen: Sequence[ScoredSentence], parts: Sequence[Quantity], found: Calculation
) -> OpeningLine:
    """Which of the two has more, in the word of the question ("cao", "ít"), and the difference."""
    comparative = _WHICH.search(question)
    word = comparative["word"].lower() if comparative else ""
    names = [_name_of(one, other, question) for one, other in zip(chosen, reversed(chosen), strict=True)]
    if not word or not all(names) or names[0] == names[1]:
        return OpeningLine(f"Chênh lệch: {found.shown}.", found.result)
    winner = found.parts[1] if SMALLER.fullmatch(word) else found.parts[0]
    place = 0 if winner == parts[0] else 1
    return OpeningLine(f"{names[place]} {word} hơn {names[1 - place]}: {found.shown}.", found.result)


def _name_of(one: ScoredSentence, other: ScoredSentence, question: str) -> str:
    """The name in the question that one sentence has and the other lacks; empty unless there is exactly one."""
    own = missing_nearby(question, other.evidence) - missing_nearby(question, one.evidence)
    names = [run.group() for run in re.finditer(NAME, question) if fold(run.group()) in own]
    return names[0] if len(names) == 1 else ""
