"""How sure it must be before something is answered, as a person chooses it."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

Caution: TypeAlias = Literal["bold", "usual", "careful"]
"""``bold`` answers more and errs more often, ``careful`` refuses more."""
CAUTIONS: tuple[Caution, ...] = ("bold", "usual", "careful")
_STEPS: dict[Caution, float] = {"bold": -1.0, "usual": 0.0, "careful": 1.0}


def adjusted_threshold(threshold: float, caution: Caution) -> float:
    """Move a threshold on a probability by a step of 1 in its logit; 0 and 1 stay as they are."""
    if caution == "usual" or not 0 < threshold < 1:
        return threshold
    return 1 / (1 + math.exp(-(math.log(threshold / (1 - threshold)) + _STEPS[caution])))
