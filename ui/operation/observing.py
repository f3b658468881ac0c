"""What became of each question, for the figures and the log: never which answer it got."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from rag.schema import COLLECTION_KINDS, SMALL_TALK_KINDS, Answer, Event, Finished
from rag.timing import STAGES, Stage

Result: TypeAlias = Literal["sure", "perhaps", "not_told", "talk", "collection", "stopped", "error"]
"""An answer by its manner, a word in reply, one about the collection; a question that was taken back, or failed."""
RESULTS: tuple[Result, ...] = ("sure", "perhaps", "not_told", "talk", "collection", "stopped", "error")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose turn has come; ``waited`` are the seconds in line before anything was done for it."""

    question: str
    request: str = ""
    waited: float = 0.0


@dataclass(frozen=True, slots=True)
class Observation:
    """What became of a question.

    ``error`` is the code of what failed.  ``seconds`` are those of each step that was taken, waiting in line included;
    ``whole`` all of them, from sending to the end.
    """

    asked: Asked
    result: Result
    whole: float
    seconds: Mapping[Stage, float] = field(default_factory=dict)
    error: str = ""
    cut: bool = False


class Observer:
    """Follows questions and reports the outcome of each to its listeners."""

    def __init__(self, *listeners: Callable[[Observation], None]) -> None:
        self._listeners = list(listeners)

    def add_listener(self, listener: Callable[[Observation], None]) -> None:
        """Add a listener."""
        self._listeners.append(listener)

    def follow(self, asked: Asked, events: Iterator[Event]) -> Iterator[Event]:
        """Pass the events of an answer on, and report its outcome at the end, also of a failure."""
        began, answer, error = time.monotonic(), None, ""
        try:
            for event in events:
                if isinstance(event, Finished):
                    answer = event.answer
                    self._tell(asked, answer, time.monotonic() - began)
                yield event
        except Exception as failure:
            error = str(getattr(failure, "code", "unknown"))
            raise
        finally:
            if answer is None:
                whole = asked.waited + time.monotonic() - began
                seconds: dict[Stage, float] = {"waiting": asked.waited}
                self._all(Observation(asked, "error" if error else "stopped", whole, seconds, error))

    def withdrawn(self, asked: Asked) -> None:
        """Tell that a question was taken back before its turn."""
        self._all(Observation(asked, "stopped", asked.waited, {"waiting": asked.waited}))

    def _tell(self, asked: Asked, answer: Answer, seconds: float) -> None:
        steps: dict[Stage, float] = {stage: getattr(answer.seconds, stage) for stage in STAGES}
        steps = {stage: spent for stage, spent in steps.items() if spent}
        steps["waiting"] = steps.get("waiting", 0.0) + asked.waited
        self._all(Observation(asked, result_of(answer), asked.waited + seconds, steps, cut=answer.cut))

    def _all(self, observation: Observation) -> None:
        for listener in self._listeners:
            listener(observation)


def result_of(answer: Answer) -> Result:
    """Name what kind of result an answer is."""
    if answer.stopped:
        return "stopped"
    if answer.kind in SMALL_TALK_KINDS:
        return "talk"
    if answer.kind in COLLECTION_KINDS:
        return "collection"
    return answer.manner
