from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from fakes import FakeEncoder

from eval.benchmarks.engines import agreements, table
from eval.schema import Evidence, Question
from index.store.copy import copy_store
from index.store.milvus.connection import MilvusAt
from index.store.store import Store

pytestmark = pytest.mark.slow

ASKED = (
    Question(
        "1",
        "fact",
        "dev",
        "Huyện Kim Liên kết nạp bao nhiêu đảng viên mới?",
        (),
        (Evidence("kim-lien.txt", ""),),
    ),
    Question("2", "fact", "dev", "Cầu Suối Đá dài bao nhiêu mét?", (), (Evidence("cau.txt", ""),)),
    Question("3", "fact", "dev", "HTX chè bán bao nhiêu tấn chè?", (), (Evidence("che.txt", ""),)),
    Question("4", "fact", "dev", "Hiệu trưởng là ai?", ()),
    Question("5", "fact", "dev", "Tỷ lệ hộ nghèo của huyện Ba Sen?", (), (Evidence("ba-sen.txt", ""),)),
)


def test_milvus_finds_what_is_found_locally_with_and_without_accents_and_filters(
    store: Store, tmp_path: Path, encoder: FakeEncoder
) -> None:
    Store.create(tmp_path / "copy", encoder.name, encoder.dimension, 60).close()
    with closing(Store.open(tmp_path / "copy", milvus=MilvusAt(str(tmp_path / "m.db")))) as copy:
        copy_store(store, copy)
        rows = list(agreements(store, copy, ASKED, encoder))
    assert len(rows) == 8 and {row.asked.partition(",")[0] for row in rows} == {"accented", "unaccented"}
    assert [row.questions for row in rows] == [5, 2, 2, 2] * 2  # every fourth with filters
    assert all(row.recall >= 0.99 and row.worst_score < 1e-5 for row in rows)
    assert table(rows).splitlines()[2].split()[:6] == ["accented,", "all", "5", "1.0000", "1.0000", "0.00000"]
