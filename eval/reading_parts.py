"""The reader and what is measured with it, opened from the configuration and the store."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval.answerers import flat_settings, store_manifest
from eval.baselines import Search
from eval.errors import RunError
from eval.evidence import Named
from eval.schema import Facts, Question
from rag.abstain import Calibration, load_calibration
from rag.assistant import Assistant
from rag.config import Config, read_config
from rag.generate import GenerationEvent, Prompt
from rag.reader.reader import Reader
from rag.reader.spans import Span
from rag.retrieve import Retriever
from rag.schema import Extract, Found, Turn


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """What a store can be measured by: the search with the reader and without it, and what would be shown."""

    with_reader: Search
    without_reader: Search
    extract: Callable[[Question], Extract | None]
    encoder: str
    articles: Sequence[Named]
    manifest: Facts


@dataclass(frozen=True, slots=True)
class OpenedReader:
    """The reader with its settings, and the named store; ``None`` when none was named."""

    reader: Reader
    settings: Facts
    store: OpenedStore | None


class Remembering:
    """A reader that reads no passage twice for one question, since ranks are found by searching many times."""

    def __init__(self, reader: Reader) -> None:
        self.name = reader.name
        self._reader = reader
        self._question = ""
        self._spans: dict[tuple[str, str], Span] = {}

    def read(
        self, question: str, passages: Sequence[tuple[str, str]], *, replies: bool = False
    ) -> list[Span]:
        """The best span of each passage; replies are not remembered."""
        if replies:
            return self._reader.read(question, passages, replies=True)
        if question != self._question:
            self._question, self._spans = question, {}
        unread = [passage for passage in dict.fromkeys(passages) if passage not in self._spans]
        self._spans |= zip(unread, self._reader.read(question, unread), strict=True) if unread else ()
        return [self._spans[passage] for passage in passages]


class Unasked:
    """Stands in the place of the language model, which is never asked here."""

    name = ""
    context_tokens = 4096

    def count_tokens(self, text: str) -> int:
        """Nothing is counted."""
        raise NotImplementedError

    def generate(
        self, prompt: Prompt, *, max_tokens: int, stop: threading.Event, seconds: float
    ) -> Iterator[GenerationEvent]:
        """Nothing is written."""
        raise NotImplementedError


def open_reading(args: argparse.Namespace) -> OpenedReader:
    """Open the reader of ``--config``, and ``--store`` when it was named.

    Raises RunError where the configuration leaves the reader out.
    """
    from rag.assemble import open_reader, open_retriever

    config = read_config(args.config)
    reader = open_reader(config)
    if reader is None:
        raise RunError(
            "The configuration has no reader: leave reader.enabled and encoder.model as they come."
        )
    if args.store is args.unnamed_store:
        return OpenedReader(reader, flat_settings(config), None)
    retriever = open_retriever(config, args.store)
    store = opened_store(retriever, reader, load_calibration(reader=True), config)
    return OpenedReader(reader, flat_settings(config), store)


def opened_store(
    retriever: Retriever, reader: Reader, calibration: Calibration, config: Config
) -> OpenedStore:
    """The searches of a store with a reader and without, and the assistant's extract."""
    plain = Retriever(retriever.store, retriever.encoder)
    reading = Retriever(retriever.store, retriever.encoder, Remembering(reader), retriever.relevance_weight)
    return OpenedStore(
        reading.search,
        plain.search,
        _shown(Assistant(reading, Unasked(), calibration, config.answer, config.llm)),
        retriever.encoder.name,
        retriever.store.database.articles(),
        store_manifest(retriever.store),
    )


def _shown(assistant: Assistant) -> Callable[[Question], Extract | None]:
    """What the assistant shows of a question as soon as it has read the passages."""

    def extract(question: Question) -> Extract | None:
        events = assistant.ask(question.text, [Turn(earlier) for earlier in question.follows])
        return next(event.extract for event in events if isinstance(event, Found))

    return extract
