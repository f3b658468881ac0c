"""``python -m eval.benchmarks.engines``: whether Milvus finds what this computer finds, and how long each takes.

The store is copied into another one that Milvus searches, so the numbers of passages differ and nothing is shared but
the articles.  Every question is asked of both, with its accents and without; every fourth with filters too: by time,
from the middle day of the articles on, and by source, some articles and those of its evidence.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from tqdm import tqdm

from eval.benchmarks.speed_figures import Figure
from eval.provenance import machine
from eval.schema import Question
from eval.sets.questions import read_questions
from index.models.encoder import Encoder
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


@dataclass(frozen=True, slots=True)
class _Found:
    """The passages found by article and position, with their scores, and the seconds it took."""

    scores: dict[tuple[str, int], float]
    seconds: float


def agreements(
    local: Store, other: Store, questions: Sequence[Question], encoder: Encoder
) -> Iterator[Agreement]:
    """Ask both stores every question in every way."""
    for accents in (True, False):
        for name, (asked, filters) in _ways(local, questions).items():
            texts = [normalise(question.in_full) for question in asked]
            texts = texts if accents else [fold(text) for text in texts]
            told = f"{'accented' if accents else 'unaccented'}, {name}"
            yield _agreement(told, local, other, texts, encoder.encode_queries(texts), filters)


def _ways(
    store: Store, questions: Sequence[Question]
) -> dict[str, tuple[Sequence[Question], Sequence[Filters]]]:
    """Give the questions that are asked in each way, by its name, and the filters of each."""
    infos = store.database.articles()
    days = sorted(info.date for info in infos if info.date)
    newer = Filters(from_date=days[len(days) // 2] if days else None)
    some = Filters(sources=tuple(sorted({info.source for info in infos})[:: max(1, len(infos) // _SOURCES)]))
    fewer = questions[::_FILTERED]
    evidence = [
        Filters(sources=tuple(sorted({one.article for one in question.evidence if one.article})))
        for question in fewer
    ]
    return {
        "all": (questions, [Filters()] * len(questions)),
        "from a day on": (fewer, [newer] * len(fewer)),
        "some articles": (fewer, [some] * len(fewer)),
        "those of the evidence": (fewer, evidence),
    }


def _agreement(
    asked: str,
    local: Store,
    other: Store,
    texts: Sequence[str],
    vectors: FloatMatrix,
    filters: Sequence[Filters],
) -> Agreement:
    recalls, equal, worst, seconds = list[float](), 0, 0.0, (list[float](), list[float]())
    rows = zip(texts, vectors, filters, strict=True)
    for text, vector, own in tqdm(rows, desc=asked, total=len(texts), disable=None):
        found = [_search(store, text, vector, own) for store in (local, other)]
        for taken, one in zip(seconds, found, strict=True):
            taken.append(1000 * one.seconds)
        first, second = (one.scores for one in found)
        both = first.keys() & second.keys()
        if first:
            recalls.append(len(both) / len(first))
        equal += list(first) == list(second)
        worst = max([worst, *(abs(first[passage] - second[passage]) for passage in both)])
    figures = (Figure("local", "ms", tuple(seconds[0])), Figure("Milvus", "ms", tuple(seconds[1])))
    return Agreement(asked, len(texts), float(np.mean(recalls)), equal / len(texts), worst, figures)


def _search(store: Store, text: str, vector: FloatMatrix, filters: Filters) -> _Found:
    began = perf_counter()
    hits = search(store, text, vector, _FIRST, filters)
    seconds = perf_counter() - began
    return _Found({(hit.chunk.article.id, hit.chunk.position): hit.score for hit in hits}, seconds)


def table(rows: Sequence[Agreement]) -> str:
    """Write one line a way of asking: agreement, and the median time of each engine."""
    lines = ["asked | questions | recall@10 | same ten, same order | worst score | local, ms | Milvus, ms"]
    lines += [
        f"{row.asked} | {row.questions} | {row.recall:.4f} | {row.equal:.4f} | {row.worst_score:.5f} | "
        + " | ".join(f"{one.at(0.5):.1f} ({one.at(0.05):.1f}–{one.at(0.95):.1f})" for one in row.figures)
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.engines", description=__doc__)
    parser.add_argument(
        "--store", type=Path, default=default_store_path(), help="a store that hoidap sync made"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration in TOML")
    parser.add_argument(
        "--questions", type=Path, default=Path("eval/questions.jsonl"), help="(default %(default)s)"
    )
    parser.add_argument("--url", help="a Milvus server (default: Milvus Lite in a file of its own)")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="where the measurements go")
    args = parser.parse_args(arguments)
    encoder = open_encoder(read_config(args.config))
    questions = read_questions(args.questions)
    with tempfile.TemporaryDirectory(prefix="hoidap-engines-") as folder:
        milvus = MilvusAt(args.url or f"{folder}/milvus.db")
        with closing(Store.open(args.store, encoder.name)) as local:
            chunk_tokens = int(local.database.setting("chunk_tokens") or 0)
            copy = Path(folder) / "store"
            Store.create(copy, encoder.name, encoder.dimension, chunk_tokens).close()
            with closing(Store.open(copy, milvus=milvus)) as other:
                began = perf_counter()
                copied = copy_store(local, other)
                built = perf_counter() - began
                local.engine()
                local.settle()
                rows = list(agreements(local, other, questions, encoder))
    sys.stdout.write(f"{copied.chunks} passages, copied and proved in {built:.1f} s\n{table(rows)}")
    if args.out:
        told = {
            "machine": machine(),
            "passages": copied.chunks,
            "built_seconds": built,
            "asked": [asdict(row) for row in rows],
        }
        args.out.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
