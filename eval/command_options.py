"""What every command that measures shares: its options, what it prints, and its errors in one sentence."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

from eval.errors import EvaluationError
from eval.files import QUESTIONS, to_json
from index.errors import IndexingError
from rag.errors import AnsweringError

T = TypeVar("T")

SEED = 20261122
ERRORS = (EvaluationError, IndexingError, AnsweringError, OSError)


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def names_option(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """Read names that stand between commas, each of them known; ``all`` is every one."""

    def read(text: str) -> tuple[str, ...]:
        names = tuple(known) if text == "all" else tuple(text.split(","))
        if unknown := sorted(set(names) - set(known)):
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
        return names

    return read


OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "store": {"type": Path, "metavar": "DIR", "help": "store folder"},
    "config": {"type": Path, "metavar": "FILE", "help": "configuration in TOML"},
    "questions": {
        "type": Path, "metavar": "FILE", "default": QUESTIONS,
        "help": "questions as .jsonl, SQuAD .json or .csv (default: the project's own)",
    },
    "limit": {"type": positive, "metavar": "N", "help": "only a sample of N, some of every kind"},
    "seed": {"type": int, "metavar": "N", "default": SEED, "help": "seed of what is drawn (%(default)s)"},
    "out": {"type": Path, "metavar": "RESULT.json", "help": "keep every row, with its origin"},
    "json": {"action": "store_true", "help": "print JSON with every single measurement"},
    "quoted": {"action": "store_true", "help": "without the language model: sentences of the articles alone"},
}  # fmt: skip
"""Options that mean the same in every command."""


def command_parser(
    module: str, doc: str | None, *options: str, **changed: Mapping[str, Any]
) -> argparse.ArgumentParser:
    """The parser of ``python -m MODULE``: ``options`` as in the table, ``changed`` with other words or defaults."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=(doc or "").split("\n\n")[0])
    add_options(parser, *options, **changed)
    return parser


def add_options(parser: argparse.ArgumentParser, *options: str, **changed: Mapping[str, Any]) -> None:
    """Add ``options`` as they stand in the table, and the ``changed`` ones with other words or defaults.

    A parser that leaves alone what stood before it gets no default of its own.
    """
    for name in (*options, *changed):
        words = {**OPTIONS[name], **changed.get(name, {})}
        words["help"] = words["help"].replace(
            "%(default)s", str(words.get("default"))
        )  # shells read it as it is
        if parser.argument_default is argparse.SUPPRESS:
            words.pop("default", None)
        parser.add_argument(f"--{name}", **words)


def run_command(work: Callable[[argparse.Namespace], int | None], args: argparse.Namespace) -> int:
    """Do the work of a command; 1 when it ended with an error, which is printed on stderr."""
    try:
        return work(args) or 0
    except ERRORS as error:
        if getattr(args, "debug", False):
            raise
        sys.stderr.write(f"hoidap: {error}\n")
        return 1


def bar(items: Sequence[T], title: str, *, progress: bool = True, done: int = 0) -> tqdm[T]:
    """Go through items under a bar on the terminal; none where the output is no terminal or ``progress`` is off.

    ``done`` items were gone through before.
    """
    return tqdm(
        items, desc=title, unit=" câu", dynamic_ncols=True, leave=False, disable=None if progress else True,
        total=done + len(items), initial=done,
    )  # fmt: skip


def print_text(text: str) -> None:
    """Write a text as it is."""
    sys.stdout.write(text)


def print_json(value: object) -> None:
    """Write a value as indented JSON; dataclasses become objects."""
    sys.stdout.write(to_json(value).decode())
