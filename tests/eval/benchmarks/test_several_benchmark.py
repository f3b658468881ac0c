"""Questions over several articles are graded by what is told and what is cited."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeReader
from several_maker import CALIBRATION, TODAY, reading_of, report

from eval.benchmarks.several import Asked, Needed, grade, read_asked, summary
from eval.errors import QuestionError
from rag.multi_article.answer import answer_several
from rag.reader.calibrated_reader import CalibratedReader
from rag.schema import Answer, Seconds

TWO = (report("Khe Mây", "8,79%"), report("Nà Lốc", "15,38%"))
COMPARED = "Tỷ lệ hộ nghèo ở Nà Lốc cao hơn ở Khe Mây bao nhiêu?"
NEEDED = tuple(
    Needed(one.id, f"Cuối năm, tỷ lệ hộ nghèo giảm còn {share}.", f"còn {share}")
    for one, share in zip(TWO, ("8,79%", "15,38%"), strict=True)
)
ASKED = Asked("compare", COMPARED, NEEDED, "Nà Lốc 15,38%, Khe Mây 8,79%, cao hơn 6,59 điểm.")


def answer_of(question: str) -> Answer:
    reading = reading_of(question, *TWO)
    worded = answer_several(reading, CalibratedReader(FakeReader(), CALIBRATION), TODAY)
    assert worded is not None
    verified = worded.verified
    return Answer(
        question, question, verified.text, False, verified.statements, verified.citations, reading.passages,
        Seconds(0.1, None, 0.2), "llm", "encoder",
    )  # fmt: skip


def test_right_is_what_tells_cites_and_calculates_all() -> None:
    graded = grade(ASKED, answer_of(COMPARED))
    assert (graded.told, graded.cited, graded.calculated, graded.right) == (
        (True, True),
        (True, True),
        True,
        True,
    )


def test_a_value_without_its_citation_or_its_difference_is_not_right() -> None:
    answer = answer_of(COMPARED)
    assert not grade(ASKED, replace(answer, citations=answer.citations[:1])).right
    wrong = grade(ASKED, replace(answer, text=answer.text.replace("6,59", "6,5")))
    assert (wrong.calculated, wrong.right) == (False, False)


def test_one_article_must_be_cited_alone_and_the_newest_first() -> None:
    answer = answer_of(COMPARED)
    one = replace(ASKED, kind="one", needed=NEEDED[1:], reply="15,38%")
    assert not grade(one, answer).right
    newest, other = sorted(answer.citations, key=lambda one: one.hit.chunk.article.id, reverse=True)
    assert grade(one, replace(answer, citations=(newest,))).right
    assert not grade(replace(one, kind="latest"), replace(answer, citations=(other, newest))).right


def test_absent_is_right_when_refused_and_counts_by_kind() -> None:
    absent = Asked("absent", COMPARED, (), "")
    answer = answer_of(COMPARED)
    graded = [grade(absent, answer), grade(absent, replace(answer, refused=True, manner="not_told"))]
    scores = summary(graded)["absent"]
    assert (scores["questions"], scores["right"], scores["refused"]) == (2, 0.5, 0.5)


def test_rows_and_articles_are_read_by_split(tmp_path: Path) -> None:
    passage = {"id": "p1a", "title": "Một", "sentences": ["Có 5 hộ."], "date": "2020-01-02", "split": "dev"}
    evidence = [{"passage": "p1a", "sentence": 1, "answer": "5 hộ"}]
    row = {"set": "p1", "kind": "one", "question": "Mấy hộ?", "evidence": evidence, "reply": "5 hộ."}
    rows = [row | {"split": "dev"}, row | {"split": "train"}]
    (tmp_path / "passages.jsonl").write_text(json.dumps(passage), encoding="utf-8")
    (tmp_path / "several.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    articles, asked = read_asked(tmp_path, "dev")
    assert articles == [{"id": "p1a", "title": "Một", "text": "Có 5 hộ.", "date": "2020-01-02"}]
    assert asked == [Asked("one", "Mấy hộ?", (Needed("p1a", "Có 5 hộ.", "5 hộ"),), "5 hộ.")]


def test_a_folder_without_the_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"passages\.jsonl"):
        read_asked(tmp_path, "dev")
