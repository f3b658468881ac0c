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


@dataclass(frozen=True, slots=True)
class _Postings:
    """For each of ``terms`` (sorted): the positions that hold it and how often, ``starts[i]:starts[i + 1]``."""

    terms: Tokens
    starts: NDArray[np.int64]
    positions: NDArray[np.int32]
    counts: NDArray[np.uint16]

    @staticmethod
    def build(terms: Tokens, positions: NDArray[np.int32]) -> _Postings:
        keys = terms.astype(np.uint64) << np.uint64(32) | positions.astype(np.uint64)
        keys, counts = np.unique(keys, return_counts=True)
        unique, starts = np.unique((keys >> np.uint64(32)).astype(np.uint32), return_index=True)
        return _Postings(
            unique,
            np.append(starts, len(keys)).astype(np.int64),
            (keys & np.uint64(0xFFFFFFFF)).astype(np.int32),
            np.minimum(counts, 65535).astype(np.uint16),
        )

    def slices(self, wanted: Tokens) -> list[slice]:
        """Where the lists of ``wanted`` lie; an empty slice for a term that no chunk holds."""
        places = np.searchsorted(self.terms, wanted)
        found = []
        for term, place in zip(wanted, places, strict=True):
            known = place < len(self.terms) and self.terms[place] == term
            found.append(slice(self.starts[place], self.starts[place + 1]) if known else slice(0, 0))
        return found


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
    postings: _Postings
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
        exact_postings = _Postings.build(
            np.concatenate([exact, exact_pairs]), np.concatenate([owners, owners[:-1][inside]])
        )
        average = max(1.0, float(lengths.mean())) if len(chunks) else 1.0
        return LexicalIndex(
            offsets,
            exact,
            folded,
            exact_postings.terms,
            np.diff(exact_postings.starts),
            _Postings.build(np.concatenate([folded, pairs]), np.concatenate([owners, owners[:-1][inside]])),
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
        scores = np.zeros(self.size, dtype=np.float32)
        single = set(folded.tolist())
        for term, where in zip(wanted, self.postings.slices(wanted), strict=True):
            positions = self.postings.positions[where]
            counts = self.postings.counts[where]
            weight = _rarity(np.array(len(positions)), self.size) * (
                1 if int(term) in single else PAIR_WEIGHT
            )
            scores[positions] += weight * counts / (counts + self.norms[positions])
        if allowed is not None:
            scores[~allowed] = 0
        count = min(k, int(np.count_nonzero(scores)))
        if count == 0:
            return np.zeros(0, dtype=np.int64)
        best = np.argpartition(-scores, count - 1)[:count]
        return best[np.lexsort((best, -scores[best]))].astype(np.int64)

    def score(self, question: str, positions: Positions) -> Scores:
        """Score the chunks at ``positions``: the share of the question's weighted terms that they hold, [0, 1)."""
        as_written = has_accents(question)
        asked = terms(question)
        tokens = asked.exact if as_written else asked.folded
        wanted, holders = self._holders(np.unique(np.concatenate([tokens, _pairs(tokens)])), as_written)
        if not len(wanted) or not len(positions):
            return np.zeros(len(positions), dtype=np.float32)
        weights = _rarity(holders, self.size) * np.where(np.isin(wanted, tokens), 1.0, PAIR_WEIGHT)
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

    def _counts(self, wanted: Tokens, positions: Positions, as_written: bool) -> NDArray[np.float64]:
        """Count each wanted term in each chunk, shape (positions, wanted)."""
        field = self.exact if as_written else self.folded
        counts = np.zeros((len(positions), len(wanted)))
        for row, position in enumerate(positions):
            tokens = field[self.offsets[position] : self.offsets[position + 1]]
            held = np.concatenate([tokens, _pairs(tokens)])
            places = np.searchsorted(wanted, held)
            places[places == len(wanted)] = 0
            np.add.at(counts[row], places[wanted[places] == held], 1)
        return counts

    def save(self, folder: Path) -> None:
        """Write one ``.npy`` file an array into an existing folder."""
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)

    @staticmethod
    def load(folder: Path) -> LexicalIndex:
        """Map the arrays of ``save`` into memory; the caller has checked the files' hashes."""
        arrays = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAY_NAMES
        }
        postings = _Postings(*(arrays.pop(f"postings_{name}") for name in _Postings.__slots__))
        return LexicalIndex(**arrays, postings=postings)

    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        own = {name: getattr(self, name) for name in LexicalIndex.__slots__ if name != "postings"}
        return own | {f"postings_{name}": getattr(self.postings, name) for name in _Postings.__slots__}


ARRAY_NAMES = tuple(name for name in LexicalIndex.__slots__ if name != "postings") + tuple(
    f"postings_{name}" for name in _Postings.__slots__
)
