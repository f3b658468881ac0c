"""How much and how often may be asked."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rag.config import Config
from ui.serve.errors import RequestError

_REMEMBERED = 10_000
"""Askers that are remembered: the one not heard of for longest is forgotten first."""


REQUESTS_PER_MINUTE = 120


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests one asker may send in a minute, and how large.

    ``at_once`` questions are answered at a time, ``waiting`` may wait, ``waiting_each`` of one asker; ``surveys``
    tables and checked texts are made at a time.
    """

    requests_per_minute: int = REQUESTS_PER_MINUTE
    body_bytes: int = 1_000_000
    file_bytes: int = 20_000_000
    question_characters: int = 2_000
    at_once: int = 1
    waiting: int = 200
    waiting_each: int = 16
    surveys: int = 4


def limits_of(config: Config, requests_per_minute: int = REQUESTS_PER_MINUTE) -> Limits:
    """Give the limits that the configuration tells."""
    return Limits(
        requests_per_minute,
        at_once=config.llm.together,
        waiting=config.queue.waiting,
        waiting_each=config.queue.waiting_each,
    )


class RateLimiter:
    """A bucket for each asker, which holds a minute's requests and fills steadily.

    ``now`` gives seconds of a clock that never goes back.
    """

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, asker: str) -> float:
        """Take one request of an asker; 0 where it may pass, else the seconds after which the next one may."""
        moment = self._now()
        left, then = self._buckets.pop(asker, (float(self._per_minute), moment))
        left = min(float(self._per_minute), left + (moment - then) * self._per_minute / 60)
        passes = left >= 1
        self._buckets[asker] = (left - 1 if passes else left, moment)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if passes else (1 - left) * 60 / self._per_minute


class ConcurrencyLimiter:
    """So many things may be done at a time, and no more wait."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._lock = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place; raises RequestError where all are taken."""
        with self._lock:
            if self._free < 1:
                raise RequestError(
                    503, "busy", "As much as possible is being read; try again in a moment.", wait=5
                )
            self._free -= 1
        try:
            yield
        finally:
            with self._lock:
                self._free += 1
