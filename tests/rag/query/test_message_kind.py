"""What tells messages apart: its arithmetic, its file, and, with the real encoder, what it says of plain examples."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder

from eval.benchmarks.messages import Message, outcome_table, put, read_messages
from index.store.store import Store
from rag.assemble import open_encoder, open_message_classifier
from rag.config import Config
from rag.errors import ConfigError
from rag.query.message_kind import (
    BUCKETS,
    ClassifierWeights,
    TrainedMessageClassifier,
    features,
    load_weights,
    most_likely_kind,
    probabilities,
    save_weights,
)
from rag.retrieval.retrieve import Retriever
from rag.schema import MessageKind
from rag.training.messages import follow_up_rows, kind_rows

WRITTEN = Path(__file__).parents[3] / "rag" / "training" / "written"


def test_a_message_is_a_question_unless_it_is_surely_something_else() -> None:
    names: tuple[MessageKind, ...] = ("greeting", "question", "thanks")
    shares = probabilities(np.log(np.array([0.3, 0.5, 0.2], dtype=np.float32)))
    assert shares == pytest.approx([0.3, 0.5, 0.2], abs=1e-5)
    assert most_likely_kind(shares, names, 0.6) == "question"
    assert most_likely_kind(shares, names, 0.4) == "greeting"


def test_features_are_a_centred_direction_words_and_shape() -> None:
    vectors = np.array([[3, 4], [1, 0]], dtype=np.float32)
    values = features(["xin chào bạn", "ai?\nkhi nào?"], vectors, np.zeros(2, dtype=np.float32))
    assert values.shape == (2, 2 + BUCKETS + 5)
    assert values[:, :2] == pytest.approx(np.array([[0.6, 0.8], [1, 0]]), abs=1e-5)
    # Three syllables and two pairs, together of length 1.5.
    assert np.sort(values[0, 2:-5])[-6:] == pytest.approx([0] + [1.5 / 5**0.5] * 5, abs=1e-5)
    assert values[0, -4:].tolist() == pytest.approx([0, 0, 0, 1])
    assert values[1, -4:].tolist() == pytest.approx([2 / 3, 1, 0, 1])


def test_weights_are_kept_and_used(tmp_path: Path) -> None:
    size = FakeEncoder.dimension + BUCKETS + 5
    kinds = np.zeros((size, 2), dtype=np.float32)
    kinds[FakeEncoder.dimension + BUCKETS + 1] = (0, 9)  # a question mark
    is_follow_up = np.zeros(size, dtype=np.float32)
    is_follow_up[-1] = 1  # at most three syllables
    weights = ClassifierWeights(
        ("greeting", "question"), np.zeros(FakeEncoder.dimension, dtype=np.float32), kinds,
        np.array([1, 0], dtype=np.float32), is_follow_up, -0.5, 0.5, "fake-encoder",
    )  # fmt: skip
    save_weights(weights, tmp_path / "m.safetensors")
    messages = TrainedMessageClassifier(FakeEncoder(), load_weights(tmp_path / "m.safetensors"))
    assert messages.kind("xin chào") == "greeting"
    assert messages.kind("xin chào ai vậy?") == "question"
    assert messages.is_follow_up("còn ai?") and not messages.is_follow_up("ai là chủ tịch xã?")
    (tmp_path / "bad.safetensors").write_bytes(b"no")
    with pytest.raises(ConfigError, match="install the program again"):
        load_weights(tmp_path / "bad.safetensors")


@pytest.mark.slow
def test_what_is_measured_is_not_learnt_and_forms_are_filled() -> None:
    rows = kind_rows(WRITTEN, random.Random(1))
    learnt = {row.text for row in rows if row.split == "train"}
    assert not learnt & {row.text for row in rows if row.split == "dev"}
    assert not any("{" in row.text for row in rows if row.label in ("find", "count", "source"))
    assert {row.label for row in follow_up_rows(WRITTEN)} == {"follow_up", "standalone"}
    assert not learnt & {one.message for one in read_messages()}


def test_what_an_answer_must_cite_and_say(store: Store) -> None:
    class Counts:
        def kind(self, text: str) -> MessageKind:
            return "count"

        def is_follow_up(self, text: str) -> bool:
            return False

    retriever = Retriever(store, FakeEncoder(), Counts())
    right = put(retriever, Message("có bao nhiêu bài về huyện", "count", (), ("Có 2 bài",)))
    assert right.right is True and right.kind == "count"
    wrong = put(retriever, Message("có bao nhiêu bài về huyện", "count", ("cau",), ()))
    assert wrong.right is False
    assert outcome_table([right, wrong]).rstrip().split("\n")[-1].split() == ["all", "2", "2", "2", "1"]


@pytest.mark.usefixtures("real_models")
def test_the_trained_models_on_what_people_type_most() -> None:
    messages = open_message_classifier(Config(), open_encoder(Config()))
    for message, kind in {
        "xin chào": "greeting",
        "cảm ơn bạn nhiều": "thanks",
        "bạn làm được những gì?": "about",
        "Bài nào nói về trồng rừng?": "find",
        "có bao nhiêu bài về lễ hội": "count",
        "Tóm tắt bài Khánh thành cầu Suối Đá": "summary",
        "Giá vàng hôm nay bao nhiêu?": "question",
        "Xã Khe Mây có bao nhiêu hộ nghèo?": "question",
        "Ai chủ trì hội nghị?": "question",
    }.items():
        assert messages.kind(message) == kind, message
    assert not messages.is_follow_up("Giá vàng hôm nay bao nhiêu?")
    assert not messages.is_follow_up("xã An Kỳ có bao nhiêu hộ nghèo")
    assert messages.is_follow_up("Còn năm 2019 thì sao?") and messages.is_follow_up("Ông ấy quê ở đâu?")
