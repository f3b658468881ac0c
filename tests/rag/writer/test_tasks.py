from __future__ import annotations

from rag.writer.tasks import Hint, Line, WrittenLine, parse_reply, write_messages, written

POOR = Line("Hộ nghèo Ba Chẽ | 12/10/2021", "Ba Chẽ còn 6,2% hộ nghèo.")
ROADS = Line("Hộ nghèo Ba Chẽ | 12/10/2021", "Xã làm 3 km đường.")
OTHER = Line("Chợ mới", "Chợ mở\nngày 2/3 [1].")


def test_sentences_are_numbered_under_the_heading_that_they_share() -> None:
    system, user = write_messages("còn mấy % hộ nghèo", [POOR, ROADS, OTHER])
    assert (system.role, user.role) == ("system", "user")
    assert user.text == (
        "Hộ nghèo Ba Chẽ | 12/10/2021:\n[1] Ba Chẽ còn 6,2% hộ nghèo.\n[2] Xã làm 3 km đường.\n"
        "Chợ mới:\n[3] Chợ mở ngày 2/3 (1).\n\nCâu hỏi: còn mấy % hộ nghèo"
    )


def test_a_sentence_without_a_heading_stands_alone() -> None:
    assert write_messages("Chợ?", [Line("", "Chợ mở.")])[1].text == "[1] Chợ mở.\n\nCâu hỏi: Chợ?"


def test_what_the_reader_found_is_a_hint() -> None:
    user = write_messages("còn mấy %", [POOR, OTHER], Hint(2, "ngày\n2/3 [1]"))[1]
    assert user.text.endswith("\n\nCâu hỏi: còn mấy %\nGợi ý: [2] ngày 2/3 (1)")


def test_the_instructions_never_change() -> None:
    assert write_messages("a", [POOR])[0] == write_messages("b", [ROADS], Hint(1, "3 km"))[0]


def test_a_reply_is_marks_text_and_short_answer() -> None:
    assert parse_reply("[2] Ba Chẽ còn **6,2%** hộ nghèo.") == (
        WrittenLine((2,), "Ba Chẽ còn 6,2% hộ nghèo.", ((11, 15),)),
    )
    assert parse_reply("[1][3] Từ **6,2%** còn **2,9%**.") == (
        WrittenLine((1, 3), "Từ 6,2% còn 2,9%.", ((3, 7), (12, 16))),
    )


def test_what_is_not_told_has_no_line() -> None:
    assert parse_reply("[0]") == parse_reply("[0] Không nêu.") == parse_reply(" ") == parse_reply("[2]") == ()


def test_items_keep_their_own_marks() -> None:
    reply = "\n".join(
        [written((1,), "**Bản Chang**", item=True), written((3,), "**Pù Mo**", item=True), "- Nà Khuổi"]
    )
    assert parse_reply(reply) == (
        WrittenLine((1,), "Bản Chang", ((0, 9),), item=True),
        WrittenLine((3,), "Pù Mo", ((0, 5),), item=True),
        WrittenLine((3,), "Nà Khuổi", (), item=True),
    )


def test_a_short_answer_that_was_never_closed_is_plain_text() -> None:
    assert parse_reply("[1] Có **82 đảng viên") == (WrittenLine((1,), "Có 82 đảng viên"),)
