"""The search measured alone, with accents and without, and a set whose articles were left out."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import ARTICLES, FakeEncoder, FakeMessages

from eval.answerers import OpenedSearches, store_manifest
from eval.benchmarks.retrieval import measure, scores, ways, with_evidence
from eval.commands.actions import run_retrieval
from eval.commands.cli import build_parser
from eval.errors import QuestionError
from eval.files import read_result
from eval.schema import Evidence, Question, Retrieval, Searched
from eval.sets.unanswerable import MAYBE_ANSWERABLE, as_unanswerable, may_tell
from index.schema import Chunk, Hit
from index.store.store import Store
from rag.retrieval.retrieve import Retriever

MEMBERS = Question(
    "n1", "number", "dev", "Kim Liên có bao nhiêu đảng viên mới?", (("82",),),
    (Evidence("kim-lien.txt", "toàn huyện kết nạp 82 đảng viên mới"),),
)  # fmt: skip
CHAIR = Question(
    "o1", "follow_up", "dev", "Còn ai chủ trì?", (("Trần Văn An",),),
    (Evidence("kim-lien.txt", "Hội nghị do đồng chí Trần Văn An chủ trì"),),
    follows=("Kim Liên kết nạp bao nhiêu đảng viên mới?",),
)  # fmt: skip
PARTY, _, BRIDGE, *_ = (
    Hit(Chunk(article, 0, 0, len(article.text)), 1.0, 1, 0.9, 0.5) for article in ARTICLES
)


def test_follow_ups_are_searched_in_full_and_once_more_without_accents() -> None:
    asked: list[str] = []

    def search(question: str, k: int) -> tuple[Hit, ...]:
        asked.append(question)
        return (BRIDGE, PARTY)[:k]

    plain, bare = measure({"mine": search}, [CHAIR])
    assert (
        asked
        == ["Kim Liên kết nạp bao nhiêu đảng viên mới? Còn ai chủ trì?"] * 2
        + ["kim lien ket nap bao nhieu dang vien moi? con ai chu tri?"] * 2
    )
    assert (plain.way, plain.accents, plain.ranks) == ("mine", True, ((2,),))
    assert (bare.accents, bare.ranks, len(bare.seconds)) == (False, ((2,),), 1)


def test_a_follow_up_is_searched_by_its_wording_in_full_where_it_is_known() -> None:
    asked: list[str] = []

    def search(question: str, k: int) -> tuple[Hit, ...]:
        asked.append(question)
        return (PARTY,)

    measure({"mine": search}, [replace(CHAIR, standalone="Ai chủ trì hội nghị của Kim Liên?")])
    assert asked == ["Ai chủ trì hội nghị của Kim Liên?", "ai chu tri hoi nghi cua kim lien?"]


def test_the_scores_of_a_search() -> None:
    found = scores(Searched("mine", True, ((1,), (2,), (None,)), (0.1, 0.3, 0.2)), seed=1)
    assert found["recall@1"].value == pytest.approx(1 / 3)
    assert found["recall@3"].value == pytest.approx(2 / 3)
    assert found["mrr@10"].value == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert found["retrieve_p50"].value == pytest.approx(0.2)
    assert found["recall@1"].low == 0.0


def test_the_product_and_its_halves_find_over_a_store(store: Store, encoder: FakeEncoder) -> None:
    searched = measure(ways(Retriever(store, encoder, FakeMessages())), [MEMBERS])
    assert [(one.way, one.accents) for one in searched] == [
        (way, accents) for accents in (True, False) for way in ("hoidap", "dense_only", "bm25_only")
    ]
    assert all(one.ranks == ((1,),) for one in searched)


def test_the_command_keeps_the_ranks(
    store: Store, encoder: FakeEncoder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"id": "n1", "question": MEMBERS.text, "answers": [["82"]]}
    evidence = [{"article": "kim-lien.txt", "quote": "kết nạp 82 đảng viên"}]
    questions, out = tmp_path / "q.jsonl", tmp_path / "r.json"
    questions.write_text(
        json.dumps(row | {"evidence": evidence}) + "\n" + json.dumps(row | {"id": "n2"}), encoding="utf-8"
    )
    args = build_parser().parse_args(["retrieval", "--questions", str(questions), "--out", str(out)])

    def open_ways(args: argparse.Namespace) -> OpenedSearches:
        return OpenedSearches(
            ways(Retriever(store, encoder, FakeMessages())),
            encoder.name,
            store.database.articles(),
            store_manifest(store),
        )

    assert run_retrieval(args, open_ways) == 0
    output = capsys.readouterr().out
    assert "1 questions over" in output and "BM25 only, without accents" in output and "1.000 (" in output
    kept = read_result(out, Retrieval)
    assert (kept.ids, kept.encoder, len(kept.searched)) == (("n1",), "fake-encoder", 6)


def test_without_evidence_nothing_can_be_looked_for() -> None:
    with pytest.raises(QuestionError, match="No question names its evidence"):
        with_evidence([Question("x", "absent", "", "?", ())])


def test_questions_of_articles_left_out_must_be_refused() -> None:
    (made,) = as_unanswerable([MEMBERS], lambda question, k: (BRIDGE,))
    assert (made.absent, made.kind, made.evidence, made.note) == (True, "absent", (), "")
    with pytest.raises(QuestionError, match="leave out --absent"):
        as_unanswerable([MEMBERS], lambda question, k: (PARTY,))


def test_what_another_article_may_tell_is_counted_apart() -> None:
    length = Question(
        "n2", "fact", "", "Cầu Suối Đá dài mấy mét?", (("120 m",),), (Evidence("", "một câu khác"),)
    )
    assert may_tell(length, BRIDGE)
    (made,) = as_unanswerable([length], lambda question, k: (PARTY, BRIDGE))
    assert (made.kind, made.note) == (MAYBE_ANSWERABLE, "cau.txt holds the expected answer")
    other = Question("n3", "fact", "", "Đường ống Nam Côn Sơn dài mấy mét?", (("120 m",),), length.evidence)
    assert not may_tell(other, BRIDGE)
