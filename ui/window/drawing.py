"""The conversation page as it is to be shown: updates of its panes, from what is kept and what is being answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone

import gradio as gr

from ui.articles.library import Library
from ui.articles.syncing import Syncing
from ui.conversations.answer_job import Job
from ui.conversations.answering import Answering
from ui.conversations.entries import Entry, Exchange, GoneError
from ui.conversations.history import History
from ui.conversations.viewers import WindowTickets
from ui.strings import Words
from ui.views import conversation, shell, sources
from ui.views.errors import error_text
from ui.views.formatting import may_miss_unread
from ui.views.markup import Html
from ui.views.progress import progress
from ui.window.events import window_of
from ui.window.panes import Panes, Updates, View, unchanged


class Drawing:
    """Draws the conversation page; ``examples`` gives questions for one where nothing was asked yet."""

    def __init__(
        self,
        answering: Answering,
        library: Library,
        history: History,
        examples: Callable[[], Sequence[str]],
        syncing: Syncing,
        words: Words,
        panes: Panes,
    ) -> None:
        self.words = words
        self.looks = WindowTickets()
        self._answering = answering
        self._library = library
        self._history = history
        self._examples = examples
        self._syncing = syncing
        self._panes = panes

    def show(self, view: View, request: gr.Request) -> Updates:
        """Draw a conversation from what is kept and what is being answered; without one, the welcome."""
        self.looks.leave(window_of(request))
        kept: list[Entry] = self._history.entries(view.conversation) if view.conversation else []
        job = self._answering.of(view.conversation) if view.conversation else None
        last = kept[-1] if kept else None
        if job is not None:
            body = self.running(job, fresh=True)
        elif last is None:
            body = self.welcome()
        else:
            body = {**self.last(last, view.conversation), **self.at_rest(resting=True)}
        updates = {
            self._panes.view: view,
            **self.listed(view),
            self._panes.past: conversation.past(kept[:-1], self.words, whole=view.whole),
            self._panes.sources: sources.no_sources(self.words),
            self._panes.waiting: "",
            self._panes.further: "",
            **body,
            self._panes.editing: "",
            self._panes.filters: self.filters(view),
            **self.notice(""),
        }
        return updates

    def running(self, job: Job, *, fresh: bool = False) -> Updates:
        """Show how far an answer is; what is ``fresh`` on show changes the buttons too, which then stay so."""
        state = self._answering.state(job)
        updates = {
            self._panes.live: progress(state, self.words, job.asked.conversation, fresh=fresh),
            **(self.at_rest(resting=False) if fresh else {}),
        }
        if state.passages:
            updates[self._panes.sources] = sources.found(state.passages, self.words, state.extract)
        return updates

    def settled(self, job: Job, view: View, request: gr.Request) -> Updates:
        """Show the outcome of a question: its answer, what went wrong, or the box as it was before."""
        if job.withdrawn:
            kept = self._history.entries(job.asked.conversation)
            body = self.last(kept[-1], job.asked.conversation) if kept else self.welcome()
            past = conversation.past(kept[:-1], self.words, whole=view.whole)
            updates = {**body, self._panes.past: past, self._panes.question: job.asked.question}
            left = view if kept else replace(view, conversation=None)
            return {**updates, self._panes.view: left, **self.listed(left), **self.at_rest(resting=True)}
        try:
            entry = self._history.entry(job.asked.id)
        except GoneError:  # deleted in another window in the midst of its answer
            left = replace(view, conversation=None, editing=None)
            return {**self.show(left, request), **self.notice(self.words.error_gone)}
        return {**self.last(entry, job.asked.conversation), **self.at_rest(resting=True)}

    def last(self, entry: Entry, home: str | None) -> Updates:
        """Show the newest question of a conversation and what was answered to it."""
        drawn = {self._panes.live: conversation.last(entry, home or "", self.words), self._panes.waiting: ""}
        if isinstance(entry, Exchange):
            drawn[self._panes.sources] = self.sources(entry)
            if may_miss_unread(entry.answer) and self._syncing.reading:
                drawn[self._panes.waiting] = conversation.still_reading(
                    self._syncing.step, self.words, fresh=True
                )
        return drawn

    def sources(self, item: Exchange, mark: int | None = None, rank: int | None = None) -> Html:
        """Show what an answer cites and what else was read, at one of its marks or passages."""
        pages: dict[int, int] = {}
        for hit in item.answer.passages:
            if hit.chunk.article.source.lower().endswith(".pdf"):
                page = sources.page_of(item, hit, self._library.article(hit.chunk.article.id))
                if page:
                    pages[hit.rank] = page
        return sources.sources(item, self.words, mark, rank, pages)

    def welcome(self) -> Updates:
        """Show what stands in a conversation that has no question yet."""
        return {
            self._panes.live: self.greeting(fresh=True),
            self._panes.waiting: "",
            self._panes.sources: sources.no_sources(self.words),
            **self.at_rest(resting=True),
        }

    def greeting(self, *, fresh: bool = False) -> Html:
        """What stands where nothing was asked yet; questions are not looked for while their articles come."""
        if (fault := self._library.fault) is not None:
            return conversation.damaged(error_text(fault, self.words), self.words)
        articles, step = self._library.counts().articles, self._syncing.step
        reading = step if self._syncing.running and (step.total or not articles) else None
        examples = () if reading else self._examples()
        return conversation.welcome(examples, articles, self.words, reading, fresh=fresh)

    def at_rest(self, *, resting: bool) -> Updates:
        """Offer to send where nothing is answered, else to stop."""
        return {
            self._panes.send: gr.update(visible=resting),
            self._panes.stop: gr.update(visible=not resting),
        }

    def filters(self, view: View) -> str:
        """Show what the next questions are bounded to."""
        if self._library.fault is not None:  # what was asked before is shown all the same
            return shell.filters(view.filters, (), self.words)
        source = "".join(view.filters.sources)
        title = next((info.title for info in self._library.search("") if info.source == source), "")
        return shell.filters(view.filters, self._library.sources(), self.words, title if source else "")

    def listed(self, view: View) -> Updates:
        """Draw the list of conversations and what can be taken along."""
        found = self._history.conversations(view.search)
        now = datetime.now(timezone.utc)
        return {
            self._panes.conversations: shell.conversations(
                found, view.conversation, view.search, now, self.words
            ),
            self._panes.exports: shell.exports(view.conversation, self.words),
        }

    def notice(self, sentence: str) -> Updates:
        """Say something above the question box; nothing takes away what was said before."""
        return {self._panes.notice: shell.notice(sentence)}

    def nothing(self) -> Updates:
        """Leave everything as it is."""
        return unchanged(self._panes)
