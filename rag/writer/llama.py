"""Local language models: GGUF files run by llama.cpp."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path

from index.platform import available_cores, available_memory
from rag.errors import GenerationError
from rag.writer.generator import Cut, GenerationEvent, Piece, Prompt, Relay, Started, Waiting
from rag.writer.llama_engine import Adapter, LlamaEngine, StopFlag

_SPARE_BYTES = 512 * 1024**2  # the context and the working memory beside the weights


class LlamaGenerator:
    """A Generator over one GGUF file; loads it at the first use, or when ``load`` is called.

    One thread does all the writing, first come first served, so any number of threads may call
    ``generate`` at once.  ``threads`` is by default every core, ``batch`` how many tokens of a prompt are evaluated
    together, ``adapter`` what was trained for just these weights.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        context_tokens: int,
        threads: int | None = None,
        batch: int = 128,
        adapter: Adapter | None = None,
        free_memory: Callable[[], int | None] = available_memory,
    ) -> None:
        self._path = path
        self.name = name
        self.context_tokens = context_tokens
        self.trained = adapter is not None
        self._threads = threads or available_cores()
        self._batch = batch
        self._adapter = adapter
        self._free_memory = free_memory
        self._loading = threading.Lock()
        self._engine: LlamaEngine | None = None
        self._changed = threading.Condition()  # guards the three below
        self._jobs: list[_Job] = []  # the first one is being written
        self._worker: threading.Thread | None = None
        self._closed = False

    def count_tokens(self, text: str) -> int:
        """Length of a text in the model's tokens; loads the model if need be."""
        return len(self.load().vocabulary.tokenise(text))

    def load(self) -> LlamaEngine:
        """Load the model now unless it is loaded.  Raises GenerationError."""
        with self._loading:
            if self._engine is None:
                self._check_open()
                self._check_file()
                self._engine = LlamaEngine(
                    self._path,
                    context_tokens=self.context_tokens,
                    threads=self._threads,
                    batch=self._batch,
                    adapter=self._adapter,
                )
            return self._engine

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        """Write greedily until the model ends, ``max_tokens``, ``stop`` or the time limit.

        ``seconds`` count from ``Started``, not while others are being served; Waiting comes whenever the
        place in the queue changes.  Closing the iterator is as good as ``stop``.
        Raises GenerationError when the prompt does not fit, the model fails, or nothing is written in time.
        """
        job = _Job(prompt, max_tokens, stop, seconds)
        silent = True
        with closing(self._events(job)) as events:
            for event in events:
                silent = silent and not isinstance(event, Piece)
                yield event
        if job.late and silent:
            raise _late(seconds)
        if job.late:
            yield Cut("time")

    def close(self) -> None:
        """End what is being written and give the memory back; later calls raise GenerationError."""
        with self._changed:
            self._closed = True
            for job in self._jobs:
                job.cancel()
            worker = self._worker
            self._changed.notify_all()
        if worker is not None:
            worker.join()
        with self._loading:
            if self._engine is not None:
                self._engine.close()
                self._engine = None

    def _events(self, job: _Job) -> Generator[GenerationEvent, None, None]:
        """Queue a job and pass on what is heard of it; closed early, it ends the job."""
        self._enqueue(job)
        ahead = 0
        try:
            for event in job.relay.receive(job.is_over):
                if event is None:
                    place = self._place(job)
                    if place != ahead and place > 0:
                        yield Waiting(place)
                    ahead = place
                else:
                    yield event
        finally:
            job.cancel()
            self._withdraw(job)

    def _check_open(self) -> None:
        if self._closed:
            raise GenerationError("the language model was closed; start the program again")

    def _check_file(self) -> None:
        """Refuse early what llama.cpp would only fail at, or die of."""
        try:
            size = self._path.stat().st_size
            with self._path.open("rb") as file:
                magic = file.read(4)
        except OSError as error:
            raise GenerationError(
                f"the language model {self._path} cannot be read ({error.strerror}); "
                "run 'hoidap models fetch', or correct llm.model in the configuration"
            ) from error
        if magic != b"GGUF":
            raise GenerationError(
                f"{self._path} is not a GGUF file; run 'hoidap models fetch', "
                "or name a .gguf file as llm.model in the configuration"
            )
        free = self._free_memory()
        if free is not None and free < size + _SPARE_BYTES:
            raise GenerationError(
                f"{self._path.name} needs {(size + _SPARE_BYTES) / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB "
                "are free; close other programs, or choose a smaller model as llm.model",
                code="memory",
            )

    def _enqueue(self, job: _Job) -> None:
        with self._changed:
            self._check_open()
            self._jobs.append(job)
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="hoidap-llama", daemon=True)
                self._worker.start()
            self._changed.notify_all()

    def _place(self, job: _Job) -> int:
        with self._changed:
            return self._jobs.index(job) if job in self._jobs else 0

    def _withdraw(self, job: _Job) -> None:
        """Take a job out of the queue; the one being written leaves it by itself."""
        with self._changed:
            if job in self._jobs[1:]:
                self._jobs.remove(job)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._closed)
                if self._closed:
                    for job in self._jobs:
                        job.relay.close()
                    return
                job = self._jobs[0]
            try:
                self._write(job)
                job.relay.close()
            except BaseException as error:  # noqa: BLE001 - raised in the thread that asked
                job.relay.close(error)
            finally:
                with self._changed:
                    self._jobs.remove(job)

    def _write(self, job: _Job) -> None:
        engine = self.load()
        prompt = engine.vocabulary.prompt(job.prompt)
        if len(prompt.ids) + job.max_tokens > self.context_tokens:
            raise GenerationError(
                f"the prompt of {len(prompt.ids)} tokens and a reply of up to {job.max_tokens} do not fit into "
                f"{self.context_tokens} tokens; ask more briefly, or raise llm.context_tokens",
                code="too_long",
            )
        job.begin()
        job.relay.send(Started(len(prompt.ids)))
        for piece in engine.write(prompt, job.max_tokens, job.flag, job.is_over):
            job.relay.send(piece)


def _late(seconds: float) -> GenerationError:
    return GenerationError(
        f"the language model wrote nothing in {seconds:.0f} s; "
        "ask again when the computer is less busy, choose a smaller model, or raise llm.seconds",
        code="too_slow",
    )


class _Job:
    """One call of ``generate``, seen from both of its threads."""

    def __init__(self, prompt: Prompt, max_tokens: int, stop: threading.Event, seconds: float) -> None:
        self.prompt = prompt
        self.max_tokens = max_tokens
        self.relay = Relay()
        self.flag = StopFlag()
        self._stop = stop
        self._seconds = seconds
        self._deadline = float("inf")
        self.late = False  # the time was up while it was being written

    def begin(self) -> None:
        """Start the clock."""
        self._deadline = time.monotonic() + self._seconds

    def cancel(self) -> None:
        """End it, even inside an evaluation."""
        self.flag.set()

    def is_over(self) -> bool:
        """Tell whether it was cancelled or stopped, or its time is up."""
        if self.flag.is_set() or self._stop.is_set():
            return True
        if time.monotonic() >= self._deadline:
            self.late = True  # never set back: both threads ask
        return self.late
