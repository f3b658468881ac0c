"""One answer becomes one row: right or not, cited or not, and the step that failed first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from eval_maker import (
    BOTH,
    BRIDGE,
    BRIDGE_HIT,
    CHAIR,
    MEMBERS,
    NOT_TOLD,
    PARTY,
    PARTY_HIT,
    RIGHT,
    answers,
    finished,
    hit,
    quote,
    reply,
)

from eval.evidence import evidence_ranks
from eval.metrics.answers import exact_match, f1
from eval.report.summary import summarise
from eval.schema import Evidence, Verdict
from eval.score import failed, is_found, is_right_citation, score
from index.schema import Hit
from rag.errors import GenerationError
from rag.schema import Answer


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
