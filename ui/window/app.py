"""The chat window: which event goes to which handler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from ui.articles.library import Library
from ui.articles.syncing import Syncing
from ui.articles.uploads import Uploads
from ui.conversations.answering import Answering
from ui.conversations.history import History
from ui.conversations.next_questions import NextQuestions
from ui.settings.events import SettingsEvents, SettingsPanes, settings_panes
from ui.settings.state import Settings
from ui.strings import Words
from ui.tools.events import ToolForms, ToolPanes, ToolRunner, Tools, tools_panes
from ui.views.articles import hint, sender
from ui.views.top_bar import top_bar
from ui.window.articles import Corpus
from ui.window.blocks import Window
from ui.window.chat import Chat
from ui.window.conversations import ConversationEvents
from ui.window.drawing import Drawing
from ui.window.panes import CorpusPanes, Panes, corpus_page, talk_page
from ui.window.watchers import Watchers

SHOWN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
QUICK: dict[str, Any] = {"queue": False, **SHOWN}
WATCHING: dict[str, Any] = {"concurrency_limit": None, **SHOWN}
"""Looking on costs nothing: however many wait, the answers are made one after another by ``Answering``."""


def build_app(
    answering: Answering,
    library: Library,
    history: History,
    uploads: Uploads,
    syncing: Syncing,
    examples: Callable[[], Sequence[str]],
    further: NextQuestions,
    *,
    words: Words,
    guarded: bool = False,
    settings: Settings | None = None,
    runner: ToolRunner | None = None,
) -> gr.Blocks:
    """Build the window in one language; ``guarded`` adds the way out of a window that has a password.

    Without ``settings`` or ``runner`` it has no page for them.
    """
    app: gr.Blocks
    with Window(title=words.page_title, analytics_enabled=False, fill_width=True, fill_height=True) as app:
        panes = talk_page(
            words,
            top_bar(words, guarded=guarded, settings=settings is not None, tools=runner is not None),
        )
        drawing = Drawing(answering, library, history, examples, syncing, words, panes)
        chat = Chat(answering, library, history, panes, drawing)
        _wire_chat(app, panes, chat)
        _wire_watchers(app, panes, Watchers(answering, history, further, syncing, panes, drawing))
        _wire_conversations(panes, chat, ConversationEvents(history, answering, words, panes, drawing))
        taken = library.suffixes, library.max_bytes, words
        corpus_panes = corpus_page(words, hint(*taken), sender(*taken))
        _wire_corpus(panes, corpus_panes, Corpus(library, uploads, syncing, words, corpus_panes))
        corpus_panes.preview.within(chat.within, [panes.view], panes.all(), **QUICK)
        if runner is not None:
            forms, shown = tools_panes(words)
            _wire_tools(app, forms, shown, Tools(runner, words, shown))
        if settings is not None:
            page = settings_panes()
            _wire_settings(app, page, SettingsEvents(settings, syncing, words, page))
    return app


def _wire_chat(app: gr.Blocks, panes: Panes, chat: Chat) -> None:
    everything = panes.all()
    app.load(chat.open_page, [panes.remembered], everything, js="() => [hoidap.remembered()]", **QUICK)
    sent = [panes.question.submit, panes.send.click]
    asked, on_show = [panes.question, panes.view, panes.remembered], "hoidap.onShow()"
    script = f"(question, view) => [question, view, {on_show}]"
    gr.on(sent, chat.ask, asked, everything, trigger_mode="multiple", js=script, **QUICK)
    for pane in (panes.live, panes.further):
        pane.example(chat.ask_example, [panes.view], everything, **QUICK)
    panes.live.ask(chat.ask_kept, [panes.view], everything, **QUICK)
    panes.live.greet(chat.greet, [panes.view], everything, **QUICK)
    panes.live.rest(chat.rest, [panes.view], everything, **QUICK)
    panes.stop.click(chat.stop, [panes.view], None, **QUICK)
    panes.editing.leave(chat.leave_editing, [panes.view], everything, **QUICK)
    panes.filters.filter(chat.filter, [panes.view], everything, **QUICK)
    panes.past.earlier(chat.earlier, [panes.view], everything, **QUICK)
    for pane in (panes.past, panes.live):
        pane.edit(chat.edit, [panes.view], everything, **QUICK)
        pane.again(chat.again, [panes.view], everything, **QUICK)
        pane.narrow(chat.narrow, [panes.view], everything, **QUICK)
    for pane in (panes.past, panes.live, panes.sources):
        pane.cite(chat.cite, None, everything, **QUICK)
    panes.sources.article(chat.whole_article, None, everything, **QUICK)
    panes.sources.within(chat.within, [panes.view], everything, **QUICK)


def _wire_watchers(app: gr.Blocks, panes: Panes, watchers: Watchers) -> None:
    everything = panes.all()
    panes.further.suggest(watchers.suggest, [panes.view], everything, trigger_mode="multiple", **WATCHING)
    panes.live.watch(watchers.watch, [panes.view], everything, trigger_mode="multiple", **WATCHING)
    panes.waiting.wait(watchers.wait, None, [panes.waiting], trigger_mode="multiple", **WATCHING)
    app.unload(watchers.leave_window)


def _wire_conversations(panes: Panes, chat: Chat, events: ConversationEvents) -> None:
    everything = panes.all()
    panes.new.click(chat.new, [panes.view], everything, **QUICK)
    panes.conversations.open(chat.open, [panes.view], everything, **QUICK)
    panes.conversations.new(chat.new, [panes.view], everything, **QUICK)
    panes.conversations.rename(events.rename, [panes.view], everything, **QUICK)
    panes.conversations.delete(events.delete, [panes.view], everything, **QUICK)
    panes.conversations.search(events.search, [panes.view], everything, trigger_mode="multiple", **QUICK)
    for shown in (panes.past, panes.live):
        shown.rate(events.rate, [panes.view], everything, **QUICK)
        shown.comment(events.comment, [panes.view], everything, **QUICK)
    saved = panes.exports.export(events.export, [panes.view], [panes.saved], **QUICK)
    saved.then(None, [panes.saved], None, js="(file) => hoidap.save(file)", **QUICK)


def _wire_corpus(panes: Panes, corpus_panes: CorpusPanes, corpus: Corpus) -> None:
    everything = corpus_panes.all()
    panes.top.visit(corpus.open_page, [corpus_panes.listing], everything, **QUICK)
    corpus_panes.articles.search(
        corpus.search, [corpus_panes.listing], everything, trigger_mode="multiple", **QUICK
    )
    corpus_panes.articles.preview(corpus.preview, [corpus_panes.listing], everything, **QUICK)
    corpus_panes.articles.turn(corpus.turn, [corpus_panes.listing], everything, **QUICK)
    corpus_panes.preview.remove(corpus.remove, [corpus_panes.listing], everything, **QUICK)
    corpus_panes.upload.upload(corpus.upload, [corpus_panes.listing], everything, **QUICK)
    corpus_panes.sync.click(corpus.sync, None, everything, **QUICK)
    corpus_panes.articles.sort(corpus.sort, [corpus_panes.listing], everything, **QUICK)
    corpus_panes.message.stop(corpus.stop, None, everything, **QUICK)
    corpus_panes.message.follow(
        corpus.follow, [corpus_panes.listing], everything, trigger_mode="multiple", **WATCHING
    )
    for pane in (corpus_panes.articles, corpus_panes.message):
        pane.restore(corpus.restore, [corpus_panes.listing], everything, **QUICK)
        pane.mend(corpus.mend, None, everything, **QUICK)


def _wire_tools(app: gr.Blocks, forms: ToolForms, panes: ToolPanes, tools: Tools) -> None:
    everything = panes.all()
    app.load(tools.open_page, [panes.sorting], everything, **QUICK)
    forms.table.tabulate(tools.tabulate, None, everything, **QUICK)
    forms.check.check(tools.check, None, everything, **QUICK)
    panes.table.sort(tools.sort, [panes.sorting], everything, **QUICK)
    panes.table_message.stop(tools.stop_table, [panes.sorting], everything, **QUICK)
    panes.check_message.stop(tools.stop_check, None, everything, **QUICK)
    panes.table_message.follow(
        tools.follow_table, [panes.sorting], everything, trigger_mode="multiple", **WATCHING
    )
    panes.check_message.follow(tools.follow_check, None, everything, trigger_mode="multiple", **WATCHING)
    saved = panes.table.export(tools.export, [panes.sorting], [panes.saved], **QUICK)
    saved.then(None, [panes.saved], None, js="(file) => hoidap.save(file)", **QUICK)


def _wire_settings(app: gr.Blocks, page: SettingsPanes, configuring: SettingsEvents) -> None:
    everything = page.all()
    app.load(configuring.open_page, None, everything, **QUICK)
    page.lead.reopen(configuring.reopen, None, everything, **QUICK)
    page.message.stop(configuring.stop, None, everything, **QUICK)
    page.message.follow(configuring.follow, None, everything, trigger_mode="multiple", **WATCHING)
    page.folders.look(configuring.look, None, everything, **QUICK)
    page.folders.choose(configuring.choose, None, everything, **QUICK)
    page.folders.sample(configuring.sample, None, everything, **QUICK)
    page.folders.drop(configuring.drop, None, everything, **QUICK)
    page.folders.watching(configuring.watching, None, everything, **QUICK)
    page.models.use(configuring.use, None, everything, **QUICK)
    page.models.fetch(configuring.fetch, None, everything, **QUICK)
    page.models.discard(configuring.discard, None, everything, **QUICK)
    page.rest.caution(configuring.caution, None, everything, **QUICK)
    page.rest.password(configuring.password, None, everything, **QUICK)
    page.rest.unlock(configuring.unlock, None, everything, **QUICK)
