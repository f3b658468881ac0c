"""The reader's rows, its network in both engines, and its training, on a small random encoder made here."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.encoding.tokens import padded
from index.errors import ModelError
from rag.reader.model import NetworkReader, Reader
from rag.reader.network import TorchNetwork
from rag.reader.pairs import PAD, PairTokenizer
from tests.support.tiny_encoder import make_folder
from tests.support.training_maker import make_training_folder

pytestmark = pytest.mark.slow

QUESTION, HEADING, PASSAGE = "kết nạp ?", "huyện", "kết nạp 82 đảng viên mới năm 2018"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder that can hold a question and a passage."""
    return make_folder(tmp_path_factory.mktemp("models") / "bert", "bert", "mean", {}, positions=400)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_training_folder(tmp_path_factory.mktemp("training") / "data")


@pytest.fixture(scope="module")
def trained(folder: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a short training wrote."""
    out = tmp_path_factory.mktemp("trained")
    train_until(200, folder, data, out)
    return out


def train_until(rows: int, folder: Path, data: Path, out: Path, start: Path | None = None) -> None:
    from rag.training.reader import Recipe, train

    train([data], folder, out, Recipe(rows=rows, rate=1e-3), start, None)


def test_a_row_tells_where_the_passage_lies(folder: Path) -> None:
    tokenizer = PairTokenizer(folder / "tokenizer.json")
    rows = tokenizer.rows("năm 2018 ?", [("huyện", "kết nạp 82"), ("", "đảng viên " * 180)])

    # <s> năm 2018 ? </s></s> huyện </s> kết nạp 82 </s>
    assert len(rows[0].ids) == 12
    assert rows[0].first == 8
    assert rows[0].spans == [(0, 3), (4, 7), (8, 10)]
    ids, mask = padded([row.ids for row in rows], PAD)
    assert ids.shape == (2, 368)
    assert mask.sum(axis=1).tolist() == [12, 368]


def test_a_long_passage_becomes_rows_that_overlap(folder: Path) -> None:
    rows = PairTokenizer(folder / "tokenizer.json").rows("năm ?", [("", "kết"), ("", "đảng viên " * 400)])

    # <s> năm ? </s></s> </s> leave room for 377 tokens of 384; each row begins 64 tokens before the last one's end.
    assert [row.passage for row in rows] == [0, 1, 1, 1]
    assert [len(row.ids) for row in rows] == [8, 384, 384, 181]
    assert [row.spans[0][0] for row in rows[1:]] == [0, 5 * 313, 5 * 626]
    assert rows[3].spans[-1] == (3995, 3999)


def test_a_claim_is_one_row(folder: Path) -> None:
    tokenizer = PairTokenizer(folder / "tokenizer.json")
    row = tokenizer.verdict_row("năm ?", "82", "huyện", "kết nạp 82", number=3)
    asked, said, name, *told = 11, 7, 4, 5, 6, 7
    # <s> năm ? </s></s> 82 </s></s> huyện </s> kết nạp 82 </s>
    assert row.ids == [0, asked, 16, 2, 2, said, 2, 2, name, 2, *told, 2]
    assert (row.passage, row.first) == (3, 10)
    long = tokenizer.verdict_row("năm " * 99, "82 " * 999, "huyện " * 99, "kết " * 999)
    assert len(long.ids) == 384


class Replay:
    """A network that sees one token of each row begin and end the answer; later rows are surer."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.rows = 0

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        tokens = np.zeros((*ids.shape, 4), np.float32)
        passage = np.zeros((len(ids), 4), np.float32)
        for number, row in enumerate(ids):
            self.rows += 1
            first = int(np.flatnonzero(row == 2)[2]) + 1
            tokens[number, first + self.at, :2] = self.rows
            passage[number] = (self.rows, 9, 0, 0)
        return tokens, passage


def test_passages_and_claims_come_back_in_their_order(folder: Path) -> None:
    reader: Reader = NetworkReader("replay", folder / "tokenizer.json", Replay(1))
    long, short = reader.read("kết ?", [("", "kết nạp 82 đảng viên mới"), ("", "mới năm")])
    # Short rows are read first: the second passage is row 1, the first is row 2.
    assert (long.answerable, short.answerable) == (2, 1)
    assert (long.span.start, long.span.end, long.span.margin) == (4, 7, 4)  # "nạp", 2 + 2
    judged = reader.judge([("?", "82", "", "82"), ("?", "mới năm", "", "82")])
    assert [one.supported for one in judged] == pytest.approx([0.99975, 0.99975], abs=1e-5)  # e^9 / (e^9 + 2)
    assert reader.read("?", []) == []
    assert reader.judge([]) == []


def test_a_passage_longer_than_a_row_is_read_in_parts(folder: Path) -> None:
    network = Replay(0)
    (found,) = NetworkReader("replay", folder / "tokenizer.json", network).read(
        "?", [("", "đảng viên " * 400)]
    )
    assert network.rows == 3
    assert (found.answerable, found.span.margin) == (3, 6)


def test_what_is_learnt_makes_the_loss_smaller(folder: Path, data: Path) -> None:
    from itertools import islice

    import torch

    from rag.reader.network import build_network
    from rag.training.data import read_training_data
    from rag.training.examples import ExampleMaker
    from rag.training.losses import losses_of, reading_target, verdict_target
    from rag.training.verdicts import VerdictMaker

    rows = read_training_data([data])
    tokenizer = PairTokenizer(folder / "tokenizer.json")
    targets = [reading_target(row, tokenizer) for row in islice(ExampleMaker(rows, 1).reading(), 24)]
    batch = [target for target in targets if target is not None]
    batch += [verdict_target(row, tokenizer) for row in islice(VerdictMaker(rows, 1).verdicts(), 12)]
    torch.manual_seed(1)
    network = build_network(folder)
    optimiser = torch.optim.AdamW([one for one in network.parameters() if one.requires_grad], lr=3e-3)
    losses = []
    for _ in range(30):
        parts = losses_of(network, batch)
        total = sum(parts.values(), torch.tensor(0.0))
        total.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(total.detach()))
    assert set(parts) == {"answerable", "span", "sentence", "choice", "inside", "verdict"}
    assert losses[-1] < 0.8 * losses[0]


def test_the_telling_sentence_competes_with_all_others_of_its_question() -> None:
    import torch

    from rag.training.losses import choice_loss

    weights = torch.tensor([2.0, 0.0, 1.0, 3.0, 5.0])
    telling = torch.tensor([True, False, False, True, False])
    one = torch.logsumexp(weights[:3], 0) - 2.0
    other = torch.logsumexp(weights[3:], 0) - 3.0
    assert choice_loss(weights, telling, [[0, 1, 2]]) == one
    assert choice_loss(weights, telling, [[0, 1, 2], [3, 4]]) == (one + other) / 2
    assert choice_loss(weights, telling, [[0], [1, 2]]) == 0  # nothing to choose from, nothing that tells


def test_training_goes_on_where_it_stopped(folder: Path, data: Path, tmp_path: Path) -> None:
    import torch

    train_until(100, folder, data, tmp_path)
    first = torch.load(tmp_path / "state.pt", weights_only=True)
    train_until(100, folder, data, tmp_path)  # nothing is left to learn
    assert torch.load(tmp_path / "state.pt", weights_only=True)["done"] == first["done"]
    train_until(300, folder, data, tmp_path)
    second = torch.load(tmp_path / "state.pt", weights_only=True)

    assert 100 <= first["done"] < 300 <= second["done"]
    changed = "encoder.encoder.layer.1.output.dense.weight"
    assert not torch.equal(first["weights"][changed], second["weights"][changed])
    assert not any("embeddings" in name for name in second["weights"])
    assert second["optimiser"]["state"][0]["step"] > first["optimiser"]["state"][0]["step"]


def test_training_begins_with_earlier_weights(
    folder: Path, data: Path, trained: Path, tmp_path: Path
) -> None:
    from rag.reader.network import build_network, load_trained
    from rag.training.reader import _start_from

    fresh, expected = build_network(folder), build_network(folder)
    _start_from(fresh, trained / "weights.safetensors")
    load_trained(expected, trained / "weights.safetensors")
    for name, value in expected.state_dict().items():
        assert np.array_equal(fresh.state_dict()[name].numpy(), value.numpy()), name


def test_the_mean_of_what_was_and_what_is_learnt_is_written_too(
    folder: Path, data: Path, trained: Path, tmp_path: Path
) -> None:
    from safetensors.numpy import load_file

    train_until(600, folder, data, tmp_path, trained / "weights.safetensors")
    start, learnt, mean = (
        load_file(path)["token.weight"].astype(np.float32)
        for path in (
            trained / "weights.safetensors", tmp_path / "weights.safetensors", tmp_path / "mean.safetensors",
        )
    )  # fmt: skip
    assert np.abs(learnt - start).max() > 2e-3
    assert np.allclose(mean, (start + learnt) / 2, atol=2e-4)


def rows_of(folder: Path) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    tokenizer = PairTokenizer(folder / "tokenizer.json")
    yield padded([row.ids for row in tokenizer.rows(QUESTION, [(HEADING, PASSAGE), ("", "năm 2018")])], PAD)
    yield padded([tokenizer.verdict_row(QUESTION, "82", HEADING, PASSAGE).ids], PAD)


def test_the_written_weights_are_those_that_were_learnt(folder: Path, trained: Path) -> None:
    import torch

    from rag.reader.network import build_network

    network = build_network(folder).eval()
    network.load_state_dict(torch.load(trained / "state.pt", weights_only=True)["weights"], strict=False)
    for ids, mask in rows_of(folder):
        with torch.no_grad():
            tokens, passage = network(torch.from_numpy(ids), torch.from_numpy(mask))
        found_tokens, found_passage = TorchNetwork(folder, trained / "weights.safetensors")(ids, mask)
        assert found_tokens == pytest.approx(tokens.numpy(), abs=0.01)  # they are written in half precision
        assert found_passage == pytest.approx(passage.numpy(), abs=0.01)


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="the extra 'fast' is not installed")
def test_the_fast_engine_reads_as_torch_does(folder: Path, trained: Path) -> None:
    from rag.reader.openvino_network import OpenVinoNetwork

    slow, fast = (
        engine(folder, trained / "weights.safetensors") for engine in (TorchNetwork, OpenVinoNetwork)
    )
    for ids, mask in rows_of(folder):
        tokens, passage = slow(ids, mask)
        fast_tokens, fast_passage = fast(ids, mask)
        assert fast_tokens.shape == (*ids.shape, 4)
        # Its layers are kept in 8 bits.
        assert fast_tokens[mask == 1] == pytest.approx(tokens[mask == 1], abs=0.1)
        assert fast_passage == pytest.approx(passage, abs=0.1)


def test_weights_of_something_else_are_told(folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"other.weight": np.zeros(3, np.float16)}, tmp_path / "w.safetensors")
    with pytest.raises(ModelError, match=r"was not trained for this encoder: other\.weight"):
        TorchNetwork(folder, tmp_path / "w.safetensors")(*next(rows_of(folder)))
