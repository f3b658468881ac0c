"""The terms of a text: its syllables as 32-bit hashes in their order, as written and without accents."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.text.abbreviations import ABBREVIATIONS
from index.text.normalise import fold, syllables

Tokens: TypeAlias = NDArray[np.uint32]


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


def expand_abbreviations(words: Sequence[str]) -> list[str]:
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
    return terms_of(expand_abbreviations(syllables(text)))


def terms_of(words: Sequence[str]) -> Terms:
    """Hash syllables that are in the form of ``syllables``."""
    return Terms(
        np.array([_hash(word) for word in words], dtype=np.uint32),
        np.array([_hash(_folded(word)) for word in words], dtype=np.uint32),
    )


def pairs(tokens: Tokens) -> Tokens:
    """Hash each token with its successor; one shorter than ``tokens``."""
    return tokens[:-1] * np.uint32(0x9E3779B1) ^ tokens[1:]
