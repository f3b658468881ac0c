"""Whether the citations carry the answer: ALCE's citation recall and precision (Gao et al. 2023, section 4).

A claim is a sentence of the answer with the texts that it cites.  ALCE's entailment model is replaced by
``eval.metrics.support.supports``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.metrics.support import supports


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer and the cited texts, one for each citation of the sentence."""

    sentence: str
    cited: tuple[str, ...]


def is_supported(claim: Claim) -> bool:
    """Whether what the sentence cites, taken together, supports it; without a citation it does not."""
    return bool(claim.cited) and supports("\n".join(claim.cited), claim.sentence)


def citation_recall(claims: Sequence[Claim]) -> float | None:
    """Share of sentences that their citations together support; ``None`` when nothing was said."""
    if not claims:
        return None
    return sum(map(is_supported, claims)) / len(claims)


def citation_precision(claims: Sequence[Claim]) -> float | None:
    """Share of citations that are needed; ``None`` when nothing was cited.

    A citation is needed when its sentence is supported and either it supports the sentence alone or the
    sentence's other citations do not.
    """
    needed = [is_needed(claim, place) for claim in claims for place in range(len(claim.cited))]
    return sum(needed) / len(needed) if needed else None


def is_needed(claim: Claim, place: int) -> bool:
    """Whether the citation at this place of a claim is not one that could be left out (ALCE's "irrelevant")."""
    if not is_supported(claim):
        return False
    others = claim.cited[:place] + claim.cited[place + 1 :]
    return supports(claim.cited[place], claim.sentence) or not supports("\n".join(others), claim.sentence)


def unsupported_sentences(sentences: Sequence[str], passages: Sequence[str]) -> int:
    """How many sentences no passage supports, whether they cite it or not; all, when there is no passage."""
    return sum(not any(supports(passage, sentence) for passage in passages) for sentence in sentences)
