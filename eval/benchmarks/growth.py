"""``python -m eval.benchmarks.growth``: what a store costs while it grows, from thousands of passages to a million.

The passages are put together from pieces of real articles, the vectors are mixtures of real ones; they are
written into the database and the search files are made from it, as after a sync.  At each size one article
is added, changed and removed, each until a search finds it so, and questions are asked.  Recall counts, of the
ten nearest of all vectors, those among the ten that the search finds.

With ``--store`` the store is kept in that folder: what was killed goes on where it was, sizes that it has outgrown
are passed over, and one that it has is measured again.  Every size is written to ``--out`` as soon as it is there.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from eval.benchmarks.figures import Figure, clocked, in_milliseconds, side_by_side, timed
from eval.benchmarks.speed.texts import read_texts
from eval.command_options import command_parser, positive, print_text, run_command
from eval.files import write_measurement
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
_CHANGED = 5
_ASIDE = 10**9
"""Numbers from here on belong to passages that are asked with, or added and removed again."""


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


class Passages:
    """Articles of one passage, each put together from pieces of real ones that its number chooses."""

    def __init__(self, articles: Iterable[Article], seed: int) -> None:
        self._seed, self._pieces = seed, list(_pieces(articles))

    def make(self, numbers: Iterable[int]) -> list[_Passage]:
        """Make the passages of these numbers, the same each time."""
        return [self._one(number) for number in numbers]

    def _one(self, number: int) -> _Passage:
        chance = random.Random(f"{self._seed} {number}")
        texts, held = zip(*(chance.choice(self._pieces) for _ in range(_PIECES)), strict=True)
        exact = np.concatenate([postings.exact for postings in held])
        folded = np.concatenate([postings.folded for postings in held])
        name, text = f"{number // 1000:04d}/{number % 1000:03d}.txt", "\n".join(texts)
        return _Passage(Article(name, name, text[:60], text), Terms(exact, folded))


class Mixtures:
    """Vectors made up from real ones: three of them mixed, and some noise, in the cone that the real ones lie in."""

    def __init__(self, real: FloatMatrix, seed: int) -> None:
        self.dimension = real.shape[1]
        self._seed, self._real, self._middle = seed, real, real.mean(axis=0)
        self._length = float(np.linalg.norm(real - self._middle, axis=1).mean())

    def draw(self, count: int, first: int) -> FloatMatrix:
        """Draw so many for the passages from the number ``first`` on, the same each time."""
        chance = np.random.default_rng([self._seed, first])
        chosen = self._real[chance.integers(0, len(self._real), (count, 3))]
        shares = chance.dirichlet([2, 1, 0.5], count).astype(np.float32)
        away = np.einsum("nk,nkd->nd", shares, chosen) - self._middle
        away *= self._length / np.linalg.norm(away, axis=1, keepdims=True)
        noise = chance.standard_normal(away.shape, dtype=np.float32)
        vectors = self._middle + away + noise * np.float32(self._length / 2 / away.shape[1] ** 0.5)
        unit: FloatMatrix = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit


def measure(
    folder: Path, passages: Passages, vectors: Mixtures, sizes: Sequence[int], asked: int
) -> Iterator[Growth]:
    """Grow one store to each of the sizes; those that it is beyond are passed over."""
    with closing(Store.create(folder, "growth", vectors.dimension, 240)) as store:
        for size in sorted(sizes):
            held = store.database.counts().chunks
            if held > size:
                continue
            storing = _grow(store, passages, vectors, range(held, size))
            with store.writing():
                building = _timed("search files of what is new", store.refresh)
            store.settle()
            yield _measured(store, passages, vectors, asked, (*storing, *building))


def _grow(store: Store, passages: Passages, vectors: Mixtures, numbers: range) -> tuple[Figure, ...]:
    """Store the passages of these numbers; tells how long storing took, without making them up."""
    clock = processor = 0.0
    with store.writing(), tqdm(desc=f"{numbers.stop} passages", total=len(numbers), disable=None) as bar:
        for start in range(numbers.start, numbers.stop, _BATCH):
            made = passages.make(range(start, min(start + _BATCH, numbers.stop)))
            drawn = vectors.draw(len(made), start)
            entries = [
                _entry(passage, vector.reshape(1, -1)) for passage, vector in zip(made, drawn, strict=True)
            ]
            _, seconds = clocked(partial(store.database.put, entries))
            clock, processor = clock + seconds[0], processor + seconds[1]
            bar.update(len(made))
    return Figure("storing", "s", (clock,)), Figure("storing, processor time", "s", (processor,))


def _timed(what: str, work: Callable[[], object]) -> tuple[Figure, ...]:
    """Time a piece of work: by the clock, and of the processor."""
    _, (clock, processor) = clocked(work)
    return Figure(what, "s", (clock,)), Figure(f"{what}, processor time", "s", (processor,))


def _measured(
    store: Store, passages: Passages, vectors: Mixtures, asked: int, built: Sequence[Figure]
) -> Growth:
    questions = [_question(passage.article.text) for passage in passages.make(range(_ASIDE, _ASIDE + asked))]
    asked_vectors = vectors.draw(asked, _ASIDE)
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        searched, resident, worker_bytes = alone.submit(
            _searched, store.directory, questions, asked_vectors
        ).result()
    changed = list(_changes(store, passages.make(range(_ASIDE + asked, _ASIDE + asked + _CHANGED)), vectors))
    store.settle()
    return Growth(
        passages=store.database.counts().chunks,
        segments=len(store.snapshot().segments),
        disk_bytes=sum(path.stat().st_size for path in store.directory.rglob("*") if path.is_file()),
        resident_bytes=resident,
        own_bytes=worker_bytes,
        recall=_recall(store, asked_vectors),
        figures=(*built, *searched, *changed),
    )


def _searched(
    directory: Path, questions: Sequence[str], vectors: FloatMatrix
) -> tuple[list[Figure], int, int | None]:
    """Open a store, which is timed too, and ask; the last are the memory taken at most, and without mapped files."""
    with closing(Store.open(directory)) as store:
        figures = [Figure("opening, every byte proved", "s", (timed(store.snapshot),))]
        search(store, questions[0], vectors[0], 10)
        for kind, texts in (("accented", questions), ("unaccented", [fold(text) for text in questions])):
            taken = [
                clocked(partial(search, store, *pair, 10))[1] for pair in zip(texts, vectors, strict=True)
            ]
            clock, processor = zip(*taken, strict=True)
            figures.append(in_milliseconds(f"search, {kind}", clock))
            figures.append(in_milliseconds(f"search, {kind}, processor time", processor))
        return figures, peak_memory() or 0, status_bytes("RssAnon")


def _changes(store: Store, passages: Sequence[_Passage], vectors: Mixtures) -> Iterator[Figure]:
    """Add articles, change and remove each: how long until a search finds it so."""
    taken = [
        _change(store, passage, vectors.draw(1, _ASIDE + place)) for place, passage in enumerate(passages)
    ]
    for name, times in zip(("added", "changed", "removed"), zip(*taken, strict=True), strict=True):
        clock, processor = zip(*times, strict=True)
        yield Figure(f"one article {name} until it is found so", "s", clock)
        yield Figure(f"one article {name}, processor time", "s", processor)


def _change(store: Store, passage: _Passage, vector: FloatMatrix) -> list[tuple[float, float]]:
    """Add an article with a word of its own, change that word, remove the article; seconds for each.

    They are by the clock, and of the processor, in which the merging of segments in the background counts too.
    """
    article = passage.article

    def until(change: Callable[[], None], word: str, wanted: bool) -> tuple[float, float]:
        def found() -> set[str]:
            with store.writing(30):
                change()
                store.refresh()
            return {hit.chunk.article.id for hit in search(store, word, vector[0], 5) if hit.lexical > 0}

        articles, seconds = clocked(found)
        if (article.id in articles) is not wanted:
            raise AssertionError(f"{article.id} is{'' if wanted else ' not'} missing")
        return seconds

    def stored(word: str) -> Callable[[], None]:
        text = f"{article.text} {word}"
        changed = _Passage(replace(article, text=text), terms(text))
        return lambda: store.database.put([_entry(changed, vector)])

    return [
        until(stored("zyxwvuta"), "zyxwvuta", True),
        until(stored("zyxwvutb"), "zyxwvutb", True),
        until(lambda: store.database.remove_file(article.source), "zyxwvutb", False),
    ]


def _recall(store: Store, asked: FloatMatrix) -> float:
    """The share of the ten nearest that is found, compared with a look at every vector."""
    vectors = store.snapshot().vectors
    blocks = (
        segment.vectors[start : start + _BATCH]
        for segment in vectors.segments
        for start in range(0, segment.size, _BATCH)
    )
    # One look for all questions: making numbers of half precision into ones to count with takes longest.
    cosines = np.concatenate([block.astype(np.float32) @ asked.T for block in blocks])
    shares = []
    for vector, column in zip(asked, cosines.T, strict=True):
        nearest = np.argsort(-column)[:_NEIGHBOURS]
        shares.append(np.isin(nearest, vectors.search(vector, _NEIGHBOURS)).sum() / _NEIGHBOURS)
    return float(np.mean(shares))


def _pieces(articles: Iterable[Article]) -> Iterator[tuple[str, Terms]]:
    """Cut articles into pieces of equal length, each with its terms."""
    for article in articles:
        words = article.text.split()
        for start in range(0, len(words) - _PIECE + 1, _PIECE):
            text = " ".join(words[start : start + _PIECE])
            yield text, terms(text)


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
    passages, vectors = Passages(read_texts(args.texts), args.seed), Mixtures(real, args.seed)
    rows: list[Growth] = []
    with ExitStack() as stack:
        folder = args.store or stack.enter_context(tempfile.TemporaryDirectory(prefix="hoidap-growth-"))
        for row in measure(Path(folder), passages, vectors, args.sizes, args.questions):
            rows.append(row)
            sys.stderr.write(table(rows))
            write_measurement(args.out, sizes=rows)
    print_text(table(rows))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    parser = command_parser("eval.benchmarks.growth", __doc__, "out", seed={"default": 7})
    add = parser.add_argument
    add("texts", type=Path, help="a folder of articles, or a .jsonl or .jsonl.gz file")
    add("vectors", type=Path, help="real vectors (n, dimension): the vectors.npy of a segment")
    add("--sizes", type=positive, nargs="+", default=SIZES, help="passages (default %(default)s)")
    add("--store", type=Path, help="keep the store in this folder, or go on with the one in it")
    add("--questions", type=positive, default=60, help="asked at each size (default 60)")
    return run_command(_measure, parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
