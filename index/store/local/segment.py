"""A part of the search files: some chunks that were stored one after the other, never changed once written.

A segment is a folder of arrays with a manifest of their SHA-256, and its name is the hash of that manifest: who
knows the name can prove every byte.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.models.fingerprint import is_remembered, remember, sha256
from index.platform import flush_to_disk
from index.store.database.records import ChunkRows
from index.store.local.lexical_segment import LexicalSegment
from index.store.local.vectors import VectorSegment

REMEDY = "Run 'hoidap verify --repair' to build the search files again from the database."
_MANIFEST = "manifest.json"
_MAPPED_FROM = 4096
"""Chunks from which the arrays are mapped: every mapped file stays open, and small ones are many."""
_NAME_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Segment:
    """n chunks by ascending number: which article each belongs to, their vectors and their terms."""

    chunks: NDArray[np.int64]
    articles: NDArray[np.int64]
    vectors: VectorSegment
    lexical: LexicalSegment

    @staticmethod
    def build(rows: ChunkRows) -> Segment:
        """Index chunks of the database, no more than a segment holds."""
        return Segment(
            rows.numbers, rows.articles, VectorSegment.build(rows.vectors), LexicalSegment.build(rows.terms)
        )

    @staticmethod
    def merge(segments: Sequence[Segment], removed: NDArray[np.int64]) -> Segment:
        """Make one of several that follow each other, without the ``removed`` chunks (sorted)."""
        kept = [~holds(removed, segment.chunks) for segment in segments]
        pairs = list(zip(segments, kept, strict=True))
        return Segment(
            np.concatenate([segment.chunks[keep] for segment, keep in pairs]),
            np.concatenate([segment.articles[keep] for segment, keep in pairs]),
            VectorSegment.build(np.concatenate([segment.vectors.vectors[keep] for segment, keep in pairs])),
            LexicalSegment.merge([(segment.lexical, keep) for segment, keep in pairs]),
        )

    def write(self, folder: Path) -> str:
        """Write everything into an empty folder, and give the name that the folder is to have."""
        for name, array in self._arrays():
            _save(folder / f"{name}.npy", array)
        files = {path.name: sha256(path) for path in sorted(folder.iterdir())}
        manifest = json.dumps({"chunks": len(self.chunks), "files": files}, indent=1)
        (folder / _MANIFEST).write_text(manifest, encoding="utf-8", newline="\n")
        for path in folder.iterdir():
            flush_to_disk(path)
        return _name(manifest.encode())

    @staticmethod
    def read(folder: Path, *, anew: bool = False) -> Segment:
        """Map the files of ``write``, whose bytes are proved first: once, as long as no file is touched, or ``anew``.

        Raises StoreError where they are not those that the folder's name promises, FileNotFoundError without them.
        """
        manifest = (folder / _MANIFEST).read_bytes()
        if _name(manifest) != folder.name:
            raise StoreError(f"The manifest in {folder} is damaged. {REMEDY}")
        content = json.loads(manifest)
        damaged = [
            name for name, digest in content["files"].items() if not _is_whole(folder / name, digest, anew)
        ]
        if damaged:
            raise StoreError(f"Damaged search files in {folder}: {', '.join(sorted(damaged))}. {REMEDY}")
        mode: Literal["r"] | None = "r" if content["chunks"] >= _MAPPED_FROM else None
        arrays = {
            # Plain arrays over the mapped files: slicing a memmap costs more than reading it.
            Path(name).stem: np.asarray(np.load(folder / name, mmap_mode=mode, allow_pickle=False))
            for name in content["files"]
        }
        vectors = VectorSegment(*(arrays.pop(name) for name in VectorSegment.__slots__))
        return Segment(arrays.pop("chunks"), arrays.pop("articles"), vectors, LexicalSegment.of(arrays))

    def _arrays(self) -> Iterator[tuple[str, NDArray[np.generic]]]:
        yield "chunks", self.chunks
        yield "articles", self.articles
        for name in VectorSegment.__slots__:
            yield name, getattr(self.vectors, name)
        yield from self.lexical.arrays().items()


def _save(path: Path, array: NDArray[np.generic]) -> None:
    """Write an array; NumPy tells of a write that was cut short in numbers of its own, without the system's word."""
    try:
        np.save(path, array, allow_pickle=False)
    except OSError as error:
        if error.errno is not None:
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error


def holds(numbers: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell for each of the ``wanted`` whether it is among the sorted ``numbers``."""
    places = np.searchsorted(numbers, wanted)
    inside = places < len(numbers)
    held = np.zeros(len(wanted), dtype=bool)
    held[inside] = numbers[places[inside]] == wanted[inside]
    return held


def _is_whole(path: Path, digest: str, anew: bool) -> bool:
    """Whether a file has this hash, which is noted: reading gigabytes before the first search would take seconds."""
    if not anew and is_remembered(path, digest):
        return True
    if sha256(path) != digest:
        return False
    with suppress(OSError):  # where nothing can be written it is proved each time
        remember(path, digest)
    return True


def _name(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()[:_NAME_LENGTH]
