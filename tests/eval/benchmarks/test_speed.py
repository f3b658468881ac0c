from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from fakes import ARTICLES, FakeEncoder, FakeGenerator, FakeMessages, FakeReader

from eval.benchmarks.figures import Figure, Part, speed_table
from eval.benchmarks.speed.__main__ import main
from eval.benchmarks.speed.answer import measure_answers
from eval.benchmarks.speed.encode import full_passages, measure_encoding
from eval.benchmarks.speed.search import measure_search
from eval.benchmarks.speed.store import RandomPassages, fill
from eval.benchmarks.speed.sync import measure_sync
from eval.benchmarks.speed.texts import grow, read_texts
from eval.errors import EvaluationError
from index.schema import FloatMatrix
from index.store.store import Store
from rag.assistant import Assistant
from rag.config import AnswerConfig
from rag.reader.calibration import Calibration
from rag.retrieval.retrieve import Retriever


class Recorder(FakeEncoder):
    """Notes what it is asked to encode, and takes its time for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.calls: list[list[str]] = []

    def encode_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> FloatMatrix:
        self.calls.append(list(texts))
        time.sleep(self.seconds)
        return super().encode_passages(texts, on_progress)


def figure(part: Part, what: str) -> Figure:
    (found,) = [figure for figure in part.figures if figure.what == what]
    return found


def test_quantiles_lie_between_the_measurements_in_proportion() -> None:
    taken = Figure("x", "ms", (30.0, 10.0, 20.0))
    assert [taken.at(0), taken.at(0.5), taken.at(0.75), taken.at(1)] == [10.0, 20.0, 25.0, 30.0]
    assert Figure("x", "ms", ()).at(0.5) is None


def test_texts_grow_from_the_articles_and_are_the_same_for_a_seed() -> None:
    grown = list(islice(grow(ARTICLES, seed=1), 12))
    assert grown[:5] == list(ARTICLES)
    assert grown == list(islice(grow(ARTICLES, seed=1), 12))
    assert grown != list(islice(grow(ARTICLES, seed=2), 12))
    assert len({article.id for article in grown}) == 12


def test_a_copy_has_the_words_of_the_articles_and_tells_something_else() -> None:
    first, copy = (article.text.split() for article in islice(grow(ARTICLES, seed=1), 0, 6, 5))
    known = {word.strip(".,%") for article in ARTICLES for word in article.text.split()}
    assert len(copy) == len(first)
    assert all(word.strip(".,%") in known for word in copy if not any(map(str.isdigit, word)))
    assert 0.4 < np.mean([a == b for a, b in zip(first, copy, strict=True)]) < 0.9


def test_a_folder_or_file_without_articles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"id": "1", "text": "Một bài viết."}\n', encoding="utf-8")
    assert [article.text for article in read_texts(tmp_path / "rows.jsonl")] == ["Một bài viết."]
    (tmp_path / "empty").mkdir()
    with pytest.raises(EvaluationError, match="holds no article"):
        read_texts(tmp_path / "empty")


def test_a_store_is_filled_to_the_exact_number_and_grown_further(tmp_path: Path) -> None:
    encoder = RandomPassages(FakeEncoder())
    store = Store.create(tmp_path, encoder.name, encoder.dimension, chunk_tokens=20)
    articles = grow(ARTICLES, seed=1)
    for size in (7, 50):
        fill(store, articles, encoder, size)
        assert store.database.counts().chunks == size
        assert store.snapshot().vectors.size == store.snapshot().lexical.size == size
    store.close()


def test_drawn_vectors_are_units_of_their_text_and_as_near_as_real_ones() -> None:
    encoder = RandomPassages(FakeEncoder())
    drawn = encoder.encode_passages(["một", "hai", "một"])
    assert np.linalg.norm(drawn, axis=1) == pytest.approx([1, 1, 1], abs=1e-6)
    assert drawn[0].tolist() == drawn[2].tolist() != drawn[1].tolist()
    assert float(drawn[0] @ drawn[1]) == pytest.approx(0.8, abs=0.1)
    assert encoder.encode_queries(["một"]).tolist() == FakeEncoder().encode_queries(["một"]).tolist()


def test_the_ratio_compares_the_same_texts_in_one_round() -> None:
    quick, slow = Recorder(0.05), Recorder(0.15)
    passages = [article.text for article in ARTICLES]
    part = measure_encoding(quick, slow, passages, rounds=2)
    assert quick.calls == slow.calls == [passages[:4], passages, passages]
    ours, theirs = (
        figure(part, name).values for name in ("passages, this encoder", "passages, torch float32")
    )
    ratios = figure(part, "times as fast").values
    assert ratios == pytest.approx([fast / base for fast, base in zip(ours, theirs, strict=True)])
    assert all(1 < ratio < 4 for ratio in ratios)
    assert figure(part, "least cosine of the two").values == pytest.approx((1.0,))


def test_the_longest_passages_are_encoded() -> None:
    chosen = full_passages(ARTICLES, FakeEncoder(), tokens=20, count=3)
    every = full_passages(ARTICLES, FakeEncoder(), tokens=20, count=1000)
    lengths = sorted((len(text.split()) for text in every), reverse=True)
    assert sorted((len(text.split()) for text in chosen), reverse=True) == lengths[:3]
    assert lengths[0] <= 20


def test_searches_are_measured_at_the_sizes_asked_for(tmp_path: Path) -> None:
    questions = ["Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?", "Tỷ lệ hộ nghèo của huyện Ba Sen?"]
    part = measure_search(tmp_path, grow(ARTICLES, seed=1), FakeEncoder(), questions, (40, 20), 20)
    assert part.facts["chunks"] == "20/40"
    assert [item.what for item in part.figures] == [
        f"{size} chunks, {kind}" for size in (20, 40) for kind in ("accented", "unaccented")
    ]
    assert all(len(item.values) == 2 for item in part.figures)


def test_an_unchanged_folder_is_synced_as_often_as_told(tmp_path: Path) -> None:
    part = measure_sync(tmp_path, grow(ARTICLES, seed=1), FakeEncoder(), 8, 60, command=())
    assert part.facts["articles"] == 8
    assert len(list((tmp_path / "articles").iterdir())) == 8
    assert len(figure(part, "unchanged, within a process").values) == 5
    assert figure(part, "unchanged, the command").values == ()


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    failing = (sys.executable, "-c", "import sys; sys.exit('no model')")
    with pytest.raises(EvaluationError, match="no model"):
        measure_sync(tmp_path, grow(ARTICLES, seed=1), FakeEncoder(), 2, 60, command=failing)


def test_answers_are_timed_and_refusals_counted_apart(store: Store) -> None:
    question = "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?"
    generator = FakeGenerator(*["Huyện kết nạp 82 đảng viên mới."] * 6)

    def assistant(passages: int) -> Assistant:
        bias = 10 if passages == 1 else -10
        calibration = Calibration(weights={}, bias=bias, sure=0.5, perhaps=0.5, supported=0.5)
        retriever = Retriever(store, FakeEncoder(), FakeMessages())
        return Assistant(retriever, FakeReader(), generator, calibration, AnswerConfig(passages=passages))

    part = measure_answers(assistant, [question, question], passages=(1, 2))
    assert part.facts["without the model"] == 2
    first, whole = figure(part, "1 passage: first word").values, part.figures[1].values
    assert len(first) == 2
    assert all(0 < begun < ended for begun, ended in zip(first, whole, strict=True))
    assert figure(part, "2 passages: first word").values == ()


def test_the_table_shows_medians_and_memory() -> None:
    part = Part("search", (Figure("100 chunks", "ms", (2.0, 4.0, 3.0)),), {"questions": 3}, 1_500_000_000)
    head, _, row, foot = speed_table([part]).splitlines()
    assert head.split() == ["search", "median", "5%", "95%", "unit", "n"]
    assert row.split() == ["100", "chunks", "3", "2.1", "3.9", "ms", "3"]
    assert foot == "peak memory 1.50 GB; questions 3"


def test_an_unknown_part_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "encode,nothing"])
    assert "unknown: nothing; there are encode, search, sync, answer" in capsys.readouterr().err


@pytest.mark.slow
def test_an_error_in_the_part_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "sync", "--texts", str(tmp_path), "--articles", "1"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("hoidap: ")


@pytest.mark.model
@pytest.mark.usefixtures("real_models")
def test_json_carries_every_measurement_and_its_origin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "search", "--sizes", "60", "--seed", "3", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["seed"] == 3
    assert printed["machine"]["cores"] >= 1
    (part,) = printed["parts"]
    assert part["facts"]["chunks"] == "60"
    assert part["peak_bytes"] > 50_000_000
    assert len(part["figures"][0]["values"]) == part["facts"]["questions"]
