"""The real window: the assistant, the store and the conversations put together and served."""

from __future__ import annotations

import logging
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import IndexingError
from index.store import Store
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.config import Config
from rag.errors import AnsweringError
from rag.suggestions import suggest_questions

EXAMPLES = 4
_EXAMPLE_ARTICLES = 40
if TYPE_CHECKING:
    from ui.server import Reach

LOG = logging.getLogger(__name__)


def example_questions(store: Store) -> list[str]:
    """Make example questions from the newest articles."""
    newest = store.database.articles()[:_EXAMPLE_ARTICLES]
    return suggest_questions((store.database.article(info.id) for info in newest), EXAMPLES)


class Examples:
    """Example questions that are made again when the store has changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: tuple[int, list[str]] | None = None

    def __call__(self) -> list[str]:
        """Give the examples for the store as it is now."""
        generation = self._store.database.generation
        made = self._made
        if made is None or made[0] != generation:
            self._made = made = generation, example_questions(self._store)
        return made[1]


def private_folder(store_folder: Path) -> Path:
    """Give the folder of what only this user may read, with what older versions kept beside it."""
    folder = store_folder / "window"
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    for name in ("conversations.sqlite3", "conversations.sqlite3-journal"):
        if (store_folder / name).exists() and not (folder / name).exists():
            (store_folder / name).rename(folder / name)
    return folder


def open_window(config: Config, store_folder: Path, reach: Reach, password: str | None) -> None:
    """Serve the window until it is interrupted; prints its address."""
    from ui.app import build_app
    from ui.history import History
    from ui.server import serve
    from ui.store_library import StoreLibrary
    from ui.strings import ENGLISH, VIETNAMESE
    from ui.window.answering import Answering
    from ui.window.syncing import Syncing
    from ui.window.uploads import Uploads

    assistant = open_assistant(config, store_folder)
    retriever = assistant.retriever
    library = StoreLibrary(retriever.store, retriever.encoder)
    private = private_folder(store_folder)
    history = History(private / "conversations.sqlite3", software())
    loaded = threading.Event()
    answering = Answering(assistant, history, ready=loaded.is_set)
    syncing = Syncing(library)
    examples, uploads = Examples(retriever.store), Uploads(library.max_bytes)
    windows = {
        place: build_app(
            answering, library, history, uploads, syncing, examples, words=words, guarded=password is not None
        )
        for place, words in (("", VIETNAMESE), ("/en", ENGLISH))
    }
    threading.Thread(target=warm_up, args=(assistant, loaded), name="warm-up", daemon=True).start()
    answering.resume()
    try:
        serve(
            windows,
            reach,
            password,
            uploads=uploads,
            sessions=private / "sessions.json",
            original=library.original,
        )
    finally:
        uploads.close()


def warm_up(assistant: Assistant, loaded: threading.Event | None = None) -> None:
    """Load both models while the first question is being typed; a model that fails is told with that question."""
    try:
        assistant.search("khởi động", 1)
        assistant.generator.count_tokens("khởi động")
    except (IndexingError, AnsweringError) as error:
        LOG.warning("A model could not be loaded: %s", error)
    finally:
        if loaded is not None:
            loaded.set()


def software() -> str:
    """Name the version that is kept with each answer."""
    try:
        return f"hoidap {version('hoidap')}"
    except PackageNotFoundError:
        return "hoidap, not installed"
