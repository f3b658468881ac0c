"""Several servers of one language model: each question goes to the one that has the fewest, and past one that fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from rag.errors import GenerationError, RequestRefusedError
from rag.writer.generator import GenerationEvent, Prompt, StartedAgain, Waiting
from rag.writer.openai_server import OpenAIServer

FIRST_REST, LONGEST_REST = 15.0, 300.0
"""Seconds for which a server that failed is left alone, at first and at last; doubled at each failure."""
_GLANCE = 0.05
"""Seconds between two looks at a stop; well inside the 0.2 s that are promised."""


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server at this moment: how many replies it writes, and why and for how many seconds it is left alone yet."""

    base_url: str
    running: int
    failure: str = ""
    rests: float = 0.0


@dataclass(slots=True, eq=False)
class _Server:
    server: OpenAIServer
    running: int = 0
    used: int = 0
    failures: int = 0
    failure: str = ""
    rests_until: float = float("-inf")


@dataclass(slots=True, eq=False)
class _Request:
    """A question that wants a server, and those that have failed it."""

    tried: list[_Server] = field(default_factory=list)


class ServerPool:
    """A Generator over servers of the same model, each of which writes ``at_once`` replies at a time.

    More than they take wait, first come first served.  A server that fails is left alone for a while, and its question
    begins again at the next one; it fails only where all servers have failed.  Where all are left alone, the one whose
    rest ends first is asked.  ``now`` gives seconds of a clock that never goes back.
    """

    trained = False  # no model of a server has the adapters of this program

    def __init__(
        self, servers: Sequence[OpenAIServer], at_once: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.name, self.context_tokens = servers[0].name, servers[0].context_tokens
        self._places = [_Server(server) for server in servers]
        self._at_once = at_once
        self._now = now
        self._changed = threading.Condition()  # guards what follows, and the places
        self._line: list[_Request] = []
        self._uses = 0

    def count_tokens(self, text: str) -> int:
        """Estimate the length in tokens."""
        return self._places[0].server.count_tokens(text)

    def states(self) -> tuple[ServerState, ...]:
        """Tell how each server does, in the order of the configuration."""
        with self._changed:
            return tuple(
                ServerState(
                    place.server.base_url,
                    place.running,
                    place.failure,
                    max(0.0, place.rests_until - self._now()),
                )
                for place in self._places
            )

    def check(self, seconds: float = 2.0) -> tuple[ServerState, ...]:
        """Check all servers at the same time; the result is reported and changes nothing else."""
        found = [""] * len(self._places)

        def ask(number: int) -> None:
            try:
                self._places[number].server.check(seconds)
            except GenerationError as error:
                found[number] = str(error)

        asking = [threading.Thread(target=ask, args=(number,)) for number in range(len(self._places))]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        return tuple(
            ServerState(state.base_url, state.running, failure, state.rests)
            for state, failure in zip(self.states(), found, strict=True)
        )

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        """Write greedily until the model ends, ``max_tokens``, ``stop`` or the time limit.

        ``seconds`` count from the first server's turn on, whatever fails meanwhile.
        Raises GenerationError when every server has failed, or when nothing was written in time.
        """
        asker, deadline = _Request(), 0.0
        while (place := (yield from self._turn(asker, stop))) is not None:
            deadline = deadline or self._now() + seconds
            left = max(deadline - self._now(), _GLANCE)
            outcome: str | None = None
            try:
                yield from place.server.generate(prompt, max_tokens=max_tokens, stop=stop, seconds=left)
                outcome = None if stop.is_set() else ""
                return
            except RequestRefusedError:
                raise
            except GenerationError as error:
                outcome = str(error)
                asker.tried.append(place)
                late = error.code == "too_slow" or self._now() >= deadline
                if late or len(asker.tried) == len(self._places):
                    raise
            finally:
                self._give_back(place, outcome)
            yield StartedAgain()

    def _turn(
        self, asker: _Request, stop: threading.Event
    ) -> Generator[GenerationEvent, None, _Server | None]:
        """Wait for a server, telling how many wait before; ``None`` where it was stopped meanwhile."""
        reported = 0
        with self._changed:
            self._line.append(asker)
        try:
            while not stop.is_set():
                with self._changed:
                    before = self._line.index(asker)
                    place = self._free(asker)
                    if place is not None and all(self._free(one) is not place for one in self._line[:before]):
                        self._uses += 1
                        place.running, place.used = place.running + 1, self._uses
                        return place
                    if before + 1 == reported:
                        self._changed.wait(_GLANCE)
                        continue
                    reported = before + 1
                yield Waiting(reported)
            return None
        finally:
            with self._changed:
                self._line.remove(asker)
                self._changed.notify_all()

    def _free(self, asker: _Request) -> _Server | None:
        """The server that a question goes to now: a sound one before one that failed, then the least busy one."""
        left = [place for place in self._places if place not in asker.tried]
        sound = [place for place in left if place.rests_until <= self._now()]
        free = [place for place in sound or left if place.running < self._at_once]
        if not free:
            return None
        return min(free, key=lambda place: (0.0 if sound else place.rests_until, place.running, place.used))

    def _give_back(self, place: _Server, failure: str | None) -> None:
        """Free a server; a ``failure`` lets it rest, ``""`` makes it sound again, ``None`` says nothing of it."""
        with self._changed:
            place.running -= 1
            if failure:
                rest = min(FIRST_REST * 2**place.failures, LONGEST_REST)
                place.failures, place.failure = place.failures + 1, failure
                place.rests_until = self._now() + rest
            elif failure is not None:
                place.failures, place.failure, place.rests_until = 0, "", float("-inf")
            self._changed.notify_all()
