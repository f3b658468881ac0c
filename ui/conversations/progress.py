"""An answer that is being made: what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from index.schema import Hit
from rag.schema import Checking, Delta, Event, Extract, Found, Queued, Restarted

Stage: TypeAlias = Literal["queued", "loading", "searching", "reading", "writing", "checking"]


@dataclass(frozen=True, slots=True)
class Progress:
    """An answer that is being made: what happens now, and all that has come so far."""

    question: str
    stage: Stage
    seconds: float
    passages: tuple[Hit, ...] = ()
    text: str = ""
    ahead: int = 0
    stopping: bool = False
    standalone: str = ""
    extract: Extract | None = None


def advance(state: Progress, event: Event, seconds: float, *, stopping: bool) -> Progress:
    """Add an event to what is known of an answer that is being made."""
    now = replace(state, seconds=seconds, stopping=stopping)
    if isinstance(event, Queued):
        return replace(now, stage="queued" if event.ahead else "reading", ahead=event.ahead)
    if isinstance(event, Found):
        return replace(
            now,
            stage="reading",
            passages=event.passages,
            standalone=event.standalone,
            extract=event.extract,
        )
    if isinstance(event, Delta):
        return replace(now, stage="writing", text=state.text + event.text)
    if isinstance(event, Restarted):
        return replace(now, stage="reading", text="")
    if isinstance(event, Checking):
        return replace(now, stage="checking")
    return now


def at(state: Progress, seconds: float, *, ahead: int, loading: bool, stopping: bool) -> Progress:
    """Tell how things stand now: a question may also wait in the queue, or for the models."""
    now = replace(state, seconds=seconds, stopping=stopping)
    if ahead:
        return replace(now, stage="queued", ahead=ahead)
    if loading and not state.text and state.stage in {"searching", "reading"}:
        return replace(now, stage="loading")
    return now
