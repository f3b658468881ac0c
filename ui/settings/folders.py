"""The folders of this computer, for choosing those with the articles."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from index.errors import ArticleError
from index.ingest.list_folder import suffix_of
from index.ingest.read_files import SUFFIXES

_MOST = 200
_MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class FolderView:
    """One folder with those in it; ``documents`` counts the files right in it that can be read."""

    path: Path
    inside: tuple[Path, ...]
    documents: int

    @property
    def parent(self) -> Path | None:
        """The folder around it, ``None`` at the top."""
        return None if self.path.parent == self.path else self.path.parent


def look_into(typed: str) -> FolderView:
    """Look into a folder of this computer, the user's own for an empty text.

    Raises ArticleError where there is none, or it cannot be listed.
    """
    path = Path(typed or "~").expanduser()
    if not path.is_absolute() or "\0" in typed or not path.is_dir():
        raise ArticleError(f"{typed} is not a folder; check its path.", code="folder")
    inside: list[Path] = []
    documents = 0
    try:
        with os.scandir(path) as entries:
            for count, entry in enumerate(entries):
                if entry.name.startswith(".") or count >= _MOST_ENTRIES:
                    continue
                if entry.is_dir():
                    inside.append(Path(entry.path))
                else:
                    documents += suffix_of(entry.name) in SUFFIXES
    except OSError as error:
        raise ArticleError(
            f"{path} cannot be listed ({error.strerror}); check its permissions.", code="folder"
        ) from error
    return FolderView(path, tuple(sorted(inside, key=lambda child: child.name.lower())[:_MOST]), documents)
