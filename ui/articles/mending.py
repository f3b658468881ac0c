"""A damaged store is mended from the window: what is wrong is found first, and no more is made anew than that takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from index.encoding.encoder import Encoder
from index.errors import StoreError
from index.folders import check_folders, named_folders
from index.store.store import Store
from index.store.verify import repair, verify_store

Mended: TypeAlias = Literal["whole", "search", "emptied"]
"""Nothing was wrong; the search files were made anew; the store was emptied, and everything is to be read again."""


@dataclass(frozen=True, slots=True)
class Mender:
    """Mends one store with what the window was opened with; ``chosen`` are the folders that are to be read."""

    directory: Path
    encoder: Encoder
    chunk_tokens: int
    open_store: Callable[[], Store]
    chosen: Callable[[], Sequence[Path]]

    def mend(self) -> Mended:
        """Find what is wrong and mend it; raises ArticleError where the folders to read again are not there.

        An emptied store keeps its folders and what a person took out of it, as far as they can still be read.
        """
        faults = self._faults()
        if not faults:
            return "whole"
        if faults == {"search"}:
            with closing(self.open_store()) as store:
                repair(store)
            if not self._faults():
                return "search"
        self._empty()
        return "emptied"

    def _faults(self) -> set[str]:
        try:
            with closing(self.open_store()) as store:
                return {check.name for check in verify_store(store).checks if check.fault is not None}
        except StoreError as error:
            if error.code != "store":  # busy, say: that is no damage
                raise
            return {"database"}

    def _empty(self) -> None:
        folders = self.chosen()
        if folders:  # an unplugged disk must not cost an index
            check_folders(folders, self.directory)
        emptied = Store.clear(self.directory, self.encoder.name, self.encoder.dimension, self.chunk_tokens)
        with closing(emptied) as store, store.writing():
            store.database.note_folders(named_folders(folders, store.database.folders))
