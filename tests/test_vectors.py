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


def clustered(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Vectors around 50 centres, as texts on 50 subjects are, in the half precision of the database."""
    generator = np.random.default_rng(0)
    centres = generator.standard_normal((50, 32))
    vectors = centres[generator.integers(0, 50, count)] + 0.3 * generator.standard_normal((count, 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


def test_exact_search_is_the_order_of_all_inner_products() -> None:
    vectors = clustered(2000)
    built = VectorIndex.build(vectors)
    for vector in vectors[:50]:
        assert (
            built.search(vector, 10).tolist() == np.argsort(-(vectors @ vector), kind="stable")[:10].tolist()
        )


def test_half_precision_keeps_what_the_database_holds() -> None:
    vectors = clustered(100)
    assert VectorIndex.build(vectors).cosines(vectors[3], np.arange(100)) == pytest.approx(
        vectors @ vectors[3]
    )


def test_the_kind_of_search_follows_the_number_of_vectors() -> None:
    vectors = clustered(3000)
    sizes = (1000, 3000, 1001, 1000)
    assert [VectorIndex.build(vectors[:size], exact_limit=1000).exact for size in sizes] == [
        True,
        False,
        False,
        True,
    ]


def test_approximate_search_finds_nearly_all_of_the_nearest() -> None:
    vectors = clustered(4000)
    exact, lists = VectorIndex.build(vectors), VectorIndex.build(vectors, exact_limit=1000)
    shared = [
        len(set(exact.search(vector, 10)) & set(lists.search(vector, 10))) / 10 for vector in vectors[:200]
    ]
    assert np.mean(shared) > 0.9
    assert lists.cosines(vectors[0], np.arange(100)) == pytest.approx(vectors[:100] @ vectors[0], abs=0.02)


def test_approximate_search_misses_nothing_that_a_filter_allows(tmp_path: Path) -> None:
    vectors = clustered(4000)
    allowed = np.zeros(4000, dtype=bool)
    allowed[[7, 1500, 3999]] = True
    VectorIndex.build(vectors, exact_limit=1000).save(tmp_path / "v.faiss")
    loaded = VectorIndex.load(tmp_path / "v.faiss")
    assert not loaded.exact
    assert sorted(loaded.search(vectors[0], 10, allowed).tolist()) == [7, 1500, 3999]
