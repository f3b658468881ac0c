"""The window from its first sign of life to its end: its address first, then everything that takes time to load."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.platform import replace, share_one_arena
from rag.config import read_config
from ui.cli.terminal import print_line
from ui.operation.logs import set_up_log
from ui.settings.owner import Opened, Owner, note_opened
from ui.window.access.listen import ListenOptions, address_of
from ui.window.loading_page import opening_page


def private_folder(store_folder: Path) -> Path:
    """Give the folder of what only this user may read, with what older versions kept beside it."""
    folder = store_folder / "window"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name in ("conversations.sqlite3", "conversations.sqlite3-journal"):
        if (store_folder / name).exists() and not (folder / name).exists():
            replace(store_folder / name, folder / name)
    return folder


def open_window(
    path: Path | None,
    store_folder: Path,
    reach: ListenOptions,
    fixed_password: str | None,
    folders: Sequence[Path] = (),
) -> None:
    """Serve the window until it is interrupted; prints its address at once, before anything heavy is loaded.

    ``path`` is the configuration's; ``fixed_password`` goes before the one that stands there.  ``folders`` are read
    while the window is open already, those of before without any.
    """
    share_one_arena()
    config = read_config(path)
    set_up_log(config.log, access=True)
    guarded = bool(fixed_password or config.window.password)
    held = reach.hold(guarded=guarded)
    owner = Owner()
    private = private_folder(store_folder)
    opened = Opened(f"{address_of(held, reach.host)}/", owner.secret)
    note = note_opened(private, opened) if reach.private else None
    print_line(f"Hỏi Đáp: {opened.link() if reach.private else opened.address} (Ctrl+C to stop)")
    try:
        while _serve_once(_Opening(path, store_folder, folders, reach, fixed_password, held, owner, private)):
            pass
    finally:
        if note is not None:
            note.unlink(missing_ok=True)
        held.close()


_LOADING_SECONDS = 60.0
"""How long a window that cannot be opened waits for the models that were being loaded for it."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """What stays the same when the window is opened anew with another configuration."""

    path: Path | None
    store_folder: Path
    folders: Sequence[Path]
    reach: ListenOptions
    fixed_password: str | None
    held: socket.socket
    owner: Owner
    private: Path


def _serve_once(opening: _Opening) -> bool:
    """Put everything together and serve it; true where it is to be opened anew."""
    with opening_page(opening.held):
        from ui.operation.monitoring import Operation
        from ui.window.dependencies import build_parts

        parts = build_parts(opening.path, opening.store_folder, opening.folders)
        operation = Operation(parts.served)
        warming = threading.Thread(target=parts.load, args=(operation.loading,), name="warm-up", daemon=True)
        warming.start()  # before the window's libraries, which take one core for longer than the models take another
        try:
            from ui.window.run import Serving

            serving = Serving(
                parts, operation, opening.private, opening.owner, opening.reach, opening.fixed_password
            )
        except Exception:
            warming.join(_LOADING_SECONDS)  # a program that ends in the midst of loading ends by a signal
            raise
    return serving.run(opening.held)
