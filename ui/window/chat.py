"""What happens when a person asks, stops, reads a source or changes the conversation."""

from __future__ import annotations

import re
from dataclasses import replace

import gradio as gr

from index.schema import Filters
from rag.suggestions.narrower import narrowings
from ui import search_scope
from ui.articles.library import Library
from ui.conversations.answering import Answering
from ui.conversations.entries import Exchange, Unanswered
from ui.conversations.history import History
from ui.strings import LONGEST_QUESTION
from ui.views import shell, sources
from ui.window.drawing import Drawing
from ui.window.events import Press, visitor_of
from ui.window.panes import Panes, Updates, View, unchanged
from ui.window.shown_errors import shows_errors

_KEY = re.compile(r"[0-9a-f]{32}")


class Chat:
    """The conversation page: every public method is the handler of an event."""

    def __init__(
        self, answering: Answering, library: Library, history: History, panes: Panes, drawing: Drawing
    ) -> None:
        self.drawing = drawing
        self._answering = answering
        self._library = library
        self._history = history
        self._panes = panes

    @shows_errors
    def open_page(self, remembered: str, request: gr.Request) -> Updates:
        """Fill the window with what this browser showed last: a conversation and the bounds of the search."""
        kept = search_scope.read_remembered(remembered)
        known = kept.conversation if kept.conversation and self._history.holds(kept.conversation) else None
        return self.drawing.show(View(conversation=known, filters=kept.filters), request)

    @shows_errors
    def ask(self, question: str, view: View, shown: str, request: gr.Request) -> Updates:
        """Keep and answer what stands in the question box, as a branch where an earlier question was edited.

        ``shown`` names the conversation that the page shows: two presses at once, or a program that was started
        again, leave here a view of another one.
        """
        return self._ask(question, _as_shown(view, shown), request)

    @shows_errors
    def ask_example(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Answer the example that was pressed."""
        press = Press(event)
        return self._ask(press.text("question"), _as_shown(view, press.text("shown")), request)

    @shows_errors
    def ask_kept(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Answer a question that the browser kept until the window was there, once however often it is sent.

        What stands in the question box stays there.
        """
        press = Press(event)
        key = press.text("key")
        if not _KEY.fullmatch(key):
            return unchanged(self._panes)
        with self._answering.sending:
            home = self._history.asked_as(key)
            if home is not None:
                updates = self.drawing.show(replace(view, conversation=home, editing=None), request)
            else:
                view = _as_shown(view, press.text("shown"))
                updates = self._ask(press.text("question"), view, request, key)
        updates.pop(self._panes.question, None)
        refused = updates.get(self._panes.notice)
        return updates if refused else {**updates, self._panes.notice: shell.taken(key)}

    @shows_errors
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
                return self.drawing.show(view, request)
        return self._ask(entry.question, replace(view, filters=filters, editing=None), request)

    @shows_errors
    def narrow(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Ask the question of an answer once more for those of its articles that were chosen."""
        item, press = self._exchange(event), Press(event)
        view = replace(view, conversation=self._history.conversation_of(item.id))
        for narrowing in narrowings(item.answer, item.filters):
            if (narrowing.by, narrowing.value) == (press.text("by"), press.text("value")):
                return self._ask(
                    narrowing.question, replace(view, filters=narrowing.filters, editing=None), request
                )
        return unchanged(self._panes)

    @shows_errors
    def greet(self, view: View) -> Updates:
        """Draw the welcome anew, which tells how many articles there are; a conversation stays as it is."""
        return unchanged(self._panes) if view.conversation else {self._panes.live: self.drawing.greeting()}

    @shows_errors
    def rest(self, view: View) -> Updates:
        """Offer to send again where the page still offers to stop what has ended."""
        busy = view.conversation is not None and self._answering.of(view.conversation) is not None
        return unchanged(self._panes) if busy else self.drawing.at_rest(resting=True)

    def stop(self, view: View) -> None:
        """End the answer that this window shows."""
        self._answering.stop(view.conversation)

    @shows_errors
    def edit(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Put an earlier question into the box; sending it opens a branch."""
        entry = self._history.entry(Press(event).number("exchange") or 0)
        return {
            self._panes.view: replace(view, editing=entry.id),
            self._panes.question: entry.question,
            self._panes.editing: shell.editing(entry.question, self.drawing.words),
        }

    def leave_editing(self, view: View) -> Updates:
        """Keep the earlier question as it was."""
        return {
            self._panes.view: replace(view, editing=None),
            self._panes.question: "",
            self._panes.editing: "",
        }

    @shows_errors
    def cite(self, event: gr.EventData) -> Updates:
        """Open the sources of an answer at a mark or a passage."""
        item, press = self._exchange(event), Press(event)
        return {self._panes.sources: self.drawing.sources(item, press.number("mark"), press.number("rank"))}

    @shows_errors
    def whole_article(self, event: gr.EventData) -> Updates:
        """Open the article of a passage at the sentence that was quoted."""
        item, press = self._exchange(event), Press(event)
        hit = next((hit for hit in item.answer.passages if hit.rank == press.number("rank")), None)
        if hit is None:
            return unchanged(self._panes)
        article = self._library.article(hit.chunk.article.id)
        page = sources.whole_article(item, hit.rank, article, self.drawing.words, press.number("mark"))
        return {self._panes.sources: page}

    @shows_errors
    def new(self, view: View, request: gr.Request) -> Updates:
        """Begin an empty conversation; what is being typed stays."""
        return self.drawing.show(view.fresh(), request)

    @shows_errors
    def open(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Show another conversation."""
        chosen = Press(event).text("conversation")
        if not self._history.holds(chosen):
            return {**self.drawing.listed(view), **self.drawing.notice(self.drawing.words.error_gone)}
        return self.drawing.show(replace(view, conversation=chosen, editing=None, whole=False), request)

    @shows_errors
    def earlier(self, view: View, request: gr.Request) -> Updates:
        """Show all that was asked in the conversation."""
        return self.drawing.show(replace(view, whole=True), request)

    @shows_errors
    def filter(self, view: View, event: gr.EventData) -> Updates:
        """Bound the articles that the next questions search; an impossible bound shows an error and changes nothing."""
        press = Press(event)
        known = [*self._library.sources(), *(info.source for info in self._library.search(""))]
        chosen = search_scope.read(
            press.text("from"), press.text("to"), press.text("source"), known, self.drawing.words
        )
        if isinstance(chosen, str):
            return self.drawing.notice(chosen)
        changed = replace(view, filters=chosen)
        return {
            self._panes.view: changed,
            self._panes.filters: self.drawing.filters(changed),
            **self.drawing.notice(""),
        }

    @shows_errors
    def within(self, view: View, event: gr.EventData) -> Updates:
        """Bound the next questions to one article."""
        source = Press(event).text("source")
        changed = replace(view, filters=Filters(sources=(source,) if source else ()))
        return {
            self._panes.view: changed,
            self._panes.filters: self.drawing.filters(changed),
            **self.drawing.notice(""),
        }

    def _ask(self, question: str, view: View, request: gr.Request, key: str | None = None) -> Updates:
        asked = question.strip()
        if not asked:
            return unchanged(self._panes)
        if len(asked) > LONGEST_QUESTION:
            return self.drawing.notice(self.drawing.words.question_too_long.format(limit=LONGEST_QUESTION))
        if self._answering.of(view.conversation) is not None and view.editing is None:
            return self.drawing.notice(self.drawing.words.already_running)
        self._answering.admit(visitor_of(request))
        home = view.conversation
        if view.editing is not None:
            home = self._history.branch(view.editing, asked)
        elif home is not None and not self._history.holds(home):
            home = None  # deleted in another window: the question begins a new conversation
        with self._answering.sending:
            kept = self._history.ask(home, asked, view.filters, key)
            self._answering.submit(kept, visitor_of(request))
        changed = replace(view, conversation=kept.conversation, editing=None)
        return {**self.drawing.show(changed, request), self._panes.question: ""}

    def _exchange(self, event: gr.EventData) -> Exchange:
        return self._history.exchange(Press(event).number("exchange") or 0)


def _as_shown(view: View, shown: str) -> View:
    """Give the view with the conversation that the page shows, as it tells; ``""`` tells nothing."""
    conversation = search_scope.read_shown(shown)
    return (
        view
        if conversation is None or conversation == view.conversation
        else replace(view, conversation=conversation or None, editing=None)
    )
