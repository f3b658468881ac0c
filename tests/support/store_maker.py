"""Stores of a few articles that a test writes itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fakes import FakeEncoder, FakeMessages

from index.store.store import Store
from index.sync.sync import sync
from rag.retrieval.retrieve import Retriever


def retriever_over(folder: Path, articles: Mapping[str, str]) -> Retriever:
    """Search over articles by the names of their files, read by the fake encoder; all lies in ``folder``."""
    written, encoder = folder / "articles", FakeEncoder()
    written.mkdir()
    for name, text in articles.items():
        (written / name).write_text(text, encoding="utf-8")
    store = Store.create(folder / "store", encoder.name, encoder.dimension, chunk_tokens=60)
    sync(store, written, encoder)
    return Retriever(store, encoder, FakeMessages())
