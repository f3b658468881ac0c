"""The search files of a store: vectors and lexical lists, derived from its database and proved by hash.

A snapshot is one folder, written whole and then moved into place, named after the generation of the
database that it was made from.  Its manifest tells what it is and the SHA-256 of each file; a file whose
hash differs is refused before anything parses it.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError
from index.fingerprint import sha256
from index.lexical import LexicalIndex
from index.platform import flush_to_disk, replace
from index.vectors import VectorIndex

FORMAT = 1
_VECTORS = "vectors.faiss"
_CHUNKS = "chunks.npy"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is searched: the n chunk numbers in ascending order, their vectors and their terms, by position."""

    generation: int
    chunks: NDArray[np.int64]
    vectors: VectorIndex
    lexical: LexicalIndex

    def save(self, folder: Path, encoder: str) -> Path:
        """Write the snapshot into ``folder`` under its generation and remove the older ones."""
        final = folder / f"{self.generation:08d}"
        staging = folder / f"{self.generation:08d}.partial"
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        self.vectors.save(staging / _VECTORS)
        np.save(staging / _CHUNKS, self.chunks, allow_pickle=False)
        self.lexical.save(staging)
        manifest = {
            "format": FORMAT,
            "generation": self.generation,
            "encoder": encoder,
            "dimension": self.vectors.dimension,
            "chunks": len(self.chunks),
            "files": {path.name: sha256(path) for path in sorted(staging.iterdir())},
        }
        (staging / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        for path in staging.iterdir():
            flush_to_disk(path)
        if final.exists():  # moved, not emptied: when killed here, no half of it is taken for the whole
            shutil.rmtree(final.with_suffix(".old"), ignore_errors=True)
            replace(final, final.with_suffix(".old"))
        replace(staging, final)
        for other in folder.iterdir():
            if other != final:
                shutil.rmtree(other, ignore_errors=True)
        return final

    @staticmethod
    def load(folder: Path, generation: int, encoder: str) -> Snapshot:
        """Read the snapshot of ``generation``.

        Raises FileNotFoundError where there is none, and StoreError where it is damaged or foreign.
        """
        place = folder / f"{generation:08d}"
        manifest = read_manifest(place)
        if (manifest.get("format"), manifest.get("generation"), manifest.get("encoder")) != (
            FORMAT,
            generation,
            encoder,
        ):
            raise StoreError(f"The search files in {place} belong to another store. {REMEDY}")
        damaged = damaged_files(place, manifest)
        if damaged:
            raise StoreError(f"Damaged search files in {place}: {', '.join(damaged)}. {REMEDY}")
        try:
            return Snapshot(
                generation,
                np.load(place / _CHUNKS, allow_pickle=False),
                VectorIndex.load(place / _VECTORS),
                LexicalIndex.load(place),
            )
        except RuntimeError as error:  # so FAISS says that a file is gone, or that there is no memory for it
            raise StoreError(f"The search files in {place} cannot be read ({error}). {REMEDY}") from error


REMEDY = "Run 'hoidap verify --repair' to build them again from the database."


def latest_generation(folder: Path) -> int | None:
    """Tell the newest generation that has a snapshot."""
    names = [path.name for path in folder.iterdir() if path.name.isdecimal()] if folder.is_dir() else []
    return max(map(int, names), default=None)


def read_manifest(place: Path) -> dict[str, object]:
    """Read a snapshot's manifest; raises StoreError where it is not one, FileNotFoundError where none is."""
    try:
        manifest = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise StoreError(f"The manifest in {place} is damaged. {REMEDY}")
    return manifest


def damaged_files(place: Path, manifest: dict[str, object]) -> list[str]:
    """Name the files that are missing, not in the manifest, or whose hash differs."""
    expected = manifest["files"]
    assert isinstance(expected, dict)
    present = {path.name for path in place.iterdir()} - {_MANIFEST}
    return sorted(
        name
        for name in present | set(expected)
        if name not in present or name not in expected or sha256(place / name) != expected[name]
    )
