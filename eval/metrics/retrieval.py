"""How high the evidence stands in the list of passages.

All take, for each evidence of a question, its rank: the least number of passages to ask for that holds it
(``None``: not retrieved).  All are ``None`` for a question without evidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def recall_at_k(ranks: Sequence[int | None], k: int) -> float | None:
    """Share of the evidence that stands in the first ``k`` passages (Manning et al. 2008, ch. 8)."""
    if not ranks:
        return None
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranks: Sequence[int | None], k: int = 10) -> float | None:
    """One over the rank of the first passage with evidence, 0 below ``k``: MRR@k's term (Voorhees 1999)."""
    if not ranks:
        return None
    first = min((rank for rank in ranks if rank is not None), default=None)
    return 1.0 / first if first is not None and first <= k else 0.0


def ndcg(ranks: Sequence[int | None], k: int = 10) -> float | None:
    """Discounted gain against the best order, binary relevance (Järvelin and Kekäläinen 2002).

    The evidence is the unit, so that overlapping passages gain once; a passage that holds several counts
    as if they stood one below the other, which keeps the value at 1 or below.
    """
    if not ranks:
        return None
    gain, filled = 0.0, 0
    for rank in sorted(rank for rank in ranks if rank is not None):
        filled = max(filled + 1, rank)
        if filled <= k:
            gain += 1.0 / math.log2(filled + 1)
    return gain / sum(1.0 / math.log2(place + 1) for place in range(1, min(len(ranks), k) + 1))
