"""Several processes over one database answer each question once, and each shows what the others are at."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from index.errors import StoreError
from index.schema import Hit
from ui.conversations.answer_job import Job
from ui.conversations.entries import GoneError, Unanswered
from ui.conversations.history import History
from ui.conversations.leases import Leases
from ui.conversations.progress import Progress
from ui.conversations.records import found_from_json, found_to_json
from ui.errors import WindowError

LOOK_SECONDS = 0.5
"""How often progress is written for the other processes, and read from them."""
_RENEWALS = 5
"""How often a lease is renewed in the time for which it is given."""
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """What is done with the line of questions of this process."""

    state: Callable[[Job], Progress]
    take_up: Callable[[Unanswered], None]
    stop: Callable[[Job], None]
    lose: Callable[[Job], None]


@dataclass(slots=True)
class _Held:
    """A job of this process, and what of its progress was last written for the others."""

    job: Job
    leased: bool = False
    told: Progress | None = None
    found: tuple[Hit, ...] = ()


class SharedAnswering:
    """Leases of the questions that this process answers, and looks at those of the others.

    A question is kept in the database before it is anybody's, so that one whose process dies at any moment is
    taken over when its lease has run out.
    """

    def __init__(self, leases: Leases, history: History) -> None:
        self._leases = leases
        self._history = history
        self._lock = threading.Lock()
        self._held: dict[int, _Held] = {}
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, line: Line) -> None:
        """Renew leases, tell progress and take over what is left, in the background until ``leave``."""
        self._thread = threading.Thread(target=self._run, args=(line,), name="leases", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Give everything back, so that others take it over at once."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(self._leases.seconds)  # what is given back must not be taken again
        try:
            self._leases.give_all_back()
        except StoreError:
            LOG.warning("The leases could not be given back; they run out by themselves.")

    def take(self, job: Job) -> bool:
        """Take a job's question for this process; false where another has it, and the job is looked at from here.

        A question that lies for a moment between its keeping and this call may have been taken over as one that is
        left, by this process too: it is answered by that job then.
        """
        exchange, held = job.asked.id, _Held(job)
        with self._lock:  # before the lease is there, which would be taken for one that nobody needs
            if self._held.setdefault(exchange, held) is not held:
                job.elsewhere = True
                return False
        try:
            held.leased = self._leases.take(exchange)
        finally:
            if not held.leased:
                self._forget(exchange)
                job.elsewhere = True
        return held.leased

    def done(self, job: Job) -> None:
        """Give back the question of a job that has come to its end."""
        self._forget(job.asked.id)
        try:
            self._leases.give_back(job.asked.id)
        except StoreError as error:
            LOG.warning("A lease could not be given back: %s", error)

    def of(self, conversation: str) -> Job | None:
        """Give the job of another process in a conversation, as far as it is known now."""
        waiting = self._history.waiting(conversation)
        if not waiting:
            return None
        asked = waiting[-1]
        job = Job(asked, Progress(asked.question, "searching", 0.0), time.monotonic(), elsewhere=True)
        self.refresh(job)
        return None if job.done else job

    def refresh(self, job: Job) -> None:
        """Read how far a job of another process is; nothing new where the database does not answer."""
        try:
            seen = self._leases.read(job.asked.id, passages=not job.state.passages)
        except StoreError as error:
            LOG.warning("Another process's answer cannot be seen: %s", error)
            return
        if seen is None:
            job.withdrawn = True
        if seen is None or seen.settled:
            job.done = True
            return
        now = replace(
            job.state,
            stage=seen.stage, ahead=seen.ahead, text=seen.text, stopping=seen.stopping, seconds=seen.seconds,
        )  # fmt: skip
        if seen.found:
            standalone, passages, extract = found_from_json(seen.found)
            now = replace(now, standalone=standalone, passages=passages, extract=extract)
        if replace(now, seconds=0) != replace(job.state, seconds=0):
            job.version += 1
        job.state = now

    def ask_to_stop(self, job: Job) -> None:
        """Ask the process that answers a job to stop."""
        self._leases.ask_to_stop(job.asked.id)

    def _run(self, line: Line) -> None:
        renewed, careful = 0.0, 0.0
        while not self._ended.is_set():
            moment = time.monotonic()
            try:
                if moment - renewed >= self._leases.seconds / _RENEWALS:
                    self._renew(line)
                    if moment >= careful:
                        self._take_over(line)
                    renewed = moment
                self._tell(line)
            except (StoreError, WindowError) as error:
                LOG.warning("The leases could not be renewed: %s", error)
                # When it answers again the leases of all have run out: first everybody renews his own.
                careful = moment + self._leases.seconds
            except Exception:  # without leases every answer would be made twice; the log has it all
                LOG.exception("Looking after the leases failed.")
            self._ended.wait(LOOK_SECONDS)

    def _renew(self, line: Line) -> None:
        with self._lock:
            before = {exchange: search.job for exchange, search in self._held.items() if search.leased}
        mine = self._leases.renew()
        with self._lock:
            held = set(self._held)
        for exchange in mine.keys() - held:  # it could not be given back
            self._leases.give_back(exchange)
        for exchange in before.keys() & held:
            if exchange not in mine:
                self._forget(exchange)
                line.lose(before[exchange])
            elif mine[exchange] and not before[exchange].stop.is_set():
                line.stop(before[exchange])

    def _take_over(self, line: Line) -> None:
        for exchange in self._leases.take_abandoned():
            try:
                entry = self._history.entry(exchange)
            except GoneError:
                continue
            if isinstance(entry, Unanswered):
                line.take_up(entry)
            else:  # answered at this moment
                self._leases.give_back(exchange)

    def _tell(self, line: Line) -> None:
        with self._lock:
            held = dict(self._held)
        states, found = [], []
        for exchange, search in held.items():
            now = replace(line.state(search.job), seconds=0)
            if now != search.told:
                states.append((exchange, now))
            if now.passages is not search.found and now.passages:
                found.append((exchange, found_to_json(now.standalone, now.passages, now.extract)))
                search.found = now.passages
            search.told = now
        if states or found:
            self._leases.write_progress(states, found)

    def _forget(self, exchange: int) -> None:
        with self._lock:
            self._held.pop(exchange, None)
