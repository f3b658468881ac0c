"""What may be meant: the likeliest sentence, and another beside it that is about as likely."""

from __future__ import annotations

from datetime import date

import pytest
from several_maker import article, reading_of

from rag.extractive_answer import extractive_answer, possible_answers

QUESTION = "Lợi nhuận quý hai của công ty là bao nhiêu?"
PLAN = "Kế hoạch lợi nhuận quý hai của công ty là 62 tỷ đồng."
REACHED = "Lợi nhuận của công ty quý hai còn 11,8 tỷ đồng."
OTHER = "Công ty có 740 lao động."


def test_two_sentences_that_are_about_as_likely_are_both_told_each_with_its_mark() -> None:
    said, quoted = possible_answers(
        reading_of(QUESTION, article("sứ", "Sứ Hải Đường", f"{PLAN} {REACHED} {OTHER}"))
    )
    assert quoted
    assert said.text == f"Có thể là: {PLAN} [1]\nHoặc là: {REACHED} [2]"
    assert [said.text[one.start : one.end] for one in said.statements] == [f"{PLAN} [1]", f"{REACHED} [2]"]
    assert [(one.mark, one.quote) for one in said.citations] == [(1, PLAN), (2, REACHED)]
    assert said.short_span is not None and "62 tỷ" in said.text[slice(*said.short_span)]


def test_a_sentence_far_less_likely_is_not_told_beside_it() -> None:
    said, _ = possible_answers(reading_of(QUESTION, article("sứ", "Sứ Hải Đường", f"{PLAN} {OTHER}")))
    assert said.text == f"Có thể là: {PLAN} [1]"
    assert len(said.citations) == 1


def test_a_sentence_that_tells_the_same_is_no_other_one() -> None:
    again = "Lợi nhuận của công ty quý hai chỉ là 62 tỷ đồng."
    said, _ = possible_answers(reading_of(QUESTION, article("sứ", "Sứ Hải Đường", f"{PLAN} {again}")))
    assert said.text.startswith("Có thể là: ") and "Hoặc là" not in said.text


def test_each_tells_its_place_and_month_where_the_question_names_none() -> None:
    one = article("a", "Báo cáo", "Tỷ lệ hộ nghèo giảm còn 8,79%.", date(2021, 12, 5), "xã Khe Mây")
    other = article("b", "Báo cáo", "Tỷ lệ hộ nghèo giảm còn 4,2%.", date(2022, 6, 1), "xã Ba Sen")
    said, _ = possible_answers(reading_of("Tỷ lệ hộ nghèo giảm còn bao nhiêu?", one, other))
    first, second = said.text.split("\n")
    assert first == "Có thể là: Tại xã Khe Mây (12/2021): Tỷ lệ hộ nghèo giảm còn 8,79%. [1]"
    assert second == "Hoặc là: Tại xã Ba Sen (6/2022): Tỷ lệ hộ nghèo giảm còn 4,2%. [2]"


@pytest.mark.parametrize("mark", [1, 2])
def test_a_sentence_as_it_stands_has_its_mark(mark: int) -> None:
    reading = reading_of(QUESTION, article("sứ", "Sứ Hải Đường", PLAN))
    said, quoted = extractive_answer(reading, reading.evidence[0], mark)
    assert (said.text, quoted, said.citations[0].mark) == (f"{PLAN} [{mark}]", True, mark)


def test_an_english_question_is_answered_in_english() -> None:
    said, _ = possible_answers(
        reading_of("What is the profit of the company?", article("s", "Sứ", f"{PLAN} {REACHED}"))
    )
    assert said.text.startswith("This may be what you look for: ")
