"""BM25 over syllables and pairs of syllables, in two fields: as written, and without accents.

The tokens of every chunk are kept as 32-bit hashes in their order.  Candidates come from an inverted list
over the accent-free field, so that a question finds its passages however it is typed; they are then scored
in the field that the question was typed in, since ``má``, ``mà`` and ``ma`` are different words.

Scoring: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), divided
by the score of an imaginary passage that repeats every term for ever, which makes it a share in [0, 1).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.abbreviations import ABBREVIATIONS
from index.postings import Postings
from index.text import fold, has_accents, syllables

Tokens: TypeAlias = NDArray[np.uint32]
Positions: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float32]

K1 = 1.2
B = 0.75
PAIR_WEIGHT = 0.5
"""How much a pair of syllables counts against a single one, both by their own rarity."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The tokens of a text in order: as written and without accents, two arrays of one length."""

    exact: Tokens
    folded: Tokens


@lru_cache(maxsize=65536)
def _hash(token: str) -> int:
    return zlib.crc32(token.encode())


@lru_cache(maxsize=65536)
def _folded(token: str) -> str:
    return fold(token)


@cache
def _full_wordings() -> tuple[dict[tuple[str, ...], tuple[str, ...]], dict[str, int]]:
    """Map the accent-free syllables of each abbreviation to those of its usual full wording.

    Two-letter ones are left as they are: many are words themselves (``ca``, ``tư``).  The second table says
    for a first syllable how many syllables the longest abbreviation has.
    """
    wordings = {
        tuple(fold(part) for part in syllables(short)): tuple(syllables(full[0]))
        for short, full in ABBREVIATIONS.items()
        if len(short) > 2
    }
    longest: dict[str, int] = {}
    for parts in wordings:
        longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
    return wordings, longest


def spell_out(words: Sequence[str]) -> list[str]:
    """Replace abbreviations by their full wording, so that ``UBND`` and ``ủy ban nhân dân`` are the same terms."""
    wordings, longest = _full_wordings()
    folded = [_folded(word) for word in words]
    spelt: list[str] = []
    place = 0
    while place < len(words):
        for length in range(longest.get(folded[place], 0), 0, -1):
            full = wordings.get(tuple(folded[place : place + length]))
            if full is not None:
                spelt.extend(full)
                place += length
                break
        else:
            spelt.append(words[place])
            place += 1
    return spelt


def terms(text: str) -> Terms:
    """Hash the syllables of a normalised text, abbreviations spelt out."""
    words = spell_out(syllables(text))
    return Terms(
        np.array([_hash(word) for word in words], dtype=np.uint32),
        np.array([_hash(_folded(word)) for word in words], dtype=np.uint32),
    )


def _pairs(tokens: Tokens) -> Tokens:
    """Hash each token with its successor; one shorter than ``tokens``."""
    return tokens[:-1] * np.uint32(0x9E3779B1) ^ tokens[1:]


def _rarity(holders: NDArray[np.int64], documents: int) -> NDArray[np.float64]:
    """Inverse document frequency, always positive."""
    return np.log1p((documents - holders + 0.5) / (holders + 0.5))


def _best(scores: Scores, k: int) -> Positions:
    """Find the positions of the ``k`` highest scores above 0, best first, of equal ones the first."""
    groups = 16 * k
    floor = np.float32(0)
    if len(scores) > 2 * groups:
        # The k-th of the groups' highest scores is no more than the k-th of all, and quickly found.
        highest = scores[: len(scores) // groups * groups].reshape(-1, groups).max(axis=0)
        floor = np.partition(highest, groups - k)[groups - k]
    found = np.flatnonzero(scores >= floor if floor > 0 else scores)
    best: Positions = found[np.lexsort((found, -scores[found]))][:k].astype(np.int64)
    return best


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """The tokens of n chunks, addressed by their position 0 … n - 1, and the accent-free inverted lists.

    ``offsets`` (n + 1) cuts ``exact`` and ``folded`` into chunks; ``exact_terms`` with ``exact_holders``
    tells how many chunks hold a term as written.
    """

    offsets: NDArray[np.int64]
    exact: Tokens
    folded: Tokens
    exact_terms: Tokens
    exact_holders: NDArray[np.int64]
    postings: Postings
    norms: NDArray[np.float32]

    @staticmethod
    def build(chunks: Sequence[Terms]) -> LexicalIndex:
        """Index the chunks in the order given."""
        empty = np.zeros(0, dtype=np.uint32)
        lengths = np.array([len(chunk.exact) for chunk in chunks], dtype=np.int64)
        offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        exact = np.concatenate([empty, *(chunk.exact for chunk in chunks)])
        folded = np.concatenate([empty, *(chunk.folded for chunk in chunks)])
        owners = np.repeat(np.arange(len(chunks), dtype=np.int32), lengths)
        inside = owners[:-1] == owners[1:]
        pairs, exact_pairs = _pairs(folded)[inside], _pairs(exact)[inside]
        exact_postings = Postings.build(
            np.concatenate([exact, exact_pairs]), np.concatenate([owners, owners[:-1][inside]])
        )
        average = max(1.0, float(lengths.mean())) if len(chunks) else 1.0
        return LexicalIndex(
            offsets,
            exact,
            folded,
            exact_postings.terms,
            np.diff(exact_postings.starts),
            Postings.build(np.concatenate([folded, pairs]), np.concatenate([owners, owners[:-1][inside]])),
            (K1 * (1 - B + B * lengths / average)).astype(np.float32),
        )

    @property
    def size(self) -> int:
        """Number of chunks."""
        return len(self.offsets) - 1

    def candidates(self, question: str, k: int, allowed: NDArray[np.bool_] | None = None) -> Positions:
        """Find the ``k`` chunks that share the most weighted accent-free terms, best first.

        ``allowed`` (n) leaves out the positions where it is false.
        """
        folded = terms(question).folded
        wanted = np.unique(np.concatenate([folded, _pairs(folded)]))
        lists = self.postings.slices(wanted)
        weights = self._weights(wanted, folded, np.array([where.stop - where.start for where in lists]))
        scores = np.zeros(self.size, dtype=np.float32)
        for where, weight in zip(lists, weights, strict=True):
            positions = self.postings.positions[where]
            # In place and in single precision: the lists of a question hold half a million entries.
            gains = self.postings.counts[where].astype(np.float32)
            gains /= gains + self.norms.take(positions)
            gains *= weight
            scores[positions] += gains
        if allowed is not None:
            scores[~allowed] = 0
        return _best(scores, k)

    def score(self, question: str, positions: Positions) -> Scores:
        """Score the chunks at ``positions``: the share of the question's weighted terms that they hold, [0, 1)."""
        as_written = has_accents(question)
        asked = terms(question)
        tokens = asked.exact if as_written else asked.folded
        wanted, holders = self._holders(np.unique(np.concatenate([tokens, _pairs(tokens)])), as_written)
        if not len(wanted) or not len(positions):
            return np.zeros(len(positions), dtype=np.float32)
        weights = self._weights(wanted, tokens, holders)
        counts = self._counts(wanted, positions, as_written)
        gains = counts / (counts + self.norms[positions][:, None])
        shares: Scores = (gains @ weights / weights.sum()).astype(np.float32)
        return shares

    def _holders(self, wanted: Tokens, as_written: bool) -> tuple[Tokens, NDArray[np.int64]]:
        """Say how many chunks hold each term; a term that none holds weighs as the rarest."""
        if not as_written:
            return wanted, np.array([where.stop - where.start for where in self.postings.slices(wanted)])
        places = np.searchsorted(self.exact_terms, wanted)
        known = np.zeros(len(wanted), dtype=np.int64)
        inside = places < len(self.exact_terms)
        match = np.zeros(len(wanted), dtype=bool)
        match[inside] = self.exact_terms[places[inside]] == wanted[inside]
        known[match] = self.exact_holders[places[match]]
        return wanted, known

    def _weights(self, wanted: Tokens, singles: Tokens, holders: NDArray[np.int64]) -> NDArray[np.float64]:
        """Weigh each term by its rarity; what is not among ``singles`` is a pair."""
        return _rarity(holders, self.size) * np.where(np.isin(wanted, singles), 1.0, PAIR_WEIGHT)

    def _counts(self, wanted: Tokens, positions: Positions, as_written: bool) -> NDArray[np.float64]:
        """Count each wanted term in each chunk, shape (positions, wanted)."""
        field = self.exact if as_written else self.folded
        begins = self.offsets[positions]
        lengths = self.offsets[positions + 1] - begins
        rows = np.repeat(np.arange(len(positions)), lengths)
        tokens = field[np.arange(len(rows)) + np.repeat(begins - (np.cumsum(lengths) - lengths), lengths)]
        inside = rows[:-1] == rows[1:]
        held = np.concatenate([tokens, _pairs(tokens)[inside]])
        rows = np.concatenate([rows, rows[:-1][inside]])
        # Nearly all of them are other terms: a small table of their last bits passes few of those.
        sieve = np.zeros(1 << 16, dtype=bool)
        sieve[wanted & 0xFFFF] = True
        likely = np.flatnonzero(sieve[held & 0xFFFF])
        held, rows = held[likely], rows[likely]
        columns = np.searchsorted(wanted, held)
        columns[columns == len(wanted)] = 0
        match = wanted[columns] == held
        cells = rows[match] * len(wanted) + columns[match]
        counts = np.bincount(cells, minlength=len(positions) * len(wanted))
        return counts.reshape(len(positions), len(wanted)).astype(np.float64)

    def save(self, folder: Path) -> None:
        """Write one ``.npy`` file an array into an existing folder."""
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)

    @staticmethod
    def load(folder: Path) -> LexicalIndex:
        """Map the arrays of ``save`` into memory; the caller has checked the files' hashes."""
        arrays = {
            # Plain arrays over the mapped files: slicing a memmap costs more than reading it.
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
            for name in ARRAY_NAMES
        }
        postings = Postings(*(arrays.pop(f"postings_{name}") for name in Postings.__slots__))
        return LexicalIndex(**arrays, postings=postings)

    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        own = {name: getattr(self, name) for name in LexicalIndex.__slots__ if name != "postings"}
        return own | {f"postings_{name}": getattr(self.postings, name) for name in Postings.__slots__}


ARRAY_NAMES = tuple(name for name in LexicalIndex.__slots__ if name != "postings") + tuple(
    f"postings_{name}" for name in Postings.__slots__
)
