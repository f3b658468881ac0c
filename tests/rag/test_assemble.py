"""The parts are put together from the configuration, and what is missing is told with its remedy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeReader

from index.models.catalogue import AdapterFile, load_catalogue
from index.models.fingerprint import sha256
from rag.assemble import adapter_of, chosen_models, open_reader
from rag.config import Config, EncoderConfig, LlmConfig, ReaderConfig
from rag.errors import ConfigError
from rag.reader.calibrated_reader import reading_features
from rag.reader.calibration import Calibration, load_calibration
from rag.schema import Query


@pytest.mark.model
def test_a_reader_comes_with_the_product() -> None:
    assert open_reader(Config()).name.startswith("reader@")


def test_the_adapter_is_used_with_its_model_alone_and_only_as_it_was_made() -> None:
    with_adapter = [entry for entry in load_catalogue() if entry.adapter]
    assert [entry.id for entry in with_adapter] == [LlmConfig().model]
    (entry,) = with_adapter
    adapter = adapter_of(entry)
    assert adapter is not None and entry.adapter is not None
    assert (sha256(adapter.path), adapter.base_sha256) == (entry.adapter.sha256, entry.files[0].sha256)
    # It names those weights itself, which the engine compares before it uses it.
    assert entry.files[0].sha256.encode() in adapter.path.read_bytes()[:100_000]
    assert adapter_of(replace(entry, adapter=None)) is None
    for file in (AdapterFile(entry.adapter.name, "0" * 64), AdapterFile("none.gguf", entry.adapter.sha256)):
        with pytest.raises(ConfigError, match="is not the expected file; install the program again"):
            adapter_of(replace(entry, adapter=file))


def test_missing_weights_are_told_with_the_command_that_makes_them(tmp_path: Path) -> None:
    config = Config(reader=ReaderConfig(weights=tmp_path / "none.safetensors"))
    with pytest.raises(ConfigError, match=r"none\.safetensors; python -m rag\.training\.reader"):
        open_reader(config)


def test_the_encoder_of_the_reader_is_needed_whichever_encoder_searches() -> None:
    config = Config(
        encoder=EncoderConfig(model="someone/other"),
        llm=LlmConfig(model="m", base_url="http://127.0.0.1:1/v1"),
    )
    assert [entry.id for entry in chosen_models(config)] == ["multilingual-e5-small-q4"]
    assert {entry.role for entry in chosen_models(Config())} == {"encoder", "llm"}


def test_the_calibration_of_the_product_can_be_used() -> None:
    found = load_calibration()
    assert 0 < found.perhaps <= found.sure < 1
    assert set(found.weights) <= reading_features(FakeReader(), Query("?", "?"), ()).keys()


def test_a_probability_is_a_logistic_of_the_weighted_features() -> None:
    model = Calibration(weights={"told": 2, "named": -1}, bias=0.5, sure=0.5, perhaps=0.3, supported=0.5)
    # 2 * 0.25 - 1 * 1 + 0.5 = 0
    assert model.probability({"told": 0.25, "named": 1.0, "dense": 9.0}) == 0.5
    assert model.probability({"told": 1e9, "named": 0.0}) == pytest.approx(1)
    assert model.probability({"told": -1e9, "named": 0.0}) == pytest.approx(0)
    with pytest.raises(KeyError):
        model.probability({"told": 1.0})
