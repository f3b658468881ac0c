"""The results of the syncs of this process, for the administrator."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from index.sync.sync import SyncReport


@dataclass(frozen=True, slots=True)
class SyncRuns:
    """All syncs of this process: new or changed files, and the outcome of the last one.

    ``unreadable`` files of the last reading, its ``seconds``, and its ``failure`` with the moment where it came to no
    end; ``ended`` readings were done, ``failed`` ones not.
    """

    files: int = 0
    unreadable: int = 0
    seconds: float = 0.0
    ended: int = 0
    failed: int = 0
    failure: str = ""
    failed_at: datetime | None = None

    def failure_since(self, read: datetime | None) -> str:
        """Why the last reading came to no end, unless the folders were ``read`` to the end since, by whomever."""
        done = read is not None and self.failed_at is not None and read > self.failed_at
        return "" if done else self.failure


class SyncRecord:
    """Records the outcome of each sync."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readings = SyncRuns()

    @property
    def readings(self) -> SyncRuns:
        """What is known by now."""
        return self._readings

    def done(self, report: SyncReport) -> None:
        """Take down a reading that came to its end."""
        with self._lock:
            before = self._readings
            self._readings = SyncRuns(
                before.files + report.added + report.changed,
                sum(not problem.in_part for problem in report.problems),
                report.seconds,
                before.ended + 1,
                before.failed,
            )

    def failed(self, why: str) -> None:
        """Take down a reading that could not be ended."""
        with self._lock:
            before = self._readings
            now = datetime.now(timezone.utc)
            self._readings = replace(before, failed=before.failed + 1, failure=why, failed_at=now)
