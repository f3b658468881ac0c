"""How much and how often may be asked."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ui.serve.errors import RequestError

_REMEMBERED = 10_000
"""Askers that are remembered: the one not heard of for longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests one asker may send in a minute, how large, and how many questions may wait."""

    requests_per_minute: int = 120
    body_bytes: int = 1_000_000
    file_bytes: int = 20_000_000
    question_characters: int = 2_000
    waiting: int = 16


class Rate:
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


class Places:
    """The questions that are being answered or wait for it."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._lock = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place; raises RequestError where all are taken."""
        with self._lock:
            if self._free < 1:
                raise RequestError(
                    503, "busy", "Too many questions are waiting; try again in a moment.", wait=5
                )
            self._free -= 1
        try:
            yield
        finally:
            with self._lock:
                self._free += 1
