"""What a command writes to the terminal: results to standard output, everything else to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from index.platform import replace


@contextmanager
def progress_bar(**shown: Any) -> Iterator[Callable[[int, int], None]]:  # noqa: ANN401 (whatever tqdm takes)
    """Show how much is done, where a terminal is; ``shown`` are tqdm's own options."""
    from tqdm import tqdm

    with tqdm(**shown, disable=None, leave=False) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance


@contextmanager
def draft_line() -> Iterator[Callable[[str], None]]:
    """Show the end of what is being written, in one line that is gone afterwards; nothing where no terminal is."""
    from tqdm import tqdm

    with tqdm(bar_format="{desc}", leave=False, disable=None) as bar:

        def show(text: str) -> None:
            room = get_terminal_size().columns - 2
            line = " ".join(text.split())
            bar.set_description_str(line if len(line) <= room else f"…{line[1 - room :]}")

        yield show


@contextmanager
def lines_out(path: Path | None) -> Iterator[Any]:
    """Write JSON lines to a file, which appears whole or not at all, or to the terminal."""
    if path is None:
        yield print_json
        return
    staging = path.with_name(path.name + ".partial")
    with staging.open("w", encoding="utf-8") as file:

        def write(row: object) -> None:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()

        yield write
    replace(staging, path)


def print_line(text: str) -> None:
    """Write a line of a result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def print_json(value: object) -> None:
    """Write a result as one line of JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """Tell the person at the terminal something that is no result."""
    sys.stderr.write(f"hoidap: {text}\n")
