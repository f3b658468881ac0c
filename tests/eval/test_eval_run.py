"""Scoring, running, resuming, comparing, the baselines and the command, with systems that replay."""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fakes import FakeEncoder, FakeGenerator

from eval.answerers import Opened
from eval.baselines import (
    BASELINES,
    ClosedBook,
    FirstSentence,
    Textbook,
    fixed_pieces,
    open_baselines,
    says_unknown,
)
from eval.cli import add_arguments, add_common_options, main
from eval.commands import run as run_command
from eval.commands import run_text
from eval.errors import QuestionError, RunError
from eval.evidence import evidence_ranks
from eval.files import write_result
from eval.metrics.answers import exact_match, f1
from eval.report.compare import compare
from eval.report.kept import keep_run
from eval.report.strings import strings
from eval.report.summary import ALL, by_kind, summarise
from eval.report.tables import align, changed_questions, changes_table
from eval.result_commands import find_system, read_run
from eval.run import evaluate
from eval.schema import Evidence, Facts, Provenance, Question, Run, Verdict
from eval.score import failed, is_found, is_right_citation, score
from eval.sets.questions import without_history
from index.schema import Article, Chunk, Hit
from index.store.store import Store
from rag.errors import GenerationError
from rag.schema import Answer, Citation, Seconds, Statement, Turn

PARTY = Article(
    "kim-lien.txt",
    "kim-lien.txt",
    "Huyện Kim Liên kết nạp đảng viên",
    "Huyện Kim Liên kết nạp đảng viên\n\nNăm 2018, toàn huyện kết nạp 82 đảng viên mới. "
    "Hội nghị do đồng chí Trần Văn An chủ trì.",
)
BRIDGE = Article(
    "cau.txt",
    "cau.txt",
    "Khánh thành cầu Suối Đá",
    "Khánh thành cầu Suối Đá\n\nCầu Suối Đá dài 120 m, kinh phí 14 tỷ đồng.",
)
MEMBERS = Question(
    "n1", "number", "dev", "Kim Liên có thêm bao nhiêu đảng viên?", (("82 đảng viên", "82"),),
    (Evidence("kim-lien.txt", "toàn huyện kết nạp 82 đảng viên mới"),),
)  # fmt: skip
CHAIR = Question(
    "o1", "follow_up", "dev", "Ai chủ trì hội nghị đó?", (("Trần Văn An",),),
    (Evidence("kim-lien.txt", "Hội nghị do đồng chí Trần Văn An chủ trì"),),
    follows=("Kim Liên có thêm bao nhiêu đảng viên?",), standalone="Ai chủ trì hội nghị của Kim Liên?",
)  # fmt: skip
BOTH = Question(
    "m1", "multi", "dev", "Kim Liên thêm mấy đảng viên, cầu Suối Đá dài bao nhiêu?", (("82",), ("120 m",)),
    (Evidence("kim-lien.txt", "kết nạp 82 đảng viên"), Evidence("cau.txt", "Cầu Suối Đá dài 120 m")),
)  # fmt: skip
NOT_TOLD = Question("x1", "absent", "dev", "Đỉnh Fansipan cao bao nhiêu?", ())
QUESTIONS = (MEMBERS, CHAIR, BOTH, NOT_TOLD)
PROVENANCE = Provenance(
    "2026-11-22T10:00:00+00:00", None, "q.jsonl", "abc", 7, {}, {"articles": 2}, {"cores": 2}
)


def hit(article: Article, start: int = 0, end: int | None = None, rank: int = 1) -> Hit:
    return Hit(Chunk(article, 0, start, end or len(article.text)), 1.0, rank, 0.9, 0.5)


def quote(passage: Hit, text: str, mark: int = 1, sure: float = 0.8) -> Citation:
    start = passage.chunk.article.text.index(text)
    return Citation(mark, passage, start, start + len(text), sure)


def reply(
    question: str, text: str, passages: Sequence[Hit] = (), citations: Sequence[Citation] = ()
) -> Answer:
    """An answer of one sentence that rests on all its citations; an empty text is a refusal."""
    marks = tuple(citation.mark for citation in citations)
    return Answer(
        question=question,
        standalone=question,
        text=text or "Tôi không tìm thấy câu trả lời trong các bài viết.",
        refused=not text,
        statements=(Statement(0, len(text), marks),) if text else (),
        citations=tuple(citations),
        passages=tuple(passages),
        seconds=Seconds(0.1, 0.5, 2.0),
        llm="llm@1",
        encoder="encoder@1",
        prompt_tokens=100,
        output_tokens=20,
    )


PARTY_HIT, BRIDGE_HIT = hit(PARTY), hit(BRIDGE)
RIGHT = reply(
    MEMBERS.text,
    "Toàn huyện kết nạp 82 đảng viên mới. [1]",
    [PARTY_HIT],
    [quote(PARTY_HIT, PARTY.text[34:81])],
)


@dataclass
class Replay:
    """Gives the queued answer to each question and keeps what it was asked; an error is raised."""

    answers: dict[str, Answer | Exception]
    name: str = "hoidap"
    settings: Facts = field(default_factory=lambda: {"passages": 2})
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        found = self.answers[question]
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class Searching(Replay):
    """One that can also be asked for its passages."""

    ranking: tuple[Hit, ...] = (BRIDGE_HIT, PARTY_HIT)

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        return self.ranking[:k]


def answers() -> dict[str, Answer | Exception]:
    both = reply(BOTH.text, "82 đảng viên và 120 m.", [PARTY_HIT], [quote(PARTY_HIT, "82 đảng viên")])
    return {
        MEMBERS.text: RIGHT,
        CHAIR.text: reply(CHAIR.text, "", [PARTY_HIT]),
        BOTH.text: both,
        NOT_TOLD.text: reply(NOT_TOLD.text, "Cao 120 m.", [BRIDGE_HIT], [quote(BRIDGE_HIT, "120 m")]),
    }


def finished(tmp_path: Path, **changed: Answer | Exception) -> Run:
    given = answers() | {q.text: changed[q.id] for q in QUESTIONS if q.id in changed}
    return evaluate([Searching(given)], QUESTIONS, PROVENANCE, tmp_path / "run.partial")


# Scoring


def test_a_right_answer_is_found_right_and_cited() -> None:
    row = score(MEMBERS, RIGHT, (2,))
    scores = row.scores
    assert (scores.stage, scores.right, scores.found, scores.cited) == ("right", True, True, True)
    assert scores.ranks == (2,)
    assert (scores.marked_wrong, scores.citations_right) == (False, 1)
    assert scores.confidence == pytest.approx(0.8)
    assert row.reply.passages[0].holds == (0,)
    assert row.reply.quotes[0].right is True


@pytest.mark.parametrize(
    ("answer", "stage"),
    [
        (reply(MEMBERS.text, "Có 14 người.", [BRIDGE_HIT], [quote(BRIDGE_HIT, "14 tỷ đồng")]), "not_found"),
        (reply(MEMBERS.text, "", [BRIDGE_HIT]), "not_found"),
        (reply(MEMBERS.text, "", [PARTY_HIT]), "wrongly_refused"),
        (reply(MEMBERS.text, "Có 14.", [PARTY_HIT, BRIDGE_HIT], [quote(BRIDGE_HIT, "14 tỷ")]), "not_used"),
        (reply(MEMBERS.text, "Có 14 người.", [PARTY_HIT]), "not_used"),
        (reply(MEMBERS.text, "Có 83 người.", [PARTY_HIT], [quote(PARTY_HIT, "82 đảng viên")]), "misused"),
    ],
)
def test_a_wrong_answer_is_put_down_to_its_first_failed_step(answer: Answer, stage: str) -> None:
    scores = score(MEMBERS, answer, (1,)).scores
    assert scores.stage == stage
    assert not scores.right


def test_the_short_answer_is_measured_where_there_is_a_reader() -> None:
    text = RIGHT.text
    begin = text.index("82")
    answer = replace(RIGHT, reader="reader", short_span=(begin, begin + len("82 đảng viên mới")))
    row = score(MEMBERS, answer, (1,))
    assert row.reply.short == "82 đảng viên mới"
    assert (row.scores.short_exact, row.scores.short_f1) == (
        exact_match("82 đảng viên mới", MEMBERS.answers),
        f1("82 đảng viên mới", MEMBERS.answers),
    )
    none = score(MEMBERS, replace(answer, short_span=None), (1,)).scores
    assert (none.short_exact, none.short_f1) == (0.0, 0.0)
    assert score(MEMBERS, RIGHT, (1,)).scores.short_f1 is None


def test_an_absent_question_is_right_when_refused() -> None:
    refused = score(NOT_TOLD, reply(NOT_TOLD.text, ""), ()).scores
    assert (refused.right, refused.stage, refused.found, refused.cited) == (True, "right", None, None)
    assert not refused.marked_wrong
    answered = score(NOT_TOLD, reply(NOT_TOLD.text, "Cao 3.143 m."), ()).scores
    assert (answered.right, answered.stage) == (False, "not_refused")


def test_what_is_wrong_counts_against_the_proof_only_with_a_mark() -> None:
    marked = [quote(BRIDGE_HIT, "120 m")]
    absent = score(NOT_TOLD, reply(NOT_TOLD.text, "Cao 120 m.", [BRIDGE_HIT], marked), ()).scores
    assert absent.marked_wrong
    wrong = reply(MEMBERS.text, "Có 83 người.", [PARTY_HIT], [quote(PARTY_HIT, "82 đảng viên")])
    assert score(MEMBERS, wrong, (1,)).scores.marked_wrong
    assert not score(MEMBERS, reply(MEMBERS.text, "Có 83 người.", [PARTY_HIT]), (1,)).scores.marked_wrong
    assert not score(MEMBERS, reply(MEMBERS.text, "", [PARTY_HIT]), (1,)).scores.marked_wrong
    maybe = replace(wrong, reader="reader", manner="perhaps")
    found = summarise(
        [score(MEMBERS, wrong, (1,)), score(MEMBERS, maybe, (1,)), score(MEMBERS, RIGHT, (1,))], 1
    )
    assert found["marked_wrong"].value == pytest.approx(2 / 3)
    assert found["stated_wrong"].value == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("passage", "quoted", "right"),
    [
        (PARTY_HIT, "toàn huyện kết nạp 82 đảng viên mới", True),
        (PARTY_HIT, "82 đảng viên", True),  # a part of the answer
        (PARTY_HIT, "kết nạp 8", True),  # all of it stands in the evidence
        (PARTY_HIT, "Hội nghị do đồng chí Trần Văn An chủ trì.", False),
        (PARTY_HIT, "Huyện Kim Liên kết nạp đảng viên", False),
        (BRIDGE_HIT, "120 m", False),
    ],
)
def test_a_citation_is_right_by_the_labels_of_the_question(passage: Hit, quoted: str, right: bool) -> None:
    assert is_right_citation(MEMBERS, quote(passage, quoted)) is right


def test_the_answer_in_another_article_is_no_right_citation() -> None:
    other = hit(replace(BRIDGE, text="Hội có 82 đảng viên."))
    assert not is_right_citation(MEMBERS, quote(other, "82 đảng viên"))
    assert is_right_citation(replace(MEMBERS, evidence=()), quote(other, "82 đảng viên"))


def test_the_manners_of_answering_are_counted() -> None:
    read = replace(RIGHT, reader="reader", confidence=0.9, manner="sure", quoted=True)
    maybe = replace(answers()[CHAIR.text], reader="reader", confidence=0.4, manner="perhaps", refused=False)
    untold = replace(reply(NOT_TOLD.text, ""), reader="reader", confidence=0.1, manner="not_told")
    rows = [score(MEMBERS, read, (1,)), score(CHAIR, maybe, (1,)), score(NOT_TOLD, untold, ())]
    found = summarise(rows, seed=1)
    assert [found[m].value for m in ("sure", "perhaps", "not_told")] == [pytest.approx(1 / 3)] * 3
    assert (found["sure_right"].value, found["perhaps_right"].value) == (1.0, 0.0)
    assert (found["quoted"].value, found["quoted"].defined) == (1.0, 1)
    assert found["told_auroc"].value == 1.0
    assert found["misses_refused"].value == 1.0
    assert summarise([score(MEMBERS, RIGHT, (1,))], seed=1)["sure"].value is None


def test_questions_of_another_subject_are_no_narrow_misses() -> None:
    far = replace(NOT_TOLD, kind="far")
    rows = [score(far, reply(far.text, ""), ()), score(NOT_TOLD, reply(NOT_TOLD.text, "Cao 9 m."), ())]
    found = summarise(rows, seed=1)
    assert (found["misses_refused"].value, found["refusal_recall"].value) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("verdict", "text", "right"),
    [
        ("no", "Không, Kim Liên kết nạp 82 đảng viên.", True),
        ("no", "Kim Liên kết nạp 82 đảng viên.", True),
        ("no", "Có, Kim Liên kết nạp 82 đảng viên.", False),
        ("no", "Không.", False),
        ("no", "Kim Liên có thêm bao nhiêu đảng viên.", False),
        ("yes", "Đúng, 82 đảng viên.", True),
        ("yes", "Không, Kim Liên kết nạp 82 đảng viên.", False),
        ("yes", "", False),
    ],
)
def test_a_yes_or_no_is_right_with_its_verdict_and_its_words(
    verdict: Verdict, text: str, right: bool
) -> None:
    question = replace(MEMBERS, kind="yesno", verdict=verdict)
    scores = score(question, reply(question.text, text, [PARTY_HIT]), (1,)).scores
    assert (scores.right, scores.stage == "right") == (right, right)


def test_an_echo_of_a_yes_or_no_question_answers_nothing() -> None:
    asked = replace(MEMBERS, kind="yesno", text="Kim Liên không kết nạp ai phải không?", verdict="no")
    question = replace(asked, answers=(("không", "82"),))
    for text, right in [
        ("Kim Liên không kết nạp ai phải không.", False),
        ("Không, Kim Liên có kết nạp.", True),
        ("Kim Liên kết nạp 82 đảng viên.", True),
    ]:
        assert score(question, reply(question.text, text, [PARTY_HIT]), (1,)).scores.right is right, text


def test_a_yes_or_no_that_is_not_told_is_right_when_refused() -> None:
    question = replace(NOT_TOLD, kind="yesno", verdict="not_told")
    assert score(question, reply(question.text, ""), ()).scores.right
    assert not score(question, reply(question.text, "Không."), ()).scores.right


def test_a_refusal_is_wrong_even_if_it_repeats_the_answer() -> None:
    answer = replace(reply(MEMBERS.text, "", [PARTY_HIT]), text="Không biết có 82 đảng viên không.")
    scores = score(MEMBERS, answer, (1,)).scores
    assert (scores.right, scores.marked_wrong) == (False, False)


def test_two_articles_are_found_only_together() -> None:
    assert is_found(BOTH, [PARTY_HIT]) is False
    assert is_found(BOTH, [PARTY_HIT, BRIDGE_HIT]) is True
    assert is_found(replace(BOTH, kind="fact"), [PARTY_HIT, BRIDGE_HIT]) is True
    assert is_found(NOT_TOLD, [PARTY_HIT]) is None


def test_two_articles_are_used_only_together() -> None:
    wrong = replace(BOTH, answers=(("83",), ("120 m",)))
    party, bridge = quote(PARTY_HIT, "82 đảng viên"), quote(BRIDGE_HIT, "120 m", mark=2)
    hits = [PARTY_HIT, BRIDGE_HIT]
    assert score(wrong, reply(BOTH.text, "120 m.", hits, [bridge]), (1, 1)).scores.stage == "not_used"
    assert (
        score(wrong, reply(BOTH.text, "82, 120 m.", hits, [party, bridge]), (1, 1)).scores.stage == "misused"
    )


def test_citations_that_are_right_are_counted(tmp_path: Path) -> None:
    citations = [quote(PARTY_HIT, "82 đảng viên"), quote(BRIDGE_HIT, "14 tỷ", mark=2)]
    scores = score(MEMBERS, reply(MEMBERS.text, "Có 82.", [PARTY_HIT, BRIDGE_HIT], citations), (1,)).scores
    assert (scores.cited, scores.citations_right) == (True, 1)
    assert (
        score(NOT_TOLD, reply(NOT_TOLD.text, "Cao.", [PARTY_HIT], citations), ()).scores.citations_right
        is None
    )
    # n1 has one right citation, o1 was refused, m1 has one; x1 cannot be answered
    overall = summarise(finished(tmp_path).systems[0].rows, seed=1)
    assert (overall["citations_right"].value, overall["citations_right"].defined) == (1.0, 2)


def test_either_of_two_quotes_with_the_answer_is_enough() -> None:
    again = Evidence("cau.txt", "82 đảng viên dự lễ")
    question = replace(MEMBERS, evidence=(*MEMBERS.evidence, again))
    assert is_found(question, [PARTY_HIT]) is True


def test_a_passage_must_cover_half_of_the_quote() -> None:
    start = PARTY.text.index("toàn huyện")
    assert is_found(MEMBERS, [hit(PARTY, start, start + 30)]) is True
    assert is_found(MEMBERS, [hit(PARTY, 0, start + 10)]) is False


def test_a_set_without_evidence_looks_for_the_answer_itself() -> None:
    question = replace(MEMBERS, evidence=())
    scores = score(question, RIGHT, ()).scores
    assert (scores.found, scores.cited, scores.ranks) == (True, True, ())
    assert score(question, reply(MEMBERS.text, "14", [BRIDGE_HIT]), ()).scores.stage == "not_found"


def test_a_failure_stays_in_the_denominator(tmp_path: Path) -> None:
    run = finished(tmp_path, n1=GenerationError("The model broke."))
    row = run.systems[0].rows[0]
    assert (row.reply.error, row.scores.stage) == ("The model broke.", "failed")
    overall = summarise(run.systems[0].rows, seed=1)
    assert (overall["right"].value, overall["right"].total) == (0.25, 4)
    assert (overall["cited"].defined, overall["citations_right"].defined) == (3, 1)
    assert overall["recall@20"].defined == 3
    assert failed(NOT_TOLD, "x", searches=True, reads=True).scores.short_f1 is None
    assert failed(MEMBERS, "x", searches=False).scores.found is None
    assert failed(MEMBERS, "x", searches=True).scores.short_f1 is None
    unread = failed(MEMBERS, "x", searches=True, reads=True).scores
    assert (unread.short_f1, unread.short_exact) == (0.0, 0.0)


def test_a_rank_is_the_number_of_passages_to_ask_for() -> None:
    parts = [hit(BRIDGE), hit(PARTY, 0, 20), hit(PARTY, 20), hit(BRIDGE)]
    assert evidence_ranks(BOTH.evidence, lambda k: parts[:k]) == (3, 1)
    assert evidence_ranks(BOTH.evidence, lambda k: parts[1:2]) == (None, None)


def test_neighbours_that_a_longer_search_joins_do_not_raise_a_rank() -> None:
    def search(k: int) -> list[Hit]:
        return [hit(PARTY, 0, 20)] if k < 7 else [hit(PARTY)]

    assert evidence_ranks(MEMBERS.evidence, search) == (7,)


# Running


def test_a_run_asks_everything_with_the_questions_before(tmp_path: Path) -> None:
    system = Searching(answers())
    run = evaluate([system], QUESTIONS, PROVENANCE, tmp_path / "run.partial")
    warm_up, *asked = system.asked
    assert warm_up[0] == NOT_TOLD.text
    assert [question for question, _ in asked] == [question.text for question in QUESTIONS]
    assert asked[1][1] == (Turn("Kim Liên có thêm bao nhiêu đảng viên?"),)
    assert [row.scores.stage for row in run.systems[0].rows] == [
        "right",
        "wrongly_refused",
        "right",
        "not_refused",
    ]
    assert (run.systems[0].llm, run.systems[0].encoder) == ("llm@1", "encoder@1")
    assert run.systems[0].rows[0].scores.ranks == (2,)


def test_a_system_that_does_not_search_has_no_recall(tmp_path: Path) -> None:
    run = evaluate([Replay(answers())], QUESTIONS, PROVENANCE, tmp_path / "run.partial")
    overall = summarise(run.systems[0].rows, seed=1)
    assert overall["recall@5"].value is None
    assert overall["found"].value is None
    assert overall["right"].value == 0.5


def test_a_stopped_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    journal = tmp_path / "run.partial"
    broken = answers() | {BOTH.text: RuntimeError("power cut")}
    with pytest.raises(RuntimeError):
        evaluate([Searching(broken)], QUESTIONS, PROVENANCE, journal)
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"system": "hoidap", "llm": "cut sho')
    again = Searching(answers())
    run = evaluate([again], QUESTIONS, PROVENANCE, journal, resume=True)
    assert [question for question, _ in again.asked[1:]] == [BOTH.text, NOT_TOLD.text]
    assert run == replace(finished(tmp_path / "other"), systems=run.systems)
    assert [row.question.id for row in run.systems[0].rows] == ["n1", "o1", "m1", "x1"]


def test_a_finished_journal_asks_nothing_again(tmp_path: Path) -> None:
    first = finished(tmp_path)
    idle = Searching({})
    assert evaluate([idle], QUESTIONS, PROVENANCE, tmp_path / "run.partial", resume=True) == first
    assert idle.asked == []


def test_another_run_is_not_continued(tmp_path: Path) -> None:
    finished(tmp_path)
    journal = tmp_path / "run.partial"
    with pytest.raises(RunError, match="other settings"):
        evaluate(
            [Searching(answers(), settings={"passages": 9})], QUESTIONS, PROVENANCE, journal, resume=True
        )
    with pytest.raises(RunError, match="another store"):
        evaluate([Searching(answers())], QUESTIONS, replace(PROVENANCE, manifest={}), journal, resume=True)
    journal.write_text("not ours\n", encoding="utf-8")
    with pytest.raises(RunError, match="damaged"):
        evaluate([Searching(answers())], QUESTIONS, PROVENANCE, journal, resume=True)


def test_a_result_survives_writing_and_reading(tmp_path: Path) -> None:
    run = finished(tmp_path)
    write_result(run, tmp_path / "deep" / "r.json")
    assert read_run(tmp_path / "deep" / "r.json") == run
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["r.json"]
    assert find_system(run, None).name == "hoidap"
    with pytest.raises(RunError, match="no system 'other'"):
        find_system(run, "other")


@pytest.mark.parametrize("text", ["{}", "[", '{"provenance": {}, "systems": []}'])
def test_what_is_no_result_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.json").write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=r"r\.json"):
        read_run(tmp_path / "r.json")
    with pytest.raises(RunError, match="cannot be read"):
        read_run(tmp_path / "none.json")


# Summing up


def test_scores_by_kind(tmp_path: Path) -> None:
    kinds = by_kind(finished(tmp_path).systems[0].rows, seed=1)
    assert list(kinds) == ["number", "follow_up", "multi", "absent", ALL]
    assert kinds["number"]["right"].value == 1.0
    assert kinds["absent"]["found"].value is None
    overall = kinds[ALL]
    # found: n1 and o1 of the three that can be answered; m1 lacks the bridge
    assert overall["found"].value == pytest.approx(2 / 3)
    assert overall["false_refusals"].value == pytest.approx(1 / 3)
    assert overall["refusal_precision"].value == 0.0
    assert overall["refusal_recall"].value == 0.0
    # ranks 2, 2 and (2, 1)
    assert overall["recall@1"].value == pytest.approx((0 + 0 + 1 / 2) / 3)
    assert overall["mrr@10"].value == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)
    assert overall["total_p50"].value == 2.0


def test_the_table_aligns_vietnamese() -> None:
    lines = align([["Loại", "Số"], ["Sự việc", "12"], ["Ở", "3"]]).splitlines()
    assert lines == ["Loại     Số", "───────  ──", "Sự việc  12", "Ở         3"]


def test_the_table_of_a_run_names_kinds_and_failures(tmp_path: Path) -> None:
    kept = keep_run(finished(tmp_path))
    table = run_text(kept, "en")
    for text in ("Kind", "Found", "Cited right", "Follow-up", "Wrongly refused", "2.0 s", "–"):
        assert text in table
    assert "Hỏi tiếp" in run_text(kept, "vi")


# Comparing


def test_a_comparison_names_every_question_that_changed(tmp_path: Path) -> None:
    before = finished(tmp_path / "1").systems[0]
    better = reply(CHAIR.text, "Đồng chí Trần Văn An.", [PARTY_HIT], [quote(PARTY_HIT, "Trần Văn An")])
    lost = reply(MEMBERS.text, "", [BRIDGE_HIT])
    after = finished(tmp_path / "2", o1=better, n1=lost).systems[0]
    comparison = compare(before, after, seed=1)
    assert (comparison.questions, comparison.left_out) == (4, 0)
    assert [row.question.id for row, _ in comparison.now_right] == ["o1"]
    assert [row.question.id for row, _ in comparison.now_wrong] == ["n1"]
    right = next(change for change in comparison.changes if change.measure == "right")
    assert (right.gained, right.lost, right.first, right.second, right.p) == (1, 1, 0.5, 0.5, 1.0)
    words = strings("en")
    row = next(row for row in changes_table(comparison, ("a", "b"), words) if row[0] == "Right")
    assert row[:4] == ["Right", "50.0%", "50.0%", "+0.0%"]
    lost, gained = changed_questions(comparison, words)
    assert lost == ("Now wrong (1)", ["n1  Kim Liên có thêm bao nhiêu đảng viên?  [Right → Not found]"])
    assert gained[0] == "Now right (1)"


def test_a_question_that_was_changed_is_left_out(tmp_path: Path) -> None:
    before = finished(tmp_path / "1").systems[0]
    rows = [replace(before.rows[0], question=replace(MEMBERS, answers=(("83",),))), *before.rows[1:]]
    comparison = compare(before, replace(before, rows=tuple(rows)), seed=1)
    assert (comparison.questions, comparison.left_out) == (3, 2)
    assert all(change.difference.value == 0 for change in comparison.changes)


# Baselines


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


# The command


def arguments(tmp_path: Path, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.set_defaults(store=tmp_path / "store")
    add_common_options(parser)
    add_arguments(parser)
    return parser.parse_args([*words])


def questions_file(tmp_path: Path) -> Path:
    row = {
        "id": "n1",
        "question": MEMBERS.text,
        "answers": [["82"]],
        "evidence": [{"article": "kim-lien.txt", "quote": "kết nạp 82 đảng viên mới"}],
    }
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    return path


def test_options_may_stand_before_or_after_the_action(tmp_path: Path) -> None:
    for words in (["--split", "dev", "run"], ["run", "--split", "dev"], ["--split", "dev"]):
        args = arguments(tmp_path, *words)
        assert (args.split, args.limit, args.store) == ("dev", None, tmp_path / "store")
    assert arguments(tmp_path, "--store", "s", "check", "--json").store == Path("s")
    assert arguments(tmp_path, "--baselines").baselines == BASELINES
    assert arguments(tmp_path, "--baselines", "textbook,llm_only").baselines == ("textbook", "llm_only")
    with pytest.raises(SystemExit):
        arguments(tmp_path, "--baselines", "magic")


def test_the_command_runs_reports_and_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r.json"
    args = arguments(tmp_path, "--questions", str(questions_file(tmp_path)), "--out", str(out), "--json")

    def open_systems(args: argparse.Namespace) -> Opened:
        return Opened([Searching(answers())], [PARTY, BRIDGE], {"articles": 2})

    assert run_command(args, open_systems) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["systems"]["hoidap"]["all"]["right"]["value"] == 1.0
    assert not list(tmp_path.glob("*.partial"))
    assert main(["report", str(out), "--out", str(tmp_path / "page.html")]) == 0
    assert "82" in (tmp_path / "page.html").read_text(encoding="utf-8")
    words = ["report", str(out), "--against", str(out), "--out", str(tmp_path / "page.html")]
    assert main(words) == 0
    assert "So với lần trước" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert main(["compare", str(out), str(out)]) == 0
    capsys.readouterr()
    assert main(["compare", str(out), str(out), "--json"]) == 0
    assert '"now_wrong": []' in capsys.readouterr().out


def test_the_command_takes_every_question_as_absent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "--questions",
        str(questions_file(tmp_path)),
        "--out",
        str(tmp_path / "r.json"),
        "--absent",
        "--json",
    ]
    refusing = Searching({MEMBERS.text: reply(MEMBERS.text, "")}, ranking=(BRIDGE_HIT,))
    assert run_command(arguments(tmp_path, *words), lambda args: Opened([refusing], [BRIDGE], {})) == 0
    told = json.loads(capsys.readouterr().out)["systems"]["hoidap"]
    assert list(told) == ["absent", ALL] and told["absent"]["refusal_recall"]["value"] == 1.0
    assert read_run(tmp_path / "r.json").provenance.settings["absent"] is True


def test_a_follow_up_is_asked_in_full_and_compared_with_itself(tmp_path: Path) -> None:
    asked_in_full = without_history(QUESTIONS)
    assert [(one.text, one.follows) for one in asked_in_full if one.id == "o1"] == [
        ("Ai chủ trì hội nghị của Kim Liên?", ())
    ]
    assert [one for one in asked_in_full if one.id != "o1"] == [one for one in QUESTIONS if one.id != "o1"]
    full = reply(CHAIR.standalone, "Trần Văn An.", [PARTY_HIT], [quote(PARTY_HIT, "Trần Văn An")])
    given = answers() | {CHAIR.standalone: full}
    first = evaluate([Searching(given)], asked_in_full, PROVENANCE, tmp_path / "1.partial").systems[0]
    second = finished(tmp_path / "2").systems[0]
    comparison = compare(first, second, seed=1)
    assert (comparison.questions, comparison.left_out) == (4, 0)
    assert [row.question.text for row, _ in comparison.now_wrong] == ["Ai chủ trì hội nghị của Kim Liên?"]


def test_a_follow_up_without_its_wording_in_full_is_told() -> None:
    with pytest.raises(QuestionError, match="'o1' follows other questions"):
        without_history([replace(CHAIR, standalone="")])


def test_questions_of_other_articles_are_refused(tmp_path: Path) -> None:
    args = arguments(
        tmp_path, "--questions", str(questions_file(tmp_path)), "--out", str(tmp_path / "r.json")
    )
    with pytest.raises(QuestionError, match=r"kim-lien\.txt"):
        run_command(args, lambda args: Opened([Searching(answers())], [BRIDGE], {}))


def test_a_mistake_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--questions", str(tmp_path / "none.jsonl"), "--store", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("hoidap: There is no file")
    assert error.count("\n") == 1


def test_check_and_unpack_from_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "kim-lien.txt").write_text(PARTY.text, encoding="utf-8")
    words = ["check", "--questions", str(questions_file(tmp_path)), "--corpus", str(folder)]
    assert main(words) == 0
    assert "1 questions (fact 1), 1 articles: 0 faults." in capsys.readouterr().out
    (folder / "kim-lien.txt").write_text(BRIDGE.text, encoding="utf-8")
    assert main(words) == 1
    assert "quotes what does not stand" in capsys.readouterr().out
    squad = tmp_path / "s.json"
    squad.write_text(
        json.dumps({"data": [{"title": "A", "paragraphs": [{"context": "Một đoạn.", "qas": []}]}]}),
        encoding="utf-8",
    )
    assert main(["unpack", str(squad), str(tmp_path / "out")]) == 0
    assert json.loads((tmp_path / "out" / "s.jsonl").read_text(encoding="utf-8"))["text"] == "Một đoạn."
    news = tmp_path / "news.jsonl.gz"
    news.write_bytes(gzip.compress(b'{"text": "1"}\n{"text": "2"}\n{"text": "3"}\n'))
    words = ["unpack", str(squad), str(tmp_path / "out"), "--among", str(news), "--limit", "2"]
    assert main(words) == 0
    assert (tmp_path / "out" / "news.jsonl").read_text(encoding="utf-8") == '{"text": "1"}\n{"text": "2"}\n'
    assert main(["unpack", str(folder), str(tmp_path / "new"), "--among", str(news)]) == 0
    assert (tmp_path / "new" / "kim-lien.txt").read_text(encoding="utf-8") == BRIDGE.text
    assert len((tmp_path / "new" / "news.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    news.write_bytes(b"no gzip")
    assert main(words) == 1
    assert "news.jsonl.gz cannot be read as JSON lines" in capsys.readouterr().err
