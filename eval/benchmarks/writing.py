"""Measure the language model at its task, apart from the rest: ``python -m eval.benchmarks.writing DATA [DATA …]``.

The dev rows of the training data are asked as the product asks, with hints as in training.  Written answers are right
when they hold the short answer's words and numbers (``[0]`` where the sentences do not tell).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.models.catalogue import find, load_catalogue
from index.models.fingerprint import sha256
from index.text.normalise import fold
from rag.assemble import open_model_cache
from rag.config import read_config
from rag.training.data import TrainingData, read_training_data
from rag.training.lessons import Lesson, LessonMaker
from rag.writer.generator import Message, Piece, Prompt
from rag.writer.llama import LlamaGenerator
from rag.writer.llama_engine import Adapter
from rag.writer.repair import repair
from rag.writer.tasks import NOT_TOLD, parse_reply

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_MOST_TOKENS = 160
_SECONDS = 600.0
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A question with its sentences, what should have been said and what was; ``seconds`` for the whole reply."""

    prompt: str
    expected: str
    reply: str
    repaired: str
    right: bool
    marks_right: bool
    seconds: float


def is_right(expected: str, reply: str) -> bool:
    """Whether a reply tells what the expected one does: its short answer, or that nothing is told."""
    lines = parse_reply(reply)
    if expected == NOT_TOLD or not lines:
        return expected == NOT_TOLD and not lines
    said = fold(" ".join(line.text for line in lines))
    wanted = " ".join(_BOLD.findall(expected)) or " ".join(line.text for line in parse_reply(expected))
    numbers = set(_NUMBER.findall(wanted)) <= set(_NUMBER.findall(said))
    least = 0.7 if "**" in expected else 0.5
    return numbers and kept_share(wanted, said) >= least


def kept_share(expected: str, said: str) -> float:
    """The share of the words of ``expected``, without their accents, that ``said`` has too."""
    words = set(re.findall(r"\w+", fold(expected)))
    return len(words & set(re.findall(r"\w+", fold(said)))) / len(words) if words else 1.0


def measure_writing(generator: LlamaGenerator, data: TrainingData, count: int) -> list[WrittenRow]:
    """Ask dev questions, the first of each group of lessons."""
    rows = []
    for lesson in _first_lessons(LessonMaker(data, 1, "dev").groups(), count):
        begun = time.monotonic()
        reply = _written(generator, lesson.messages)
        user = lesson.messages[1].text
        repaired = repair(reply, user.splitlines()[:-1], user.splitlines()[-1])
        marks = [line.marks for line in parse_reply(lesson.reply)] == [
            line.marks for line in parse_reply(reply)
        ]
        right = is_right(lesson.reply, repaired)
        rows.append(WrittenRow(user, lesson.reply, reply, repaired, right, marks, time.monotonic() - begun))
    return rows


def summary(written: Sequence[WrittenRow]) -> dict[str, float | None]:
    """Shares of the rows, ``None`` where there are none."""
    told = [row for row in written if row.expected != NOT_TOLD]
    silent = [row for row in written if row.expected == NOT_TOLD]
    return {
        "right where told": _share(told, lambda row: row.right),
        "refused where told": _share(told, lambda row: not parse_reply(row.reply)),
        "marks right where told": _share(told, lambda row: row.marks_right),
        "refused where not told": _share(silent, lambda row: row.right),
        "changed by repair": _share(written, lambda row: row.repaired != row.reply),
        "seconds, median": float(np.median([row.seconds for row in written])) if written else None,
    }


def _first_lessons(groups: Iterator[list[Lesson]], count: int) -> Iterator[Lesson]:
    for _ in range(count):
        yield next(groups)[0]


def _written(generator: LlamaGenerator, messages: tuple[Message, ...]) -> str:
    events = generator.generate(
        Prompt(messages), max_tokens=_MOST_TOKENS, stop=threading.Event(), seconds=_SECONDS
    )
    return "".join(event.text for event in events if isinstance(event, Piece)).strip()


def _share(rows: Sequence[_Row], holds: Callable[[_Row], bool]) -> float | None:
    return sum(map(holds, rows)) / len(rows) if rows else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, print the shares and write the rows."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.writing", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("data", type=Path, nargs="+", metavar="DATA", help="folders of training data")
    parser.add_argument("--model", default="qwen2.5-coder-0.5b-instruct-q4_k_m", metavar="ID")
    parser.add_argument("--adapter", type=Path, metavar="FILE", help="an adapter for it, none where left out")
    parser.add_argument("--limit", type=int, default=60, metavar="N")
    parser.add_argument("--threads", type=int, metavar="N")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the rows as JSON")
    args = parser.parse_args(arguments)
    config, data = read_config(None), read_training_data(args.data)
    entry = find(load_catalogue(), args.model)
    adapter = Adapter(args.adapter, entry.files[0].sha256) if args.adapter else None
    path = open_model_cache(config).path(entry)
    generator = LlamaGenerator(path, entry.name, config.llm.context_tokens, args.threads, adapter=adapter)
    written = measure_writing(generator, data, args.limit)
    generator.close()
    shares = summary(written)
    for name, value in shares.items():
        sys.stdout.write(f"{name:45} {'–' if value is None else f'{value:.3f}'}\n")
    if args.out:
        found = {
            "model": entry.name,
            "adapter": sha256(args.adapter) if args.adapter else None,
            "summary": shares,
            "written": [asdict(row) for row in written],
        }
        args.out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
