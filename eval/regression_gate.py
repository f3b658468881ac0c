"""The gate of the tests: a small fixed subset with the real models must do as well as the kept results say.

``python -m eval.regression_gate --store DIR`` (a store of ``eval/corpus``) asks it and compares it with what the
kept results (``hoidap eval keep``) tell of the same questions, and says what has fallen by more than its margin.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from eval.answerers import ASSISTANT, AssistantAnswerer, assistant_of
from eval.benchmarks.retrieval import measure, scores, with_evidence
from eval.command_options import SEED, command_parser, print_text, run_command
from eval.files import KEPT, QUESTIONS, ROOT, read_result
from eval.metrics.intervals import Estimate
from eval.report.records import RetrievalRecord, RowRecord, RunRecord, row_record
from eval.report.tables import align
from eval.run import ask
from eval.schema import UNANSWERABLE, Question
from eval.sets.questions import choose, read_questions
from rag.assistant import Assistant

LIMIT, SEARCHED = 20, 210
"""Questions that are asked and searched."""

MARGINS: Mapping[str, float] = {
    "right": 0.15,  # three of 20: another build of llama.cpp or another processor can turn a word
    "cited": 0.15,  # as above
    "unmarked or right": 0.1,  # two of 20, as above
    "untold refused": 0.35,  # one of the three or four that are not told
    "recall@1, with accents": 0.05,  # a sample of the kept questions; only rounding of the encoder may differ
    "recall@5, with accents": 0.03,
    "recall@1, without accents": 0.05,
    "recall@5, without accents": 0.03,
}
"""How far each measure may fall below what is kept; all are shares, higher is better."""


def of_rows(rows: Sequence[RowRecord]) -> dict[str, float]:
    """The measures of what was answered, but those that are undefined for all rows."""
    sides = {
        "right": [row.stage == "right" for row in rows],
        "cited": [row.cited for row in rows if row.cited is not None],
        "unmarked or right": [not row.marked_wrong for row in rows if row.marked_wrong is not None],
        "untold refused": [row.stage == "right" for row in rows if row.kind in UNANSWERABLE],
    }
    return {name: sum(known) / len(known) for name, known in sides.items() if known}


def of_searches(searched: RetrievalRecord) -> dict[str, float]:
    """The measures of the product's own search."""
    assistant_ways = [way for way in searched.ways if way.way == ASSISTANT]
    return {
        name: value for way in assistant_ways for name, value in _recalls(way.scores, way.accents).items()
    }


def _recalls(found: Mapping[str, Estimate], accents: bool) -> dict[str, float]:
    asked = f"{'with' if accents else 'without'} accents"
    values = {f"{name}, {asked}": found[name].value for name in ("recall@1", "recall@5")}
    return {name: value for name, value in values.items() if value is not None}


def sample(questions: Sequence[Question], expected: RunRecord) -> tuple[Question, ...]:
    """The questions that are asked: some of every kind of those that the kept result holds."""
    known = {row.id for row in expected.systems[0].rows}
    return choose([question for question in questions if question.id in known], limit=LIMIT, seed=SEED)


def fallen(values: Mapping[str, float], expected: Mapping[str, float]) -> list[str]:
    """One sentence for each measure that is below what is kept, less its margin, or was not measured."""
    regressions = []
    for name, before in expected.items():
        least = before - MARGINS[name]
        if name not in values:
            regressions.append(f"{name} was not measured.")
        elif values[name] < least:
            regressions.append(f"{name} is {values[name]:.3f}, below {least:.3f} (kept: {before:.3f}).")
    return regressions


def measured(assistant: Assistant, asked: Sequence[Question], sought: Sequence[Question]) -> dict[str, float]:
    """Every measure now: answers of some questions, the search of more."""
    answerer = AssistantAnswerer(assistant, {})
    found = of_rows([row_record(ask(answerer, question).row) for question in asked])
    for searched in measure({ASSISTANT: assistant.search}, sought, progress=True):
        found |= _recalls(scores(searched, SEED), searched.accents)
    return found


def _compare(args: argparse.Namespace) -> int:
    run = read_result(ROOT / KEPT / "own.json", RunRecord)
    searched = read_result(ROOT / KEPT / "own-retrieval.json", RetrievalRecord)
    questions = read_questions(QUESTIONS)
    asked = sample(questions, run)
    rows = {row.id: row for row in run.systems[0].rows}
    expected = of_rows([rows[question.id] for question in asked]) | of_searches(searched)
    sought = choose(with_evidence(questions), limit=SEARCHED, seed=SEED)
    values = measured(assistant_of(args), asked, sought)
    body = [[name, f"{values.get(name, 0):.3f}", f"{before:.3f}"] for name, before in expected.items()]
    problems = fallen(values, expected)
    print_text(align([["measure", "now", "kept"], *body]) + "".join(f"{text}\n" for text in problems))
    return 1 if problems else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and compare; 1 when something has fallen."""
    store = {"required": True, "help": "store of eval/corpus"}
    parser = command_parser("eval.regression_gate", __doc__, "config", store=store)
    return run_command(_compare, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
