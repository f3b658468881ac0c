"""The health, figures and log of a server for its administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.platform import free_bytes
from index.store.store import Store
from rag.assemble import open_store
from rag.config import Config
from rag.writer.generator import Generator
from rag.writer.server_pool import ServerPool
from ui.articles.library import Library
from ui.articles.sync_record import SyncRecord, SyncRuns
from ui.operation.checks import Finding, disk, opened_store, servers
from ui.operation.fair_queue import QueueAtWork
from ui.operation.gauges import Figures
from ui.operation.health import Check, Health
from ui.operation.logs import question_line
from ui.operation.metrics import open_metrics
from ui.operation.model_loading import Loading
from ui.operation.observing import Observation, Observer
from ui.operation.status_pages import Inspection, StatusAccess
from ui.operation.store_verification import Verifying


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: the configuration, the store's folder, and what of the parts there is."""

    config: Config
    store_folder: Path
    library: Library
    store: Store | None = None
    generator: Generator | None = None
    record: SyncRecord | None = None


class Operation:
    """The health and the figures of one server; each answer is reported to ``observer``."""

    def __init__(self, served: Served) -> None:
        config = served.config
        self.loading = Loading()
        self.observer = Observer(question_line(questions=config.log.questions), self._note)
        self.verifying = Verifying(
            lambda: open_store(config, served.store_folder), config.serve.verify_hours if served.store else 0
        )
        self._served = served

    def inspection(
        self,
        queue: QueueAtWork[Any],
        knows: Callable[[str], bool],
        unguarded: Callable[[], bool],
        *more: Check,
    ) -> Inspection:
        """Give the pages; ``knows`` and ``unguarded`` are those of ``StatusAccess``, ``more`` are further checks."""
        served, pool, record = self._served, self._served.generator, self._served.record
        health = Health(self.loading, *self._checks(), *more)
        figures = Figures(
            queue,
            served.library,
            health,
            self.loading,
            pool.states if isinstance(pool, ServerPool) else tuple,
            (lambda: record.readings) if record else SyncRuns,
        )
        metrics = open_metrics(figures)
        if metrics is not None:
            self.observer.add_listener(metrics.count)
        return Inspection(StatusAccess(knows, unguarded, served.config.serve.metrics), health, metrics)

    def _checks(self) -> Iterator[Check]:
        served, pool = self._served, self._served.generator
        if (store := served.store) is not None:
            yield lambda: opened_store(store)
        yield lambda: [disk(free_bytes(served.store_folder))]
        if isinstance(pool, ServerPool):
            yield lambda: servers(pool.name, pool.check())
        if served.record is not None:
            yield self._last_sync
        yield self.verifying.findings

    def _last_sync(self) -> Iterator[Finding]:
        assert self._served.record is not None
        if why := self._served.record.readings.failure_since(self._served.library.last_sync):
            yield Finding("sync", "slow", why)

    def _note(self, observation: Observation) -> None:
        if observation.result in ("sure", "perhaps"):
            self.loading.works()
