"""The configuration becomes working parts; the one place where real models are made."""

from __future__ import annotations

import os
from pathlib import Path

from index.encoding.encoder import Encoder, choose_backend
from index.encoding.openvino_encoder import OpenVinoEncoder
from index.encoding.torch_encoder import SentenceTransformerEncoder
from index.models.cache import ModelCache, default_root
from index.models.catalogue import ModelEntry, find, load_catalogue
from index.models.conversion import write_encoder_folder
from index.models.fingerprint import sha256
from index.store.milvus.connection import MilvusAt
from index.store.store import Store
from rag.assistant import Assistant
from rag.caution import Caution
from rag.config import Config, LlmConfig
from rag.errors import ConfigError
from rag.query.message_kind import MessageClassifier, TrainedMessageClassifier, load_weights
from rag.reader.calibration import load_calibration
from rag.reader.model import NetworkReader, Reader
from rag.reader.network import TorchNetwork
from rag.reader.openvino_network import OpenVinoNetwork
from rag.retrieval.encoder_cache import CachingEncoder
from rag.retrieval.retrieve import Retriever
from rag.writer.generator import Generator
from rag.writer.llama import LlamaGenerator
from rag.writer.llama_engine import Adapter
from rag.writer.openai_server import OpenAIServer
from rag.writer.server_pool import ServerPool, ServerState

_READER_ENCODER = "multilingual-e5-small-q4"
_ADAPTERS = Path(__file__).parent / "writer"
_READER_WEIGHTS = Path(__file__).parent / "reader" / "weights.safetensors"


def open_model_cache(config: Config) -> ModelCache:
    """Give the models on this computer."""
    return ModelCache(config.models.folder or default_root())


def chosen_models(config: Config) -> list[ModelEntry]:
    """List the models of the catalogue that the configuration uses."""
    names = [config.encoder.model, _READER_ENCODER] + ([] if config.llm.servers else [config.llm.model])
    return [entry for entry in load_catalogue() if entry.id in names]


def open_encoder(config: Config, threads: int = 0) -> Encoder:
    """Make the encoder; it loads its model when it is first used.

    OpenVINO runs it on so many ``threads`` (0: all cores); torch takes those of its process.

    Raises ModelError where the model is not here or cannot be run.
    """
    model, backend = config.encoder.model, config.encoder.backend
    if model in {entry.id for entry in load_catalogue() if entry.role == "encoder"}:
        folder, name = encoder_folder(config, model), find(load_catalogue(), model).name
    else:
        folder = Path(model).expanduser()
        if not folder.is_dir():
            return SentenceTransformerEncoder(model, model)
        name = f"{folder.name}@{_weights_hash(folder)[:8]}"
    if choose_backend(backend, folder) == "openvino":
        return OpenVinoEncoder(folder, name, threads=threads)
    return SentenceTransformerEncoder(folder, name)


def encoder_folder(config: Config, model: str = _READER_ENCODER) -> Path:
    """An encoder of the catalogue as a sentence-transformers folder; raises ModelError where it is not here."""
    cache = open_model_cache(config)
    entry = find(load_catalogue(), model)
    weights, tokenizer = (file.name for file in entry.files)
    return cache.derived(
        entry,
        "sentence-transformers",
        lambda target: write_encoder_folder(cache.file(entry, weights), cache.file(entry, tokenizer), target),
    )


def open_generator(config: Config) -> Generator:
    """Make the generator; a local model is loaded when it is first used.

    Raises ModelError where a model of the catalogue is not here, ConfigError where a file is not.
    """
    llm = config.llm
    if llm.servers:
        return _open_servers(llm)
    if llm.model in {entry.id for entry in load_catalogue() if entry.role == "llm"}:
        entry = find(load_catalogue(), llm.model)
        path, name, adapter = open_model_cache(config).path(entry), entry.name, adapter_of(entry)
    else:
        path = Path(llm.model).expanduser()
        if not path.is_file():
            known = ", ".join(entry.id for entry in load_catalogue() if entry.role == "llm")
            raise ConfigError(f"llm.model: there is no file {path}; name a GGUF file or one of: {known}.")
        name, adapter = path.stem, None
    return LlamaGenerator(path, name, llm.context_tokens, threads=llm.threads or None, adapter=adapter)


def _open_servers(llm: LlmConfig) -> ServerPool:
    key = os.environ.get(llm.key_variable) if llm.key_variable else None
    servers = [OpenAIServer(url, llm.model, key, llm.context_tokens) for url in llm.servers]
    return ServerPool(servers, llm.at_once)


def check_servers(config: Config) -> tuple[ServerState, ...]:
    """Ask the servers of the language model whether they are there; nothing for a local model."""
    return _open_servers(config.llm).check() if config.llm.servers else ()


def open_reader(config: Config) -> Reader:
    """Make the reader, which loads when it is first used.

    It continues the layers of the standard encoder, whichever encoder searches.  Raises ConfigError where its file is
    not there, ModelError where the standard encoder is not.
    """
    weights = (config.reader.weights or _READER_WEIGHTS).expanduser()
    if not weights.is_file():
        raise ConfigError(
            f"reader.weights: there is no file {weights}; python -m rag.training.reader writes one."
        )
    folder = encoder_folder(config, _READER_ENCODER)
    fast = choose_backend(config.encoder.backend, folder) == "openvino"
    network = (OpenVinoNetwork if fast else TorchNetwork)(folder, weights)
    return NetworkReader(f"reader@{sha256(weights)[:8]}", folder / "tokenizer.json", network)


def open_store(config: Config, store_folder: Path, encoder: str | None = None) -> Store:
    """Open a store with the search engine of the configuration; raises StoreError where there is none.

    With an ``encoder``, one that was built by another or with other chunks is refused.
    """
    at = config.store
    token = os.environ.get(at.key_variable, "") if at.key_variable else ""
    milvus = MilvusAt(at.url, at.seconds, token) if at.url else None
    return Store.open(store_folder, encoder, config.index.chunk_tokens if encoder else None, milvus)


def open_retriever(config: Config, store_folder: Path) -> Retriever:
    """Open a store with the encoder that built it; raises StoreError where there is none."""
    encoder = CachingEncoder(open_encoder(config))
    store = open_store(config, store_folder, encoder.name)
    return Retriever(store, encoder, open_message_classifier(config, encoder))


def open_message_classifier(config: Config, encoder: Encoder) -> MessageClassifier:
    """The message classifier; it reads the vectors of the standard encoder, whichever one searches."""
    weights = load_weights()
    if encoder.name != weights.encoder:
        standard = config.encoder.model_copy(update={"model": _READER_ENCODER})
        encoder = CachingEncoder(open_encoder(config.model_copy(update={"encoder": standard})))
    return TrainedMessageClassifier(encoder, weights)


def least_probabilities(caution: Caution) -> tuple[float, float]:
    """The least probabilities, in [0, 1], at which something is told as sure and as what may be meant."""
    model = load_calibration().with_caution(caution)
    return model.sure, model.perhaps


def open_assistant(config: Config, store_folder: Path) -> Assistant:
    """Put the whole assistant together."""
    return Assistant(
        open_retriever(config, store_folder),
        open_reader(config),
        open_generator(config),
        load_calibration().with_caution(config.answer.caution),
        config.answer,
        config.llm,
    )


def adapter_of(entry: ModelEntry) -> Adapter | None:
    """What was trained for a language model, where there is such a thing; raises ConfigError for a damaged file."""
    if entry.adapter is None:
        return None
    path = _ADAPTERS / entry.adapter.name
    if not path.is_file() or sha256(path) != entry.adapter.sha256:
        raise ConfigError(
            f"llm.model: the adapter {path} is not the expected file; install the program again."
        )
    return Adapter(path, entry.files[0].sha256)


def _weights_hash(folder: Path) -> str:
    """Hash the weights of a user's own encoder, so that a store knows them again."""
    for name in ("model.safetensors", "pytorch_model.bin"):
        if (folder / name).is_file():
            return sha256(folder / name)
    raise ConfigError(f"encoder.model: {folder} holds no model.safetensors.")
