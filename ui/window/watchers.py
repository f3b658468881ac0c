"""What an open window looks at while it changes: an answer, how far the articles are read, what to ask next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import gradio as gr

from ui.articles.syncing import Syncing
from ui.conversations.answering import Answering
from ui.conversations.entries import Exchange
from ui.conversations.history import History
from ui.conversations.next_questions import NextQuestions
from ui.views import conversation
from ui.window.drawing import Drawing
from ui.window.events import Press, window_of
from ui.window.panes import Panes, Updates, View
from ui.window.shown_errors import shows_errors_last


class Watchers:
    """Every public method shows one step after another, until its window shows something else."""

    def __init__(
        self,
        answering: Answering,
        history: History,
        further: NextQuestions,
        syncing: Syncing,
        panes: Panes,
        drawing: Drawing,
    ) -> None:
        self.drawing = drawing
        self._answering = answering
        self._history = history
        self._further = further
        self._syncing = syncing
        self._panes = panes
        self._looks = drawing.looks

    @shows_errors_last
    async def watch(self, view: View, request: gr.Request) -> AsyncIterator[Updates]:
        """Show the answer of the conversation on show while it is made, until the window shows another."""
        window, job = window_of(request), await asyncio.to_thread(self._answering.of, view.conversation)
        if job is not None:
            ticket = self._looks.watching.begin(window)
            shown = ""
            while await self._answering.changes(job) and self._looks.watching.holds(window, ticket):
                drawn = self.drawing.running(job)
                if drawn[self._panes.live] != shown:
                    shown = drawn[self._panes.live]
                    yield drawn
            if self._looks.watching.holds(window, ticket):
                yield await asyncio.to_thread(self.drawing.settled, job, view, request)
        elif view.conversation is not None:  # the answer was faster than the look at it
            yield await asyncio.to_thread(self.drawing.show, view, request)
        else:
            ticket = self._looks.watching.begin(window)
            while await self._syncing.changes() and self._looks.watching.holds(window, ticket):
                yield {self._panes.live: await asyncio.to_thread(self.drawing.greeting)}
            if self._looks.watching.holds(window, ticket):
                yield await asyncio.to_thread(self.drawing.welcome)

    async def wait(self, request: gr.Request) -> AsyncIterator[Updates]:
        """Show how far the articles are read that the last answer may stand in, until they all are."""
        window, ticket = window_of(request), self._looks.waiting.begin(window_of(request))
        while await self._syncing.changes() and self._looks.waiting.holds(window, ticket):
            yield {self._panes.waiting: conversation.still_reading(self._syncing.step, self.drawing.words)}
        # Gradio sends the last step once more, when the window may show something else already.
        yield {self._panes.waiting: "" if self._looks.waiting.holds(window, ticket) else gr.skip()}
        yield {self._panes.waiting: gr.skip()}

    @shows_errors_last
    async def suggest(self, view: View, event: gr.EventData, request: gr.Request) -> AsyncIterator[Updates]:
        """Offer what could be asked next, once it is known that the articles tell it."""
        window, ticket = window_of(request), self._looks.offering.begin(window_of(request))
        entries = self._history.entries(view.conversation) if view.conversation else []
        last = entries[-1] if entries else None
        if isinstance(last, Exchange) and last.id == Press(event).number("exchange"):
            questions = await self._further.of(last)
            if self._looks.offering.holds(window, ticket):
                yield {self._panes.further: conversation.further(questions, self.drawing.words)}

    def leave_window(self, request: gr.Request) -> None:
        """Forget a window that was closed; its question is answered all the same."""
        self._looks.leave(window_of(request))
