"""The sources that a person names, as the store names them."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from index.errors import StoreError
from index.folders import join_folders
from index.store.database.database import Database


def known_source(database: Database, named: str) -> str:
    """Give the source that a person means: ``./2018``, an absolute path, or a name as macOS writes it.

    Raises StoreError where no article comes from it.
    """
    name = unicodedata.normalize("NFC", named.strip().replace("\\", "/"))
    tried = [name.rstrip("/"), os.path.normpath(name).replace("\\", "/")]
    folders = database.folders
    if Path(name).is_absolute():
        for path in (Path(name), Path(named).resolve()):
            tried += [
                f"{prefix}{path.relative_to(folder).as_posix()}".removesuffix("/.")
                for prefix, folder in folders.items()
                if path.is_relative_to(folder)
            ]
    for source in tried:
        if source in ("", "."):
            continue
        if database.holds_source(source):
            return source
    raise StoreError(
        f"No article comes from {named!r}; name a file or folder as 'hoidap search' shows it, "
        f"relative to {join_folders([*folders.values()])}."
    )
