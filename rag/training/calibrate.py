"""Fit when to answer: ``python -m rag.training.calibrate DATA [DATA …] --store DIR --out DIR``.

Development questions, which nothing was trained on, are put to the search and the reader over a store that holds
their passages among other articles.  A logistic model learns from the features of what was read whether the passages
answer the question; ``DIR`` gets ``calibration.json``, the features, and a plot of reliability and of the trade-off
between refusing unanswerable questions and refusing answerable ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.errors import IndexingError
from rag.assemble import open_reader, open_retriever
from rag.config import read_config
from rag.errors import AnsweringError
from rag.reader.calibrated_reader import CalibratedReader
from rag.reader.calibration import Calibration
from rag.training.data import Question, read_training_data

_FOLDS = 10
_UNREAD = Calibration(weights={}, bias=0.0, sure=0.5, perhaps=0.5, supported=0.5)
_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A question with what was read: whether its passages answer it, and the features."""

    question: str
    kind: str
    answerable: bool
    features: dict[str, float]


@dataclass(frozen=True, slots=True)
class Fit:
    """The model of all rows, and for each row the probability of a model that did not see it, shape (n,)."""

    weights: dict[str, float]
    bias: float
    probabilities: NDArray[np.float64]


def fit(rows: Sequence[Row]) -> Fit:
    """Fit a logistic model with cross-validation; both kinds of rows must be there.

    No weight is negative, so that a sentence with larger logits is never less probable: features whose weight would be
    negative are left out, one after the other.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    names = sorted(rows[0].features)
    answerable = np.array([row.answerable for row in rows])
    model = LogisticRegression(max_iter=2000)
    used = list(names)
    while True:
        values = np.array([[row.features[name] for name in used] for row in rows])
        weights = dict(zip(used, model.fit(values, answerable).coef_[0], strict=True))
        least = min(used, key=lambda name: weights[name])
        if weights[least] >= 0 or len(used) == 1:
            break
        used.remove(least)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=1)
    probabilities = cross_val_predict(model, values, answerable, cv=folds, method="predict_proba")[:, 1]
    return Fit(
        {name: round(float(weights.get(name, 0.0)), 4) for name in names},
        round(float(model.intercept_[0]), 4),
        probabilities,
    )


def threshold(
    probabilities: NDArray[np.float64], answerable: NDArray[np.bool_], false_refusals: float
) -> float:
    """The probability below which this share of the answerable questions lies."""
    return round(float(np.quantile(probabilities[answerable], false_refusals)), 3)


def measure(args: argparse.Namespace) -> list[Row]:
    """Put the development questions to search and reader; what is there already is not asked again."""
    config = read_config(args.config)
    kept = args.out / "features.jsonl"
    rows = [_read_row(line) for line in kept.read_text("utf-8").splitlines()] if kept.exists() else []
    done = {row.question for row in rows}
    retriever, reader = open_retriever(config, args.store), CalibratedReader(open_reader(config), _UNREAD)
    wanted = [
        question
        for question in read_training_data(args.data).questions
        if question.split == "dev" and question.text not in done
    ]
    with kept.open("a", encoding="utf-8") as lines:
        for question in tqdm(_spread(wanted, args.limit - len(rows)), unit=" questions"):
            query = retriever.understand(question.text)
            reading = reader.read(query, retriever.find(query, _PASSAGES))
            rows.append(Row(question.text, question.kind, bool(question.evidence), dict(reading.features)))
            lines.write(_written_row(rows[-1]) + "\n")
            lines.flush()
    return rows


def _read_row(line: str) -> Row:
    fields: dict[str, Any] = json.loads(line)
    return Row(fields["question"], fields["kind"], fields["told"], fields["features"])


def _written_row(row: Row) -> str:
    """A line of ``features.jsonl``, whose field ``told`` is the older name of ``answerable``."""
    fields = {"question": row.question, "kind": row.kind, "told": row.answerable, "features": row.features}
    return json.dumps(fields, ensure_ascii=False)


def _spread(questions: Sequence[Question], limit: int) -> list[Question]:
    """At most so many questions, evenly from the whole list."""
    if limit >= len(questions):
        return list(questions)
    return [questions[place * len(questions) // max(1, limit)] for place in range(max(0, limit))]


def draw(rows: Sequence[Row], fitted: Fit, path: Path) -> None:
    """Draw reliability (ten groups of like probability) and the trade-off of the two kinds of refusals."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    answerable = np.array([row.answerable for row in rows])
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    order = np.array_split(np.argsort(fitted.probabilities), 10)
    left.plot([0, 1], [0, 1], color="0.7")
    left.plot(
        [fitted.probabilities[group].mean() for group in order],
        [answerable[group].mean() for group in order],
        "o-",
    )
    left.set(xlabel="probability said", ylabel="share answerable", title="Reliability")
    steps = np.unique(fitted.probabilities)
    right.plot(
        [(fitted.probabilities[answerable] < step).mean() for step in steps],
        [(fitted.probabilities[~answerable] < step).mean() for step in steps],
    )
    right.set(
        xlabel="answerable, and refused", ylabel="unanswerable, and refused", title="Trade-off", xlim=(0, 0.3)
    )
    figure.savefig(path)
    pyplot.close(figure)


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, fit and draw."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.training.calibrate", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("data", type=Path, nargs="+", metavar="DATA", help="folders of training data")
    parser.add_argument(
        "--store", type=Path, required=True, metavar="DIR", help="with the passages among others"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--limit", type=int, default=1000, metavar="N", help="questions at most")
    parser.add_argument(
        "--perhaps", type=float, default=0.05, help="share of answerable questions that are refused"
    )
    parser.add_argument(
        "--sure", type=float, default=0.12, help="share of answerable questions below which is “perhaps”"
    )
    parser.add_argument("--supported", type=float, default=0.5, help="least probability of the judge")
    parser.add_argument(
        "--quoted", type=float, default=0.85, help="least probability of a sure sentence in place of a draft"
    )
    parser.add_argument("--config", type=Path, metavar="FILE")
    args = parser.parse_args(arguments)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        rows = measure(args)
    except (IndexingError, AnsweringError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    fitted = fit(rows)
    answerable = np.array([row.answerable for row in rows])
    calibration = Calibration(
        weights=fitted.weights,
        bias=fitted.bias,
        perhaps=threshold(fitted.probabilities, answerable, args.perhaps),
        sure=threshold(fitted.probabilities, answerable, args.sure),
        supported=args.supported,
        quoted=args.quoted,
    )
    (args.out / "calibration.json").write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    draw(rows, fitted, args.out / "calibration.png")
    for name in ("perhaps", "sure"):
        least = getattr(calibration, name)
        refused = float((fitted.probabilities[~answerable] < least).mean())
        sys.stdout.write(f"{name}: {least}, of {np.sum(~answerable)} unanswerable {refused:.3f} lie below\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
