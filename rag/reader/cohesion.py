"""Which neighbouring syllables belong together: Vietnamese writes its words apart."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

_SYLLABLE = re.compile(r"[^\W\d_]+")
_ENOUGH = 3
_TOGETHER = 0.5


class Cohesion:
    """Normalised pointwise mutual information of neighbouring syllables, counted in texts.

    Bouma, "Normalized (Pointwise) Mutual Information in Collocation Extraction" (2009).
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._singles: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            syllables = _SYLLABLE.findall(text.lower())
            self._singles.update(syllables)
            self._pairs.update(pairwise(syllables))
        self._total = max(1, self._singles.total())

    def cuts_a_word(self, text: str, place: int) -> bool:
        """Whether the syllables before and after ``place`` are likely one word."""
        before = re.search(r"([^\W\d_]+) ?$", text[:place])
        after = re.match(r" ?([^\W\d_]+)", text[place:])
        return bool(before and after and self.strength(before[1], after[1]) >= _TOGETHER)

    def strength(self, first: str, second: str) -> float:
        """From -1 to 1; 0 for a pair that is rarely or never seen."""
        pair = (first.lower(), second.lower())
        count = self._pairs[pair]
        if count < _ENOUGH:
            return 0.0
        chance = count / self._total
        expected = self._singles[pair[0]] * self._singles[pair[1]] / self._total**2
        return math.log(chance / expected) / -math.log(chance)
