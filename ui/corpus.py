"""What happens when a person looks after the articles: finds, reads, adds, removes and syncs them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

import gradio as gr

from index.errors import IndexingError
from ui import corpus_page
from ui.corpus_page import Listing
from ui.events import Press, visitor_of
from ui.library import Library, Synced
from ui.panes import CorpusPanes, Updates, unchanged
from ui.strings import Words
from ui.trouble import notice, trouble
from ui.window.uploads import MOST_FILES, Refusal, Uploads

_SECONDS_BETWEEN_UPDATES = 0.2


class Corpus:
    """The page of articles: every public method is the handler of one event."""

    def __init__(self, library: Library, uploads: Uploads, words: Words, panes: CorpusPanes) -> None:
        self._library = library
        self._uploads = uploads
        self._words = words
        self._panes = panes

    def open_page(self, view: Listing, event: gr.EventData) -> Updates:
        """Show the collection as it is now, and the article that the address names."""
        return self._shown(replace(view, chosen=Press(event).text("article") or view.chosen))

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
        """Remove an article from the collection."""
        chosen = Press(event).text("article")
        try:
            article = self._library.article(chosen)
            self._library.remove(chosen)
        except IndexingError as error:
            return self._told(error)
        note = self._words.removed.format(title=article.title if article else chosen)
        told = corpus_page.outcome([note], None, self._words)
        return {**self._shown(replace(view, chosen=None)), self._panes.message: told}

    def upload(self, view: Listing, event: gr.EventData, request: gr.Request) -> Iterator[Updates]:
        """Add the files of a lot that fit, say which do not and why, then read them in."""
        lot = self._uploads.take(visitor_of(request), Press(event).text("lot"))
        if lot is None:
            yield unchanged(self._panes)
            return
        added, notes = 0, [self._refused(name, code) for name, code in lot.refused]
        for upload in lot.files:
            try:
                if upload.name.lower().endswith(self._library.suffixes):
                    self._library.add(upload.name, upload.path)
                    added += 1
                else:
                    known = " ".join(self._library.suffixes)
                    notes.append(self._words.upload_wrong_type.format(name=upload.name, suffixes=known))
            except IndexingError as error:
                notes.append(trouble(error, self._words).sentence)
            finally:
                upload.path.unlink(missing_ok=True)
        if added:
            notes.insert(0, self._words.uploaded.format(count=added))
            yield from self._synced(view, notes)
        else:
            yield {self._panes.message: corpus_page.outcome(notes, None, self._words)}

    def sync(self, view: Listing) -> Iterator[Updates]:
        """Bring the collection in line with its folder."""
        yield from self._synced(view, [])

    def _synced(self, view: Listing, notes: Sequence[str]) -> Iterator[Updates]:
        yield {self._panes.message: corpus_page.progress(0.0, self._words), **self._busy(True)}
        try:
            outcome: Synced | None = None
            for step in sync_steps(self._library):
                if isinstance(step, Synced):
                    outcome = step
                else:
                    yield {self._panes.message: corpus_page.progress(step, self._words)}
            told = corpus_page.outcome(notes, outcome, self._words)
            yield {**self._shown(view), self._panes.message: told, **self._busy(False)}
        except IndexingError as error:
            yield {**self._told(error), **self._busy(False)}

    def _refused(self, name: str, code: Refusal) -> str:
        megabytes = max(1, round(self._library.max_bytes / 1_000_000))
        told = {"big": self._words.upload_too_big, "many": self._words.upload_too_many}[code]
        return told.format(name=name, megabytes=megabytes, most=MOST_FILES)

    def _shown(self, view: Listing) -> Updates:
        try:
            article = self._library.article(view.chosen) if view.chosen else None
            return {
                **self._listed(replace(view, chosen=article.id if article else None)),
                self._panes.heading: corpus_page.heading(
                    self._library.counts(), self._library.last_sync, self._words
                ),
                self._panes.preview: corpus_page.preview(article, self._words),
            }
        except IndexingError as error:
            return self._told(error)

    def _listed(self, view: Listing) -> Updates:
        try:
            found = self._library.search(view.search)
        except IndexingError as error:
            return self._told(error)
        return {
            self._panes.listing: view,
            self._panes.articles: corpus_page.article_list(found, view, self._words),
        }

    def _told(self, error: IndexingError) -> Updates:
        return {self._panes.message: notice(trouble(error, self._words), self._words)}

    def _busy(self, busy: bool) -> Updates:
        return {
            self._panes.sync: gr.update(interactive=not busy),
            self._panes.upload: corpus_page.sender(
                self._library.suffixes, self._library.max_bytes, self._words, busy=busy
            ),
        }


def sync_steps(library: Library) -> Iterator[float | Synced]:
    """Run a sync and yield the share that is done now and then, at last what it did; raises what it raises."""
    steps: queue.SimpleQueue[float | Synced | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            steps.put(library.sync(lambda done, total: steps.put(done / total if total else 1.0)))
        except BaseException as error:
            steps.put(error)
            if not isinstance(error, Exception):
                raise

    threading.Thread(target=run, name="sync", daemon=True).start()
    while True:
        step = steps.get()
        while isinstance(step, float) and not steps.empty():
            step = steps.get()
        if isinstance(step, BaseException):
            raise step
        yield step
        if isinstance(step, Synced):
            return
