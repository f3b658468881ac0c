"""Notice that the files of folders have changed.

The system's notifications only say when to look: what counts is the size and the times of the documents.  The
folder is looked at now and then without being notified too, since network disks notify of nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from index.errors import ArticleError
from index.ingest.read_files import find_files

QUIET_SECONDS = 1.0
"""How long nothing must have changed, so that a burst is one change and a file has been written whole."""
BURST_SECONDS = 10.0
"""How long a burst may last before what has come so far is taken."""
RESCAN_SECONDS = 60.0
"""How often the folder is scanned without a notification; 10,000 files take half a second."""
_WAKE_SECONDS = 2.0
_POLL_SECONDS = 5.0


class FoldersWatch:
    """Tells when the documents of any of several folders look otherwise than when it was made."""

    def __init__(self, folders: Sequence[Path], left_out: Path) -> None:
        self._watches = [FolderWatch(folder, left_out) for folder in folders]

    def run(self, on_change: Callable[[], bool], stop: threading.Event) -> None:
        """Call ``on_change``, never twice at a time, until ``stop`` is set or this is interrupted."""
        turn = threading.Lock()

        def in_turn() -> bool:
            with turn:
                return on_change()

        for watch in self._watches[1:]:
            threading.Thread(target=watch.run, args=(in_turn, stop), name="watch", daemon=True).start()
        try:
            self._watches[0].run(in_turn, stop)
        finally:
            stop.set()


class FolderWatch:
    """Knows how the documents of a folder looked when it was made, and tells when they look otherwise.

    ``left_out`` is a folder whose changes do not count.
    """

    def __init__(self, folder: Path, left_out: Path, rescan_seconds: float = RESCAN_SECONDS) -> None:
        self._root, self._left_out = folder.resolve(), left_out.resolve()
        self._rescan_seconds = rescan_seconds
        self._seen: object = self._times()
        self._scanned = time.monotonic()

    def run(self, on_change: Callable[[], bool], stop: threading.Event) -> None:
        """Call ``on_change`` whenever documents have changed, until ``stop`` is set.

        Where it returns false, it is called again at the next scan though nothing has changed.  A folder that
        is away is awaited.
        """
        polling: bool | None = None
        while not stop.is_set():
            try:
                self._follow(on_change, stop, polling)
            except FileNotFoundError:
                stop.wait(self._pause)
            except OSError:  # the system has no notifications to give, or no more of them
                polling = True
                stop.wait(self._pause)

    def _follow(self, on_change: Callable[[], bool], stop: threading.Event, polling: bool | None) -> None:
        """Look when the system notifies of a change; ends when another folder stands in the place of this one."""
        from watchfiles import watch

        self._scan(on_change)
        here = self._root.stat()
        begun = False
        for changes in watch(
            self._root,
            watch_filter=lambda _, path: self._concerns(Path(path)),
            step=int(QUIET_SECONDS * 1000),
            debounce=int(BURST_SECONDS * 1000),
            rust_timeout=int(min(_WAKE_SECONDS, self._rescan_seconds) * 1000),
            yield_on_timeout=True,
            stop_event=stop,
            force_polling=polling,
            poll_delay_ms=int(_POLL_SECONDS * 1000),
            ignore_permission_denied=True,
        ):
            if stop.is_set():
                return
            # The first time there may have been changes before the notifications began.
            if changes or not begun or time.monotonic() - self._scanned >= self._rescan_seconds:
                self._scan(on_change)
            begun = True
            now = self._root.stat()
            if (now.st_dev, now.st_ino) != (here.st_dev, here.st_ino):
                return

    @property
    def _pause(self) -> float:
        return min(self._rescan_seconds, _POLL_SECONDS)

    def _scan(self, on_change: Callable[[], bool]) -> None:
        seen = self._times()
        if seen != self._seen:
            self._seen = seen if on_change() else None
        self._scanned = time.monotonic()

    def _concerns(self, path: Path) -> bool:
        """Tell whether a path may be, or hold, a document of the folder."""
        if not path.is_relative_to(self._root) or path.is_relative_to(self._left_out):
            return False
        return not any(part.startswith((".", "~$")) for part in path.relative_to(self._root).parts)

    def _times(self) -> object:
        """Give size and times of every document, or why they cannot be read."""
        try:
            files = find_files(self._root)
        except (ArticleError, OSError) as error:
            return str(error)
        times = {}
        for file in files:
            if not file.path.is_relative_to(self._left_out):
                with suppress(FileNotFoundError):
                    stat = file.path.stat()
                    times[file.source] = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        return times
