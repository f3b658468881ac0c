"""Five tiny articles in a folder and a store, and the real models where they are installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import ARTICLES, FakeEncoder
from postgres_server import PostgresServer, postgres_server

from index.models.cache import ModelCache, default_root
from index.models.catalogue import find, load_catalogue
from index.store.store import Store
from index.sync.sync import sync
from rag.config import Config

NEEDS_MUCH = {"model", "browser", "real_models", "small_llm_path", "postgres"}
"""Marks and fixtures that are never there within a second."""
SMALL_LLM = "qwen2.5-coder-0.5b-instruct-q4_k_m"


def pytest_configure() -> None:
    """One thread each for small matrices, here and in what is started from here.

    Two that spin for one another take three times the processor's time of one, beside other tests still more.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever needs a real model, a browser or a database server is slow; what else is slow is marked where it is."""
    for item in items:
        needs = {mark.name for mark in item.iter_markers()} | set(getattr(item, "fixturenames", ()))
        params = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if needs & NEEDS_MUCH or "postgresql" in params:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def articles_folder(tmp_path: Path) -> Path:
    """A folder with the five articles as text files, each with its date line."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for article in ARTICLES:
        title, body = article.text.split("\n\n", 1)
        day = f"{article.date:%d/%m/%Y} 08:00\n\n" if article.date else ""
        (folder / article.source).write_text(f"{title}\n\n{day}{body}\n", encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path, articles_folder: Path, encoder: FakeEncoder) -> Iterator[Store]:
    """A store of the five articles, made by the fake encoder."""
    made = Store.create(tmp_path / "store", encoder.name, encoder.dimension, chunk_tokens=60)
    sync(made, articles_folder, encoder)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started once."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder with real articles and development questions, beside the checkout or named in HOIDAP_SHARED."""
    folder = Path(os.environ.get("HOIDAP_SHARED", Path(__file__).parents[1] / ".." / "shared")).resolve()
    if not (folder / "corpus" / "seeds").is_dir():
        pytest.skip(f"no real articles in {folder}; name their folder in HOIDAP_SHARED")
    return folder


def model_path(model: str) -> Path:
    """A model of the catalogue, where it is on this computer."""
    models, entry = ModelCache(default_root()), find(load_catalogue(), model)
    if models.status(entry).state not in ("ready", "unverified"):
        pytest.skip(f"{model} is not here; run 'hoidap models fetch {model}'")
    return models.path(entry)


@pytest.fixture(scope="session")
def small_llm_path() -> Path:
    """The small language model, for what does not depend on how well it writes."""
    return model_path(SMALL_LLM)


@pytest.fixture(scope="session")
def real_models() -> None:
    """The default models must be here."""
    for model in (Config().llm.model, Config().encoder.model):
        model_path(model)
