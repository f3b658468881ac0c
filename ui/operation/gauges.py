"""How much there is of everything at this moment; neither a question nor a name is among it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psutil

from index.errors import IndexingError
from rag.writer.server_pool import ServerState
from ui.articles.library import Library
from ui.articles.sync_record import SyncRuns
from ui.operation.fair_queue import QueueAtWork
from ui.operation.health import Health
from ui.operation.model_loading import Loading


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by its name in Prometheus, what it tells, and the labels that tell it from its like."""

    name: str
    about: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts everything anew at each call; ``servers`` and ``readings`` give nothing where there are none."""

    queue: QueueAtWork[Any]
    library: Library
    health: Health
    loading: Loading
    servers: Callable[[], Sequence[ServerState]] = tuple
    readings: Callable[[], SyncRuns] = SyncRuns

    def __call__(self) -> Iterator[Figure]:
        """Give every figure; those that cannot be had now are missing."""
        yield Figure("hoidap_questions_waiting", "Questions that wait for their turn.", self.queue.waiting)
        yield Figure("hoidap_questions_running", "Questions that are being answered.", self.queue.running)
        yield Figure("hoidap_can_answer", "1 where questions are answered.", self.health.report().answers)
        yield Figure("hoidap_loading", "1 while the models are being loaded.", not self.loading.ended)
        yield from self._collection()
        yield from self._readings()
        for number, state in enumerate(self.servers(), 1):
            server = {"server": str(number)}
            yield Figure("hoidap_llm_running", "Replies that a server writes.", state.running, server)
            yield Figure(
                "hoidap_llm_resting", "1 while a failed server is left alone.", state.rests > 0, server
            )
        memory = psutil.Process().memory_info().rss
        yield Figure("hoidap_memory_bytes", "Memory of this process, mapped files included.", memory)

    def _collection(self) -> Iterator[Figure]:
        try:
            counts, last = self.library.counts(), self.library.last_sync
        except IndexingError:
            return
        yield Figure("hoidap_articles", "Articles in the store.", counts.articles)
        yield Figure("hoidap_passages", "Passages in the store.", counts.chunks)
        if last is not None:
            yield Figure(
                "hoidap_sync_last_success_timestamp_seconds",
                "When the folders were last read to the end, by whichever process, in seconds since 1970.",
                last.timestamp(),
            )

    def _readings(self) -> Iterator[Figure]:
        read = self.readings()
        for state, count in (("ended", read.ended), ("failed", read.failed)):
            yield Figure("hoidap_syncs", "SyncRuns of the folders by this process.", count, {"state": state})
        for state, count in (("changed", read.files), ("unreadable", read.unreadable)):
            yield Figure(
                "hoidap_sync_files",
                "Files that this process found new or changed, and those unreadable in its last reading.",
                count,
                {"state": state},
            )
        yield Figure("hoidap_sync_seconds", "How long the last reading took.", read.seconds)
