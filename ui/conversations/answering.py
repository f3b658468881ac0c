"""Questions are answered one after another in the background, independent of the pages that show them."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from index.errors import IndexingError
from rag.errors import AnsweringError
from rag.schema import Answer, Finished, Turn
from ui.assistant_protocol import Answers
from ui.conversations import progress
from ui.conversations.answer_job import Job
from ui.conversations.entries import GoneError, Unanswered
from ui.conversations.history import History
from ui.conversations.progress import Progress
from ui.conversations.shared_answering import LOOK_SECONDS, Line, SharedAnswering
from ui.errors import WindowError
from ui.operation.fair_queue import FairQueue, QueueAtWork
from ui.operation.observing import Asked, Observer

MOST_TRIES = 2
"""How often an answer is begun before a question counts as one that the program cannot take."""
_GLANCE = 0.06
"""Seconds between two looks at a job."""
_MOST_QUIET = 50
LOG = logging.getLogger(__name__)


class Answering(QueueAtWork[Job]):
    """One line for everybody, in which persons take turns, before anything is searched.

    What was sent is kept already; an answer is kept when it is finished, and a question whose answer was
    begun when the program ended is taken up again by ``resume``.  ``workers`` answers are made at a time:
    one, where they share a model.  ``ready`` says whether the models are loaded, ``reading`` whether articles are being
    read that cannot be found yet.  ``line`` bounds how many wait, and
    ``observer`` is told what became of each.  Where several processes share a database, ``sharing`` sees to it that a
    question is answered by one of them, and shows what the others are at.
    """

    def __init__(
        self,
        assistant: Answers,
        history: History,
        *,
        workers: int = 1,
        ready: Callable[[], bool] = lambda: True,
        reading: Callable[[], bool] = lambda: False,
        line: FairQueue[Job] | None = None,
        observer: Observer | None = None,
        sharing: SharedAnswering | None = None,
    ) -> None:
        super().__init__(FairQueue() if line is None else line)
        self._assistant = assistant
        self._history = history
        self._workers = workers
        self._ready = ready
        self._reading = reading
        self._sharing = sharing
        self._observer = observer or Observer()
        self._quiet: deque[Callable[[], None]] = deque(maxlen=_MOST_QUIET)
        self._threads = 0
        self._left = False
        self.sending = threading.RLock()
        """Held while a question is saved and submitted, so that the queue has the order in which they are saved."""

    def admit(self, person: str) -> None:
        """Raise LineFullError or TooManyWaitingError where no more questions of a person may wait."""
        with self._lock:
            self._line.admit(person)

    def submit(self, asked: Unanswered, person: str = "") -> Job:
        """Put a question that was kept into the line, if no other process has taken it meanwhile.

        A person who is not known counts by the conversation.
        """
        job = _job(asked, person)
        if self._sharing is None or self._sharing.take(job):
            with self._lock:
                self._line.put(job.person, job)
                self._call_worker()
        return job

    def later(self, work: Callable[[], None]) -> None:
        """Do something small that needs the models as soon as no question waits."""
        with self._lock:
            self._quiet.append(work)
            self._call_worker()

    def _call_worker(self) -> None:
        if self._threads < self._workers:
            self._threads += 1
            threading.Thread(target=self._work, name="answering", daemon=True).start()
        self._lock.notify()

    def resume(self) -> None:
        """Take up the questions that were left without an answer when the program, or another process, ended."""
        if self._sharing is not None:
            self._sharing.begin(Line(self.state, self._take_up, self._stop, self._release))
            return
        for asked in self._history.waiting():
            self._take_up(asked)

    def leave(self) -> None:
        """Let other processes take over what is not answered yet; without them it waits for the next start."""
        with self._lock:
            waiting, running = [*self._line], [*self._running]
            for job in waiting:
                self._line.remove(job)
            self._left = True
            self._lock.notify_all()  # threads that waited for ever would keep the models in memory
        for job in running:
            self._break_off(job)
        if self._sharing is None:
            return
        for job in (*waiting, *running):
            self._release(job)
        self._sharing.leave()

    def _break_off(self, job: Job) -> None:
        """Leave an answer that is being made; that is no fault of its question."""
        try:
            self._history.break_off(job.asked.id)
        except WindowError:
            LOG.exception("It could not be kept that an answer was left.")

    def _take_up(self, asked: Unanswered) -> None:
        """Take up a question that was left, before those that were asked after it."""
        job = _job(asked)
        if self._sharing is not None and not self._sharing.take(job):
            return
        if asked.tries >= MOST_TRIES:
            self._history.fail(asked.id, "interrupted")
            self._done(job)
            return
        with self._lock:
            self._line.put(job.person, job)
            self._line.sort(lambda waiting_job: waiting_job.asked.id)
            self._call_worker()

    def of(self, conversation: str | None) -> Job | None:
        """Give the job of a conversation, ``None`` when nothing is being answered there."""
        with self._lock:
            jobs = [*self._running, *self._line]
        here = next((job for job in jobs if job.asked.conversation == conversation), None)
        if here is not None or self._sharing is None or conversation is None:
            return here
        return self._sharing.of(conversation)

    def state(self, job: Job) -> Progress:
        """Tell what is known of a job at this moment."""
        if job.elsewhere:
            return job.state
        return progress.at(
            job.state,
            time.monotonic() - job.began,
            ahead=self.ahead(job),
            loading=not self._ready(),
            stopping=job.stop.is_set(),
        )

    def stop(self, conversation: str | None) -> None:
        """End the answer of a conversation; one that is not begun leaves the line at once."""
        job = self.of(conversation)
        if job is None:
            return
        if job.elsewhere and self._sharing is not None:
            self._sharing.ask_to_stop(job)
        else:
            self._stop(job)

    def _stop(self, job: Job) -> None:
        job.stop.set()
        if self._leaves_line(job):
            self._observer.withdrawn(_asked(job))
            self._withdraw(job)
            self._done(job)

    def _release(self, job: Job) -> None:
        """Drop a job whose lease another process took over."""
        job.elsewhere = True
        job.stop.set()
        self._leaves_line(job)

    def _leaves_line(self, job: Job) -> bool:
        with self._lock:
            return self._line.remove(job)

    def _done(self, job: Job) -> None:
        """Let go of a job that is at its end, unless another process goes on with it."""
        if self._sharing is not None and not job.elsewhere:
            self._sharing.done(job)
        job.done = not job.elsewhere

    async def changes(self, job: Job) -> bool:
        """Wait until more is known of a job, or its clock must be set; false once it is done."""
        version, ahead, since = job.version, self.ahead(job), time.monotonic()
        while job.version == version and not job.done:
            await asyncio.sleep(LOOK_SECONDS if job.elsewhere else _GLANCE)
            if job.elsewhere and self._sharing is not None:
                await asyncio.to_thread(self._sharing.refresh, job)
            if self.ahead(job) != ahead or time.monotonic() - since > 1.0:
                break
        return not job.done

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._line and not self._quiet:
                    if self._left:
                        self._threads -= 1
                        return
                    self._lock.wait()
                quiet = None if self._line else self._quiet.popleft()
                if quiet is None:
                    job = self._line.take()
                    self._running.add(job)
            if quiet is not None:
                _do(quiet)
                continue
            try:
                self._answer(job)
            finally:
                with self._lock:
                    self._running.remove(job)
                self._done(job)

    def _answer(self, job: Job) -> None:
        asked = job.asked
        try:
            self._history.begin(asked.id)
            before = [item for item in self._history.exchanges(asked.conversation) if item.id < asked.id]
            turns = [Turn(item.answer.question, item.answer.text) for item in before]
            reading = self._reading()
            events = self._assistant.ask(asked.question, turns, filters=asked.filters, stop=job.stop)
            for event in self._observer.follow(_asked(job), events):
                if isinstance(event, Finished):
                    self._finished(job, replace(event.answer, still_reading=reading))
                    return
                seconds = time.monotonic() - job.began
                job.state = progress.advance(job.state, event, seconds, stopping=job.stop.is_set())
                job.version += 1
        except GoneError:
            LOG.info("A question was deleted, or answered elsewhere, while it was answered here.")
        except (IndexingError, AnsweringError, WindowError) as error:
            self._failed(job, error.code, str(error))
        except (
            Exception
        ):  # whatever broke, the next question must be answered and this one told; the log has it all
            LOG.exception("The answer to a question failed.")
            self._failed(job, "unknown", "")

    def _finished(self, job: Job, answer: Answer) -> None:
        if job.elsewhere:  # it was stopped because another process goes on with it
            return
        if answer.stopped and not answer.text.strip():
            self._withdraw(job)
        else:
            self._history.finish(job.asked.id, answer)

    def _withdraw(self, job: Job) -> None:
        self._history.withdraw(job.asked.id)
        job.withdrawn = True

    def _failed(self, job: Job, problem: str, detail: str) -> None:
        if job.elsewhere:
            return
        try:
            self._history.fail(job.asked.id, problem, detail)
        except WindowError:
            LOG.exception("What went wrong with a question could not be kept.")


def _job(asked: Unanswered, person: str = "") -> Job:
    who = person or asked.conversation
    return Job(asked, Progress(asked.question, "searching", 0.0), time.monotonic(), who)


def _asked(job: Job) -> Asked:
    """A question of the window as the observer knows it, at this moment."""
    return Asked(job.asked.question, f"window-{job.asked.id}", time.monotonic() - job.began)


def _do(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception:  # what nobody waits for must not end the answers; the log has it all
        LOG.exception("What was to be done in a quiet moment failed.")
