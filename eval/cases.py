"""Questions with a free wording of what is right: all are asked, graded by words and numbers, and kept to be read.

``python -m eval.cases FOLDER --store STORE`` takes every ``questions.jsonl`` below a folder, a row ``question``,
``follows``, ``kind`` and ``right``: "44,2 triệu đồng", "không (chỉ thứ hai)", "không có bài nào (refuse)".  What is
beside the point stands in brackets.  The grade is rough; what matters is to be read by eye in ``--out``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from tqdm import tqdm

from eval.check import content
from eval.errors import EvaluationError, QuestionError
from eval.metrics.answers import holds, opening_verdict
from eval.score import is_marked
from eval.tables import align
from index.errors import IndexingError
from index.text import normalise
from index.values import find_values, same_value
from rag.assistant import Assistant
from rag.errors import AnsweringError
from rag.marks import without_marks
from rag.schema import Turn

Grade: TypeAlias = Literal[
    "right", "refused rightly", "false with a proof mark", "false", "refused wrongly", "by eye"
]
GRADES: tuple[Grade, ...] = (
    "right", "refused rightly", "false with a proof mark", "false", "refused wrongly", "by eye",
)  # fmt: skip

ENOUGH = 0.6
"""The share of the content words of what is right that an answer must hold."""

_REFUSAL = re.compile(
    r"\brefuse\b|từ chối|hỏi lại|không nêu|không biết|không nên trả lời|không có (?:bài|trong|tin|số thật)"
)
_SOCIAL = re.compile(r"chào|đáp lại|giới thiệu|danh sách|^tóm tắt|mơ hồ|chi tiết|^tên bài|xác nhận")
_BRACKETS = re.compile(r"\(([^)]*)\)")
_OTHER_UNIT = re.compile(r"\d[\d.,]*\s?[^\W\d]\w*")
_NEGATION = re.compile(r"\b(?:không|chưa|chẳng)\b", re.IGNORECASE)
_BESIDE = re.compile(r"^[\w ]+[,;]")
_NAME = re.compile(r"[^\W\d_]\w*")


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


def grade(right: str, said: str, *, refused: bool, marked: bool) -> Grade:
    """Compare what was said with what is right."""
    right, said = normalise(right), normalise(without_marks(said))
    if _SOCIAL.search(right) and not find_values(right):
        return "by eye"
    if refused:
        return "refused rightly" if _REFUSAL.search(right) else "refused wrongly"
    told = [part for part in re.split(r"\bhoặc\b", right) if not _REFUSAL.search(part)]
    if any(tells(part, said) for part in told):
        return "right"
    return "false with a proof mark" if marked else "false"


def tells(right: str, said: str) -> bool:
    """Whether an answer holds the yes or no, the values or the names and most words of what is right."""
    main = _BRACKETS.sub("", right).strip()
    if verdict := opening_verdict(f"{main}."):
        opened = opening_verdict(said) or ("no" if _NEGATION.search(said) else None)
        rest = _BESIDE.sub("", main)
        return opened == verdict if opened else _holds(rest, said) if rest != main else verdict == "yes"
    units = [text for text in _BRACKETS.findall(right) if _OTHER_UNIT.fullmatch(text.strip())]
    return _holds(main, said) or (bool(find_values(main)) and any(holds(said, text) for text in units))


def _holds(wanted: str, said: str) -> bool:
    if values := find_values(wanted):
        told = find_values(said)
        return all(
            any(same_value(value, one) for one in told)
            or re.search(rf"(?<![\d.,]){re.escape(wanted[value.start : value.end])}(?!\d|[.,]\d)", said)
            for value in values
        )
    names = {word.lower() for word in _NAME.findall(wanted) if word[0].isupper()}
    words, held = content(wanted), content(said)
    return names & words <= held and len(words & held) >= ENOUGH * len(words)


def ask_all(assistant: Assistant, cases: Sequence[Case]) -> Iterator[Graded]:
    """Ask and grade one after the other."""
    for case in tqdm(cases, unit=" câu", disable=None):
        answer = assistant.answer(case.question, [Turn(earlier) for earlier in case.follows])
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
