"""What a window works with: the articles and whoever answers, or what stands in while a model is not here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.errors import IndexingError, ModelError
from index.models.encoder import Encoder
from index.schema import Article
from index.store.store import Store
from rag.assemble import open_assistant, open_encoder, open_store
from rag.assistant import Assistant
from rag.config import Config, read_config
from rag.errors import AnsweringError
from ui.articles.library import Library
from ui.articles.store_library import StoreLibrary
from ui.assistant import Answers, Surveys
from ui.window.unready import UnreadyAssistant, UnreadyLibrary

_EXAMPLE_ARTICLES = 40
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is served; ``warm_up`` loads the models and sets the event.

    ``generation`` counts the changes of the store, ``newest`` gives the articles that came last.
    """

    path: Path | None
    config: Config
    store_folder: Path
    answerer: Answers
    surveys: Surveys
    library: Library
    generation: Callable[[], int]
    newest: Callable[[], Sequence[Article]]
    held: Callable[[], Sequence[Path]]
    warm_up: Callable[[threading.Event], None]


def build_parts(path: Path | None, store_folder: Path, named: Sequence[Path] = ()) -> Parts:
    """Open the store, an empty one where there is none, and put the assistant together.

    ``named`` folders are to be read where the configuration chooses none, whatever the store held before.

    A model that is not here is no error: whoever asks is told of it, and the settings can fetch it.
    """
    config = read_config(path)

    def folders() -> Sequence[Path]:
        chosen = read_config(path).articles.folders
        return held() if chosen is None else chosen

    def held() -> Sequence[Path]:
        if named:
            return named
        if not Store.exists(store_folder):
            return ()
        with closing(Store.open(store_folder)) as store:
            return [*store.database.folders.values()]

    try:
        encoder = open_encoder(config)
        if not Store.exists(store_folder):
            Store.create(store_folder, encoder.name, encoder.dimension, config.index.chunk_tokens).close()
        answerer, store, encoder, warm = _answerer(config, store_folder, encoder)
    except ModelError as error:
        unready = UnreadyAssistant(error)
        return Parts(
            path, config, store_folder, unready, unready, UnreadyLibrary(error), int, list, held,
            threading.Event.set,
        )  # fmt: skip
    library = StoreLibrary(store, encoder, folders)
    return Parts(
        path, config, store_folder, answerer, answerer, library, lambda: store.database.generation,
        lambda: newest_articles(store), held, warm,
    )  # fmt: skip


def _answerer(
    config: Config, store_folder: Path, encoder: Encoder
) -> tuple[Assistant | UnreadyAssistant, Store, Encoder, Callable[[threading.Event], None]]:
    """Give who answers, with the store and the encoder that go with it; an LLM that is not here is told instead."""
    try:
        assistant = open_assistant(config, store_folder)
    except ModelError as error:
        store = open_store(config, store_folder, encoder.name)
        return UnreadyAssistant(error), store, encoder, threading.Event.set
    retriever = assistant.retriever
    return assistant, retriever.store, retriever.encoder, lambda loaded: warm_up(assistant, loaded)


def newest_articles(store: Store) -> list[Article]:
    """Give the articles that the examples of the first page are about."""
    return [store.database.article(info.id) for info in store.database.articles()[:_EXAMPLE_ARTICLES]]


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
