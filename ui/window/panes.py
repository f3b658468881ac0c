"""The components of the window, made once and handed to those that fill them."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

import gradio as gr
from gradio.components import Component

from index.schema import Filters
from ui.strings import Words
from ui.views.articles import Listing
from ui.views.markup import Html

Updates: TypeAlias = dict[Any, Any]
"""New values by component; a component that is not named keeps its value."""


@dataclass(frozen=True, slots=True)
class PaneSet:
    """The components of a page."""

    def all(self) -> list[Component]:
        """List them, for events that may change any."""
        return [getattr(self, item.name) for item in fields(self)]


def unchanged(panes: PaneSet) -> Updates:
    """Change nothing; Gradio takes an empty dict for a value."""
    return {panes.all()[0]: gr.skip()}


@dataclass(frozen=True, slots=True)
class View:
    """What one browser window looks at; ``editing`` is the exchange that the next question replaces.

    ``whole`` tells that of a long conversation everything is on show.
    """

    conversation: str | None = None
    editing: int | None = None
    search: str = ""
    filters: Filters = Filters()
    whole: bool = False

    def fresh(self) -> View:
        """The same window with an empty conversation."""
        return replace(self, conversation=None, editing=None, whole=False)


@dataclass(frozen=True, slots=True)
class Panes(PaneSet):
    """Every component that an event reads or changes."""

    view: gr.State
    remembered: gr.Textbox
    saved: gr.Textbox
    top: gr.HTML
    new: gr.Button
    search: gr.Textbox
    conversations: gr.HTML
    exports: gr.HTML
    past: gr.HTML
    live: gr.HTML
    waiting: gr.HTML
    further: gr.HTML
    notice: gr.HTML
    editing: gr.HTML
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    filters: gr.HTML
    sources: gr.HTML


def talk_page(words: Words, bar: Html) -> Panes:
    """Lay out the conversation page inside the Blocks that is open; must be called in a ``with`` block."""
    view = gr.State(View())
    remembered = gr.Textbox(visible=False)
    saved = gr.Textbox(visible=False)
    top = pane("top", bar, "visit", element="top-bar")
    with gr.Row(elem_id="talk-page", equal_height=False):
        with gr.Column(elem_id="list", scale=0, min_width=0):
            new = gr.Button(words.new_conversation, elem_id="new", elem_classes="wide")
            search = _search_box(words.search_conversations, "search")
            listing = pane("conversations", "", "open", "new", "rename", "delete", "search")
            exports = pane("exports", "", "export")
        with gr.Column(elem_id="talk", scale=1, min_width=0):
            with gr.Column(elem_id="scroll", min_width=0):
                past = pane("past", "", *_EXCHANGE_ACTS, "earlier")
                live = pane("live", "", *_EXCHANGE_ACTS, "ask", "example", "greet", "rest", "watch")
                waiting = pane("waiting", "", "wait")
                further = pane("further", "", "example", "suggest")
            with gr.Column(elem_id="composer", min_width=0):
                notice = pane("notice", "")
                editing = pane("editing", "", "leave")
                with gr.Row(elem_id="ask", equal_height=False):
                    question = gr.Textbox(
                        label=words.question_label,
                        placeholder=words.question_placeholder,
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=8,
                        autofocus=True,
                        elem_id="question",
                        scale=1,
                    )
                    send = gr.Button(words.send, variant="primary", elem_id="send", scale=0, min_width=84)
                    stop = gr.Button(words.stop, elem_id="stop", scale=0, min_width=84, visible=False)
                filters = pane("filters", "", "filter")
        with gr.Column(elem_id="side", scale=0, min_width=0):
            sources = pane("sources", "", "cite", "article", "within")
    return Panes(
        view=view,
        remembered=remembered,
        saved=saved,
        top=top,
        new=new,
        search=search,
        conversations=listing,
        exports=exports,
        past=past,
        live=live,
        waiting=waiting,
        further=further,
        notice=notice,
        editing=editing,
        question=question,
        send=send,
        stop=stop,
        filters=filters,
        sources=sources,
    )


@dataclass(frozen=True, slots=True)
class CorpusPanes(PaneSet):
    """The components of the page of articles."""

    listing: gr.State
    heading: gr.HTML
    upload: gr.HTML
    sync: gr.Button
    hint: gr.HTML
    message: gr.HTML
    search: gr.Textbox
    articles: gr.HTML
    preview: gr.HTML


def corpus_page(words: Words, hint: Html, sender: Html) -> CorpusPanes:
    """Lay out the page of articles inside the Blocks that is open; must be called in a ``with`` block."""
    listing = gr.State(Listing())
    with gr.Row(elem_id="corpus-page", equal_height=False):
        with gr.Column(elem_id="collection", scale=1, min_width=0):
            with gr.Row(elem_id="collection-head", equal_height=False):
                heading = pane("heading", "")
                sync = gr.Button(words.sync, elem_id="sync", scale=0, min_width=0)
                upload = pane("upload", sender, "upload")
            hint_pane = pane("hint", hint)
            message = pane("message", "", "restore", "stop", "follow", "mend")
            search = _search_box(words.search_articles, "article-search")
            articles = pane("articles", "", "preview", "turn", "search", "sort", "restore", "mend")
        with gr.Column(elem_id="reading", scale=0, min_width=0):
            preview = pane("preview", "", "remove", "within")
    return CorpusPanes(
        listing=listing,
        heading=heading,
        upload=upload,
        sync=sync,
        hint=hint_pane,
        message=message,
        search=search,
        articles=articles,
        preview=preview,
    )


_EXCHANGE_ACTS = ("cite", "edit", "again", "narrow", "rate", "comment")


def _search_box(label: str, element: str) -> gr.Textbox:
    return gr.Textbox(
        label=label,
        placeholder=label,
        show_label=False,
        container=False,
        elem_id=element,
        interactive=True,  # Gradio would lock a box that no event reads
        max_lines=1,
    )


def pane(name: str, markup: str, *acts: str, element: str = "") -> gr.HTML:
    """Make a piece of the window that shows markup and sends the presses named in ``acts`` as events."""
    return gr.HTML(
        markup,
        elem_id=element or name,
        apply_default_css=False,
        js_on_load=f"hoidap.listen(element, trigger, watch, {json.dumps([name, *acts])})",
    )
