"""How well the tests of support agree with a person: 100 statements, each with a passage sentence, labelled by hand.

``python -m eval.support`` prints the agreement of both tests, the one by which the assistant sets its marks and
the one by which citations are scored, at their own threshold and at the one that fits the development half best.
The statements are of the kinds that a small model writes; a statement counts as supported when all of it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from eval.cli import SEED
from eval.metrics.intervals import Estimate, Share, mean, share
from eval.metrics.support import MIN_SHARE
from eval.metrics.support import support_score as scoring_score
from eval.numbers import interval, write
from eval.tables import align
from rag.cite import SUPPORTED, support_score

GRID = tuple(round(0.3 + 0.05 * step, 2) for step in range(15))
"""The thresholds that are tried."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement in answer to a question, a sentence that may support it, and what a person says.

    ``manner`` is how the statement was made from its source: copy, paraphrase, wrong number …
    """

    id: str
    split: str
    manner: str
    supported: bool
    question: str
    statement: str
    title: str
    passage: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A test against the labels: a pair is positive where the test says "supported"."""

    threshold: float
    agreement: Estimate
    kappa: float
    precision: Estimate
    recall: Estimate


SCORES: Mapping[str, tuple[Callable[[Pair], float], float]] = {
    "marks (rag.cite)": (
        lambda pair: support_score(pair.statement, pair.question, pair.passage, pair.title),
        SUPPORTED,
    ),
    "scoring (eval.metrics.support)": (
        lambda pair: scoring_score(f"{pair.title}\n{pair.passage}", pair.statement),
        MIN_SHARE,
    ),
}
"""Each test's score of a pair, in [0, 1], and the threshold that it uses."""


def read_pairs() -> list[Pair]:
    """The labelled pairs that come with the package."""
    text = resources.files("eval").joinpath("support_pairs.jsonl").read_text(encoding="utf-8")
    return [Pair(**json.loads(line)) for line in text.splitlines()]


def agree(scores: Sequence[float], labels: Sequence[bool], threshold: float, seed: int = SEED) -> Agreement:
    """Compare a test at a threshold with the labels; the intervals are by bootstrap over the pairs."""
    said = [score >= threshold for score in scores]
    pairs = list(zip(said, labels, strict=True))
    return Agreement(
        threshold,
        mean([share(a == b) for a, b in pairs], seed),
        kappa(said, labels),
        mean([Share(float(a and b), float(a)) for a, b in pairs], seed),
        mean([Share(float(a and b), float(b)) for a, b in pairs], seed),
    )


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Agreement beyond chance of two raters (Cohen 1960); 0 where chance alone agrees fully."""
    count = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / count
    yes, other_yes = sum(first) / count, sum(second) / count
    chance = yes * other_yes + (1 - yes) * (1 - other_yes)
    return (observed - chance) / (1 - chance) if chance < 1 else 0.0


def best_threshold(scores: Sequence[float], labels: Sequence[bool], present: float) -> float:
    """The threshold with the highest kappa; of equal ones the nearest to the present one."""
    return max(
        GRID, key=lambda t: (round(kappa([score >= t for score in scores], labels), 9), -abs(t - present))
    )


def confusions(pairs: Sequence[Pair], said: Sequence[bool]) -> dict[str, tuple[int, int, int]]:
    """For each manner how many pairs there are, are supported, and are so by the test."""
    rows: dict[str, tuple[int, int, int]] = {}
    for pair, yes in zip(pairs, said, strict=True):
        count, supported, positive = rows.get(pair.manner, (0, 0, 0))
        rows[pair.manner] = (count + 1, supported + pair.supported, positive + yes)
    return rows


def described(pairs: Sequence[Pair]) -> str:
    """Both tests as tables: agreement by half and threshold, then what each kind of statement gets."""
    head = ["test", "half", "threshold", "agreement", "kappa", "precision", "recall"]
    body: list[list[str]] = []
    columns: list[dict[str, tuple[int, int, int]]] = []
    for name, (score, present) in SCORES.items():
        halves = {split: [pair for pair in pairs if pair.split == split] for split in ("dev", "test")}
        dev = halves["dev"]
        best = best_threshold([score(pair) for pair in dev], [pair.supported for pair in dev], present)
        for threshold in dict.fromkeys((present, best)):
            for split, members in halves.items():
                found = agree(
                    [score(pair) for pair in members], [pair.supported for pair in members], threshold
                )
                body.append([name, split, f"{threshold:.2f}", *_cells(found)])
        columns.append(confusions(pairs, [score(pair) >= present for pair in pairs]))
    manners = [
        [manner, str(count), str(supported), *(str(column[manner][2]) for column in columns)]
        for manner, (count, supported, _) in columns[0].items()
    ]
    return align([head, *body]) + "\n" + align([["statement", "pairs", "supported", *SCORES], *manners])


def disagreements(pairs: Sequence[Pair]) -> str:
    """Each pair on which a test and the person differ, with both scores."""
    lines = []
    for pair in pairs:
        told = {name: score(pair) for name, (score, _) in SCORES.items()}
        wrong = [name for name, (_, at) in SCORES.items() if (told[name] >= at) != pair.supported]
        if wrong:
            numbers = ", ".join(f"{name} {value:.2f}" for name, value in told.items())
            label = "supported" if pair.supported else "not supported"
            lines.append(
                f"{pair.id} {pair.manner}, {label}; {numbers}\n  {pair.statement}\n  {pair.passage}\n"
            )
    return "".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the agreement, and with ``--wrong`` every disagreement."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.support", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--wrong", action="store_true", help="show every pair that is judged otherwise")
    args = parser.parse_args(arguments)
    pairs = read_pairs()
    sys.stdout.write(described(pairs))
    if args.wrong:
        sys.stdout.write("\n" + disagreements(pairs))
    return 0


def _cells(found: Agreement) -> list[str]:
    def cell(estimate: Estimate) -> str:
        return f"{write(estimate.value, 'right', 'en')} ({interval(estimate, 'right', 'en')})"

    return [cell(found.agreement), f"{found.kappa:.2f}", cell(found.precision), cell(found.recall)]


if __name__ == "__main__":
    sys.exit(main())
