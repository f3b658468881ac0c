"""An answer that is being made: what is known of it, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from index.schema import Hit
from rag.schema import Checking, Delta, Event, Extract, Found, Queued
from ui.strings import Words
from ui.views.answer_text import streamed
from ui.views.conversation import asked, understood
from ui.views.markup import Html, element
from ui.views.wording import decimal

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
    if isinstance(event, Checking):
        return replace(now, stage="checking")
    return now


def at(state: Progress, seconds: float, *, ahead: int, loading: bool, stopping: bool) -> Progress:
    """Tell how things stand now: a question that waits in line, or for the models, is told so."""
    now = replace(state, seconds=seconds, stopping=stopping)
    if ahead:
        return replace(now, stage="queued", ahead=ahead)
    if loading and not state.text and state.stage in {"searching", "reading"}:
        return replace(now, stage="loading")
    return now


def progress(state: Progress, words: Words, conversation: str = "", *, fresh: bool = False) -> Html:
    """Show a question whose answer is still being made; what is written so far looks unchecked.

    One that is ``fresh`` is looked at from now on: the browser asks for what comes.
    """
    stages = {
        "queued": words.state_queued.format(ahead=state.ahead),
        "loading": words.state_loading,
        "searching": words.state_searching,
        "reading": words.state_reading.format(passages=len(state.passages)),
        "writing": words.state_writing,
        "checking": words.state_checking,
    }
    doing = words.stopping if state.stopping else stages[state.stage]
    status = element(
        "p",
        element("span", class_="pulse", aria_hidden="true"),
        element("span", doing, class_="doing"),
        element(
            "span",
            words.elapsed.format(seconds=decimal(state.seconds, words)),
            class_="elapsed",
            data_seconds=f"{state.seconds:.1f}",
            data_pattern=words.elapsed,
            aria_hidden="true",
        ),
        class_="status",
    )
    written = Html()
    if state.text:
        label = element("p", words.draft_label, class_="draft-label")
        written = element("div", label, *streamed(state.text), class_="answer draft")
    return element(
        "article",
        asked(state.question, words),
        understood(state.question, state.standalone or state.question, words),
        written,
        status,
        class_="exchange running",
        data_conversation=conversation,
        data_fresh=fresh,
        aria_busy="true",
    )
