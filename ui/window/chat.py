"""What happens when a person asks, stops, reads a source or changes the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timezone
from functools import wraps
from typing import Any, TypeVar, cast

import gradio as gr

from index.errors import IndexingError
from index.schema import Filters
from rag.suggestions.narrower import narrowings
from ui import search_scope
from ui.articles.library import Library
from ui.articles.syncing import Syncing
from ui.conversations.answer_job import Job
from ui.conversations.answering import Answering
from ui.conversations.entries import Entry, Exchange, GoneError, Unanswered
from ui.conversations.history import History
from ui.conversations.next_questions import NextQuestions
from ui.conversations.viewers import Watching
from ui.errors import WindowError
from ui.strings import Words
from ui.views import conversation, shell, sources
from ui.views.errors import trouble
from ui.views.formatting import may_stand_in_unread
from ui.views.markup import Html
from ui.views.progress import progress
from ui.window.events import Press, visitor_of, window_of
from ui.window.panes import Panes, Updates, View, unchanged

_Handler = TypeVar("_Handler", bound=Callable[..., Updates])
_Steps = TypeVar("_Steps", bound=Callable[..., AsyncIterator[Updates]])


def told(handler: _Handler) -> _Handler:
    """Let a handler of the chat tell a known error as a sentence above the question box."""

    @wraps(handler)
    def guarded(self: Any, *inputs: Any) -> Updates:  # noqa: ANN401 (whatever the handler takes)
        chat: Chat = self.chat
        try:
            return handler(self, *inputs)
        except (IndexingError, WindowError) as error:
            return chat.notice(_sentence(error, chat.words))

    return cast(_Handler, guarded)


def told_last(handler: _Steps) -> _Steps:
    """Let a handler that shows one step after another tell a known error in the same place."""

    @wraps(handler)
    async def guarded(self: Any, *inputs: Any) -> AsyncIterator[Updates]:  # noqa: ANN401 (as above)
        chat: Chat = self.chat
        try:
            async with aclosing(cast(AsyncGenerator[Updates, None], handler(self, *inputs))) as steps:
                async for updates in steps:
                    yield updates
        except (IndexingError, WindowError) as error:
            yield chat.notice(_sentence(error, chat.words))
        # Gradio sends the last step once more when the window may show something else already.
        yield chat.nothing()

    return cast(_Steps, guarded)


def _sentence(error: IndexingError | WindowError, words: Words) -> str:
    return words.error_gone if isinstance(error, GoneError) else trouble(error, words).sentence


class Chat:
    """The conversation page: every public method with an event is the handler of it."""

    def __init__(
        self,
        answering: Answering,
        library: Library,
        history: History,
        examples: Callable[[], Sequence[str]],
        further: NextQuestions,
        syncing: Syncing,
        words: Words,
        panes: Panes,
    ) -> None:
        self.words = words
        self._answering = answering
        self._library = library
        self._history = history
        self._examples = examples
        self._further = further
        self._syncing = syncing
        self._panes = panes
        self._watching, self._offering, self._waiting = Watching(), Watching(), Watching()

    @property
    def chat(self) -> Chat:
        """Itself, as ``told`` finds it."""
        return self

    @told
    def open_page(self, remembered: str, request: gr.Request) -> Updates:
        """Fill the window with what this browser showed last: a conversation and the bounds of the search."""
        kept = search_scope.read_remembered(remembered)
        known = kept.conversation if kept.conversation and self._history.holds(kept.conversation) else None
        return self._show(View(conversation=known, filters=kept.filters), request)

    @told
    def ask(self, question: str, view: View, shown: str, request: gr.Request) -> Updates:
        """Keep and answer what stands in the question box, as a branch where an earlier question was edited.

        ``shown`` names the conversation that the page shows: two presses at once, or a program that was started
        again, leave here a view of another one.
        """
        return self._ask(question, _as_shown(view, shown), request)

    @told
    def ask_example(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Answer the example that was pressed."""
        press = Press(event)
        return self._ask(press.text("question"), _as_shown(view, press.text("shown")), request)

    @told
    def again(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Ask a question once more, beside its first answer; ``scope`` tells where to search."""
        press = Press(event)
        entry = self._history.entry(press.number("exchange") or 0)
        filters = Filters() if press.text("scope") == "all" else entry.filters
        view = replace(view, conversation=self._history.conversation_of(entry.id))
        if isinstance(entry, Unanswered) and self._answering.of(entry.conversation) is None:
            last = self._history.entries(entry.conversation)[-1]
            if last.id == entry.id and filters == entry.filters:
                self._answering.admit(visitor_of(request))
                self._history.ask_again(entry.id)
                self._answering.submit(entry, visitor_of(request))
                return self._show(view, request)
        return self._ask(entry.question, replace(view, filters=filters, editing=None), request)

    @told
    def narrow(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Ask the question of an answer once more for those of its articles that were chosen."""
        item, press = self._exchange(event), Press(event)
        view = replace(view, conversation=self._history.conversation_of(item.id))
        for one in narrowings(item.answer, item.filters):
            if (one.by, one.value) == (press.text("by"), press.text("value")):
                return self._ask(one.question, replace(view, filters=one.filters, editing=None), request)
        return unchanged(self._panes)

    @told
    def greet(self, view: View) -> Updates:
        """Draw the welcome anew, which tells how many articles there are; a conversation stays as it is."""
        return unchanged(self._panes) if view.conversation else {self._panes.live: self._greeting()}

    @told
    def rest(self, view: View) -> Updates:
        """Offer to send again where the page still offers to stop what has ended."""
        busy = view.conversation is not None and self._answering.of(view.conversation) is not None
        return unchanged(self._panes) if busy else self._at_rest(resting=True)

    @told_last
    async def watch(self, view: View, request: gr.Request) -> AsyncIterator[Updates]:
        """Show the answer of the conversation on show while it is made, until the window shows another."""
        window, job = window_of(request), await asyncio.to_thread(self._answering.of, view.conversation)
        if job is not None:
            ticket = self._watching.begin(window)
            shown = ""
            while await self._answering.changes(job) and self._watching.holds(window, ticket):
                drawn = self._running(job)
                if drawn[self._panes.live] != shown:
                    shown = drawn[self._panes.live]
                    yield drawn
            if self._watching.holds(window, ticket):
                yield await asyncio.to_thread(self._settled, job, view, request)
        elif view.conversation is not None:  # the answer was faster than the look at it
            yield await asyncio.to_thread(self._show, view, request)
        else:
            ticket = self._watching.begin(window)
            while await self._syncing.changes() and self._watching.holds(window, ticket):
                yield {self._panes.live: await asyncio.to_thread(self._greeting)}
            if self._watching.holds(window, ticket):
                yield await asyncio.to_thread(self._welcome)

    async def wait(self, request: gr.Request) -> AsyncIterator[Updates]:
        """Show how far the articles are read that the last answer may stand in, until they all are."""
        window, ticket = window_of(request), self._waiting.begin(window_of(request))
        while await self._syncing.changes() and self._waiting.holds(window, ticket):
            yield {self._panes.waiting: conversation.still_reading(self._syncing.step, self.words)}
        # Gradio sends the last step once more, when the window may show something else already.
        yield {self._panes.waiting: "" if self._waiting.holds(window, ticket) else gr.skip()}
        yield {self._panes.waiting: gr.skip()}

    @told_last
    async def suggest(self, view: View, event: gr.EventData, request: gr.Request) -> AsyncIterator[Updates]:
        """Offer what could be asked next, once it is known that the articles tell it."""
        window, ticket = window_of(request), self._offering.begin(window_of(request))
        entries = self._history.entries(view.conversation) if view.conversation else []
        last = entries[-1] if entries else None
        if isinstance(last, Exchange) and last.id == Press(event).number("exchange"):
            questions = await self._further.of(last)
            if self._offering.holds(window, ticket):
                yield {self._panes.further: conversation.further(questions, self.words)}

    def stop(self, view: View) -> None:
        """End the answer that this window shows."""
        self._answering.stop(view.conversation)

    def leave_window(self, request: gr.Request) -> None:
        """Forget a window that was closed; its question is answered all the same."""
        self._leave(window_of(request))

    def _leave(self, window: str) -> None:
        for looks in (self._watching, self._offering, self._waiting):
            looks.end(window)

    @told
    def edit(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Put an earlier question into the box; sending it opens a branch."""
        entry = self._history.entry(Press(event).number("exchange") or 0)
        return {
            self._panes.view: replace(view, editing=entry.id),
            self._panes.question: entry.question,
            self._panes.editing: shell.editing(entry.question, self.words),
        }

    def leave_editing(self, view: View) -> Updates:
        """Keep the earlier question as it was."""
        return {
            self._panes.view: replace(view, editing=None),
            self._panes.question: "",
            self._panes.editing: "",
        }

    @told
    def cite(self, event: gr.EventData) -> Updates:
        """Open the sources of an answer at a mark or a passage."""
        item, press = self._exchange(event), Press(event)
        return {self._panes.sources: self._sources(item, press.number("mark"), press.number("rank"))}

    @told
    def whole_article(self, event: gr.EventData) -> Updates:
        """Open the article of a passage at the sentence that was quoted."""
        item, press = self._exchange(event), Press(event)
        hit = next((hit for hit in item.answer.passages if hit.rank == press.number("rank")), None)
        if hit is None:
            return unchanged(self._panes)
        article = self._library.article(hit.chunk.article.id)
        page = sources.whole_article(item, hit.rank, article, self.words, press.number("mark"))
        return {self._panes.sources: page}

    @told
    def new(self, view: View, request: gr.Request) -> Updates:
        """Begin an empty conversation; what is being typed stays."""
        return self._show(replace(view, conversation=None, editing=None, whole=False), request)

    @told
    def open(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Show another conversation."""
        chosen = Press(event).text("conversation")
        if not self._history.holds(chosen):
            return {**self.listed(view), **self.notice(self.words.error_gone)}
        return self._show(replace(view, conversation=chosen, editing=None, whole=False), request)

    @told
    def earlier(self, view: View, request: gr.Request) -> Updates:
        """Show all that was asked in the conversation."""
        return self._show(replace(view, whole=True), request)

    @told
    def filter(self, view: View, event: gr.EventData) -> Updates:
        """Bound the articles that the next questions search; an impossible bound is told and changes nothing."""
        press = Press(event)
        known = [*self._library.sources(), *(info.source for info in self._library.search(""))]
        chosen = search_scope.read(
            press.text("from"), press.text("to"), press.text("source"), known, self.words
        )
        if isinstance(chosen, str):
            return self.notice(chosen)
        changed = replace(view, filters=chosen)
        return {self._panes.view: changed, self._panes.filters: self._filters(changed), **self.notice("")}

    @told
    def within(self, view: View, event: gr.EventData) -> Updates:
        """Bound the next questions to one article."""
        source = Press(event).text("source")
        changed = replace(view, filters=Filters(sources=(source,) if source else ()))
        return {self._panes.view: changed, self._panes.filters: self._filters(changed), **self.notice("")}

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

    def shown(self, view: View, request: gr.Request) -> Updates:
        """Draw the conversation of a view anew."""
        return self._show(view, request)

    def _ask(self, question: str, view: View, request: gr.Request) -> Updates:
        asked = question.strip()
        if not asked:
            return unchanged(self._panes)
        if len(asked) > shell.LONGEST_QUESTION:
            return self.notice(self.words.question_too_long.format(limit=shell.LONGEST_QUESTION))
        if self._answering.of(view.conversation) is not None and view.editing is None:
            return self.notice(self.words.already_running)
        self._answering.admit(visitor_of(request))
        home = view.conversation
        if view.editing is not None:
            home = self._history.branch(view.editing, asked)
        elif home is not None and not self._history.holds(home):
            home = None  # deleted in another window: the question begins a new conversation
        with self._answering.sending:
            kept = self._history.ask(home, asked, view.filters)
            self._answering.submit(kept, visitor_of(request))
        changed = replace(view, conversation=kept.conversation, editing=None)
        return {**self._show(changed, request), self._panes.question: ""}

    def _show(self, view: View, request: gr.Request) -> Updates:
        """Draw a conversation from what is kept and what is being answered; without one, the welcome."""
        self._leave(window_of(request))
        kept: list[Entry] = self._history.entries(view.conversation) if view.conversation else []
        job = self._answering.of(view.conversation) if view.conversation else None
        last = kept[-1] if kept else None
        if job is not None:
            body = self._running(job, fresh=True)
        elif last is None:
            body = self._welcome()
        else:
            body = {**self._last(last, view.conversation), **self._at_rest(resting=True)}
        updates = {
            self._panes.view: view,
            **self.listed(view),
            self._panes.past: conversation.past(kept[:-1], self.words, whole=view.whole),
            self._panes.sources: sources.no_sources(self.words),
            self._panes.waiting: "",
            self._panes.further: "",
            **body,
            self._panes.editing: "",
            self._panes.filters: self._filters(view),
            **self.notice(""),
        }
        return updates

    def _running(self, job: Job, *, fresh: bool = False) -> Updates:
        """Show how far an answer is; what is ``fresh`` on show changes the buttons too, which then stay so."""
        state = self._answering.state(job)
        updates = {
            self._panes.live: progress(state, self.words, job.asked.conversation, fresh=fresh),
            **(self._at_rest(resting=False) if fresh else {}),
        }
        if state.passages:
            updates[self._panes.sources] = sources.found(state.passages, self.words, state.extract)
        return updates

    def _settled(self, job: Job, view: View, request: gr.Request) -> Updates:
        """Show what became of a question: its answer, what went wrong, or the box as it was before."""
        if job.withdrawn:
            kept = self._history.entries(job.asked.conversation)
            body = self._last(kept[-1], job.asked.conversation) if kept else self._welcome()
            past = conversation.past(kept[:-1], self.words, whole=view.whole)
            updates = {**body, self._panes.past: past, self._panes.question: job.asked.question}
            left = view if kept else replace(view, conversation=None)
            return {**updates, self._panes.view: left, **self.listed(left), **self._at_rest(resting=True)}
        try:
            entry = self._history.entry(job.asked.id)
        except GoneError:  # deleted in another window in the midst of its answer
            left = replace(view, conversation=None, editing=None)
            return {**self._show(left, request), **self.notice(self.words.error_gone)}
        return {**self._last(entry, job.asked.conversation), **self._at_rest(resting=True)}

    def _last(self, entry: Entry, home: str | None) -> Updates:
        drawn = {self._panes.live: conversation.last(entry, home or "", self.words), self._panes.waiting: ""}
        if isinstance(entry, Exchange):
            drawn[self._panes.sources] = self._sources(entry)
            if may_stand_in_unread(entry.answer) and self._syncing.reading:
                drawn[self._panes.waiting] = conversation.still_reading(
                    self._syncing.step, self.words, fresh=True
                )
        return drawn

    def _sources(self, item: Exchange, mark: int | None = None, rank: int | None = None) -> Html:
        pages: dict[int, int] = {}
        for hit in item.answer.passages:
            if hit.chunk.article.source.lower().endswith(".pdf"):
                page = sources.page_of(item, hit, self._library.article(hit.chunk.article.id))
                if page:
                    pages[hit.rank] = page
        return sources.sources(item, self.words, mark, rank, pages)

    def _welcome(self) -> Updates:
        return {
            self._panes.live: self._greeting(fresh=True),
            self._panes.waiting: "",
            self._panes.sources: sources.no_sources(self.words),
            **self._at_rest(resting=True),
        }

    def _greeting(self, *, fresh: bool = False) -> Html:
        """What stands where nothing was asked yet; questions are not looked for while their articles come."""
        if (fault := self._library.fault) is not None:
            return conversation.damaged(trouble(fault, self.words), self.words)
        articles, step = self._library.counts().articles, self._syncing.step
        reading = step if self._syncing.running and (step.total or not articles) else None
        examples = () if reading else self._examples()
        return conversation.welcome(examples, articles, self.words, reading, fresh=fresh)

    def _at_rest(self, *, resting: bool) -> Updates:
        return {
            self._panes.send: gr.update(visible=resting),
            self._panes.stop: gr.update(visible=not resting),
        }

    def _filters(self, view: View) -> str:
        if self._library.fault is not None:  # what was asked before is shown all the same
            return shell.filters(view.filters, (), self.words)
        source = "".join(view.filters.sources)
        title = next((info.title for info in self._library.search("") if info.source == source), "")
        return shell.filters(view.filters, self._library.sources(), self.words, title if source else "")

    def _exchange(self, event: gr.EventData) -> Exchange:
        return self._history.exchange(Press(event).number("exchange") or 0)


def _as_shown(view: View, shown: str) -> View:
    """Give the view with the conversation that the page shows, as it tells; ``""`` tells nothing."""
    told = search_scope.read_shown(shown)
    return (
        view
        if told is None or told == view.conversation
        else replace(view, conversation=told or None, editing=None)
    )
