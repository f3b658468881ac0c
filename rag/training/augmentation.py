"""Questions as people type them, and how alike two texts are."""

from __future__ import annotations

import random

from index.text.normalise import fold
from rag.training.data import Question

_UNACCENTED, _CARELESS = 0.12, 0.27
_ALONE = 0.3
_MOST_BEFORE = 3
"""Earlier questions that stand before one of a conversation."""


def with_typing_noise(text: str, rng: random.Random) -> str:
    """The text as it is, or without capitals and question mark, or without accents."""
    chance = rng.random()
    if chance < _UNACCENTED:
        text = fold(text)
        return text.rstrip("? ") if rng.random() < 0.5 else text
    if chance < _CARELESS:
        return text.lower().rstrip("? ")
    return text


def in_conversation(question: Question, rng: random.Random) -> str:
    """The question alone or, most times, as it comes in a conversation: after what was asked before it."""
    if not question.earlier or rng.random() < _ALONE:
        return question.text
    return " ".join((*question.earlier[-rng.randint(1, _MOST_BEFORE) :], question.follow_up))


def word_overlap(one: str, other: str) -> int:
    """How many words two texts have in common, accents and capitals aside."""
    return len(set(fold(one).split()) & set(fold(other).split()))
