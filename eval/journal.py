"""Rows are kept as they come, so that a run that was interrupted goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from eval.errors import RunError
from eval.schema import Question, Row, Run, System

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

RESULTS = Path(".hoidap", "eval")
"""Where results go that are not told otherwise, below the folder in which the command runs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a journal: a row of a system, and the models that made it (empty when it failed)."""

    system: str
    llm: str
    encoder: str
    row: Row


class Journal:
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
        self._append(_adapter(Entry).dump_json(entry))

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
        lines = whole.splitlines()
        try:
            found = json.loads(lines[0]) if lines else None
            if found != identity:
                raise RunError(
                    f"{self._path.name} was started with other questions, another store or other settings; "
                    "leave out --resume to start anew."
                )
            for line in lines[1:]:
                row = json.loads(line)
                if "end" in row:
                    self.ends[row["end"]] = (row["cold"], row["peak"])
                else:
                    self.entries.append(_adapter(Entry).validate_json(line))
        except (ValueError, KeyError) as error:
            raise RunError(f"{self._path.name} is damaged; leave out --resume to start anew.") from error
        if len(whole) < len(data):
            os.truncate(self._path, len(whole))


def write_result(result: object, path: Path) -> None:
    """Write a result as indented JSON, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".tmp")
    unfinished.write_bytes(_adapter(type(result)).dump_json(result, indent=1) + b"\n")
    os.replace(unfinished, path)


def read_result(path: Path, kind: type[T]) -> T:
    """Read a result of this kind; raises RunError when it is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RunError(
            f"{path} cannot be read ({error.strerror}); name a result of 'hoidap eval'."
        ) from error
    try:
        return _adapter(kind).validate_json(data)
    except ValueError as error:
        raise RunError(
            f"{path.name} is no result of this version of 'hoidap eval'; run the evaluation again."
        ) from error


def read_run(path: Path) -> Run:
    """Read what was answered; raises RunError when it is none of ours, or empty."""
    run = read_result(path, Run)
    if not run.systems or not run.systems[0].rows:
        raise RunError(f"{path.name} holds no answers; run the evaluation again.")
    return run


def find_system(run: Run, name: str | None) -> System:
    """A system of a run by its name; without a name the first, which is the assistant."""
    for system in run.systems:
        if name in (None, system.name):
            return system
    raise RunError(
        f"The run has no system {name!r}; it has {', '.join(system.name for system in run.systems)}."
    )


def newest(pattern: str, remedy: str) -> Path:
    """The newest file of the results; raises RunError with the remedy where there is none."""
    found = sorted(RESULTS.glob(pattern))
    if not found:
        raise RunError(f"{RESULTS} holds no {pattern} file. {remedy}")
    return found[-1]


def hash_questions(questions: Sequence[Question]) -> str:
    """SHA-256 of the questions that are asked, whatever file and order of fields they came from."""
    digest = hashlib.sha256()
    for question in questions:
        digest.update(_adapter(Question).dump_json(question) + b"\n")
    return digest.hexdigest()


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
