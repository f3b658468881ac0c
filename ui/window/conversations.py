"""What happens when a person names, finds, deletes, rates or takes along what was asked before."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timezone

import gradio as gr

from index.text.normalise import fold
from ui.conversations import export
from ui.conversations.answering import Answering
from ui.conversations.entries import Exchange, Rating
from ui.conversations.history import History
from ui.conversations.word_file import DOCX, to_word
from ui.errors import WindowError
from ui.strings import Words
from ui.views import conversation
from ui.window.drawing import Drawing
from ui.window.events import Press
from ui.window.panes import Panes, Updates, View
from ui.window.shown_errors import shows_errors


class ConversationEvents:
    """The list of conversations and the ratings: every public method is the handler of one event."""

    def __init__(
        self, history: History, answering: Answering, words: Words, panes: Panes, drawing: Drawing
    ) -> None:
        self._answering = answering
        self._history = history
        self._words = words
        self._panes = panes
        self.drawing = drawing

    @shows_errors
    def search(self, view: View, event: gr.EventData) -> Updates:
        """Show the conversations that hold a text."""
        changed = replace(view, search=Press(event).text("text"))
        return {self._panes.view: changed, **self.drawing.listed(changed)}

    @shows_errors
    def rename(self, view: View, event: gr.EventData) -> Updates:
        """Give a conversation another name."""
        press = Press(event)
        self._history.rename(press.text("conversation"), press.text("title"))
        return self.drawing.listed(view)

    @shows_errors
    def delete(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Delete a conversation; the one on show gives way to the welcome."""
        deleted = Press(event).text("conversation")
        self._answering.stop(deleted)
        self._history.delete(deleted)
        if deleted == view.conversation:
            return self.drawing.show(view.fresh(), request)
        return self.drawing.listed(view)

    @shows_errors
    def rate(self, view: View, event: gr.EventData) -> Updates:
        """Keep a thumb up or down; what was written with an earlier one of the same kind stays."""
        press = Press(event)
        item = self._history.exchange(press.number("exchange") or 0)
        good = bool(press.text("good"))
        before = item.rating if item.rating and item.rating.good == good else Rating(good)
        return self._redrawn(self._history.rate(item.id, before), view)

    @shows_errors
    def comment(self, view: View, event: gr.EventData) -> Updates:
        """Keep what was written with a rating."""
        press = Press(event)
        rating = Rating(bool(press.text("good")), press.text("comment"), press.text("correction"))
        return self._redrawn(self._history.rate(press.number("exchange") or 0, rating), view)

    def export(self, view: View, event: gr.EventData) -> str:
        """Give a file to save, as a JSON object of ``name``, ``type`` and base64 ``data``; empty when there is none."""
        kind = Press(event).text("kind")
        try:
            if kind == "ratings":
                text = export.to_questions(self._history.rated())
                return _file("danh-gia.jsonl", "application/jsonl", text.encode())
            if view.conversation is None:
                return ""
            title = self._history.title(view.conversation)
            items = self._history.exchanges(view.conversation)
        except WindowError:
            return ""
        name = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:50] or "hoi-dap"
        if kind == "json":
            return _file(f"{name}.json", "application/json", export.to_json(title, items).encode())
        if kind == "word":
            return _file(f"{name}.docx", DOCX, to_word(title, items, self._words))
        return _file(f"{name}.md", "text/markdown", export.to_markdown(title, items, self._words).encode())

    def _redrawn(self, item: Exchange, view: View) -> Updates:
        """Draw the exchange again where it stands: the last one by itself, an earlier one among the earlier ones."""
        items = self._history.entries(view.conversation) if view.conversation else []
        if items and items[-1].id == item.id:
            return {self._panes.live: conversation.last(item, view.conversation or "", self._words)}
        return {self._panes.past: conversation.past(items[:-1], self._words, whole=view.whole)}


def _file(name: str, kind: str, data: bytes) -> str:
    # The moment makes every answer a change, so that the same file can be saved twice.
    moment = datetime.now(timezone.utc).isoformat()
    file = {"name": name, "type": kind, "data": b64encode(data).decode(), "moment": moment}
    return json.dumps(file, ensure_ascii=False)
