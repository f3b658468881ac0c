"""How long a search takes while the store grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from eval.benchmarks.figures import Figure, Part, in_milliseconds, timed
from eval.benchmarks.speed.store import RandomPassages, fill
from eval.command_options import bar
from index.encoding.encoder import Encoder
from index.schema import Article
from index.store.store import Store
from index.text.normalise import fold, normalise
from rag.query.message_kind import TrainedMessageClassifier, load_weights
from rag.retrieval.retrieve import Retriever

_PASSAGES = 5


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
            Retriever(store, stand_in, TrainedMessageClassifier(stand_in, load_weights())), questions, size
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
        yield in_milliseconds(
            name, [timed(partial(retriever.search, text, _PASSAGES)) for text in bar(asked, name)]
        )
