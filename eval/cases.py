"""Questions with a free wording of what is right: all are asked, graded by words and numbers, and kept to be read.

``python -m eval.cases FOLDER --store STORE`` takes every ``questions.jsonl`` below a folder, a row ``question``,
``follows``, ``kind`` and ``right``: "44,2 triệu đồng", "không (chỉ thứ hai)", "không có bài nào (refuse)".  What is
beside the point stands in brackets.  The grade is rough; what matters is to be read by eye in ``--out``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tqdm import tqdm

from eval.errors import EvaluationError, QuestionError
from eval.metrics.wording import GRADES, Grade, grade
from eval.report.tables import align
from eval.score import is_marked
from index.errors import IndexingError
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
    follows: tuple[str, ...] = ()


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
    cases = []
    for path in sorted(folder.rglob("questions.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                follows = tuple(row.get("follows") or ())
                cases.append(Case(row["id"], row["kind"], row["question"], row["right"], follows))
            except (ValueError, KeyError, TypeError) as error:
                raise QuestionError(f"{path}, line {number} is no case: {error!r}.") from error
    if not cases:
        raise QuestionError(f"There is no questions.jsonl with rows below {folder}; name their folder.")
    return cases


def ask_all(assistant: Assistant, cases: Sequence[Case]) -> Iterator[Graded]:
    """Ask and grade one after the other; an error of one question is left to the eye."""
    for case in tqdm(cases, unit=" câu", disable=None):
        try:
            answer = assistant.answer(case.question, [Turn(earlier) for earlier in case.follows])
        except AnsweringError as error:
            yield Graded(case, "by eye", str(error), "", None, ())
            continue
        mark = grade(case.right, answer.text, refused=answer.refused, marked=is_marked(answer))
        quotes = tuple(citation.quote for citation in answer.citations)
        yield Graded(case, mark, answer.text, answer.manner, answer.confidence, quotes)


def case_table(graded: Sequence[Graded]) -> str:
    """How many of each kind got each grade."""
    kinds = [*dict.fromkeys(one.case.kind for one in graded), "all"]
    table = [["kind", "asked", *GRADES]]
    for kind in kinds:
        grades = [one.grade for one in graded if kind in ("all", one.case.kind)]
        table.append([kind, str(len(grades)), *(str(grades.count(mark)) for mark in GRADES)])
    return align(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, print the table and keep the rows; 1 when an error was told on stderr."""
    from rag.assemble import open_assistant
    from rag.config import read_config

    parser = argparse.ArgumentParser(prog="python -m eval.cases", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="store of their articles")
    parser.add_argument("--config", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, metavar="ROWS.json", help="keep every answer to be read")
    args = parser.parse_args(arguments)
    try:
        cases = read_cases(args.folder)
        graded = tuple(ask_all(open_assistant(read_config(args.config), args.store), cases))
    except (EvaluationError, IndexingError, AnsweringError, OSError) as error:
        sys.stderr.write(f"hoidap: {error}\n")
        return 1
    sys.stdout.write(case_table(graded))
    if args.out:
        rows = [asdict(one) for one in graded]
        args.out.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
