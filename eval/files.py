"""The files of the evaluation: where its sets and results lie, and how rows and results are read and written."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from eval.errors import QuestionError, RunError
from eval.provenance import machine, now, revision
from index.platform import write_atomic

T = TypeVar("T")

HERE = Path(__file__).parent
ROOT = HERE.parent
QUESTIONS, CORPUS = HERE / "questions.jsonl", HERE / "corpus"
NEW_QUESTIONS, NEW_CORPUS = HERE / "questions-new.jsonl", HERE / "corpus-new"

RESULTS = Path(".hoidap", "eval")
"""Default folder of results, below the folder in which the command runs."""

KEPT = Path("eval", "results")
"""Where results are kept for the documents and the gate, from the root of the checkout."""


def to_json(value: object) -> bytes:
    """A value as indented JSON with an end of line; what is not a number becomes null."""
    return TypeAdapter(type(value)).dump_json(value, indent=1) + b"\n"


def read_lines(path: Path, limit: int | None = None) -> Iterator[str]:
    """The lines of a file of JSON lines, packed by gzip or not; raises QuestionError where it cannot be read."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as file:
            yield from (line.rstrip("\n") for line in islice(file, limit))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise QuestionError(f"{path} cannot be read as JSON lines: {error}.") from error


def read_rows(path: Path, kind: type[T]) -> Iterator[T]:
    """The rows of a file of JSON lines as values of a type; raises QuestionError naming the line that is none."""
    made = TypeAdapter(kind)
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            try:
                yield made.validate_json(line)
            except ValidationError as error:
                what = f"{path}, line {number} is no {kind.__name__.lower()}"
                raise QuestionError(f"{what}: {first_fault(error)}.") from error


def first_fault(error: ValidationError) -> str:
    """The first thing that is wrong with a value, and where in it."""
    fault = error.errors()[0]
    return ": ".join(filter(None, (".".join(map(str, fault["loc"])), fault["msg"])))


def read_json(path: Path) -> object:
    """A file of JSON, whatever it holds; raises QuestionError where it cannot be read."""
    try:
        return TypeAdapter(object).validate_json(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (OSError, ValueError) as error:
        raise QuestionError(f"{path} cannot be read as JSON: {error}.") from error


def write_result(result: object, path: Path) -> None:
    """Write a result as indented JSON, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, to_json(result))


def write_measurement(path: Path | None, **measured: object) -> None:
    """Write what was measured and where it comes from, if a file is named."""
    if path is not None:
        write_result({"created": now(), "revision": revision(), "machine": machine(), **measured}, path)


def read_result(path: Path, kind: type[T]) -> T:
    """Read a result of this kind; raises RunError when it is none."""
    try:
        return TypeAdapter(kind).validate_json(path.read_bytes())
    except OSError as error:
        reason = f"{path} cannot be read ({error.strerror}); name a result of 'hoidap eval'."
        raise RunError(reason) from error
    except ValueError as error:
        reason = f"{path.name} is no result of this version of 'hoidap eval'; run the evaluation again."
        raise RunError(reason) from error


def newest(pattern: str, remedy: str) -> Path:
    """The newest file of the results; raises RunError with the remedy where there is none."""
    found = sorted(RESULTS.glob(pattern))
    if not found:
        raise RunError(f"{RESULTS} holds no {pattern} file. {remedy}")
    return found[-1]
