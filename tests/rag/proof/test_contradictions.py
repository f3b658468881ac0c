"""Values, persons and denials of a claim beside those of an article."""

from __future__ import annotations

import pytest

from rag.proof.contradictions import compare, weighted_overlap
from rag.proof.names import persons
from rag.proof.polarity import opposite_words

SUPPORT = "Huyện hỗ trợ hộ có nhà sập 40 triệu đồng, hộ có người mất tích 20 triệu đồng."
LOSSES = "Về người: 01 người mất tích là ông Lương; 04 người bị thương."


@pytest.mark.parametrize(
    ("claim", "sentence", "differences"),
    [
        ("Hộ có nhà sập được 40 triệu đồng.", SUPPORT, []),
        ("Hộ có nhà sập được 20 triệu đồng.", SUPPORT, [("20 triệu đồng", "40 triệu đồng")]),
        ("Có 1 người mất tích và 4 người bị thương.", LOSSES, []),
        ("Có 4 người mất tích và 1 người bị thương.", LOSSES, [("4", "01")]),
        (
            "Lợi nhuận giảm còn 5,2 tỷ đồng.",
            "Lợi nhuận tăng từ 5,2 lên 6,9 tỷ đồng.",
            [("5,2 tỷ đồng", "6,9 tỷ đồng")],
        ),
        (
            "Vua phá lưới là Tống Duy Khang.",
            "Vua phá lưới là Trịnh Lâm Oai, hơn Tống Duy Khang một bàn.",
            [("Tống Duy Khang", "Trịnh Lâm Oai")],
        ),
        ("Lễ diễn ra ngày 24/12.", "Lễ diễn ra sáng 24/11, có 600 người dự.", [("24/12", "24/11")]),
        ("Lễ diễn ra ngày 24/12.", "Lễ diễn ra trong tháng 11/2023.", []),  # a month is no other day
    ],
)
def test_figures_are_compared_with_what_they_are_told_of(
    claim: str, sentence: str, differences: list[tuple[str, str]]
) -> None:
    found = compare(claim, "", [sentence]).differences
    assert [(one.claimed.words, one.stated.words) for one in found] == differences


def test_a_figure_of_the_heading_is_told_and_one_of_nowhere_is_not() -> None:
    assert (
        compare("Thu vượt 12,4% dự toán.", "Thu ngân sách vượt 12,4%", ["Thu đạt 65 tỷ đồng."]).unsupported
        == ()
    )
    (unsupported,) = compare("Thu vượt 12,4% dự toán.", "", ["Hội nghị đã bế mạc."]).unsupported
    assert unsupported.words == "12,4%"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Chủ tịch UBND xã Đặng Thị Liễu nói thêm.", ["Đặng Thị Liễu"]),
        ("Xã Mai Chẩm họp ở xã Mai Chẩm.", []),
        ("Trường THPT Nguyễn Hữu Tiến có 468 em.", []),
        ("Ông Trần Văn An và bà Lê Thị Hoa.", ["Trần Văn An", "Lê Thị Hoa"]),
    ],
)
def test_persons_are_told_from_places(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in persons(text)] == found


@pytest.mark.parametrize(
    ("claim", "sentence", "found"),
    [
        ("Tài xế có nồng độ cồn.", "Tài xế không có cồn và không có ma túy.", ("cồn", "không cồn")),
        ("Ông không tham gia chính sự.", "Ông đã tham gia chính sự nhiều năm.", ("không tham", "tham")),
        ("Chị trả hết nợ trễ hạn 14 tháng.", "Chị đã trả hết nợ trước hạn 14 tháng.", ("trễ", "trước")),
        ("Hai khoản không đạt là thuế và phí.", "Hai khoản hụt thu là thuế và phí.", None),
        ("Đội nhận giải phong cách.", "Giải thuộc về đội duy nhất không nhận thẻ nào.", None),
        ("Huyện Hải Trường có 347 ca.", "Có 347 ca, không có trường hợp tử vong.", None),
        ("Không, cán bộ đến làm tại nhà.", "Cụ được cán bộ đến làm tại nhà.", None),
    ],
)
def test_a_denial_turns_what_it_denies_and_nothing_else(
    claim: str, sentence: str, found: tuple[str, str] | None
) -> None:
    assert opposite_words(claim, sentence) == found


def test_the_share_of_a_claims_words_counts_rare_ones_more() -> None:
    assert weighted_overlap("Cầu dài", "Cầu rộng và cao", {}) == 0.5
    assert weighted_overlap("Cầu dài", "CẦU rộng", {"cau": 3.0}) == 0.75  # 3 of 3 + 1
    assert weighted_overlap("", "Cầu", {}) == 0.0


def test_a_denial_reaches_three_words_far() -> None:
    assert opposite_words("Xã mở chợ phiên.", "Xã không hề được mở chợ phiên.") == ("mở", "không mở")
    assert opposite_words("Xã mở chợ phiên.", "Xã không hề còn được mở chợ phiên.") is None


def test_of_a_word_told_twice_the_denied_one_counts_for_what_it_is_denied_of() -> None:
    sentence = "Vắc xin được tiêm cho lợn thịt, không tiêm cho lợn nái."
    assert opposite_words("Lợn nái được tiêm vắc xin.", sentence) == ("tiêm", "không tiêm")
    assert opposite_words("Lợn thịt được tiêm vắc xin.", sentence) is None
