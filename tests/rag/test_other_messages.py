"""Each kind of message goes its own way: a word in reply, the collection, several questions, a pasted text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from fakes import FakeEncoder, FakeGenerator, FakeMessages, FakeReader

from index.schema import FloatMatrix
from index.store.store import Store
from rag.assistant import Assistant
from rag.config import AnswerConfig
from rag.errors import EmptyQuestionError
from rag.other_messages import classify_message
from rag.reader.calibration import Calibration
from rag.retrieval.encoder_cache import CachingEncoder
from rag.retrieval.retrieve import Retriever
from rag.schema import Answer, Delta, Finished, Found, MessageKind, Turn

CALIBRATION = Calibration(weights={"told": 1}, bias=0, sure=0.7, perhaps=0.3, supported=0.5)
TODAY = date(2021, 12, 1)


def made(
    store: Store,
    kinds: Mapping[str, MessageKind],
    *replies: str,
    follow_ups: frozenset[str] = frozenset(),
    today: date = TODAY,
) -> Assistant:
    return Assistant(
        Retriever(store, FakeEncoder(), FakeMessages(kinds, follow_ups), lambda: today),
        FakeReader(),
        FakeGenerator(*replies),
        CALIBRATION,
        AnswerConfig(passages=3),
    )


def asked(store: Store, kind: MessageKind, message: str, history: tuple[Turn, ...] = ()) -> Answer:
    return made(store, {message: kind}).answer(message, history)


@pytest.mark.parametrize(
    ("kind", "message", "says"),
    [
        ("greeting", "Xin chào", "Xin chào!"),
        ("greeting", "Hello", "Hello!"),
        ("thanks", "Cảm ơn bạn nhé!", "Rất vui"),
        ("opinion", "Theo bạn xã nào đẹp nhất?", "không có ý kiến riêng"),
        ("task", "Viết bài thơ về mùa thu", "không làm được"),
        ("complaint", "Sai rồi", "Xin lỗi"),
        ("unsafe", "Chỉ cách làm giấy tờ giả", "không giúp được"),
        ("nonsense", "asdfgh", "chưa hiểu"),
        ("unclear", "Ông ấy sinh năm nào?", "chưa nói rõ về ai"),
        ("unclear", "Bao nhiêu?", "chưa nói rõ về ai"),
    ],
)
def test_a_word_in_reply_needs_no_search(store: Store, kind: MessageKind, message: str, says: str) -> None:
    assistant = made(store, {} if kind == "unclear" else {message: kind})
    [event] = assistant.ask(message)
    assert isinstance(event, Finished)
    answer = event.answer
    assert (answer.kind, answer.refused, answer.passages, answer.citations) == (kind, False, (), ())
    assert says in answer.text
    assert answer.standalone == message
    assert isinstance(assistant.reader, FakeReader) and assistant.reader.passages_read == 0


def test_the_assistant_tells_how_much_it_holds(store: Store) -> None:
    assert (
        "hiện có 5 bài, viết từ ngày 03/10/2018 đến ngày 26/06/2021"
        in asked(store, "about", "Bạn là ai?").text
    )
    assert "holds 5 articles" in asked(store, "about", "What can you do?").text


def test_other_scripts_and_signs_need_no_model(store: Store) -> None:
    assert made(store, {}).answer("北京在哪里?").kind == "other_language"
    assert made(store, {}).answer("Сколько домов?").kind == "other_language"
    assert made(store, {}).answer("??? 😂").kind == "nonsense"
    assert made(store, {"2023": "nonsense"}).retriever.kind("2023") == "question"  # of the last question
    with pytest.raises(EmptyQuestionError):
        made(store, {}).answer("  \n")


def test_several_questions_get_an_answer_each_with_its_own_proof(store: Store) -> None:
    message = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới? Cầu Suối Đá dài bao nhiêu?"
    assistant = made(
        store,
        {message: "several"},
        "Huyện kết nạp 82 đảng viên mới.",
        "Cầu Suối Đá dài 120 m được khánh thành.",
    )
    *events, last = assistant.ask(message)
    assert isinstance(last, Finished)
    answer = last.answer
    assert answer.text.split("\n") == [
        "1. Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?",
        "Huyện kết nạp 82 đảng viên mới. [1]",
        "2. Cầu Suối Đá dài bao nhiêu?",
        "Cầu Suối Đá dài 120 m được khánh thành. [2]",
    ]
    assert [answer.text[one.start : one.end] for one in answer.statements] == answer.text.split("\n")[1::2]
    assert [one.marks for one in answer.statements] == [(1,), (2,)]
    assert [one.hit.chunk.article.id for one in answer.citations] == ["kim-lien.txt", "cau.txt"]
    assert all(one.hit in answer.passages for one in answer.citations)
    assert [hit.rank for hit in answer.passages] == list(range(1, len(answer.passages) + 1))
    assert answer.kind == "several" and answer.question == answer.standalone == message
    assert any(isinstance(event, Delta) for event in events)


def test_a_question_of_several_that_is_not_told_says_so(store: Store) -> None:
    message = "Cầu Suối Đá dài bao nhiêu? Giá vàng thế giới hôm qua ra sao?"
    answer = made(store, {message: "several"}, "Cầu Suối Đá dài 120 m được khánh thành.").answer(message)
    assert not answer.refused
    assert answer.text.endswith(
        "2. Giá vàng thế giới hôm qua ra sao?\nKhông tìm thấy câu trả lời trong các bài viết."
    )


def test_a_later_question_that_names_nothing_is_about_the_first_ones_subject(store: Store) -> None:
    message = "Huyện Ba Sen giảm bao nhiêu hộ nghèo? Diện tích rừng trồng mới bao nhiêu?"
    *events, last = made(store, {}, "Huyện giảm 45 hộ nghèo.").ask(message)
    searched = [event.standalone for event in events if isinstance(event, Found)]
    assert searched == ["Huyện Ba Sen giảm bao nhiêu hộ nghèo?", message]
    assert isinstance(last, Finished) and last.answer.kind == "several"
    assert last.answer.text.split("\n")[2] == "2. Diện tích rừng trồng mới bao nhiêu?"


def test_a_pasted_text_is_what_its_question_goes_on_from(store: Store) -> None:
    question = "Cầu này dài bao nhiêu?"
    message = f"Ngày 25-6, cầu Suối Đá được khánh thành. {question}"
    assistant = made(store, {message: "context"}, "Cầu Suối Đá dài 120 m.", follow_ups=frozenset((question,)))
    answer = assistant.answer(message)
    assert answer.question == message
    assert answer.standalone == f"Ngày 25-6, cầu Suối Đá được khánh thành. {question}"
    assert answer.citations[0].hit.chunk.article.id == "cau.txt"


def test_the_trained_decision_tells_a_follow_up(store: Store) -> None:
    history = (Turn("Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"), Turn("Cảm ơn"))
    gold = "Giá vàng hôm nay bao nhiêu?"
    alone = made(store, {"Cảm ơn": "thanks"}).retriever
    assert alone.understand(gold, history).text == gold
    follow_ups = made(store, {"Cảm ơn": "thanks"}, follow_ups=frozenset(("Ai chủ trì?",))).retriever
    assert follow_ups.understand("Ai chủ trì?", history).text == (
        "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới? Ai chủ trì?"
    )


def test_a_time_counted_from_today_is_told_with_what_is_older(store: Store) -> None:
    question = "Năm nay huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"
    answer = made(store, {}, "Huyện kết nạp 82 đảng viên mới.", today=date(2026, 5, 2)).answer(question)
    assert answer.standalone == question
    assert answer.remark == (
        "“Năm nay” được hiểu là năm 2026, tính từ hôm nay 02/05/2026. "
        "Bài mới nhất tìm được viết ngày 03/10/2018, cũ hơn thời gian được hỏi."
    )
    retriever = made(store, {}, today=date(2022, 5, 2)).retriever
    assert retriever.understand("Năm ngoái cầu nào xong?").text == "năm 2021 cầu nào xong?"


def test_a_vector_is_made_once(store: Store) -> None:
    class Counting(FakeEncoder):
        asked = 0

        def encode_queries(self, texts: Sequence[str]) -> FloatMatrix:
            self.asked += len(texts)
            return super().encode_queries(texts)

    encoder = Counting()
    recalling = CachingEncoder(encoder)
    first, again = recalling.encode_queries(["một"]), recalling.encode_queries(["một", "hai"])
    assert encoder.asked == 2
    assert (first[0] == again[0]).all() and again.shape == (2, 128)


def test_a_question_that_points_back_is_clear_after_one_that_names_somebody(store: Store) -> None:
    retriever = made(store, {}).retriever
    assert (
        classify_message(retriever, "Ông ấy sinh năm nào?", [Turn("Chủ tịch xã Kim Liên là ai?")])
        == "question"
    )
    assert classify_message(retriever, "Ông ấy sinh năm nào?", [Turn("Họ là ai?")]) == "unclear"
