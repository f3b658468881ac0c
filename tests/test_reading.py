"""The reader measured without the language model."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import ARTICLES, FakeEncoder, FakeReader

from eval.cli import add_arguments, add_common_options
from eval.errors import QuestionError, RunError
from eval.journal import read_result
from eval.metrics.roc import roc_area
from eval.reading import ExtractRow, Read, ReaderRun, ReadRow, read_all, read_extracts, time_reading
from eval.reading_command import run_reading
from eval.reading_parts import OpenedReader, Remembering, open_reading, opened_store
from eval.reading_passages import PASSAGE_SYLLABLES, give, quoted_passages, squad_passages, tells
from eval.reading_scores import (
    WITH_READER,
    WITHOUT_READER,
    accent_changes,
    answer_scores,
    extract_scores,
    search_changes,
    told_scores,
    worst,
)
from eval.schema import Evidence, Provenance, Question, Retrieval, Searched
from index.schema import Article, Chunk, Hit
from index.store import Store
from index.text import syllables
from rag.abstain import Calibration, Logistic
from rag.config import Config
from rag.reader.spans import Span
from rag.retrieve import Retriever
from rag.schema import Extract

MEMBERS = Question(
    "n1", "number", "dev", "Từ đầu năm 2018 toàn huyện Kim Liên kết nạp bao nhiêu đảng viên?", (("82",),),
    (Evidence("kim-lien.txt", "toàn huyện kết nạp 82 đảng viên mới"),),
)  # fmt: skip
FOREST = Question(
    "n2", "number", "dev", "Diện tích rừng trồng mới đạt bao nhiêu?", (("3.772 ha",),),
    (Evidence("ba-sen.txt", "Diện tích rừng trồng mới đạt 3.772 ha."),),
)  # fmt: skip
TEA = Question(
    "f1", "fact", "dev", "HTX chè Tân Sơn có bao nhiêu thành viên?", (("36 thành viên", "36"),),
    (Evidence("che.txt", "HTX chè Tân Sơn có 36 thành viên"),),
)  # fmt: skip
BOTH = Question(
    "m1", "multi", "dev", "Kim Liên và Ba Sen ra sao?", (("82",), ("45",)),
    (Evidence("kim-lien.txt", "82 đảng viên"), Evidence("ba-sen.txt", "45 hộ nghèo")),
)  # fmt: skip
ABSENT = Question("x1", "absent", "dev", "Sân bay rộng bao nhiêu?", ())
PARTY, POOR, BRIDGE, SCHOOL, COOP = (Chunk(article, 0, 0, len(article.text)) for article in ARTICLES)
ORIGIN = Provenance("", None, "q.jsonl", "", 7, {"hard": "words"}, {"chunks": 5}, {})


def row(f1: float, told: float, untold: float, *, id_: str = "n1", accents: bool = True) -> ReadRow:
    question = Question(id_, "number", "", "?", (("82",),))
    return ReadRow(
        question, accents, Read("a", "82", told, 0.0), Read("b", "5", untold, 1.0), None, float(f1 == 1), f1
    )


def test_the_area_under_roc_counts_pairs() -> None:
    # 3 > 2, 3 > 0 and 1 > 0 of four pairs; a tie is half a pair.
    assert roc_area([3, 1], [2, 0]) == pytest.approx(3 / 4)
    assert roc_area([1], [1]) == pytest.approx(0.5)
    assert roc_area([1], [1, 0]) == pytest.approx(0.75)
    assert roc_area([], [1]) is None
    assert roc_area([1], []) is None


def test_the_passage_around_a_quote_is_one_of_the_usual_size() -> None:
    sentences = [f"Xã thứ {number} trồng được {number} héc-ta rừng mới trong năm." for number in range(100)]
    article = Article("r.txt", "r.txt", "Rừng", " ".join(sentences))
    inside = Question("a", "fact", "", "?", (("7",),), (Evidence("r.txt", sentences[7]),))
    unknown = Question("b", "fact", "", "?", (("7",),), (Evidence("r.txt", "một câu khác"),))
    whole = Question("c", "fact", "", "?", (("7",),), (Evidence("r.txt", article.text),))

    found = quoted_passages([inside, unknown, whole], [*ARTICLES, article])

    assert sorted(found) == ["a", "c"]
    assert sentences[7] in found["a"].text
    assert len(syllables(found["a"].text)) <= PASSAGE_SYLLABLES
    assert found["c"].text == article.text


def test_of_several_quotes_the_one_with_the_answer_is_read() -> None:
    question = Question(
        "a", "fact", "", "?", (("120 m",),),
        (Evidence("che.txt", "HTX chè Tân Sơn"), Evidence("cau.txt", "cầu Suối Đá dài 120 m")),
    )  # fmt: skip
    assert quoted_passages([question], ARTICLES)["a"] == BRIDGE


def test_what_does_not_tell_is_put_beside_what_does() -> None:
    passages = {"n1": PARTY, "n2": POOR, "f1": COOP, "m1": PARTY}
    one, two, three = give([MEMBERS, FOREST, TEA, BOTH, ABSENT], passages, seed=3)
    assert [each.question.id for each in (one, two, three)] == ["n1", "n2", "f1"]
    assert (one.own, two.own, three.own) == (PARTY, POOR, COOP)
    assert one.hard == POOR, "it shares Huyện, mới and đạt with the question"
    assert one.other in (POOR, COOP)
    assert give([MEMBERS, FOREST, TEA], passages, seed=3)[0].other == one.other


def test_the_hardest_passage_is_the_best_found_one_that_does_not_tell() -> None:
    repeated = Article("lap.txt", "lap.txt", "Kim Liên", "Toàn huyện Kim Liên kết nạp 82 đảng viên mới.")
    copy = Chunk(repeated, 0, 0, len(repeated.text))
    assert tells(MEMBERS, copy) and tells(MEMBERS, PARTY) and not tells(MEMBERS, POOR)

    def search(question: str, k: int) -> tuple[Hit, ...]:
        return tuple(Hit(chunk, 1.0, rank, 0.9, 0.5) for rank, chunk in enumerate((copy, PARTY, POOR), 1))

    (given,) = give([MEMBERS], {"n1": PARTY}, 0, search)
    assert (given.hard, given.other) == (POOR, None)


def test_a_squad_paragraph_belongs_to_its_questions(tmp_path: Path) -> None:
    found = squad_passages(squad_file(tmp_path))
    assert found["n2"].text == POOR.text
    assert (found["n2"].article.title, found["n2"].article.id) == ("Huyện Ba Sen", "Huyện_Ba_Sen-1")


class Listener(FakeReader):
    """Keeps the questions that it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def read(
        self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
    ) -> list[Span]:
        self.asked.append(question)
        return super().read(question, passages)


def test_accents_come_back_from_the_passages_as_in_the_search() -> None:
    reader = Listener()
    read_all(reader, give([MEMBERS, FOREST], {"n1": PARTY, "n2": POOR}, seed=0))

    asked, bare = reader.asked[0], reader.asked[2]
    assert "đảng viên" in asked
    assert "đảng viên" in bare
    assert bare != asked  # what no passage holds stays without accents


def test_each_question_is_read_with_accents_and_without() -> None:
    reader = FakeReader()
    given = give([MEMBERS, FOREST], {"n1": PARTY, "n2": POOR}, seed=0)

    rows = read_all(reader, given)

    assert [(one.question.id, one.accents) for one in rows] == [
        ("n1", True), ("n2", True), ("n1", False), ("n2", False)
    ]  # fmt: skip
    # 2018 comes before 82 in its sentence; 3.772 is one of the two words of "3.772 ha".
    assert (rows[0].own.text, rows[0].f1, rows[0].exact) == ("2018", 0.0, 0.0)
    assert (rows[1].own.text, rows[1].exact) == ("3.772", 0.0)
    assert rows[1].f1 == pytest.approx(2 / 3)
    # All eight syllables but "bao" and "nhiêu" stand in that sentence: 10 · 6/8 - 5.
    assert rows[1].own.margin == pytest.approx(2.5)
    assert rows[3].own == rows[1].own
    assert rows[1].other is not None and rows[1].other.article == "kim-lien.txt"
    assert reader.passages_read == 2 * 2 * 3


def test_scores_of_answers_and_what_accents_are_worth() -> None:
    rows = [row(1.0, 2, 0), row(0.5, 1, 3), row(0.5, 2, 0, accents=False), row(0.0, 1, 3, accents=False)]
    found = answer_scores(rows[:2], seed=1)
    assert found["f1"].value == pytest.approx(0.75)
    assert found["exact"].value == pytest.approx(0.5)
    change = accent_changes(rows, seed=1)["f1"]
    assert change is not None
    assert (change.value, change.pairs) == (pytest.approx(-0.5), 2)


def test_told_or_not_by_each_signal() -> None:
    rows = [row(1.0, 3, 2), row(1.0, 1, 0)]
    found = told_scores(rows, "other", seed=1)
    assert found["margin"].value == pytest.approx(3 / 4)
    assert found["relevance"].value == 0.0, "1 stands above 0 for every passage that does not tell"
    assert found["margin+relevance"].value == pytest.approx((0.5 + 1 + 0 + 0.5) / 4)
    assert told_scores(rows, "hard", seed=1)["margin"].value is None


def test_the_search_is_compared_question_by_question() -> None:
    ranks = {
        (WITHOUT_READER, True): ((2,), (1,), (None,), (6,)),
        (WITH_READER, True): ((1,), (1,), (None,), (2,)),
    }
    searched = tuple(Searched(way, accents, each, (0.1,) * 4) for (way, accents), each in ranks.items())
    found = search_changes(Retrieval(ORIGIN, "e", ("a", "b", "c", "d"), searched), True, seed=1)
    values = {name: change.value for name, change in found.items() if change}
    assert values == {
        "recall@1": pytest.approx(1 / 4),
        "recall@5": pytest.approx(1 / 4),
        "mrr@10": pytest.approx((1 / 2 + 0 + 0 + 1 / 2 - 1 / 6) / 4),
    }


def test_an_extract_is_right_when_it_holds_the_answer() -> None:
    hit = Hit(PARTY, 1.0, 1, 0.9, 0.5)
    start = PARTY.article.text.index("82")
    shown = {
        "n1": Extract(hit, start, start + 2, 0.9),
        "n2": Extract(hit, start, start + 2, 0.6),
        "f1": None,
        "x1": None,
    }
    rows = read_extracts(lambda question: shown[question.id], [MEMBERS, FOREST, TEA, ABSENT])
    assert rows[0] == ExtractRow(MEMBERS, "82", "kim-lien.txt", start, start + 2, 0.9, True, True)
    assert [(one.text, one.right, one.at_evidence) for one in rows[1:]] == [
        ("82", False, False), (None, False, None), (None, True, None)
    ]  # fmt: skip
    found = extract_scores(rows, seed=1)
    assert {name: (one.value, one.defined) for name, one in found.items()} == {
        "shown": (0.5, 4), "right": (0.5, 4), "at_evidence": (0.5, 2)
    }  # fmt: skip


def test_the_worst_answers_come_first_and_the_surest_of_them() -> None:
    rows = [
        row(1.0, 9, 0, id_="right"),
        row(0.5, 9, 0, id_="half"),
        row(0.0, 1, 0, id_="unsure"),
        row(0.0, 4, 0, id_="sure"),
        row(0.0, 8, 0, id_="bare", accents=False),
    ]
    assert [one.question.id for one in worst(rows, 5)] == ["sure", "unsure", "half"]
    assert [one.question.id for one in worst(rows, 1)] == ["sure"]


def test_eight_passages_are_timed_after_a_reading_that_is_not() -> None:
    reader = FakeReader()
    given = give([MEMBERS, FOREST], {"n1": PARTY, "n2": POOR}, seed=0)
    seconds, characters = time_reading(reader, given)
    assert len(seconds) == 2 and min(seconds) > 0
    assert reader.passages_read == 3 * 8
    assert characters == pytest.approx((len(PARTY.text) + len(POOR.text)) / 2)


def test_no_passage_is_read_twice_for_a_question() -> None:
    reader = FakeReader()
    remembering = Remembering(reader)
    party, poor = ("", PARTY.text), ("", POOR.text)
    first = remembering.read("Kim Liên?", [party])
    both = remembering.read("Kim Liên?", [poor, party, party])
    assert reader.passages_read == 2
    assert both == FakeReader().read("Kim Liên?", [poor, party, party])
    assert both[1] == first[0]
    remembering.read("Ba Sen?", [party])
    assert reader.passages_read == 3


def squad_file(folder: Path) -> Path:
    paragraphs = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": chunk.text,
                    "qas": [
                        {
                            "id": question.id,
                            "question": question.text,
                            "answers": [{"text": answer, "answer_start": chunk.text.index(answer)}],
                        }
                    ],
                }
            ],
        }
        for title, chunk, question, answer in (
            ("Kim Liên", PARTY, MEMBERS, "82"),
            ("Huyện_Ba_Sen", POOR, FOREST, "3.772 ha"),
            ("Chè", COOP, TEA, "36"),
        )
    ]
    path = folder / "squad.json"
    path.write_text(json.dumps({"data": paragraphs}), encoding="utf-8")
    return path


def options(tmp_path: Path, *arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_common_options(parser, tmp_path / "usual")
    add_arguments(parser)
    return parser.parse_args(arguments)


def test_a_store_is_measured_only_where_one_is_named(tmp_path: Path) -> None:
    usual = str(tmp_path / "usual")
    for named in (["reading", "--store", usual], ["--store", usual, "reading"]):
        args = options(tmp_path, *named)
        assert args.store is not args.unnamed_store
    args = options(tmp_path, "reading")
    assert args.store is args.unnamed_store


def test_without_a_reader_the_remedy_is_told(tmp_path: Path) -> None:
    (tmp_path / "off.toml").write_text("[reader]\nenabled = false\n", encoding="utf-8")
    with pytest.raises(RunError, match=r"leave reader\.enabled"):
        open_reading(options(tmp_path, "reading", "--config", str(tmp_path / "off.toml")))


def test_the_command_needs_no_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r.json"
    arguments = ["reading", "--questions", str(squad_file(tmp_path)), "--out", str(out), "--worst", "2"]

    assert run_reading(options(tmp_path, *arguments), lambda args: OpenedReader(FakeReader(), {}, None)) == 0

    told = capsys.readouterr().out
    assert told.startswith(
        "fake-reader: 3 questions, each with the passage that tells its answer; 0 left out"
    )
    assert "with accents, likest passage of another article" in told
    assert "Reading 8 passages of " in told and "Recall@1" not in told
    assert "n1  Từ đầu năm 2018" in told and "Expected: 82\n  Answer: 2018  (F1 0.00," in told
    kept = read_result(out, ReaderRun)
    assert (len(kept.rows), kept.search, kept.extracts) == (6, None, ())
    assert kept.provenance.settings["hard"] == "words"
    assert [one.own.text for one in kept.rows[:3]] == ["2018", "3.772", "36"]

    vietnamese = options(tmp_path, *arguments, "--language", "vi")
    assert run_reading(vietnamese, lambda args: OpenedReader(FakeReader(), {}, None)) == 0
    assert "có dấu, đoạn giống nhất của bài khác" in capsys.readouterr().out


def test_with_a_store_search_and_extracts_are_measured_too(
    store: Store, encoder: FakeEncoder, articles_folder: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    questions, out = tmp_path / "q.jsonl", tmp_path / "r.json"
    rows = [
        {
            "id": one.id,
            "kind": one.kind,
            "question": one.text,
            "answers": one.answers,
            "evidence": [{"article": each.article, "quote": each.quote} for each in one.evidence],
        }
        for one in (FOREST, TEA, BOTH, ABSENT)
    ]
    questions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    always = Logistic(weights={}, bias=0.0, threshold=0.0)
    by_margin = Logistic(weights={"margin": 1.0}, bias=0.0, threshold=0.0)
    calibration = Calibration(evidence=always, support=always, extract=by_margin)

    def opened(args: argparse.Namespace) -> OpenedReader:
        reader = FakeReader()
        parts = opened_store(Retriever(store, encoder), reader, calibration, Config())
        return OpenedReader(reader, {}, parts)

    arguments = [
        "reading",
        "--questions",
        str(questions),
        "--corpus",
        str(articles_folder),
        "--out",
        str(out),
    ]
    assert run_reading(options(tmp_path, *arguments, "--json"), opened) == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["questions"], told["left_out"]) == (2, 1)
    assert told["accents"]["answers"]["exact"]["value"] == pytest.approx(1 / 2)
    assert told["search_changes"]["no_accents"]["recall@5"]["pairs"] == 3
    assert told["extracts"]["number"]["shown"]["value"] == 1.0
    kept = read_result(out, ReaderRun)
    assert kept.search is not None and kept.search.ids == ("n2", "f1", "m1")
    assert {(one.way, one.accents) for one in kept.search.searched} == {
        (way, accents) for way in (WITH_READER, WITHOUT_READER) for accents in (True, False)
    }
    assert [(one.text, one.at_evidence) for one in kept.extracts[:2]] == [("3.772", True), ("36", True)]
    assert kept.provenance.settings["hard"] == "search"

    assert run_reading(options(tmp_path, *arguments), opened) == 0
    told_text = capsys.readouterr().out
    assert "hoidap without its reader, with accents" in told_text
    assert "without accents: reader against none" in told_text
    assert "with accents, best found passage" in told_text


def test_questions_that_cannot_be_read_for_are_told(tmp_path: Path, articles_folder: Path) -> None:
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"question": "Ai?", "answers": [["An"]]}\n', encoding="utf-8")
    args = options(tmp_path, "reading", "--questions", str(questions), "--corpus", str(articles_folder))
    with pytest.raises(QuestionError, match="--corpus"):
        run_reading(args, lambda args: OpenedReader(FakeReader(), {}, None))
