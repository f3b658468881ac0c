"""What happens when a person looks after the articles: finds, reads, adds, removes and syncs them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import gradio as gr

from index.errors import IndexingError
from ui.articles.library import Library
from ui.articles.syncing import Syncing
from ui.articles.uploads import MOST_FILES, Refusal, Uploads
from ui.strings import Words
from ui.views import articles
from ui.views.articles import Listing
from ui.views.errors import error_text
from ui.views.markup import join
from ui.window.events import Press, visitor_of
from ui.window.panes import CorpusPanes, Updates, unchanged


class Corpus:
    """The page of articles: every public method is the handler of one event."""

    def __init__(
        self, library: Library, uploads: Uploads, syncing: Syncing, words: Words, panes: CorpusPanes
    ) -> None:
        self._syncing = syncing
        self._library = library
        self._uploads = uploads
        self._words = words
        self._panes = panes

    def open_page(self, view: Listing, event: gr.EventData) -> Updates:
        """Show the collection as it is now, and the article that the address names, if it names one."""
        shown = self._shown(replace(view, chosen=Press(event).text("article") or None))
        return {**shown, **(self._reading(fresh=True) if self._syncing.running else {})}

    def sort(self, view: Listing, event: gr.EventData) -> Updates:
        """Order the list by a column, the other way round at the second press."""
        chosen = Press(event).text("column")
        backward = chosen == view.column and not view.backward
        return self._listed(replace(view, column=chosen, backward=backward, page=0))

    def search(self, view: Listing, event: gr.EventData) -> Updates:
        """Show the articles whose titles hold a text."""
        return self._listed(replace(view, search=Press(event).text("text"), page=0))

    def turn(self, view: Listing, event: gr.EventData) -> Updates:
        """Show another page of the list."""
        return self._listed(replace(view, page=Press(event).number("pageNumber") or 0))

    def preview(self, view: Listing, event: gr.EventData) -> Updates:
        """Open an article for reading."""
        return self._shown(replace(view, chosen=Press(event).text("article")))

    def remove(self, view: Listing, event: gr.EventData) -> Updates:
        """Take an article out of the collection, with the way back."""
        chosen = Press(event).text("article")
        try:
            article = self._library.article(chosen)
            self._library.remove(chosen)
        except IndexingError as error:
            return self._show_error(error)
        title = article.title if article else chosen
        message = articles.removal(chosen, title, self._words)
        return {**self._shown(replace(view, chosen=None)), self._panes.message: message}

    def restore(self, view: Listing, event: gr.EventData) -> Updates:
        """Put an article back that was taken out, also days ago, and read it in."""
        try:
            self._library.restore(Press(event).text("article"))
        except IndexingError as error:
            return self._show_error(error)
        self._syncing.start()
        return {**self._listed(view), **self._reading(fresh=True)}

    def upload(self, view: Listing, event: gr.EventData, request: gr.Request) -> Updates:
        """Add the files of a batch that fit, say which do not and why, then read them in."""
        batch = self._uploads.take(visitor_of(request), Press(event).text("batch"))
        if batch is None:
            return unchanged(self._panes)
        added, notes = 0, [self._refused(name, code) for name, code in batch.refused]
        for upload in batch.files:
            try:
                if not upload.name.lower().endswith(self._library.suffixes):
                    known = ", ".join(articles.kinds(self._library.suffixes, self._words))
                    notes.append(self._words.upload_wrong_type.format(name=upload.name, kinds=known))
                elif not upload.path.stat().st_size:
                    notes.append(f"{upload.name}: {self._words.file_errors['empty']}")
                else:
                    self._library.add(upload.name, upload.path)
                    added += 1
            except IndexingError as error:
                notes.append(error_text(error, self._words).sentence)
            finally:
                upload.path.unlink(missing_ok=True)
        if not added:
            return {self._panes.message: articles.outcome(notes, None, self._words)}
        self._syncing.start([self._words.uploaded.format(count=added), *notes])
        return self._reading(fresh=True)

    def sync(self) -> Updates:
        """Bring the collection in line with its folder, or look on where that is being done."""
        self._syncing.start()
        return self._reading(fresh=True)

    def stop(self) -> Updates:
        """End the reading; what is stored by then stays."""
        self._syncing.stop()
        return self._reading(stopping=True)

    def mend(self) -> Updates:
        """Check the store, and make anew what of it is damaged."""
        self._syncing.mend()
        return self._reading(fresh=True)

    async def follow(self, view: Listing) -> AsyncIterator[Updates]:
        """Show how far the reading is until it is done, whoever began it."""
        while await self._syncing.changes():
            yield self._reading()
        yield {**self._shown(view), **self._done()}

    def _reading(self, *, fresh: bool = False, stopping: bool = False) -> Updates:
        drawn = articles.progress(self._syncing.step, self._words, fresh=fresh, stopping=stopping)
        return {self._panes.message: drawn, **self._busy(True)}

    def _done(self) -> Updates:
        outcome = self._syncing.outcome
        if outcome is None:
            return self._busy(False)
        notes = [*outcome.notes, *([self._words.sync_stopped] if outcome.stopped else [])]
        message = articles.outcome(notes, outcome.synced, self._words)
        if outcome.error is not None:
            message = join(message, articles.fault(outcome.error, self._words))
        if outcome.mended is not None:
            message = join(message, articles.mended(outcome.mended, self._words))
        return {self._panes.message: message, **self._busy(False)}

    def _refused(self, name: str, code: Refusal) -> str:
        megabytes = max(1, round(self._library.max_bytes / 1_000_000))
        template = {"big": self._words.upload_too_big, "many": self._words.upload_too_many}[code]
        return template.format(name=name, megabytes=megabytes, most=MOST_FILES)

    def _shown(self, view: Listing) -> Updates:
        if (fault := self._library.fault) is not None:
            return {**self._show_error(fault), self._panes.heading: articles.title(self._words)}
        try:
            article = self._library.article(view.chosen) if view.chosen else None
            return {
                **self._listed(replace(view, chosen=article.id if article else None)),
                self._panes.heading: articles.heading(
                    self._library.counts(), self._library.last_sync, self._words
                ),
                self._panes.preview: articles.preview(article, self._words),
            }
        except IndexingError as error:
            return self._show_error(error)

    def _listed(self, view: Listing) -> Updates:
        try:
            found = self._library.search(view.search)
        except IndexingError as error:
            return self._show_error(error)
        return {
            self._panes.listing: view,
            self._panes.articles: articles.article_list(found, view, self._words, self._library.removed()),
        }

    def _show_error(self, error: IndexingError) -> Updates:
        return {self._panes.message: articles.fault(error, self._words)}

    def _busy(self, busy: bool) -> Updates:
        return {
            self._panes.sync: gr.update(interactive=not busy),
            self._panes.upload: articles.sender(
                self._library.suffixes, self._library.max_bytes, self._words, busy=busy
            ),
        }
