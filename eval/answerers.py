"""The systems of a run, opened from the configuration and the store."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.baselines import Search, open_baselines
from eval.benchmarks.retrieval import ways
from eval.evidence import Named
from eval.run import Answerer
from eval.schema import Facts
from index.schema import Hit
from index.store.store import Store
from rag.assistant import Assistant
from rag.config import Config, read_config
from rag.schema import Answer, Turn

ASSISTANT = "hoidap"


@dataclass(frozen=True, slots=True)
class Opened:
    """The systems of a run, the assistant first, and the articles that they can know of."""

    answerers: Sequence[Answerer]
    articles: Sequence[Named]
    manifest: Facts


@dataclass(frozen=True, slots=True)
class OpenedSearches:
    """The ways of searching by name, and the articles that they search."""

    searches: Mapping[str, Search]
    encoder: str
    articles: Sequence[Named]
    manifest: Facts


@dataclass(frozen=True, slots=True)
class AssistantAnswerer:
    """The product itself, as a system under test."""

    assistant: Assistant
    settings: Facts
    name: str = ASSISTANT
    reads: bool = True

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer one question of a conversation."""
        return self.assistant.answer(question, history)

    def search(self, question: str, k: int) -> tuple[Hit, ...]:
        """The best ``k`` passages for a question, best first."""
        return self.assistant.search(question, k)


def assistant_of(args: argparse.Namespace) -> Assistant:
    """Open the assistant that ``--store`` and ``--config`` name."""
    from rag.assemble import open_assistant

    return open_assistant(read_config(args.config), args.store)


def open_answerers(args: argparse.Namespace) -> Opened:
    """Open what ``--store`` and ``--config`` name, and the ``--baselines`` over the same store and models."""
    assistant = assistant_of(args)
    store, encoder = assistant.retriever.store, assistant.retriever.encoder
    simpler = open_baselines(args.baselines, store, encoder, assistant.generator, assistant.search)
    main = AssistantAnswerer(assistant, flat_settings(read_config(args.config)))
    return Opened((main, *simpler), store.database.articles(), store_manifest(store))


def open_searches(args: argparse.Namespace) -> OpenedSearches:
    """Open the search of ``--store`` and ``--config`` in all its ways, without the language model."""
    from rag.assemble import open_retriever

    retriever = open_retriever(read_config(args.config), args.store)
    store = retriever.store
    return OpenedSearches(
        ways(retriever), retriever.encoder.name, store.database.articles(), store_manifest(store)
    )


def flat_settings(config: Config) -> Facts:
    """The settings that can change an answer, as ``section.name``; paths of this machine are left out."""
    return {
        f"{section}.{name}": Path(value).name if name == "model" else value
        for section, values in config.model_dump(mode="json", exclude={"models"}).items()
        for name, value in values.items()
    }


def store_manifest(store: Store) -> Facts:
    """What a store says of itself; two stores with equal manifests hold the same."""
    database = store.database
    counts = database.counts()
    return {
        "encoder": database.encoder,
        "chunk_tokens": database.setting("chunk_tokens"),
        "articles": counts.articles,
        "chunks": counts.chunks,
        "generation": database.generation,
    }
