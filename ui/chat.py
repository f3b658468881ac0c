"""What happens when a person asks, stops, reads a source or changes the conversation."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from typing import Protocol

import gradio as gr

from index.errors import IndexingError
from index.schema import Filters
from rag.errors import AnsweringError
from rag.schema import Answer, Delta, Event, Finished, Found, Turn
from ui import progress, render, shell, sources
from ui.errors import WindowError
from ui.events import Press, owner_of, read_day, window_of
from ui.history import Exchange, GoneError, History
from ui.library import Library
from ui.markup import text
from ui.panes import Panes, Updates, View, unchanged
from ui.runs import Run, Runs
from ui.strings import Words
from ui.trouble import Trouble, trouble

LONGEST_QUESTION = 2000
_SECONDS_BETWEEN_UPDATES = 0.06
LOG = logging.getLogger(__name__)


class Assistant(Protocol):
    """Whoever answers questions."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters = Filters(),
        stop: threading.Event | None = None,
    ) -> Iterator[Event]:
        """Answer step by step; the last event is Finished."""
        ...


class Chat:
    """The conversation page: every public method is the handler of one event."""

    def __init__(
        self,
        assistant: Assistant,
        library: Library,
        history: History,
        examples: Sequence[str],
        words: Words,
        panes: Panes,
    ) -> None:
        self._assistant = assistant
        self._library = library
        self._history = history
        self._examples = tuple(examples)
        self._words = words
        self._panes = panes
        self._runs = Runs()

    def open_page(self, remembered: str, request: gr.Request) -> Updates:
        """Fill the window, with the conversation that this browser showed last."""
        owner = owner_of(request)
        known = remembered if remembered and self._history.owns(owner, remembered) else None
        return self._show(View(conversation=known), owner)

    def ask(self, question: str, view: View, request: gr.Request) -> Iterator[Updates]:
        """Answer what stands in the question box."""
        yield from self._answer(question.strip(), view, owner_of(request), window_of(request))

    def ask_example(self, view: View, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """Answer the example that was pressed."""
        yield from self._answer(Press(event).text("question"), view, owner_of(request), window_of(request))

    def stop(self, request: gr.Request) -> None:
        """End the answer that this window waits for."""
        self._runs.stop(window_of(request))

    def leave_window(self, request: gr.Request) -> None:
        """End the answer of a window that was closed."""
        self._runs.abandon(window_of(request))

    def edit(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Put an earlier question into the box; sending it replaces that exchange and the later ones."""
        item = self._exchange(event, request)
        return {
            self._panes.view: replace(view, editing=item.id),
            self._panes.question: item.answer.question,
            self._panes.editing: shell.editing(item.answer.question, self._words),
        }

    def leave_editing(self, view: View) -> Updates:
        """Keep the earlier question as it was."""
        return {
            self._panes.view: replace(view, editing=None),
            self._panes.question: "",
            self._panes.editing: "",
        }

    def cite(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Open the sources of an answer at a mark or a passage."""
        item, press = self._exchange(event, request), Press(event)
        return {
            self._panes.sources: sources.sources(
                item, self._words, press.number("mark"), press.number("rank")
            )
        }

    def whole_article(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Open the article of a passage at the sentence that was quoted."""
        item, press = self._exchange(event, request), Press(event)
        hit = next((hit for hit in item.answer.passages if hit.rank == press.number("rank")), None)
        if hit is None:
            return unchanged(self._panes)
        with self.telling():
            article = self._library.article(hit.chunk.article.id)
        page = sources.whole_article(item, hit.rank, article, self._words, press.number("mark"))
        return {self._panes.sources: page}

    def new(self, view: View, request: gr.Request) -> Updates:
        """Begin an empty conversation."""
        self._runs.abandon(window_of(request))
        return self._show(replace(view, conversation=None, editing=None), owner_of(request))

    def open(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Show another conversation."""
        self._runs.abandon(window_of(request))
        chosen = Press(event).text("conversation")
        if not self._history.owns(owner_of(request), chosen):
            raise self._told(self._words.error_gone)
        return self._show(replace(view, conversation=chosen, editing=None), owner_of(request))

    def filter(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Bound the articles that the next questions search."""
        press = Press(event)
        source = press.text("source")
        days = []
        for name, last in (("from", False), ("to", True)):
            typed = press.text(name)
            days.append(read_day(typed, last=last))
            if typed and days[-1] is None:
                raise self._told(self._words.day_unclear.format(day=typed))
        chosen = Filters(days[0], days[1], (source,) if source else ())
        changed = replace(view, filters=chosen)
        return {self._panes.view: changed, self._panes.filters: self._filters(changed)}

    def listed(self, view: View, owner: str) -> Updates:
        """Draw the list of conversations and what can be taken along."""
        found = self._history.conversations(owner, view.search)
        now = datetime.now(timezone.utc)
        return {
            self._panes.conversations: shell.conversations(
                found, view.conversation, view.search, now, self._words
            ),
            self._panes.exports: shell.exports(view.conversation, self._words),
        }

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Turn a known error into a sentence in the window."""
        try:
            yield
        except GoneError as error:
            raise self._told(self._words.error_gone) from error
        except (IndexingError, WindowError) as error:
            raise self._told(trouble(error, self._words).sentence) from error

    def _answer(self, question: str, view: View, owner: str, window: str) -> Iterator[Updates]:
        if not question:
            yield unchanged(self._panes)
            return
        if len(question) > LONGEST_QUESTION:
            gr.Warning(
                self._words.question_too_long.format(limit=LONGEST_QUESTION), title=self._words.error_title
            )
            yield unchanged(self._panes)
            return
        run = self._runs.start(window)
        if run is None:
            gr.Info(self._words.already_running, title=self._words.question_by)
            yield unchanged(self._panes)
            return
        try:
            for updates in self._told_steps(question, view, owner, run):
                if not run.abandoned:
                    yield updates
        finally:
            self._runs.finish(window, run)

    def _told_steps(self, question: str, view: View, owner: str, run: Run) -> Iterator[Updates]:
        try:
            yield from self._steps(question, view, owner, run)
        except (IndexingError, AnsweringError, WindowError) as error:
            yield self._failed(question, trouble(error, self._words))
        except (
            Exception
        ):  # whatever broke, the window must not wait for an answer for ever; the log has it all
            LOG.exception("The answer to a question failed.")
            yield self._failed(question, Trouble(self._words.error_unknown, ""))

    def _steps(self, question: str, view: View, owner: str, run: Run) -> Iterator[Updates]:
        earlier = self._history.exchanges(owner, view.conversation) if view.conversation else []
        kept = [item for item in earlier if view.editing is None or item.id < view.editing]
        turns = [Turn(item.answer.question, item.answer.text) for item in kept]
        started = shown = time.monotonic()
        state = progress.Progress(question, "searching", 0.0)
        yield {
            self._panes.past: render.exchanges(kept, self._words),
            self._panes.live: progress.progress(state, self._words),
            self._panes.question: "",
            self._panes.editing: "",
            self._panes.sources: sources.no_sources(self._words),
            self._panes.send: gr.update(visible=False),
            self._panes.stop: gr.update(visible=True),
        }
        for event in self._assistant.ask(question, turns, filters=view.filters, stop=run.stop):
            if isinstance(event, Finished):
                yield self._finished(event.answer, view, kept, owner)
                return
            now = time.monotonic()
            state = progress.advance(state, event, now - started, stopping=run.stop.is_set())
            if isinstance(event, Delta) and now - shown < _SECONDS_BETWEEN_UPDATES:
                continue
            shown = now
            updates = {self._panes.live: progress.progress(state, self._words)}
            if isinstance(event, Found):
                updates[self._panes.sources] = sources.found(event.passages, self._words, event.extract)
            yield updates

    def _finished(self, answer: Answer, view: View, kept: Sequence[Exchange], owner: str) -> Updates:
        """Keep the answer and show it; one that was stopped before its first word goes back into the box."""
        if answer.stopped and not answer.text.strip():
            return {**self._show(view, owner), self._panes.question: answer.question}
        if view.editing is not None and view.conversation is not None:
            self._history.cut(owner, view.conversation, view.editing)
        conversation = view.conversation or self._history.start(owner, answer.question)
        item = self._history.add(owner, conversation, answer)
        changed = replace(view, conversation=conversation, editing=None)
        return {
            self._panes.view: changed,
            self._panes.live: render.exchange(item, self._words),
            self._panes.sources: sources.sources(item, self._words),
            **self.listed(changed, owner),
            **self._at_rest(),
        }

    def _failed(self, question: str, told: Trouble) -> Updates:
        return {
            self._panes.live: render.failure(question, told, self._words),
            self._panes.question: question,
            **self._at_rest(),
        }

    def _at_rest(self) -> Updates:
        return {self._panes.send: gr.update(visible=True), self._panes.stop: gr.update(visible=False)}

    def _show(self, view: View, owner: str) -> Updates:
        """Draw a conversation from what is kept; without one, the welcome."""
        kept = self._history.exchanges(owner, view.conversation) if view.conversation else []
        if kept:
            live, side = render.exchange(kept[-1], self._words), sources.sources(kept[-1], self._words)
        else:
            live = render.welcome(self._examples, self._library.counts().articles, self._words)
            side = sources.no_sources(self._words)
        return {
            self._panes.view: view,
            **self.listed(view, owner),
            self._panes.past: render.exchanges(kept[:-1], self._words),
            self._panes.live: live,
            self._panes.sources: side,
            self._panes.question: "",
            self._panes.editing: "",
            self._panes.filters: self._filters(view),
            **self._at_rest(),
        }

    def _filters(self, view: View) -> str:
        return shell.filters(view.filters, self._library.sources(), self._words)

    def _exchange(self, event: gr.EventData, request: gr.Request) -> Exchange:
        with self.telling():
            return self._history.exchange(owner_of(request), Press(event).number("exchange") or 0)

    def _told(self, message: str) -> gr.Error:
        return gr.Error(text(message), title=self._words.error_title, print_exception=False)
