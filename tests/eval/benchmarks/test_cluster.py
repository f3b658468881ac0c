"""The benchmark of a cluster, as far as it runs without one."""

from __future__ import annotations

from pathlib import Path

from eval.benchmarks.cluster.speed import Speed, measure, table, write_articles


def test_a_plain_sync_is_as_fast_as_its_encoder(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles", 6, seed=1)
    speed = measure(tmp_path / "articles", tmp_path / "store", 0)
    assert speed.workers == 0 and speed.passages >= 12
    assert speed.seconds >= speed.passages / 17


def test_each_sync_has_its_line() -> None:
    told = table([Speed(0, 340, 20.0), Speed(2, 340, 10.0)])
    assert [line.split()[-2:] for line in told.splitlines()[2:]] == [["20.0", "17.0"], ["10.0", "34.0"]]
