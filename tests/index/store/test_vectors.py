from __future__ import annotations

import numpy as np
import pytest

from index.store.local.vectors import COMPARED, VectorIndex, VectorSegment

VECTORS = np.eye(4, dtype=np.float32)


def built(*parts: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> VectorIndex:
    return VectorIndex.of([VectorSegment.build(part.astype(np.float16)) for part in parts])


def test_nearest_come_first_and_cosines_are_inner_products() -> None:
    question = np.array([0.6, 0.8, 0, 0], dtype=np.float32)
    assert built(VECTORS).search(question, 2).tolist() == [1, 0]
    assert built(VECTORS).cosines(question, np.array([0, 2])) == pytest.approx([0.6, 0.0], abs=1e-3)


def test_filtered_positions_are_not_found() -> None:
    allowed = np.array([True, False, False, False])
    assert built(VECTORS).search(VECTORS[1], 4, allowed).tolist() == [0]


def test_segments_are_searched_as_one() -> None:
    parts = built(VECTORS[:1], VECTORS[1:1], VECTORS[1:])
    assert parts.size == 4
    assert parts.search(VECTORS[3], 1).tolist() == [3]
    assert parts.cosines(VECTORS[3], np.array([3, 0])).tolist() == [1.0, 0.0]


def test_an_empty_index_finds_nothing() -> None:
    assert built(VECTORS[:0]).search(VECTORS[0], 3).tolist() == []
    assert built().search(VECTORS[0], 3).tolist() == []


def clustered(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Vectors around 50 centres, as texts on 50 subjects are, in the half precision of the database."""
    generator = np.random.default_rng(0)
    centres = generator.standard_normal((50, 32))
    vectors = centres[generator.integers(0, 50, count)] + 0.3 * generator.standard_normal((count, 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


def test_few_vectors_are_all_compared() -> None:
    vectors = clustered(2000)
    exact = built(vectors[:700], vectors[700:])
    for vector in vectors[:50]:
        assert (
            exact.search(vector, 10).tolist() == np.argsort(-(vectors @ vector), kind="stable")[:10].tolist()
        )


def test_half_precision_keeps_what_the_database_holds() -> None:
    vectors = clustered(100)
    assert built(vectors).cosines(vectors[3], np.arange(100)) == pytest.approx(vectors @ vectors[3])


@pytest.mark.parametrize("borders", [[], [9_000], [3_000, 6_000, 9_000, 12_000]])
def test_among_many_nearly_all_of_the_nearest_are_found(borders: list[int]) -> None:
    vectors = clustered(5 * COMPARED)
    many = built(*np.split(vectors, borders))
    shared = [
        len(set(many.search(vector, 10)) & set(np.argsort(-(vectors @ vector))[:10])) / 10
        for vector in vectors[:100]
    ]
    assert np.mean(shared) >= 0.99


def test_among_many_nothing_is_missed_that_a_filter_allows() -> None:
    vectors = clustered(5 * COMPARED)
    many = built(*np.split(vectors, [9_000]))
    few, half = np.zeros(len(vectors), dtype=bool), np.arange(len(vectors)) % 2 == 0
    few[[7, 1500, 19_999]] = True
    assert sorted(many.search(vectors[0], 10, few).tolist()) == [7, 1500, 19_999]
    cosines = np.where(half, vectors @ vectors[0], -1)
    assert len(set(many.search(vectors[0], 10, half)) & set(np.argsort(-cosines)[:10])) >= 9
