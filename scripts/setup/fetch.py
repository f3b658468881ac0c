"""Fetch models and tell how far it is, a line of JSON each time: ``python -m scripts.setup.fetch [MODEL …]``.

It runs in the environment while that is still being filled, so it imports only what is installed first.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence

from index.models.cache import ModelCache, default_root
from index.models.catalogue import ModelEntry, find, load_catalogue
from rag.config import Config, read_config

_TELL_SECONDS = 0.5


def main(names: Sequence[str]) -> int:
    """Fetch the models of the configuration and those that are named, the smallest first."""
    config = read_config()
    cache = ModelCache(config.models.folder or default_root())
    entries = sorted(chosen(config, names), key=lambda entry: entry.size)
    total, before, files = sum(entry.size for entry in entries), 0, []
    for entry in entries:
        weights = cache.fetch(
            entry, config.models.order, _teller(before, total), lambda note: tell(note=note)
        )
        files += [str(weights.with_name(file.name)) for file in entry.files]
        before += entry.size
    tell(files=files)
    return 0


def chosen(config: Config, names: Sequence[str]) -> list[ModelEntry]:
    """The models of the catalogue that the configuration uses, and the named ones."""
    catalogue = load_catalogue()
    used = [config.encoder.model] + ([] if config.llm.servers else [config.llm.model])
    known = {entry.id for entry in catalogue}
    return [
        find(catalogue, name)
        for name in dict.fromkeys([*(model for model in used if model in known), *names])
    ]


def tell(**fields: object) -> None:
    """Write one JSON line to the parent process."""
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _teller(before: int, total: int) -> Callable[[int, int], None]:
    last = 0.0

    def advance(done: int, size: int) -> None:
        nonlocal last
        if done == size or time.monotonic() - last > _TELL_SECONDS:
            last = time.monotonic()
            tell(done=before + done, total=total)

    return advance


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
