"""The benchmark of a cluster, as far as it runs without one."""

from __future__ import annotations

import random
from pathlib import Path

from eval.benchmarks.cluster.crash import choose_victims
from eval.benchmarks.cluster.nodes import is_at_work
from eval.benchmarks.cluster.speed import Speed, measure, table, write_articles


def test_a_plain_sync_is_as_fast_as_its_encoder(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles", 6, seed=1)
    speed = measure(tmp_path / "articles", tmp_path / "store", 0)
    assert speed.workers == 0 and speed.passages >= 12
    assert speed.seconds >= speed.passages / 17


def test_each_sync_has_its_line() -> None:
    text = table([Speed(0, 340, 20.0), Speed(2, 340, 10.0)])
    assert [line.split()[-2:] for line in text.splitlines()[2:]] == [["20.0", "17.0"], ["10.0", "34.0"]]


def test_a_killed_worker_is_one_that_reads_or_encodes() -> None:
    assert is_at_work(["ray::MapBatches(read_files)"])
    assert is_at_work(["ray::MapWorker(MapBatches(EncodeArticles)).submit"])
    for name in ("ray::DashboardAgent", "ray::RuntimeEnvAgent", "ray::IDLE", "ray::_StatsActor", "python"):
        assert not is_at_work([name])
    assert not is_at_work([])


def test_a_driver_is_killed_last_and_no_more_than_is_wanted() -> None:
    chance = random.Random(1)
    chosen = [choose_victims(chance, 3) for _ in range(200)]
    assert {len(victims) for victims in chosen} == {1, 2, 3}
    assert {victim for victims in chosen for victim in victims} == {"driver", "worker", "node"}
    assert not any("driver" in victims[:-1] for victims in chosen)
