"""On a real cluster of three nodes the driver, a worker and a node are killed: nothing is lost, nothing is doubled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from cluster_maker import assert_same, make_articles
from tiny_encoder import make_folder

from eval.benchmarks.cluster.nodes import Nodes, some_nodes, start_driver
from eval.benchmarks.crash import CHUNK_TOKENS, CrashEncoder, generation_of
from index.cluster.ray_cluster import read_on_ray
from index.encoding.openvino_encoder import OpenVinoEncoder
from index.store.store import Store
from index.store.verify import verify_store
from index.sync.sync import sync

pytestmark = [
    pytest.mark.slow,
    # Ray sets settings of its own that it has deprecated, and lets go of processes that still run.
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:ray\..*"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    # Not imported here: what ``some_nodes`` sets counts when it is.
    pytest.mark.skipif(find_spec("ray") is None, reason="needs 'pip install hoidap[ray]'"),
]
SECONDS = 300
"""Seconds until something must have happened, on a computer that is busy with other tests too."""


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with some_nodes() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_articles(tmp_path_factory.mktemp("kills") / "articles", files=60, rows=900)


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    encoder = CrashEncoder()
    place = tmp_path_factory.mktemp("plain") / "s"
    with closing(Store.create(place, encoder.name, encoder.dimension, CHUNK_TOKENS)) as store:
        sync(store, folder, encoder)
        yield store


def until_more_is_stored(store: Path, generation: int = 0) -> int:
    end = time.monotonic() + SECONDS
    while (now := generation_of(store)) <= generation:
        assert time.monotonic() < end, "nothing was stored"
        time.sleep(0.05)
    return now


def test_nothing_is_lost_or_doubled(nodes: Nodes, folder: Path, plain: Store, tmp_path: Path) -> None:
    """The driver is killed; a worker and a node are, of the sync that finishes the rest."""
    store = tmp_path / "s"
    driver = start_driver(store, folder, nodes.address)
    try:
        stored = until_more_is_stored(store)
        assert driver.is_alive()
        driver.kill()
        driver.join(SECONDS)
        driver = start_driver(store, folder, nodes.address)
        until_more_is_stored(store, stored)
        assert nodes.kill_worker()
        assert nodes.kill_node()
        assert driver.is_alive()
        driver.join(SECONDS)
        assert driver.exitcode == 0
    finally:
        driver.kill()
        nodes.refill()
        nodes.wait()
    with closing(Store.open(store)) as opened:
        assert_same(opened, plain)
        assert verify_store(opened, CrashEncoder()).whole


def test_a_store_read_on_some_nodes_is_that_of_a_plain_sync(nodes: Nodes, tmp_path: Path) -> None:
    model = make_folder(tmp_path / "model", "bert", "mean", {"passage": "passage : "}, positions=64)
    folder = make_articles(tmp_path / "articles", files=20, rows=100)
    make_encoder = partial(OpenVinoEncoder, model, "tiny")  # the nodes add the threads
    encoder = make_encoder()
    with (
        closing(Store.create(tmp_path / "a", encoder.name, encoder.dimension, 30)) as one,
        closing(Store.create(tmp_path / "b", encoder.name, encoder.dimension, 30)) as other,
    ):
        here = sync(one, folder, encoder)
        there = sync(other, folder, encoder, open_reader=read_on_ray(nodes.address, encoder, make_encoder))
        assert (there.problems, there.files) == (here.problems, here.files)
        assert_same(one, other)
