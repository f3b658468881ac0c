"""Weights and chunk sizes are compared by hand-made scores and a tiny store."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from fakes import FakeEncoder

from eval.schema import Evidence, Question
from eval.tune import _Scored, recall, tune_chunks, tune_weights
from index.search import Weights
from index.store import Store
from rag.retrieve import Retriever

ASKED = Question(
    "1",
    "number",
    "dev",
    "Huyện kết nạp bao nhiêu đảng viên?",
    (("82",),),
    (Evidence("kim-lien.txt", "kết nạp 82 đảng viên mới"),),
)


def test_recall_follows_the_weights() -> None:
    # Cosines 0.9 and 0.8 are 1 and 0 after centring; the second candidate holds the evidence.
    scored = _Scored(
        np.array([0.9, 0.8], np.float32), np.array([0.2, 0.5], np.float32), np.array([[False], [True]])
    )

    assert scored.ranks(Weights(dense=0.0, lexical=1.0)) == [1]
    assert scored.ranks(Weights(dense=1.0, lexical=1.0)) == [2]
    assert recall([scored], Weights(dense=1.0, lexical=1.0), 1) == 0
    assert recall([scored], Weights(dense=1.0, lexical=1.0), 2) == 1


def test_every_weight_is_tried_with_and_without_accents(store: Store, encoder: FakeEncoder) -> None:
    lines = list(tune_weights(Retriever(store, encoder), [ASKED]))

    assert [line for line in lines if "questions" in line] == [
        "1 questions with accents; in force 0.25",
        "1 questions without accents; in force 0.05",
    ]
    assert lines[2].split() == ["0.00", "1.000", "1.000", "1.000", "1.000"]


def test_each_size_is_indexed_and_searched(articles_folder: Path, encoder: FakeEncoder) -> None:
    head, small, large = tune_chunks(articles_folder, encoder, [ASKED], [12, 400])

    assert head.split()[:2] == ["tokens", "chunks"]
    assert large.split() == ["400", "5", "1.000", "1.000", "1.000"]
    assert int(small.split()[1]) > 5
