"""The reader measured alone, with a reader that replays."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.benchmarks.reading import ReadingResult, is_labelled_sentence, run_reading
from eval.commands.cli import build_parser
from eval.errors import QuestionError
from eval.files import read_result
from index.text.normalise import sentence_spans
from rag.reader.decode import Judgement, PassageReading, SentenceReading, Span
from rag.training.data import Passage

PARAGRAPH = "Huyện kết nạp 82 đảng viên. Hội nghị do ông An chủ trì."


class Replay:
    """Takes the sentence and the words that are queued for a question; judges by the answer."""

    name = "replay"

    def __init__(self, found: dict[str, tuple[int, str, float]], verdicts: dict[str, str]) -> None:
        self.found, self.said = found, verdicts

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[PassageReading]:
        ((_, text),) = passages
        number, words, answerable = self.found[question]
        begin = text.index(words)
        found = Span(begin, begin + len(words), answerable)
        spans = sentence_spans(text)
        sentences = [
            SentenceReading(*span, 1.0 if n == number else -1.0, found) for n, span in enumerate(spans)
        ]
        return [PassageReading(answerable, found, tuple(sentences))]

    def judge(self, claims: Sequence[tuple[str, str, str, str]]) -> list[Judgement]:
        shares = {"supported": (0.8, 0.1, 0.1), "contradicted": (0.1, 0.8, 0.1), "not_told": (0.1, 0.1, 0.8)}
        return [Judgement(*shares[self.said[answer]]) for _, answer, _, _ in claims]


def write_rows(path: Path, *rows: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def squad(path: Path) -> Path:
    asked = [
        {"id": "1", "question": "Bao nhiêu đảng viên?", "answers": [{"text": "82", "answer_start": 14}]},
        {"id": "2", "question": "Ai chủ trì?", "answers": [{"text": "ông An", "answer_start": 40}]},
        {"id": "3", "question": "Ở đâu?", "answers": [], "is_impossible": True},
    ]
    data = {"data": [{"title": "A", "paragraphs": [{"context": PARAGRAPH, "qas": asked}]}]}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def training(folder: Path) -> Path:
    folder.mkdir()
    passage = {
        "id": "p", "title": "Kim Liên", "origin": "invented", "split": "dev",
        "sentences": ["Huyện kết nạp 82 đảng viên.", "Hội nghị do ông An chủ trì."],
    }  # fmt: skip
    write_rows(folder / "passages.jsonl", passage)
    base = {"passage": "p", "split": "dev", "answer": "82", "reply": "82.", "sentences": [1]}
    write_rows(
        folder / "questions.jsonl",
        base | {"question": "Mấy đảng viên?", "kind": "number"},
        base | {"question": "Ai chủ toạ?", "kind": "who", "sentences": [2], "answer": "ông An"},
        base | {"question": "Bao giờ?", "kind": "absent", "sentences": [], "answer": "", "reply": ""},
        base | {"question": "Học rồi?", "kind": "number", "split": "train"},
    )
    claim = {"passage": "p", "split": "dev", "kind": "claim", "reply": "", "shown": ""}
    write_rows(
        folder / "claims.jsonl",
        claim | {"text": "Có 82 đảng viên.", "verdict": "supported", "sentences": [1]},
        claim | {"text": "Có 83 đảng viên.", "verdict": "contradicted", "sentences": [1]},
        claim | {"text": "Có 84 đảng viên.", "verdict": "contradicted", "sentences": [1]},
        claim | {"text": "Họp ở Huế.", "verdict": "not_told", "sentences": [2]},
    )
    return folder


READER = Replay(
    {
        "Bao nhiêu đảng viên?": (0, "82 đảng viên", 3.0),
        "Ai chủ trì?": (0, "Huyện", 1.0),
        "Mấy đảng viên?": (0, "82", 3.0),
        "Ai chủ tọa?": (0, "An", -2.0),
        "Bao giờ?": (1, "An", 1.0),
    },
    {
        "Có 82 đảng viên.": "supported",
        "Có 83 đảng viên.": "supported",
        "Có 84 đảng viên.": "contradicted",
        "Họp ở Huế.": "not_told",
    },
)


def arguments(*words: str) -> argparse.Namespace:
    return build_parser().parse_args(["reading", *words])


def test_the_reader_is_measured_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r.json"
    words = ["--questions", str(squad(tmp_path / "s.json")), "--training", str(training(tmp_path / "rows"))]
    assert run_reading(arguments(*words, "--out", str(out)), lambda args: READER) == 0
    kept = read_result(out, ReadingResult)
    values = {name: (one.value, one.defined) for name, one in kept.scores.items()}
    # said "82 đảng viên" (3 tokens) for "82": 2·1 / (3 + 1); "Huyện" for "ông An": 0
    assert values["paragraph given: F1"] == (pytest.approx((0.5 + 0) / 2), 2)
    assert values["paragraph given: exact"] == (0.0, 2)
    assert values["paragraph given: right sentence"] == (0.5, 2)
    # told 3 and -2 against 1 untold: one of two pairs; every sentence is told by 1, so all tie
    assert values["told or not, AUROC of told"] == (0.5, 3)
    assert values["told or not, AUROC of telling"] == (0.5, 3)
    assert values["right sentence, all"] == (0.5, 2)
    assert (values["right sentence, number"], values["right sentence, who"]) == ((1.0, 1), (0.0, 1))
    assert values["claims: verdicts right"] == (0.75, 4)
    assert values["claims: contradicted taken for supported"] == (0.5, 2)
    assert values["contrasts: verdicts right"] == (None, 0)
    output = capsys.readouterr().out
    assert output.startswith("replay\n") and "claims: verdicts right" in output and "0.750 (" in output


def test_a_sample_is_taken_of_each_part_and_json_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    args = arguments("--questions", str(squad(tmp_path / "s.json")), "--limit", "1", "--json")
    assert run_reading(args, lambda args: READER) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["scores"]["paragraph given: F1"]["defined"] == 1
    assert not any(name.startswith("told") for name in printed["scores"])


def test_a_sentence_is_right_that_shares_half_of_a_labelled_one() -> None:
    passage = Passage("p", "", ("Một hai ba.", "Bốn năm sáu."), "", "dev")
    span = Span(0, 0, 0.0)
    assert is_labelled_sentence(SentenceReading(12, 24, 0.0, span), passage, [1])
    assert not is_labelled_sentence(SentenceReading(12, 24, 0.0, span), passage, [0])
    assert is_labelled_sentence(SentenceReading(0, 24, 0.0, span), passage, [1])


def test_a_file_that_is_no_squad_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="cannot be read as JSON"):
        run_reading(arguments("--questions", str(tmp_path / "none.json")), lambda args: READER)
