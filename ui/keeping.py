"""What happens when a person names, finds, deletes, rates or takes along what was asked before."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone

import gradio as gr

from index.text import fold
from ui import export, render
from ui.chat import Chat
from ui.events import Press, owner_of
from ui.history import Exchange, History, Rating
from ui.panes import Panes, Updates, View
from ui.strings import Words


class Keeping:
    """The list of conversations and the ratings: every public method is the handler of one event."""

    def __init__(self, history: History, words: Words, panes: Panes, chat: Chat) -> None:
        self._history = history
        self._words = words
        self._panes = panes
        self._chat = chat

    def search(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Show the conversations that hold a text."""
        changed = replace(view, search=Press(event).text("text"))
        return {self._panes.view: changed, **self._chat.listed(changed, owner_of(request))}

    def rename(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Give a conversation another name."""
        press = Press(event)
        with self._chat.telling():
            self._history.rename(owner_of(request), press.text("conversation"), press.text("title"))
        return self._chat.listed(view, owner_of(request))

    def delete(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Delete a conversation; the one on show gives way to the welcome."""
        deleted = Press(event).text("conversation")
        with self._chat.telling():
            self._history.delete(owner_of(request), deleted)
        if deleted == view.conversation:
            return self._chat.new(view, request)
        return self._chat.listed(view, owner_of(request))

    def rate(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Keep a thumb up or down; what was written with an earlier one of the same kind stays."""
        press, owner = Press(event), owner_of(request)
        with self._chat.telling():
            item = self._history.exchange(owner, press.number("exchange") or 0)
            good = bool(press.text("good"))
            before = item.rating if item.rating and item.rating.good == good else Rating(good)
            item = self._history.rate(owner, item.id, before)
        return self._redrawn(item, view, owner)

    def comment(self, view: View, event: gr.EventData, request: gr.Request) -> Updates:
        """Keep what was written with a rating."""
        press, owner = Press(event), owner_of(request)
        rating = Rating(bool(press.text("good")), press.text("comment"), press.text("correction"))
        with self._chat.telling():
            item = self._history.rate(owner, press.number("exchange") or 0, rating)
        return self._redrawn(item, view, owner)

    def export(self, view: View, event: gr.EventData, request: gr.Request) -> str:
        """Give a file to save, as a JSON object of ``name``, ``type`` and ``text``."""
        kind, owner = Press(event).text("kind"), owner_of(request)
        with self._chat.telling():
            if kind == "ratings":
                return _file(
                    "danh-gia.jsonl", "application/jsonl", export.to_questions(self._history.rated(owner))
                )
            if view.conversation is None:
                return ""
            title = self._history.title(owner, view.conversation)
            items = self._history.exchanges(owner, view.conversation)
        name = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:50] or "hoi-dap"
        if kind == "json":
            return _file(f"{name}.json", "application/json", export.to_json(title, items))
        return _file(f"{name}.md", "text/markdown", export.to_markdown(title, items, self._words))

    def _redrawn(self, item: Exchange, view: View, owner: str) -> Updates:
        """Draw the exchange again where it stands: the last one by itself, an earlier one among the earlier ones."""
        items = self._history.exchanges(owner, view.conversation) if view.conversation else []
        if items and items[-1].id == item.id:
            return {self._panes.live: render.exchange(item, self._words)}
        return {self._panes.past: render.exchanges(items[:-1], self._words)}


def _file(name: str, kind: str, text: str) -> str:
    # The moment makes every answer a change, so that the same file can be saved twice.
    moment = datetime.now(timezone.utc).isoformat()
    return json.dumps({"name": name, "type": kind, "text": text, "moment": moment}, ensure_ascii=False)
