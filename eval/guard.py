"""The guard of the tests: a small fixed subset with the real models must not fall below what was once measured.

``python -m eval.guard --store DIR`` (a store of ``eval/corpus``) measures it and says what has fallen;
``--record`` keeps the new values in ``floor.json``, where each measure has its margin and the reason for it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.answerers import ASSISTANT, AssistantAnswerer
from eval.commands import QUESTIONS
from eval.journal import read_result, write_result
from eval.questions import choose, read_questions
from eval.retrieval import measure, scores, with_evidence
from eval.run import ask
from eval.schema import Question, Row
from eval.summary import summarise
from eval.tables import align
from rag.assistant import Assistant

FLOOR = Path(__file__).parent / "floor.json"


@dataclass(frozen=True, slots=True)
class Floor:
    """What a measure once was, and how far it may fall below that before something is broken."""

    measured: float
    margin: float
    reason: str

    @property
    def least(self) -> float:
        """The least value that passes."""
        return self.measured - self.margin


@dataclass(frozen=True, slots=True)
class Guard:
    """The subset: a sample of a split, questions about things of which no article speaks, and the floors by measure.

    ``searched`` is how many of the questions with evidence are searched for.
    """

    split: str
    limit: int
    searched: int
    seed: int
    strange: tuple[str, ...]
    floors: Mapping[str, Floor]


def read_guard(path: Path = FLOOR) -> Guard:
    """The guard as it is recorded."""
    return read_result(path, Guard)


def measured(assistant: Assistant, guard: Guard, *, progress: bool = False) -> dict[str, float]:
    """Every measure of the guard: answers of the sample, refusals of strange questions, the search of a larger one."""
    questions = read_questions(QUESTIONS)
    answerer = AssistantAnswerer(assistant, {})
    sample = choose(questions, split=guard.split, limit=guard.limit, seed=guard.seed)
    strange = [Question(f"s{place}", "absent", "", text, ()) for place, text in enumerate(guard.strange)]
    rows = [ask(answerer, question).row for question in (*sample, *strange)]
    answered = of_answers(rows[: len(sample)], rows[len(sample) :])
    sought = choose(with_evidence(questions), limit=guard.searched, seed=guard.seed)
    found = measure({ASSISTANT: assistant.search}, sought, progress=progress)
    return answered | {
        f"{name}, {'with' if one.accents else 'without'} accents": value
        for one in found
        for name, estimate in scores(one, guard.seed).items()
        if name in ("recall@1", "recall@5") and (value := estimate.value) is not None
    }


def of_answers(sample: Sequence[Row], strange: Sequence[Row]) -> dict[str, float]:
    """The measures of what was answered."""
    overall = summarise(sample, seed=0)
    refused = summarise(strange, seed=0)["refusal_recall"]
    shares = {"right": overall["right"], "cited": overall["cited"], "strange refused": refused}
    return {name: one.value for name, one in shares.items() if one.value is not None}


def fallen(values: Mapping[str, float], floors: Mapping[str, Floor]) -> list[str]:
    """One sentence for each measure that is below its floor or was not measured."""
    told = []
    for name, floor in floors.items():
        if name not in values:
            told.append(f"{name} was not measured.")
        elif values[name] < floor.least:
            told.append(f"{name} is {values[name]:.3f}, below {floor.least:.3f} (once {floor.measured:.3f}).")
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and compare; 1 when something has fallen."""
    from rag.assemble import open_assistant
    from rag.config import read_config

    parser = argparse.ArgumentParser(
        prog="python -m eval.guard", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="store of eval/corpus")
    parser.add_argument("--config", type=Path, metavar="FILE")
    parser.add_argument("--record", action="store_true", help="keep the values as the measured ones")
    args = parser.parse_args(arguments)
    guard = read_guard()
    values = measured(open_assistant(read_config(args.config), args.store), guard, progress=True)
    body = [
        [name, f"{values[name]:.3f}", f"{floor.least:.3f}", f"{floor.measured:.3f}"]
        for name, floor in guard.floors.items()
        if name in values
    ]
    sys.stdout.write(align([["measure", "now", "floor", "recorded"], *body]))
    if args.record:
        floors = {name: replace(one, measured=round(values[name], 3)) for name, one in guard.floors.items()}
        write_result(replace(guard, floors=floors), FLOOR)
        return 0
    problems = fallen(values, guard.floors)
    sys.stdout.write("".join(f"{text}\n" for text in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
