"""Settings of a window for tests: a configuration file of its own, and no model but those put there."""

from __future__ import annotations

from pathlib import Path

from rag.config import read_config
from ui.settings.owner import Owner
from ui.settings.state import Settings


def make_settings(home: Path, *, private: bool = True, empty: bool = False) -> Settings:
    """Settings over ``home/config.toml``; the store was made of ``home/articles`` unless it is empty."""
    path = home / "config.toml"
    (home / "models").mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(
            f'# của phòng\n[models]\nfolder = "{(home / "models").as_posix()}"\n', encoding="utf-8"
        )
    held = () if empty else (home / "articles",)
    sample = home / "sample"
    sample.mkdir(exist_ok=True)
    return Settings(
        started=read_config(path),
        owner=Owner(),
        private=private,
        held=lambda: held,
        is_empty=lambda: empty,
        reopen=lambda: None,
        path=path,
        sample=sample,
    )
