from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from fakes import FakeEncoder

from index.schema import Filters
from index.search import Weights, fuse, search
from index.store.store import Store


def found(store: Store, question: str, filters: Filters = Filters()) -> list[str]:
    vector = FakeEncoder().encode_queries([question])[0]
    return [hit.chunk.article.id for hit in search(store, question, vector, 5, filters)]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?", "kim-lien.txt"),
        ("huyen kim lien ket nap bao nhieu dang vien moi", "kim-lien.txt"),
        ("Tỷ lệ hộ nghèo của huyện Ba Sen?", "ba-sen.txt"),
        ("ty le ho ngheo huyen ba sen", "ba-sen.txt"),
        ("hợp tác xã chè bán cho ủy ban nhân dân tỉnh", "che.txt"),
        ("trường trung học phổ thông Đồng Mai", "truong.txt"),
    ],
)
def test_the_right_article_comes_first(store: Store, question: str, article: str) -> None:
    assert found(store, question)[0] == article


def test_filters_hold(store: Store) -> None:
    assert found(store, "huyện", Filters(from_date=date(2020, 1, 1))) != []
    dated = {"ba-sen.txt", "cau.txt"}
    assert set(found(store, "huyện kết nạp đảng viên", Filters(from_date=date(2020, 1, 1)))) <= dated
    assert found(store, "huyện", Filters(sources=("nowhere",))) == []


def test_hits_are_ordered_and_ranked(store: Store) -> None:
    vector = FakeEncoder().encode_queries(["hộ nghèo"])[0]
    hits = search(store, "hộ nghèo", vector, 5)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.lexical < 1 and -1.001 <= hit.dense <= 1.001 for hit in hits)


def test_fusion_is_the_formula_worked_by_hand() -> None:
    fused = fuse(np.array([0.9]), np.array([0.5]), Weights(dense=0.6, lexical=1.0, centre=0.8, spread=0.1))
    assert fused == pytest.approx([0.6 * (0.9 - 0.8) / 0.1 + 0.5])
