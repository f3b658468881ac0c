"""A window with an assistant that replays, for tests and pictures: no model is needed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path

from index.errors import StoreError
from index.ingest.read_files import find_files
from index.schema import Article
from index.store.database.records import ArticleInfo, Counts
from index.sync.sync import SyncProgress
from tests.support.replaying import ReplayingAssistant, ReplayingSurveys, chunks, read
from ui.articles.library import Synced
from ui.articles.mending import Mended
from ui.articles.syncing import Syncing
from ui.articles.title_search import TitleSearch
from ui.articles.trash import Removed
from ui.articles.uploads import Uploads
from ui.conversations.answering import Answering, Job
from ui.conversations.history import History
from ui.conversations.leases import Leases
from ui.conversations.next_questions import NextQuestions, Trying
from ui.conversations.shared_answering import SharedAnswering
from ui.operation.fair_queue import FairQueue
from ui.settings.state import Settings
from ui.strings import words_in
from ui.tools.events import ToolRunner
from ui.window.access.listen import DEFAULT_PORT, ListenOptions, listen
from ui.window.app import build_app
from ui.window.server import WindowServer, site


def listed(article_id: str, title: str, day: date | None, source: str, chunks: int) -> ArticleInfo:
    return ArticleInfo(article_id, source, title, day, None, None, None, chunks)


@dataclass
class FolderLibrary:
    """Articles in memory, files in a folder; a sync reads every file of the folder as one article.

    While it is ``held_up`` a sync comes no farther.
    """

    folder: Path
    held: dict[str, Article] = field(default_factory=dict)
    last_sync: datetime | None = None
    suffixes: tuple[str, ...] = (".txt", ".md")
    max_bytes: int = 100_000
    held_up: bool = False
    titles: tuple[list[str], TitleSearch] | None = None
    left_out: dict[str, Removed] = field(default_factory=dict)
    damage: StoreError | None = None

    @property
    def fault(self) -> StoreError | None:
        return self.damage

    def counts(self) -> Counts:
        return Counts(
            len(self.held), len(self.held), sum(len(chunks(article)) for article in self.held.values())
        )

    def search(self, text: str) -> Sequence[ArticleInfo]:
        return self._titles().matching(text)

    def sources(self) -> Sequence[str]:
        return self._titles().sources

    def original(self, article_id: str) -> Path | None:
        path = self.folder / article_id
        return path if article_id in self.held and path.is_file() else None

    def _titles(self) -> TitleSearch:
        if self.titles is None or self.titles[0] != list(self.held):
            infos = (
                listed(article.id, article.title, article.date, article.source, len(chunks(article)))
                for article in self.held.values()
            )
            self.titles = list(self.held), TitleSearch(infos)
        return self.titles[1]

    def article(self, article_id: str) -> Article | None:
        return self.held.get(article_id)

    def add(self, name: str, path: Path) -> None:
        target = self.folder / name
        if target.exists():
            raise StoreError("The store is being written by process 4711; wait for it.", code="busy")
        target.write_bytes(path.read_bytes())

    def remove(self, article_id: str) -> None:
        taken = self.held.pop(article_id, None)
        if taken is None:
            raise StoreError(f"The store holds no article {article_id!r}.", code="gone")
        self.left_out[article_id] = Removed(article_id, taken.title, article_id, datetime.now(timezone.utc))

    def removed(self) -> Sequence[Removed]:
        return list(self.left_out.values())

    def restore(self, article_id: str) -> None:
        if self.left_out.pop(article_id, None) is None:
            raise StoreError(f"The store holds no article {article_id!r}.", code="gone")

    def mend(self) -> Mended:
        mended: Mended = "search" if self.damage else "whole"
        self.damage = None
        return mended

    def sync(self, on_progress: Callable[[SyncProgress], None]) -> Synced:
        files = find_files(self.folder)
        before = set(self.held)
        for done, file in enumerate(files):
            on_progress(SyncProgress(done, len(files), 0, 0, file.source))
            while self.held_up:
                time.sleep(0.01)
            if file.source not in self.left_out:
                self.held[file.source] = read(file)
        on_progress(SyncProgress(len(files), len(files), 0, 0))
        removed = before - {file.source for file in files}
        for article_id in removed:
            del self.held[article_id]
        self.last_sync = datetime.now(timezone.utc)
        return Synced(len(set(self.held) - before), len(set(self.held) & before), len(removed))


@dataclass
class Window:
    """A served window; ``address`` ends with a slash.

    While ``offering`` is not set, no next question is looked for.
    """

    address: str
    assistant: ReplayingAssistant
    library: FolderLibrary
    history: History
    answering: Answering
    offering: threading.Event
    password: str | None = None

    def begin_anew(self) -> None:
        """Make it as it was when it was opened: nobody has asked anything, every article of the folder is there."""
        self.assistant.go_on()
        self.assistant.delay, self.library.held_up = 0.0, False
        self.offering.set()
        for talk in self.history.conversations():
            self.answering.stop(talk.id)
            while self.answering.of(talk.id):
                time.sleep(0.01)
            if self.history.holds(talk.id):
                self.history.delete(talk.id)
        self.assistant.asked.clear()
        self.library.left_out.clear()
        self.library.damage = None
        self.library.held.clear()
        self.library.sync(lambda progress: None)
        self.library.last_sync = None


EXAMPLES = ("Huyện Ba Sen giảm bao nhiêu hộ nghèo?", "Ai chủ trì hội nghị ở Kim Liên?")


@contextmanager
def opened(
    folder: Path,
    *,
    delay: float = 0.0,
    password: str | None = None,
    port: int = 0,
    examples: Sequence[str] = EXAMPLES,
    reach: ListenOptions | None = None,
    settings: Settings | None = None,
    line: FairQueue[Job] | None = None,
    database: str | None = None,
) -> Iterator[Window]:
    """Serve the articles of ``folder / "articles"`` until the block ends.

    What is kept lies in ``folder`` too, or in the ``database`` of that address.
    """
    library = FolderLibrary(folder / "articles")
    library.sync(lambda progress: None)
    assistant = ReplayingAssistant(library, delay)
    history = History(database or folder / "history.db", "hoidap test")
    sharing = SharedAnswering(Leases(database), history) if database else None
    syncing = Syncing(library, library.mend)
    answering = Answering(assistant, history, sharing=sharing, line=line, reading=lambda: syncing.reading)
    answering.resume()
    offering = threading.Event()
    offering.set()

    def later(step: Callable[[], None]) -> None:
        def wait() -> None:
            offering.wait()
            answering.later(step)

        threading.Thread(target=wait, daemon=True).start()

    further = NextQuestions(Trying(assistant, later))
    runner = ToolRunner(ReplayingSurveys(library, delay))
    uploads = Uploads(library.max_bytes)
    held = listen("127.0.0.1", port, DEFAULT_PORT)
    chosen = held.getsockname()[1]
    servers: list[WindowServer] = []

    async def serve() -> None:
        # Gradio makes an event loop of its own, and never closes it, wherever it finds none running.
        apps = {
            place: build_app(
                answering,
                library,
                history,
                uploads,
                syncing,
                lambda: examples,
                further,
                words=words,
                guarded=password is not None,
                settings=settings,
                runner=runner,
            )
            for place, words in (("", words_in("vi")), ("/en", words_in("en")))
        }
        web = site(
            apps,
            reach or ListenOptions(),
            password,
            uploads=uploads,
            sessions=database or folder / "sessions.json",
            original=library.original,
            owner=settings.owner if settings else None,
        )
        servers.append(WindowServer(web, reach.proxies if reach else ()))
        await servers[0].serve([held])

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    while not (servers and servers[0].started):
        assert thread.is_alive(), "the window did not start"
        time.sleep(0.02)
    try:
        yield Window(f"http://127.0.0.1:{chosen}/", assistant, library, history, answering, offering)
    finally:
        servers[0].should_exit = True
        thread.join(10)
        answering.leave()
        uploads.close()
