"""Questions with a free wording of what is right: all are asked, graded by words and numbers, and kept to be read.

``python -m eval.benchmarks.free_answers FOLDER --store STORE`` takes every ``questions.jsonl`` below a folder, a row
``question``, ``follows``, ``kind`` and ``right``: "44,2 triệu đồng", "không (chỉ thứ hai)", "không nêu (refuse)".
What is beside the point stands in brackets.  The grade is rough; what matters is to be read by eye in ``--out``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tqdm import tqdm

from eval.answerers import assistant_of
from eval.command_options import command_parser, print_text, run_command
from eval.errors import QuestionError
from eval.files import read_rows, write_result
from eval.metrics.wording import GRADES, Grade, grade
from eval.report.tables import table_by_kind
from eval.score import is_marked
from rag.assistant import Assistant
from rag.errors import AnsweringError
from rag.schema import Turn


@dataclass(frozen=True, slots=True)
class Case:
    """A question, those before it, and what is right."""

    id: str
    kind: str
    question: str
    right: str
    follows: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """A case with what was said."""

    case: Case
    grade: Grade
    said: str
    manner: str
    probability: float | None
    quotes: tuple[str, ...]


def read_cases(folder: Path) -> list[Case]:
    """The rows of every ``questions.jsonl`` below a folder; raises QuestionError where there are none or a bad one."""
    cases = [case for path in sorted(folder.rglob("questions.jsonl")) for case in read_rows(path, Case)]
    if not cases:
        raise QuestionError(f"There is no questions.jsonl with rows below {folder}; name their folder.")
    return cases


def ask_all(assistant: Assistant, cases: Sequence[Case]) -> Iterator[Graded]:
    """Ask and grade one after the other; an error of one question is left to the eye."""
    for case in tqdm(cases, unit=" câu", disable=None):
        try:
            answer = assistant.answer(case.question, [Turn(earlier) for earlier in case.follows or ()])
        except AnsweringError as error:
            yield Graded(case, "by eye", str(error), "", None, ())
            continue
        mark = grade(case.right, answer.text, refused=answer.refused, marked=is_marked(answer))
        quotes = tuple(citation.quote for citation in answer.citations)
        yield Graded(case, mark, answer.text, answer.manner, answer.confidence, quotes)


def case_table(graded: Sequence[Graded]) -> str:
    """How many of each kind got each grade."""
    columns: dict[str, Callable[[list[Graded]], int]] = {mark: partial(_count, mark) for mark in GRADES}
    return table_by_kind([(answer.case.kind, answer) for answer in graded], {"asked": len, **columns})


def _count(mark: Grade, graded: Sequence[Graded]) -> int:
    return sum(answer.grade == mark for answer in graded)


def _measure(args: argparse.Namespace) -> None:
    cases = read_cases(args.folder)
    graded = list(ask_all(assistant_of(args), cases))
    print_text(case_table(graded))
    if args.out:
        write_result(graded, args.out)


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, print the table and keep the rows; 1 when an error was printed on stderr."""
    store = {"required": True, "help": "store of their articles"}
    parser = command_parser("eval.benchmarks.free_answers", __doc__, "config", "out", store=store)
    parser.add_argument("folder", type=Path)
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
