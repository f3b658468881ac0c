"""Logits become sentences and words: every number can be followed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.reader.decode import (
    NOTHING_READ,
    PassageReading,
    SentenceReading,
    Span,
    average,
    decode,
    judgement,
    merge,
    whole_words,
)
from rag.reader.pairs import Row

TEXT = "Xã có 5 thôn. Có 12 hộ."
PIECES = [(0, 2), (3, 5), (6, 7), (8, 12), (12, 13), (14, 16), (17, 19), (20, 22), (22, 23)]
FIRST = 2
"""Two tokens stand before the passage; the first is "not told"."""


def decoded(null: tuple[float, float] = (1.0, 1.0), **heads: dict[int, float]) -> PassageReading:
    """Read TEXT with these logits by token of the passage, all others 0."""
    tokens: NDArray[np.float32] = np.zeros((FIRST + len(PIECES) + 1, 4), np.float32)
    tokens[0, :2] = null
    for place, head in enumerate(("start", "end", "sentence", "inside")):
        for token, logit in heads.get(head, {}).items():
            tokens[FIRST + token, place] = logit
    return decode(TEXT, Row([0] * len(tokens), 0, FIRST, PIECES), tokens, 1.5)


def shown(span: Span) -> str:
    return TEXT[span.start : span.end]


def test_the_words_have_the_highest_sum_and_end_after_they_begin() -> None:
    # "5" to "thôn": 4 + 3 - (1 + 1) = 5.  The end at "Xã" (9) lies before every beginning but its own: 0 + 9 - 2 = 7
    # were it not -6 to begin there.
    found = decoded(start={2: 4, 0: -6}, end={3: 3, 0: 9})
    assert (shown(found.span), found.span.margin) == ("5 thôn", pytest.approx(5))
    assert found.answerable == 1.5


def test_each_sentence_has_its_own_words_and_its_mean() -> None:
    found = decoded(start={2: 4, 6: 1}, end={3: 3, 7: 2}, sentence={0: 5, 1: 5, 5: -8})
    first, second = found.sentences
    assert (TEXT[first.start : first.end], shown(first.span)) == ("Xã có 5 thôn.", "5 thôn")
    assert first.supporting == pytest.approx(2)  # (5 + 5 + 0 + 0 + 0) / 5
    assert first.span.margin == pytest.approx(5)  # 4 + 3 - 2
    assert (TEXT[second.start : second.end], shown(second.span)) == ("Có 12 hộ.", "12 hộ")
    assert second.supporting == pytest.approx(-2)  # (-8 + 0 + 0 + 0) / 4
    assert second.span.margin == pytest.approx(1)  # 1 + 2 - 2


def test_words_of_a_sentence_do_not_reach_into_the_next() -> None:
    found = decoded(start={3: 9}, end={6: 9})
    assert shown(found.span) == "thôn. Có 12"
    assert [shown(sentence.span) for sentence in found.sentences] == ["thôn", "Có 12"]
    assert [sentence.span.margin for sentence in found.sentences] == pytest.approx([7, 7])  # 9 + 0 - 2


def test_a_passage_without_tokens_tells_no_words() -> None:
    found = decode("", Row([0, 2], 0, 1, []), np.zeros((2, 4), np.float32), -3.0)
    assert (found.answerable, found.span, found.sentences) == (-3.0, Span(0, 0, -np.inf), ())


def test_of_overlapping_parts_the_surer_counts_sentence_by_sentence() -> None:
    one = PassageReading(
        1.0,
        Span(0, 2, 3.0),
        (SentenceReading(0, 9, 2.0, Span(0, 2, 3.0)), SentenceReading(10, 19, -1.0, Span(10, 12, 0.0))),
    )
    other = PassageReading(
        2.0,
        Span(20, 22, 1.0),
        (SentenceReading(10, 19, 4.0, Span(13, 15, 1.0)), SentenceReading(20, 29, 0.0, Span(20, 22, 1.0))),
    )
    both = merge(one, other)
    assert (both.answerable, both.span) == (2.0, Span(0, 2, 3.0))
    assert [(sentence.start, sentence.supporting) for sentence in both.sentences] == [
        (0, 2.0),
        (10, 4.0),
        (20, 0.0),
    ]
    assert both.sentences[1].span == Span(13, 15, 1.0)


def test_verdicts_are_a_softmax() -> None:
    found = judgement(np.array([math.log(6), math.log(3), 0.0], np.float32))
    assert (found.supported, found.contradicted, found.neutral) == pytest.approx((0.6, 0.3, 0.1))


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("kết nạp 82 đảng viên", "đản", "đảng"),
        ("kết nạp 82 đảng viên.", "viên.", "viên"),
        ("“82 đảng viên”", "“82 đảng viên”", "82 đảng viên"),
        ("đạt 59% kế hoạch", "59%", "59%"),
        ("có 3.772 ha", ".772", "3.772"),
        ("còn 1,29%, giảm", "1", "1,29"),
        ("rộng 120 m² đất", "120 m²", "120 m²"),
        ("(gồm 12 thôn)", "12 thôn)", "12 thôn"),
        ("gồm 12 thôn (bản)", "12 thôn (bản)", "12 thôn (bản)"),
        ("gồm ...", "...", ""),
    ],
)
def test_words_are_whole(text: str, part: str, whole: str) -> None:
    at = text.index(part)
    start, end = whole_words(text, at, at + len(part))
    assert text[start:end] == whole


@given(
    st.text(st.one_of(st.characters(), st.sampled_from("aáđ 12.,%²()“”"))),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_words_lose_no_letter_and_cut_none(text: str, first: int, last: int) -> None:
    begin, stop = sorted((min(first, len(text)), min(last, len(text))))
    start, end = whole_words(text, begin, stop)
    assert 0 <= start <= end <= len(text)
    meant = {place for place in range(begin, stop) if text[place].isalnum()}
    assert meant <= set(range(start, end))
    for place in {start, end} if start < end else ():
        assert not (0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum())
    assert whole_words(text, start, end) == (start, end)


def test_two_readings_of_a_passage_have_a_mean() -> None:
    one = PassageReading(2.0, Span(0, 3, 1.0), (SentenceReading(0, 9, 4.0, Span(0, 3, 1.0)),))
    other = PassageReading(0.0, Span(4, 9, 3.0), (SentenceReading(0, 9, -2.0, Span(4, 9, 3.0)),))
    mean = average(one, other)
    assert (mean.answerable, mean.sentences) == (1.0, (SentenceReading(0, 9, 1.0, Span(4, 9, 2.0)),))
    assert average(one, NOTHING_READ).sentences == one.sentences
