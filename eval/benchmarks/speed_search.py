"""How long a search takes while the store grows, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import NoReturn

import numpy as np
from tqdm import tqdm

from eval.benchmarks.speed_figures import Figure, Part
from eval.benchmarks.speed_store import RandomPassages, fill
from eval.schema import Facts
from index.models.encoder import Encoder
from index.schema import Article
from index.search import CANDIDATES
from index.store.store import Store
from index.text.normalise import fold, normalise
from rag.query.retrieve import Retriever

_PASSAGES = 5
_STAGES = ("restore accents", "encode", "by vectors", "by words", "score", "the rest")


def measure_search(
    folder: Path,
    articles: Iterator[Article],
    encoder: Encoder,
    questions: Sequence[str],
    sizes: Sequence[int],
    chunk_tokens: int,
) -> Part:
    """Grow a store in ``folder`` to each of the ``sizes`` in chunks, and ask all questions at each.

    Every question is asked as it is written and again without accents.
    """
    stand_in = RandomPassages(encoder)
    figures: list[Figure] = []
    held = []
    for size in sorted(sizes):
        store = Store.create(folder, stand_in.name, stand_in.dimension, chunk_tokens)
        have = store.database.counts().chunks
        with tqdm(desc=f"store of {size} chunks", initial=have, total=size, disable=None, leave=False) as bar:
            fill(store, articles, stand_in, size, partial(_advance, bar))
        held.append(store.database.counts().chunks)
        figures += _ask_all(Retriever(store, stand_in), questions, size)
        store.close()
    facts: Facts = {"chunks": "/".join(map(str, held)), "questions": len(questions), "passages": _PASSAGES}
    return Part("search", tuple(figures), facts)


def _advance(bar: tqdm[NoReturn], chunks: int) -> None:
    bar.update(chunks)


def _ask_all(retriever: Retriever, questions: Sequence[str], size: int) -> list[Figure]:
    figures = []
    for kind, asked in (
        ("accented", [normalise(question) for question in questions]),
        ("unaccented", [fold(normalise(question)) for question in questions]),
    ):
        retriever.search(asked[-1], _PASSAGES)
        whole: list[float] = []
        stages: list[Mapping[str, float]] = []
        for question in tqdm(asked, desc=f"{size} chunks, {kind}", disable=None, leave=False):
            began = perf_counter()
            retriever.search(question, _PASSAGES)
            whole.append(perf_counter() - began)
            stages.append(_stages(retriever, question, whole[-1]))
        name = f"{size} chunks, {kind}"
        figures.append(Figure(name, "ms", tuple(1000 * value for value in whole)))
        figures += [
            Figure(f"  {stage}", "ms", tuple(1000 * taken[stage] for taken in stages)) for stage in _STAGES
        ]
    return figures


def _stages(retriever: Retriever, question: str, whole: float) -> Mapping[str, float]:
    """Do the steps of a search again one by one, in seconds; the last is what they leave of the ``whole``.

    That is reading the texts, collapsing and joining, and what the first time costs more than the second.
    """
    snapshot = retriever.store.snapshot()
    clock = [perf_counter()]
    read = retriever.wording(question)
    clock.append(perf_counter())
    vector = retriever.encoder.encode_queries([read])[0]
    clock.append(perf_counter())
    near = snapshot.vectors.search(vector, CANDIDATES)
    clock.append(perf_counter())
    worded = snapshot.lexical.candidates(read, CANDIDATES)
    clock.append(perf_counter())
    both = np.union1d(near, worded).astype(np.int64)
    snapshot.vectors.cosines(vector, both)
    snapshot.lexical.score(read, both)
    clock.append(perf_counter())
    taken = [after - before for before, after in pairwise(clock)]
    return dict(zip(_STAGES, [*taken, whole - sum(taken)], strict=True))
