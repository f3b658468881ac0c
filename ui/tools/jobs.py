"""Work of minutes in the background: one after another, looked on from any window of who began it."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from index.errors import IndexingError
from rag.errors import AnsweringError
from ui.errors import WindowError

_GLANCE = 0.15
_MOST_VISITORS = 64
"""Visitors whose last result is kept."""
LOG = logging.getLogger(__name__)

Result = TypeVar("Result")
Work = Callable[[Callable[[int, int], None], threading.Event], Result]
"""Is given what it tells its progress to, and what says that it shall stop."""


@dataclass(slots=True)
class Job(Generic[Result]):
    """A piece of work; ``done`` of ``total`` steps are done, 0 of 0 while it waits for its turn."""

    stop: threading.Event = field(default_factory=threading.Event)
    running: bool = True
    done: int = 0
    total: int = 0
    result: Result | None = None
    error: IndexingError | AnsweringError | WindowError | None = None

    async def changes(self) -> bool:
        """Wait for the next step, a second at most; false once it has ended."""
        seen, since = self.done, time.monotonic()
        while self.running and self.done == seen and time.monotonic() - since < 1.0:
            await asyncio.sleep(_GLANCE)
        return self.running


class Jobs(Generic[Result]):
    """The last job of each visitor; jobs that share ``turn`` take turns."""

    def __init__(self, turn: threading.Lock) -> None:
        self._turn = turn
        self._guard = threading.Lock()
        self._jobs: OrderedDict[str, Job[Result]] = OrderedDict()

    def of(self, visitor: str) -> Job[Result] | None:
        """Give what a visitor began last."""
        return self._jobs.get(visitor)

    def start(self, visitor: str, work: Work[Result]) -> Job[Result]:
        """Begin a job in place of the visitor's last one, which is stopped."""
        job: Job[Result] = Job()
        with self._guard:
            if (last := self._jobs.pop(visitor, None)) is not None:
                last.stop.set()
            self._jobs[visitor] = job
            while len(self._jobs) > _MOST_VISITORS:
                self._jobs.popitem(last=False)[1].stop.set()
        threading.Thread(target=self._run, args=(job, work), name="tool", daemon=True).start()
        return job

    def _run(self, job: Job[Result], work: Work[Result]) -> None:
        def on_progress(done: int, total: int) -> None:
            job.done, job.total = done, total

        with self._turn:
            try:
                job.result = work(on_progress, job.stop)
            except (IndexingError, AnsweringError, WindowError) as error:
                job.error = error
            except (
                Exception
            ) as error:  # whatever broke, the window must not wait for ever; the log has it all
                LOG.exception("A tool failed.")
                job.error = WindowError(str(error))
            finally:
                job.running = False
