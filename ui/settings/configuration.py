"""What a settings page shows and changes: the configuration file, and the models on this computer.

Nothing here draws anything; what is changed is written to the file that the command line reads too.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import tomlkit
from tomlkit.exceptions import TOMLKitError

from index.errors import ModelError
from index.models.cache import ModelCache
from index.models.catalogue import ModelEntry, find, load_catalogue
from index.platform import replace, write_atomic
from rag.assemble import chosen_models, open_model_cache
from rag.config import Config, default_config_path, read_config
from rag.errors import ConfigError
from ui.errors import WindowError

Value: TypeAlias = "str | int | float | bool | Sequence[str] | None"
State: TypeAlias = Literal["ready", "unverified", "partial", "missing"]

_ABOUT = {
    "qwen2.5-coder-1.5b-instruct-q4_k_m": (
        "Lớn hơn và chậm gấp đôi mô hình mặc định, chưa được huấn luyện riêng cho việc này; cần 4 GB bộ nhớ trống.",
        "Larger and half as fast as the default, and not taught this task. For 4 GB of free memory.",
    ),
    "qwen2.5-coder-0.5b-instruct-q4_k_m": (
        "Mặc định: nhẹ và nhanh, được huấn luyện riêng để trả lời từ các câu trong bài. Cần 2 GB bộ nhớ trống.",
        "The default: light and fast, taught to answer from the sentences of articles. For 2 GB of free memory.",
    ),
    "qwen2.5-1.5b-instruct-q4_k_m": (
        "Chậm gấp đôi mô hình mặc định, viết văn xuôi tự nhiên hơn; chưa đo chất lượng ở đây.",
        "Half as fast as the default, more at home in prose; its quality was not measured here.",
    ),
    "qwen3-4b-instruct-2507-q4_k_m": (
        "Chậm hơn mô hình mặc định chừng năm lần; cần 6 GB bộ nhớ trống. Chưa đo chất lượng ở đây.",
        "About five times slower than the default; for 6 GB of free memory. Its quality was not measured here.",
    ),
    "qwen2.5-7b-instruct-q4_k_m": (
        "Chậm hơn mô hình mặc định chừng mười lần; cần 8 GB bộ nhớ trống. Chưa đo chất lượng ở đây.",
        "About ten times slower than the default; for 8 GB of free memory. Its quality was not measured here.",
    ),
    "multilingual-e5-small-q4": (
        "Đọc bài và tìm đoạn; luôn cần có.",
        "Reads the articles and finds passages; always needed.",
    ),
}
"""Speed and quality in words; a model without words shows its size alone."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model as a person chooses it; ``about`` is in Vietnamese and English."""

    id: str
    title: str
    role: Literal["llm", "encoder"]
    bytes: int
    state: State
    used: bool
    about: tuple[str, str]


def change_settings(changes: Mapping[str, Value], path: Path | None = None) -> Config:
    """Write values such as ``{"llm.model": "…"}`` into the configuration file and give what it means now.

    Comments and order of the file stay; ``None`` takes a value away.  Raises ConfigError, with the file as it was,
    for a key or value that the configuration does not know.
    """
    chosen = path or default_config_path()
    try:
        document = (
            tomlkit.parse(chosen.read_text(encoding="utf-8")) if chosen.is_file() else tomlkit.document()
        )
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ConfigError(f"The configuration {chosen} cannot be changed: {error}.") from error
    for key, value in changes.items():
        section, _, name = key.partition(".")
        table = document.setdefault(section, tomlkit.table())
        if not isinstance(table, MutableMapping):
            raise ConfigError(f"The configuration {chosen} has no section {section!r}.")
        if value is None:
            table.pop(name, None)
        else:
            table[name] = list(value) if isinstance(value, tuple) else value
    chosen.parent.mkdir(parents=True, exist_ok=True)
    staging = chosen.with_name(f"{chosen.name}.new")
    # The window's password is there as a hash, the database's in its address: only this user may read it.
    write_atomic(staging, tomlkit.dumps(document).encode(), mode=0o600)
    try:
        config = read_config(staging)  # the one judge of what may stand there
    except ConfigError as error:
        staging.unlink()
        raise ConfigError(str(error).replace(str(staging), str(chosen))) from error
    replace(staging, chosen)
    return config


def model_choices(config: Config) -> list[ModelChoice]:
    """Every model of the catalogue with its state here."""
    cache = open_model_cache(config)
    used = {entry.id for entry in chosen_models(config)}
    return [
        ModelChoice(
            entry.id, entry.title, entry.role, entry.size, cache.status(entry).state, entry.id in used,
            _ABOUT.get(entry.id, ("", "")),
        )
        for entry in load_catalogue()
    ]  # fmt: skip


def remove_model(config: Config, model: str) -> int:
    """Delete a model that is not in use; the bytes that are free again."""
    if model in {entry.id for entry in chosen_models(config)}:
        raise WindowError(f"{model} is in use; choose another model first.")
    return open_model_cache(config).remove(find(load_catalogue(), model))


class Download:
    """A model that is being fetched in the background; what is done is kept when it is ended early."""

    def __init__(self, cache: ModelCache, entry: ModelEntry, order: Sequence[str] | None) -> None:
        self.entry = entry
        self.done, self.total = 0, entry.size
        self.fault = ""
        self._cache, self._order = cache, order
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"fetch {entry.id}", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it still goes on."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End it at the next piece; fetching again goes on from there."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait for its end."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            self._cache.fetch(self.entry, self._order, self._advance)
        except (ModelError, _Stopped) as error:
            self.fault = str(error)

    def _advance(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._stop.is_set():
            raise _Stopped("stopped")


class _Stopped(Exception):
    """The download was ended on purpose."""


def start_download(config: Config, model: str) -> Download:
    """Fetch a model of the catalogue in the background."""
    entry = find(load_catalogue(), model)
    return Download(open_model_cache(config), entry, config.models.order)
