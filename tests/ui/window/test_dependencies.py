"""What a window works with where folders are named at its start."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from fakes import FakeEncoder

from index.errors import ModelError
from rag.config import read_config
from ui.cli import main
from ui.operation.monitoring import Operation
from ui.settings.configuration import change_settings
from ui.window.access.listen import ListenOptions
from ui.window.dependencies import build_parts
from ui.window.main import open_window


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration's place on a computer with an encoder and no language model."""

    def no_model(*_: object) -> None:
        raise ModelError("The model is not here.")

    monkeypatch.setattr("ui.window.dependencies.open_encoder", lambda config: FakeEncoder())
    monkeypatch.setattr("ui.window.dependencies.open_assistant", no_model)
    file = tmp_path / "hoidap.toml"
    file.touch()
    return file


def test_folders_that_are_named_are_read_and_kept(
    configuration: Path, articles_folder: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    parts = build_parts(configuration, store, [articles_folder])
    assert list(parts.held()) == [articles_folder] and parts.library.counts().articles == 0
    parts.library.sync(lambda progress: None)
    assert parts.library.counts().articles == 5
    assert list(build_parts(configuration, store).held()) == [articles_folder]


def test_the_command_names_them_in_a_configuration_that_names_others(
    configuration: Path, articles_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Sequence[Path]] = []
    monkeypatch.setattr("ui.window.main.open_window", lambda *given: opened.append(given[-1]))
    here = ["--store", str(tmp_path / "store"), "--config", str(configuration)]
    assert main(["ui", *here]) == 0
    assert main(["ui", str(articles_folder), *here]) == 0
    assert opened == [(), (articles_folder,)]
    assert read_config(configuration).articles.folders is None
    change_settings({"articles.folders": (str(tmp_path),)}, configuration)
    assert main(["ui", str(articles_folder), *here]) == 0
    assert read_config(configuration).articles.folders == (articles_folder,)


def test_a_folder_that_is_not_there_is_told_before_the_window_opens(
    configuration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ui", str(tmp_path / "khong-co"), "--store", str(tmp_path / "store")]) == 1
    assert "khong-co" in capsys.readouterr().err


def test_the_models_load_while_the_window_is_still_put_together(
    configuration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window's libraries take one core for seconds, and the first answer waits for models and window."""
    loaded: list[bool] = []

    class Serving:
        """Stands in for the window, which takes long to import."""

        def __init__(self, parts: object, operation: Operation, *_: object) -> None:
            end = time.monotonic() + 10
            while not operation.loading.ended and time.monotonic() < end:
                time.sleep(0.01)
            loaded.append(operation.loading.ended)

        def run(self, held: object) -> bool:
            return False

    window = ModuleType("ui.window.run")
    window.Serving = Serving  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ui.window.run", window)
    open_window(configuration, tmp_path / "store", ListenOptions(port=0), None)
    assert loaded == [True]
