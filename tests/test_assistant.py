from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import pytest
from fakes import FakeEncoder, FakeGenerator

from index.schema import Filters
from index.store import Store
from rag.abstain import Calibration, Logistic
from rag.assistant import Assistant
from rag.config import AnswerConfig
from rag.errors import EmptyQuestionError
from rag.generate import Cut, GenerationEvent, Prompt
from rag.reader.spans import Span
from rag.retrieve import Retriever
from rag.schema import Answer, Checking, Delta, Finished, Found, Rewriting, Turn

ALWAYS = Logistic(weights={}, bias=10, threshold=0.5)
LEXICAL = Logistic(weights={"lexical": 100}, bias=-10, threshold=0.5)
SUPPORTED = Logistic(weights={"supported": 10}, bias=-5, threshold=0.5)
QUESTION = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"


def made(
    store: Store, *replies: str, evidence: Logistic = LEXICAL, answer: AnswerConfig | None = None
) -> Assistant:
    return Assistant(
        Retriever(store, FakeEncoder()),
        FakeGenerator(*replies),
        Calibration(evidence=evidence, support=SUPPORTED),
        answer or AnswerConfig(),
    )


def test_the_steps_come_in_their_order(store: Store) -> None:
    events = list(made(store, "Huyện kết nạp 82 đảng viên mới.").ask(QUESTION))
    assert isinstance(events[0], Found)
    assert events[0].passages[0].chunk.article.id == "kim-lien.txt"
    kinds = [type(event) for event in events[1:]]
    assert kinds == [Delta] * 7 + [Checking, Finished]


def test_an_answer_is_cited_and_counted(store: Store) -> None:
    answer = made(store, "Huyện kết nạp 82 đảng viên mới [1].").answer(QUESTION)
    assert answer.text == "Huyện kết nạp 82 đảng viên mới. [1]"
    assert not answer.refused
    (citation,) = answer.citations
    assert citation.hit in answer.passages
    assert "82 đảng viên mới" in citation.quote
    assert citation.quote == citation.hit.chunk.article.text[citation.start : citation.end]
    assert answer.output_tokens == 8
    assert answer.seconds.first_token is not None
    assert answer.seconds.retrieve <= answer.seconds.first_token <= answer.seconds.total


def test_without_evidence_the_model_is_not_asked(store: Store) -> None:
    assistant = made(store)
    answer = assistant.answer("Giá vàng thế giới hôm nay ra sao?")
    assert answer.refused
    assert "không tìm thấy" in answer.text
    assert answer.citations == ()
    assert answer.output_tokens == 0
    assert answer.seconds.first_token is None


@pytest.mark.parametrize("reply", ["Huyện kết nạp 99 đảng viên mới.", "Không tìm thấy trong tài liệu.", ""])
def test_what_the_passages_do_not_carry_is_refused(store: Store, reply: str) -> None:
    answer = made(store, reply).answer(QUESTION)
    assert answer.refused
    assert answer.citations == ()
    assert answer.passages != ()


def test_a_follow_up_is_searched_in_full(store: Store) -> None:
    assistant = made(store, "Đồng chí Trần Văn An chủ trì hội nghị.")
    answer = assistant.answer("Ai chủ trì hội nghị đó?", [Turn(QUESTION)])
    assert answer.standalone == f"{QUESTION} Ai chủ trì hội nghị đó?"
    assert answer.question == "Ai chủ trì hội nghị đó?"
    assert answer.citations[0].hit.chunk.article.id == "kim-lien.txt"


def test_stopping_keeps_what_was_written_and_is_no_refusal(store: Store) -> None:
    stop = threading.Event()
    written = []
    for event in made(store, "Huyện kết nạp 82 đảng viên mới.").ask(QUESTION, stop=stop):
        if isinstance(event, Delta):
            written.append(event.text)
            if len(written) == 3:
                stop.set()
        elif isinstance(event, Finished):
            answer = event.answer
    assert answer.stopped
    assert not answer.refused
    assert answer.text.startswith("Huyện kết nạp")
    assert "đảng viên" not in answer.text


def cut_short(store: Store, reply: str, why: Literal["time", "length"]) -> Answer:
    class Short(FakeGenerator):
        def generate(
            self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
        ) -> Iterator[GenerationEvent]:
            yield from super().generate(prompt, max_tokens=max_tokens, stop=stop, seconds=seconds)
            yield Cut(why)

    calibration = Calibration(evidence=LEXICAL, support=SUPPORTED)
    return Assistant(Retriever(store, FakeEncoder()), Short(reply), calibration).answer(QUESTION)


@pytest.mark.parametrize("why", ["time", "length"])
def test_an_answer_that_a_limit_ended_is_told_apart(store: Store, why: Literal["time", "length"]) -> None:
    answer = cut_short(store, "Huyện kết nạp 82 đảng viên mới.", why)
    assert answer.cut
    assert not answer.stopped
    assert not answer.refused
    assert not made(store, "Huyện kết nạp 82 đảng viên mới.").answer(QUESTION).cut


def test_out_of_time_before_anything_could_be_proved_is_no_refusal(store: Store) -> None:
    answer = cut_short(store, "Bí thư là ông Nguyễn", "time")
    assert (answer.text, answer.refused, answer.cut) == ("Bí thư là ông Nguyễn", False, True)
    too_long = cut_short(store, "Bí thư là ông Nguyễn", "length")
    assert (too_long.refused, too_long.cut) == (True, False)
    assert cut_short(store, "Không tìm thấy trong tài liệu.", "time").refused


def test_an_unsupported_sentence_is_withheld_when_asked(store: Store) -> None:
    reply = "Huyện kết nạp 82 đảng viên mới. Bí thư là ông Nguyễn Văn Tèo."
    shown = made(store, reply).answer(QUESTION)
    withheld = made(store, reply, answer=AnswerConfig(unsupported="withhold")).answer(QUESTION)
    assert "Tèo" in shown.text
    assert "Tèo" not in withheld.text


def test_filters_reach_the_search(store: Store) -> None:
    answer = made(store, "Không rõ.", evidence=ALWAYS).answer(
        QUESTION, filters=Filters(from_date=date(2020, 1, 1))
    )
    assert {hit.chunk.article.id for hit in answer.passages} <= {"ba-sen.txt", "cau.txt"}


def test_the_prompt_holds_the_passage_and_the_question(store: Store) -> None:
    assistant = made(store, "Huyện kết nạp 82 đảng viên mới.")
    assistant.answer(QUESTION)
    generator = assistant.generator
    assert isinstance(generator, FakeGenerator)
    (prompt,) = generator.prompts
    told = prompt.messages[-1].text
    assert "82 đảng viên mới" in told
    assert told.index("82 đảng viên mới") < told.index(QUESTION)


class Finder:
    """A reader that finds the first place of its words, and is sure of passages that hold them."""

    name = "finder"

    def __init__(self, words: str) -> None:
        self.words = words

    def read(
        self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
    ) -> list[Span]:
        starts = [text.find(self.words) for _, text in passages]
        return [
            Span(start, start + len(self.words), 5, 5) if start >= 0 else Span(0, 3, -5, -5)
            for start in starts
        ]


MARGIN = Logistic(weights={"margin": 1}, bias=0, threshold=0)


def reading(
    store: Store,
    words: str,
    *replies: str,
    evidence: Logistic = LEXICAL,
    answer: AnswerConfig = AnswerConfig(),
) -> Assistant:
    return Assistant(
        Retriever(store, FakeEncoder(), Finder(words)),
        FakeGenerator(*replies),
        Calibration(evidence=evidence, support=SUPPORTED, extract=MARGIN),
        answer,
    )


def test_the_extract_comes_with_the_passages_and_stays_with_the_answer(store: Store) -> None:
    found, *_, finished = reading(store, "82 đảng viên", "Huyện kết nạp 82 đảng viên mới.").ask(QUESTION)
    assert isinstance(found, Found)
    assert found.extract is not None
    assert found.extract.text == "82 đảng viên"
    assert found.extract.hit in found.passages
    assert found.extract.confidence == pytest.approx(0.9933, abs=1e-4)  # 1 / (1 + exp(-5))
    assert isinstance(finished, Finished)
    assert finished.answer.extract == found.extract
    assert finished.answer.reader == "finder"


def test_the_short_answer_is_found_in_what_was_written(store: Store) -> None:
    answer = reading(store, "82 đảng viên", "Huyện kết nạp 82 đảng viên mới.").answer(QUESTION)
    assert (answer.short_span, answer.short) == ((14, 26), "82 đảng viên")
    assert made(store, "Huyện kết nạp 82 đảng viên mới.").answer(QUESTION).short_span is None


def test_what_was_written_can_be_doubted_because_the_reader_found_something_else(store: Store) -> None:
    assistant = Assistant(
        Retriever(store, FakeEncoder(), Finder("82 đảng viên")),
        FakeGenerator("Huyện kết nạp 82 đảng viên mới.", "Diện tích rừng trồng đạt 3.772 ha."),
        Calibration(
            evidence=LEXICAL,
            support=Logistic(weights={"agreement": 10}, bias=-5, threshold=0.5),
            extract=MARGIN,
        ),
    )
    assert not assistant.answer(QUESTION).refused
    assert assistant.answer(QUESTION).refused


def test_an_extract_that_the_checked_answer_has_outdone_goes(store: Store) -> None:
    class Mistaken(Finder):
        def read(
            self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
        ) -> list[Span]:
            self.words = "82 đảng viên" if passages[0][0] == "" else "59%"
            return super().read(question, passages)

    assistant = Assistant(
        Retriever(store, FakeEncoder(), Mistaken("")),
        FakeGenerator("Huyện kết nạp 82 đảng viên mới."),
        Calibration(evidence=LEXICAL, support=SUPPORTED, extract=MARGIN),
    )
    found, *_, finished = assistant.ask(QUESTION)
    assert isinstance(found, Found) and found.extract is not None and found.extract.text == "59%"
    assert isinstance(finished, Finished)
    assert (finished.answer.extract, finished.answer.short) == (None, "82 đảng viên")


@pytest.mark.parametrize(
    ("alone", "with_the_earlier", "searched"),
    [
        (5, -5, "Diện tích rừng trồng được bao nhiêu?"),
        (5, 5, f"{QUESTION} Diện tích rừng trồng được bao nhiêu?"),
        (-5, -9, f"{QUESTION} Diện tích rừng trồng được bao nhiêu?"),
    ],
)
def test_a_question_that_names_nothing_begins_a_new_subject_where_the_reader_is_surer(
    store: Store, alone: float, with_the_earlier: float, searched: str
) -> None:
    class Changing(Finder):
        def read(
            self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
        ) -> list[Span]:
            margin = margins.pop(0) if margins else 0
            return [Span(0, 3, margin, margin) for _ in passages]

    margins = [alone, with_the_earlier]
    assistant = Assistant(
        Retriever(store, FakeEncoder(), Changing("")),
        FakeGenerator("Huyện trồng 3.772 ha rừng."),
        Calibration(evidence=ALWAYS, support=ALWAYS, extract=MARGIN),
    )
    answer = assistant.answer("Diện tích rừng trồng được bao nhiêu?", [Turn(QUESTION)])
    assert answer.standalone == searched


def test_a_refusal_has_no_extract(store: Store) -> None:
    before = reading(store, "82 đảng viên", evidence=Logistic(weights={}, bias=-10, threshold=0.5))
    found, *_, finished = before.ask(QUESTION)
    assert isinstance(found, Found)
    assert found.extract is None
    assert isinstance(finished, Finished)
    assert (finished.answer.refused, finished.answer.extract) == (True, None)
    assert finished.answer.short_span is None
    after = reading(store, "82 đảng viên", "Huyện kết nạp 99 đảng viên mới.").answer(QUESTION)
    assert (after.refused, after.extract) == (True, None)


def test_an_answer_of_which_nothing_is_proved_is_refused(store: Store) -> None:
    partly = made(store, "Huyện kết nạp 82 đảng viên mới. Huyện còn trồng 9.999 ha rừng.").answer(QUESTION)
    assert not partly.refused
    assert [bool(statement.marks) for statement in partly.statements] == [True, False]
    agreeing = reading(store, "82 đảng viên", "Ở nơi ấy người ta đã có thêm 82 đảng viên rồi thì phải.")
    quoted = agreeing.answer(QUESTION)
    assert (quoted.quoted, quoted.text.startswith("Từ đầu năm")) == (True, True), quoted.text
    withheld = reading(store, "1.234", "Bí thư là ông Nguyễn", answer=AnswerConfig(unsupported="withhold"))
    assert withheld.answer(QUESTION).refused
    unproved = Assistant(
        Retriever(store, FakeEncoder()),
        FakeGenerator("Huyện kết nạp 99 đảng viên mới."),
        Calibration(evidence=ALWAYS, support=ALWAYS),
    )
    assert unproved.answer(QUESTION).refused


@pytest.mark.parametrize("reply", ["Không tìm thấy trong tài liệu.", f"{QUESTION[:-1]} bao nhiêu?", ""])
def test_where_the_model_writes_nothing_of_use_the_article_is_quoted(store: Store, reply: str) -> None:
    answer = reading(store, "82 đảng viên", reply).answer(QUESTION)
    assert answer.quoted
    assert not answer.refused
    (citation,) = answer.citations
    assert answer.text == f"{citation.quote} [1]"
    assert citation.quote.startswith("Từ đầu năm 2018 đến nay, toàn huyện kết nạp 82 đảng viên mới")
    assert answer.short == "82 đảng viên"


def test_a_quotation_can_be_doubted(store: Store) -> None:
    assistant = Assistant(
        Retriever(store, FakeEncoder(), Finder("82 đảng viên")),
        FakeGenerator("Không tìm thấy trong tài liệu."),
        Calibration(
            evidence=LEXICAL,
            support=Logistic(weights={"quoted": -10}, bias=5, threshold=0.5),
            extract=MARGIN,
        ),
    )
    answer = assistant.answer(QUESTION)
    assert (answer.refused, answer.quoted) == (True, False)
    assert answer.features["quoted"] == 1


def test_an_answer_of_the_model_is_no_quotation(store: Store) -> None:
    answer = reading(store, "82 đảng viên", "Huyện kết nạp 82 đảng viên mới.").answer(QUESTION)
    assert (answer.quoted, answer.features["quoted"]) == (False, 0)


def test_the_extract_decides_whether_there_is_evidence(store: Store) -> None:
    evidence = Logistic(weights={"extract": 10}, bias=-5, threshold=0.5)
    assert (
        not reading(store, "82 đảng viên", "Kết nạp 82 đảng viên.", evidence=evidence)
        .answer(QUESTION)
        .refused
    )
    assert reading(store, "không ở đâu cả", evidence=evidence).answer(QUESTION).refused


def test_a_reply_in_another_script_is_written_once_more(store: Store) -> None:
    assistant = made(store, "全县 kết nạp 82 đảng viên.", "Huyện kết nạp 82 đảng viên mới.")
    events = list(assistant.ask(QUESTION))
    kinds = [type(event) for event in events]
    assert kinds.count(Rewriting) == 1
    assert kinds.index(Rewriting) < kinds.index(Checking)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.answer.text == "Huyện kết nạp 82 đảng viên mới. [1]"
    assert isinstance(assistant.generator, FakeGenerator)
    first, again = (prompt.messages[-1].text for prompt in assistant.generator.prompts)
    assert again == f"{first}\nChỉ viết bằng tiếng Việt."


def test_a_reply_that_leaks_twice_is_refused(store: Store) -> None:
    answer = made(store, "全县 82.", "82 名党员.").answer(QUESTION)
    assert answer.refused
    assert "党" not in answer.text


def test_a_script_that_the_question_brings_is_no_leak(store: Store) -> None:
    asked = QUESTION.replace("?", " (全县)?")
    answer = made(store, "Toàn huyện (全县) kết nạp 82 đảng viên mới.").answer(asked)
    assert not answer.refused
    assert "全县" in answer.text


def test_each_year_that_is_asked_for_gets_its_own_reply(store: Store) -> None:
    asked = "Năm 2018 và năm 2019 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"
    assistant = made(store, "Huyện kết nạp 82 đảng viên mới.", "Huyện trồng 3.772 ha rừng.")
    answer = assistant.answer(asked)

    generator = assistant.generator
    assert isinstance(generator, FakeGenerator)
    first, second = (prompt.messages[-1].text for prompt in generator.prompts)
    assert first.endswith("Question: Năm 2018 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?")
    assert second.endswith("Question: Năm 2019 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?")
    assert answer.text.startswith("Huyện kết nạp 82 đảng viên mới. [1]")


def test_what_is_told_of_one_year_stays_when_the_other_is_not_told(store: Store) -> None:
    asked = "Năm 2017 và năm 2018 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"
    answer = made(store, "Không có thông tin.", "Huyện kết nạp 82 đảng viên mới.").answer(asked)
    assert answer.text == "Huyện kết nạp 82 đảng viên mới. [1]"
    assert answer.unanswered == ("Năm 2017 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?",)


def test_a_part_that_the_articles_are_not_about_is_not_written(store: Store) -> None:
    asked = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới, và nước nào vô địch World Cup?"
    near = Logistic(weights={"lexical": 100}, bias=-30, threshold=0.5)
    assistant = made(store, "Huyện kết nạp 82 đảng viên mới.", evidence=near)
    answer = assistant.answer(asked)
    assert answer.text == "Huyện kết nạp 82 đảng viên mới. [1]"
    assert answer.unanswered == ("Nước nào vô địch World Cup?",)
    assert isinstance(assistant.generator, FakeGenerator)
    assert len(assistant.generator.prompts) == 1


def test_a_part_of_which_nothing_is_proved_goes_unanswered(store: Store) -> None:
    asked = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới, và nước nào vô địch World Cup?"
    answer = made(store, "Huyện kết nạp 82 đảng viên mới.", "Nước vô địch World Cup là Brazil.").answer(asked)
    assert answer.text == "Huyện kết nạp 82 đảng viên mới. [1]"
    assert answer.unanswered == ("Nước nào vô địch World Cup?",)


def test_a_question_that_is_refused_has_no_unanswered_parts(store: Store) -> None:
    asked = "Năm 2017 và năm 2018 huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"
    answer = made(store, "Không có thông tin.", "Huyện trồng 9.999 ha rừng.").answer(asked)
    assert answer.refused
    assert answer.unanswered == ()


@pytest.mark.parametrize("nothing", ["", "  ", "?", "… !"])
def test_what_holds_no_word_is_no_question(store: Store, nothing: str) -> None:
    with pytest.raises(EmptyQuestionError, match="no word"):
        made(store).answer(nothing)
    with pytest.raises(EmptyQuestionError):
        made(store).search(nothing, 3)


def test_a_part_that_only_says_the_same_again_adds_nothing(store: Store) -> None:
    asked = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới và hội nghị do ai chủ trì?"
    reply = "Huyện kết nạp 82 đảng viên mới."
    assert made(store, reply, "Kết nạp 82 đảng viên mới.").answer(asked).text == f"{reply} [1]"
    both = made(store, reply, "Hội nghị do đồng chí Trần Văn An chủ trì.").answer(asked)
    assert both.text == f"{reply} [1] Hội nghị do đồng chí Trần Văn An chủ trì. [2]"


def test_an_english_question_is_refused_in_english(store: Store) -> None:
    answer = made(store).answer("What is the price of gold in the world?")
    assert answer.refused
    assert answer.text.startswith("I found no answer in the articles. I searched them for “What is the price")
