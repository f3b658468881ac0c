"""Rows are kept as they come, so that a run that was interrupted goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from eval.errors import RunError
from eval.schema import Question, Row


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a checkpoint: a row of a system, and the models that made it (empty when it failed)."""

    system: str
    llm: str
    encoder: str
    row: Row


_ENTRY, _QUESTION = TypeAdapter(Entry), TypeAdapter(Question)


class Checkpoint:
    """A file of JSON lines beside the result: what was asked of whom, then each row and each system's end.

    ``identity`` is what must be equal for a run to be continued, as JSON has it.  A last line cut short by a
    crash is dropped.  Raises RunError when the file to be continued belongs to another run.
    """

    def __init__(self, path: Path, identity: Mapping[str, Any], *, resume: bool) -> None:
        self._path = path
        self.entries: list[Entry] = []
        self.ends: dict[str, tuple[float | None, int | None]] = {}
        if resume and path.exists():
            self._read(identity)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(identity, ensure_ascii=False) + "\n", encoding="utf-8")

    def add(self, entry: Entry) -> None:
        """Keep a row."""
        self.entries.append(entry)
        self._append(_ENTRY.dump_json(entry))

    def close(self, system: str, seconds_cold: float | None, peak_bytes: int | None) -> None:
        """Keep what is known once a system has answered everything."""
        self.ends[system] = (seconds_cold, peak_bytes)
        self._append(json.dumps({"end": system, "cold": seconds_cold, "peak": peak_bytes}).encode())

    def rows(self, system: str) -> dict[str, Entry]:
        """The kept rows of a system, by the question's id."""
        return {entry.row.question.id: entry for entry in self.entries if entry.system == system}

    def _append(self, line: bytes) -> None:
        with self._path.open("ab") as file:
            file.write(line + b"\n")

    def _read(self, identity: Mapping[str, Any]) -> None:
        data = self._path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        first, *lines = whole.splitlines() or [b"null"]
        name, remedy = self._path.name, "leave out --resume to start anew."
        try:
            if json.loads(first) != identity:
                raise RunError(
                    f"{name} was started with other questions, another store or other settings; {remedy}"
                )
            for line in lines:
                row = json.loads(line)
                if "end" in row:
                    self.ends[row["end"]] = (row["cold"], row["peak"])
                else:
                    self.entries.append(_ENTRY.validate_json(line))
        except (ValueError, KeyError) as error:
            raise RunError(f"{name} is damaged; {remedy}") from error
        os.truncate(self._path, len(whole))


def hash_questions(questions: Sequence[Question]) -> str:
    """SHA-256 of the questions that are asked, whatever file and order of fields they came from."""
    return hashlib.sha256(
        b"".join(_QUESTION.dump_json(question) + b"\n" for question in questions)
    ).hexdigest()
