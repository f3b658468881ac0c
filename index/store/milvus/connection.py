"""The line to Milvus: every call has a time limit, and what goes wrong becomes a sentence with its remedy."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from index.errors import StoreError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Got = TypeVar("Got")
Call: TypeAlias = "Callable[[MilvusClient, float], Got]"
"""What is done with the client in so many seconds at most."""
_FILE = ".db"
_PATIENCE = 12
"""How much longer than a search a write may take, and everything in a file, whose engine is written in Python."""
_FIRST_TOUCH = threading.RLock()
"""Milvus Lite opens a file, and a collection of it, twice where two threads do so first at one moment.

One of the two then fails, or finds a collection that nobody has loaded, so in one process they take turns.
"""


@dataclass(frozen=True, slots=True)
class MilvusAt:
    """Where Milvus answers: the address of a server, or a file ending in ``.db`` for Milvus Lite.

    ``seconds`` is the longest time for one search; ``token`` is ``user:password`` where the server asks for it.
    """

    url: str
    seconds: float = 10
    token: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it is Milvus Lite: a file of this computer, which one process at a time may open."""
        return self.url.endswith(_FILE)


class Connection:
    """Opened at the first call, and again after one without an answer."""

    def __init__(self, at: MilvusAt) -> None:
        self.at = at
        self._client: MilvusClient | None = None
        self._loaded: set[str] = set()
        self._opening = _FIRST_TOUCH if at.is_file else threading.RLock()

    def reach(self) -> None:
        """Connect where it is not connected yet; raises StoreError where the server does not answer."""
        self._open()

    def has(self, collection: str) -> bool:
        """Whether there is a collection of this name."""
        if collection in self._loaded:
            return True
        with self._opening:
            return self.write(
                lambda client, seconds: bool(client.has_collection(collection, timeout=seconds))
            )

    def read(self, collection: str, call: Call[Got]) -> Got:
        """Do what a person waits for, with a collection that is loaded first."""
        if collection not in self._loaded:
            with self._opening:
                self.write(lambda client, seconds: client.load_collection(collection, timeout=seconds))
                self._loaded.add(collection)
        return self._call(call, self.at.seconds * (_PATIENCE if self.at.is_file else 1))

    def write(self, call: Call[Got]) -> Got:
        """Do anything else."""
        return self._call(call, self.at.seconds * _PATIENCE)

    def drop(self, collection: str) -> None:
        """Remove a collection, where it is there."""
        self._loaded.discard(collection)
        self.write(lambda client, seconds: client.drop_collection(collection, timeout=seconds))

    def flush(self, collection: str) -> None:
        """Write a collection to the disk and index it."""
        self.write(lambda client, seconds: client.flush(collection, timeout=seconds))

    def close(self) -> None:
        """Let go of the line."""
        with self._opening:
            if self._client is not None:
                self._client.close()
            self._client = None
            self._loaded.clear()

    def _call(self, call: Call[Got], seconds: float) -> Got:
        client = self._open()
        from pymilvus.exceptions import MilvusException

        try:
            return call(client, seconds)
        except MilvusException as error:
            self._loaded.clear()  # a server that was started again has loaded nothing
            raise self._failed(error) from error

    def _open(self) -> MilvusClient:
        with self._opening:
            if self._client is None:
                try:
                    from pymilvus import MilvusClient
                    from pymilvus.exceptions import MilvusException

                    if self.at.is_file:
                        import milvus_lite  # noqa: F401 - an extra of its own, without which the next line says nothing
                except ImportError as error:
                    raise StoreError(
                        f"Searching with Milvus ({self.at.url}) needs packages that are not installed ({error}). "
                        "Run: pip install 'hoidap[milvus]'",
                        code="engine",
                    ) from error
                for name in (
                    "pymilvus",
                    "milvus_lite",
                    "grpc._server",
                ):  # they print each error that is told here
                    logging.getLogger(name).setLevel(logging.CRITICAL + 1)
                try:
                    self._client = MilvusClient(
                        self.at.url, token=self.at.token, timeout=_PATIENCE * self.at.seconds
                    )
                except MilvusException as error:
                    raise self._failed(error) from error
            return self._client

    def _failed(self, error: Exception) -> StoreError:
        reason = str(getattr(error, "message", "") or error).splitlines()[0][:200]
        remedy = (
            "Close the other program that has it open, or name another file"
            if self.at.is_file
            else "See that it runs and can be reached"
        )
        return StoreError(
            f"The search engine Milvus at {self.at.url} does not do its work ({reason}). {remedy} ([store] url in the "
            "configuration); no article is lost, and it is brought up to date when it answers again.",
            code="engine",
        )
