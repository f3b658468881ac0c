"""A claim beside the sentences of an article: which of its values and persons stand there otherwise, or nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.text.normalise import fold, syllables
from rag.proof.comparable_parts import (
    ComparablePart,
    comparable_parts,
    context_similarity,
    inverse_document_frequencies,
)

MIN_SIMILARITY = 0.2
"""Likeness from which a piece stands in the place of one that the article does not tell."""
SIMILARITY_MARGIN = 0.2
"""How much liker a piece must be than the same one elsewhere, to say that the claim mixes them up."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A piece of the claim, and what stands in its place in the sentence of that number."""

    claimed: ComparablePart
    stated: ComparablePart
    sentence: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``unsupported`` are pieces that the article neither tells nor tells otherwise."""

    differences: tuple[Difference, ...]
    unsupported: tuple[ComparablePart, ...]


def compare(claim: str, heading: str, sentences: Sequence[str]) -> Comparison:
    """Look for each value and person of a normalised claim in the sentences of an article, and in its heading."""
    weights = inverse_document_frequencies([claim, *sentences])
    stated = [
        (piece, number) for number, sentence in enumerate(sentences) for piece in comparable_parts(sentence)
    ]
    related = [weighted_overlap(claim, sentence, weights) for sentence in sentences]
    in_heading = comparable_parts(heading)
    # A number in words is not known for one wherever it stands: “Hai thí sinh” begins a sentence.
    claimed = [
        one
        for one in comparable_parts(claim)
        if one.value is None or any(char.isdigit() for char in one.words)
    ]
    differences, unsupported = [], []
    for one in claimed:
        rated = [(context_similarity(one, other, weights) * (1 + related[number]) / 2, other, number)
                 for other, number in stated if one.same(other) or one.comparable(other)]  # fmt: skip
        same = max((rate for rate, other, _ in rated if one.same(other)), default=None)
        if same is None and any(one.same(other) for other in in_heading):
            continue
        # What the claim says elsewhere stands in the place of this one only where both are mixed up.
        others = [
            entry for entry in rated
            if not one.same(entry[1]) and (same is not None or not any(each.same(entry[1]) for each in claimed))
        ]  # fmt: skip
        best = max(others, key=lambda entry: entry[0], default=None)
        if best is not None and best[0] >= (MIN_SIMILARITY if same is None else same + SIMILARITY_MARGIN):
            differences.append(Difference(one, *best[1:]))
        elif same is None:
            unsupported.append(one)
    return Comparison(tuple(differences), tuple(unsupported))


def weighted_overlap(claim: str, text: str, weights: Mapping[str, float]) -> float:
    """The share, in [0, 1], of the claim's words that a text has, accents aside; rare words count more."""
    wanted = set(map(fold, syllables(claim)))
    held = set(map(fold, syllables(text)))
    whole = sum(weights.get(word, 1.0) for word in wanted)
    return sum(weights.get(word, 1.0) for word in wanted & held) / whole if whole else 0.0
