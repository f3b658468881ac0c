"""What people chose and no folder of articles can give again when a store is emptied."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import StoreError
from index.store.database.database import Database
from index.store.database.records import LeftOut


@dataclass(frozen=True, slots=True)
class Choices:
    """How the folders are called in sources, and which articles were taken out of them."""

    folders: Mapping[str, Path] = field(default_factory=dict)
    taken_out: Sequence[LeftOut] = ()

    def note(self, database: Database) -> None:
        """Write them into a database without articles."""
        if self.folders:
            database.note_folders(self.folders)
        database.pass_over(self.taken_out)


def choices_of(open_database: Callable[[], Database]) -> Choices:
    """Read the choices of a store; of a damaged one as much as can be read."""
    kept = Choices()
    with suppress(StoreError, sqlite3.Error, ValueError), closing(open_database()) as database:
        kept = Choices(folders=database.folders)
        kept = replace(kept, taken_out=database.left_out())
    return kept
