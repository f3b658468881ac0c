"""A store that nodes have read is that of a plain sync, whatever the cluster says twice, too late or not at all."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from cluster_maker import assert_same, make_articles
from fakes import FakeEncoder
from tiny_encoder import make_folder

from eval.benchmarks.crash import crash
from eval.benchmarks.in_process import Spoil, read_in_process
from index.cluster.wire import Answer
from index.encoding.openvino_encoder import OpenVinoEncoder
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.store_articles import BATCH_CHUNKS, read_here
from index.sync.sync import SyncProgress, SyncReport, sync

pytest.importorskip("pyarrow")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_articles(tmp_path_factory.mktemp("cluster") / "articles")


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, SyncReport]]:
    encoder = FakeEncoder()
    with closing(
        Store.create(tmp_path_factory.mktemp("plain") / "s", encoder.name, encoder.dimension, 60)
    ) as store:
        yield store, sync(store, folder, encoder)


def said_twice(answers: Iterator[Answer]) -> Iterator[Answer]:
    """Every answer again after up to forty others, as when a node dies and its work is done once more."""
    chance = random.Random(7)
    doubled: list[Answer] = []
    for answer in answers:
        yield answer
        doubled.append(answer)
        if chance.random() < 0.1:
            yield from doubled[-chance.randrange(1, 40) :]


def some_lost(answers: Iterator[Answer]) -> Iterator[Answer]:
    chance = random.Random(8)
    return (answer for answer in answers if chance.random() > 0.05)


def cut_short(answers: Iterator[Answer]) -> Iterator[Answer]:
    return islice(answers, 60)


def not_encoded(answers: Iterator[Answer]) -> Iterator[Answer]:
    return (Answer(a.number, a.place, a.kind, a.article, a.unreadable) for a in answers)


def nothing_said(answers: Iterator[Answer]) -> Iterator[Answer]:
    return iter(())


@pytest.mark.parametrize(
    ("spoil", "is_whole"),
    [
        (iter, True),
        (said_twice, True),
        (not_encoded, True),
        (some_lost, False),
        (cut_short, False),
        (nothing_said, False),
    ],
)
def test_the_store_and_the_report_are_those_of_a_plain_sync(
    spoil: Spoil, is_whole: bool, folder: Path, plain: tuple[Store, SyncReport], tmp_path: Path
) -> None:
    encoder, here = FakeEncoder(), list[str]()
    progress: list[SyncProgress] = []
    with closing(Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)) as store:
        report = sync(
            store, folder, encoder, progress.append, open_reader=read_in_process(encoder, spoil, here.append)
        )
        assert_same(store, plain[0])
        assert verify_store(store, encoder).whole
    assert {problem.source for problem in report.problems} == {"hong.pdf", "rows.jsonl#61"}
    assert (report.problems, report.articles, report.files) == (
        plain[1].problems, plain[1].articles, plain[1].files,
    )  # fmt: skip
    assert (progress[-1].done_bytes, progress[-1].chunks) == (progress[-1].total_bytes, report.chunks)
    assert (here == []) == is_whole


class Killed(BaseException):
    """Stands for a killed process: nothing catches it."""


def test_a_sync_that_was_killed_encodes_only_the_rest(tmp_path: Path) -> None:
    folder = make_articles(tmp_path / "articles", files=20, rows=700)
    encoder = FakeEncoder()

    def killed(answers: Iterator[Answer]) -> Iterator[Answer]:
        yield from islice(answers, 500)
        raise Killed

    with closing(Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)) as store:
        with pytest.raises(Killed):
            sync(store, folder, encoder, open_reader=read_in_process(encoder, killed))
        stored = store.database.counts().chunks
        assert stored >= BATCH_CHUNKS
        again = FakeEncoder()
        report = sync(store, folder, again, open_reader=read_in_process(again))
        assert again.encoded_passages == report.chunks - stored
        assert verify_store(store, again).whole


def test_syncs_that_nodes_read_and_that_are_killed_at_random_lose_and_double_nothing(tmp_path: Path) -> None:
    report = crash(tmp_path, kills=3, seed=20261129, nodes=True)
    assert (report.violations, report.kills) == ([], 3)


def test_a_changed_row_is_all_that_is_encoded(tmp_path: Path) -> None:
    folder = make_articles(tmp_path / "articles", files=0, rows=40)
    encoder = FakeEncoder()
    with closing(Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)) as store:
        sync(store, folder, encoder, open_reader=read_in_process(encoder))
        rows = folder / "rows.jsonl"
        rows.write_text(rows.read_text().replace("60 h", "61 h"))
        encoder.encoded_passages = 0
        assert sync(store, folder, encoder, open_reader=read_in_process(encoder)).changed == 1
        assert encoder.encoded_passages == 1
        assert "61 hộ" in store.database.article("r20").text


def test_a_file_that_a_node_sees_otherwise_is_read_here(tmp_path: Path) -> None:
    folder = make_articles(tmp_path / "articles", files=3, rows=2)
    encoder, here = FakeEncoder(), list[str]()

    def changed(answers: Iterator[Answer]) -> Iterator[Answer]:
        # After the files were hashed here, and before a node opens them.
        (folder / "001.txt").write_text("Bài mới\n\nXã Đông Hải có 12 thôn.", encoding="utf-8")
        yield from answers

    with closing(Store.create(tmp_path / "s", encoder.name, encoder.dimension, 60)) as store:
        sync(store, folder, encoder, open_reader=read_in_process(encoder, changed, here.append))
        assert here == ["001.txt"]
        assert "12 thôn" in store.database.article("001.txt").text
        assert sync(store, folder, encoder).changed == 1  # what was hashed was the old one


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="the extra 'fast' is not installed")
def test_vectors_of_a_real_graph_differ_by_no_more_than_rounding(tmp_path: Path) -> None:
    model = make_folder(tmp_path / "model", "bert", "mean", {"passage": "passage : "}, positions=64)
    folder = make_articles(tmp_path / "articles", files=20, rows=60)
    stores = []
    for name, threads, spoil in (("here", 0, None), ("nodes", 1, said_twice)):
        encoder = OpenVinoEncoder(model, "tiny", threads=threads)
        store = Store.create(tmp_path / name, encoder.name, encoder.dimension, 30)
        sync(store, folder, encoder, open_reader=read_in_process(encoder, spoil) if spoil else read_here)
        stores.append(store)
    assert_same(stores[0], stores[1])
    for store in stores:
        store.close()
