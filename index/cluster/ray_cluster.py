"""The one file that speaks to Ray: it joins or starts a cluster, and lets its nodes read and encode.

Ray runs what it is sent, so a cluster is to be trusted like this computer, and its ports are to be closed to others.
"""

from __future__ import annotations

import importlib.util
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from types import ModuleType
from typing import Any

from index.cluster.collect_answers import ClusterReader, tasks_of
from index.cluster.node import EncodeArticles, Encoding, MakeEncoder, read_files
from index.cluster.wire import Answer, FileTask, read_answers, tasks_table
from index.encoding.encoder import Encoder
from index.errors import ClusterError
from index.platform import available_cores
from index.sync.store_articles import FileReader, OpenReader, Work

_FILES, _BYTES = 16, 2_000_000
"""The most files, and bytes of them, that one task reads."""
_BLOCK_BYTES = 1 << 17
"""Size of what is handed on to an encoder at once: some thirty articles, a few seconds of a core."""
_READING, _ENCODING = 0.1, 0.9
"""Shares of a core: both fit on a node of one, and as they differ Ray does not make one step of the two."""
_OBJECTS = 300_000_000
"""Bytes of shared memory that a cluster of this computer alone may take."""


def check_ray(find: Callable[[str], object] = importlib.util.find_spec) -> None:
    """Raise ClusterError where Ray is not installed, with the remedy."""
    for package in ("ray", "pyarrow"):
        if find(package) is None:
            raise ClusterError(
                f"Reading on a Ray cluster needs the package {package}, which is not installed. "
                "Run: pip install 'hoidap[ray]'"
            )


def read_on_ray(
    address: str,
    encoder: Encoder,
    make_encoder: MakeEncoder,
    on_here: Callable[[str], None] = lambda source: None,
) -> OpenReader:
    """Let a sync read on the cluster of an address: ``local``, ``auto``, ``host:port`` or ``ray://host:port``.

    ``make_encoder`` makes on each node what ``encoder`` is here.  Where nothing is to be read no cluster is joined.
    Raises ClusterError where Ray is not installed; whoever opens the reader gets one where there is no such cluster.
    """
    check_ray()

    @contextmanager
    def open_reader(work: Work) -> Iterator[FileReader]:
        if not work.files:
            yield ClusterReader(iter(()))
            return
        encoding = Encoding(make_encoder, encoder.name, work.chunk_tokens)
        with _joined(address) as ray:
            yield ClusterReader(_answers(ray, tasks_of(work), encoding), on_here)

    return open_reader


def blocks(tasks: Sequence[FileTask]) -> Iterator[list[FileTask]]:
    """Put tasks together that one call reads, in their order."""
    block: list[FileTask] = []
    for task in tasks:
        size = sum(other.file.size for other in block)
        if block and (len(block) == _FILES or size + task.file.size > _BYTES):
            yield block
            block = []
        block.append(task)
    if block:
        yield block


def joining(address: str) -> dict[str, Any]:
    """Give the arguments of ``ray.init``: a cluster of this computer alone listens on loopback, without dashboard."""
    options: dict[str, Any] = {"address": address, "logging_level": logging.ERROR, "log_to_driver": False}
    if address == "local":
        options |= {
            "num_cpus": available_cores(),
            "object_store_memory": _OBJECTS,
            "include_dashboard": False,
            "_node_ip_address": "127.0.0.1",
        }
    return options


@contextmanager
def _joined(address: str) -> Iterator[ModuleType]:
    # Before Ray is imported: it reads them then, and would report home.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else it warns of a change to come
    import ray

    if ray.is_initialized():  # by the program that syncs, which stays in it
        yield ray
        return
    try:
        ray.init(**joining(address))
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise ClusterError(
            f"There is no Ray cluster to be had at {address} ({_reason(error)}). Start one with 'ray start --head', "
            "or say --ray local for one of this computer."
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _answers(ray: ModuleType, tasks: Sequence[FileTask], encoding: Encoding) -> Iterator[Answer]:
    """Let the nodes work, and give what they say in the order of the tasks, as it comes.

    Raises ClusterError where the cluster is lost; that a worker or a node is lost Ray mends itself.
    """
    from ray.data import ActorPoolStrategy, DataContext, from_arrow
    from ray.data.exceptions import ExecutionTimeoutError, SystemException

    settings = DataContext.get_current()
    settings.execution_options.preserve_order = True  # the ids of articles depend on it
    settings.target_max_block_size = _BLOCK_BYTES
    settings.enable_progress_bars = False
    settings.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
    encoded = (
        from_arrow([tasks_table(block) for block in blocks(tasks)])
        .map_batches(read_files, batch_size=None, batch_format="pyarrow", num_cpus=_READING)
        .map_batches(
            EncodeArticles,
            fn_constructor_args=(encoding,),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=_ENCODING,
            compute=ActorPoolStrategy(min_size=1, max_size=workers),
        )
    )
    try:
        tables = encoded.iter_batches(batch_size=None, batch_format="pyarrow")
        yield from chain.from_iterable(map(read_answers, tables))
    except (ray.exceptions.RayError, ExecutionTimeoutError, SystemException) as error:
        raise ClusterError(
            f"The Ray cluster has failed ({_reason(error)}). What was stored is kept: run the same command again."
        ) from error


def _reason(error: BaseException) -> str:
    """Give the last line that says something: Ray puts the trace of the node before it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
