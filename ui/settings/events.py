"""What happens when a person changes settings in the window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import get_args

import gradio as gr

from index.errors import IndexingError
from index.folders import NestedFolderError
from rag.caution import Caution
from rag.errors import AnsweringError
from ui.articles.syncing import Syncing
from ui.errors import WindowError
from ui.settings import page as settings_page
from ui.settings.folders import FolderView, look_into
from ui.settings.password import SHORTEST
from ui.settings.state import Settings
from ui.settings.strings import SettingsWords, settings_words
from ui.strings import Words
from ui.views import articles
from ui.views.errors import ErrorText, error_text, notice
from ui.views.markup import Html, element, join
from ui.window.events import Press, visitor_of
from ui.window.panes import PaneSet, Updates, pane

_GLANCE = 0.4


@dataclass(frozen=True, slots=True)
class SettingsPanes(PaneSet):
    """The components of the page of settings."""

    lead: gr.HTML
    message: gr.HTML
    folders: gr.HTML
    models: gr.HTML
    rest: gr.HTML


def settings_panes() -> SettingsPanes:
    """Lay out the page inside the Blocks that is open; must be called in a ``with`` block."""
    with gr.Row(elem_id="settings-page", equal_height=False), gr.Column(elem_id="settings", min_width=0):
        return SettingsPanes(
            lead=pane("settings-lead", "", "reopen"),
            message=pane("settings-message", "", "stop", "follow"),
            folders=pane("settings-folders", "", "look", "choose", "sample", "drop", "watching"),
            models=pane("settings-models", "", "use", "fetch", "discard"),
            rest=pane("settings-rest", "", "caution", "password", "unlock"),
        )


class SettingsEvents:
    """The page of settings: every public method is the handler of one event, and all but looking is the owner's."""

    def __init__(self, settings: Settings, syncing: Syncing, words: Words, panes: SettingsPanes) -> None:
        self._settings = settings
        self._syncing = syncing
        self._words = words
        self._copy: SettingsWords = settings_words(words.language)
        self._panes = panes

    def open_page(self, request: gr.Request) -> Updates:
        """Show the settings as they are, and go on telling of what is under way."""
        return self._drawn(request, self._under_way(fresh=True) or Html())

    def look(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Look into a folder of this computer, to choose it or one in it."""
        typed = Press(event).text("place")
        return self._done(request, lambda: self._looked(request, look_into(typed)))

    def choose(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Read a folder too."""
        typed = Press(event).text("place")
        return self._done(request, lambda: self._added(request, typed))

    def sample(self, request: gr.Request) -> Updates:
        """Read the sample articles."""
        return self._done(request, lambda: self._added(request, str(self._settings.sample or "")))

    def drop(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Read a folder no more."""
        number = Press(event).number("folder")

        def dropped() -> Updates:
            removed = self._settings.drop_folder(-1 if number is None else number)
            self._read([self._copy.dropped.format(folder=removed)])
            return self._drawn(request, self._under_way(fresh=True) or Html())

        return self._done(request, dropped)

    def watching(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Follow the folders, or no more."""
        on = bool(Press(event).text("on"))
        return self._kept(request, lambda: self._settings.set_watch(on))

    def caution(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Choose how sure it must be."""
        level = Press(event).text("level")
        chosen: Caution | None = next((known for known in get_args(Caution) if known == level), None)
        return self._kept(request, lambda: self._settings.set_caution(chosen) if chosen else None)

    def password(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Set the password."""
        given = Press(event).text("password")
        if len(given) < SHORTEST:
            message = element(
                "p", self._copy.password_short.format(least=SHORTEST), class_="notice", role="alert"
            )
            return self._done(request, lambda: self._drawn(request, message))
        return self._kept(request, lambda: self._settings.set_password(given))

    def unlock(self, request: gr.Request) -> Updates:
        """Take the password away."""
        return self._kept(request, lambda: self._settings.set_password(None))

    def use(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Choose a language model."""
        model = Press(event).text("model")
        return self._kept(request, lambda: self._settings.use_model(model))

    def fetch(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Begin to fetch a model."""
        model = Press(event).text("model")

        def begun() -> Updates:
            self._settings.fetch_model(model)
            return self._drawn(request, self._under_way(fresh=True) or Html())

        return self._done(request, begun)

    def discard(self, event: gr.EventData, request: gr.Request) -> Updates:
        """Delete a model."""
        model = Press(event).text("model")

        def deleted() -> Updates:
            freed = settings_page.format_size(self._settings.remove_model(model), self._words)
            return self._drawn(request, settings_page.said([self._copy.freed.format(size=freed)]))

        return self._done(request, deleted)

    def stop(self, request: gr.Request) -> Updates:
        """End what is under way; what has come so far is kept."""

        def stopped() -> Updates:
            if self._settings.download is not None:
                self._settings.download.stop()
            self._syncing.stop()
            return {self._panes.message: self._under_way() or Html()}

        return self._done(request, stopped)

    def reopen(self, request: gr.Request) -> Updates:
        """Open the window anew, with all that was changed."""

        def reopened() -> Updates:
            self._settings.reopen()
            return {self._panes.message: settings_page.said([self._copy.reopening], reopening=True)}

        return self._done(request, reopened)

    async def follow(self, request: gr.Request) -> AsyncIterator[Updates]:
        """Show how far reading and fetching are until they are done."""
        fetched = self._settings.download
        while (message := self._under_way()) is not None:
            yield {self._panes.message: message}
            await asyncio.sleep(_GLANCE)
        yield self._drawn(request, self._outcome(fetched is not None))

    def _under_way(self, *, fresh: bool = False) -> Html | None:
        """Tell what is being read and fetched, ``None`` where nothing is."""
        parts: list[Html] = []
        if self._syncing.running:
            parts.append(articles.progress(self._syncing.step, self._words, fresh=fresh))
        download = self._settings.download
        if download is not None and download.running:
            title, done, total = download.entry.title, download.done, download.total
            parts.append(
                settings_page.fetching(title, done, total, self._words, self._copy, fresh=fresh and not parts)
            )
        return join(*parts) if parts else None

    def _outcome(self, fetched: bool) -> Html:
        parts: list[Html] = []
        outcome, download = self._syncing.outcome, self._settings.download
        if outcome is not None and outcome.error is not None:
            parts.append(notice(error_text(outcome.error, self._words), self._words))
        elif outcome is not None:
            notes = [*outcome.notes, *([self._words.sync_stopped] if outcome.stopped else [])]
            parts.append(articles.outcome(notes, outcome.synced, self._words))
        if fetched and download is not None:
            message = self._copy.fetch_stopped if download.fault else self._copy.fetched
            parts.append(settings_page.said([message.format(model=download.entry.title)]))
        return join(*parts)

    def _added(self, request: gr.Request, typed: str) -> Updates:
        path = self._settings.add_folder(typed)
        self._read([self._copy.chosen.format(folder=path)])
        return self._drawn(request, self._under_way(fresh=True) or self._outcome(fetched=False))

    def _read(self, notes: list[str]) -> None:
        """Read the folders as they are chosen now, and follow them where that is wished."""
        self._syncing.start(notes)
        self._settings.follow(self._settings.config.articles.watch)

    def _looked(self, request: gr.Request, view: FolderView) -> Updates:
        shown = self._settings.shown(visitor_of(request))
        drawn = settings_page.folders(shown, view, self._words, self._copy)
        return {self._panes.folders: drawn, self._panes.message: self._under_way() or Html()}

    def _kept(self, request: gr.Request, change: Callable[[], None]) -> Updates:
        def changed() -> Updates:
            change()
            return self._drawn(request, settings_page.said([self._copy.saved]))

        return self._done(request, changed)

    def _done(self, request: gr.Request, act: Callable[[], Updates]) -> Updates:
        """Do what the owner asks, and for anybody else only draw the page, which says why."""
        if self._settings.rights(visitor_of(request)) != "owner":
            return self._drawn(request, Html())
        try:
            return act()
        except NestedFolderError as error:
            message = self._copy.nested.format(inner=error.inner, outer=error.outer)
            return {self._panes.message: notice(ErrorText(message, ""), self._words)}
        except (IndexingError, AnsweringError, WindowError) as error:
            return {self._panes.message: notice(error_text(error, self._words), self._words)}

    def _drawn(self, request: gr.Request, message: Html) -> Updates:
        try:
            shown = self._settings.shown(visitor_of(request))
        except AnsweringError as error:
            return {self._panes.message: notice(error_text(error, self._words), self._words)}
        return {
            self._panes.lead: settings_page.lead(shown, self._copy),
            self._panes.message: message,
            self._panes.folders: settings_page.folders(shown, None, self._words, self._copy),
            self._panes.models: settings_page.models(shown, self._words, self._copy),
            self._panes.rest: settings_page.rest(shown, self._copy),
        }
