"""How well a score tells two groups apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def roc_area(
    higher: Sequence[float] | NDArray[np.float64], lower: Sequence[float] | NDArray[np.float64]
) -> float | None:
    """How often a score of the group that should score higher beats one of the other, a tie counting half.

    The area under the ROC curve (Hanley and McNeil 1982), in [0, 1], 0.5 by chance; ``None`` without one of each.
    """
    if not len(higher) or not len(lower):
        return None
    ordered = np.sort(np.asarray(lower, dtype=np.float64))
    beaten = np.searchsorted(ordered, higher, side="left")
    reached = np.searchsorted(ordered, higher, side="right")
    return float((beaten + reached).mean() / (2 * len(ordered)))
