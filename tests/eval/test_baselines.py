"""The simpler systems, each put together as its name says."""

from __future__ import annotations

from pathlib import Path

import pytest
from eval_maker import (
    BRIDGE,
    CHAIR,
    PARTY,
    hit,
)
from fakes import FakeEncoder, FakeGenerator

from eval.baselines import (
    BASELINES,
    ClosedBook,
    FirstSentence,
    Textbook,
    fixed_pieces,
    open_baselines,
    says_unknown,
)
from eval.score import score
from index.schema import Hit
from index.store.store import Store
from rag.schema import Turn


def test_the_first_sentence_of_the_best_passage(tmp_path: Path) -> None:
    def search(question: str, k: int) -> tuple[Hit, ...]:
        return (hit(PARTY, PARTY.text.index("Hội nghị")),) if "hội nghị" in question else ()

    system = FirstSentence("retrieval_only", search)
    answer = system.answer("Ai chủ trì?", (Turn("Về hội nghị"),))
    assert answer.text == "Hội nghị do đồng chí Trần Văn An chủ trì. [1]"
    assert answer.standalone == "Về hội nghị Ai chủ trì?"
    assert score(CHAIR, answer, None).scores.right
    assert system.answer("Ở đâu?").refused


def test_the_model_alone_gets_no_passage() -> None:
    generator = FakeGenerator("Không biết.", "Là ông An. Ông ở Huế.")
    system = ClosedBook(generator)
    assert system.answer("Ai?").refused
    answer = system.answer("Ai nữa?", (Turn("Ai?"),))
    assert [message.text for message in generator.prompts[1].messages] == ["Ai? Ai nữa?"]
    assert [answer.text[s.start : s.end] for s in answer.statements] == ["Là ông An.", "Ông ở Huế."]
    assert (answer.refused, answer.llm, answer.output_tokens) == (False, "fake-llm", 6)


def test_fixed_pieces_cut_anywhere_and_lose_nothing() -> None:
    pieces = fixed_pieces(PARTY, 50)
    assert "".join(piece.text for piece in pieces) == PARTY.text
    assert [len(piece.text) for piece in pieces[:-1]] == [50] * (len(pieces) - 1)


def test_the_textbook_chain_reads_the_nearest_pieces(encoder: FakeEncoder) -> None:
    generator = FakeGenerator("Toàn huyện kết nạp 82 đảng viên mới.")
    answer = Textbook([BRIDGE, PARTY], encoder, generator).answer("Kim Liên kết nạp bao nhiêu đảng viên?")
    assert answer.passages[0].chunk.article is PARTY
    prompt = generator.prompts[0].messages[0].text
    assert prompt.index(PARTY.text) < prompt.index(BRIDGE.text) < prompt.index("bao nhiêu đảng viên?")
    assert [citation.mark for citation in answer.citations] == [1, 2]
    assert answer.statements[0].marks == (1, 2)


def test_all_baselines_over_a_store(store: Store, encoder: FakeEncoder) -> None:
    generator = FakeGenerator("a", "b", "a", "b")
    systems = open_baselines(BASELINES, store, encoder, generator, lambda question, k: ())
    assert tuple(system.name for system in systems) == BASELINES
    dense, bm25 = systems[1], systems[2]
    for system in (dense, bm25):
        assert "kết nạp" in system.answer("Kim Liên kết nạp bao nhiêu đảng viên mới năm 2018?").text
    assert not systems[4].answer("Cầu Suối Đá dài bao nhiêu?").refused


@pytest.mark.parametrize(
    "text", ["Tôi không biết.", "Đoạn văn không đề cập đến điều này.", " ", "I don't know."]
)
def test_a_model_that_refuses_in_words_is_understood(text: str) -> None:
    assert says_unknown(text)
    assert not says_unknown("Hội nghị do ông An chủ trì.")
