"""Whether a server can answer, and what is wrong with it in words."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.errors import IndexingError
from rag.errors import AnsweringError
from ui.errors import WindowError
from ui.operation.checks import Finding
from ui.operation.model_loading import Loading

Status: TypeAlias = Literal["ok", "loading", "limited", "failing"]
"""All is well; the models are not loaded yet; something is wrong and it answers all the same; it cannot answer."""
_FRESH_SECONDS = 5.0
"""How long a result is reused, so that health requests cannot keep a server busy."""
Check: TypeAlias = Callable[[], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Report:
    """How a server is; ``problems`` are the findings of which something is to be done."""

    status: Status
    problems: tuple[Finding, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether a question would be answered, if only after a while."""
        return self.status != "failing"

    @property
    def ready(self) -> bool:
        """Whether a question would be answered at once."""
        return self.status in ("ok", "limited")


class Health:
    """Runs every check when it is asked; ``now`` gives seconds of a clock that never goes back."""

    def __init__(self, loading: Loading, *checks: Check, now: Callable[[], float] = time.monotonic) -> None:
        self._loading = loading
        self._checks = checks
        self._now = now
        self._lock = threading.Lock()
        self._found: tuple[float, tuple[Finding, ...]] | None = None

    def report(self) -> Report:
        """Check the server, or give the last result while it is fresh."""
        with self._lock:
            if self._found is None or self._now() - self._found[0] > _FRESH_SECONDS:
                found = tuple(finding for finding in self._findings() if finding.state != "ok")
                self._found = self._now(), found
            problems = self._found[1]
        if self._loading.failure:
            model = Finding("model", "fault", self._loading.failure, "run 'hoidap doctor'")
            problems = (model, *problems)
        if any(finding.state in ("missing", "fault") for finding in problems):
            return Report("failing", problems)
        if not self._loading.ended:
            return Report("loading", problems)
        return Report("limited" if problems else "ok", problems)

    def _findings(self) -> Iterator[Finding]:
        for check in self._checks:
            try:
                yield from check()
            except (IndexingError, AnsweringError, WindowError, OSError) as error:
                yield Finding("store", "fault", str(error))
