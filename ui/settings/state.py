"""The settings of an open window: what may be changed by whom, and what of it is in use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import ArticleError
from index.folders import named_folders
from index.models.catalogue import find, load_catalogue
from index.platform import same_place
from rag.assemble import least_probabilities
from rag.caution import CAUTIONS, Caution
from rag.config import Config, default_config_path, read_config
from rag.errors import ConfigError
from ui.settings.configuration import (
    Download,
    Value,
    change_settings,
    model_choices,
    remove_model,
    start_download,
)
from ui.settings.folders import look_into
from ui.settings.owner import Owner
from ui.settings.page import Rights, Shown
from ui.settings.password import PasswordHash


@dataclass(slots=True)
class Settings:
    """What every page of the window shows and changes; ``started`` is the configuration that the window runs with.

    ``private`` says whether this computer alone can reach the window; ``held`` gives the folders of the store,
    ``is_empty`` whether nothing was read yet.  ``follow`` starts or ends following the folders, ``reopen`` opens the
    window anew with the configuration as it is then.
    """

    started: Config
    owner: Owner
    private: bool
    held: Callable[[], Sequence[Path]]
    is_empty: Callable[[], bool]
    reopen: Callable[[], None]
    follow: Callable[[bool], None] = lambda on: None
    path: Path | None = None
    sample: Path | None = None
    fixed_password: bool = False
    download: Download | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def config(self) -> Config:
        """The configuration as it stands in its file now; raises ConfigError."""
        return read_config(self.path)

    def rights(self, visitor: str) -> Rights:
        """Say what a visitor may do."""
        if not self.private:
            return "guests"
        return "owner" if self.owner.knows(visitor) else "stranger"

    def folders(self) -> tuple[Path, ...]:
        """The folders that are to be read: those of the configuration, else those of the store."""
        chosen = self.config.articles.folders
        return tuple(self.held()) if chosen is None else chosen

    def shown(self, visitor: str) -> Shown:
        """Give what a visitor's page shows."""
        config = self.config
        folders = self.folders()
        models = tuple(model_choices(config))
        return Shown(
            rights=self.rights(visitor),
            file=self.path or default_config_path(),
            folders=folders,
            sample=self.sample,
            watch=config.articles.watch,
            models=models,
            fetching=self.download.entry.id if self.download and self.download.running else None,
            caution=config.answer.caution,
            least={caution: least_probabilities(caution) for caution in CAUTIONS},
            password="fixed" if self.fixed_password else "set" if config.window.password else "none",
            first=self.is_empty() and not folders,
            lacking=any(model.used and model.state in ("missing", "partial") for model in models),
            unused=_in_use(config) != _in_use(self.started),
        )

    def add_folder(self, typed: str) -> Path:
        """Read a folder too; raises ArticleError where it is none, or lies in another that is read."""
        with self._lock:
            path, before = look_into(typed).path.resolve(), self.folders()
            named_folders([*before, path], {})
            new = [] if any(same_place(path, folder) for folder in before) else [path]
            self.change({"articles.folders": tuple(map(str, [*before, *new]))})
        return path

    def drop_folder(self, number: int) -> Path:
        """Read a folder no more; raises ArticleError where there is none of that number."""
        with self._lock:
            folders = list(self.folders())
            if not 0 <= number < len(folders):
                raise ArticleError(
                    f"There is no folder {number}; it is not a folder that is read.", code="folder"
                )
            dropped = folders.pop(number)
            self.change({"articles.folders": tuple(map(str, folders))})
        return dropped

    def set_watch(self, on: bool) -> None:
        """Follow the folders from now on, or no more."""
        self.change({"articles.watch": on or None})
        self.follow(on)

    def set_caution(self, caution: Caution) -> None:
        """Choose how sure it must be before something is answered."""
        self.change({"answer.caution": None if caution == "usual" else caution})

    def set_password(self, password: str | None) -> None:
        """Set the password of the next opening, or take it away."""
        self.change({"window.password": PasswordHash.of(password).text if password else None})

    def use_model(self, model: str) -> None:
        """Choose a language model of the catalogue; raises ModelError for another name."""
        entry = find(load_catalogue(), model)
        if entry.role != "llm":
            raise ConfigError(f"{model} writes no answers; choose a language model.")
        self.change({"llm.model": model})

    def remove_model(self, model: str) -> int:
        """Delete a model that is neither in use nor being fetched; the bytes that are free again."""
        if self.download and self.download.running and self.download.entry.id == model:
            raise ConfigError(f"{model} is being fetched; stop that first.")
        if model in (self.started.llm.model, self.started.encoder.model):
            raise ConfigError(f"{model} is in use; choose another model and open the window again first.")
        return remove_model(self.config, model)

    def fetch_model(self, model: str) -> None:
        """Begin to fetch a model, one at a time."""
        with self._lock:
            if not (self.download and self.download.running):
                self.download = start_download(self.config, model)

    def change(self, changes: dict[str, Value]) -> None:
        """Write into the configuration file."""
        change_settings(changes, self.path)


def _in_use(config: Config) -> tuple[object, ...]:
    """What of a configuration is read once, when the window is opened."""
    return config.llm, config.encoder, config.reader, config.answer, config.window
