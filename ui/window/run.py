"""One run of the window, with one configuration."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from index.store.database.binding import bound_to
from index.store.store import UPLOADS
from ui.articles.folder_watcher import Watcher
from ui.articles.syncing import Syncing
from ui.articles.uploads import Uploads
from ui.conversations.answering import Answering
from ui.conversations.history import History
from ui.conversations.leases import Leases
from ui.conversations.next_questions import EXAMPLES, Examples, NextQuestions, Trying
from ui.conversations.shared_answering import SharedAnswering
from ui.errors import WindowError
from ui.operation.checks import Finding
from ui.operation.fair_queue import FairQueue
from ui.operation.monitoring import Operation
from ui.operation.status_pages import Inspection
from ui.serve.access.tokens import open_tokens
from ui.settings.owner import Owner
from ui.settings.password import PasswordHash
from ui.settings.state import Settings
from ui.strings import words_in
from ui.tools.events import ToolRunner
from ui.window.access.listen import ListenOptions
from ui.window.app import build_app
from ui.window.dependencies import Parts, software
from ui.window.server import Password, WindowServer, serve, site

_SAMPLE = Path(__file__).parents[2] / "eval" / "corpus"


class Serving:
    """Everything that is served, built and ready; ``run`` serves it."""

    def __init__(
        self,
        parts: Parts,
        operation: Operation,
        private: Path,
        owner: Owner,
        reach: ListenOptions,
        fixed_password: str | None,
    ) -> None:
        self._parts, self._private, self._owner, self._reach = parts, private, owner, reach
        kept = parts.config.window.password
        self._password: Password = fixed_password or (PasswordHash(kept) if kept else None)
        self._again = threading.Event()
        self._server: WindowServer | None = None
        self._url = bound_to(parts.store_folder)
        self._history = History(self._url or private / "conversations.sqlite3", software())
        self._operation = operation
        queue = parts.config.queue
        self._syncing = Syncing(parts.library, parts.mend, self._reopen)
        self._answering = Answering(
            parts.answerer,
            self._history,
            workers=parts.config.llm.together,
            ready=lambda: self._operation.loading.ended,
            reading=lambda: self._syncing.reading,
            line=FairQueue(queue.waiting, queue.waiting_each),
            observer=self._operation.observer,
            sharing=SharedAnswering(Leases(self._url), self._history) if self._url else None,
        )
        self._uploads = Uploads(parts.library.max_bytes)
        self._settings = self._make_settings(fixed=bool(fixed_password))
        self._watcher = Watcher(self._syncing, self._settings.folders, parts.store_folder)
        self._settings.follow = self._watcher.set
        trying = Trying(parts.answerer, self._answering.later)
        examples = Examples(trying, parts.generation, parts.newest, EXAMPLES)
        further = NextQuestions(trying)
        runner = ToolRunner(parts.surveys)
        self._windows = {
            place: build_app(
                self._answering, parts.library, self._history, self._uploads, self._syncing, examples, further,
                words=words, guarded=self._password is not None, settings=self._settings, runner=runner,
            )
            for place, words in (("", words_in("vi")), ("/en", words_in("en")))
        }  # fmt: skip

    def run(self, held: socket.socket) -> bool:
        """Serve until interrupted; true where somebody asked to open the window anew."""
        self._operation.verifying.start()
        self._answering.resume()
        if self._settings.folders() or self._has_uploads():
            self._syncing.start()  # what has changed since the last time
            self._watcher.set(self._parts.config.articles.watch)
        try:
            build = partial(
                site, self._windows, self._reach, self._password, uploads=self._uploads,
                sessions=self._url or self._private / "sessions.json", original=self._parts.library.original,
                owner=self._owner, inspection=self._inspection(),
            )  # fmt: skip
            serve(build, held, self._reach.proxies, self._keep)
        finally:
            self._operation.verifying.end()
            self._watcher.set(False)
            self._answering.leave()
            self._uploads.close()
        if not self._again.is_set():
            return False
        self._windows.clear()
        if (close := getattr(self._parts.served.generator, "close", None)) is not None:
            close()  # a language model of gigabytes goes before the next one comes
        gc.collect()
        return True

    def _has_uploads(self) -> bool:
        folder = self._parts.store_folder / UPLOADS
        return folder.is_dir() and any(folder.iterdir())

    def _make_settings(self, *, fixed: bool) -> Settings:
        library = self._parts.library
        return Settings(
            started=self._parts.config,
            owner=self._owner,
            private=self._reach.private,
            held=self._parts.held,
            is_empty=lambda: library.fault is None and not library.counts().articles,
            reopen=self._reopen,
            path=self._parts.path,
            sample=_SAMPLE if _SAMPLE.is_dir() else None,
            fixed_password=fixed,
        )

    def _inspection(self) -> Inspection:
        """The pages for the administrator: open to this computer where the window is for it alone, else by token."""
        tokens = open_tokens(self._parts.store_folder)
        return self._operation.inspection(
            self._answering,
            lambda secret: tokens.find(secret) is not None,
            lambda: self._reach.private and not self._password,
            self._conversations,
        )

    def _conversations(self) -> Iterator[Finding]:
        try:
            self._history.holds("")
        except WindowError as error:
            yield Finding("conversations", "fault", str(error))

    def _keep(self, server: WindowServer) -> None:
        self._server = server

    def _reopen(self) -> None:
        self._again.set()
        if self._server is not None:
            self._server.should_exit = True
