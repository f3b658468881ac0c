"""Questions as people type them."""

from __future__ import annotations

import random

from index.text.normalise import fold

_UNACCENTED, _CARELESS = 0.12, 0.27


def as_typed(text: str, rng: random.Random) -> str:
    """The text as it is, or without capitals and question mark, or without accents."""
    chance = rng.random()
    if chance < _UNACCENTED:
        text = fold(text)
        return text.rstrip("? ") if rng.random() < 0.5 else text
    if chance < _CARELESS:
        return text.lower().rstrip("? ")
    return text
