from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.models.cache import ModelCache
from index.models.catalogue import HubSource, ModelEntry, ModelFile, find, load_catalogue
from rag.config import Config, ModelsConfig, read_config
from rag.errors import ConfigError
from ui.errors import WindowError
from ui.settings.configuration import Download, change_settings, model_choices, remove_model

LARGER = "qwen2.5-coder-1.5b-instruct-q4_k_m"


def test_what_is_changed_is_what_the_command_line_reads_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "cấu hình" / "config.toml"
    change_settings({"llm.model": "qwen2.5-coder-0.5b-instruct-q4_k_m"}, path)
    path.write_text(
        "# của phòng\n" + path.read_text(encoding="utf-8") + "threads = 1  # máy yếu\n", encoding="utf-8"
    )
    config = change_settings({"answer.caution": "careful", "models.order": ("pypi",)}, path)
    assert config == read_config(path)
    assert (config.llm.threads, config.answer.caution) == (1, "careful")
    assert config.models.order == ("pypi",)
    written = path.read_text(encoding="utf-8")
    assert written.startswith("# của phòng\n") and "threads = 1  # máy yếu" in written
    change_settings({"llm.model": None}, path)
    assert read_config(path).llm.model == Config().llm.model


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize("before", [None, 0o600, 0o644])
def test_the_file_is_for_its_user_alone(tmp_path: Path, before: int | None) -> None:
    """The hash of the window's password stands there, and the database's password."""
    path = tmp_path / "config.toml"
    if before is not None:
        path.write_text('[database]\nurl = "postgresql://an:mat-khau@may-chu/kho"\n', encoding="utf-8")
        path.chmod(before)
        path.with_name("config.toml.new").touch(0o644)  # left by a program that was killed
    change_settings({"llm.threads": 2}, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_config(path).llm.threads == 2


@pytest.mark.parametrize("changes", [{"llm.modle": "x"}, {"llm.threads": -1}, {"nonsense.a": 1}])
def test_a_wrong_change_leaves_the_file_as_it_was(tmp_path: Path, changes: dict) -> None:
    path = tmp_path / "config.toml"
    change_settings({"llm.threads": 2}, path)
    before = path.read_bytes()
    with pytest.raises(ConfigError, match=f"{path.name} is not valid"):
        change_settings(changes, path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


def test_models_are_told_with_size_state_and_words(tmp_path: Path) -> None:
    config = Config(models=ModelsConfig(folder=tmp_path))
    choices = {choice.id: choice for choice in model_choices(config)}
    default = choices[config.llm.model]
    assert (default.used, default.state, default.bytes) == (True, "missing", 491_400_064)
    assert all(choice.about[0] and choice.about[1] for choice in choices.values())
    with pytest.raises(WindowError, match="in use"):
        remove_model(config, config.llm.model)
    assert remove_model(config, LARGER) == 0


def test_a_removed_model_frees_its_bytes_and_is_missing_afterwards(tmp_path: Path) -> None:
    config = Config(models=ModelsConfig(folder=tmp_path))
    weights = tmp_path / LARGER / find(load_catalogue(), LARGER).files[0].name
    weights.parent.mkdir()
    weights.write_bytes(b"x" * 5_000)

    def state() -> str:
        return next(choice.state for choice in model_choices(config) if choice.id == LARGER)

    assert state() != "missing"
    assert remove_model(config, LARGER) == 5_000
    assert (state(), weights.exists()) == ("missing", False)


class SlowRoad:
    """Brings a file byte by byte."""

    name = "hub"

    def __init__(self, body: bytes) -> None:
        self.body, self.begun, self.go_on = body, threading.Event(), threading.Event()

    def serves(self, file: ModelFile) -> bool:
        return True

    def fetch(self, file: ModelFile, folder: Path, on_bytes: Callable[[int], None]) -> Path:
        on_bytes(1)
        self.begun.set()
        assert self.go_on.wait(10)
        on_bytes(len(self.body))
        (folder / file.name).write_bytes(self.body)
        return folder / file.name


@pytest.mark.parametrize("stopped", [False, True])
def test_a_download_tells_how_far_it_is_and_can_be_ended(tmp_path: Path, *, stopped: bool) -> None:
    body = b"weights"
    file = ModelFile("w.gguf", len(body), hashlib.sha256(body).hexdigest(), HubSource("r", "1", "w.gguf"))
    entry = ModelEntry("tiny", "llm", "Tiny", "MIT", (file,))
    road = SlowRoad(body)
    cache = ModelCache(tmp_path, (road,))
    download = Download(cache, entry, None)
    assert road.begun.wait(10)
    assert (download.running, download.done, download.total) == (True, 1, 7)
    if stopped:
        download.stop()
    road.go_on.set()
    download.wait(10)
    assert not download.running
    assert cache.status(entry).state == ("missing" if stopped else "ready")
    assert download.fault == ("stopped" if stopped else "")
