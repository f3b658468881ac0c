from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.vectors import VectorIndex

VECTORS = np.eye(4, dtype=np.float32)


def test_nearest_come_first_and_cosines_are_inner_products() -> None:
    built = VectorIndex.build(VECTORS)
    question = np.array([0.6, 0.8, 0, 0], dtype=np.float32)
    assert built.search(question, 2).tolist() == [1, 0]
    assert built.cosines(question, np.array([0, 2])) == pytest.approx([0.6, 0.0])


def test_filtered_positions_are_not_found() -> None:
    built = VectorIndex.build(VECTORS)
    allowed = np.array([True, False, False, False])
    assert built.search(VECTORS[1], 4, allowed).tolist() == [0]


def test_saved_and_loaded(tmp_path: Path) -> None:
    VectorIndex.build(VECTORS).save(tmp_path / "v.faiss")
    loaded = VectorIndex.load(tmp_path / "v.faiss")
    assert (loaded.size, loaded.dimension) == (4, 4)
    assert loaded.search(VECTORS[3], 1).tolist() == [3]


def test_an_empty_index_finds_nothing() -> None:
    built = VectorIndex.build(np.zeros((0, 4), dtype=np.float32))
    assert built.search(VECTORS[0], 3).tolist() == []


def test_many_vectors_are_compressed_and_still_found() -> None:
    generator = np.random.default_rng(0)
    vectors = generator.standard_normal((2000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    small, exact = VectorIndex.build(vectors, flat_limit=1000), VectorIndex.build(vectors)
    same = [small.search(vector, 1)[0] == exact.search(vector, 1)[0] for vector in vectors[:200]]
    assert np.mean(same) == 1.0
