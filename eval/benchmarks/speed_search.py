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

from eval.benchmarks.figures import Figure, Part, in_milliseconds, timed
from eval.benchmarks.speed_store import RandomPassages, fill
from eval.command import bar
from index.models.encoder import Encoder
from index.schema import Article
from index.search import CANDIDATES
from index.store.store import Store
from index.text.normalise import fold, normalise
from rag.query.messages import TrainedMessages, load_weights
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
        with tqdm(
            desc=f"store of {size} chunks", initial=have, total=size, disable=None, leave=False
        ) as grown:
            fill(store, articles, stand_in, size, partial(_advance, grown))
        held.append(store.database.counts().chunks)
        figures += _ask_all(
            Retriever(store, stand_in, TrainedMessages(stand_in, load_weights())), questions, size
        )
        store.close()
    chunks = "/".join(map(str, held))
    return Part(
        "search", tuple(figures), {"chunks": chunks, "questions": len(questions), "passages": _PASSAGES}
    )


def _advance(grown: tqdm[NoReturn], chunks: int) -> None:
    grown.update(chunks)


def _ask_all(retriever: Retriever, questions: Sequence[str], size: int) -> Iterator[Figure]:
    accented = [normalise(question) for question in questions]
    for kind, asked in (("accented", accented), ("unaccented", [fold(question) for question in accented])):
        name = f"{size} chunks, {kind}"
        retriever.search(asked[-1], _PASSAGES)
        whole: list[float] = []
        stages: list[Mapping[str, float]] = []
        for question in bar(asked, name):
            whole.append(timed(partial(retriever.search, question, _PASSAGES)))
            stages.append(_stages(retriever, question, whole[-1]))
        yield in_milliseconds(name, whole)
        for stage in _STAGES:
            yield in_milliseconds(f"  {stage}", [taken[stage] for taken in stages])


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
