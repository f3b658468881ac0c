"""A sentence that tells nothing of the kind that is asked for is no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import FakeReader
from several_maker import CALIBRATION, article, reading_of

from rag.multi_article.answer_type import lacks_answer_type
from rag.multi_article.gather_evidence import drop_irrelevant
from rag.reader.calibrated_reader import CalibratedReader
from rag.schema import Evidence


def told(sentence: str, words: str = "", title: str = "Tin địa phương") -> Evidence:
    """A sentence of an article, and which of its words were read as the answer."""
    evidence = next(
        one for one in reading_of(sentence, article("a", title, sentence)).evidence if one.text == sentence
    )
    start = sentence.index(words)
    return replace(evidence, short_span=(start, start + len(words)))


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Ai được giới thiệu làm chủ tịch xã?", "Ông Hồ Sĩ Tường được bầu làm bí thư xã.", "Ông Hồ Sĩ Tường"),
        ("Hiệu trưởng trường Minh Tiến là ai?", "Cô Phí Thị Nga là phó phòng giáo dục.", "Cô Phí Thị Nga"),
        ("Giáp nào thắng cuộc thổi cơm?", "Giáp thắng lĩnh 3 triệu đồng.", "3 triệu đồng"),
        ("Bảy xã chưa kết nạp đảng viên là những xã nào?", "Có 7 đảng bộ xã chưa kết nạp.", "7 đảng bộ xã"),
        ("Nhà vua bị bắt tên gì?", "Thủy quân bắt được nhà vua.", "nhà vua"),
        ("Bao nhiêu phần trăm cử tri đồng ý?", "Có 412 cử tri đồng ý.", "412 cử tri"),
        ("Xã có bao nhiêu hộ nghèo?", "Xã còn nhiều hộ nghèo.", "nhiều hộ nghèo"),
    ],
)
def test_what_is_of_another_kind_tells_nothing(question: str, sentence: str, words: str) -> None:
    assert lacks_answer_type(question, told(sentence, words))


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Ai được bầu làm chủ tịch xã?", "Ông Hồ Sĩ Tường được bầu làm chủ tịch xã.", "Ông Hồ Sĩ Tường"),
        ("Huấn luyện viên của đội là ai?", "HLV Mai Thế Vinh dẫn dắt đội.", "Mai Thế Vinh"),
        ("Phường nào thu nhiều nhất?", "Dẫn đầu là phường 5.", "phường 5"),
        ("Xã nào thắng cuộc?", "Xã Đông Trì thắng cuộc.", "Xã Đông Trì"),
        ("Uống loại nước nào?", "Anh uống nước chanh.", "nước chanh"),
        ("Bao nhiêu phần trăm hộ đồng ý?", "Có 61/64 hộ đồng ý.", "61/64 hộ"),
        ("Xã có mấy thôn?", "Xã có năm thôn.", "năm thôn"),
    ],
)
def test_what_is_of_the_asked_kind_may_tell_it(question: str, sentence: str, words: str) -> None:
    assert not lacks_answer_type(question, told(sentence, words))


def test_the_title_may_name_the_office() -> None:
    one = told("Người được bầu là ông Hồ Sĩ Tường.", "ông Hồ Sĩ Tường", "Bầu chủ tịch xã Khe Mây")
    assert not lacks_answer_type("Chủ tịch xã Khe Mây là ai?", one)


def test_a_passage_that_was_believed_for_such_a_sentence_is_believed_less() -> None:
    question = "Xã có bao nhiêu hộ nghèo?"
    text = "Xã còn có nhiều hộ nghèo. Xã trồng 12 ha rừng."
    reading = drop_irrelevant(
        reading_of(question, article("a", "Tin", text)), CalibratedReader(FakeReader(), CALIBRATION)
    )
    before = {one.text: one for one in reading_of(question, article("a", "Tin", text)).evidence}
    assert [one.text for one in reading.evidence] == ["Xã trồng 12 ha rừng."]
    kept = reading.evidence[0]
    same = before[kept.text]
    assert kept.answerable == min(same.answerable, same.supporting) < same.answerable
