"""What can be wrong with an installation, each with its remedy: for ``hoidap doctor`` and the health of servers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, TypeAlias

from index.errors import IndexingError
from index.folders import join_folders
from index.store.store import Store
from rag.writer.server_pool import ServerState

State: TypeAlias = Literal["ok", "slow", "missing", "fault"]
"""All is well; it works less well than it could; it cannot work."""
LEAST_DISK = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``remedy`` is empty where nothing is to be done."""

    name: str
    state: State
    told: str
    remedy: str = ""


def installed_version(name: str) -> str | None:
    """The version of a package, ``None`` where it is not here."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def disk(free: int) -> Finding:
    """Whether there is room for what is to be read."""
    full = free < LEAST_DISK
    return Finding("disk", "slow" if full else "ok", f"{free / 1e9:.1f} GB free", "make room" if full else "")


def opened_store(store: Store) -> Iterator[Finding]:
    """What a store holds, and whether it can be searched."""
    try:
        if not Store.exists(store.directory):
            yield Finding("store", "missing", f"none in {store.directory}", "run 'hoidap sync FOLDER'")
            return
        counts, since = store.database.counts(), store.database.last_sync
        held = join_folders([*store.database.folders.values()])
    except IndexingError as error:
        yield Finding("store", "fault", str(error))
        return
    day = f"{since:%d/%m/%Y %H:%M}" if since else "never to the end"
    yield Finding(
        "store", "ok", f"{counts.articles:,} articles, {counts.chunks:,} passages of {held}, read {day}"
    )
    try:
        if not store.is_current:
            yield Finding("search", "slow", "it is of an older state", "run 'hoidap verify --repair'")
    except IndexingError as error:
        yield Finding("search", "fault", str(error))


def servers(model: str, asked: Sequence[ServerState]) -> Iterator[Finding]:
    """The servers of the language model: one that is away is no fault as long as another answers."""
    away = [state for state in asked if state.failure]
    for state in asked:
        if state.failure:
            yield Finding("server", "fault" if len(away) == len(asked) else "slow", state.failure)
        else:
            yield Finding("server", "ok", f"{model} at {state.base_url}")
