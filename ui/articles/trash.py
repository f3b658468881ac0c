"""Articles that were taken out of the collection, to be put back also after days."""

from __future__ import annotations

import json
import secrets
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from index.platform import replace, write_atomic


@dataclass(frozen=True, slots=True)
class Removed:
    """An article that was taken out; ``kept`` names its file in the trash if it was added through the window."""

    id: str
    title: str
    file: str
    when: datetime
    kept: str = ""


class Trash:
    """The list of what was taken out, and the files that lie only here, in a folder that only this user reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._list = folder / "removed.json"
        self._lock = threading.Lock()

    def all(self) -> list[Removed]:
        """List what was taken out, the latest first."""
        if not self._list.is_file():
            return []
        kept = json.loads(self._list.read_text(encoding="utf-8"))
        return [Removed(**{**item, "when": datetime.fromisoformat(item["when"])}) for item in kept]

    def put(self, article: str, title: str, file: str, path: Path | None) -> None:
        """Note an article, and take its file in where one is given."""
        kept = ""
        with self._lock:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path is not None and path.is_file():
                kept = secrets.token_hex(16)
                replace(path, self._folder / kept)
            self._write(
                [Removed(article, title, file, datetime.now(timezone.utc), kept), *self._others(article)]
            )

    def take(self, article: str) -> tuple[Removed, Path | None] | None:
        """Give an article back with the file that lies here, ``None`` when it is not in the trash."""
        with self._lock:
            found = next((item for item in self.all() if item.id == article), None)
            if found is None:
                return None
            self._write(self._others(article))
        return found, self._folder / found.kept if found.kept else None

    def _others(self, article: str) -> list[Removed]:
        return [item for item in self.all() if item.id != article]

    def _write(self, items: list[Removed]) -> None:
        rows = [{**asdict(item), "when": item.when.isoformat()} for item in items]
        write_atomic(self._list, json.dumps(rows, ensure_ascii=False).encode(), mode=0o600)
