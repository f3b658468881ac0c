"""The parts of a window: articles and assistant, or placeholders while a model is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.encoding.encoder import Encoder
from index.errors import IndexingError, ModelError, StoreError
from index.schema import Article
from index.store.store import Store
from rag.assemble import open_assistant, open_encoder, open_store
from rag.assistant import Assistant
from rag.config import Config, read_config
from ui.articles.library import Library
from ui.articles.mending import Mended, Mender
from ui.articles.store_library import StoreLibrary
from ui.assistant_protocol import Answers, Surveys
from ui.operation.checks import installed_version
from ui.operation.model_loading import Loading
from ui.operation.monitoring import Served
from ui.window.models_missing import UnreadyAssistant, UnreadyLibrary

_EXAMPLE_ARTICLES = 40


@dataclass(frozen=True, slots=True)
class Parts:
    """What is served; ``load`` loads the models and tells how that went.

    ``generation`` counts the changes of the store, ``newest`` gives the articles that came last, ``mend`` mends it.
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
    mend: Callable[[], Mended] | None
    load: Callable[[Loading], None]
    served: Served


def build_parts(path: Path | None, store_folder: Path, named: Sequence[Path] = ()) -> Parts:
    """Open the store, an empty one where there is none, and put the assistant together.

    ``named`` folders are to be read where the configuration chooses none, whatever the store held before.

    A model that is not here is no error: whoever asks is told of it, and the settings can fetch it.  Nor is a damaged
    store: the page of articles mends it.
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
        try:
            with closing(Store.open(store_folder)) as store:
                return [*store.database.folders.values()]
        except StoreError as error:
            if error.code != "store":
                raise
            return ()  # damaged: nobody knows any more

    def unready(error: IndexingError, mender: Mender | None) -> Parts:
        nobody, nothing, reason = UnreadyAssistant(error), UnreadyLibrary(error), str(error)
        return Parts(
            path, config, store_folder, nobody, nobody, nothing, int, list, held,
            mender.mend if mender else None, lambda loading: loading.end(reason),
            Served(config, store_folder, nothing),
        )  # fmt: skip

    try:
        encoder = open_encoder(config)
    except ModelError as error:
        return unready(error, None)
    mender = Mender(
        store_folder,
        encoder,
        config.index.chunk_tokens,
        lambda: open_store(config, store_folder, encoder.name),
        folders,
    )
    try:
        if not Store.exists(store_folder):
            Store.create(store_folder, encoder.name, encoder.dimension, config.index.chunk_tokens).close()
        answerer, store, encoder, load = _answerer(config, store_folder, encoder)
    except ModelError as error:
        return unready(error, None)
    except StoreError as error:
        if error.code != "store":
            raise
        return unready(error, mender)
    library = StoreLibrary(store, encoder, folders)
    return Parts(
        path, config, store_folder, answerer, answerer, library, lambda: store.database.generation,
        lambda: newest_articles(store), held, mender.mend, load,
        Served(
            config, store_folder, library, store, answerer.generator if isinstance(answerer, Assistant) else None,
            library.record,
        ),
    )  # fmt: skip


def _answerer(
    config: Config, store_folder: Path, encoder: Encoder
) -> tuple[Assistant | UnreadyAssistant, Store, Encoder, Callable[[Loading], None]]:
    """Open the assistant with its store and encoder; without the language model one that reports the error."""
    try:
        assistant = open_assistant(config, store_folder)
    except ModelError as error:
        store = open_store(config, store_folder, encoder.name)
        reason = str(error)
        return UnreadyAssistant(error), store, encoder, lambda loading: loading.end(reason)
    retriever = assistant.retriever
    return assistant, retriever.store, retriever.encoder, lambda loading: loading.load(assistant)


def newest_articles(store: Store) -> list[Article]:
    """Give the articles that the examples of the first page are about."""
    return [store.database.article(info.id) for info in store.database.articles()[:_EXAMPLE_ARTICLES]]


def software() -> str:
    """Name the version that is kept with each answer."""
    number = installed_version("hoidap")
    return f"hoidap {number}" if number else "hoidap, not installed"
