"""How long each step of an answer takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

Stage: TypeAlias = Literal["waiting", "understand", "search", "read", "write", "verify"]
"""The steps of an answer in their order; ``waiting`` is the time in which the language model serves others."""
STAGES: tuple[Stage, ...] = ("waiting", "understand", "search", "read", "write", "verify")


class Stages:
    """Adds up the seconds of the clock that each step takes."""

    def __init__(self) -> None:
        self.seconds: dict[Stage, float] = {}

    def add(self, stage: Stage, seconds: float) -> None:
        """Count seconds to a step."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    @contextmanager
    def of(self, stage: Stage) -> Iterator[None]:
        """Count what happens inside to a step."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.add(stage, time.monotonic() - began)
