"""``python -m eval.benchmarks.growth``: what a store costs while it grows, from thousands of passages to a million.

The passages are put together from pieces of real articles, the vectors are mixtures of real ones; they are
written into the database and the search files are made from it, as after a sync.  At each size one article
is added, changed and removed, each until a search finds it so, and questions are asked.  Recall counts, of the
ten nearest of all vectors, those among the ten that the search finds.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval.benchmarks.figures import Figure, in_milliseconds, side_by_side, timed
from eval.benchmarks.speed.texts import read_texts
from eval.command_options import carry_out, command_parser, positive, print_text
from eval.files import keep_measured
from eval.provenance import peak_memory, status_bytes
from eval.report.tables import align
from index.schema import Article, Chunk, FloatMatrix
from index.search import search
from index.store.database.records import Entry
from index.store.store import Store
from index.text.normalise import fold
from index.text.terms import Terms, terms

SIZES = (10_000, 100_000, 1_000_000)
_BATCH = 4_000
_PIECE, _PIECES = 30, 6
"""Syllables of a piece, and pieces of a passage: those of a newspaper have 180 syllables."""
_NEIGHBOURS = 10


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured at one size; ``resident_bytes`` is the most memory of a process that only searches.

    It counts what the process has touched of mapped files, which the system takes back when it needs the memory;
    ``own_bytes`` is what it held without them after the last search, ``None`` where the system does not tell.
    """

    passages: int
    segments: int
    disk_bytes: int
    resident_bytes: int
    own_bytes: int | None
    recall: float
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class _Passage:
    """An article of one passage, and its terms."""

    article: Article
    terms: Terms


class Mixtures:
    """Vectors made up from real ones: three of them mixed, and some noise, in the cone that the real ones lie in."""

    def __init__(self, real: FloatMatrix, seed: int) -> None:
        self._real, self._middle = real, real.mean(axis=0)
        self._length = float(np.linalg.norm(real - self._middle, axis=1).mean())
        self._chance = np.random.default_rng(seed)

    def draw(self, count: int) -> FloatMatrix:
        """Draw so many."""
        chance = self._chance
        chosen = self._real[chance.integers(0, len(self._real), (count, 3))]
        shares = chance.dirichlet([2, 1, 0.5], count).astype(np.float32)
        away = np.einsum("nk,nkd->nd", shares, chosen) - self._middle
        away *= self._length / np.linalg.norm(away, axis=1, keepdims=True)
        noise = chance.standard_normal(away.shape).astype(np.float32)
        vectors = self._middle + away + noise * (self._length / 2 / away.shape[1] ** 0.5)
        unit: FloatMatrix = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit


def measure(
    folder: Path,
    passages: Iterator[_Passage],
    vectors: Mixtures,
    dimension: int,
    sizes: Sequence[int],
    asked: int,
) -> Iterator[Growth]:
    """Grow one store to each of the sizes."""
    with closing(Store.create(folder, "growth", dimension, 240)) as store:
        for size in sorted(sizes):
            missing = size - store.database.counts().chunks
            with store.writing(), tqdm(desc=f"{size} passages", total=missing, disable=None) as bar:
                for start in range(0, missing, _BATCH):
                    _put(store, list(islice(passages, min(_BATCH, missing - start))), vectors)
                    bar.update(_BATCH)
                built = timed(store.refresh)
            store.settle()
            yield _measured(store, passages, vectors, asked, built)


def _measured(
    store: Store, passages: Iterator[_Passage], vectors: Mixtures, asked: int, built: float
) -> Growth:
    questions = [_question(passage.article.text) for passage in islice(passages, asked)]
    asked_vectors = vectors.draw(asked)
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        searched, resident, own = alone.submit(_searched, store.directory, questions, asked_vectors).result()
    changes = [_changes(store, next(passages), vectors) for _ in range(5)]
    changed = [
        Figure(f"one article {name} until it is found so", "s", taken)
        for name, taken in zip(("added", "changed", "removed"), zip(*changes, strict=True), strict=True)
    ]
    store.settle()
    return Growth(
        passages=store.database.counts().chunks,
        segments=len(store.snapshot().segments),
        disk_bytes=sum(path.stat().st_size for path in store.directory.rglob("*") if path.is_file()),
        resident_bytes=resident,
        own_bytes=own,
        recall=_recall(store, asked_vectors),
        figures=(Figure("search files of what is new", "s", (built,)), *searched, *changed),
    )


def _searched(
    directory: Path, questions: Sequence[str], vectors: FloatMatrix
) -> tuple[list[Figure], int, int | None]:
    """Open a store, which is timed too, and ask; the last are the memory taken at most, and without mapped files."""
    with closing(Store.open(directory)) as store:
        figures = [Figure("opening, every byte proved", "s", (timed(store.snapshot),))]
        search(store, questions[0], vectors[0], 10)
        for kind, texts in (("accented", questions), ("unaccented", [fold(text) for text in questions])):
            taken = [_search_times(store, *pair) for pair in zip(texts, vectors, strict=True)]
            clock, processor = zip(*taken, strict=True)
            figures.append(in_milliseconds(f"search, {kind}", clock))
            figures.append(in_milliseconds(f"search, {kind}, processor time", processor))
        return figures, peak_memory() or 0, status_bytes("RssAnon")


def _search_times(store: Store, question: str, vector: NDArray[np.float32]) -> tuple[float, float]:
    """Seconds that a search takes: by the clock, and of the processor, which other programs do not lengthen."""
    began, used = time.perf_counter(), time.process_time()
    search(store, question, vector, 10)
    return time.perf_counter() - began, time.process_time() - used


def _changes(store: Store, passage: _Passage, vectors: Mixtures) -> tuple[float, float, float]:
    """Add an article with a word of its own, change that word, remove the article; seconds for each."""
    vector, article = vectors.draw(1), passage.article

    def until(change: Callable[[], None], word: str, wanted: bool) -> float:
        began = time.perf_counter()
        with store.writing(30):
            change()
            store.refresh()
        found = {hit.chunk.article.id for hit in search(store, word, vector[0], 5) if hit.lexical > 0}
        if (article.id in found) is not wanted:
            raise AssertionError(f"{article.id} is{'' if wanted else ' not'} missing")
        return time.perf_counter() - began

    def stored(word: str) -> Callable[[], None]:
        text = f"{article.text} {word}"
        changed = _Passage(replace(article, text=text), terms(text))
        return lambda: store.database.put([_entry(changed, vector)])

    return (
        until(stored("zyxwvuta"), "zyxwvuta", True),
        until(stored("zyxwvutb"), "zyxwvutb", True),
        until(lambda: store.database.remove_file(article.source), "zyxwvutb", False),
    )


def _recall(store: Store, asked: FloatMatrix) -> float:
    """The share of the ten nearest that is found, compared with a look at every vector."""
    vectors, size = store.snapshot().vectors, len(store.snapshot().numbers)
    shares = []
    for vector in asked:
        blocks = (np.arange(start, min(start + _BATCH, size)) for start in range(0, size, _BATCH))
        cosines = np.concatenate([vectors.cosines(vector, block) for block in blocks])
        nearest = np.argsort(-cosines)[:_NEIGHBOURS]
        shares.append(np.isin(nearest, vectors.search(vector, _NEIGHBOURS)).sum() / _NEIGHBOURS)
    return float(np.mean(shares))


def _passages(articles: Iterable[Article], seed: int) -> Iterator[_Passage]:
    """Put pieces of articles together, without end, as many as make a passage of usual length."""
    pieces = []
    for article in articles:
        words = article.text.split()
        for start in range(0, len(words) - _PIECE + 1, _PIECE):
            text = " ".join(words[start : start + _PIECE])
            pieces.append((text, terms(text)))
    chance = random.Random(seed)
    for number in count():
        texts, held = zip(*(chance.choice(pieces) for _ in range(_PIECES)), strict=True)
        exact = np.concatenate([one.exact for one in held])
        folded = np.concatenate([one.folded for one in held])
        name, text = f"{number // 1000:04d}/{number % 1000:03d}.txt", "\n".join(texts)
        yield _Passage(Article(name, name, text[:60], text), Terms(exact, folded))


def _put(store: Store, passages: Sequence[_Passage], vectors: Mixtures) -> None:
    drawn = vectors.draw(len(passages))
    store.database.put(
        _entry(passage, vector.reshape(1, -1)) for passage, vector in zip(passages, drawn, strict=True)
    )


def _entry(passage: _Passage, vectors: NDArray[np.float32]) -> Entry:
    article = passage.article
    chunk = Chunk(article, 0, 0, len(article.text))
    return Entry(article, article.source, article.id, [chunk], vectors, [passage.terms])


def _question(text: str) -> str:
    """Twelve words that stand together: as long as a question, its frequent and its rare words."""
    words = text.split()
    start = len(words) // 3
    return " ".join(words[start : start + 12])


def table(rows: Sequence[Growth]) -> str:
    """Write one line a figure, the sizes beside each other."""
    lines = [
        ["passages", *(f"{row.passages:,}" for row in rows)],
        ["segments", *(str(row.segments) for row in rows)],
        ["disk, GB", *(f"{row.disk_bytes / 1e9:.2f}" for row in rows)],
        ["memory with mapped files, GB", *(f"{row.resident_bytes / 1e9:.2f}" for row in rows)],
        ["memory without, GB", *(f"{(row.own_bytes or 0) / 1e9:.2f}" for row in rows)],
        ["recall@10", *(f"{row.recall:.4f}" for row in rows)],
    ]
    for figures in zip(*(row.figures for row in rows), strict=True):
        lines.append([f"{figures[0].what}, {figures[0].unit}", *side_by_side(figures)])
    return align(lines)


def _measure(args: argparse.Namespace) -> None:
    real = np.load(args.vectors).astype(np.float32)
    passages, vectors = _passages(read_texts(args.texts), args.seed), Mixtures(real, args.seed)
    rows: list[Growth] = []
    with tempfile.TemporaryDirectory(prefix="hoidap-growth-") as folder:
        for row in measure(Path(folder), passages, vectors, real.shape[1], args.sizes, args.questions):
            rows.append(row)
            sys.stderr.write(table(rows))
    print_text(table(rows))
    keep_measured(args.out, sizes=rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = command_parser("eval.benchmarks.growth", __doc__, "out", seed={"default": 7})
    add = parser.add_argument
    add("texts", type=Path, help="a folder of articles, or a .jsonl or .jsonl.gz file")
    add("vectors", type=Path, help="real vectors (n, dimension): the vectors.npy of a segment")
    add("--sizes", type=positive, nargs="+", default=SIZES, help="passages (default %(default)s)")
    add("--questions", type=positive, default=60, help="asked at each size (default 60)")
    return carry_out(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
