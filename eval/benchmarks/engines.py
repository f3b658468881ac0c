"""``python -m eval.benchmarks.engines``: whether Milvus finds what this computer finds, and how long each takes.

The store is copied into another one that Milvus searches, so the numbers of passages differ and nothing is shared but
the articles.  Every question is asked of both, with its accents and without; every fourth with filters too: by time,
from the middle day of the articles on, and by source, some articles and those of its evidence.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.benchmarks.figures import Figure, clocked, in_milliseconds, side_by_side
from eval.command_options import bar, command_parser, print_text, run_command
from eval.files import write_measurement
from eval.report.tables import align
from eval.schema import Question
from eval.sets.questions import read_questions
from index.encoding.encoder import Encoder
from index.schema import Filters, FloatMatrix
from index.search import search
from index.store.copy import copy_store
from index.store.milvus.connection import MilvusAt
from index.store.store import Store
from index.text.normalise import fold, normalise
from rag.assemble import open_encoder
from rag.config import default_store_path, read_config

_FIRST = 10
_FILTERED = 4
"""Every so many-th question is asked with filters."""
_SOURCES = 20


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two stores agree on one way of asking.

    ``recall`` is the share of the local first ten that Milvus has among its own, over all questions, ``equal`` the
    share of questions whose first ten are the same in the same order; ``worst_score`` is by how much a score differs at
    most where both have the passage.
    """

    asked: str
    questions: int
    recall: float
    equal: float
    worst_score: float
    figures: tuple[Figure, Figure]


def agreements(
    local: Store, other: Store, questions: Sequence[Question], encoder: Encoder
) -> Iterator[Agreement]:
    """Ask both stores every question in every way."""
    for accents in (True, False):
        for name, asked in _ways(local, questions).items():
            texts = [normalise(question.standalone_text) for question, _ in asked]
            texts = texts if accents else [fold(text) for text in texts]
            filters = [filter_set for _, filter_set in asked]
            label = f"{'accented' if accents else 'unaccented'}, {name}"
            yield _agreement(label, (local, other), texts, encoder.encode_queries(texts), filters)


def _ways(store: Store, questions: Sequence[Question]) -> dict[str, list[tuple[Question, Filters]]]:
    """Give the questions that are asked in each way, by its name, with the filters of each."""
    infos = store.database.articles()
    days = sorted(info.date for info in infos if info.date)
    newer = Filters(from_date=days[len(days) // 2] if days else None)
    some = Filters(sources=tuple(sorted({info.source for info in infos})[:: max(1, len(infos) // _SOURCES)]))
    fewer = questions[::_FILTERED]
    named = [tuple(sorted({one.article for one in question.evidence if one.article})) for question in fewer]
    return {
        "all": [(one, Filters()) for one in questions],
        "from a day on": [(one, newer) for one in fewer],
        "some articles": [(one, some) for one in fewer],
        "those of the evidence": [
            (one, Filters(sources=sources)) for one, sources in zip(fewer, named, strict=True)
        ],
    }


def _agreement(
    asked: str,
    stores: tuple[Store, Store],
    texts: Sequence[str],
    vectors: FloatMatrix,
    filters: Sequence[Filters],
) -> Agreement:
    recalls, equal, worst, seconds = list[float](), 0, 0.0, list[tuple[float, ...]]()
    for row in bar(list(zip(texts, vectors, filters, strict=True)), asked):
        (first, second), taken = zip(*(_search(store, *row) for store in stores), strict=True)
        seconds.append(taken)
        both = first.keys() & second.keys()
        if first:
            recalls.append(len(both) / len(first))
        equal += list(first) == list(second)
        worst = max([worst, *(abs(first[passage] - second[passage]) for passage in both)])
    local, milvus = zip(*seconds, strict=True)
    figures = (in_milliseconds("local", local), in_milliseconds("Milvus", milvus))
    return Agreement(asked, len(texts), float(np.mean(recalls)), equal / len(texts), worst, figures)


def _search(
    store: Store, text: str, vector: FloatMatrix, filters: Filters
) -> tuple[dict[tuple[str, int], float], float]:
    """The scores of the passages found, by article and position, best first, and the seconds it took."""
    hits, (seconds, _) = clocked(lambda: search(store, text, vector, _FIRST, filters))
    return {(hit.chunk.article.id, hit.chunk.position): hit.score for hit in hits}, seconds


def table(rows: Sequence[Agreement]) -> str:
    """Write one line a way of asking: agreement, and the median time of each engine."""
    head = [
        "asked",
        "questions",
        "recall@10",
        "same ten, same order",
        "worst score",
        "local, ms",
        "Milvus, ms",
    ]
    body = [
        [row.asked, str(row.questions), f"{row.recall:.4f}", f"{row.equal:.4f}", f"{row.worst_score:.5f}",
         *side_by_side(row.figures)]
        for row in rows
    ]  # fmt: skip
    return align([head, *body])


def _measure(args: argparse.Namespace) -> None:
    encoder = open_encoder(read_config(args.config))
    questions = read_questions(args.questions)
    with tempfile.TemporaryDirectory(prefix="hoidap-engines-") as folder:
        milvus = MilvusAt(args.url or f"{folder}/milvus.db")
        with closing(Store.open(args.store, encoder.name)) as local:
            chunk_tokens = int(local.database.setting("chunk_tokens") or 0)
            copy = Path(folder) / "store"
            Store.create(copy, encoder.name, encoder.dimension, chunk_tokens).close()
            with closing(Store.open(copy, milvus=milvus)) as other:
                copied, (built, _) = clocked(lambda: copy_store(local, other))
                local.engine()
                local.settle()
                rows = list(agreements(local, other, questions, encoder))
    print_text(f"{copied.chunks} passages, copied and proved in {built:.1f} s\n{table(rows)}")
    write_measurement(args.out, passages=copied.chunks, built_seconds=built, asked=rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    store = {"default": default_store_path(), "help": "a store that hoidap sync made"}
    parser = command_parser("eval.benchmarks.engines", __doc__, "config", "questions", "out", store=store)
    parser.add_argument("--url", help="a Milvus server (default: Milvus Lite in a file of its own)")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
