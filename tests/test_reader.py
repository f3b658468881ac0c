"""The reader's rows and spans, and its training, on a small network made here."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from rag.reader.pairs import PairTokenizer, padded
from rag.reader.reader import NetworkReader
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


def test_the_best_span_is_one_of_the_candidates() -> None:
    number = TEXT.index("82")
    starts, ends = logits(t0=9, t3=1), logits(t7=9, t3=1)
    span = best_span(TEXT, OFFSETS, starts, ends, 2.0, 1.5, [(number, number + 2)])

    assert TEXT[span.start : span.end] == "82"
    assert span.margin == pytest.approx(0.0)  # 1 + 1 - 2


def test_every_sentence_has_its_likeliest_place() -> None:
    text = "Xã có 5 thôn. Có 12 hộ."
    pieces = [(0, 2), (3, 5), (6, 7), (8, 12), (12, 13), (14, 16), (17, 19), (20, 22), (22, 23)]
    starts, ends = np.zeros((2, len(pieces)), np.float32)
    starts[2], ends[3], starts[6], ends[6] = 2, 3, 1, 4

    span = best_span(text, pieces, starts, ends, not_told=2.0, relevance=1.5)

    assert [(text[place.start : place.end], place.certainty) for place in span.places] == [
        ("5 thôn", pytest.approx(4.5)),
        ("12", pytest.approx(4.5)),
    ]


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
    rows = tokenizer.rows("năm 2018 ?", [("huyện", "kết nạp 82"), ("", "đảng viên " * 180)])

    # <s> năm 2018 ? </s></s> huyện </s> kết nạp 82 </s>
    assert len(rows[0].ids) == 12
    assert rows[0].first == 8
    assert rows[0].spans == [(0, 3), (4, 7), (8, 10)]
    ids, mask = padded(rows)
    assert ids.shape == (2, 368)
    assert mask.sum(axis=1).tolist() == [12, 368]


def test_a_long_passage_becomes_rows_that_overlap(folder: Path) -> None:
    rows = PairTokenizer(folder / "tokenizer.json").rows("năm ?", [("", "kết"), ("", "đảng viên " * 400)])

    # <s> năm ? </s></s> </s> leave room for 377 tokens of 384; each row begins 64 tokens before the last one's end.
    assert [row.passage for row in rows] == [0, 1, 1, 1]
    assert [len(row.ids) for row in rows] == [8, 384, 384, 181]
    assert [row.spans[0][0] for row in rows[1:]] == [0, 5 * 313, 5 * 626]
    assert rows[3].spans[-1] == (3995, 3999)


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


class Replay:
    """A network that finds one token in each row: the ``at``-th of the passage, surer in later rows."""

    def __init__(self, *at: int) -> None:
        self.at = list(at)
        self.rows = 0

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        spans = np.zeros((*ids.shape, 2), np.float32)
        first = int(np.flatnonzero(ids[0] == 2)[2]) + 1
        for number in range(len(ids)):
            spans[number, first + self.at[self.rows + number]] = self.rows + number + 1
        self.rows += len(ids)
        return spans, np.arange(len(ids), dtype=np.float32)


def test_the_surest_part_of_a_long_passage_speaks_for_it(folder: Path) -> None:
    network = Replay(
        5, 0, 1
    )  # the shortest row is read first: the passage's end, then its beginning and middle
    (span,) = NetworkReader("replay", folder / "tokenizer.json", network).read(
        "?", [("", "đảng viên " * 400)]
    )

    assert network.rows == 3
    assert span.margin == 6


def test_nothing_is_read_without_passages(folder: Path) -> None:
    assert NetworkReader("replay", folder / "tokenizer.json", Replay()).read("?", []) == []


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="the extra 'fast' is not installed")
def test_both_engines_read_as_the_trained_network_does(folder: Path, tmp_path: Path) -> None:
    import torch

    from rag.reader.openvino_reader import OpenVinoNetwork
    from rag.reader.torch_model import TorchNetwork, build_network

    train_a_little(folder, tmp_path, 60)
    network = build_network(folder, 1).eval()
    network.load_state_dict(torch.load(tmp_path / "state.pt", weights_only=True)["weights"], strict=False)
    rows = PairTokenizer(folder / "tokenizer.json").rows(
        "kết nạp ?", [("huyện", "kết nạp 82 đảng viên mới năm 2018"), ("", "năm 2018")]
    )
    ids, mask = padded(rows)
    with torch.no_grad():
        spans, relevance = network(torch.from_numpy(ids), torch.from_numpy(mask))

    for engine, tolerance in ((TorchNetwork, 0.01), (OpenVinoNetwork, 0.1)):
        found_spans, found_relevance = engine(folder, tmp_path / "weights.safetensors")(ids, mask)
        for place, row in enumerate(rows):
            length = len(row.ids)
            assert found_spans[place, :length] == pytest.approx(spans[place, :length].numpy(), abs=tolerance)
        assert found_relevance == pytest.approx(relevance.numpy(), abs=tolerance)
