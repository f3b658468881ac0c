"""The folders are followed while the window is open, where a person wishes it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from ui.articles.syncing import Syncing


class Watcher:
    """Reads again whenever something in the folders has changed; ``folders`` gives them as they are chosen then."""

    def __init__(self, syncing: Syncing, folders: Callable[[], Sequence[Path]], store_folder: Path) -> None:
        self._syncing = syncing
        self._folders = folders
        self._store_folder = store_folder
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None

    def set(self, on: bool) -> None:
        """Begin, begin anew with other folders, or end."""
        from index.sync.watch import FoldersWatch

        with self._lock:
            if self._stop is not None:
                self._stop.set()
                self._stop = None
            folders = self._folders()
            if not (on and folders):
                return
            self._stop = threading.Event()
            watch = FoldersWatch(folders, self._store_folder)
            arguments = (self._changed, self._stop)
            threading.Thread(target=watch.run, args=arguments, name="follow", daemon=True).start()

    def _changed(self) -> bool:
        """Read; false where a reading runs that may have passed the change already, so that it is looked at again."""
        if self._syncing.running:
            return False
        self._syncing.start()
        return True
