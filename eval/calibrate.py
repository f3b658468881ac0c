"""Fit when to be silent: two logistic models on the development questions.

Every answerable question is asked twice, once with its articles and once with them left out, so that there is
an absent question for each present one, about the same things.  The first model sees what the search found,
the second also what was written and how it stands on the passages.  Thresholds are set where at most
``FALSE_REFUSALS`` of the answerable questions are refused, half of that by each model.

``python -m eval.calibrate --store DIR`` prints the coefficients; ``--out rag/calibration.json`` keeps them.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from eval.commands import QUESTIONS
from eval.questions import choose, read_questions
from eval.schema import Question
from index.encoder import Encoder
from index.schema import Filters, Hit
from index.store import Store
from rag.abstain import Calibration, Logistic, evidence_features, support_features
from rag.assemble import open_generator, open_retriever
from rag.assistant import Assistant
from rag.config import read_config
from rag.retrieve import Retriever
from rag.schema import Turn

EVIDENCE = ("lexical", "dense", "margin")
SUPPORT = ("lexical", "dense", "margin", "supported", "support", "logprob")
FALSE_REFUSALS = 0.05
_OPEN = Logistic(weights={}, bias=0.0, threshold=0.0)


class Without(Retriever):
    """A search that passes over some articles, as if they were not in the store."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        super().__init__(store, encoder)
        self.left_out: frozenset[str] = frozenset()

    def search(self, question: str, k: int, filters: Filters = Filters()) -> tuple[Hit, ...]:
        """Find the ``k`` best passages of the other articles."""
        hits = super().search(question, k + 8 * len(self.left_out), filters)
        return tuple(hit for hit in hits if hit.chunk.article.id not in self.left_out)[:k]


def fit(
    rows: Sequence[dict[str, float]], told: Sequence[bool], names: Sequence[str]
) -> tuple[dict[str, float], float]:
    """Fit a ridge logistic model; weights of the features as they are, and the bias."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler()
    features = scaler.fit_transform([[row[name] for name in names] for row in rows])
    model = LogisticRegression(C=1.0).fit(features, told)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - weights @ scaler.mean_)
    return dict(zip(names, weights.round(4).tolist(), strict=True)), round(bias, 4)


def threshold(model: Logistic, rows: Sequence[dict[str, float]], told: Sequence[bool], share: float) -> float:
    """Give the probability below which at most ``share`` of the answerable questions fall."""
    chances = sorted(model.probability(row) for row, is_told in zip(rows, told, strict=True) if is_told)
    return math.floor(chances[int(share * len(chances))] * 1e4) / 1e4


def calibrate(
    assistant: Assistant, retriever: Without, questions: Sequence[Question]
) -> tuple[Calibration, str]:
    """Ask everything and fit both models; the calibration, and what it does on the questions it was fitted on."""
    before: list[dict[str, float]] = []
    after: list[dict[str, float]] = []
    told: list[bool] = []
    asked = [(question, False) for question in questions]
    asked += [(question, True) for question in questions if question.evidence]
    for question, without in tqdm(asked, desc="asking", disable=None):
        articles = frozenset(evidence.article for evidence in question.evidence)
        retriever.left_out = articles if without else frozenset()
        answer = assistant.answer(question.text, [Turn(text) for text in question.follows])
        before.append(evidence_features(answer.passages))
        after.append(
            support_features(answer.passages, answer.statements, answer.citations, answer.mean_logprob)
        )
        told.append(bool(question.evidence) and not without)
    fitted = [_fitted(rows, told, names) for rows, names in ((before, EVIDENCE), (after, SUPPORT))]
    calibration = Calibration(evidence=fitted[0], support=fitted[1])
    return calibration, _described(calibration, before, after, told)


def _fitted(rows: Sequence[dict[str, float]], told: Sequence[bool], names: Sequence[str]) -> Logistic:
    weights, bias = fit(rows, told, names)
    model = Logistic(weights=weights, bias=bias, threshold=0.0)
    return model.model_copy(update={"threshold": threshold(model, rows, told, FALSE_REFUSALS / 2)})


def _described(
    calibration: Calibration,
    before: Sequence[dict[str, float]],
    after: Sequence[dict[str, float]],
    told: Sequence[bool],
) -> str:
    lines = []
    kept = np.ones(len(told), dtype=bool)
    labels = np.array(told)
    for name, model, rows in (
        ("evidence", calibration.evidence, before),
        ("support", calibration.support, after),
    ):
        chances = np.array([model.probability(row) for row in rows])
        pairs = chances[labels][:, None] - chances[~labels][None, :]
        kept &= chances >= model.threshold
        lines.append(
            f"{name}: area under ROC {np.mean((pairs > 0) + 0.5 * (pairs == 0)):.3f}; with those before it, "
            f"refused of the absent {np.mean(~kept[~labels]):.3f}, of the answerable {np.mean(~kept[labels]):.3f}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit on the development questions and print or keep the coefficients."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.calibrate", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="store of eval/corpus")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FILE")
    parser.add_argument("--config", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the coefficients are kept")
    args = parser.parse_args(arguments)
    config = read_config(args.config)
    opened = open_retriever(config, args.store)
    retriever = Without(opened.store, opened.encoder)
    always = Calibration(evidence=_OPEN, support=_OPEN)
    assistant = Assistant(retriever, open_generator(config), always, config.answer, config.llm)
    questions = choose(read_questions(args.questions), split="dev")
    calibration, told = calibrate(assistant, retriever, questions)
    text = json.dumps(calibration.model_dump(), indent=2) + "\n"
    sys.stderr.write(told + "\n")
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
