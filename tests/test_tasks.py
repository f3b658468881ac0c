from __future__ import annotations

from rag.schema import Turn
from rag.writer.tasks import (
    VERDICT_WORDS,
    Line,
    WrittenLine,
    condense_messages,
    judge_messages,
    parse_reply,
    write_messages,
    written,
)

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


def test_an_answer_is_judged_by_its_evidence_and_a_claim_without_a_question() -> None:
    user = judge_messages("Còn bao nhiêu?", "Còn 6,2%.", [POOR, ROADS])[1]
    assert user.text == (
        "Căn cứ: Hộ nghèo Ba Chẽ | 12/10/2021: Ba Chẽ còn 6,2% hộ nghèo. Xã làm 3 km đường.\n\n"
        "Câu hỏi: Còn bao nhiêu?\nTrả lời: Còn 6,2%."
    )
    assert judge_messages("", "Chợ mở.", [OTHER])[1].text == (
        "Căn cứ: Chợ mới: Chợ mở ngày 2/3 (1).\n\nTrả lời: Chợ mở."
    )


def test_a_follow_up_comes_after_the_last_three_exchanges_with_their_answers_cut() -> None:
    turns = [Turn("một"), Turn("hai", "Hai."), Turn("ba", "dài " * 80), Turn("bốn")]
    text = condense_messages("thế\nnăm 2020?", turns)[1].text
    assert text.splitlines()[:2] == ["Hỏi: hai", "Đáp: Hai."]
    assert text.splitlines()[3] == "Đáp: " + " ".join(["dài"] * 50)[:199] + " …"
    assert text.splitlines()[4:] == ["Hỏi: bốn", "Câu mới: thế năm 2020?"]


def test_the_tasks_have_fixed_instructions_of_their_own() -> None:
    systems = {
        write_messages("a", [POOR])[0].text,
        write_messages("b", [ROADS])[0].text,
        judge_messages("a", "b", [POOR])[0].text,
        condense_messages("a", [])[0].text,
    }
    assert len(systems) == 3


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


def test_each_verdict_has_its_word() -> None:
    assert sorted(VERDICT_WORDS.values()) == ["không", "sai", "đúng"]
