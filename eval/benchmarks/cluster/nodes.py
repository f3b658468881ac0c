"""A Ray cluster of a few nodes on this computer, whose workers, nodes and drivers can be killed."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import psutil

from eval.benchmarks.crash import CHUNK_TOKENS, CrashEncoder
from eval.command_options import print_text
from index.cluster.ray_cluster import joining, read_on_ray
from index.errors import IndexingError
from index.schema import FloatMatrix
from index.store.store import Store
from index.sync.sync import sync

if TYPE_CHECKING:
    from ray.cluster_utils import Cluster

Victim: TypeAlias = Literal["driver", "worker", "node"]
_ROOT = Path(__file__).parents[3]
_TRIES = 10
_SHARED_MEMORY = 100_000_000
PAUSE_SECONDS = 0.004
"""What the encoder takes for a passage."""
_SETTINGS = {
    "health_check_period_ms": 500,
    "health_check_initial_delay_ms": 500,
    "health_check_timeout_ms": 60_000,
    "worker_register_timeout_seconds": 600,
    "agent_register_timeout_ms": 600_000,
    "worker_niceness": 0,
}
"""A killed node refuses each of five checks at once and is given up after 2.5 s, where Ray's own pauses make it 15.

What lives and is slow has minutes, as on a busy computer nodes would be taken for dead.  Ray's workers let every other
process go first, and would wait there in vain.
"""
_AGENT_PORTS = (
    "metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port", "runtime_env_agent_port",
)  # fmt: skip
"""A node whose agents choose their ports themselves ends where they have not done so after 15 s, which nothing sets."""
_NODE_SECONDS = 300
"""How long the nodes may take to join."""


class SlowEncoder(CrashEncoder):
    """Counts words, and takes its time for each passage, so that there is something to be killed."""

    def __init__(self, pause_seconds: float) -> None:
        self._pause = pause_seconds

    def encode_passages(self, texts: Sequence[str], on_progress: object = None) -> FloatMatrix:
        """Encode passages, shape (n, 16)."""
        time.sleep(self._pause * len(texts))
        return super().encode_passages(texts)


def make_slow_encoder(pause_seconds: float, threads: int) -> SlowEncoder:
    """Make the encoder on a node."""
    return SlowEncoder(pause_seconds)


def is_at_work(command: Sequence[str]) -> bool:
    """Tell by its name whether a process reads or encodes now: Ray's agents, with which a node ends, do not."""
    return bool(command) and command[0].startswith("ray::Map")


class Nodes:
    """The running cluster; its first node is that of the drivers and is not killed."""

    def __init__(self, cluster: Cluster, more: int) -> None:
        self._cluster, self._more = cluster, more

    @property
    def address(self) -> str:
        """Where drivers join."""
        return str(self._cluster.address)

    def kill_node(self) -> bool:
        """Kill the processes of a node; false where only the drivers' is left."""
        node = next(iter(self._cluster.worker_nodes), None)
        if node is None:
            return False
        self._cluster.remove_node(node, allow_graceful=False)
        return True

    def refill(self) -> None:
        """Start as many nodes as there are to be, besides that of the drivers; they join when they are ready."""
        for node in [*self._cluster.worker_nodes]:
            if not node.remaining_processes_alive():  # it was started, and ended by itself
                self._cluster.remove_node(node, allow_graceful=False)
        while len(self._cluster.worker_nodes) < self._more:
            _add_node(self._cluster, wait=False)

    def wait(self) -> None:
        """Wait until all have joined."""
        self._cluster.wait_for_nodes(_NODE_SECONDS)

    def kill_worker(self) -> bool:
        """Kill a process that reads or encodes, whichever; false where there is none just now."""
        processes = psutil.Process().children(recursive=True)
        for process in random.sample(processes, len(processes)):
            try:
                if is_at_work(process.cmdline()):
                    process.kill()
                    return True
            except psutil.Error:
                continue
        return False


@contextmanager
def some_nodes(count: int = 3) -> Iterator[Nodes]:
    """Start a cluster of one core a node on loopback; all of it has ended afterwards, and its files are gone."""
    # What a node inherits: this checkout before an installed one, and no report to anybody.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Loopback stays loopback: else Ray takes it for another name of this computer's address.
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    folder = tempfile.mkdtemp(prefix="hr-")  # short: sockets lie in it
    os.environ["RAY_TMPDIR"] = folder
    (Path(folder) / "ray").mkdir()  # for the note of the cluster's address, which Ray makes no folder for
    from ray.cluster_utils import Cluster

    resource_tracker.ensure_running()  # Python's own, which is no part of the cluster and must outlive it
    before = set(psutil.Process().children(recursive=True))
    cluster = Cluster()
    try:
        # Nothing but what syncs need: each of Ray's own programs starts for seconds.
        needless = {"include_dashboard": False, "include_log_monitor": False, "no_monitor": True}
        _add_node(cluster, _system_config=_SETTINGS, **needless)
        nodes = Nodes(cluster, count - 1)
        nodes.refill()
        nodes.wait()
        yield nodes
    finally:
        try:
            cluster.shutdown()
        finally:
            left = set(psutil.Process().children(recursive=True)) - before
            for process in left:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(list(left), timeout=10)
            shutil.rmtree(folder, ignore_errors=True)


def _add_node(cluster: Cluster, **more: object) -> None:
    """Add a node; Ray waits for thirty seconds, which is too little for one on a busy computer."""
    for tries_left in reversed(range(_TRIES)):
        try:
            cluster.add_node(
                num_cpus=1,
                object_store_memory=_SHARED_MEMORY,
                node_ip_address="127.0.0.1",
                **dict(zip(_AGENT_PORTS, free_ports(len(_AGENT_PORTS)), strict=True)),
                **more,
            )
            return
        except Exception:  # Ray raises nothing more special
            if not tries_left:
                raise


def free_ports(count: int) -> list[int]:
    """Find so many ports of loopback that nobody uses."""
    with ExitStack() as taken:
        sockets = [taken.enter_context(closing(socket.socket())) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def start_driver(
    store: Path, folder: Path, address: str, pause_seconds: float = PAUSE_SECONDS
) -> SpawnProcess:
    """Start a sync on the cluster in a process of its own; it ends with 0 where all went well."""
    work = (store, folder, address, pause_seconds)
    process = multiprocessing.get_context("spawn").Process(target=_drive, args=work)
    process.start()
    return process


class ThreadDriver:
    """A sync in a thread of this process, which joined the cluster once: a driver takes long to start."""

    def __init__(self, store: Path, folder: Path, address: str, pause_seconds: float = PAUSE_SECONDS) -> None:
        self.exitcode: int | None = None
        self._work = (store, folder, address, pause_seconds)
        self._thread = threading.Thread(target=self._run, name="driver", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            _drive(*self._work)
            self.exitcode = 0
        except IndexingError as error:
            print_text(f"the sync failed: {error}\n")
            self.exitcode = 1

    def is_alive(self) -> bool:
        """Whether it still syncs."""
        return self._thread.is_alive()

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end, no longer than so many seconds."""
        self._thread.join(timeout)


@contextmanager
def joined(address: str) -> Iterator[None]:
    """Join the cluster, for all syncs that this process makes meanwhile."""
    import ray

    ray.init(**joining(address))
    try:
        yield
    finally:
        ray.shutdown()


def _drive(store: Path, folder: Path, address: str, pause_seconds: float) -> None:
    encoder = SlowEncoder(pause_seconds)
    read = read_on_ray(address, encoder, partial(make_slow_encoder, pause_seconds))
    with closing(Store.create(store, encoder.name, encoder.dimension, CHUNK_TOKENS)) as opened:
        sync(opened, folder, encoder, open_reader=read)
