from __future__ import annotations

import pytest

from rag.writer.repair import repair

HARVEST = (
    "Bí thư Huyện ủy Trịnh Xuân Bách chủ trì hội nghị tại Ba Chẽ, có 1.408 đại biểu và bà Lò Thị Páo dự.",
    "Sản lượng nghêu đạt 3.772 tấn, Công ty Maseco mua 286 tấn ngày 12/10/2021.",
)


@pytest.mark.parametrize(
    ("reply", "right"),
    [
        ("[1] Người chủ trì là **Trịnh Xuân Bạch**.", "[1] Người chủ trì là **Trịnh Xuân Bách**."),
        ("[1] Hội nghị họp tại **Ba Che**.", "[1] Hội nghị họp tại **Ba Chẽ**."),
        ("[1] Trinh Xuan Bach chủ trì.", "[1] Trinh Xuân Bách chủ trì."),
        ("[2] Người mua là Công ty **Masecco**.", "[2] Người mua là Công ty **Maseco**."),
        ("[1] Có **1.480 đại biểu** dự.", "[1] Có **1.408 đại biểu** dự."),
        ("[2] Sản lượng đạt **3772** tấn.", "[2] Sản lượng đạt **3.772** tấn."),
        ("[1] Bà Lò Thị Páp dự.", "[1] Bà Lò Thị Páo dự."),
    ],
)
def test_a_slip_in_a_name_or_number_is_written_as_the_sentences_do(reply: str, right: str) -> None:
    assert repair(reply, HARVEST) == right


@pytest.mark.parametrize(
    "reply",
    [
        "[1] Trịnh Xuân Bách chủ trì, 1.408 đại biểu dự.",
        "[1] Bà dự hội nghị.",  # opens a sentence: no slip of the name Ba
        "[1] Theo báo cáo, có 12 đại biểu vắng.",  # a short number is another number
        "[2] Mua 287 thùng.",  # before another word
        "[2] Ngày 12/11/2021 chưa mua.",
        "[1] Ông Nguyễn Văn Bình chủ trì.",
        "[0]",
        "",
    ],
)
def test_what_may_be_meant_is_left(reply: str) -> None:
    assert repair(reply, HARVEST) == reply


def test_a_word_of_the_question_may_be_said_but_is_spelt_as_in_the_sentences() -> None:
    sentences = ("Huyện Ba Chẽ giảm nghèo nhanh hơn Tiên Yên.",)
    assert (
        repair("[1] Ba Che giảm nhanh hơn.", sentences, "Ba Che giảm nhanh không?")
        == "[1] Ba Chẽ giảm nhanh hơn."
    )
    assert repair("[1] Không rõ về Maseca.", ("Công ty Maseco lãi.",), "Maseca lãi không?") == (
        "[1] Không rõ về Maseca."
    )


def test_two_possible_names_are_left() -> None:
    sentences = ("Hộ Triệu Văn Sinh và hộ Triệu Văn Sính có lợn bị tiêu hủy.",)
    assert repair("[1] Đó là hộ Triệu Văn Sình.", sentences) == "[1] Đó là hộ Triệu Văn Sình."
