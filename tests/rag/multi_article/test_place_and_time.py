"""An answer says of which place and time it is, where the question names neither."""

from __future__ import annotations

from datetime import date

import pytest
from several_maker import article, reading_of

from rag.multi_article.place_and_time import with_place_and_time
from rag.proof.verify import quotation

JOBS = article("a", "Tin", "Toàn xã có 82 hộ nghèo.", date(2021, 12, 5), "xã Khe Mây, huyện Ba Sen")


def said(question: str, found: object = JOBS) -> str:
    reading = reading_of(question, found)  # type: ignore[arg-type]
    return with_place_and_time(quotation(reading.evidence[0], 0.9), question).text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Có bao nhiêu hộ nghèo?", "Tại xã Khe Mây (12/2021): Toàn xã có 82 hộ nghèo. [1]"),
        ("Năm nay có bao nhiêu hộ nghèo năm 2021?", "Tại xã Khe Mây: Toàn xã có 82 hộ nghèo. [1]"),
        ("ở khe mây có bao nhiêu hộ nghèo?", "Theo bài tháng 12/2021: Toàn xã có 82 hộ nghèo. [1]"),
        ("Xã Khe Mây có bao nhiêu hộ nghèo?", "Toàn xã có 82 hộ nghèo. [1]"),
        ("Bà Hà Thị Nhung nói có bao nhiêu hộ nghèo?", "Toàn xã có 82 hộ nghèo. [1]"),
        ("How many households are there in total?", "In xã Khe Mây (12/2021): Toàn xã có 82 hộ nghèo. [1]"),
    ],
)
def test_what_the_question_leaves_open_is_told(question: str, told: str) -> None:
    assert said(question) == told


def test_what_the_sentence_tells_is_not_told_twice() -> None:
    text = "Năm 2021, xã Khe Mây có 82 hộ nghèo."
    assert (
        said("Có bao nhiêu hộ nghèo?", article("a", "Tin", text, date(2021, 12, 5), "xã Khe Mây"))
        == f"{text} [1]"
    )


def test_the_places_in_the_text_move_with_it() -> None:
    question = "Có bao nhiêu hộ nghèo?"
    quoted = quotation(reading_of(question, JOBS).evidence[0], 0.9)
    led = with_place_and_time(quoted, question)
    assert led.short_span is not None
    assert led.text[slice(*led.short_span)] == "82"
    (statement,) = led.statements
    assert led.text[statement.start : statement.end] == "Toàn xã có 82 hộ nghèo. [1]"
