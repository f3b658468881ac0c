from __future__ import annotations

from rag.writer.instructions import Hint, Line, write_messages, written

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


def test_a_taught_reply_names_its_sentences_before_its_words() -> None:
    assert written((1, 3), "Từ **6,2%** còn **2,9%**.") == "[1][3] Từ **6,2%** còn **2,9%**."
    assert written((3,), "**Pù Mo**", item=True) == "- [3] **Pù Mo**"
