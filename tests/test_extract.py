"""What the reader says orders the passages, and its spans become extracts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from index.schema import Article, Chunk, Hit
from rag.abstain import Logistic
from rag.cite import Attribution
from rag.extract import (
    Reading,
    agreement,
    extracts,
    find_clues,
    find_short,
    read_hits,
    span_features,
    surest,
)
from rag.reader.spans import Place, Span
from rag.schema import Extract, Statement

TEXT = "Xã có 5 thôn. Xã có 12 hộ nghèo."
ARTICLE = Article("a.txt", "a.txt", "Xã Tân Sơn", TEXT)


def hit(start: int, end: int, score: float, rank: int) -> Hit:
    return Hit(Chunk(ARTICLE, rank - 1, start, end), score, rank, 0.9, lexical=score / 2)


FIRST, SECOND = hit(0, 13, 0.9, 1), hit(14, 32, 0.8, 2)


class Scripted:
    """A reader that gives the spans it was made with."""

    name = "scripted"

    def __init__(self, *spans: Span) -> None:
        self.spans = list(spans)
        self.asked: list[tuple[str, Sequence[tuple[str, str]]]] = []

    def read(
        self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
    ) -> list[Span]:
        self.asked.append((question, passages))
        return self.spans


def test_passages_are_read_with_their_titles_and_a_relevant_one_rises() -> None:
    reader = Scripted(Span(6, 7, -3, -6.0), Span(6, 8, 4, 6.0))
    readings = read_hits(reader, "Bao nhiêu hộ nghèo?", [FIRST, SECOND], 0.2)

    assert reader.asked == [
        ("Bao nhiêu hộ nghèo?", [("Xã Tân Sơn", "Xã có 5 thôn."), ("Xã Tân Sơn", "Xã có 12 hộ nghèo.")])
    ]
    assert [reading.hit.chunk for reading in readings] == [SECOND.chunk, FIRST.chunk]
    assert [reading.hit.score for reading in readings] == [0.8, 0.9]
    assert [reading.hit for reading in read_hits(reader, "?", [FIRST, SECOND], 0.0)] == [FIRST, SECOND]


def test_a_title_is_context_and_never_an_answer() -> None:
    text = "Thu vượt 12%\n\nXã thu 5 tỷ đồng."
    article = Article("a.txt", "a.txt", "Thu vượt 12%", text)
    reader = Scripted(Span(9, 18, 1, 1.0, (Place(9, 18, 2.0),)))

    (reading,) = read_hits(
        reader, "Thu bao nhiêu?", [Hit(Chunk(article, 0, 0, len(text)), 1.0, 1, 0.5, 0.5)], 0.0
    )

    assert reader.asked == [("Thu bao nhiêu?", [("Thu vượt 12%", "\n\nXã thu 5 tỷ đồng.")])]
    assert reading.span is not None
    assert text[reading.span.start : reading.span.end] == "5 tỷ đồng"
    (clue,) = find_clues([reading, Reading(FIRST)])
    assert (clue.article, text[clue.start : clue.end], clue.certainty) == ("a.txt", "5 tỷ đồng", 2.0)


def test_equally_relevant_passages_keep_their_order() -> None:
    readings = read_hits(Scripted(Span(0, 2, 0, 0.0), Span(0, 2, 0, 0.0)), "?", [FIRST, SECOND], 0.2)
    assert [reading.hit for reading in readings] == [FIRST, SECOND]


def test_an_extract_lies_in_its_article() -> None:
    (extract,) = extracts(
        [Reading(SECOND, Span(6, 8, 2.0, 1.0))], Logistic(weights={"margin": 1.5}, bias=-1, threshold=0)
    )
    assert (extract.start, extract.end, extract.text) == (20, 22, "12")
    assert extract.confidence == pytest.approx(1 / (1 + math.exp(-2)))  # 1.5 · 2 - 1 = 2


def test_the_likeliest_extract_comes_first_and_what_was_not_read_gives_none() -> None:
    model = Logistic(weights={"margin": 1}, bias=0, threshold=0)
    readings = [Reading(FIRST, Span(6, 7, -1, 0)), Reading(SECOND, Span(6, 8, 1, 0)), Reading(FIRST)]
    assert [extract.text for extract in extracts(readings, model)] == ["12", "5"]
    assert extracts([Reading(FIRST, Span(0, 0, -math.inf, 0))], model) == ()
    assert extracts([], model) == ()


def test_a_span_is_described_with_its_distance_from_the_best_passage() -> None:
    assert span_features(SECOND, Span(6, 8, 2.0, 1.0), best_score=0.9) == pytest.approx(
        {"margin": 2.0, "relevance": 1.0, "lexical": 0.4, "behind": 0.1}
    )


def answered(*sentences: str, supported: tuple[bool, ...]) -> Attribution:
    statements: list[Statement] = []
    text = ""
    for sentence, has_mark in zip(sentences, supported, strict=True):
        start = len(text)
        text += f"{sentence} [1] " if has_mark else f"{sentence} "
        statements.append(Statement(start, len(text) - 1, (1,) if has_mark else ()))
    return Attribution(text.rstrip(), tuple(statements), (), 0)


def test_the_short_answer_is_looked_for_in_supported_sentences_without_their_marks() -> None:
    reader = Scripted(Span(6, 12, 1, 1.0), Span(6, 8, 4, 6.0))
    checked = answered("Xã có 5 thôn.", "Không rõ.", "Xã có 12 hộ nghèo.", supported=(True, False, True))
    found = find_short(reader, "Bao nhiêu hộ?", checked)
    assert found is not None
    assert checked.text[slice(*found)] == "12"
    assert reader.asked == [("Bao nhiêu hộ?", [("", "Xã có 5 thôn."), ("", "Xã có 12 hộ nghèo.")])]


def test_words_of_the_question_are_no_short_answer() -> None:
    checked = answered("Xã có 12 hộ nghèo.", supported=(True,))
    assert find_short(Scripted(Span(9, 17, 9, 9.0)), "Có mấy HỘ NGHÈO?", checked) is None
    assert find_short(Scripted(Span(6, 8, 9, 9.0)), "Năm 2012 có mấy hộ?", checked) == (6, 8)
    assert find_short(Scripted(Span(0, 0, 9, 9.0)), "Có mấy hộ nghèo?", checked) is None
    assert find_short(Scripted(), "Có mấy hộ nghèo?", Attribution("", (), (), 0)) is None


def test_an_answer_agrees_with_an_extract_that_says_as_much_or_more() -> None:
    found = [Extract(FIRST, 6, 12, 0.9), Extract(SECOND, 20, 31, 0.6)]  # "5 thôn", "12 hộ nghèo"
    assert agreement("12 hộ", found) == 0.6
    assert agreement("Có 5 thôn", found) == 0.9
    assert agreement("7 thôn", found) == 0
    assert agreement("", found) == 0
    assert agreement("12", []) == 0


def test_a_span_moves_with_its_passage() -> None:
    whole = Chunk(ARTICLE, 0, 0, 32)
    moved = Reading(SECOND, Span(6, 8, 2.0, 1.0)).span_in(whole)
    assert moved == Span(20, 22, 2.0, 1.0)
    assert Reading(SECOND).span_in(whole) is None


def test_the_surest_span_has_both_heads_highest() -> None:
    first, second = Span(0, 1, 3.0, -2.0), Span(2, 3, 1.0, 1.0)
    assert surest([None, first, second]) == second
    assert surest([None]) is None
