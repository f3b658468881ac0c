"""Fit how sure to be and when to be silent: logistic models on the development questions.

Every answerable question is asked twice, once with its articles and once with them left out, so that there is
an absent question for each present one, about the same things.  ``extract`` tells whether the reader's span
of a passage is right; ``evidence`` sees what search and reader found, ``support`` also what was written and how
it stands on the passages.  Together the two refuse at most ``FALSE_REFUSALS`` of the answerable questions, divided
between them so that they refuse most of the absent ones.

``python -m eval.calibrate --store DIR`` prints the coefficients; ``--also DIR FILE`` asks another store too, so that
they do not fit one corpus alone; ``--out FILE`` keeps them: those with the reader belong in
``rag/calibration-reader.json``, those of a configuration without it in ``rag/calibration.json``.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval.commands import QUESTIONS
from eval.errors import EvaluationError
from eval.evidence import held
from eval.metrics.answers import contained
from eval.questions import choose, read_questions
from eval.schema import Question
from index.encoder import Encoder
from index.errors import IndexingError
from index.schema import Filters, Hit
from index.store import Store
from rag.abstain import Calibration, Logistic, support_features
from rag.assemble import open_generator, open_retriever
from rag.assistant import Assistant
from rag.config import read_config
from rag.errors import AnsweringError
from rag.extract import span_features
from rag.reader.reader import Reader
from rag.retrieve import Retriever
from rag.schema import Turn

EVIDENCE = ("lexical", "dense", "above", "named")
SUPPORT = ("supported", "support", "logprob", "cited")
EXTRACT = ("margin", "relevance", "lexical", "behind")
FALSE_REFUSALS = 0.05
_CURVE = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
"""Shares of answerable questions refused, for which the script tells how many absent ones are refused too."""
_HITS_FOR_A_QUOTE = 3
_CHUNKS_OF_AN_ARTICLE = 30  # at most; so many more are searched for where one is left out
_OPEN = Logistic(weights={}, bias=0.0, threshold=0.0)
_UNWRITTEN = support_features("", (), (), None, 0.0)


class Without(Retriever):
    """A search that passes over some articles, as if they were not in the store."""

    def __init__(self, store: Store, encoder: Encoder, reader: Reader | None = None) -> None:
        super().__init__(store, encoder, reader)
        self.left_out: frozenset[str] = frozenset()

    def find(self, asked: str, count: int, filters: Filters) -> list[Hit]:
        """Search in the other articles."""
        return self._others(super().find, asked, count, filters)

    def find_words(self, asked: str, count: int, filters: Filters) -> list[Hit]:
        """Search in the other articles by words alone."""
        return self._others(super().find_words, asked, count, filters)

    def _others(
        self, find: Callable[[str, int, Filters], list[Hit]], asked: str, count: int, filters: Filters
    ) -> list[Hit]:
        hits = find(asked, count + _CHUNKS_OF_AN_ARTICLE * len(self.left_out), filters)
        return [hit for hit in hits if hit.chunk.article.id not in self.left_out][:count]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the articles that tell the answer, and whether they are left out."""

    question: Question
    articles: frozenset[str]
    without: bool

    @property
    def told(self) -> bool:
        """Whether the articles tell the answer."""
        return bool(self.articles) and not self.without

    @property
    def history(self) -> list[Turn]:
        """The questions before it."""
        return [Turn(text) for text in self.question.follows]


@dataclass(frozen=True, slots=True)
class Sample:
    """What one store is asked: every answerable question twice, once with its articles left out."""

    retriever: Without
    cases: tuple[Case, ...]

    @classmethod
    def of(cls, retriever: Without, questions: Sequence[Question]) -> Sample:
        """Find the articles that tell, and make the cases."""
        told = [(question, tellers(retriever, question)) for question in questions]
        cases = [Case(question, articles, without=False) for question, articles in told]
        cases += [Case(question, articles, without=True) for question, articles in told if articles]
        return cls(retriever, tuple(cases))

    def __iter__(self) -> Iterator[Case]:
        """The cases, one after the other, while the retriever leaves out what the case wants left out."""
        for case in tqdm(self.cases, disable=None):
            self.retriever.left_out = case.articles if case.without else frozenset()
            yield case
        self.retriever.left_out = frozenset()


def tellers(retriever: Retriever, question: Question) -> frozenset[str]:
    """The articles of the evidence; where it names none, those that are found to hold its quote."""
    named = {one.article for one in question.evidence if one.article}
    found = {
        hit.chunk.article.id
        for one in question.evidence
        if not one.article
        for hit in retriever.search(one.quote, _HITS_FOR_A_QUOTE)
        if held([one], hit)
    }
    return frozenset(named | found)


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


def threshold(model: Logistic, answerable: Sequence[dict[str, float]], refused: int) -> float:
    """Give the probability below which at most so many of the answerable questions fall."""
    chances = sorted(map(model.probability, answerable))
    return math.floor(chances[refused] * 1e4) / 1e4


def calibrate(
    assistant: Callable[[Retriever, Calibration], Assistant], samples: Sequence[Sample], passages: int
) -> tuple[Calibration, str]:
    """Ask everything and fit the models; the calibration, and what it does on the questions it was fitted on."""
    reads = all(sample.retriever.reader for sample in samples)
    extract = fit_extract(samples, passages) if reads else None
    features: list[dict[str, float]] = []
    said: list[bool] = []
    told: list[bool] = []
    for sample in samples:
        asking = assistant(sample.retriever, Calibration(evidence=_OPEN, support=_OPEN, extract=extract))
        for case in sample:
            answer = asking.answer(case.question.text, case.history)
            features.append({**_UNWRITTEN, **answer.features})
            said.append(bool(answer.statements))
            told.append(case.told)
    calibration = fit_refusals(features, said, told, extract)
    return calibration, _described(calibration, features, said, told)


def fit_refusals(
    features: Sequence[dict[str, float]],
    said: Sequence[bool],
    told: Sequence[bool],
    extract: Logistic | None,
) -> Calibration:
    """Fit both models, and set the pair of thresholds that refuses most of the absent questions.

    ``features`` are those of the evidence and of the written answer, ``said`` is whether anything was written;
    ``extract`` is the model of the reader's spans, if there is a reader.
    """
    names = (*EVIDENCE, "extract") if extract else EVIDENCE
    with_text = (*names, *SUPPORT, "agreement", "quoted") if extract else (*names, *SUPPORT)
    evidence, support = _fitted(features, told, names), _fitted(features, told, with_text)
    # Whatever the thresholds are, a reply that says nothing is refused.
    answerable = [row for row, says, is_told in zip(features, said, told, strict=True) if says and is_told]
    allowed = max(0, int(FALSE_REFUSALS * sum(told)) - (sum(told) - len(answerable)))
    tried = []
    for refused in range(allowed + 1):
        first = _with_threshold(evidence, answerable, refused)
        left = [row for row in answerable if first.probability(row) >= first.threshold]
        second = _with_threshold(support, left, allowed - refused)
        tried.append(Calibration(evidence=first, support=second, extract=extract))
    absent = ~np.array(told) & np.array(said)
    return max(
        tried,
        key=lambda one: np.sum(absent & ~(_kept(one.evidence, features) & _kept(one.support, features))),
    )


def _with_threshold(model: Logistic, answerable: Sequence[dict[str, float]], refused: int) -> Logistic:
    return model.model_copy(update={"threshold": threshold(model, answerable, refused)})


def _kept(model: Logistic, rows: Sequence[dict[str, float]]) -> NDArray[np.bool_]:
    return np.array([model.probability(row) >= model.threshold for row in rows], dtype=bool)


def fit_extract(samples: Sequence[Sample], passages: int) -> Logistic:
    """Fit whether a span is right, over every passage that is read; a span of another article is wrong.

    An extract is shown where it is at least as likely right as wrong.
    """
    rows: list[dict[str, float]] = []
    right: list[bool] = []
    for sample in samples:
        for case in sample:
            asked = sample.retriever.in_full(case.question.text, case.history)
            readings = sample.retriever.look_up(asked, passages).readings
            best = max((reading.hit.score for reading in readings), default=0.0)
            for hit, span in ((reading.hit, reading.span) for reading in readings):
                if span is not None:
                    rows.append(span_features(hit, span, best))
                    text = hit.chunk.text[span.start : span.end]
                    tells = hit.chunk.article.id in case.articles
                    right.append(tells and contained(text, case.question.answers) == 1)
    weights, bias = fit(rows, right, EXTRACT)
    return Logistic(weights=weights, bias=bias, threshold=0.5)


def _fitted(rows: Sequence[dict[str, float]], told: Sequence[bool], names: Sequence[str]) -> Logistic:
    weights, bias = fit(rows, told, names)
    return Logistic(weights=weights, bias=bias, threshold=0.0)


def _described(
    calibration: Calibration,
    features: Sequence[dict[str, float]],
    said: Sequence[bool],
    told: Sequence[bool],
) -> str:
    lines = []
    kept = np.ones(len(told), dtype=bool)
    labels = np.array(told)
    for name, model, possible in (
        ("evidence", calibration.evidence, kept),
        ("support", calibration.support, np.array(said)),
    ):
        chances = np.array([model.probability(row) for row in features])
        pairs = chances[labels][:, None] - chances[~labels][None, :]
        kept &= _kept(model, features) & possible
        lines.append(
            f"{name}: area under ROC {np.mean((pairs > 0) + 0.5 * (pairs == 0)):.3f}; with those before it, "
            f"refused of the absent {np.mean(~kept[~labels]):.3f}, of the answerable {np.mean(~kept[labels]):.3f}"
        )
        curve = (
            f"{np.mean(chances[~labels] < np.quantile(chances[labels], share)):.2f} for {share:.2f}"
            for share in _CURVE
        )
        lines.append(f"{name} alone, refused of the absent for so many of the answerable: {', '.join(curve)}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit on the development questions and print or keep the coefficients."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.calibrate", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="store of eval/corpus")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FILE")
    parser.add_argument(
        "--also",
        nargs=2,
        action="append",
        default=[],
        type=Path,
        metavar=("DIR", "FILE"),
        help="another store, and a file whose development questions have their quotes in it; repeatable",
    )
    parser.add_argument(
        "--limit", type=int, metavar="N", help="only N of each of the other sets, drawn at random"
    )
    parser.add_argument("--config", type=Path, metavar="FILE")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the coefficients are kept")
    args = parser.parse_args(arguments)
    try:
        _calibrate(args)
    except (EvaluationError, IndexingError, AnsweringError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _calibrate(args: argparse.Namespace) -> None:
    config = read_config(args.config)
    generator = open_generator(config)

    def sample(store: Path, questions: Sequence[Question]) -> Sample:
        opened = open_retriever(config, store)
        return Sample.of(Without(opened.store, opened.encoder, opened.reader), questions)

    samples = [sample(args.store, choose(read_questions(args.questions), split="dev"))]
    samples += [
        sample(store, choose(read_questions(file), split="dev", limit=args.limit))
        for store, file in args.also
    ]
    calibration, told = calibrate(
        lambda retriever, tried: Assistant(retriever, generator, tried, config.answer, config.llm),
        samples,
        config.answer.passages,
    )
    text = json.dumps(calibration.model_dump(), indent=2) + "\n"
    sys.stderr.write(told + "\n")
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    sys.exit(main())
