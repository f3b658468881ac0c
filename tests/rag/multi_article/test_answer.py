"""A question that several articles answer gets a line for each of them, and what follows from their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from fakes import FakeReader
from several_maker import CALIBRATION, TODAY, answered, article, reading_of, report, text_of

from index.schema import Article, Hit
from rag.multi_article.answer import answer_several
from rag.multi_article.bridge import find_bridge
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.decode import PassageReading
from rag.schema import Query


class LeadReader(FakeReader):
    """Understands a passage surely where the sentence that names what is described stands before it."""

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageReading]:
        readings = super().read(question, passages)
        return [
            replace(
                one,
                answerable=9.0,
                sentences=tuple(
                    replace(sentence, supporting=sentence.supporting + 9) for sentence in one.sentences
                ),
            )
            if text.startswith("Chị Mùa")
            else one
            for one, (_, text) in zip(readings, passages, strict=True)
        ]


OPEN = "Tỷ lệ hộ nghèo giảm còn bao nhiêu?"


def test_every_article_that_tells_has_a_line_with_its_place_and_day() -> None:
    worded = answered(OPEN, report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%"))
    assert worded is not None
    told = worded.verified
    assert told.text == (
        "- Xã Khe Mây giảm nghèo, xã Khe Mây, 5/12/2021: Cuối năm, tỷ lệ hộ nghèo giảm còn 8,79%. [1]\n"
        "- Xã Nà Lốc giảm nghèo, xã Nà Lốc, 5/12/2021: Cuối năm, tỷ lệ hộ nghèo giảm còn 15,38%. [2]"
    )
    assert [told.text[one.start : one.end][-3:] for one in told.statements] == ["[1]", "[2]"]
    assert [one.quote for one in told.citations] == [
        "Cuối năm, tỷ lệ hộ nghèo giảm còn 8,79%.",
        "Cuối năm, tỷ lệ hộ nghèo giảm còn 15,38%.",
    ]


@pytest.mark.parametrize(
    "question",
    ["Tỷ lệ hộ nghèo ở Nà Lốc giảm còn bao nhiêu?", "Năm 2020, tỷ lệ hộ nghèo giảm còn bao nhiêu?"],
)
def test_a_question_that_names_a_place_or_a_year_is_answered_from_its_article_alone(question: str) -> None:
    assert answered(question, report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%", 2020)) is None


def test_articles_that_agree_give_one_value_and_that_is_said() -> None:
    told = text_of(OPEN, report("Khe Mây", "8,79%"), report("Khe Mây II", "8,79%"))
    assert told.startswith("2 bài cùng nêu như nhau. [1] [2]\n- Xã Khe Mây giảm nghèo")


def test_an_article_that_tells_the_value_of_two_places_has_a_line_for_each() -> None:
    both = article(
        "b",
        "Hai xã giảm nghèo",
        "Ở Nà Lốc, tỷ lệ hộ nghèo giảm còn 15,38%. Ở Suối Bùn, tỷ lệ hộ nghèo giảm còn 7,5%.",
        date(2021, 12, 5),
    )
    told = text_of(OPEN, report("Khe Mây", "8,79%"), both)
    assert [line.rpartition(": ")[2] for line in told.split("\n")] == [
        "Cuối năm, tỷ lệ hộ nghèo giảm còn 8,79%. [1]",
        "Ở Nà Lốc, tỷ lệ hộ nghèo giảm còn 15,38%. [2]",
        "Ở Suối Bùn, tỷ lệ hộ nghèo giảm còn 7,5%. [3]",
    ]


def test_at_most_eight_articles_are_told_of_and_the_others_counted() -> None:
    many = [report(f"Bản {letter * 3}", f"{number},5%") for number, letter in enumerate("ABCDEGHIKL", 1)]
    lines = text_of(OPEN, *many).split("\n")
    assert len(lines) == 9
    assert lines[-1] == "… và 2 bài khác."


def test_where_many_tell_it_further_articles_are_read_and_counted() -> None:
    reports = [report(f"Bản {letter * 3}", f"{number},5%") for number, letter in enumerate("ABCDEGHIKL", 1)]
    fair = article("hội", "Hội làng", "Tỷ lệ hộ nghèo giảm, xã mở hội 2 ngày.", date(2021, 12, 9))
    wish = article(
        "mong", "Mong muốn", "Cuối năm, phấn đấu tỷ lệ hộ nghèo giảm còn 20,5%.", date(2021, 12, 9)
    )
    asked_for: list[int] = []

    def further(query: Query, known: Sequence[Hit]) -> Sequence[Hit]:
        asked_for.append(len(known))
        return reading_of(query.text, *reports[4:], fair, wish).passages

    reader = CalibratedReader(FakeReader(), CALIBRATION)
    worded = answer_several(reading_of(OPEN, *reports[:4]), reader, TODAY, further)
    assert worded is not None
    *lines, last = worded.verified.text.split("\n")
    assert (len(lines), last) == (8, "… và 2 bài khác.")
    assert [one.hit.rank for one in worded.verified.citations] == [1, 2, 3, 4, 5, 6, 7, 8]
    few = answer_several(reading_of(OPEN, *reports[:2]), reader, TODAY, further)
    assert few is not None and few.verified.text.count("\n") == 1
    assert asked_for == [4]


def test_other_values_of_one_place_and_year_are_told_as_such_with_their_days() -> None:
    first = report("Khe Mây", "8,79%")
    later = article(
        "sau", "Số liệu mới", "Cuối năm, tỷ lệ hộ nghèo giảm còn 9,2%.", date(2021, 12, 28), "xã Khe Mây"
    )
    assert text_of(OPEN, first, later) == (
        "Có bài nêu khác nhau về cùng nơi, cùng năm; hãy xem ngày của từng bài: [1] [2]\n"
        "- Xã Khe Mây giảm nghèo, xã Khe Mây, 5/12/2021: Cuối năm, tỷ lệ hộ nghèo giảm còn 8,79%. [1]\n"
        "- Số liệu mới, xã Khe Mây, 28/12/2021: Cuối năm, tỷ lệ hộ nghèo giảm còn 9,2%. [2]"
    )
    for other in (report("Khe Mây", "9,2%", 2020), report("Nà Lốc", "9,2%")):
        assert "khác nhau" not in text_of(OPEN, first, other)


def test_a_comparison_shows_who_has_more_and_the_calculation() -> None:
    told = text_of(
        "Tỷ lệ hộ nghèo ở Nà Lốc cao hơn ở Khe Mây bao nhiêu?",
        report("Khe Mây", "8,79%"),
        report("Nà Lốc", "15,38%"),
    )
    lead, *lines = told.split("\n")
    assert lead == "Nà Lốc cao hơn Khe Mây: 15,38% − 8,79% = 6,59 điểm phần trăm. [1] [2]"
    assert len(lines) == 2


def test_who_has_less_wins_where_less_is_asked() -> None:
    told = text_of(
        "Nà Lốc hay Khe Mây, xã nào có tỷ lệ hộ nghèo thấp hơn?",
        report("Nà Lốc", "15,38%"),
        report("Khe Mây", "8,79%"),
    )
    assert told.startswith("Khe Mây thấp hơn Nà Lốc: 15,38% − 8,79% = 6,59 điểm phần trăm.")


def test_a_comparison_with_a_place_that_no_article_tells_is_none() -> None:
    question = "Tỷ lệ hộ nghèo ở Nà Lốc cao hơn ở Suối Bùn bao nhiêu?"
    assert answered(question, report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%")) is None


def test_two_years_of_one_place_are_told_line_by_line() -> None:
    told = text_of(
        "Tỷ lệ hộ nghèo của Khe Mây năm 2020 và năm 2021 lần lượt là bao nhiêu?",
        report("Khe Mây", "9,5%", 2020),
        report("Khe Mây", "8,79%", 2021),
    )
    assert told.count("\n") == 1
    assert "9,5%. [" in told
    assert "8,79%. [" in told


def test_the_newest_counts_where_now_is_asked() -> None:
    told = text_of(
        "Hiện nay tỷ lệ hộ nghèo còn bao nhiêu?",
        report("Khe Mây", "9,5%", 2020),
        report("Khe Mây", "8,79%", 2021),
    )
    assert told.startswith("Theo bài mới nhất nói về điều này (5/12/2021): [1]\n")
    assert "8,79%" in told
    assert "9,5%" not in told


DEALER = "Đại lý của chị Mùa thu mua mỗi ngày mấy tấn chè?"


def test_what_one_article_describes_another_tells() -> None:
    one = article("a", "Chuyện ở bản", "Chị Mùa là chủ đại lý Tân Phát.", date(2020, 5, 1))
    other = article("b", "Giá chè", "Đại lý Tân Phát thu mua mỗi ngày 35 tấn.", date(2020, 6, 1))
    told = find_bridge(reading_of(DEALER, one, other), CalibratedReader(LeadReader(), CALIBRATION))
    assert [found.evidence.text for found in told] == [
        "Chị Mùa là chủ đại lý Tân Phát.",
        "Đại lý Tân Phát thu mua mỗi ngày 35 tấn.",
    ]


def test_the_other_article_may_describe_who_is_named() -> None:
    question = "Chị Giàng Thị Mùa còn phải bó bột bao lâu?"
    one = article("a", "Lốc ở bản", "Chị Mùa, tức Giàng Thị Mùa, bị gãy tay.", date(2020, 5, 1))
    other = article("b", "Sau cơn lốc", "Riêng người gãy tay còn phải bó bột sáu tuần.", date(2020, 6, 1))
    unsure = replace(reading_of(question, one, other), probability=0.0)
    told = find_bridge(unsure, CalibratedReader(LeadReader(), CALIBRATION))
    assert [found.evidence.text for found in told] == [
        "Chị Mùa, tức Giàng Thị Mùa, bị gãy tay.",
        "Riêng người gãy tay còn phải bó bột sáu tuần.",
    ]


def test_a_sentence_about_the_place_of_its_title_describes_no_other_place() -> None:
    question = "Chị Mùa ở Khe Mây bị mất mấy con lợn?"
    one = article("a", "Dịch tả ở Khe Mây", "Chị Mùa kể về dịch tả ở Khe Mây.", date(2020, 5, 1))
    other = article("b", "Dịch tả ở Nà Lốc", "Dịch tả ở Nà Lốc làm mất 12 con lợn.", date(2020, 6, 1))
    assert find_bridge(reading_of(question, one, other), CalibratedReader(LeadReader(), CALIBRATION)) == ()


def test_a_name_that_only_the_first_article_tells_joins_nothing() -> None:
    one = article("a", "Chuyện ở bản", "Chị Mùa là chủ đại lý Tân Phát.", date(2020, 5, 1))
    other = article("b", "Giá chè", "Đại lý Hòa Bình thu mua mỗi ngày 35 tấn.", date(2020, 6, 1))
    assert find_bridge(reading_of(DEALER, one, other), CalibratedReader(LeadReader(), CALIBRATION)) == ()


def test_an_article_that_tells_all_needs_no_other_one() -> None:
    one = article(
        "a", "Chuyện ở bản", "Chị Mùa ở đại lý Tân Phát thu mua mỗi ngày 35 tấn chè.", date(2020, 5, 1)
    )
    other = article("b", "Giá chè", "Đại lý Tân Phát thu mua chè giá cao.", date(2020, 6, 1))
    assert find_bridge(reading_of(DEALER, one, other), CalibratedReader(LeadReader(), CALIBRATION)) == ()


@pytest.mark.parametrize(
    ("question", "sentence", "lead"),
    [
        ("Cầu Suối Đá dài bao nhiêu km?", "Cầu Suối Đá dài 215 m.", "215 m = 0,215 km."),
        (
            "Chợ Mới xây hết bao nhiêu triệu đồng?",
            "Chợ Mới xây hết 14,8 tỷ đồng.",
            "14,8 tỷ đồng = 14.800 triệu đồng.",
        ),
        ("Bao nhiêu phần trăm hộ đồng ý hiến đất?", "Có 61/64 hộ đồng ý hiến đất.", "61 : 64 ≈ 95,3%."),
    ],
)
def test_one_value_is_told_in_the_unit_that_is_asked(question: str, sentence: str, lead: str) -> None:
    told = text_of(question, article("a", "Tin địa phương", sentence))
    assert told == f"{lead} [1]\n- Tin địa phương: {sentence} [1]"


def test_what_changes_over_years_is_told_in_their_order() -> None:
    question = "Tỷ lệ hộ nghèo của Khe Mây năm 2021 so với năm 2020 thay đổi thế nào?"
    told = text_of(question, report("Khe Mây", "8,79%", 2021), report("Khe Mây", "9,5%", 2020))
    assert told.startswith("Giảm: 9,5% (2020) → 8,79% (2021), 9,5% − 8,79% = 0,71 điểm phần trăm. [1] [2]\n")


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        (
            "Tỷ lệ hộ nghèo ở Nà Lốc cao hơn ở Khe Mây bao nhiêu?",
            (report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%")),
        ),
        (
            "Bao nhiêu phần trăm hộ đồng ý hiến đất?",
            (article("a", "Tin địa phương", "Có 61/64 hộ đồng ý hiến đất."),),
        ),
    ],
)
def test_what_is_calculated_of_unsure_sentences_is_unsure(
    question: str, articles: tuple[Article, ...]
) -> None:
    def manner(sure: float, perhaps: float) -> str | None:
        calibration = CALIBRATION.model_copy(update={"sure": sure, "perhaps": perhaps})
        worded = answer_several(
            reading_of(question, *articles), CalibratedReader(FakeReader(), calibration), date(2024, 5, 1)
        )
        return worded and worded.manner

    assert (manner(0.5, 0.3), manner(1.0, 0.3), manner(1.0, 1.0)) == ("sure", "perhaps", None)


def test_the_years_of_a_sum_may_be_more_than_two() -> None:
    def jobs(count: str, year: int) -> Article:
        text = f"Năm {year}, xã Khe Mây có {count} lao động có việc làm."
        return article(f"{year}", "Xã Khe Mây", text, date(year, 12, 5), "xã Khe Mây")

    told = text_of(
        "Tổng số lao động có việc làm ở xã Khe Mây trong ba năm 2019, 2020, 2021 là bao nhiêu?",
        *(jobs(count, year) for count, year in (("120", 2019), ("95", 2020), ("1.100", 2021))),
    )
    assert told.startswith("Tổng cộng: 120 + 95 + 1.100 = 1.315. [1] [2] [3]\n")


BOTH_DAYS = article(
    "a",
    "Tin giá chè",
    "Ngày 5/4, giá chè búp tươi là 8.000 đồng/kg. Ngày 18/4, giá chè búp tươi là 9.500 đồng/kg.",
    date(2024, 4, 18),
)


def test_different_values_of_one_article_are_told_with_what_they_belong_to() -> None:
    told = text_of("Giá chè búp tươi là bao nhiêu?", BOTH_DAYS)
    assert told.split("\n") == [
        "Bài viết nêu nhiều con số: [1] [2]",
        "- Tin giá chè, 18/4/2024: Ngày 5/4, giá chè búp tươi là 8.000 đồng/kg. [1]",
        "- Tin giá chè, 18/4/2024: Ngày 18/4, giá chè búp tươi là 9.500 đồng/kg. [2]",
    ]


def test_one_value_is_told_where_the_question_names_its_day() -> None:
    assert answered("Ngày 18/4 giá chè búp tươi là bao nhiêu?", BOTH_DAYS) is None
