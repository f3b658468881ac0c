"""A file's SHA-256, computed, or remembered beside it for as long as the file stays as it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.platform import write_atomic


def sha256(path: Path) -> str:
    """Hash the whole file."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def remember(path: Path, digest: str) -> None:
    """Note that the file, as large and as old as it is now, has this hash."""
    write_atomic(path.with_name(f"{path.name}.verified"), _note(path, digest).encode())


def is_remembered(path: Path, digest: str) -> bool:
    """Whether the file is here and has not been touched since this hash was noted."""
    note = path.with_name(f"{path.name}.verified")
    return path.is_file() and note.is_file() and note.read_text(encoding="ascii") == _note(path, digest)


def _note(path: Path, digest: str) -> str:
    about = path.stat()
    return f"{digest} {about.st_size} {about.st_mtime_ns}\n"
