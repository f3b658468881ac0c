"""The real window: the assistant, the store and the conversations put together and served."""

from __future__ import annotations

import logging
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.errors import IndexingError
from index.store import Store
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.config import Config
from rag.errors import AnsweringError
from rag.suggestions import suggest_questions

EXAMPLES = 4
_EXAMPLE_ARTICLES = 40
LOG = logging.getLogger(__name__)


def example_questions(store: Store) -> list[str]:
    """Make example questions from the newest articles."""
    newest = store.database.articles()[:_EXAMPLE_ARTICLES]
    return suggest_questions((store.database.article(info.id) for info in newest), EXAMPLES)


def open_window(
    config: Config, store_folder: Path, host: str, port: int | None, password: str | None
) -> None:
    """Serve the window until it is interrupted; prints its address."""
    from ui.app import build_app
    from ui.history import History
    from ui.server import serve
    from ui.store_library import StoreLibrary
    from ui.strings import ENGLISH, VIETNAMESE
    from ui.window.uploads import Uploads

    assistant = open_assistant(config, store_folder)
    retriever = assistant.retriever
    library = StoreLibrary(retriever.store, retriever.encoder)
    history = History(store_folder / "conversations.sqlite3", software())
    examples = example_questions(retriever.store)
    uploads = Uploads(library.max_bytes)
    windows = {
        place: build_app(
            assistant, library, history, uploads, examples, words=words, guarded=password is not None
        )
        for place, words in (("", VIETNAMESE), ("/en", ENGLISH))
    }
    threading.Thread(target=warm_up, args=(assistant,), name="warm-up", daemon=True).start()
    try:
        serve(windows, host, port, password, uploads=uploads, original=library.original)
    finally:
        uploads.close()


def warm_up(assistant: Assistant) -> None:
    """Load both models while the first question is being typed; a model that fails is told with that question."""
    try:
        assistant.search("khởi động", 1)
        assistant.generator.count_tokens("khởi động")
    except (IndexingError, AnsweringError) as error:
        LOG.warning("A model could not be loaded: %s", error)


def software() -> str:
    """Name the version that is kept with each answer."""
    try:
        return f"hoidap {version('hoidap')}"
    except PackageNotFoundError:
        return "hoidap, not installed"
