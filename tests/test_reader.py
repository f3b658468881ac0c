"""The reader's rows and spans, and its training, on a small network made here."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from rag.reader.pairs import PairTokenizer, padded
from rag.reader.spans import best_span
from tests.test_reader_data import ARTICLES
from tests.tiny_encoder import make_folder

TEXT = "Huyện kết nạp 82 đảng viên mới."
OFFSETS = [(0, 5), (6, 9), (10, 13), (14, 16), (17, 21), (22, 26), (27, 30), (30, 31)]


def logits(**at: float) -> np.ndarray:
    row = np.zeros(len(OFFSETS), np.float32)
    for place, value in at.items():
        row[int(place[1:])] = value
    return row


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder that can hold a question and a passage."""
    return make_folder(tmp_path_factory.mktemp("models") / "bert", "bert", "mean", {}, positions=400)


def test_the_best_span_has_the_highest_sum_and_ends_after_it_starts() -> None:
    # Start 3 with end 5: 4 + 3 = 7.  The end at 1 (5) lies before every good start.
    span = best_span(TEXT, OFFSETS, logits(t3=4, t0=1), logits(t5=3, t1=5), not_told=2.0, relevance=1.5)

    assert TEXT[span.start : span.end] == "82 đảng viên"
    assert span.margin == pytest.approx(5.0)
    assert span.relevance == 1.5


def test_a_span_is_widened_to_words_and_loses_its_full_stop() -> None:
    pieces = [(0, 5), (6, 9), (10, 13), (14, 16), (17, 19), (19, 21), (22, 26), (27, 30), (30, 31)]
    row = np.zeros(len(pieces), np.float32)
    starts, ends = row.copy(), row.copy()
    starts[5], ends[8] = 9, 9  # begins inside "đảng", ends with the full stop

    span = best_span(TEXT, pieces, starts, ends, not_told=0, relevance=0)

    assert TEXT[span.start : span.end] == "đảng viên mới"


def test_an_empty_passage_tells_nothing() -> None:
    none = np.zeros(0, np.float32)
    span = best_span("", [], none, none, not_told=0, relevance=0)
    assert (span.start, span.end, span.margin) == (0, 0, -np.inf)


def test_a_row_tells_where_the_passage_lies(folder: Path) -> None:
    tokenizer = PairTokenizer(folder / "tokenizer.json")
    rows = tokenizer.rows("năm 2018 ?", [("huyện", "kết nạp 82"), ("", "đảng viên " * 400)])

    # <s> năm 2018 ? </s></s> huyện </s> kết nạp 82 </s>
    assert len(rows[0].ids) == 12
    assert rows[0].first == 8
    assert rows[0].spans == [(0, 3), (4, 7), (8, 10)]
    assert len(rows[1].ids) == 384
    assert rows[1].ids[-1] == 2
    ids, mask = padded(rows)
    assert ids.shape == (2, 384)
    assert mask.sum(axis=1).tolist() == [12, 384]


def train_a_little(folder: Path, out: Path, examples: int) -> None:
    from rag.reader.train import Recipe, train

    train(ARTICLES, folder, out, Recipe(examples=examples, frozen_layers=1, rate=1e-3))


def test_training_goes_on_where_it_stopped_and_ends_in_a_file(folder: Path, tmp_path: Path) -> None:
    import torch

    train_a_little(folder, tmp_path, 60)
    first = torch.load(tmp_path / "state.pt", weights_only=True)
    train_a_little(folder, tmp_path, 120)
    second = torch.load(tmp_path / "state.pt", weights_only=True)

    assert 60 <= first["done"] < 120 <= second["done"]
    changed = "encoder.encoder.layer.1.output.dense.weight"
    assert not torch.equal(first["weights"][changed], second["weights"][changed])
    assert not any(".layer.0." in name or "embeddings" in name for name in second["weights"])
    assert (tmp_path / "weights.safetensors").stat().st_size < 200_000


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="the extra 'fast' is not installed")
def test_the_fast_engine_reads_as_torch_does(folder: Path, tmp_path: Path) -> None:
    import torch

    from rag.reader.openvino_reader import OpenVinoReader
    from rag.reader.torch_model import build_network

    train_a_little(folder, tmp_path, 60)
    network = build_network(folder, 1).eval()
    network.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True)["weights"], strict=False)
    passages = [("huyện", "kết nạp 82 đảng viên mới năm 2018"), ("", "năm 2018")]
    rows = PairTokenizer(folder / "tokenizer.json").rows("kết nạp ?", passages)
    ids, mask = padded(rows)
    with torch.no_grad():
        spans, relevance = network(torch.from_numpy(ids), torch.from_numpy(mask))

    found = OpenVinoReader(folder, tmp_path / "weights.safetensors").read("kết nạp ?", passages)

    for place, (row, span) in enumerate(zip(rows, found, strict=True)):
        inside = spans[place, row.first : row.first + len(row.spans)].numpy()
        expected = best_span(
            passages[place][1], row.spans, inside[:, 0], inside[:, 1],
            float(spans[place, 0].sum()), float(relevance[place]),
        )  # fmt: skip
        assert span.margin == pytest.approx(expected.margin, abs=0.1)
        assert span.relevance == pytest.approx(expected.relevance, abs=0.1)
