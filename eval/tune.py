"""Choose the numbers of the search on development questions.

``python -m eval.tune weights --store DIR`` tries weights for fusing; ``python -m eval.tune chunks FOLDER``
tries chunk sizes.  Both print what every value gives; the values in force stand in ``index/search.py`` and
``rag/config.py``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval.commands import QUESTIONS
from eval.errors import EvaluationError
from eval.evidence import covers
from eval.questions import choose, read_questions
from eval.retrieval import with_evidence
from eval.schema import Question
from index.encoder import Encoder
from index.errors import IndexingError
from index.schema import Hit
from index.search import ACCENTED, UNACCENTED, Weights, candidates, fuse
from index.store import Store
from index.sync import sync
from index.text import fold, normalise
from rag.assemble import open_encoder, open_retriever
from rag.config import read_config
from rag.errors import AnsweringError
from rag.follow import standalone
from rag.retrieve import Retriever
from rag.schema import Turn

DENSE = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1.0)
"""Weights of the cosine that are tried, the lexical share weighing 1."""

SIZES = (90, 130, 180, 240, 320, 420)
"""Chunk sizes that are tried, in tokens of the encoder."""

BUDGETS = (300, 600, 1000)
"""Tokens that are read from the top of the list, when chunk sizes are compared: passages of different
lengths are fairly compared by what they cost to read."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """The candidates of one question: cosines, lexical shares, and which of them hold evidence (n, evidences)."""

    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    holds: NDArray[np.bool_]

    def ranks(self, weights: Weights) -> list[int | None]:
        """For each evidence, the rank of the best candidate that holds it, from 1."""
        order = np.argsort(-fuse(self.dense, self.lexical, weights), kind="stable")
        found = self.holds[order]
        return [int(column.argmax()) + 1 if column.any() else None for column in found.T]


def score_candidates(store: Store, encoder: Encoder, question: Question, asked: str) -> _Scored:
    """Search in both ways and score all that is found in both."""
    snapshot = store.snapshot()
    positions, dense, lexical = candidates(snapshot, asked, encoder.encode_queries([asked])[0])
    numbers = snapshot.numbers[positions].tolist()
    chunks = store.database.chunks(numbers)
    holds = np.zeros((len(numbers), len(question.evidence)), bool)
    for row, number in enumerate(numbers):
        if chunk := chunks.get(number):
            holds[row] = [covers(one, chunk.article, chunk.start, chunk.end) for one in question.evidence]
    return _Scored(dense, lexical, holds)


def recall(scored: Sequence[_Scored], weights: Weights, k: int) -> float:
    """The mean share of a question's evidence among the first ``k``."""
    return float(
        np.mean([np.mean([rank is not None and rank <= k for rank in one.ranks(weights)]) for one in scored])
    )


def tune_weights(retriever: Retriever, questions: Sequence[Question]) -> Iterator[str]:
    """Try every weight on the questions as they are, and typed without accents that are not restored."""
    for accents, current in ((True, ACCENTED), (False, UNACCENTED)):
        scored = [
            score_candidates(
                retriever.store,
                retriever.encoder,
                question,
                _asked(question) if accents else fold(_asked(question)),
            )
            for question in tqdm(questions, desc="searching", disable=None)
        ]
        yield f"{len(scored)} questions {'with' if accents else 'without'} accents; in force {current.dense:g}"
        yield "dense   R@1    R@3    R@5    R@20"
        for dense in DENSE:
            weights = Weights(dense=dense, lexical=1.0)
            row = "  ".join(f"{recall(scored, weights, k):.3f}" for k in (1, 3, 5, 20))
            yield f"{dense:5.2f}  {row}"


def tune_chunks(
    folder: Path, encoder: Encoder, questions: Sequence[Question], sizes: Sequence[int]
) -> Iterator[str]:
    """Index the folder once for each size; the share of the evidence that lies within the budgets."""
    yield "tokens  chunks  " + "  ".join(f"in {budget:4}" for budget in BUDGETS)
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            store = Store.create(Path(directory) / "store", encoder.name, encoder.dimension, size)
            with tqdm(desc=f"{size} tokens", unit=" chunks", disable=None) as bar:
                sync(store, folder, encoder, lambda progress, bar=bar: bar.update(progress.chunks - bar.n))  # type: ignore[misc]
            retriever = Retriever(store, encoder)
            found = [
                _within(retriever, question) for question in tqdm(questions, desc="searching", disable=None)
            ]
            shares = "   ".join(f"{share:.3f}" for share in np.mean(found, axis=0))
            yield f"{size:6}  {store.snapshot().lexical.size:6}  {shares}"
            store.close()


def _within(retriever: Retriever, question: Question) -> list[float]:
    """The share of the evidence within the first tokens, for each budget."""
    hits = retriever.search(_asked(question), 12)
    return [float(np.mean(_held(question, _top(retriever.encoder, hits, budget)))) for budget in BUDGETS]


def _top(encoder: Encoder, hits: Sequence[Hit], budget: int) -> list[tuple[Hit, int]]:
    """The hits that fit, each with where it ends; the last one is cut to what is left of the budget."""
    kept: list[tuple[Hit, int]] = []
    for hit, tokens in zip(hits, encoder.count_tokens([hit.chunk.text for hit in hits]), strict=True):
        share = min(1.0, budget / max(tokens, 1))
        kept.append((hit, hit.chunk.start + int(share * len(hit.chunk.text))))
        budget -= tokens
        if budget <= 0:
            break
    return kept


def _held(question: Question, top: Sequence[tuple[Hit, int]]) -> list[bool]:
    return [
        any(covers(one, hit.chunk.article, hit.chunk.start, end) for hit, end in top)
        for one in question.evidence
    ]


def _asked(question: Question) -> str:
    return standalone(normalise(question.text), [Turn(normalise(earlier)) for earlier in question.follows])


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the values and print what each gives."""
    parser = argparse.ArgumentParser(prog="python -m eval.tune", description=(__doc__ or "").split("\n\n")[0])
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FILE")
    common.add_argument("--split", choices=("dev", "test", "all"), default="dev")
    common.add_argument("--config", type=Path, metavar="FILE")
    actions = parser.add_subparsers(dest="action", required=True)
    weights = actions.add_parser("weights", parents=[common], help="how much the cosine counts")
    weights.add_argument("--store", type=Path, required=True, metavar="DIR")
    chunks = actions.add_parser("chunks", parents=[common], help="how long a passage is")
    chunks.add_argument("folder", type=Path, metavar="FOLDER")
    chunks.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="TOKENS")
    args = parser.parse_args(arguments)
    config = read_config(args.config)
    try:
        questions = with_evidence(choose(read_questions(args.questions), split=args.split))
        if args.action == "weights":
            lines = tune_weights(open_retriever(config, args.store), questions)
        else:
            lines = tune_chunks(args.folder, open_encoder(config), questions, args.sizes)
        for line in lines:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    except (EvaluationError, IndexingError, AnsweringError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
