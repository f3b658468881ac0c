"""One reading of the articles, or mending of their store, at a time: shown in every window and ended from any."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.errors import IndexingError
from index.sync.sync import SyncProgress
from ui.articles.library import Library, Synced
from ui.articles.mending import Mended
from ui.errors import WindowError

_GLANCE = 0.15
LOG = logging.getLogger(__name__)


class StoppedError(WindowError):
    """A person ended the reading; what was read so far is kept."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a reading is: bytes that are done of all that have to be read, and the seconds that it took so far.

    ``file`` is what is being read, ``page`` how many of its ``pages`` are (0: not told); ``articles`` counts those that
    were read; ``mending`` tells that the store is being checked instead.
    """

    done: int = 0
    total: int = 0
    seconds: float = 0.0
    file: str = ""
    page: int = 0
    pages: int = 0
    articles: int = 0
    mending: bool = False

    @property
    def share(self) -> float:
        """The part that is done."""
        return self.done / self.total if self.total else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the rest takes at this pace, ``None`` as long as that is a guess."""
        if self.share < 0.02 or self.seconds < 2.0:
            return None
        return self.seconds * (1 - self.share) / self.share


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a reading or a mending: what was done, or the error, with ``notes`` of what went before."""

    notes: tuple[str, ...]
    synced: Synced | None = None
    error: IndexingError | WindowError | None = None
    stopped: bool = False
    mended: Mended | None = None


class Syncing:
    """Reads the articles in the background; a second call while it runs follows the first.

    ``mend`` mends their store; when that changed anything, ``on_mended`` has the window opened anew.
    """

    def __init__(
        self,
        library: Library,
        mend: Callable[[], Mended] | None = None,
        on_mended: Callable[[], None] = lambda: None,
    ) -> None:
        self._library = library
        self._mend = mend
        self._on_mended = on_mended
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._running = False
        self._next: Callable[[], Outcome] | None = None
        self._notes: tuple[str, ...] = ()
        self._step = Step()
        self._outcome: Outcome | None = None

    @property
    def running(self) -> bool:
        """Whether the articles are being read."""
        return self._running

    @property
    def step(self) -> Step:
        """How far the reading is."""
        return self._step

    @property
    def reading(self) -> bool:
        """Whether articles are being read that the store does not hold yet, or is not known to hold."""
        return self._running and not self._step.mending and self._step.share < 1

    @property
    def outcome(self) -> Outcome | None:
        """What came of the last reading."""
        return self._outcome

    def start(self, notes: Sequence[str] = ()) -> None:
        """Begin to read, or add ``notes`` to the reading that runs; files that came too late for it are read next."""
        with self._lock:
            if self._running:
                self._notes = (*self._notes, *notes)
                self._next = self._read if notes else self._next
                return
            self._begin(self._read, Step(), notes)

    def mend(self) -> None:
        """Begin to check the store and mend it, after the reading that runs."""
        with self._lock:
            if self._running:
                self._next = self._mended
            else:
                self._begin(self._mended, Step(mending=True))

    def _begin(self, work: Callable[[], Outcome], step: Step, notes: Sequence[str] = ()) -> None:
        self._running, self._next = True, None
        self._notes, self._step, self._outcome = tuple(notes), step, None
        self._stop.clear()
        threading.Thread(target=self._work, args=(work,), name="sync", daemon=True).start()

    def stop(self) -> None:
        """End the reading soon; what is stored by then stays."""
        self._stop.set()

    async def changes(self) -> bool:
        """Wait for the next step; false once the reading is done."""
        seen, since = self._step, time.monotonic()
        while self._running and self._step == seen and time.monotonic() - since < 1.0:
            await asyncio.sleep(_GLANCE)
        return self._running

    def _work(self, work: Callable[[], Outcome]) -> None:
        while True:
            outcome = self._tried(work)
            with self._lock:
                failed = outcome.error is not None or outcome.stopped
                following, self._next = self._next, None
                if following is None or (failed and following != self._mended):
                    self._outcome, self._running = outcome, False
                    break
                work, self._step = following, Step(mending=following == self._mended)
                self._stop.clear()
        if outcome.mended in ("search", "emptied"):
            self._on_mended()

    def _tried(self, work: Callable[[], Outcome]) -> Outcome:
        try:
            return work()
        except StoppedError:
            return Outcome(self._notes, stopped=True)
        except (IndexingError, WindowError) as error:
            return Outcome(self._notes, error=error)
        except Exception as error:  # whatever broke, the window must not wait for ever; the log has it all
            LOG.exception("Reading or mending the articles failed.")
            return Outcome(self._notes, error=WindowError(str(error)))

    def _mended(self) -> Outcome:
        return Outcome(self._notes, mended=self._mend() if self._mend else None)

    def _read(self) -> Outcome:
        began = time.monotonic()

        def on_progress(now: SyncProgress) -> None:
            if self._stop.is_set():
                raise StoppedError("ended")
            seconds = time.monotonic() - began
            reading = now.file, now.page, now.pages
            self._step = Step(now.done_bytes, now.total_bytes, seconds, *reading, now.articles)

        return Outcome(self._notes, self._library.sync(on_progress))
