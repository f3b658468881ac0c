"""The store is proved whole from time to time, beside the answering."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

from index.errors import IndexingError
from index.store.store import Store
from index.store.verify import verify_store
from ui.operation.checks import Finding

_FIRST_SECONDS, _AGAIN_SECONDS = 60.0, 600.0
"""How long after the start it begins, and how soon it looks again at what was found damaged."""
LOG = logging.getLogger(__name__)


class Verifying:
    """Proves a store every so many hours, by a connection of its own so that no question waits for it.

    Vectors are not made again: that is what ``hoidap verify`` does.  ``hours`` 0 means never.
    """

    def __init__(self, open_store: Callable[[], Store], hours: float) -> None:
        self._open_store = open_store
        self._hours = hours
        self._end = threading.Event()
        self._faults: tuple[str, ...] = ()

    def start(self) -> None:
        """Begin, in the background, until ``end``."""
        if self._hours:
            threading.Thread(target=self._work, name="verify", daemon=True).start()

    def end(self) -> None:
        """Begin no more."""
        self._end.set()

    def verify(self) -> None:
        """Prove the store now."""
        try:
            with closing(self._open_store()) as store:
                report = verify_store(store)
        except IndexingError as error:
            self._faults = (str(error),)
            return
        self._faults = tuple(f"{check.name}: {check.fault}" for check in report.checks if check.fault)
        if self._faults:
            LOG.error("The store is not whole: %s", "; ".join(self._faults))

    def findings(self) -> Iterator[Finding]:
        """What was wrong the last time."""
        for fault in self._faults:
            yield Finding("verify", "slow", fault, "run 'hoidap verify --repair'")

    def _work(self) -> None:
        wait = _FIRST_SECONDS
        while not self._end.wait(wait):
            self.verify()
            wait = min(_AGAIN_SECONDS, self._hours * 3600) if self._faults else self._hours * 3600
