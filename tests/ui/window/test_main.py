"""What the window keeps lies where only its user reads it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ui.window.main import private_folder


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_what_is_kept_lies_in_a_folder_of_its_user_and_older_conversations_move_there(tmp_path: Path) -> None:
    (tmp_path / "window").mkdir(mode=0o755)
    (tmp_path / "conversations.sqlite3").write_bytes(b"before")
    folder = private_folder(tmp_path)
    assert folder == tmp_path / "window" and folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "conversations.sqlite3").read_bytes() == b"before"
    (tmp_path / "conversations.sqlite3").write_bytes(b"of a version that was used once more")
    assert (private_folder(tmp_path) / "conversations.sqlite3").read_bytes() == b"before"
