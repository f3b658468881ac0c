"""The reader is there when it is named and fits the encoder."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.assemble import open_reader
from rag.config import Config, EncoderConfig, ReaderConfig
from rag.errors import ConfigError


def test_the_reader_can_be_switched_off() -> None:
    assert open_reader(Config(reader=ReaderConfig(enabled=False))) is None


@pytest.mark.model
def test_a_reader_comes_with_the_product() -> None:
    reader = open_reader(Config())
    assert reader is not None
    assert reader.name.startswith("reader@")


def test_a_reader_of_another_encoder_is_of_no_use(tmp_path: Path) -> None:
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(b"")
    config = Config(reader=ReaderConfig(weights=weights), encoder=EncoderConfig(model="intfloat/other"))
    assert open_reader(config) is None


def test_missing_weights_are_told_with_the_command_that_makes_them(tmp_path: Path) -> None:
    config = Config(reader=ReaderConfig(weights=tmp_path / "none.safetensors"))
    with pytest.raises(ConfigError, match=r"rag\.reader\.train"):
        open_reader(config)
