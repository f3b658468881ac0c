"""Which database a store folder belongs to: the file in it, or a server that the configuration names.

The folder keeps the address, so that whoever opens it finds its articles; the search files of this computer lie beside.
"""

from __future__ import annotations

from pathlib import Path

from index.errors import StoreError
from index.platform import write_atomic

DATABASE = "store.sqlite3"
_ADDRESS = "database.url"


def bind(directory: Path, url: str | None) -> None:
    """Let a store folder belong to the server at ``url``, or to no server.

    Raises StoreError where the folder holds articles of its own already, which would be out of sight.
    """
    if url == bound_to(directory):
        return
    place = directory / _ADDRESS
    if url is None:
        place.unlink()
        return
    if (directory / DATABASE).exists():
        raise StoreError(
            f"The store in {directory} has a database of its own. Choose another folder with --store for the server's, "
            "and bring the articles there with 'hoidap store copy'."
        )
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_atomic(place, url.encode(), mode=0o600)


def bound_to(directory: Path) -> str | None:
    """The address of the server that a store folder belongs to; ``None`` for a folder with a file of its own."""
    try:
        return (directory / _ADDRESS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
